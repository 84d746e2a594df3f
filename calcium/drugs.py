r"""Drugs that act inside the cell: what the perfusing solution brings in.

.. math::
    \dot C = (C_{applied} - C)/\tau_{entry}, \qquad
    \dot B = k_{load}\,[\mathrm{BAPTA\,AM}] - B/\tau_{loss}

One concentration for all cells, or one for each where a config applies a drug to some cells only
(:mod:`unshielded.engine.places`). ``*_applied`` follows the ``bath`` section of a config. What a
drug does is written in the mechanism that it acts on. The ester of BAPTA is cleaved inside and
trapped, so the chelator (:mod:`unshielded.calcium.cytosol.chelator`) builds up while the ester is applied.
Creatine accumulates over hours (:mod:`unshielded.calcium.energy.creatine_kinase`).
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

#: Name of an agent in a config → its stem: ``<stem>_bath`` is its concentration.
AGENTS = {
    "oligomycin": "oligomycin",
    "FCCP": "fccp",
    "cyclosporin A": "cyclosporin",
    "Ru360": "ru360",
    "BAPTA-AM": "bapta",
    "beta-hydroxybutyrate": "hydroxybutyrate",
    "edaravone": "edaravone",
    "olesoxime": "olesoxime",
    "glutathione ester": "glutathione_ester",
    "ascorbate": "ascorbate",
    "glucose": "glucose",
    "lactate": "lactate",
    "pyruvate": "pyruvate",
    "creatine": "creatine",
    "cyanide": "cyanide",
    "calpain inhibitor": "calpain_inhibitor",
}

drugs = Mechanism(
    name="drugs",
    q10=Q10(2.2, "assumed", "Michenfelder1992", "esterases and anion carriers, taken as other metabolism: 2.2"),
    equations="\n".join(
        f"""
        d{stem}_bath/dt = ({stem}_applied - {stem}_bath)/drug_entry_time : mmolar (shared)
        {stem}_applied : mmolar (shared)
        """
        for stem in AGENTS.values()
    )
    + """
    dchelator/dt = chelator_loading_rate*bapta_bath - chelator/chelator_loss_time : mmolar (shared)
    dadded_creatine/dt = (creatine_accumulation*creatine_bath - added_creatine)/creatine_loading_time : mmolar (shared)
    """,
    parameters=(
        Parameter(
            "drug_entry_time", 30.0, "s", "entry of drugs into the cell, and their washout",
            "assumed", rationale="membrane-permeant drugs act within tens of seconds", low=0.1,
            high=1e5,
            scales="fixed",  # perfusion and permeation, not kinetics
        ),
        Parameter(
            "chelator_loading_rate", 0.03, "1/s", "chelator trapped inside per ester outside",
            "assumed", rationale="10 µM of the ester load several hundred µM within half an hour",
            low=0.0, high=10.0,
        ),
        Parameter(
            "chelator_loss_time", 7200.0, "s", "loss of the trapped chelator", "assumed",
            rationale="loaded cells stay buffered for hours", low=10.0, high=1e9,
        ),
        Parameter(
            "creatine_accumulation", 1.0, "", "creatine added inside over creatine outside, in the end",
            "assumed", rationale="5 mM in the medium raises phosphocreatine of cultured neurons and slices "
            "about twofold", low=0.0, high=100.0,
        ),
        Parameter(
            "creatine_loading_time", 2.0, "hour", "uptake of creatine, and its loss", "assumed",
            rationale="slices load within two hours", low=0.01, high=1e4,
        ),
    ),
    provides={**{f"{stem}_bath": "mM" for stem in AGENTS.values()}, "chelator": "mM", "added_creatine": "mM"},
)  # fmt: skip
