r"""TDP-43 out of place: more load and less clean-up, together.

.. math::
    \tau\,\dot x = (\mu + \alpha\,g + \beta\,(P - 1)_+)\,(1 - x) - e\,x, \qquad
    S \mathrel{+}= \lambda\,x, \qquad c \mathrel{\times}= 1 - \kappa\,x

:math:`x` is the share of TDP-43 that has left the nucleus, beyond that of a healthy cell; stress granules
:math:`g` and misfolded load :math:`P` hold it in the cytosol, a mutation may (:math:`\mu`), and import
takes energy (:math:`e`). There it aggregates (:math:`\lambda`: load, demand), and is missing where it
splices the messages of autophagy (:math:`\kappa`: clean-up, supply). Either sign is switched off by its
parameter at 0.
"""

from unshielded.mechanism import Mechanism, Parameter, Recorded

tdp43 = Mechanism(
    name="tdp43",
    equations="""
    tdp43_export = tdp43_mutation + tdp43_by_granules*stress_granules + tdp43_by_load*clip(misfolded_load - 1, 0, inf) : 1
    dtdp43_mislocalised/dt = (tdp43_export*(1 - tdp43_mislocalised) - upkeep_fraction*tdp43_mislocalised)/tdp43_time : 1
    tdp43_function = 1 - tdp43_protein_clearance_loss*tdp43_mislocalised : 1
    """,
    parameters=(
        Parameter(
            "tdp43_mutation", 0.0, "", "export by a mutation, over import", "assumed",
            rationale="0 is none; a condition of variants", per_cell=True, low=0.0, high=100.0,
        ),
        Parameter(
            "tdp43_by_granules", 0.5, "", "export with everything in stress granules, over import",
            "assumed", rationale="TDP-43 is recruited to granules, not all of it and not in every "
            "stress", per_cell=True, low=0.0, high=100.0,
        ),
        Parameter(
            "tdp43_by_load", 0.02, "", "export per misfolded load above rest, over import",
            "assumed", rationale="fifty times the healthy load leaves half of it in the cytosol",
            per_cell=True, low=0.0, high=100.0,
        ),
        Parameter(
            "tdp43_load_gain", 0.5, "", "misfolded protein made with all TDP-43 in the cytosol, over "
            "that of a healthy cell", "assumed", rationale="one abundant protein out of thousands, "
            "prone to aggregate", per_cell=True, low=0.0, high=100.0,
        ),
        Parameter(
            "tdp43_protein_clearance_loss", 0.3, "", "share of the clean-up lost with all TDP-43 in the "
            "cytosol", "assumed", rationale="depleting TDP-43 lowers ATG7 and autophagy "
            "(Bose2011), one way of several to clean up", per_cell=True, low=0.0, high=1.0,
        ),
        Parameter(
            "tdp43_time", 10.0, "day", "renewal of TDP-43's place in the cell", "assumed",
            rationale="shuttling takes hours, aggregates weeks", low=0.01, high=3650.0,
        ),
    ),
    requires={"stress_granules": "", "misfolded_load": "", "upkeep_fraction": ""},
    provides={"tdp43_mislocalised": "", "tdp43_function": ""},
    contributes={"misfolding": "tdp43_load_gain*tdp43_mislocalised"},
    initial={"tdp43_mislocalised": "0"},
    records=(
        Recorded("tdp43_mislocalised", "", "share of TDP-43 that has left the nucleus"),
    ),
)  # fmt: skip
