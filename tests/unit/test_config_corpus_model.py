"""Bad configs of the real model: sessions, baths, cultures, losses and parameters."""

from pathlib import Path

import pytest

from tests.unit.bad_configs import HEAD, check, problems_of, split

#: Each § stands where a problem is to be found; it is taken out before the config is read. After
#: the config, a piece of the message of each.
MARKED: dict[str, tuple[str, ...]] = {
    # magnetic stimulation: what a session measures
    "tms a number": ("tms: §3\n", "found 3, expected a mapping"),
    "tms with an unknown part": ("tms: {§recruitmnt: {}}\n", "did you mean 'recruitment'?"),
    "recruitment of two": ("tms: {recruitment: {intensities: §[20, 30]}}\n", "at least 3"),
    "recruitment that falls": (
        "tms: {recruitment: {intensities: §[20, 40, 30]}}\n",
        "30 follows 40, expected values that rise",
    ),
    "recruitment too strong": (
        "tms:\n  recruitment:\n    intensities: [20, 40, §250]\n",
        "intensities.2: 250 is too large, expected at least 0, at most 200",
    ),
    "recruitment with a unit": (
        "tms: {recruitment: {intensities: [20, 40, §60 mV]}}\n",
        "intensities.2: '60 mV' is not a quantity",
    ),
    "one trial": ("tms: {recruitment: {trials: §1}}\n", "1 is too small, expected at least 2"),
    "half a trial": ("tms: {tracking: {trials: §2.5}}\n", "found 2.5, expected a whole number"),
    "too many trials": (
        "tms: {amplitude: {trials: §20000}}\n",
        "too large, expected at most 10000",
    ),
    "interval between pulses too short": (
        "tms: {tracking: {isis: [§0.1 ms]}}\n",
        "'0.1 ms' is too small, expected at least 0.5 ms",
    ),
    "no interval between pulses": ("tms: {tracking: {isis: §[]}}\n", "the list is empty"),
    "one test pulse": ("tms: {tracking: {tests: §[0.9]}}\n", "tms.tracking.tests"),
    "test pulses that fall": ("tms: {tracking: {tests: §[1.3, 0.9]}}\n", "0.9 follows 1.3"),
    "conditioning of nothing": (
        "tms: {tracking: {conditioning: §0}}\n",
        "too small, expected above 0",
    ),
    "target without unit": (
        "tms: {tracking: {target: §0.2}}\n",
        "has no unit, expected a unit like 'mV'",
    ),
    "amplitude of a wrong unit": (
        "tms: {amplitude: {test: §1.2 mV}}\n",
        "'1.2 mV' is not a quantity, expected a number",
    ),
    "silent period without intensities": (
        "tms: {silent_period: {intensities: §null}}\n",
        "found nothing, expected a list",
    ),
    "silent period too often": (
        "tms: {silent_period: {interval: §0.1 s}}\n",
        "'0.1 s' is too small, expected at least 0.6 s",
    ),
    "silent period at rest": ("tms: {silent_period: {level: §0}}\n", "expected above 0"),
    "window that ends before it starts": (
        "tms: {window: §{from: 50 ms, until: 20 ms}}\n",
        "20 ms is not after 'from', expected a time after 50 ms",
    ),
    "window past a second": (
        "tms: {window: {until: §2 s}}\n",
        "expected at least 0 ms, at most 1000 ms",
    ),
    "criterion in seconds": ("tms: {criterion: §50 us}\n", "expected a unit like 'mV'"),
    "jitter above a half": (
        "tms: {jitter: §0.6}\n",
        "0.6 is too large, expected at least 0, at most 0.5",
    ),
    "settling for an hour": ("tms: {settling: §1 h}\n", "'1 h' is too large"),
    "sessions at no time": (
        "tms: {times: §[]}\n",
        "the list is empty, expected at least one value",
    ),
    "sessions at one time": ("tms: {times: §5 s}\n", "found '5 s', expected a list"),
    "session before the start": ("tms: {times: [§-1 s]}\n", "tms.times.0: '-1 s' is too small"),
    # what is applied with the bath
    "bath a mapping": ("bath: §{agent: APV}\n", "found a mapping, expected a list"),
    "bath of names": ("bath: [§APV]\n", "bath.0: found 'APV', expected a mapping"),
    "agent unknown": (
        "bath: [{agent: §mk801, concentration: 1 uM}]\n",
        "there is no agent 'mk801', expected 'glutamate', ",
    ),
    "agent a number": (
        "bath: [{agent: §5, concentration: 1 uM}]\n",
        "found 5, expected 'glutamate', ",
    ),
    "agent in a list": ("bath: [{agent: §[APV], concentration: 1 uM}]\n", "found a list"),
    "agent missing": (
        "bath: [§{concentration: 1 uM}]\n",
        "bath.0.agent: is missing; add 'agent: …'",
    ),
    "concentration missing": ("bath: [§{agent: APV}]\n", "bath.0.concentration: is missing"),
    "concentration in mass": (
        "bath: [{agent: APV, concentration: §1 mg/l}]\n",
        "expected a unit like 'mM'",
    ),
    "concentration negative": ("bath: [{agent: APV, concentration: §-1 uM}]\n", "too small"),
    "concentration of a solid": (
        "bath: [{agent: APV, concentration: §1 M}]\n",
        "'1 M' is too large",
    ),
    "agent after the end": (
        "bath: [{agent: APV, concentration: 1 uM, from: §10 s}]\n",
        "bath.0.from: 10 s is not before the end of the run",
    ),
    "washout after the end": (
        "bath: [{agent: APV, concentration: 1 uM, until: §11 s}]\n",
        "bath.0.until: 11 s is after the end of the run",
    ),
    "washout before the start": (
        "bath: [{agent: APV, concentration: 1 uM, from: 3 s, until: §2 s}]\n",
        "2 s is not after 'from', 3 s",
    ),
    "washout within a slow step": (
        "bath: [{agent: APV, concentration: 1 uM, from: 2 s, until: §2.0001 s}]\n",
        "within a slow step of 'from', 2 s",
    ),
    "agent twice at a time": (
        "bath:\n  - {agent: APV, concentration: 1 uM, until: 3 s}\n"
        "  - §{agent: APV, concentration: 2 uM, from: 2 s}\n",
        "bath.1: APV is applied at the same time as by bath.0",
    ),
    # cultures
    "culture of a number": ("culture: §40\n", "found 40, expected a mapping"),
    "culture of nobody": ("culture: §{}\n", "there is no cell in the culture"),
    "culture of an unknown class": (
        "culture: {§motor_neuron: 4, pv: 4}\n",
        "culture.motor_neuron: there is no population 'motor_neuron'",
    ),
    "culture of half a cell": (
        "culture: {pv: §0.5}\n",
        "culture.pv: found 0.5, expected a whole number",
    ),
    "culture too large": ("culture: {pv: §100001}\n", "too large, expected at most 100000"),
    "culture that is driven": (
        "culture: {pv: 4}\ndrive: {command: §sustained}\n",
        "'sustained' contradicts the culture",
    ),
    "culture that is stimulated": (
        "culture: {pv: 4}\nstimulation: §[{at: 1 s, intensity: 50}]\n",
        "magnetic pulses contradict the culture",
    ),
    "culture with a loss": (
        "culture: {pv: 4}\ncircuit: {interneuron_loss: §0.5}\n",
        "a loss of interneurons contradicts the culture",
    ),
    "culture with a loss of one class": (
        "culture: {pv: 4}\ncircuit: {loss: {pv: §0.5}}\n",
        "a loss of pv contradicts the culture",
    ),
    "culture with a pathway": (
        "culture: {pv: 4}\ncircuit: {pathways: {pv_to_pyramidal: {in_degree: §3}}}\n",
        "3 synapses contradict the culture, which has none",
    ),
    "culture of another size": (
        "culture: {pv: 4}\ncircuit: {populations: {pv: {size: §5}}}\n",
        "5 neurons contradict the culture of 4",
    ),
    "culture without calcium": (
        "culture: {pv: 4}\ncircuit: {populations: {pv: {carries_calcium: §false}}}\n",
        "false contradicts the culture, expected true",
    ),
    "culture in the background": (
        "culture: {pv: 4}\nparameters: {background_rate: §10 Hz}\n",
        "background_rate contradicts the culture, expected 0 Hz",
    ),
    # losses and the scale
    "loss that is none": ("circuit: {loss: {pv: §null}}\n", "circuit.loss.pv"),
    "loss in per cent of a hundred": ("circuit: {loss: {pv: §150 %}}\n", "'150 %' is too large"),
    "loss of nobody in a mapping": (
        "circuit: {loss: {pv: §{from: 1 s, until: 2 s}}}\n",
        "circuit.loss.pv.loss: is missing",
    ),
    "loss with a shape": (
        "circuit: {loss: {pv: {loss: 1, §shape: linear}}}\n",
        "there is no setting 'shape'; there are loss, from, until",
    ),
    "scale with a unit": (
        "circuit: {scale: §2 mm}\n",
        "'2 mm' is not a quantity, expected a number",
    ),
    "scale true": ("circuit: {scale: §true}\n", "true is not a quantity"),
    "scale of a list": ("circuit: {scale: §[1, 2]}\n", "a list is not a quantity"),
    "heterogeneity negative": ("circuit: {heterogeneity: §-0.1}\n", "-0.1 is too small"),
    "delay above a second": (
        "circuit: {pathways: {pv_to_pyramidal: {delay: §2 s}}}\n",
        "'2 s' is too large, expected at least 0 s, at most 1 s",
    ),
    "in-degree of a text": (
        "circuit: {pathways: {pv_to_pyramidal: {in_degree: §many}}}\n",
        "found 'many', expected a whole number",
    ),
    # parameters of mechanisms
    "buffer beside no other": (
        "circuit: {populations: {motor_fr: {parameters: "
        "{calbindin_sites: §50 uM, buffer_capacity: 2}}}}\n",
        "calbindin_sites beside a buffer_capacity of 2 in",
    ),
    "buffer beside the model's sites": (
        "circuit: {populations: {oculomotor: {parameters: {buffer_capacity: §20}}}}\n",
        "or set 'circuit.populations.oculomotor.parameters.calbindin_sites: 0 uM' as well",
    ),
    "capacitance of nothing": ("parameters: {membrane_capacitance: §0 pF}\n", "too small"),
    "conductance in ohm": ("parameters: {ampa_conductance: §5 Mohm}\n", "expected a unit like"),
    "rate without time": ("parameters: {mcu_maximum_rate: §1 mM}\n", "expected a unit like 'mM/s'"),
    "parameter of two": (
        "parameters: {ampa_conductance: §[1 nS, 2 nS]}\n",
        "a list is not a quantity",
    ),
    "parameter in a mapping": (
        "parameters: {ampa_conductance: §{value: 1 nS}}\n",
        "a mapping is not a quantity",
    ),
    "parameter not a number": ("parameters: {ampa_conductance: §.nan}\n", "not finite"),
    "parameter of a condition": ("parameters: {§eaat2: 0.5}\n", "there is no parameter 'eaat2'"),
    "parameters in a list": (
        "parameters: §[ampa_conductance]\n",
        "found a list, expected a mapping",
    ),
    # the rest
    "pulse between steps": (
        "drive: {command: rest}\n"
        "stimulation: [{at: 1 s, intensity: 9}, {at: §1.00005 s, intensity: 9}]\n",
        "stimulation.1.at: 1.00005 s is not after the pulse before it",
    ),
    "pulse with a width": (
        "stimulation: [{at: 1 s, intensity: 50, §width: 1 ms}]\n",
        "stimulation.0.width: there is no setting 'width'",
    ),
    "pulse in per cent": (
        "stimulation: [{at: 1 s, intensity: §50 mV}]\n",
        "'50 mV' is not a quantity",
    ),
    "duty above one": ("drive: {command: rhythmic, duty: §1.5}\n", "1.5 is too large"),
    "frequency of nothing": ("drive: {frequency: §0 Hz}\n", "too small, expected above 0 Hz"),
    "a hundred and one traces": ("record: {neurons: §101}\n", "too large, expected at most 100"),
    "membrane of nobody": (
        "record: {membrane: {neurons: §0, until: 1 s}}\n",
        "0 is too small, expected at least 1",
    ),
    "membrane past the end": (
        "record: {membrane: {until: §11 s}}\n",
        "record.membrane.until: 11 s is after the end of the run",
    ),
    "one bad seed": ("sweep: {seeds: [§x]}\n", "sweep.seeds.0: found 'x', expected a whole number"),
    "sweep of an agent that is not there": (
        "bath: [{agent: APV, concentration: 1 uM}]\n"
        "sweep: {grid: {bath.0.concentration: [1 uM, §1 s]}}\n",
        "bath.0.concentration: '1 s' has the unit 's', expected a unit like 'mM'",
    ),
}


@pytest.mark.parametrize("case", MARKED)
def test_bad_config_of_the_real_model(case: str, tmp_path: Path) -> None:
    marked, *said = MARKED[case]
    text, expected = split(HEAD + marked, *said)
    check(problems_of(text, tmp_path), expected)
