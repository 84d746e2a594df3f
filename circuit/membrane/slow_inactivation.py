r"""Slow inactivation: sodium channels that each spike takes away for about a second.

.. math::
    \tau_s \dot s = -s, \qquad s \mathrel{+}= \Delta s \text{ per spike}

It raises the threshold to which :mod:`unshielded.circuit.membrane.spike_threshold` goes. With a share :math:`f` of
the channels inactivated by a spike the threshold rises by :math:`-k_a \ln(1-f)`, the same for each spike, as
the threshold goes with the logarithm of what is available (Platkiewicz & Brette 2010).

A regular discharge at :math:`\nu` holds a mean :math:`s` of :math:`\Delta s\,\tau_s\nu`: millivolts in a burst that
lasts, fractions of one at rest. It delays each next spike until the membrane has come so far up that the fast
inactivation closes in on it, and there the cell stays: depolarisation block. What was held below the potential of
that block fires on, at a lower rate.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

slow_inactivation = Mechanism(
    name="slow_inactivation",
    q10=Q10(3.1, "assumed", "Lowitzsch1977", "as the fast inactivation of sodium channels"),
    equations="""
    dslow_inactivation/dt = -slow_inactivation/slow_inactivation_time : volt
    """,
    parameters=(
        Parameter(
            "spike_inactivation", 0.03, "mV", "rise of the threshold by what one spike inactivates", "fitted",
            source="Kobayashi2009", rationale="the least, in steps of 0.01 mV, by which a pyramidal cell that a "
            "conductance would hold anywhere from -22 to -7 mV blocks within a second (Ward2000: -20 mV in glutamate); it "
            "fires on at 1.2 nA, eight times its rheobase. Far below the 2 mV with 200 ms of regular-spiking cells, "
            "which stand for potassium currents, too",
            per_cell=True, low=0.0, high=20.0,
        ),
        Parameter(
            "slow_inactivation_time", 1.0, "s", "recovery from slow inactivation", "assumed",
            source="Fleidervish1996", rationale="onset 0.9–2.3 s in neurons of cortical slices; recovery in parts, from "
            "a fraction of a second to several", low=0.01, high=100.0,
        ),
    ),
    provides={"slow_inactivation": "V"},
    on_spike="slow_inactivation += spike_inactivation",
)  # fmt: skip
