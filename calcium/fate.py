r"""Fate: deficits that accumulate, and of which a neuron dies.

.. math::
    \frac{dN}{dt} &= \frac{h}{\tau_N} - \frac{(1-h)\,N}{\tau_{Nr}}, \qquad
        h = \frac{g^4}{g^4 + K_N^4}, \qquad
        g = 1 - \frac{E_{Na} - E_K}{(E_{Na} - E_K)_{rest}} \\
    \frac{dA}{dt} &= \frac{a}{\tau_A}\,\frac{ATP}{ATP + K_A} - \frac{(1 - a)\,A}{\tau_{Ar}},
        \qquad a = \frac{q}{q + K_q}

A neuron dies of necrosis when :math:`N` reaches 1: its gradients of sodium and potassium have been lost
(:math:`g`) for about :math:`\tau_N`, whatever took them. It dies of apoptosis when :math:`A` does:
execution needs cytochrome c, ATP and hours; and of proteolysis by calpain
(:mod:`unshielded.calcium.calpain`). The thresholds are the same for every cell.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter, Recorded

fate = Mechanism(
    name="fate",
    q10=Q10(2.2, "assumed", "Michenfelder1992", "enzymes, taken as other metabolism: 2.2"),
    equations="""
    gradient_left = (sodium_potential - potassium_potential)/resting_gradient : 1
    gradient_loss = clip(1 - gradient_left, 0, 1) : 1
    ion_deficit = hill(gradient_loss/necrosis_gradient_loss, 4) : 1
    dnecrosis/dt = ion_deficit/necrosis_time - (1 - ion_deficit)*necrosis/necrosis_recovery : 1
    resting_gradient : volt (constant)
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
            "necrosis_gradient_loss", 0.5, "", "loss of the sodium and potassium gradients at which "
            "swelling is half as fast", "assumed", rationale="a cell with half of its gradients is "
            "depolarised to about -30 mV and takes up chloride and water", low=0.01, high=1.0,
        ),
        Parameter(
            "necrosis_time", 1.1, "hour", "time without gradients until the membrane ruptures",
            "fitted", source="Ankarcrona1995", rationale="calibrated; neurons die of glutamate or of blocked energy between 25 min and 6 h "
            "after the exposure", low=1e-4, high=1e4,
        ),
        Parameter(
            "necrosis_recovery", 1.0, "hour", "repair once the gradients are back", "assumed",
            rationale="volume is regulated within tens of minutes, membranes within hours", low=1e-3,
            high=1e4,
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
        "proteolysis": "",
        "sodium_potential": "V",
        "potassium_potential": "V",
    },
    provides={"necrosis": "", "apoptosis": "", "alive": ""},
    initial={
        "resting_gradient": "sodium_potential - potassium_potential",
        "alive": "1",
        "time_of_death": "-1",
        "time_of_pore_opening": "-1",
        "minimum_atp": "resting_atp",
    },
    # death_mode: 0 none, else the place in FATES from 1 on; times are -1 until the event.
    after_step="""
    died = alive*int(necrosis >= 1 or apoptosis >= 1 or proteolysis >= 1)
    death_mode = death_mode + died*(1 + int(necrosis < 1)*(1 + int(apoptosis < 1)))
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
        Recorded("death_mode", "", "0 none, 1 necrosis, 2 apoptosis, 3 proteolysis"),
        Recorded("time_of_death", "s", "time of death; -1 while alive"),
        Recorded("time_of_pore_opening", "s", "first time half the pores are open; -1 before"),
        Recorded("peak_calcium", "uM", "highest free cytosolic calcium so far"),
        Recorded("minimum_atp", "mM", "lowest ATP so far"),
    ),
)  # fmt: skip
