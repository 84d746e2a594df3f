r"""The bath around the neurons: receptor agonists, antagonists, TTX and drugs.

.. math::
    \dot C = (C_{applied} - C)/\tau_{exchange}

One concentration for all neurons, or one for each where a config applies an agent somewhere only
(:mod:`unshielded.engine.places`). ``*_applied`` follows the ``bath`` section of a config.
"""

from unshielded.mechanism import Mechanism, Parameter

#: Name of an agent in a config → its stem: ``<stem>_bath`` is its concentration.
AGENTS = {
    "glutamate": "glutamate",
    "NMDA": "nmda",
    "AMPA": "ampa",
    "kainate": "kainate",
    "APV": "apv",
    "MK-801": "mk801",
    "NBQX": "nbqx",
    "TTX": "ttx",
    "riluzole": "riluzole",
    "retigabine": "retigabine",
    "diazepam": "diazepam",
    "ceftriaxone": "ceftriaxone",
    "lipid precursor": "lipid_precursor",
    "perampanel": "perampanel",
    "NASPM": "naspm",
    "memantine": "memantine",
    "bicuculline": "bicuculline",
    "gabazine": "gabazine",
    "strychnine": "strychnine",
    "muscimol": "muscimol",
    "baclofen": "baclofen",
    "tiagabine": "tiagabine",
    "4-AP": "aminopyridine",
    "nimodipine": "nimodipine",
    "cadmium": "cadmium",
    "PDC": "pdc",
    "TBOA": "tboa",
    "dihydrokainate": "dihydrokainate",
}

bath = Mechanism(
    name="bath",
    equations="\n".join(
        f"""
        d{stem}_bath/dt = ({stem}_applied - {stem}_bath)/bath_exchange_time : mmolar (shared)
        {stem}_applied : mmolar (shared)
        """
        for stem in AGENTS.values()
    ),
    parameters=(
        Parameter(
            "bath_exchange_time", 5.0, "s", "exchange of the bath, on application and on washout",
            "assumed", rationale="a perfused chamber exchanges within seconds", low=0.02,
            high=1e4,
            scales="fixed",  # flow of the bath
        ),
    ),
    provides={f"{stem}_bath": "mM" for stem in AGENTS.values()},
)  # fmt: skip
