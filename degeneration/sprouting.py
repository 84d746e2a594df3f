r"""Sprouting: units that can afford it take over fibres that have lost their junction.

.. math::
    \dot s = \frac{o\,\omega\,(i + s)}{\tau_s}\,\Big(1 - \frac{i + s}{n}\Big)_+ - \frac{z\,\epsilon\,s}{\tau_-},
    \qquad D \mathrel{+}= p\,s\,(n_0 + n_\nu\,\nu)

:math:`s` counts adopted fibres, over the unit's own number; :math:`o` is orphan over innervated fibres of
the muscle, so that of all orphans a part :math:`1/\tau_s` finds a sprout in unit time. A unit grows to
:math:`n` times its size at most, needs energy at its end to grow (:math:`\omega`), and each adopted
junction costs :math:`p` times what one of its own does. What cannot be fed is given up like the unit's own
(:mod:`unshielded.degeneration.junction`).
"""

from unshielded.mechanism import Mechanism, Parameter, Recorded

sprouting = Mechanism(
    name="sprouting",
    equations="""
    unit_fibres = innervation + sprouts : 1
    sprout_growth = orphan_fibres*growth_energy*unit_fibres*clip(1 - unit_fibres/largest_unit, 0, 1)/sprouting_time : 1/second
    dsprouts/dt = sprout_growth - retraction*sprouts : 1
    unit_burden = innervation + sprout_atp_cost*sprouts : 1
    """,
    parameters=(
        Parameter(
            "largest_unit", 5.0, "", "largest size of a unit over its own", "assumed",
            source="Seven2019", rationale="five- to eightfold in reviews of partial "
            "denervation", per_cell=True, low=1.0, high=100.0,
        ),
        Parameter(
            "sprouting_time", 60.0, "day", "time in which orphan fibres find a sprout", "assumed",
            rationale="partly denervated muscles are taken over within weeks to months",
            per_cell=True, low=0.1, high=1e9,
        ),
        Parameter(
            "sprout_atp_cost", 1.0, "", "cost of an adopted junction over that of one's own",
            "assumed", rationale="no measure of it; 1 is no surcharge", per_cell=True, low=0.0,
            high=100.0,
        ),
    ),
    requires={
        "innervation": "",
        "orphan_fibres": "",
        "growth_energy": "",
        "retraction": "1/s",
        "junction_demand": "",
    },
    provides={"sprouts": "", "unit_fibres": "", "unit_burden": ""},
    contributes={"distal_demand": "sprout_atp_cost*sprouts*junction_demand"},
    initial={"sprouts": "0"},
    records=(
        Recorded("sprouts", "", "fibres taken over from others, over the unit's own number"),
    ),
)  # fmt: skip
