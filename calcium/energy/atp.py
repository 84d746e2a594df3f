r"""ATP: synthesis that reverses, glycolysis, and the ledger of use.

.. math::
    J_{F1F0} &= \phi V_F\,\sigma\,\frac{ADP}{ADP + K_D}
        - \phi V_R\,(1-\sigma)\,\frac{ATP}{ATP + K_A}, \qquad
        \sigma = \frac{1}{1 + e^{-(\Delta\Psi - \Delta\Psi_F)/k_F}} \\
    J_{ox} &= (1-p)\,J_{F1F0} - p\,\phi V_R\,\frac{ATP}{ATP + K_A} \\
    J_{gly} &= V_G\,s\,\frac{ADP}{ADP + K_G} \\
    \frac{d[ATP]}{dt} &= J_{ox} + J_{gly} - \sum J_{use} - J_{CK}, \qquad ADP = A - ATP

Below the reversal potential the synthase burns ATP to pump protons (held down by IF1, hence
the small :math:`V_R`); the share :math:`p` of mitochondria with open pores only burns. Oligomycin blocks both directions. What the ATP is used for is booked in
:mod:`unshielded.calcium.energy.ledger`.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter, Recorded

atp = Mechanism(
    name="atp",
    q10=Q10(2.2, "assumed", "Michenfelder1992", "oxygen use of a dog's brain without electrical activity: 2.2"),
    equations="""
    datp/dt = oxidative_supply + glycolysis - atp_use - creatine_kinase_flux : mmolar
    adp = adenine_total - atp : mmolar
    synthase_drive = 1/(1 + exp(-(mitochondrial_potential - synthase_half_potential)/synthase_slope)) : 1
    synthase_left = oligomycin_inhibition/(oligomycin_inhibition + oligomycin_bath) : 1
    hydrolysis = mitochondrial_fraction*synthase_left*synthase_reverse_rate*atp/(atp + housekeeping_atp_constant) : mmolar/second
    atp_synthesis = mitochondrial_fraction*synthase_left*synthase_maximum_rate*synthase_drive*adp/(adp + synthase_adp_constant) - (1 - synthase_drive)*hydrolysis : mmolar/second
    oxidative_supply = polarised_fraction*atp_synthesis - pore_open*hydrolysis : mmolar/second
    glycolysis = glycolysis_maximum_rate*glucose_level*adp/(adp + glycolysis_adp_constant) : mmolar/second
    atp_use_housekeeping = housekeeping_rate*atp/(atp + housekeeping_atp_constant) : mmolar/second
    """,
    parameters=(
        Parameter(
            "resting_atp", 2.4, "mM", "ATP at rest", "assumed", source="ModelDB266637",
            rationale="constant of the source, after cortical spectroscopy", low=0.1,
            high=10.0,
        ),
        Parameter(
            "adenine_total", 2.41, "mM", "ATP plus ADP", "assumed", rationale="free ADP of a "
            "resting neuron is about 10–20 µM; AMP is left out", low=0.1, high=20.0,
        ),
        Parameter(
            "synthase_maximum_rate", 12.5, "mM/s", "maximum oxidative ATP supply, per matrix volume",
            "fitted", rationale="calibrated to 750 nmol/min/mg at 1 µl of matrix per mg; isolated brain "
            "mitochondria make some 500–1,000", per_cell=True, low=0.0, high=100.0,
        ),
        Parameter(
            "synthase_adp_constant", 0.025, "mM", "ADP for half-maximal synthesis", "measured",
            source="Chance1955", preparation="isolated mitochondria, apparent 20–30 µM",
            low=1e-3, high=5.0,
        ),
        Parameter(
            "synthase_half_potential", 108.0, "mV", "potential of half-maximal drive", "fitted",
            rationale="ATP is made until the potential has fallen by some 30 mV; the source's "
            "190 mV belongs to another resting potential", low=20.0, high=200.0,
        ),
        Parameter(
            "synthase_slope", 5.0, "mV", "slope of the drive", "fitted", source="Bertram2006",
            rationale="8.5 mV in the source", low=1.0, high=50.0,
        ),
        Parameter(
            "synthase_reverse_rate", 1.2, "mM/s", "maximum ATP hydrolysis by the synthase, per matrix "
            "volume", "assumed", rationale="a tenth of forward, IF1 inhibits", low=0.0, high=100.0,
        ),
        Parameter(
            "protons_per_atp", 3.7, "", "charges per ATP, carriers included", "measured",
            source="Watt2010", preparation="vertebrate c8 ring: 8/3 + 1", low=1.0, high=10.0,
        ),
        Parameter(
            "oligomycin_inhibition", 0.005, "uM", "oligomycin for half inhibition", "assumed",
            source="Ward2000", rationale="low nM on isolated mitochondria; 2 µg/ml (2.5 µM) blocks "
            "in cultured neurons", low=1e-4, high=100.0,
        ),
        Parameter(
            "glycolysis_maximum_rate", 0.2, "mM/s", "maximum glycolytic ATP supply", "assumed",
            rationale="a few per cent to a tenth of neuronal ATP", per_cell=True, low=0.0,
            high=100.0,
        ),
        Parameter(
            "glycolysis_adp_constant", 0.2, "mM", "ADP for half activation", "assumed",
            rationale="glycolysis follows the fall of ATP, not rest", low=1e-3, high=5.0,
        ),
        Parameter(
            "housekeeping_rate", 0.12, "mM/s", "non-signalling use", "measured",
            source="Attwell2001", preparation="rodent grey matter: a quarter of 0.5 mM/s",
            per_cell=True, low=0.0, high=10.0,
        ),
        Parameter(
            "housekeeping_atp_constant", 0.1, "mM", "ATP for half-maximal use", "assumed",
            rationale="as for the pumps", low=1e-4, high=5.0,
        ),
    ),
    requires={
        "mitochondrial_potential": "V",
        "atp_use": "mM/s",
        "oligomycin_bath": "mM",
        "polarised_fraction": "",
        "pore_open": "",
        "mitochondrial_fraction": "",
        "glucose_level": "",
        "creatine_kinase_flux": "mM/s",
    },
    provides={
        "atp": "mM",
        "adp": "mM",
        "oxidative_supply": "mM/s",
        "resting_atp": "mM",
        "synthase_drive": "",
        "synthase_left": "",
        "protons_per_atp": "",
    },
    contributes={
        "mitochondrial_charge_flux": "-protons_per_atp*atp_synthesis",
        "atp_use": "atp_use_housekeeping",
    },
    initial={"atp": "resting_atp"},
    records=(
        Recorded("atp", "mM", "ATP"),
    ),
)  # fmt: skip
