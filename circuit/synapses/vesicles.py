r"""The vesicles of a neuron's terminals: depletion by each spike, and recovery.

.. math::
    \dot x = \frac{1 - x}{\tau}, \qquad
    \text{spike: } r = \lambda\,\rho\,x,\quad x \leftarrow x\,(1 - \lambda\,p)

:math:`r` is what the spike releases, relative to a rested terminal: every synapse of the neuron
passes on its weight times :math:`r` [Tsodyks1997]. :math:`\rho` is 1 in health, less where release is
impaired, :math:`\lambda` what drugs make of the probability of release
(:mod:`unshielded.circuit.synapses.terminals`). Between spikes the pool is not integrated but solved, so it costs nothing.

A spike that arrives later than the next has left (its delay is longer than the interval) passes on
the later one's :math:`r`. All synapses of a neuron share one pool, but for those that facilitate
(:mod:`unshielded.circuit.synapses.facilitation`).
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

vesicles = Mechanism(
    name="vesicles",
    q10=Q10(1.7, "measured", "Kushmerick2006", "calyx of Held, recovery from depression twice as fast at 35–37 °C as at 22–24 °C"),
    equations="""
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
    ),
    requires={
        "release_left": "",
        "alive": "",
    },
    provides={"released": "", "ready": "", "releases": "", "last_release": "s"},
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
