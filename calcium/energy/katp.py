r"""Potassium channels that open as ATP falls (K-ATP); on the slow clock.

.. math::
    o = \frac{x^2}{x^2 + K^2}, \quad x = \frac{[ADP]}{[ATP]}, \qquad
    I = \bar g\,o\,(E_K - V)

They hold back the firing of a cell that runs short, which lowers its demand. How many a class has decides
whether it answers a block of respiration with a hyperpolarisation or a depolarisation.
"""

from unshielded.mechanism import Mechanism, Parameter

katp = Mechanism(
    name="katp",
    equations="""
    katp_open = adp**2/(adp**2 + (katp_constant*atp)**2) : 1
    """,
    parameters=(
        Parameter(
            "katp_conductance", 1.0, "nS", "conductance of all K-ATP channels", "assumed",
            rationale="0.005 nS/pF", per_cell=True, low=0.0, high=1e5,
        ),
        Parameter(
            "katp_constant", 0.1, "", "ADP over ATP at which half are open", "assumed",
            rationale="shut in a fed cell (0.004), open when ATP has fallen by a tenth", low=1e-3,
            high=100.0,
        ),
    ),
    requires={"atp": "mM", "adp": "mM", "alive": ""},
    after_step="""
    katp_open_conductance = alive*katp_conductance*katp_open
    """,
)  # fmt: skip
