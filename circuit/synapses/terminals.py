r"""What the bath leaves of the calcium in a terminal, and of release.

.. math::
    c = \frac{1}{1 + Cd/K_{Cd}}\,(1 - m\,o_B), \qquad
    G = c^3\,(1 + f\,b_4), \qquad
    \lambda = \Big(1 - \frac{R}{R + K_R}\Big)\,\frac{G}{1 + (G - 1)\,p}

Cadmium blocks the calcium channels of terminals, baclofen closes a part of them (:math:`o_B` its receptors that are
occupied); release goes with the third power of what comes in. 4-AP (:math:`b_4`) blocks potassium channels
of the Kv1 and Kv3 families: the spike in the terminal is broader, more calcium comes in, and the odds of release rise
by up to :math:`f`. So :math:`G` multiplies the odds :math:`p/(1-p)` of the release of a vesicle, and never makes it
certain. Riluzole (:math:`R`) lowers what is released, far less at GABAergic terminals than at glutamatergic
ones [Prakriya2000]. Terminals see the bath where they end. Afferents from outside the circuit
are weaker by :math:`G` where it is below 1; 4-AP and riluzole leave them as they are.
"""

from unshielded.mechanism import Mechanism, Parameter

terminals = Mechanism(
    name="terminals",
    equations="""
    terminal_calcium = (1 - baclofen_release_inhibition*gaba_b_occupied)/(1 + cadmium_bath/cadmium_inhibition) : 1
    aminopyridine_binding = aminopyridine_bath/(aminopyridine_bath + aminopyridine_half_effect) : 1
    release_odds = terminal_calcium**3*(1 + aminopyridine_release_gain*aminopyridine_binding) : 1
    release_left = (1 - riluzole_bath/(riluzole_bath + riluzole_release_inhibition))*release_odds/(1 + (release_odds - 1)*release_probability) : 1
    afferents_left = clip(terminal_calcium**3, 0, 1) : 1
    """,
    parameters=(
        Parameter(
            "riluzole_release_inhibition", 10.0, "uM", "riluzole for half release", "assumed",
            source="Martin1993", rationale="10–30 µM lower the release of glutamate from "
            "hippocampal slices", per_cell=True, low=1e-3, high=1e6,
        ),
        Parameter(
            "baclofen_release_inhibition", 0.5, "", "calcium that baclofen keeps out of terminals, at "
            "most", "assumed", source="Lanthorn1981", rationale="an eighth of release is left: all but "
            "complete block of transmission at Schaffer collaterals", low=0.0, high=1.0,
        ),
        Parameter(
            "aminopyridine_half_effect", 50.0, "uM", "4-AP for half of its effect on a spike",
            "assumed", source="Perreault1989", rationale="5–100 µM do alike in hippocampal slices, most "
            "work is with 50 µM; Kv1 and Kv3 channels are blocked by tens to hundreds of µM", low=0.1,
            high=1e5,
        ),
        Parameter(
            "aminopyridine_release_gain", 3.0, "", "odds of release added by saturating 4-AP, over normal",
            "assumed", source="Buckle1982", rationale="excitatory and inhibitory potentials are enhanced "
            "substantially; release from 0.4 to 0.7", low=0.0, high=100.0,
        ),
    ),
    requires={
        "gaba_b_occupied": "",
        "release_probability": "",
        "cadmium_inhibition": "mM",
        **{f"{a}_bath": "mM" for a in ("riluzole", "cadmium", "aminopyridine")},
    },
    provides={"release_left": "", "afferents_left": "", "aminopyridine_binding": ""},
)  # fmt: skip
