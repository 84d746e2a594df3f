r"""Creatine kinase: the phosphate that creatine holds, and gives back when ATP falls.

.. math::
    J_{CK} = k\,\big([ATP]\,[Cr] - K\,[ADP]\,[PCr]\big), \qquad
    \frac{d[PCr]}{dt} = J_{CK}, \qquad [Cr] = C + C_{added} - [PCr]

At equilibrium :math:`[ATP][Cr]/([ADP][PCr]) = K`: while phosphocreatine lasts, ADP hardly rises. It bridges
seconds, not minutes. Creatine that is taken up adds to the pool.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter, Recorded

creatine_kinase = Mechanism(
    name="creatine_kinase",
    q10=Q10(2.2, "assumed", "Michenfelder1992", "an enzyme, taken as other metabolism: 2.2"),
    equations="""
    dphosphocreatine/dt = creatine_kinase_flux : mmolar
    free_creatine = total_creatine + added_creatine - phosphocreatine : mmolar
    creatine_kinase_flux = creatine_kinase_rate*(atp*free_creatine - creatine_kinase_equilibrium*adp*phosphocreatine) : mmolar/second
    """,
    parameters=(
        Parameter(
            "total_creatine", 8.0, "mM", "creatine and phosphocreatine", "assumed",
            rationale="7–10 mM in grey matter by spectroscopy, phosphocreatine about half of it",
            per_cell=True, low=0.0, high=100.0,
        ),
        Parameter(
            "creatine_kinase_equilibrium", 150.0, "", "equilibrium ratio of the kinase", "measured",
            source="Lawson1979", preparation="38 °C, pH 7.0, 1 mM free magnesium; apparent constant 166",
            low=1.0, high=1e4,
        ),
        Parameter(
            "creatine_kinase_rate", 0.1, "1/mM/s", "rate constant from ATP", "assumed",
            rationale="about 1 mM/s each way at rest, as saturation transfer finds in brain (0.2–0.3 /s "
            "from phosphocreatine)", low=0.0, high=0.4,
        ),
    ),
    requires={"atp": "mM", "adp": "mM", "added_creatine": "mM", "resting_atp": "mM", "adenine_total": "mM"},
    provides={"creatine_kinase_flux": "mM/s", "phosphocreatine": "mM"},
    initial={
        "phosphocreatine": "total_creatine*resting_atp/(resting_atp + creatine_kinase_equilibrium*(adenine_total - resting_atp))",
    },
    records=(Recorded("phosphocreatine", "mM", "phosphocreatine"),),
)  # fmt: skip
