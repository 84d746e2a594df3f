r"""Calpain: proteases that calcium activates, and what they have cut.

.. math::
    a = (1 - b)\,\frac{c^n}{c^n + K^n}, \qquad
    \frac{dP}{dt} = \frac{a}{\tau_P} - \frac{(1 - a)\,P}{\tau_r}

:math:`P` is the proteolysis that a neuron has suffered, 1 when it dies of it; :math:`b` is the block by an
inhibitor. It needs no energy and acts over hours of raised calcium, far below what opens the pores.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter, Recorded

calpain = Mechanism(
    name="calpain",
    q10=Q10(2.2, "assumed", "Michenfelder1992", "enzymes, taken as other metabolism: 2.2"),
    equations="""
    calpain_left = calpain_inhibition/(calpain_inhibition + calpain_inhibitor_bath) : 1
    calpain_activity = calpain_left*hill(calcium/calpain_constant, 3) : 1
    dproteolysis/dt = calpain_activity/proteolysis_time - (1 - calpain_activity)*proteolysis/proteolysis_recovery : 1
    """,
    parameters=(
        Parameter(
            "calpain_constant", 2.1, "uM", "calcium for half activity of calpain", "fitted",
            source="Goll2003", rationale="calibrated; 3–50 µM for calpain-1 in the test tube, less beside "
            "phospholipids and after autolysis", low=0.05, high=1e3,
        ),
        Parameter(
            "proteolysis_time", 2.1, "hour", "death at full activity", "fitted",
            source="Sugiyama2017", rationale="calibrated; spectrin is cut within an hour or two of an excitotoxic "
            "exposure", low=1e-4, high=1e4,
        ),
        Parameter(
            "proteolysis_recovery", 24.0, "hour", "replacement of what was cut", "assumed",
            rationale="cytoskeletal proteins turn over within days; calpastatin restores control "
            "within hours", low=1e-3, high=1e5,
        ),
        Parameter(
            "calpain_inhibition", 1.0, "uM", "calpain inhibitor for half inhibition in cells",
            "assumed", rationale="calpeptin and MDL-28170 protect cells at 1–20 µM", low=1e-4,
            high=1e3,
        ),
    ),
    requires={"calcium": "mM", "calpain_inhibitor_bath": "mM"},
    provides={"proteolysis": ""},
    records=(Recorded("proteolysis", "", "proteolysis by calpain; death at 1"),),
)  # fmt: skip
