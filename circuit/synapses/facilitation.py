r"""Facilitation: synapses that release little from rest, and more with each spike of a train.

.. math::
    \dot u = \frac{U - u}{\tau_f}, \qquad
    \text{spike: } r = \lambda\,\rho\,u/U,\quad u \leftarrow u + U\,(1 - u)

:math:`u` is the share of the vesicles that a spike releases [Tsodyks1998]. :math:`r` is what the spike releases
relative to a rested terminal, as in :mod:`unshielded.circuit.synapses.vesicles`, whose :math:`\lambda` and
:math:`\rho` act here, too. From pyramidal to somatostatin cells such synapses dominate [Silberberg2007]: a
single spike hardly reaches the cell, a burst drives it, and keeps doing so. They release so few of their
vesicles that depletion is left out. Between spikes :math:`u` is not integrated but solved.

All such synapses of a neuron share one :math:`u`.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

#: On a spike this reads `last_release` of `vesicles` before that is set anew, so it stands in front of it.
facilitation = Mechanism(
    name="facilitation",
    q10=Q10(1.7, "assumed", "Kushmerick2006", "as the recovery from depression"),
    equations="""
    utilisation : 1
    facilitated : 1
    """,
    parameters=(
        Parameter(
            "utilisation_at_rest", 0.09, "", "share of the vesicles that a spike releases from a rested "
            "facilitating terminal", "assumed", source="Silberberg2007", rationale="single spikes mostly fail, and "
            "potentials grow several-fold in a train; at 8 Hz the model's release is 4 times that of rest",
            per_cell=True, low=0.001, high=1.0,
        ),
        Parameter(
            "facilitation_time", 670.0, "ms", "decay of facilitation", "assumed", source="Silberberg2007",
            rationale="facilitation outlasts the pauses of hundreds of ms between trains", per_cell=True, low=1.0,
            high=1e5,
        ),
    ),
    requires={"transmitter_release": "", "last_release": "s"},
    provides={"facilitated": ""},
    initial={"utilisation": "utilisation_at_rest"},
    on_spike="""
    utilisation = utilisation_at_rest + (utilisation - utilisation_at_rest)*exp(-(t - last_release)/facilitation_time)
    facilitated = transmitter_release*utilisation/utilisation_at_rest
    utilisation = utilisation + utilisation_at_rest*(1 - utilisation)
    """,
)  # fmt: skip
