r"""The vesicles of a neuron's terminals: depletion by each spike, and recovery.

.. math::
    \dot x = \frac{1 - x}{\tau}, \qquad
    \text{spike: } r = \lambda\,\rho\,x,\quad x \leftarrow x\,(1 - \lambda\,p), \qquad
    \lambda = 1 - \frac{C}{C + K}

:math:`r` is what the spike releases, relative to a rested terminal: every synapse of the neuron
passes on its weight times :math:`r` [Tsodyks1997]. :math:`\rho` is 1 in health, less where release is
impaired. Riluzole (:math:`C`) lowers the probability of release by :math:`\lambda`, far less at GABAergic
terminals than at glutamatergic ones [Prakriya2000]. Between spikes the pool is not integrated but solved, so it costs nothing.

A spike that arrives later than the next has left (its delay is longer than the interval) passes on
the later one's :math:`r`. All synapses of a neuron share one pool: facilitation by target is not
in here.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

vesicles = Mechanism(
    name="vesicles",
    q10=Q10(1.7, "measured", "Kushmerick2006", "calyx of Held, recovery from depression twice as fast at 35–37 °C as at 22–24 °C"),
    equations="""
    release_left = 1 - riluzole_bath/(riluzole_bath + riluzole_release_inhibition) : 1
    vesicle_pool : 1
    ready : 1
    released : 1
    last_release : second
    releases : 1
    """,
    parameters=(
        Parameter(
            "release_probability", 0.2, "", "share of the releasable vesicles that a spike releases",
            "assumed", source="Tsodyks1997", rationale="0.5 in slices of young rats at 2 mM "
            "calcium; lower at body temperature and 1.2 mM", per_cell=True, low=0.0, high=1.0,
        ),
        Parameter(
            "vesicle_recovery_time", 300.0, "ms", "recovery of the releasable pool", "assumed",
            source="Tsodyks1997", rationale="800 ms in slices at room temperature; several times "
            "faster at 37 °C", per_cell=True, low=1.0, high=1e5,
        ),
        Parameter(
            "transmitter_release", 1.0, "", "release that is left, over normal", "assumed",
            rationale="1 is a healthy terminal; an experimental condition", per_cell=True,
            low=0.0, high=10.0,
        ),
        Parameter(
            "riluzole_release_inhibition", 10.0, "uM", "riluzole for half release", "assumed",
            source="Martin1993", rationale="10–30 µM lower the release of glutamate from "
            "hippocampal slices", per_cell=True, low=1e-3, high=1e6,
        ),
    ),
    requires={
        "riluzole_bath": "mM",
        "alive": "",
    },
    provides={"released": "", "ready": "", "releases": "", "release_left": ""},
    initial={"vesicle_pool": "1", "last_release": "-1000"},
    on_spike="""
    vesicle_pool = 1 - (1 - vesicle_pool)*exp(-(t - last_release)/vesicle_recovery_time)
    ready = transmitter_release*vesicle_pool
    released = release_left*ready
    vesicle_pool = vesicle_pool*(1 - release_left*release_probability)
    last_release = t
    releases += alive*released
    """,
)  # fmt: skip
