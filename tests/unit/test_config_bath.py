"""The bath of a config: entries, units, times, and what is said about bad ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from unshielded.circuit.populations import POPULATIONS
from unshielded.circuit.surroundings.targets import TARGETS, AgentTarget
from unshielded.config import ConfigError, Experiment, json_schema, load
from unshielded.config.sections.bath_targets import Around
from unshielded.config.sections.catalogue import catalogue
from unshielded.config.sections.rules import JOINED

HEAD = "name: a\nduration: 10 s\n"
ENTRY = "{agent: glutamate, concentration: 100 uM, from: 1 s, until: 4 s}"
ONE = HEAD + f"bath:\n  - {ENTRY}\n"

Read = Callable[..., Experiment]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def call(text: str, *overrides: str) -> Experiment:
        path = tmp_path / "a.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path, overrides)

    return call


def test_an_entry_is_in_si_with_its_defaults(read: Read) -> None:
    one, two = read(ONE + "  - {agent: MK-801, concentration: 10 nM}\n").config.bath
    assert (one.agent, one.concentration, one.from_, one.until) == ("glutamate", 0.1, 1.0, 4.0)
    assert (two.agent, two.concentration, two.from_, two.until) == ("MK-801", 1e-5, 0.0, None)


def test_times_are_rounded_to_whole_slow_steps(read: Read) -> None:
    (entry,) = read(ONE, "bath.0.from=0.1 s", "bath.0.until=0.3 s").config.bath
    assert (entry.from_ * 512, entry.until and entry.until * 512) == (51, 154)
    same = read(ONE, "bath.0.from=0.0996 s", "bath.0.until=0.3 s")
    assert same.identity == read(ONE, "bath.0.from=0.1 s", "bath.0.until=0.3 s").identity


def test_a_place_is_one_or_several_and_all_by_default(read: Read) -> None:
    assert read(ONE).config.bath[0].on == ("all",)
    assert read(ONE, "bath.0.on=cord").config.bath[0].on == ("cord",)
    several = read(ONE, "bath.0.on=[cortex, motor_fr]")
    assert several.config.bath[0].on == ("cortex", "motor_fr")
    assert several.identity != read(ONE).identity


def test_one_agent_may_be_at_two_places_at_once(read: Read) -> None:
    text = HEAD + (
        "bath:\n"
        "  - {agent: NMDA, concentration: 10 uM, on: cord}\n"
        "  - {agent: NMDA, concentration: 1 uM, on: [cortex, brainstem]}\n"
    )
    assert len(read(text).config.bath) == 2


def test_muscimol_gives_its_antagonists_something_to_act_on(read: Read) -> None:
    dish = HEAD + "culture: {motor_fr: 3}\nbath:\n  - {agent: gabazine, concentration: 1 uM}\n"
    assert len(read(dish + "  - {agent: muscimol, concentration: 1 uM}\n").config.bath) == 2


def test_a_target_may_be_a_parameter_of_the_population_or_of_all(read: Read) -> None:
    # As of agents that need receptors which a class may lack: here any parameter that is 0 by default.
    # What joins them with a bath is checked anew when one of them changes.
    joined = {path[1] for path in JOINED if path[0] == "parameters"}
    assert {t.parameter for t in TARGETS.values() if t.parameter} <= joined
    target = AgentTarget("a made-up target", parameter="kv7_loss")
    for override, expected in (
        ("drive.level=1", (False, False)),
        ("circuit.populations.pv.parameters.kv7_loss=0.1", (True, False)),
        ("parameters.kv7_loss=0.1", (True, True)),
    ):
        config = read(ONE, override).config
        around = Around(config.circuit, config.parameters, (), catalogue())
        assert (around.has("pv", target), around.has("ia", target)) == expected


def test_a_sweep_varies_a_place(read: Read) -> None:
    points = list(read(ONE + "sweep: {grid: {bath.0.on: [all, cortex, [cord, pv]]}}\n").points())
    assert [e.config.bath[0].on for _, _, e in points] == [("all",), ("cortex",), ("cord", "pv")]


def test_one_may_follow_another(read: Read) -> None:
    text = ONE + "  - {agent: glutamate, concentration: 1 uM, from: 4 s}\n"
    assert len(read(text).config.bath) == 2


def test_an_override_names_an_entry_by_its_number(read: Read) -> None:
    experiment = read(ONE, "bath.0.concentration=50 uM")
    assert experiment.config.bath[0].concentration == 0.05
    assert experiment.origin["bath.0.concentration"] == "--set bath.0.concentration=50 uM"
    assert experiment.origin["bath.0.from"].endswith("a.yaml:4:53")
    assert read(ONE, f"bath=[{ENTRY}, {{agent: APV, concentration: 1 uM}}]", "bath.1.from=2 s")


def test_a_sweep_varies_an_entry(read: Read) -> None:
    grid = "bath.0.concentration: [1 uM, 10 uM], bath.0.until: [2 s, null]"
    points = list(read(ONE + f"sweep: {{grid: {{{grid}}}}}\n").points())
    assert [(e.config.bath[0].concentration, e.config.bath[0].until) for _, _, e in points] == [
        (0.001, 2.0), (0.001, None), (0.01, 2.0), (0.01, None),
    ]  # fmt: skip
    assert points[0][0] == {"bath.0.concentration": "1 uM", "bath.0.until": "2 s"}


def test_the_schema_knows_agents_and_entries() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft7Validator(json_schema())
    good = {
        "name": "a",
        "duration": "1 s",
        "culture": {"motor_fr": 3},
        "bath": [{"agent": "cyclosporin A", "concentration": "1 uM", "until": None}],
        "sweep": {"grid": {"bath.0.concentration": ["1 uM"]}},
    }
    validator.validate(good)
    for bad in (
        {"bath": [{"agent": "mk801", "concentration": "1 uM"}]},
        {"bath": [{"agent": "APV"}]},
        {"culture": {"motr": 3}},
        {"sweep": {"grid": {"bath.0.dose": ["1 uM"]}}},
    ):
        assert not validator.is_valid(json.loads(json.dumps({**good, **bad})))


CORPUS: dict[str, tuple[str, tuple[tuple[int, int, str], ...]]] = {
    "nothing": (HEAD + "bath:\n", ((3, 6, "found nothing, expected a list"),)),
    "a mapping": (HEAD + "bath: {}\n", ((3, 7, "found a mapping, expected a list"),)),
    "no mapping": (HEAD + "bath: [APV]\n", ((3, 8, "bath.0: found 'APV', expected a mapping"),)),
    "no agent": (
        HEAD + "bath:\n  - {concentration: 1 mM}\n",
        ((4, 5, "bath.0.agent: is missing; add 'agent: …'"),),
    ),
    "no concentration": (HEAD + "bath: [{agent: APV}]\n", ((3, 8, "concentration: is missing"),)),
    "another key": (
        HEAD + "bath: [{agent: APV, concentraton: 1 mM, concentration: 1 mM}]\n",
        ((3, 21, "there is no setting 'concentraton'; did you mean 'concentration'?"),),
    ),
    "unknown agent": (
        HEAD + "bath: [{agent: oligomicyn, concentration: 1 mM}]\n",
        ((3, 16, "bath.0.agent: there is no agent 'oligomicyn', expected 'glutamate', "),),
    ),
    "capitals": (
        HEAD + "bath: [{agent: mk-801, concentration: 1 mM}]\n",
        ((3, 16, "did you mean 'MK-801'?"),),
    ),
    "entries that cannot be read hide no others": (
        HEAD + "culture: {pyramidal: 3}\nbath:\n"
        "  - {agent: MK8O1, concentration: 1 mM}\n"
        "  - {agent: NMDA, concentration: 3 mV}\n"
        "  - {agent: TTX, concentration: 1 uM, on: cord}\n"
        "  - {agent: NMDA, concentration: 1 uM, from: 60 s}\n"
        "  - {agent: APV, concentration: 1 uM}\n"
        "  - {concentration: 1 uM}\n"
        "  - {agent: APV, concentration: 2 uM}\n",
        (
            (5, 13, "bath.0.agent: there is no agent 'MK8O1'"),
            (6, 34, "bath.1.concentration: '3 mV' has the unit 'mV'"),
            (7, 43, "bath.2.on: there is no neuron in cord"),
            (8, 46, "bath.3.from: 60 s is not before the end of the run"),
            (10, 5, "bath.5.agent: is missing"),
            (11, 5, "bath.6: APV is applied at the same time as by bath.4"),
        ),
    ),
    "far from any": (
        HEAD + "bath: [{agent: water, concentration: 1 mM}]\n",
        ((3, 16, "there is no agent 'water', expected 'glutamate', "),),
    ),
    "agent a number": (HEAD + "bath: [{agent: 3, concentration: 1 mM}]\n", ((3, 16, "found 3"),)),
    "no unit": (
        HEAD + "bath: [{agent: APV, concentration: 1}]\n",
        ((3, 36, "1 has no unit, expected a unit like 'mM'"),),
    ),
    "mass": (
        HEAD + "bath: [{agent: APV, concentration: 1 mg/ml}]\n",
        ((3, 36, "expected a unit like 'mM'"),),
    ),
    "molar": (
        HEAD + "bath: [{agent: APV, concentration: 1 M}]\n",
        ((3, 36, "'1 M' is too large, expected at least 0 mM, at most 100 mM"),),
    ),
    "negative": (
        HEAD + "bath: [{agent: APV, concentration: -1 uM}]\n",
        ((3, 36, "'-1 uM' is too small"),),
    ),
    "ends before it starts": (
        HEAD + "bath: [{agent: APV, concentration: 1 uM, from: 4 s, until: 3 s}]\n",
        ((3, 60, "3 s is not after 'from', 4 s, expected a time after 4 s"),),
    ),
    "shorter than a step": (
        HEAD + "bath: [{agent: APV, concentration: 1 uM, from: 4 s, until: 4.0001 s}]\n",
        ((3, 60, "4.0001 s is within a slow step of 'from', 4 s, expected at least 0.001953125 s"),),
    ),
    "after the run": (
        HEAD + "bath: [{agent: APV, concentration: 1 uM, from: 10 s}]\n",
        ((3, 48, "10 s is not before the end of the run"),),
    ),
    "ends after the run": (
        HEAD + "bath: [{agent: APV, concentration: 1 uM, until: 11 s}]\n",
        ((3, 49, "11 s is after the end of the run"),),
    ),
    "two at a time": (
        ONE + "  - {agent: APV, concentration: 1 uM}\n"
        "  - {agent: glutamate, concentration: 1 uM, from: 3.9 s}\n",
        ((6, 5, "bath.2: glutamate is applied at the same time as by bath.0, expected one"),),
    ),
    "written backwards": (
        HEAD + "bath:\n  - {agent: APV, concentration: 1 uM, from: 5 s}\n"
        "  - {agent: APV, concentration: 2 uM}\n",
        ((5, 5, "bath.1: APV is applied at the same time as by bath.0"),),
    ),
    "one over two": (
        HEAD + "bath:\n  - {agent: APV, concentration: 1 uM, until: 9 s}\n"
        "  - {agent: APV, concentration: 2 uM, from: 1 s, until: 2 s}\n"
        "  - {agent: APV, concentration: 2 uM, from: 3 s}\n",
        ((5, 5, "as by bath.0"), (6, 5, "as by bath.0")),
    ),
    "no such place": (
        HEAD + "bath: [{agent: APV, concentration: 1 uM, on: cortx}]\n",
        ((3, 46, "there is no place 'cortx'"),),
    ),
    "no such place in a list": (
        HEAD + "bath: [{agent: APV, concentration: 1 uM, on: [cord, motor]}]\n",
        ((3, 53, "there is no place 'motor'"),),
    ),
    "no place at all": (
        HEAD + "bath: [{agent: APV, concentration: 1 uM, on: []}]\n",
        ((3, 46, "bath.0.on: the list is empty"),),
    ),
    "nobody there": (
        HEAD + "culture: {motor_fr: 3}\nbath: [{agent: APV, concentration: 1 uM, on: cortex}]\n",
        ((4, 46, "bath.0.on: there is no neuron in cortex, expected a place that has neurons"),),
    ),
    "two at a time at one place": (
        HEAD + "bath:\n  - {agent: APV, concentration: 1 uM, on: cord}\n"
        "  - {agent: APV, concentration: 2 uM, on: [pv, motor_fr]}\n",
        ((5, 5, "bath.1: APV is applied at the same time as by bath.0 on motor_fr, "
         "expected one concentration at a time and place"),),
    ),
    "everywhere and somewhere": (
        HEAD + "bath:\n  - {agent: APV, concentration: 1 uM, on: cortex, from: 5 s}\n"
        "  - {agent: APV, concentration: 2 uM}\n",
        ((5, 5, "bath.1: APV is applied at the same time as by bath.0 on pyramidal"),),
    ),
    "no receptor there": (
        HEAD + "bath: [{agent: strychnine, concentration: 1 uM, on: [cord, cortex]}]\n",
        ((3, 60, "bath.0.on.1: strychnine acts on glycine receptors, and no cell in cortex has any, "
          "expected a place where they are, such as motor_s"),),
    ),
    "no receptor in a dish": (
        HEAD + "culture: {motor_fr: 3}\nbath: [{agent: gabazine, concentration: 1 uM}]\n",
        ((4, 8, "bath.0.on: gabazine acts on GABA-A receptors, and no cell here has any"),),
    ),
    "inside cells that have none": (
        HEAD + "circuit: {populations: {pv: {carries_calcium: false}}}\n"
        "bath: [{agent: FCCP, concentration: 1 uM, on: [pyramidal, pv]}]\n",
        ((4, 59, "bath.0.on.1: FCCP acts inside cells, and those of pv carry no calcium submodel, "
          "expected a place whose cells do; set 'circuit.populations.pv.carries_calcium: true'"),),
    ),
    "inside without cells": (
        HEAD + "circuit: {populations: {motor_ff: {size: 0}, "
        + ", ".join(f"{name}: {{carries_calcium: false}}" for name in POPULATIONS.keys() - {"motor_ff"})
        + "}}\nbath: [{agent: FCCP, concentration: 1 uM}]\n",
        ((4, 16, "FCCP acts inside cells, and no neuron carries the calcium submodel"),),
    ),
    "sweep of an entry that is not there": (
        ONE + "sweep:\n  grid: {bath.1.concentration: [1 uM]}\n",
        ((6, 10, "there is no setting 'bath.1.concentration'"),),
    ),
    "sweep to a bad value": (
        ONE + "sweep:\n  grid: {bath.0.concentration: [1 uM, 1 s]}\n",
        ((6, 39, "bath.0.concentration: '1 s' has the unit 's'"),),
    ),
    "sweep into another": (
        ONE + "  - {agent: glutamate, concentration: 1 uM, from: 5 s}\n"
        "sweep:\n  grid: {bath.0.until: [5 s, 6 s]}\n",
        ((7, 30, "bath.1: glutamate is applied at the same time as by bath.0"),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CORPUS)
def test_what_is_wrong_with_a_bath(read: Read, case: str) -> None:
    text, expected = CORPUS[case]
    with pytest.raises(ConfigError) as caught:
        read(text)
    problems = caught.value.problems
    assert [(p.line, p.column) for p in problems] == [e[:2] for e in expected], str(caught.value)
    for problem, (*_, fragment) in zip(problems, expected, strict=True):
        assert fragment in str(problem)


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("bath.1.from=1 s", "bath.1.from: there is no entry '1' in 'bath', expected a number"),
        ("bath.x=1", "there is no entry 'x' in 'bath'"),
        ("bath.-1.from=1 s", "there is no entry '-1' in 'bath'"),
        (f"bath.{'9' * 5000}=1", "there is no entry '999"),
        ("bath.0.dose=1 mM", "bath.0.dose: there is no setting 'dose'"),
        ("bath.0=APV", "bath.0: found 'APV'"),
    ],
)
def test_what_is_wrong_with_an_override(read: Read, override: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(ONE, override)
    assert [p.file.startswith("--set bath.") for p in caught.value.problems] == [True]
    assert said in str(caught.value)
