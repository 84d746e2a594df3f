r"""Loss of astrocytic EAAT2 over years.

.. math::
    \tau\,\dot E = \exp\!\Big(-\frac{T_0}{\tau_E}\Big(\frac{t}{T_0} - 1\Big)_+\Big)\,(1 - \gamma\,d)
        - E

:math:`E` is what is left, 1 in health; it declines from the age :math:`T_0` on, with the time constant
:math:`\tau_E`, and with the share :math:`d` of neurons that have died (astrocytes express it under the
influence of the terminals around them). Both are off by default.
"""

from unshielded.mechanism import Mechanism, Parameter, Recorded

eaat2_loss = Mechanism(
    name="eaat2_loss",
    equations="""
    eaat2_target = exp(-eaat2_loss_onset*eaat2_loss_rate*clip(age/eaat2_loss_onset - 1, 0, inf))*(1 - eaat2_dependence*dead_fraction) : 1
    deaat2_left/dt = (eaat2_target - eaat2_left)/eaat2_renewal : 1
    """,
    parameters=(
        Parameter(
            "eaat2_loss_rate", 0.0, "1/year", "loss of EAAT2, as a rate", "assumed",
            rationale="0 is none; a condition. 71 % are lost in ALS motor cortex (Rothstein1995): "
            "within three years that is 0.41 per year", low=0.0, high=100.0,
        ),
        Parameter(
            "eaat2_loss_onset", 25.0, "year", "age from which EAAT2 is lost", "assumed",
            rationale="as ageing", low=1.0, high=150.0,
        ),
        Parameter(
            "eaat2_dependence", 0.0, "", "share of EAAT2 that depends on living neurons", "assumed",
            rationale="0 is none; a condition. Cutting the corticospinal tract lowers GLT-1 in the "
            "cord (Yang2009)", low=0.0, high=1.0,
        ),
        Parameter(
            "eaat2_renewal", 10.0, "day", "renewal of the transporter", "assumed",
            rationale="membrane proteins of the brain live for days to weeks", low=0.01,
            high=3650.0,
        ),
    ),
    requires={"age": "s", "dead_fraction": ""},
    provides={"eaat2_left": ""},
    initial={"eaat2_left": "1"},
    records=(
        Recorded("eaat2_left", "", "astrocytic EAAT2 that is left"),
    ),
)  # fmt: skip
