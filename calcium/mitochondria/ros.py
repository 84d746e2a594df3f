r"""Reactive oxygen species and the antioxidant reserve, relative to rest.

.. math::
    \tau_R \frac{dR}{dt} &= P - R\,\big(r + (1 - r)\,G + h\,C\big), \qquad
    P = (1-p)\Big[(1 - w) + w\,e^{(\Delta\Psi - \Delta\Psi_0)/k}\Big]
      \Big[1 + a\,\Big(\frac{f}{f + K} \Big)^2\Big] + b\,q + d\,(p - q) \\
    \frac{dG}{dt} &= \frac{1 - G}{\tau_G}\,\frac{ATP}{ATP + K_A} - u\,(R - 1)_+\,G

Production rises steeply with :math:`\Delta\Psi` (Korshunov 1997), with loss of cytochrome c
(:math:`q`) and with open pores (:math:`p`), which inhibit the chain. The gain :math:`a` of matrix
calcium has either sign: calcium raises oxidants in stressed neurons and lowers the peroxide of isolated
brain mitochondria [Pandya2013]. A share :math:`r` of the removal needs no reserve (catalase, thioredoxin),
so oxidants stay below :math:`P/r`.
Edaravone, ascorbate and the ester of glutathione (:math:`C`) remove what is there, at rest too.
The reserve :math:`G` (glutathione) is used up by the excess and regenerated with energy.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter, Recorded

ros = Mechanism(
    name="ros",
    q10=Q10(2.2, "assumed", "Michenfelder1992", "enzymes, taken as other metabolism: 2.2"),
    equations="""
    ros_calcium = free_matrix_calcium/(free_matrix_calcium + ros_calcium_constant) : 1
    ros_production = polarised_fraction*(1 - ros_potential_fraction + ros_potential_fraction*exp((mitochondrial_potential - resting_mitochondrial_potential)/ros_potential_slope))*(1 + ros_calcium_gain*ros_calcium**2) + ros_cytochrome_gain*cytochrome_c + ros_pore_gain*(pore_open - cytochrome_c) : 1
    dros/dt = (ros_production - ros*(reserve_independent_removal + (1 - reserve_independent_removal)*antioxidant + edaravone_removal*edaravone_bath + ascorbate_removal*ascorbate_bath + glutathione_ester_removal*glutathione_ester_bath))/ros_time_constant : 1
    ros_excess = clip(ros - 1, 0, inf) : 1
    dantioxidant/dt = (1 - antioxidant)/antioxidant_recovery*atp/(atp + antioxidant_atp_constant) - antioxidant_use*ros_excess*antioxidant : 1
    dintegrated_ros/dt = ros_excess : second
    """,
    parameters=(
        Parameter(
            "ros_potential_fraction", 0.5, "", "share of resting production that follows the "
            "potential", "assumed", rationale="reverse electron transport against the rest",
            low=0.0, high=1.0,
        ),
        Parameter(
            "ros_potential_slope", 5.0, "mV", "potential for an e-fold change", "fitted",
            source="Korshunov1997", rationale="10 % above the state-3 potential multiplies "
            "production, in heart mitochondria", low=1.0, high=50.0,
        ),
        Parameter(
            "ros_calcium_gain", 0.0, "", "production added at saturating matrix calcium, over that "
            "without", "assumed", source="Pandya2013", rationale="of either sign: 100–1,000 nmol/mg lower "
            "the peroxide of brain mitochondria, overload raises oxidants in neurons; neither is "
            "taken", low=-1.0, high=1e3,
        ),
        Parameter(
            "ros_calcium_constant", 2.0, "uM", "free matrix calcium for half effect", "assumed",
            rationale="overload, above the range of dehydrogenase control", low=0.01, high=100.0,
        ),
        Parameter(
            "ros_cytochrome_gain", 10.0, "", "production added by full loss of cytochrome c",
            "assumed", rationale="reduced upstream carriers leak electrons", low=0.0, high=1e3,
        ),
        Parameter(
            "ros_pore_gain", 5.0, "", "production added by open pores", "assumed",
            rationale="ROS-induced ROS release on permeability transition (Zorov 2000)",
            low=0.0, high=1e3,
        ),
        Parameter(
            "reserve_independent_removal", 0.2, "", "removal that needs no glutathione, over the whole at "
            "rest", "assumed", rationale="catalase and thioredoxin share the removal of peroxide in brain "
            "mitochondria; bounds oxidants when the reserve is spent", low=0.001, high=1.0,
        ),
        Parameter(
            "ros_time_constant", 1.0, "s", "removal at full reserve", "assumed",
            rationale="hydrogen peroxide lives for about a second in cells", low=1e-2, high=1e3,
        ),
        Parameter(
            "edaravone_removal", 0.2, "1/uM", "removal added by edaravone, over that of the full "
            "reserve", "assumed", rationale="rate constants of radicals with edaravone are those of "
            "other antioxidants at like concentrations; not measured in neurons", low=0.0,
            high=100.0,
        ),
        Parameter(
            "ascorbate_removal", 1.0, "1/mM", "removal added by ascorbate outside, over that of the full "
            "reserve", "assumed", source="Rice2000", rationale="neurons hold some 10 mM at 0.2–0.4 mM "
            "outside, of like weight as glutathione; what is there at rest is in the reserve", low=0.0,
            high=100.0,
        ),
        Parameter(
            "glutathione_ester_removal", 0.4, "1/mM", "removal added by the ester of glutathione outside, "
            "over that of the full reserve", "assumed", rationale="enters and is cleaved: as much inside "
            "as outside, where 2.5 mM are the reserve", low=0.0, high=100.0,
        ),
        Parameter(
            "antioxidant_recovery", 300.0, "s", "regeneration of the reserve", "assumed",
            rationale="glutathione reduction by NADPH, minutes", per_cell=True, low=1.0, high=1e6,
        ),
        Parameter(
            "antioxidant_use", 0.0005, "1/s", "use of the reserve per excess ROS", "assumed",
            rationale="a several-fold excess empties the reserve within tens of minutes",
            low=0.0, high=10.0,
        ),
        Parameter(
            "antioxidant_atp_constant", 0.5, "mM", "ATP for half-maximal regeneration",
            "assumed", rationale="NADPH supply depends on the energy state", low=1e-3, high=5.0,
        ),
    ),
    requires={
        "mitochondrial_potential": "V",
        "resting_mitochondrial_potential": "V",
        "free_matrix_calcium": "mM",
        "cytochrome_c": "",
        "pore_open": "",
        "polarised_fraction": "",
        "atp": "mM",
        "edaravone_bath": "mM",
        "ascorbate_bath": "mM",
        "glutathione_ester_bath": "mM",
    },
    provides={"ros": "", "antioxidant": ""},
    initial={"ros": "1", "antioxidant": "1"},
    records=(
        Recorded("ros", "", "reactive oxygen species over rest"),
        Recorded("antioxidant", "", "antioxidant reserve, share left"),
        Recorded("integrated_ros", "s", "time integral of reactive oxygen species above rest"),
    ),
)  # fmt: skip
