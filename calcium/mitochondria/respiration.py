r"""Respiration, proton leak and the mitochondrial membrane potential.

.. math::
    \phi\,C_m \frac{d\Delta\Psi}{dt} &= J_{H} - J_{leak} + \sum J_{charge} \\
    J_H &= \phi\,V_H\, s\,x\, \Big(1 + a\frac{f}{f + K_f}\Big)\,
        \frac{1}{1 + e^{(\Delta\Psi - \Delta\Psi_{1/2})/k}}\;
        \frac{1}{1 + (R - 1)/K_R}, \qquad
    J_{leak} = \phi\,g\,\big(1 + U\big)\,\Delta\Psi

:math:`\phi` is the matrix volume over the cytosol's: rates are properties of mitochondria, and a cell with
more of them can supply more. The substrate :math:`s` comes from :mod:`unshielded.calcium.energy.fuels`;
:math:`x` is what cyanide leaves of complex IV. An uncoupler (:math:`U`, by FCCP) multiplies the leak. Proton pumping slows as it works against the potential, is stimulated by matrix calcium
(dehydrogenases; so calcium first hyperpolarises), and is inhibited by reactive oxygen species above
rest. :math:`\Delta\Psi` is that of the mitochondria whose pores are shut, and all fluxes are those
of a cell with all its mitochondria polarised. It is written as the positive potential of the outside over the matrix: 139 mV at rest (Gerencser 2012); the
source's half activations, made for 160–190 mV, are refitted to that.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter, Recorded

respiration = Mechanism(
    name="respiration",
    q10=Q10(2.2, "assumed", "Pamenter2018", "mouse brain, respiration 40–75 % lower at 28 than at 37 °C: 1.8–4.7; the lower end, as the oxygen use of a dog's brain"),
    equations="""
    dmitochondrial_potential/dt = (proton_pumping - proton_leak + mitochondrial_charge_flux)/(mitochondrial_fraction*mitochondrial_capacitance) : volt
    complex_iv_left = cyanide_inhibition/(cyanide_inhibition + cyanide_bath) : 1
    calcium_stimulation = 1 + dehydrogenase_stimulation*free_matrix_calcium/(free_matrix_calcium + dehydrogenase_constant) : 1
    respiratory_capacity = substrate*complex_iv_left*calcium_stimulation/(1 + clip(ros - 1, 0, inf)/ros_inhibition_constant) : 1
    proton_pumping = mitochondrial_fraction*respiration_maximum_rate*respiratory_capacity/(1 + exp((mitochondrial_potential - respiration_half_potential)/respiration_slope)) : mmolar/second
    uncoupling = uncoupler_leak*fccp_bath/(uncoupler_half_effect + fccp_bath) : 1
    proton_leak = mitochondrial_fraction*proton_leak_conductance*(1 + uncoupling)*mitochondrial_potential : mmolar/second
    """,
    parameters=(
        Parameter(
            "resting_mitochondrial_potential", 139.0, "mV", "potential at rest", "measured",
            source="Gerencser2012", preparation="rat cortical neurons", low=50.0, high=200.0,
        ),
        Parameter(
            "respiration_maximum_rate", 62.5, "mM/s", "maximum proton pumping, per matrix volume",
            "fitted", rationale="five for each ATP of the synthase at its full rate, which takes 3.7; the leak "
            "takes the rest",
            per_cell=True, spread=0.1, low=0.0, high=1e4,
        ),
        Parameter(
            "respiration_half_potential", 126.0, "mV", "potential of half-maximal pumping",
            "fitted", rationale="139 mV at rest (Gerencser2012)", low=50.0, high=200.0,
        ),
        Parameter(
            "respiration_slope", 7.0, "mV", "slope of respiratory control", "fitted",
            source="Bertram2006", rationale="5 mV in the source, around 177 mV", low=1.0,
            high=50.0,
        ),
        Parameter(
            "cyanide_inhibition", 20.0, "uM", "cyanide for half inhibition of complex IV", "assumed",
            rationale="some tens of µM halve the respiration of brain mitochondria", low=1e-3,
            high=1e4,
        ),
        Parameter(
            "dehydrogenase_stimulation", 0.3, "", "further capacity at high matrix calcium",
            "assumed", rationale="calcium raises maximal respiration by a quarter to a half",
            low=0.0, high=5.0,
        ),
        Parameter(
            "dehydrogenase_constant", 0.5, "uM", "matrix calcium for half stimulation",
            "assumed", rationale="dehydrogenases respond between 0.2 and 1 µM", low=0.01,
            high=100.0,
        ),
        Parameter(
            "ros_inhibition_constant", 10.0, "", "excess ROS that halves respiration", "assumed",
            rationale="aconitase and complex I are inactivated by sustained oxidative stress",
            low=0.1, high=1e6,
        ),
        Parameter(
            "proton_leak_conductance", 0.05, "mM/s/mV", "basal proton leak, per matrix volume",
            "assumed", rationale="a quarter of resting respiration drives the leak", low=0.0, high=20.0,
        ),
        Parameter(
            "uncoupler_leak", 50.0, "", "leak added by saturating FCCP, over the basal leak",
            "assumed", rationale="outweighs maximal respiration: the potential collapses",
            low=0.0, high=1e4,
        ),
        Parameter(
            "uncoupler_half_effect", 0.5, "uM", "FCCP for half effect", "assumed",
            source="Ward2000", rationale="1 µM collapses the potential of cultured neurons",
            low=1e-3, high=100.0,
        ),
        Parameter(
            "mitochondrial_capacitance", 25.7, "uM/mV", "inner membrane, as charge per matrix volume",
            "assumed", source="Bertram2006", rationale="model constant of 1.8 µM/mV per cytosol, at 7 % of "
            "the volume", low=1.0, high=1000.0,
        ),
    ),
    requires={
        "free_matrix_calcium": "mM",
        "ros": "",
        "mitochondrial_charge_flux": "mM/s",
        "fccp_bath": "mM",
        "cyanide_bath": "mM",
        "substrate": "",
        "mitochondrial_fraction": "",
    },
    provides={
        "mitochondrial_potential": "V",
        "resting_mitochondrial_potential": "V",
        "proton_pumping": "mM/s",
        "proton_leak": "mM/s",
        "respiratory_capacity": "",
    },
    initial={"mitochondrial_potential": "resting_mitochondrial_potential"},
    records=(
        Recorded(
            "mitochondrial_potential", "mV", "potential of the mitochondria with "
            "shut pores, cytosol over matrix",
        ),
    ),
)  # fmt: skip
