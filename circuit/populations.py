"""The populations of the circuit: what they are, sizes, and the numbers in which their neurons differ.

A population has no equations of its own. What is not listed here is the mechanisms' default.
Motor neurons differ by their size alone (:mod:`unshielded.circuit.muscle.motor_units`); slow, fatigue-resistant and
fatigable units are ranges of one continuum. Two more pools have motor neurons of all sizes. The buffered pool is a
control: limb motor neurons that differ in their calcium buffer alone. The oculomotor pool has what was found to differ
there: input and discharge, receptors, buffers, length of axon and size of junctions.

What a population is, its roles, decides what is done with it: which cells a loss of interneurons takes,
which pools move the limb. The rest of the program asks for roles, never for names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from unshielded.circuit.muscle import motor_units
from unshielded.mechanism import Kind, Parameter


@dataclass(frozen=True)
class Population:
    """A population: its size, its numbers, and its roles in the circuit.

    Attributes
    ----------
    name, description
        As users read it.
    size
        Number of neurons.
    carries_calcium
        Whether its cells carry the calcium submodel.
    region
        Where the cell bodies lie.
    transmitter
        What its terminals release.
    parameters
        Numbers that differ from the mechanisms' default.
    gradients
        Parameter → what its number is multiplied by in the first and in the last neuron, geometric in
        between. They order the neurons by size.
    muscle
        The muscle that it moves. Pools that name the same muscle share it.
    unit_type
        Type of its motor units; None of a pool of all types.
    inhibits
        Which part of the cortex a cortical interneuron inhibits: bodies or dendrites of pyramidal
        cells, or other interneurons.
    """

    name: str
    size: int
    carries_calcium: bool
    description: str
    region: Literal["cortex", "brainstem", "cord"]
    transmitter: Literal["glutamate", "GABA", "glycine", "acetylcholine"]
    parameters: Mapping[str, Parameter]
    gradients: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    muscle: Literal["limb", "limb_control", "oculomotor"] | None = None
    unit_type: motor_units.UnitType | None = None
    inhibits: Literal["somata", "dendrites", "interneurons"] | None = None


def _numbers(*rows: tuple[str, float, str, Kind, str, str]) -> dict[str, Parameter]:
    """Rows of name, value, unit, kind, source, and preparation (measured) or rationale."""
    return {
        name: Parameter(
            name,
            value,
            unit,
            "",
            kind,
            source=source,
            preparation=note if kind == "measured" else "",
            rationale="" if kind == "measured" else note,
        )
        for name, value, unit, kind, source, note in rows
    }


#: Of the terminals that release GABA or glycine.
_RILUZOLE_AT_GABA: tuple[str, float, str, Kind, str, str] = (
    "riluzole_release_inhibition", 200, "uM", "assumed", "Prakriya2000", "hardly affects "
    "inhibitory currents at concentrations that all but abolish excitatory ones",
)  # fmt: skip

_PYRAMIDAL = _numbers(
    ("cytosolic_volume", 5.5, "pL", "assumed", "", "area of 200 pF × 0.27 µm, as for dendrites of "
     "about 1.1 µm"),
    ("mitochondrial_fraction", 0.31, "", "assumed", "Attwell2001", "8 % of the 11 pL of cortex per neuron, "
     "twice that in a large cell, over the dendrites' 5.5 pL: axon and boutons, whose demand is booked here, "
     "bring theirs"),
    ("mcu_maximum_rate", 13, "mM/s", "assumed", "", "a third of the mitochondria lie in dendrites and see "
     "their calcium"),
    ("nclx_maximum_rate", 0.09, "mM/s", "assumed", "", "a third of the mitochondria lie in dendrites and see "
     "their calcium"),
    ("axonal_spike_charge", 49, "pC", "assumed", "Attwell2001", "unmyelinated collaterals, 4 cm of "
     "0.3 µm: 377 pF × 100 mV × 1.3"),
    ("background_rate", 4550, "Hz", "fitted", "Potjans2014", "layer-5 rates at rest, 8 Hz E and 9 Hz "
     "I"),
    ("command_rate", 1100, "Hz", "fitted", "", "a command of 1 raises cortical rates by half"),
    ("refractory_period", 4, "ms", "assumed", "", "absolute and relative; bursts stay below "
     "250 Hz"),
    ("spike_threshold_rise", 7, "mV", "fitted", "Platkiewicz2010", "rates stay below 150 Hz under any conductance; "
     "wider spikes inactivate more channels"),
    ("ahp_increment", 0.35, "nS", "fitted", "Potjans2014", "layer-5 rate at rest"),
    ("ahp_time_constant", 600, "ms", "assumed", "", "medium and slow AHP of layer-5 cells lumped, "
     "100 ms to seconds"),
    ("axon_threshold", 90, "", "fitted", "DiLazzaro2012", "direct waves appear well above motor "
     "threshold"),
    ("release_probability", 0.4, "", "assumed", "Tsodyks1997", "0.5 in slices of layer 5"),
    ("vesicle_recovery_time", 400, "ms", "assumed", "Tsodyks1997", "800 ms in slices of layer 5 at "
     "room temperature"),
    ("afferent_releases", 70, "", "fitted", "", "resting motor threshold at 45–65 % of maximum output"),
    ("calcium_per_spike", 1.0, "pC", "fitted", "Helmchen1996", "total 1.3 µM, free 13 nM, over "
     "the whole dendrite; 150 nM in its trunk"),
)  # fmt: skip

#: In which motor neurons do not follow from their size.
_POOL = _numbers(
    ("threshold_at_rest", -50.5, "mV", "fitted", "Caillet2022", "rheobase of 15.5 nA at 1 MΩ, the "
     "threshold rising by 3 mV in a ramp; rat -42…-43 mV from -61…-63 mV"),
    ("buffer_capacity", 50, "", "measured", "Palecek1999", "mouse spinal motor neurons, 50±17"),
    ("permeable_ampa_fraction", 0.18, "", "fitted", "Metzger2000", "calibrated; Joro spider toxin blocks 20 % "
     "of the current of glutamate in embryonic rat motor neurons"),
    ("calcium_channel_half_activation", -43, "mV", "assumed", "Lee1998", "persistent inward currents of motor neurons "
     "begin near the spike threshold and are largest some 15 mV above"),
    ("dendritic_depolarisation", 8, "mV", "assumed", "Booth1995", "a persistent current of some nA over the resistance "
     "between dendrites and cell body, 1–3 MΩ: the smallest cells become bistable, as those of low rheobase (Lee1998)"),
    ("synapse_count", 1550, "", "fitted", "", "as many more as there are receptors, so that one release "
     "opens what it does in other cells"),
    ("refractory_period", 5, "ms", "assumed", "", "absolute and relative; doublets reach 200 Hz"),
    ("spike_invasion", 0.4, "", "assumed", "", "97 % of the membrane is dendrite, up to 1.2 mm long, and a spike fades "
     "there over some 0.4 mm: its mean height over the area of the tree"),
    ("spike_inactivation", 0.05, "mV", "fitted", "Iglesias2011", "block between -30 and -20 mV; slow inactivation is "
     "large in mouse motor neurons, and holds back their discharge in a ramp"),
    ("background_rate", 0, "Hz", "fitted", "", "the pool is silent at rest"),
    ("afferent_weight", 2, "", "assumed", "", "an event stands for some fibres that fire together"),
    ("command_rate", 2800, "Hz", "fitted", "", "afferents, and descending tracts but the corticospinal one: 10–20 Hz "
     "in a sustained contraction; the rest passes the cortex, for a pulse that silences it silences the muscle"),
    ("vesicle_recovery_time", 200, "ms", "assumed", "Watanabe2015", "depressing synapses on Renshaw "
     "cells"),
    ("release_probability", 0.3, "", "assumed", "", "depression of the first intervals at 20 Hz by "
     "some half"),
)  # fmt: skip

#: The control: a limb pool with the buffer of oculomotor neurons.
_BUFFERED = {
    **_POOL,
    **_numbers(
        ("buffer_capacity", 264, "", "measured", "Vanselow2000", "mouse oculomotor neurons, 264±25: here in cells that "
         "differ from limb motor neurons in nothing else"),
    ),
}  # fmt: skip

_OCULOMOTOR = {
    **_POOL,
    **_numbers(
        ("afferent_weight", 3, "", "assumed", "", "an event stands for some fibres that fire together"),
        ("background_rate", 4700, "Hz", "fitted", "Goldstein1986", "no corticospinal input: premotor cells of the "
         "brainstem hold 97 Hz in primary position"),
        ("command_rate", 0, "Hz", "assumed", "", "a command to the limb does not move the eyes"),
        ("spike_inactivation", 0.01, "mV", "assumed", "", "abducens cells reach several hundred Hz in saccades; as "
         "fast-spiking cells"),
        ("ahp_increment", 20, "nS", "assumed", "", "intervals of 10 ms at 97 Hz: a small and fast "
         "after-hyperpolarisation"),
        ("ahp_time_constant", 10, "ms", "assumed", "", "intervals of 10 ms at 97 Hz"),
        ("permeable_ampa_fraction", 0.09, "", "assumed", "Brockington2013", "less calcium through AMPA receptors than "
         "in spinal motor neurons of mice; half, for how much less is not at hand"),
        ("buffer_capacity", 55, "", "fitted", "Vanselow2000", "with calbindin the transient of a cell of 264, as mouse "
         "oculomotor neurons have, 264±25 (validation V1)"),
        ("calbindin_sites", 188, "uM", "assumed", "Muller2005", "47 µM in interneurons of hippocampal CA3, four "
         "sites each; oculomotor neurons have calbindin and spinal ones hardly (Alexianu 1994), how much is "
         "not known"),
        ("calcium_channel_half_activation", -30, "mV", "assumed", "", "no plateaus: they hold eye positions with a discharge that "
         "follows its input; with the limb's -43 mV half of them died within ten days of it"),
        ("dendritic_depolarisation", 0, "mV", "assumed", "", "no plateaus"),
        ("mitochondrial_fraction", 0.18, "", "assumed", "Brockington2013", "genes of mitochondria are among those whose expression "
         "differs, how much is not at hand; half as many again as in a limb motor neuron of its size, for the energy "
         "of 97 Hz"),
        ("calcium_per_spike", 10.4, "pC", "fitted", "Goldstein1986", "0.4 of the charge of a limb motor neuron of this size: "
         "spikes that follow each other at several hundred Hz are brief, how brief is not at hand; with all of it "
         "the most active cells die within a day, and their nuclei lose none (validation V23)"),
        ("axonal_spike_charge", 24, "pC", "assumed", "Tasaki1955", "0.08 m of oculomotor nerve, per length as in "
         "the limb's"),
        ("vesicles_per_spike", 300, "", "assumed", "", "30 quanta at the junctions of some ten fibres: units of eye "
         "muscles are the smallest"),
    ),
}  # fmt: skip

#: Of cells with calbindin, or with parvalbumin.
_CALBINDIN: tuple[str, float, str, Kind, str, str] = (
    "calbindin_sites", 188, "uM", "assumed", "Muller2005", "47 µM in interneurons of hippocampal CA3, four sites "
    "each",
)  # fmt: skip
_PARVALBUMIN: tuple[str, float, str, Kind, str, str] = (
    "parvalbumin_sites", 72, "uM", "assumed", "Eggermann2012", "36 µM in hippocampal basket cells, two sites each",
)  # fmt: skip

#: Energy of an interneuron in proportion to its 100 pF of membrane.
_INTERNEURON = _numbers(
    ("cytosolic_volume", 2.7, "pL", "assumed", "", "area of 100 pF × 0.27 µm, as in pyramidal cells"),
    ("mitochondrial_fraction", 0.29, "", "assumed", "", "12 % of soma (2 pL), dendrites (2.7 pL) and axon "
     "(1.9 pL), over the dendrites' 2.7 pL"),
    ("mcu_maximum_rate", 16, "mM/s", "assumed", "", "two fifths of the mitochondria lie in dendrites and see "
     "their calcium"),
    ("nclx_maximum_rate", 0.115, "mM/s", "assumed", "", "two fifths of the mitochondria lie in dendrites and "
     "see their calcium"),
    ("axonal_spike_charge", 25, "pC", "assumed", "", "15 mm of 0.4 µm: 190 pF × 100 mV × 1.3; lengths of "
     "local axons are centimetres"),
    ("vesicles_per_spike", 400, "", "assumed", "", "1,000 boutons, release probability 0.4"),
    ("calcium_channel_conductance", 0.15, "nS", "assumed", "", "channel density of the pyramidal cells"),
    ("katp_conductance", 0.5, "nS", "assumed", "", "channel density of the pyramidal cells"),
    ("calcium_per_spike", 0.5, "pC", "assumed", "", "charge per membrane of the pyramidal cells"),
    _RILUZOLE_AT_GABA,
)  # fmt: skip

_PV = {
    **_INTERNEURON,
    **_numbers(
        ("membrane_capacitance", 100, "pF", "assumed", "Brunel2001", "interneurons at half the "
         "capacitance of pyramidal cells"),
        ("leak_conductance", 10, "nS", "assumed", "Brunel2001", "time constant of 10 ms"),
        ("refractory_period", 1, "ms", "assumed", "Brunel2001", "fast-spiking interneuron"),
        ("spike_inactivation", 0.01, "mV", "assumed", "Mensi2012", "the threshold of fast-spiking cells hardly moves "
         "with their spikes (a tenth of regular-spiking cells' in Kobayashi2009)"),
        ("spike_threshold_rise", 3.5, "mV", "fitted", "WangB2016", "highest steady rate of fast-spiking cells: 338 Hz in human "
         "neocortex, 215–450 Hz over species and areas; their spikes are short and inactivate fewer channels"),
        ("ahp_increment", 0, "nS", "assumed", "", "fast-spiking cells hardly adapt"),
        ("ampa_conductance", 1.0, "uS", "assumed", "", "smaller cell"),
        ("nmda_conductance", 0.1, "uS", "assumed", "", "few NMDA receptors on fast-spiking cells"),
        ("background_rate", 3250, "Hz", "fitted", "Potjans2014", "layer-5 rate at rest, about 9 Hz"),
        ("command_rate", 50, "Hz", "fitted", "", "feed-forward inhibition follows the command"),
        ("buffer_capacity", 202, "", "measured", "Aponte2008", "dendrites of fast-spiking basket cells, rat dentate "
         "gyrus, 202±26, before parvalbumin has bound"),
        _PARVALBUMIN,
        ("mitochondrial_fraction", 0.37, "", "assumed", "Kann2014", "15 % of soma, dendrites and axon in place of "
         "12: enriched with mitochondria and cytochrome oxidase"),
        ("permeable_ampa_fraction", 0.6, "", "assumed", "Angulo1997", "strongly rectifying receptors in fast-spiking "
         "cells of the neocortex"),
        ("axon_threshold", 35.5, "", "fitted", "Vucic2008", "mean short-interval inhibition of 6–8.5 % "
         "(validation V8)"),
    ),
}  # fmt: skip

_SST = {
    **_PV,
    **_numbers(
        ("leak_conductance", 5, "nS", "assumed", "", "input resistance of 200 MΩ or more, twice that "
         "of fast-spiking cells"),
        ("refractory_period", 2, "ms", "assumed", "", "regular- or low-threshold-spiking"),
        ("spike_inactivation", 0.02, "mV", "assumed", "Mensi2012", "weaker than in excitatory cells, stronger than "
         "in fast-spiking ones"),
        ("spike_threshold_rise", 5, "mV", "assumed", "", "between fast-spiking and pyramidal cells, as their spikes' "
         "width"),
        ("ahp_increment", 0.5, "nS", "assumed", "", "adapts"),
        ("ahp_time_constant", 200, "ms", "assumed", "", "adapts"),
        ("nmda_conductance", 0.15, "uS", "assumed", "", "more NMDA receptors than fast-spiking cells"),
        ("background_rate", 0, "Hz", "assumed", "", "all input from within: pyramidal and VIP cells"),
        ("buffer_capacity", 100, "", "assumed", "", "as pyramidal cells, which have hardly any calbindin in layer 5"),
        ("parvalbumin_sites", 0, "uM", "assumed", "", "somatostatin cells have none"),
        _CALBINDIN,
        ("mitochondrial_fraction", 0.29, "", "assumed", "", "as other interneurons"),
        ("permeable_ampa_fraction", 0.1, "", "assumed", "Lalanne2018", "hardly any from pyramidal to Martinotti "
         "cells"),
        ("axon_threshold", 65, "", "assumed", "", "not part of short-interval inhibition; recruited "
         "at the intensities of silent periods"),
    ),
}  # fmt: skip

_VIP = {
    **_SST,
    **_numbers(
        ("membrane_capacitance", 60, "pF", "assumed", "", "small bipolar cells"),
        ("leak_conductance", 4, "nS", "assumed", "", "input resistance of 250 MΩ"),
        ("cytosolic_volume", 1.6, "pL", "assumed", "", "area of 60 pF × 0.27 µm"),
        ("calbindin_sites", 0, "uM", "assumed", "", "calretinin, whose kinetics are not in the model"),
        ("permeable_ampa_fraction", 0.3, "", "assumed", "Angulo1997", "rectification varies widely among cells "
         "that do not spike fast"),
        ("axonal_spike_charge", 12, "pC", "assumed", "", "half the axon of larger interneurons"),
        ("vesicles_per_spike", 200, "", "assumed", "", "half the boutons of larger interneurons"),
        ("calcium_channel_conductance", 0.09, "nS", "assumed", "", "channel density of the pyramidal cells"),
        ("katp_conductance", 0.3, "nS", "assumed", "", "channel density of the pyramidal cells"),
        ("calcium_per_spike", 0.3, "pC", "assumed", "", "charge per membrane of the pyramidal cells"),
        ("ampa_conductance", 0.6, "uS", "assumed", "", "smaller cell"),
        ("nmda_conductance", 0.1, "uS", "assumed", "", "smaller cell"),
        ("background_rate", 0, "Hz", "assumed", "", "all input from within: pyramidal and somatostatin cells"),
        ("axon_threshold", 1e6, "", "assumed", "", "bipolar cells without long axons"),
    ),
}  # fmt: skip

_RENSHAW = {
    **_INTERNEURON,
    **_numbers(
        ("membrane_capacitance", 80, "pF", "assumed", "", "small interneurons"),
        ("leak_conductance", 6, "nS", "assumed", "", "input resistance of 100–300 MΩ"),
        ("ahp_increment", 0.5, "nS", "assumed", "", "little adaptation"),
        ("nmda_conductance", 0.1, "uS", "assumed", "", "smaller cell"),
        ("background_rate", 160, "Hz", "assumed", "", "driven by motor axon collaterals"),
        ("cytosolic_volume", 2.2, "pL", "assumed", "", "area of 80 pF × 0.27 µm"),
        _CALBINDIN,
        ("permeable_ampa_fraction", 0.1, "", "assumed", "VanDamme2002", "AMPA receptors of dorsal-horn neurons let "
         "less calcium through than those of motor neurons"),
        ("axonal_spike_charge", 10, "pC", "assumed", "", "some millimetres in the same segments"),
        ("calcium_channel_conductance", 0.12, "nS", "assumed", "", "channel density of the pyramidal cells"),
        ("katp_conductance", 0.4, "nS", "assumed", "", "channel density of the pyramidal cells"),
        ("calcium_per_spike", 0.4, "pC", "assumed", "", "charge per membrane of the pyramidal cells"),
    ),
}  # fmt: skip

#: Interneurons between the command and motor neurons.
_PREMOTOR = {
    **_RENSHAW,
    **_numbers(
        ("afferent_weight", 1.25, "", "assumed", "", "an event stands for some fibres that fire together"),
        ("background_rate", 0, "Hz", "fitted", "", "motor neurons are silent at rest"),
        ("ahp_increment", 0.1, "nS", "assumed", "", "they fire at tens of Hz for as long as a contraction lasts"),
        ("command_rate", 1500, "Hz", "fitted", "Berg2007", "afferents and descending tracts; in a contraction "
         "conductances of motor neurons several times their leak"),
        ("calbindin_sites", 0, "uM", "assumed", "", "some have calbindin, how many is not known"),
    ),
}  # fmt: skip

_V2A = {
    **_PREMOTOR,
    **_numbers(
        ("riluzole_release_inhibition", 10, "uM", "assumed", "Martin1993", "an excitatory terminal"),
    ),
}  # fmt: skip

_IA = {
    **_RENSHAW,
    **_numbers(
        ("background_rate", 960, "Hz", "assumed", "", "tonic Ia afferents of the antagonist"),
        ("calbindin_sites", 0, "uM", "assumed", "", "parvalbumin in its place"),
        _PARVALBUMIN,
    ),
}  # fmt: skip


def _motor(
    name: str,
    size: int,
    description: str,
    numbers: Mapping[str, Parameter],
    muscle: Literal["limb", "limb_control", "oculomotor"],
    unit_type: motor_units.UnitType | None = None,
) -> Population:
    """A pool in which all that has to do with size follows the rheobase; of all sizes without a type."""
    first, last = (
        motor_units.RHEOBASES[unit_type]
        if unit_type
        else (motor_units.SMALLEST, motor_units.LARGEST)
    )
    middle, gradients = motor_units.pool(first, last)
    by_size = _numbers(*((name, *row) for name, row in middle.items()))
    return Population(
        name,
        size,
        True,
        description,
        "brainstem" if muscle == "oculomotor" else "cord",
        "acetylcholine",
        {**by_size, **numbers},
        gradients,
        muscle,
        unit_type,
    )


POPULATIONS: dict[str, Population] = {
    p.name: p
    for p in (
        Population("pyramidal", 480, True, "layer-5 pyramidal cells, upper motor neurons",
                   "cortex", "glutamate", _PYRAMIDAL),
        _motor("motor_s", 60, "motor neurons of slow units", _POOL, "limb", "S"),
        _motor("motor_fr", 30, "motor neurons of fast, fatigue-resistant units", _POOL, "limb", "FR"),
        _motor("motor_ff", 30, "motor neurons of fast, fatigable units", _POOL, "limb", "FF"),
        _motor("motor_buffered", 30, "motor neurons of all sizes that differ in their calcium buffer alone, a control",
               _BUFFERED, "limb_control"),
        _motor("oculomotor", 30, "motor neurons of eye muscles", _OCULOMOTOR, "oculomotor"),
        Population("pv", 60, True, "fast-spiking, perisomatic (parvalbumin) interneurons",
                   "cortex", "GABA", _PV, inhibits="somata"),
        Population("sst", 36, True, "dendritic (somatostatin) interneurons",
                   "cortex", "GABA", _SST, inhibits="dendrites"),
        Population("vip", 24, True, "interneurons that inhibit interneurons (VIP)",
                   "cortex", "GABA", _VIP, inhibits="interneurons"),
        Population("v2a", 120, True, "excitatory premotor (V2a) interneurons", "cord", "glutamate", _V2A),
        Population("v1", 40, True, "inhibitory premotor (V1) interneurons", "cord", "glycine", _PREMOTOR),
        Population("v2b", 24, True, "inhibitory premotor (V2b) interneurons", "cord", "GABA", _PREMOTOR),
        Population("renshaw", 40, True, "Renshaw cells", "cord", "glycine", _RENSHAW),
        Population("ia", 24, True, "Ia inhibitory interneurons", "cord", "glycine", _IA),
    )
}  # fmt: skip


def named(**roles: str) -> tuple[str, ...]:
    """Return the names of the populations that have all of some roles, in the circuit's order.

    Examples
    --------
    >>> named(muscle="limb")
    ('motor_s', 'motor_fr', 'motor_ff')
    >>> named(region="cortex", transmitter="glutamate")
    ('pyramidal',)
    """
    return tuple(
        name
        for name, population in POPULATIONS.items()
        if all(getattr(population, role) == value for role, value in roles.items())
    )


#: Upper motor neurons.
UPPER = named(region="cortex", transmitter="glutamate")

#: Cortical interneurons, from which `interneuron_loss` takes cells unless it says of which.
INTERNEURONS = named(region="cortex", transmitter="GABA")

#: Inhibitory interneurons of the spinal cord.
SPINAL_INTERNEURONS = tuple(
    name
    for name, population in POPULATIONS.items()
    if population.region == "cord" and population.transmitter in ("GABA", "glycine")
)

#: From which populations `interneuron_loss` takes cells, by what it is of.
INTERNEURONS_OF = {
    "cortical": INTERNEURONS,
    "spinal": SPINAL_INTERNEURONS,
    "all": INTERNEURONS + SPINAL_INTERNEURONS,
}

#: The interneurons of fast, perisomatic inhibition.
PERISOMATIC = named(inhibits="somata")

#: Lower motor neurons, of every muscle.
MOTOR_POOLS = named(transmitter="acetylcholine")

#: The pools of the limb, whose deaths are weakness.
LIMB_POOLS = named(muscle="limb")

#: The pool that is taken where one is asked for and none is named: the middle one of the limb.
TYPICAL = named(unit_type="FR")[0]
