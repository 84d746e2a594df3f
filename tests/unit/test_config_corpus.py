"""Bad configs: what is said about them, and where."""

from pathlib import Path

import pytest

from tests.synthetic_catalogue import CATALOGUE
from unshielded.config import ConfigError, load

HEAD = "name: a\nduration: 10 s\n"

#: The config, then line, column and a piece of the message of each problem.
CORPUS: dict[str, tuple[str, tuple[tuple[int, int, str], ...]]] = {
    "empty": ("", ((1, 1, "the file is empty, expected a mapping"),)),
    "only a comment": ("# nothing\n", ((1, 1, "the file is empty"),)),
    "a list": ("- 1\n", ((1, 1, "found a list, expected a mapping"),)),
    "a text": ("hello\n", ((1, 1, "found 'hello'"),)),
    "no name": ("duration: 10 s\n", ((1, 1, "name: is missing"),)),
    "no duration": ("name: a\n", ((1, 1, "duration: is missing"),)),
    "name in capitals": ("name: Run 1\nduration: 1 s\n", ((1, 7, "lower-case letters"),)),
    "name too long": (f"name: {'a' * 65}\nduration: 1 s\n", ((1, 7, "1 to 64"),)),
    "name with a newline": ('name: "a\\n"\nduration: 1 s\n', ((1, 7, r"found 'a\n'"),)),
    "description a number": (HEAD + "description: 3\n", ((3, 14, "found 3, expected text"),)),
    "no unit": ("name: a\nduration: 10\n", ((2, 11, "has no unit, expected a unit like 's'"),)),
    "wrong unit": ("name: a\nduration: 10 mV\n", ((2, 11, "expected a unit like 's'"),)),
    "unknown unit": ("name: a\nduration: 10 sx\n", ((2, 11, "'sx' is not a unit"),)),
    "sexagesimal": ("name: a\nduration: 1:30\n", ((2, 11, "'1:30' is not a quantity"),)),
    "zero duration": ("name: a\nduration: 0 s\n", ((2, 11, "too small, expected above 0 s"),)),
    "negative duration": ("name: a\nduration: -1 s\n", ((2, 11, "'-1 s' is too small"),)),
    "31 days": ("name: a\nduration: 31 day\n", ((2, 11, "too long for spikes all the way"),)),
    "infinite": ("name: a\nduration: .inf\n", ((2, 11, "not finite"),)),
    "overflow": ("name: a\nduration: 1e999 s\n", ((2, 11, "not finite"),)),
    "tower of powers": ("name: a\nduration: 1 s^(9^9^9)\n", ((2, 11, "is not a quantity"),)),
    "true as a number": (HEAD + "drive: {level: true}\n", ((3, 16, "true is not a quantity"),)),
    "yes is text": (HEAD + "record: {spikes: yes}\n", ((3, 18, "'yes', expected true or false"),)),
    "seed negative": (HEAD + "seed: -1\n", ((3, 7, "-1 is too small, expected at least 0"),)),
    "seed too large": (HEAD + "seed: 4294967296\n", ((3, 7, "too large"),)),
    "seed a float": (HEAD + "seed: 1.0\n", ((3, 7, "found 1.0, expected a whole number"),)),
    "seed true": (HEAD + "seed: true\n", ((3, 7, "found true, expected a whole number"),)),
    "huge number": (HEAD + f"seed: {'9' * 5000}\n", ((3, 7, "a number of 5000 characters"),)),
    "huge float": (HEAD + f"drive: {{level: 1{'0' * 90}e300}}\n", ((3, 16, "not finite"),)),
    "empty section": (HEAD + "drive:\n", ((3, 7, "remove the key or write {}"),)),
    "section a list": (HEAD + "drive: []\n", ((3, 8, "found a list, expected a mapping"),)),
    "unknown section": (HEAD + "drvie: {}\n", ((3, 1, "did you mean 'drive'?"),)),
    "unknown key": (HEAD + "drive:\n  levl: 1\n", ((4, 3, "drive.levl: there is no setting"),)),
    "key elsewhere": (HEAD + "eaat2: 0\n", ((3, 1, "did you mean 'glutamate.eaat2'?"),)),
    "unknown command": (HEAD + "drive: {command: rythmic}\n", ((3, 18, "mean 'rhythmic'?"),)),
    "unknown population": (
        HEAD + "circuit:\n  populations:\n    motr: {size: 1}\n",
        ((5, 5, "populations.motr: there is no population 'motr'; did you mean 'motor_fr'?"),),
    ),
    "unknown pathway": (
        HEAD + "circuit: {pathways: {motor_to_pyramidal: {weight: 1}}}\n",
        ((3, 22, "there is no pathway 'motor_to_pyramidal'"),),
    ),
    "unknown parameter": (
        HEAD + "parameters:\n  buffr_capacity: 5\n",
        ((4, 3, "there is no parameter 'buffr_capacity'; did you mean 'buffer_capacity'?"),),
    ),
    "parameter without unit": (
        HEAD + "parameters:\n  resting_potential: -70\n",
        ((4, 22, "-70 has no unit, expected a unit like 'mV'"),),
    ),
    "parameter out of range": (
        HEAD + "parameters: {resting_potential: 20 mV}\n",
        ((3, 33, "'20 mV' is too large, expected at least -100 mV, at most -40 mV"),),
    ),
    "parameter null": (
        HEAD + "parameters: {buffer_capacity: }\n",
        ((3, 30, "nothing is not a quantity, expected a number (at least 1, at most 1000)"),),
    ),
    "dimensionless with pi": (
        HEAD + "parameters: {buffer_capacity: 3 pi}\n",
        ((3, 31, "'3 pi' is not a quantity"),),
    ),
    "not per cell": (
        HEAD + "circuit: {populations: {motor_fr: {parameters: {mcu_maximum_rate: 1 mM/s}}}}\n",
        ((3, 49, "one value for the whole model"),),
    ),
    "size negative": (
        HEAD + "circuit: {populations: {motor_fr: {size: -3}}}\n",
        ((3, 42, "circuit.populations.motor_fr.size: -3 is too small"),),
    ),
    "population null": (
        HEAD + "circuit:\n  populations:\n    motor_fr:\n",
        ((5, 14, "circuit.populations.motor_fr: found nothing"),),
    ),
    "nobody": (
        HEAD + "circuit:\n  populations: {pyramidal: {size: 0}, motor_fr: {size: 0}, "
        "pv: {size: 0}}\n",
        ((4, 16, "there is no neuron"),),
    ),
    "loss above one": (
        HEAD + "circuit: {interneuron_loss: 1.5}\n",
        ((3, 29, "circuit.interneuron_loss: 1.5 is too large"),),
    ),
    "loss without end": (
        HEAD + "circuit: {interneuron_loss: {loss: 1, from: 1 s}}\n",
        ((3, 45, "'from' is given without 'until'"),),
    ),
    "loss backwards": (
        HEAD + "circuit: {interneuron_loss: {loss: 1, from: 5 s, until: 4 s}}\n",
        ((3, 57, "4 s is not after 'from', 5 s"),),
    ),
    "loss of an unknown population": (
        HEAD + "circuit:\n  loss: {pv: 0.5, pyramidl: 0.5}\n",
        ((4, 19, "loss.pyramidl: there is no population 'pyramidl'; did you mean 'pyramidal'?"),),
    ),
    "loss of a population above one": (
        HEAD + "circuit: {loss: {pv: 1.5}}\n",
        ((3, 22, "circuit.loss.pv: 1.5 is too large, expected at least 0, at most 1"),),
    ),
    "loss of a population without an end": (
        HEAD + "circuit: {loss: {pv: {loss: 1, from: 1 s}}}\n",
        ((3, 38, "circuit.loss.pv.from: 'from' is given without 'until'"),),
    ),
    "loss of a population backwards": (
        HEAD + "circuit: {loss: {pv: {loss: 1, from: 5 s, until: 4 s}}}\n",
        ((3, 50, "circuit.loss.pv.until: 4 s is not after 'from', 5 s"),),
    ),
    "loss of a population after the end": (
        HEAD + "circuit: {loss: {pv: {loss: 1, from: 5 s, until: 11 s}}}\n",
        ((3, 50, "circuit.loss.pv.until: 11 s is after the end of the run"),),
    ),
    "losses in a list": (HEAD + "circuit: {loss: [pv]}\n", ((3, 17, "found a list"),)),
    "scale of nothing": (
        HEAD + "circuit: {scale: 0}\n",
        ((3, 18, "circuit.scale: 0 is too small, expected above 0, at most 1000"),),
    ),
    "scale too large": (HEAD + "circuit: {scale: 1e4}\n", ((3, 18, "is too large"),)),
    "scale a text": (HEAD + "circuit: {scale: big}\n", ((3, 18, "'big' is not a quantity"),)),
    "pulse beyond the end": (
        HEAD + "stimulation:\n  - {at: 9 s, intensity: 50}\n  - {at: 10 s, intensity: 50}\n",
        ((5, 10, "stimulation.1.at: 10 s is not before the end of the run"),),
    ),
    "pulses backwards": (
        HEAD + "stimulation: [{at: 2 s, intensity: 50}, {at: 1 s, intensity: 50}]\n",
        ((3, 46, "stimulation.1.at: 1 s is not after the pulse before it"),),
    ),
    "pulses within a fast step": (
        HEAD + "stimulation: [{at: 1 s, intensity: 50}, {at: 1.00001 s, intensity: 50}]\n",
        ((3, 46, "stimulation.1.at: 1.00001 s is not after the pulse before it"),),
    ),
    "pulse too strong": (
        HEAD + "stimulation: [{at: 1 s, intensity: 201}]\n",
        ((3, 36, "stimulation.0.intensity: 201 is too large, expected at least 0, at most 200"),),
    ),
    "pulse of no strength": (
        HEAD + "stimulation: [{at: 1 s}]\n",
        ((3, 15, "stimulation.0.intensity: is missing"),),
    ),
    "pulses in a mapping": (
        HEAD + "stimulation: {at: 1 s, intensity: 50}\n",
        ((3, 14, "found a mapping, expected a list"),),
    ),
    "sweep of a pulse that is not there": (
        HEAD + "stimulation: [{at: 1 s, intensity: 50}]\n"
        "sweep:\n  grid: {stimulation.1.intensity: [50]}\n",
        ((5, 10, "there is no setting 'stimulation.1.intensity'"),),
    ),
    "not a power of two": (
        HEAD + "numerics: {fast_steps_per_second: 10000}\n",
        ((3, 35, "the nearest are 8192 and 16384"),),
    ),
    "slow faster than fast": (
        HEAD + "numerics: {fast_steps_per_second: 2048, slow_steps_per_second: 4096}\n",
        ((3, 64, "4096 slow steps do not divide 2048 fast steps"),),
    ),
    "interval below a step": (
        HEAD + "record: {interval: 0.1 ms}\n",
        ((3, 20, "0.0001 s is shorter than a slow step, expected at least 0.001953125 s"),),
    ),
    "interval beyond the run": (
        HEAD + "record: {interval: 11 s}\n",
        ((3, 20, "longer than the run"),),
    ),
    "drive after the end": (
        HEAD + "drive: {from: 10 s}\n",
        ((3, 15, "not before the end of the run"),),
    ),
    "drive too long": (
        HEAD + "drive: {until: 11 s}\n",
        ((3, 16, "11 s is after the end of the run"),),
    ),
    "membrane without end": (
        HEAD + "record:\n  membrane: {neurons: 1}\n",
        ((4, 13, "record.membrane.until: is missing"),),
    ),
    "membrane faster than steps": (
        HEAD + "record:\n  membrane: {interval: 1 us, until: 1 s}\n",
        ((4, 24, "shorter than a fast step"),),
    ),
    "sweep of nothing": (
        HEAD + "sweep: {grid: {drive.level: []}}\n",
        ((3, 29, "the list is empty"),),
    ),
    "sweep of one": (
        HEAD + "sweep: {grid: {drive.level: 3}}\n",
        ((3, 29, "found 3, expected a list"),),
    ),
    "sweep of an unknown setting": (
        HEAD + "sweep:\n  grid:\n    drive.levl: [1]\n",
        ((5, 5, "there is no setting 'drive.levl'; did you mean 'drive.level'?"),),
    ),
    "sweep of the seed": (
        HEAD + "sweep:\n  grid: {seed: [1, 2]}\n",
        ((4, 10, "list the seeds in 'sweep.seeds'"),),
    ),
    "sweep of a bad value": (
        HEAD + "sweep:\n  grid: {glutamate.eaat2: [0, 2, 1]}\n",
        ((4, 31, "glutamate.eaat2: 2 is too large"),),
    ),
    "sweep of a bad section": (
        HEAD + "sweep:\n  grid: {drive: [{level: 1}, {levl: 2}]}\n",
        ((4, 31, "drive.levl: there is no setting 'levl'"),),
    ),
    "sweep past the end": (
        HEAD + "drive: {until: 8 s}\nsweep: {grid: {duration: [9 s, 7 s]}}\n",
        ((4, 32, "drive.until: 8 s is after the end of the run"),),
    ),
    "sweep of two that clash": (
        HEAD + "sweep:\n  grid: {duration: [9 s, 20 s], drive.until: [8 s, 10 s]}\n",
        ((4, 21, "drive.until: 10 s is after the end of the run"),),
    ),
    "sweep of the same twice": (
        HEAD + "sweep:\n  grid: {drive.ramp: [1 ms, 0.001 s]}\n",
        ((4, 29, "the same experiment as the value at line 4, column 23"),),
    ),
    "sweep of part and whole": (
        HEAD + "sweep:\n  grid: {drive: [{}], drive.level: [1]}\n",
        ((4, 10, "'drive' and 'drive.level' set the same"),),
    ),
    "sweep without end": (
        HEAD + f"sweep:\n  seeds: {list(range(401))}\n"
        f"  grid: {{drive.level: {list(range(250))}}}\n",
        ((4, 3, "has 100250 points, expected at most 100000"),),
    ),
    "seed twice": (HEAD + "sweep: {seeds: [1, 2, 1]}\n", ((3, 16, "1 is listed twice"),)),
    "seed in a list": (HEAD + "sweep: {seeds: [1, x]}\n", ((3, 20, "found 'x'"),)),
    "duplicate key": (
        "name: a\nduration: 1 s\nname: b\n",
        ((3, 1, "the key 'name' is given twice; remove one; the first is at line 1"),),
    ),
    "python tag": (
        "name: !!python/object/apply:os.system [ls]\nduration: 1 s\n",
        ((1, 7, "the tag tag:yaml.org,2002:python/object/apply:os.system is not supported"),),
    ),
    "plain tag": ("name: !!str 1\nduration: 1 s\n", ((1, 7, "the tag"),)),
    "alias": (
        "name: &n a\nduration: 1 s\ndescription: *n\n",
        ((1, 7, "the anchor &n"), (3, 14, "the alias *n")),
    ),
    "merge key": (HEAD + "drive: {<<: {level: 1}}\n", ((3, 9, "there is no setting '<<'"),)),
    "list as a key": (HEAD + "? [1]\n: 2\n", ((3, 3, "not usable as a key"),)),
    "two documents": (HEAD + "---\nname: b\n", ((3, 1, "second document"),)),
    "bad indent": ("name: a\n duration: 1 s\n", ((2, 10, "is not YAML: mapping values"),)),
    "tab": ("name: a\ndrive:\n\tlevel: 1\n", ((3, 1, "is not YAML"),)),
    "unclosed": ("name: a\ndrive: {level: 1\n", ((3, 1, "is not YAML"),)),
    "bad escape": ('name: "\\UFFFFFFFF"\n', ((1, 1, "is not YAML"),)),
    "surrogate": ('name: "\\uD800"\nduration: 1 s\n', ((1, 7, "half a surrogate pair"),)),
    "control character": ("name: a\nduration: 1\x00s\n", ((2, 12, "'\\x00' is not allowed"),)),
    "deep": (
        HEAD + f"drive: {'[' * 40}\n",
        ((3, 40, "is nested deeper than 32 levels"),),
    ),
    "extends a list": (HEAD + "extends: [a]\n", ((3, 10, "found a list"),)),
    "extends nothing": (HEAD + "extends: none.yaml\n", ((3, 10, "there is no file"),)),
    "extends a URL": (HEAD + "extends: https://a.b/c.yaml\n", ((3, 10, "there is no file"),)),
    "extends a long name": (HEAD + f"extends: {'a' * 300}\n", ((3, 10, "there is no file"),)),
    "extends a folder": (HEAD + "extends: .\n", ((3, 10, "there is no file"),)),
    "extends from the root": (HEAD + "extends: /etc/hosts\n", ((3, 10, "absolute path"),)),
    "extends itself": (HEAD + "extends: bad.yaml\n", ((3, 10, "without a cycle"),)),
    "all at once": (
        "name: A\nduration: 10 mV\nseed: x\ndrive: {levl: 1, until: 5 s, from: 6 s}\n"
        "record: {interval: 1 us}\nsweep: {grid: {glutamate.eaat2: [3]}}\n",
        (
            (1, 7, "name"),
            (2, 11, "duration"),
            (3, 7, "seed"),
            (4, 9, "drive.levl"),
            (4, 25, "drive.until"),
            (5, 20, "record.interval"),
            (6, 34, "glutamate.eaat2"),
        ),
    ),
}


@pytest.mark.parametrize("case", CORPUS)
def test_bad_config(case: str, tmp_path: Path) -> None:
    text, expected = CORPUS[case]
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path, catalogue=CATALOGUE)
    problems = caught.value.problems
    assert [(p.line, p.column) for p in problems] == [(e[0], e[1]) for e in expected], str(
        caught.value
    )
    for problem, (line, column, fragment) in zip(problems, expected, strict=True):
        assert str(problem).startswith(f"{path}:{line}:{column}: ")
        assert fragment in str(problem)
    assert len(str(caught.value).splitlines()) == len(problems)


#: More of them, of the real model. Each § stands where a problem is to be found; it is taken out
#: before the config is read. After the config, a piece of the message of each.
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
        "there is no agent 'mk801', expected one of glutamate",
    ),
    "agent a number": ("bath: [{agent: §5, concentration: 1 uM}]\n", "found 5, expected one of"),
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
        "numerics: {fast_steps_per_second: 2048}\n"
        "stimulation: [{at: 1 s, intensity: 9}, {at: §1.0001 s, intensity: 9}]\n",
        "stimulation.1.at: 1.0001 s is not after the pulse before it",
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


def split(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """Take the § out of a text; return the text, and the line and column of each."""
    places = []
    while "§" in marked:
        before, _, after = marked.partition("§")
        places.append((before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1))
        marked = before + after
    return marked, places


@pytest.mark.parametrize("case", MARKED)
def test_bad_config_of_the_real_model(case: str, tmp_path: Path) -> None:
    marked, *expected = MARKED[case]
    text, places = split(HEAD + marked)
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    problems = caught.value.problems
    assert [(p.line, p.column) for p in problems] == places, str(caught.value)
    for problem, fragment in zip(problems, expected, strict=True):
        assert fragment in str(problem)


def test_the_corpus_is_large() -> None:
    messages = {text for text, _ in CORPUS.values()} | {text for text, *_ in MARKED.values()}
    assert len(messages) == len(CORPUS) + len(MARKED) >= 160
