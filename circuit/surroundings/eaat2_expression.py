r"""EAAT2 that a drug makes the astrocytes express; one value for the tissue.

.. math::
    \tau \dot x = (F - 1)\,\frac{C}{C + K} - x, \qquad e \to e\,(1 + x)

Ceftriaxone (:math:`C`) raises the expression of EAAT2 over days. It multiplies what is left of the
transporter (``glutamate.eaat2``), up to :math:`F`-fold: astrocytes that have lost nine tenths of it stay
with two tenths at most.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

eaat2_expression = Mechanism(
    name="eaat2_expression",
    q10=Q10(2.2, "assumed", "Michenfelder1992", "turnover of protein, taken as other metabolism: 2.2"),
    equations="""
    deaat2_induction/dt = (eaat2_induced - eaat2_induction)/eaat2_induction_time : 1 (shared)
    eaat2_induced = (eaat2_expression_maximum - 1)*ceftriaxone_bath/(ceftriaxone_bath + ceftriaxone_half_effect) : 1 (shared)
    """,
    parameters=(
        Parameter(
            "eaat2_expression_maximum", 2.0, "", "EAAT2 under saturating ceftriaxone, over without",
            "assumed", source="Rothstein2005", rationale="threefold protein in spinal cord "
            "slices, about twofold or less in animals", low=1.0, high=10.0,
        ),
        Parameter(
            "ceftriaxone_half_effect", 3.5, "uM", "ceftriaxone for half induction", "assumed",
            source="Rothstein2005", rationale="3.5 µM on spinal cord slices; trials aimed at 1 µM "
            "in the cerebrospinal fluid", low=1e-3, high=1e4,
        ),
        Parameter(
            "eaat2_induction_time", 3.0, "day", "induction of EAAT2, and its decline", "assumed",
            source="Rothstein2005", rationale="seen after two days, full after five to seven; "
            "the protein's turnover is of days", low=1e-5, high=1e3,
        ),
    ),
    requires={"ceftriaxone_bath": "mM"},
    provides={"eaat2_induction": ""},
)  # fmt: skip
