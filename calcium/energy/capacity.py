r"""The supply that a cell could raise, and its energy margin: how much of it the demand leaves.

.. math::
    S &= (1-p)\,\min\!\Big(\phi V_F\,\sigma(\Delta\Psi),\;
        \frac{\phi V_H\,s\,(\dots) - J_{leak}}{n_H}\Big)_+ + V_G \\
    \tau \dot m &= 1 - \frac{\sum J_{use}}{S} - m, \qquad \dot B = S

:math:`S` is what the polarised mitochondria would make if ADP were saturating: as much as the synthase
can at the present potential, or as the respiratory chain can pump at the present substrate, calcium and
ROS, whichever is less; and glycolysis at full speed. The chain is taken at its full rate: at the
present potential respiratory control holds it to what the synthase uses, which says nothing of what it
could do. What the potential would fall by under that load is not followed, nor what the cycling of
calcium takes: in a resting cell :math:`S` is about a tenth more than it can make for long.

:math:`m` is averaged over a second, as a discharge makes the demand a train of pulses. At 0 the demand
is all that can be met: ATP falls if it goes on. The integral of :math:`S` is written beside the ledger.
"""

from unshielded.mechanism import Mechanism, Parameter, Recorded

capacity = Mechanism(
    name="capacity",
    equations="""
    chain_capacity = (mitochondrial_fraction*respiration_maximum_rate*respiratory_capacity - proton_leak)/protons_per_atp : mmolar/second
    synthase_capacity = mitochondrial_fraction*synthase_left*synthase_maximum_rate*synthase_drive : mmolar/second
    oxidative_capacity = polarised_fraction*clip(chain_capacity, 0*mmolar/second, synthase_capacity) : mmolar/second
    supply_capacity = oxidative_capacity + glycolysis_maximum_rate*glucose_level : mmolar/second
    datp_capacity/dt = supply_capacity : mmolar
    denergy_margin/dt = (1 - atp_use/(supply_capacity + least_capacity) - energy_margin)/margin_averaging_time : 1
    """,
    parameters=(
        Parameter(
            "margin_averaging_time", 1.0, "s", "over which the energy margin is averaged",
            "assumed", rationale="longer than the intervals of a discharge, shorter than what "
            "empties ATP", low=0.02, high=1e3,
            scales="fixed",  # of the recording
        ),
        Parameter(
            "least_capacity", 1e-6, "mM/s", "supply below which it counts as none", "assumed",
            rationale="keeps the margin of a cell without any supply finite; a millionth of a "
            "healthy cell's", low=1e-12, high=1e-3,
            scales="fixed",  # guards a division
        ),
    ),
    requires={
        "respiration_maximum_rate": "mM/s",
        "respiratory_capacity": "",
        "proton_leak": "mM/s",
        "protons_per_atp": "",
        "synthase_left": "",
        "synthase_maximum_rate": "mM/s",
        "synthase_drive": "",
        "polarised_fraction": "",
        "glycolysis_maximum_rate": "mM/s",
        "glucose_level": "",
        "mitochondrial_fraction": "",
        "atp_use": "mM/s",
        "atp_use_housekeeping": "mM/s",
        "pump_flux": "mM/s",
        "pmca_flux": "mM/s",
        "atp_use_maintenance": "mM/s",
    },
    provides={"supply_capacity": "mM/s", "energy_margin": ""},
    initial={
        "energy_margin": "1 - (pump_flux + pmca_flux + atp_use_housekeeping + atp_use_maintenance)/(supply_capacity + least_capacity)",
    },
    records=(
        Recorded("atp_capacity", "mM", "ATP that could have been made, had ADP been saturating"),
        Recorded(
            "energy_margin", "", "share of the supply capacity that the demand "
            "leaves, over a second",
        ),
    ),
)  # fmt: skip
