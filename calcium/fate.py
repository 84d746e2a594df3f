r"""Fate: failing energy kills fast, cytochrome c slowly.

.. math::
    \frac{dN}{dt} &= \frac{h}{\tau_N} - \frac{(1-h)\,N}{\tau_{Nr}}, \qquad
        h = \frac{1}{1 + (ATP/K_N)^4} \\
    \frac{dA}{dt} &= \frac{a}{\tau_A}\,\frac{ATP}{ATP + K_A} - \frac{(1 - a)\,A}{\tau_{Ar}},
        \qquad a = \frac{q}{q + K_q}

A neuron dies of necrosis when :math:`N` reaches 1 (it has been out of ATP for about
:math:`\tau_N`), of apoptosis when :math:`A` does: execution needs ATP and takes hours. The
thresholds are the same for every cell.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter, Recorded

fate = Mechanism(
    name="fate",
    q10=Q10(2.2, "assumed", "Michenfelder1992", "enzymes, taken as other metabolism: 2.2"),
    equations="""
    energy_failure = 1/(1 + (atp/necrosis_atp)**4) : 1
    dnecrosis/dt = energy_failure/necrosis_time - (1 - energy_failure)*necrosis/necrosis_recovery : 1
    apoptosome = cytochrome_c/(cytochrome_c + apoptosome_constant) : 1
    dapoptosis/dt = apoptosome/apoptosis_time*atp/(atp + apoptosis_atp) - (1 - apoptosome)*apoptosis/apoptosis_recovery : 1
    alive : 1
    death_mode : 1
    time_of_death : second
    time_of_pore_opening : second
    peak_calcium : mmolar
    minimum_atp : mmolar
    """,
    parameters=(
        Parameter(
            "necrosis_atp", 0.36, "mM", "ATP below which ion homeostasis is lost", "assumed",
            rationale="15 % of normal; death is necrotic below about a quarter (Leist 1997)",
            low=1e-3, high=5.0,
        ),
        Parameter(
            "necrosis_time", 120.0, "s", "time without ATP until the membrane ruptures",
            "assumed", rationale="minutes of anoxic depolarisation are survived, not tens of "
            "minutes", low=1.0, high=1e6,
        ),
        Parameter(
            "necrosis_recovery", 600.0, "s", "repair once ATP is back", "assumed",
            rationale="tens of minutes", low=1.0, high=1e6,
        ),
        Parameter(
            "apoptosome_constant", 0.1, "", "share of cytochrome c for half activation",
            "assumed", rationale="all of it would make some 10 µM in the cytosol, and Apaf-1 needs "
            "about 1 µM", low=1e-4, high=10.0,
        ),
        Parameter(
            "apoptosis_time", 21600.0, "s", "execution at full release with ATP", "assumed",
            rationale="hours from cytochrome c to nuclear condensation", low=1.0, high=1e9,
        ),
        Parameter(
            "apoptosis_atp", 0.6, "mM", "ATP for half-speed execution", "assumed",
            rationale="apoptosome and caspases need ATP; a quarter of normal (Leist 1997)",
            low=1e-3, high=5.0,
        ),
        Parameter(
            "apoptosis_recovery", 36000.0, "s", "decay of caspase activation", "assumed",
            rationale="inhibitors of apoptosis turn over within hours", low=1.0, high=1e9,
        ),
    ),
    requires={
        "pore_open": "",
        "cytochrome_c": "",
        "atp": "mM",
        "calcium": "mM",
        "resting_atp": "mM",
    },
    provides={"necrosis": "", "apoptosis": "", "alive": ""},
    initial={
        "alive": "1",
        "time_of_death": "-1",
        "time_of_pore_opening": "-1",
        "minimum_atp": "resting_atp",
    },
    # death_mode: 0 none, 1 necrosis, 2 apoptosis; times are -1 until the event.
    after_step="""
    died = alive*int(necrosis >= 1 or apoptosis >= 1)
    death_mode = death_mode + died*(1 + int(necrosis < 1))
    time_of_death = time_of_death + died*(t + dt + 1*second)
    alive = alive - died
    time_of_pore_opening = time_of_pore_opening + int(time_of_pore_opening < 0*second and pore_open > 0.5)*(t + dt + 1*second)
    peak_calcium = peak_calcium + (calcium - peak_calcium)*int(calcium > peak_calcium)
    minimum_atp = minimum_atp + (atp - minimum_atp)*int(atp < minimum_atp)
    """,
    records=(
        Recorded("alive", "", "1 while the cell lives"),
        Recorded("necrosis", "", "progress to necrosis; death at 1"),
        Recorded("apoptosis", "", "progress to apoptosis; death at 1"),
        Recorded("death_mode", "", "0 none, 1 necrosis, 2 apoptosis"),
        Recorded("time_of_death", "s", "time of death; -1 while alive"),
        Recorded("time_of_pore_opening", "s", "first time half the pores are open; -1 before"),
        Recorded("peak_calcium", "uM", "highest free cytosolic calcium so far"),
        Recorded("minimum_atp", "mM", "lowest ATP so far"),
    ),
)  # fmt: skip
