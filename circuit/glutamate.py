r"""Glutamate: one pool in the clefts, one around them, cleared by transporters.

Every release into the synaptic field of a neuron raises the mean concentration of its clefts
by ``release_concentration / synapse_count``. It leaves by diffusion within a millisecond and
dilutes into the perisynaptic space, from which astrocytic EAAT2 and the neuronal transporter
(Michaelis–Menten) and diffusion remove it:

.. math::
    \dot G_c &= -G_c/\tau_c \\
    \dot G_p &= \rho\, G_c/\tau_c
        - (V_{EAAT2}\,e + V_{n})\frac{G_p}{K_m + G_p} - k_d\,(G_p - G_{ambient}) + J_0

with :math:`e` the remaining EAAT2 (``eaat2``, 0…1) and :math:`J_0` the non-vesicular leak
that keeps :math:`G_{ambient}` in the healthy tissue. Linearised, clearance slows 2.0-fold at
71 % and 3.0-fold at 95 % loss of EAAT2 [Clements1992, Huebel2017].
"""

from mechanism import Mechanism, Parameter

glutamate = Mechanism(
    name="glutamate",
    equations="""
    dcleft_glutamate/dt = -cleft_glutamate/cleft_time_constant : mmolar
    dperisynaptic_glutamate/dt = cleft_volume_ratio*cleft_glutamate/cleft_time_constant - (eaat2*eaat2_maximum_rate + neuronal_uptake_maximum_rate)*perisynaptic_glutamate/(uptake_half_saturation + perisynaptic_glutamate) + glutamate_escape_rate*(ambient_glutamate - perisynaptic_glutamate) + ambient_release : mmolar
    ambient_release = (eaat2_maximum_rate + neuronal_uptake_maximum_rate)*ambient_glutamate/(uptake_half_saturation + ambient_glutamate) : mmolar/second
    """,
    parameters=(
        Parameter(
            "release_concentration", 1.1, "mM", "peak in the cleft after one release", "measured",
            source="Clements1992", preparation="cultured hippocampal synapses", low=0.0, high=20.0,
        ),
        Parameter(
            "cleft_time_constant", 1.2, "ms", "decay of the cleft transient", "measured",
            source="Clements1992", preparation="cultured hippocampal synapses", low=0.3, high=50.0,
        ),
        Parameter(
            "synapse_count", 1000.0, "", "glutamatergic synapses in a neuron's synaptic field",
            "assumed", rationale="unit of weight: the model's few afferents stand for the "
            "thousands of a real cell", low=1.0, high=1e6,
        ),
        Parameter(
            "cleft_volume_ratio", 0.005, "", "cleft volume over perisynaptic volume", "assumed",
            rationale="disc of 0.3 µm by 20 nm in the extracellular 20 % of 1 µm³ per synapse",
            low=0.0, high=1.0,
        ),
        Parameter(
            "eaat2_maximum_rate", 0.845, "mM/s", "maximum rate of astrocytic EAAT2", "fitted",
            source="Huebel2017", rationale="glial:neuronal uptake 4:1 as in the source; scaled "
            "so that the perisynaptic pool clears in 25 ms", low=0.0, high=1e4,
        ),
        Parameter(
            "neuronal_uptake_maximum_rate", 0.211, "mM/s", "maximum rate of neuronal uptake",
            "fitted", source="Huebel2017", rationale="a quarter of the glial rate, as in the "
            "source", low=0.0, high=1e4,
        ),
        Parameter(
            "uptake_half_saturation", 30.0, "uM", "Michaelis constant of uptake", "assumed",
            source="Huebel2017", rationale="model constant after oocyte and slice work",
            low=0.1, high=1e3,
        ),
        Parameter(
            "glutamate_escape_rate", 4.8, "1/s", "diffusion out of the perisynaptic space",
            "fitted", rationale="with it the loss of 71 % of EAAT2 slows clearance 2-fold, of "
            "95 % 3-fold", low=0.0, high=1e4,
        ),
        Parameter(
            "ambient_glutamate", 0.025, "uM", "concentration without synaptic release",
            "measured", source="Herman2007", preparation="rat hippocampal slice", low=0.0,
            high=100.0,
        ),
        Parameter(
            "eaat2", 1.0, "", "remaining astrocytic EAAT2 (set by glutamate.eaat2)", "assumed",
            rationale="1 is healthy tissue; ALS motor cortex has lost 71 % (Rothstein1995)",
            low=0.0, high=1.0,
        ),
    ),
    provides={"cleft_glutamate": "mM", "perisynaptic_glutamate": "mM"},
    initial={"perisynaptic_glutamate": "ambient_glutamate"},
)  # fmt: skip
