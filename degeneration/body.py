r"""The body's reserve: what is eaten, what is spent, and what reaches the cells.

.. math::
    \tau\,\dot B &= I\,(1 - y\,d) - \big[1 - \phi + \phi\,B + \eta\,(u - 1)\big], \qquad
    \text{nutrition} = \frac{B\,(1 + K)}{B + K}

:math:`B` is the reserve of energy over that of the healthy young body; :math:`I` the intake (1 in health;
hypercaloric nutrition is a factor on it), less what is not eaten as motor neurons die (:math:`d`);
expenditure follows the size of the body (:math:`\phi`) and the circuit's use of ATP
over that at the start (:math:`u`): neurons, and with gain :math:`\eta` the muscle and the stress that go with
their excess. Substrate for the cells falls once the reserve does; a larger one adds little.
"""

from unshielded.mechanism import Mechanism, Parameter, Recorded

body = Mechanism(
    name="body",
    equations="""
    energy_spent = 1 - body_fraction + body_fraction*body_reserve + hypermetabolism*(whole_circuit_atp_use - 1) : 1
    dbody_reserve/dt = clip(body_reserve/body_floor, 0, 1)*(energy_intake*(1 - intake_lost*dead_fraction) - energy_spent)/reserve_time : 1
    nutrition = body_reserve*(1 + nutrition_constant)/(body_reserve + nutrition_constant) : 1
    """,
    parameters=(
        Parameter(
            "energy_intake", 1.0, "", "energy eaten over the need of a healthy body", "assumed",
            rationale="1 is healthy; a condition and a therapy", low=0.0, high=3.0,
        ),
        Parameter(
            "intake_lost", 0.2, "", "share of the intake lost with all motor neurons", "assumed",
            rationale="dysphagia and weak arms; without tube feeding it would be most of it",
            low=0.0, high=1.0,
        ),
        Parameter(
            "body_fraction", 0.5, "", "share of expenditure that follows the reserve", "assumed",
            rationale="half of resting expenditure goes with body mass, the rest with organs that do "
            "not shrink", low=0.0, high=1.0,
        ),
        Parameter(
            "hypermetabolism", 0.2, "", "expenditure added by a doubled use of ATP in the circuit",
            "assumed", source="Desport2005", rationale="patients spend 10–14 % more than predicted at "
            "a mean; the brain's fifth of the body's expenditure, doubled, would be 20 %", low=0.0,
            high=10.0,
        ),
        Parameter(
            "reserve_time", 60.0, "day", "for how long the reserve could feed the body", "assumed",
            rationale="some 15 kg of fat, 9 kcal/g, at 2,200 kcal a day", low=1.0, high=3650.0,
        ),
        Parameter(
            "body_floor", 0.05, "", "reserve below which it is drawn on ever more slowly", "assumed",
            rationale="the last kilogram of fat; keeps the reserve above nothing", low=1e-3, high=1.0,
        ),
        Parameter(
            "nutrition_constant", 0.1, "", "reserve at which substrate is half of normal",
            "assumed", rationale="blood glucose and lipids hold until the reserve is nearly gone",
            low=1e-3, high=10.0,
        ),
    ),
    requires={"whole_circuit_atp_use": "", "dead_fraction": ""},
    provides={"body_reserve": "", "nutrition": ""},
    initial={"body_reserve": "1"},
    records=(
        Recorded(
            "body_reserve", "", "the body's reserve of energy over that of a healthy "
            "young one",
        ),
        Recorded(
            "nutrition", "", "substrate that the body offers its cells over that of "
            "a fed one",
        ),
    ),
)  # fmt: skip
