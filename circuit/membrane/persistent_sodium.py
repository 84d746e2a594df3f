r"""Persistent sodium channels: what a block, or a gain, changes in the current of the membrane.

.. math::
    m_\infty = \frac{1}{1 + e^{-(V - V_{1/2})/k}}, \qquad
    \Delta g = \bar g\,C_m\,\Big[(1 + a)\Big(1 - \frac{C}{C + K}\Big) - 1\Big]\,m_\infty(V), \qquad
    I = \Delta g\,(E_{Na} - V)

The current of a healthy, undrugged cell is contained in its fitted leak and gain, so the mechanism
adds only the change: riluzole (:math:`C`) blocks, ``persistent_sodium_gain`` (:math:`a`) adds a share.
Without either the change is exactly zero. The sodium that it lets in, or keeps out, is booked with the
resting leak.

Channels open within a millisecond and inactivate over seconds; the first is taken as at once, the
second is left out. They are looked at on the slow clock, so the conductance is that of the potential up
to 2 ms ago: shorter than the membrane's time constant, but a spike's own upstroke is not in it.
"""

from unshielded.mechanism import Mechanism, Parameter

#: The current, on the fast clock.
persistent_sodium_current = Mechanism(
    name="persistent_sodium_current",
    equations="""
    persistent_sodium_change : siemens
    """,
    requires={"membrane_potential": "V", "sodium_reversal": "V"},
    provides={"persistent_sodium_change": "S"},
    contributes={
        "inward_current": "persistent_sodium_change*(sodium_reversal - membrane_potential)",
        "sodium_current": "persistent_sodium_change*(sodium_reversal - membrane_potential)",
    },
)

persistent_sodium = Mechanism(
    name="persistent_sodium",
    equations="""
    persistent_sodium_open = 1/(1 + exp((persistent_sodium_half_potential - membrane_potential)/persistent_sodium_slope)) : 1
    persistent_sodium_block = riluzole_bath/(riluzole_bath + riluzole_sodium_inhibition) : 1
    persistent_sodium_fraction = (1 + persistent_sodium_gain)*(1 - persistent_sodium_block) - 1 : 1
    """,
    parameters=(
        Parameter(
            "persistent_sodium_density", 0.01, "nS/pF", "conductance of all persistent sodium "
            "channels, per capacitance", "assumed", source="French1990", rationale="2 nS in a cell "
            "of 200 pF; 7.8 nS in hippocampal pyramidal cells, a quarter of it here, so that it is "
            "no more than an eighth of the resting sodium leak that contains it", per_cell=True,
            low=0.0, high=1.0,
            scales="fixed",  # a conductance per capacitance is not a rate
        ),
        Parameter(
            "persistent_sodium_gain", 0.0, "", "persistent sodium current added, over normal",
            "assumed", rationale="0 is healthy; an experimental condition", per_cell=True,
            low=-1.0, high=10.0,
        ),
        Parameter(
            "persistent_sodium_half_potential", -50.0, "mV", "half activation", "assumed",
            source="French1990", rationale="detectable from -70 mV, largest current at -40 mV",
            low=-100.0, high=0.0,
        ),
        Parameter(
            "persistent_sodium_slope", 9.0, "mV", "slope of the activation", "assumed",
            source="French1990", rationale="rises between -70 and -30 mV", low=1.0, high=50.0,
        ),
        Parameter(
            "riluzole_sodium_inhibition", 2.0, "uM", "riluzole for half block of the persistent "
            "sodium current", "measured", source="Urbani2000", preparation="rat cortical neurons "
            "in slices", low=1e-3, high=1e3,
        ),
    ),
    requires={
        "membrane_potential": "V",
        "membrane_capacitance": "F",
        "riluzole_bath": "mM",
        "persistent_sodium_change": "S",
    },
    after_step="""
    persistent_sodium_change = persistent_sodium_fraction*persistent_sodium_density*membrane_capacitance*persistent_sodium_open
    """,
)  # fmt: skip
