r"""Permeability transition pore: the share of a neuron's mitochondria whose pore is open.

.. math::
    \dot p &= k_o\,D(x)\,(1 - p) - k_c\,\big(1 - D(x_o)\big)\,(p - w - q) - \dots, \qquad
        D(x) = \frac{x^8}{1 + x^8} \\
    x &= \frac{1}{1+y}\Big[\frac{T/(1-p)}{CRC} + a_\Psi\Big(1 - \frac{\Delta\Psi}{\Delta\Psi_0}\Big)
        + a_R\,(R - 1)_+\Big], \qquad
    x_o = \frac{1}{1+y}\Big[\frac{c}{K_c} + a_\Psi + a_R\,(R - 1)_+\Big] \\
    J_{release} &= \phi\,T\,k_o\,D(x)

Each mitochondrion is shut or open, and :math:`p` counts the open ones (the dots: what becomes of
swollen and ruptured ones, :mod:`unshielded.calcium.mitochondria.swelling`). A shut one opens when its load comes near its
retention capacity, or when it is depolarised or oxidised; then it loses its calcium and its
potential. The others take that calcium up. An open one shuts when the calcium around it is low,
although it is depolarised: openings are transient while the cytosol is cleared and sustained when
it is not. That is bistable, with hysteresis, by feedback and not by a latch. Cyclosporin A
(:math:`y`) makes the pore less sensitive to all of it, so that a mitochondrion holds more; it delays
opening and does not abolish it. Olesoxime takes a share of what depolarisation and oxidation add, and
leaves the retention capacity as it is [Bordet2010].
The polarised share is kept above 0.001, where a load per polarised mitochondrion still has a meaning.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter, Recorded

mptp = Mechanism(
    name="mptp",
    q10=Q10(2.5, "assumed", rationale="opening and closing of a channel, 2–3; not measured"),
    equations="""
    polarised_fraction = clip(1 - pore_open, 0.001, 1) : 1
    mitochondrial_load = matrix_calcium/polarised_fraction : mmolar
    pore_desensitisation = 1 + cyclosporin_gain*cyclosporin_bath/(cyclosporin_inhibition + cyclosporin_bath) : 1
    olesoxime_effect = 1 - olesoxime_maximum*olesoxime_bath/(olesoxime_inhibition + olesoxime_bath) : 1
    pore_oxidation = olesoxime_effect*pore_ros_gain*clip(ros - 1, 0, inf) : 1
    depolarisation_stress = olesoxime_effect*pore_depolarisation_gain : 1
    opening_stress = (mitochondrial_load/retention_capacity + depolarisation_stress*clip(1 - mitochondrial_potential/resting_mitochondrial_potential, 0, 1) + pore_oxidation)/pore_desensitisation : 1
    opening_drive = hill(opening_stress, 8) : 1
    staying_stress = (calcium/pore_calcium_constant + depolarisation_stress + pore_oxidation)/pore_desensitisation : 1
    closing_drive = 1/(1 + staying_stress**8) : 1
    dpore_open/dt = pore_opening_rate*opening_drive*(1 - pore_open) - pore_closing_rate*closing_drive*(pore_open - swollen - cytochrome_c) - contraction - replacement : 1
    pore_release = mitochondrial_fraction*matrix_calcium*pore_opening_rate*opening_drive : mmolar/second
    """,
    parameters=(
        Parameter(
            "retention_capacity", 215.0, "mM", "load at which a mitochondrion's pore opens; mM of "
            "matrix is nmol/mg", "fitted", source="Mishra2025", rationale="calibrated; brain mitochondria "
            "with ADP hold a hundred to several hundred nmol/mg", per_cell=True, spread=0.2, low=1.0, high=1e4,
        ),
        Parameter(
            "cyclosporin_gain", 1.5, "", "retention capacity added by saturating cyclosporin A",
            "assumed", rationale="1.5- to 3-fold capacity in brain mitochondria", low=0.0,
            high=20.0,
        ),
        Parameter(
            "cyclosporin_inhibition", 0.02, "uM", "cyclosporin A for half effect", "assumed",
            source="Griffiths1991", rationale="2 nM on the isolated enzyme; 50–100 nM protect "
            "cells fully", low=1e-4, high=100.0,
        ),
        Parameter(
            "olesoxime_maximum", 0.5, "", "stress of depolarisation and oxidation taken away by "
            "saturating olesoxime", "assumed", source="Bordet2010", rationale="prevents openings by "
            "oxidative stress, but does not raise the calcium retained by isolated mitochondria; "
            "half, as the weaker drug", low=0.0, high=1.0,
        ),
        Parameter(
            "olesoxime_inhibition", 3.0, "uM", "olesoxime for half effect", "assumed",
            source="Bordet2007", rationale="rescues cultured motor neurons at a few µM", low=1e-3,
            high=1e3,
        ),
        Parameter(
            "pore_depolarisation_gain", 0.5, "", "stress of full depolarisation", "assumed",
            rationale="depolarisation lowers the calcium needed (Bernardi 1992)", low=0.0,
            high=10.0,
        ),
        Parameter(
            "pore_ros_gain", 0.01, "", "stress per excess ROS", "assumed",
            rationale="thiol oxidation lowers the calcium needed, severalfold when strong",
            low=0.0, high=10.0,
        ),
        Parameter(
            "pore_calcium_constant", 10.0, "uM", "calcium around an open pore for unit stress",
            "assumed", rationale="open pores shut when calcium is chelated; tens of µM keep them "
            "open", low=0.1, high=1e4,
        ),
        Parameter(
            "pore_opening_rate", 0.05, "1/s", "rate of opening under full stress", "assumed",
            rationale="depolarisation of a neuron's mitochondria spreads over tens of seconds",
            low=1e-5, high=100.0,
        ),
        Parameter(
            "pore_closing_rate", 0.05, "1/s", "rate of closure without stress", "assumed",
            rationale="transient openings last tens of seconds", low=1e-5, high=100.0,
        ),
    ),
    requires={
        "matrix_calcium": "mM",
        "mitochondrial_fraction": "",
        "calcium": "mM",
        "mitochondrial_potential": "V",
        "resting_mitochondrial_potential": "V",
        "ros": "",
        "swollen": "",
        "cytochrome_c": "",
        "contraction": "1/s",
        "replacement": "1/s",
        "cyclosporin_bath": "mM",
        "olesoxime_bath": "mM",
    },
    provides={"pore_open": "", "polarised_fraction": "", "mitochondrial_load": "mM", "closing_drive": ""},
    contributes={
        "cytosolic_calcium_flux": "pore_release",
        "matrix_calcium_flux": "-pore_release",
    },
    records=(
        Recorded(
            "pore_open", "", "share of mitochondria with an open permeability "
            "transition pore",
        ),
    ),
)  # fmt: skip
