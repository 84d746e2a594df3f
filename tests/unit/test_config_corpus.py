"""Bad configs: what is said about settings that are wrong, and where."""

from pathlib import Path

import pytest

from tests.synthetic_catalogue import CATALOGUE
from tests.unit.bad_configs import HEAD, Said, check, problems_of
from tests.unit.test_config_corpus_model import MARKED
from tests.unit.test_config_corpus_reading import CORPUS as READING
from tests.unit.test_config_corpus_trial import MARKED as TRIALS

#: The config, and what is said about it.
CORPUS: dict[str, tuple[str, tuple[Said, ...]]] = {
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
    "31 days": ("name: a\nduration: 31 day\n", ((2, 11, "too long for full spiking simulation"),)),
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
    "loss of other interneurons": (
        HEAD + "circuit: {interneuron_loss: {loss: 1, of: spinl}}\n",
        (
            (
                3,
                43,
                "circuit.interneuron_loss.of: there is no class of interneurons 'spinl', expected "
                "'cortical', 'spinal' or 'all'; did you mean 'spinal'?",
            ),
        ),
    ),
    "loss of a list of interneurons": (
        HEAD + "circuit: {interneuron_loss: {loss: 1, of: [spinal]}}\n",
        ((3, 43, "circuit.interneuron_loss.of: found a list"),),
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
    check(problems_of(text, tmp_path, CATALOGUE), expected)


def test_the_corpus_is_large() -> None:
    texts = [text for text, _ in (*CORPUS.values(), *READING.values())]
    texts += [text for text, *_ in (*MARKED.values(), *TRIALS.values())]
    assert len(set(texts)) == len(texts) >= 160
