r"""Extrusion: PMCA (high affinity, uses ATP) and NCX (high capacity, uses the sodium gradient).

.. math::
    J_{PMCA} &= s\,\gamma\,\frac{K_P\,c}{K_P + c}\,\frac{[ATP]}{[ATP] + K_A} \\
    J_{NCX} &= (1-s)\,\gamma\,(c - c_{eq})\,\frac{K_N}{K_N + c}, \qquad
    c_{eq} = [Ca]_o \left(\frac{[Na]_i}{[Na]_o}\right)^3 e^{V F/RT}

For small transients both add up to the measured extrusion rate :math:`\gamma` (time constant
:math:`(1+\kappa)/\gamma`). NCX imports calcium when sodium has accumulated in a depolarised
cell: :math:`c_{eq}` is about 10 nM at rest and tens of µM after pump failure.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter, Recorded

extrusion = Mechanism(
    name="extrusion",
    q10=Q10(2.5, "assumed", "Lee2005", "of pumps and carriers, 2–3; calcium in cortical cells decays far faster when warm"),
    equations="""
    pmca_flux = pmca_fraction*extrusion_rate*calcium*pmca_half_saturation/(pmca_half_saturation + calcium)*atp/(atp + pmca_atp_constant) : mmolar/second
    sodium_ratio = sodium/extracellular_sodium : 1
    ncx_equilibrium = extracellular_calcium*sodium_ratio**3*exp(membrane_potential/thermal_voltage) : mmolar
    ncx_turnover = (1 - pmca_fraction)*extrusion_rate*calcium*ncx_half_saturation/(ncx_half_saturation + calcium) : mmolar/second
    ncx_drive = 1 - ncx_equilibrium/calcium : 1
    ncx_flux = ncx_turnover*ncx_drive : mmolar/second
    dcalcium_extruded/dt = pmca_flux + ncx_flux : mmolar
    """,
    parameters=(
        Parameter(
            "extrusion_rate", 1160.0, "1/s", "total calcium extruded per free calcium (gamma)",
            "fitted", source="Markram1998", rationale="313 µm/s per membrane area over 0.27 µm, calibrated; a layer-5 "
            "dendrite of κ about 100 decays within 100 ms at body temperature: over 1,000/s. SERCA is lumped "
            "in", per_cell=True, spread=0.1, low=0.0, high=20000.0,
        ),
        Parameter(
            "pmca_fraction", 0.5, "", "share of PMCA in extrusion of small transients", "assumed",
            rationale="PMCA holds rest, NCX clears loads; of the order of a half each in neurons",
            low=0.0, high=1.0,
        ),
        Parameter(
            "pmca_half_saturation", 1.0, "uM", "half saturation of PMCA", "assumed",
            rationale="0.2–1 µM with calmodulin; the upper end keeps small transients "
            "exponential, as measured", low=0.05, high=100.0,
        ),
        Parameter(
            "pmca_atp_constant", 0.1, "mM", "ATP for half activity of PMCA", "assumed",
            source="ModelDB266637", rationale="constant of the source, constant after red cells",
            low=0.0, high=5.0,
        ),
        Parameter(
            "ncx_half_saturation", 5.0, "uM", "half saturation of NCX", "assumed",
            rationale="1–10 µM intracellular", low=0.1, high=1e3,
        ),
        Parameter(
            "extracellular_calcium", 1.5, "mM", "free calcium outside", "measured",
            source="Jones1988", preparation="rat cerebral interstitium, 1.2–1.8 mM", low=0.0,
            high=20.0,
        ),
    ),
    requires={
        "calcium": "mM",
        "atp": "mM",
        "sodium": "mM",
        "membrane_potential": "V",
        "extracellular_sodium": "mM",
        "thermal_voltage": "V",
    },
    provides={
        "pmca_flux": "mM/s",
        "ncx_turnover": "mM/s",
        "ncx_drive": "",
        "ncx_flux": "mM/s",
        "calcium_extruded": "mM",
    },
    contributes={
        "cytosolic_calcium_flux": "-pmca_flux - ncx_flux",
        "sodium_flux": "3*ncx_flux",
        "outward_transport_flux": "-ncx_flux",
        "atp_use": "pmca_flux",
    },
    initial={"calcium_leak": "pmca_flux + ncx_flux"},
    records=(
        Recorded("calcium_extruded", "mM", "total calcium extruded, per cytosol"),
    ),
)  # fmt: skip
