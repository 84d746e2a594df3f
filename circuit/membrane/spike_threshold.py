r"""Spike threshold that rises with depolarisation and with spikes: inactivation of sodium channels.

.. math::
    \tau_\theta \dot\theta = \theta_\infty(V) - \theta, \qquad
    \theta_\infty = V_t + s + \tfrac{1}{2}\, a \left(x + \sqrt{x^2 + 4 k^2}\right), \quad
    x = V - V_t - \Delta

The threshold equation of Platkiewicz & Brette (2010), with a square-root ramp of the same
asymptotes in place of the logarithm of an exponential. Its slope :math:`a` exceeds 1, so a
cell held more than :math:`a\Delta/(a-1)` above its rested threshold (less by what the square root rounds off) inactivates
faster than it depolarises and cannot fire: depolarisation block. The reset after a spike takes an integrate-and-fire cell out of
reach of it; what its spikes inactivate brings it there: slowly (:math:`s`, from
:mod:`unshielded.circuit.membrane.slow_inactivation`), and fast,

.. math::
    \theta \mathrel{+}= \Delta\theta \text{ per spike}.

In that the spike itself, which an integrate-and-fire cell does not have, inactivates channels: a share :math:`f` of them
raises the threshold by :math:`-k_a \ln(1 - f)`. It recovers with :math:`\tau_\theta` and is gone before the next spike
of an ordinary discharge. In a fast one it adds up: rates saturate, and where a strong conductance takes the membrane up
before the channels have recovered, the cell blocks. TTX (``sodium_channel_block``, from :mod:`unshielded.circuit.membrane.sodium_channel_block`) lifts the threshold
out of reach.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

spike_threshold = Mechanism(
    name="spike_threshold",
    q10=Q10(3.1, "assumed", "Lowitzsch1977", "inactivation of sodium channels, as the refractory period that it sets"),
    equations="""
    dspike_threshold/dt = (threshold_at_rest + excitability_loss + sodium_channel_block + slow_inactivation + 0.5*inactivation_steepness*(beyond_inactivation + sqrt(beyond_inactivation**2 + 4*inactivation_width**2)) - spike_threshold)/threshold_time_constant : volt
    sodium_channel_block : volt
    beyond_inactivation = membrane_potential - threshold_at_rest - excitability_loss - inactivation_offset : volt
    """,
    parameters=(
        Parameter(
            "threshold_at_rest", -50.0, "mV", "spike threshold of a rested cell", "assumed",
            source="Vogels2011", rationale="model cortical cell, after slice recordings",
            per_cell=True, low=-80.0, high=0.0,
        ),
        Parameter(
            "excitability_loss", 0.0, "mV", "rise of the threshold in a hypoactive cell", "assumed",
            rationale="0 is healthy; an experimental condition", per_cell=True, low=-20.0,
            high=100.0,
        ),
        Parameter(
            "inactivation_offset", 5.0, "mV", "potential above the rested threshold from which "
            "the threshold follows", "assumed", rationale="block at 15 mV above threshold, as "
            "somatic depolarisation block in cortical and motor neurons (-30…-40 mV)", low=0.0,
            high=50.0,
        ),
        Parameter(
            "inactivation_steepness", 1.5, "", "asymptotic slope of the threshold", "assumed",
            source="Platkiewicz2010", rationale="ratio of activation to inactivation slope, 1–2",
            low=0.0, high=5.0,
        ),
        Parameter(
            "inactivation_width", 3.0, "mV", "smoothness of the onset", "assumed",
            source="Platkiewicz2010", rationale="inactivation slope factors of 3–6 mV", low=0.1,
            high=20.0,
        ),
        Parameter(
            "threshold_time_constant", 7.0, "ms", "time constant of inactivation", "measured",
            source="Platkiewicz2010", preparation="threshold equation fitted to cortical cells",
            low=0.5, high=100.0,
        ),
        Parameter(
            "spike_threshold_rise", 3.0, "mV", "rise of the threshold by the fast inactivation of one spike",
            "assumed", source="Platkiewicz2010", rationale="two fifths of the channels inactivate in a short spike "
            "if the slope of their activation is 6 mV; below a tenth of it is left after 20 ms",
            per_cell=True, low=0.0, high=50.0,
        ),
    ),
    requires={"membrane_potential": "V", "slow_inactivation": "V"},
    provides={"spike_threshold": "V"},
    on_spike="spike_threshold += spike_threshold_rise",
    initial={"spike_threshold": "threshold_at_rest + excitability_loss"},
)  # fmt: skip
