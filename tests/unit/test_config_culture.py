"""A culture: what it makes of a config, and what contradicts it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from unshielded.assemble.predict import predict
from unshielded.circuit.populations import POPULATIONS
from unshielded.config import ConfigError, Experiment, dump, load

HEAD = "name: a\nduration: 10 s\n"
DISH = HEAD + "culture: {motor_fr: 4, renshaw: 3}\n"

Write = Callable[..., Experiment]


@pytest.fixture
def read(tmp_path: Path) -> Write:
    def call(text: str, *overrides: str) -> Experiment:
        path = tmp_path / "a.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path, overrides)

    return call


def test_a_culture_is_populations_without_a_circuit(read: Write) -> None:
    config = read(DISH).config
    assert {n: (p.size, p.carries_calcium) for n, p in config.circuit.populations.items()} == {
        **dict.fromkeys(POPULATIONS, (0, False)),
        "motor_fr": (4, True),
        "renshaw": (3, True),
    }
    assert {pathway.in_degree for pathway in config.circuit.pathways.values()} == {0}
    assert (config.drive.command, config.circuit.interneuron_loss.loss) == ("rest", 0.0)
    needs = predict(config)
    assert (needs.neurons, needs.cells, needs.synapses) == (7, 7, 0)


def test_parameters_of_a_class_can_be_varied(read: Write) -> None:
    config = read(
        DISH + "circuit: {populations: {motor_fr: {parameters: {buffer_capacity: 80}}}}\n"
        "parameters: {magnesium: 0 mM}\n"
    ).config
    assert config.circuit.populations["motor_fr"].parameters == {"buffer_capacity": 80.0}
    assert config.parameters == {"magnesium": 0.0}


@pytest.mark.parametrize("bath", ["[]", "[{agent: FCCP, concentration: 1 uM, from: 0.1 s}]"])
def test_a_dump_loads_as_the_same_experiment(read: Write, bath: str) -> None:
    one = read(DISH + f"bath: {bath}\n")
    other = read(dump(one))
    assert (other.identity, other.config) == (one.identity, one.config)
    assert dump(other) == dump(one)
    assert "default" not in other.origin.values()


def test_a_culture_is_another_experiment_and_none_is_the_circuit(read: Write) -> None:
    circuit = read(HEAD)
    assert read(DISH).identity != circuit.identity
    assert read(DISH, "culture=null").identity == circuit.identity
    assert circuit.config.drive.command == "sustained"


def test_a_sweep_varies_the_culture(read: Write) -> None:
    text = DISH + "sweep: {grid: {culture.motor_fr: [1, 8], parameters.magnesium: [0 mM, 1 mM]}}\n"
    points = list(read(text).points())
    assert [e.config.circuit.populations["motor_fr"].size for _, _, e in points] == [1, 1, 8, 8]
    assert points[0][0] == {"culture.motor_fr": 1, "parameters.magnesium": "0 mM"}


CORPUS: dict[str, tuple[str, tuple[tuple[int, int, str], ...]]] = {
    "a list": (HEAD + "culture: [motor_fr]\n", ((3, 10, "found a list, expected a mapping"),)),
    "unknown class": (
        HEAD + "culture: {renshw: 4}\n",
        ((3, 11, "culture.renshw: there is no population 'renshw'; did you mean 'renshaw'?"),),
    ),
    "no number": (HEAD + "culture: {motor_fr: x}\n", ((3, 21, "culture.motor_fr: found 'x'"),)),
    "negative": (HEAD + "culture: {motor_fr: -1}\n", ((3, 21, "-1 is too small"),)),
    "too many": (HEAD + "culture: {motor_fr: 100001}\n", ((3, 21, "100001 is too large"),)),
    "empty": (HEAD + "culture: {}\n", ((3, 10, "there is no cell in the culture"),)),
    "of none": (HEAD + "culture: {motor_fr: 0}\n", ((3, 10, "there is no cell in the culture"),)),
    "another size": (
        DISH + "circuit: {populations: {motor_fr: {size: 9}}}\n",
        ((4, 42, "9 neurons contradict the culture of 4, expected 4; remove it and give the "
          "number as 'culture.motor_fr'"),),
    ),
    "a class outside": (
        DISH + "circuit: {populations: {pyramidal: {size: 9}}}\n",
        ((4, 43, "9 neurons contradict the culture of 0"),),
    ),
    "no calcium": (
        DISH + "circuit: {populations: {motor_fr: {carries_calcium: false}}}\n",
        ((4, 53, "false contradicts the culture, expected true"),),
    ),
    "synapses": (
        DISH + "circuit: {pathways: {motor_fr_to_renshaw: {in_degree: 2}}}\n",
        ((4, 55, "2 synapses contradict the culture, which has none, expected 0; remove it"),),
    ),
    "loss": (
        DISH + "circuit: {interneuron_loss: 0.5}\n",
        ((4, 29, "circuit.interneuron_loss: a loss of interneurons contradicts the culture"),),
    ),
    "command": (
        DISH + "drive:\n  command: sustained\n",
        ((5, 12, "'sustained' contradicts the culture, which has no motor command, expected rest"),),
    ),
    "background": (
        DISH + "parameters: {background_rate: 3 Hz}\n",
        ((4, 31, "background_rate contradicts the culture, expected 0 Hz"),),
    ),
    "command of a class": (
        DISH + "circuit: {populations: {motor_fr: {parameters: {command_rate: 1 Hz}}}}\n",
        ((4, 63, "command_rate contradicts the culture"),),
    ),
    "all at once": (
        HEAD + "culture: {motor_fr: 4}\ndrive: {command: rhythmic}\n"
        "circuit: {interneuron_loss: 1, pathways: {motor_fr_to_renshaw: {in_degree: 2}}}\n"
        "bath: [{agent: APV}]\n",
        ((4, 18, "'rhythmic'"), (5, 29, "loss"), (5, 76, "synapses"), (6, 8, "is missing")),
    ),
    "sweep of a size and a culture": (
        HEAD + "culture: {motor_fr: 4}\nsweep:\n"
        "  grid: {culture.motor_fr: [4, 5], circuit.populations.motor_fr.size: [4]}\n",
        ((5, 32, "4 neurons contradict the culture of 5"),),
    ),
    "sweep of a command and a culture": (
        HEAD + "sweep:\n  grid: {culture: [null, {motor_fr: 4}], drive.command: [rhythmic]}\n",
        ((4, 26, "'rhythmic' contradicts the culture"),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CORPUS)
def test_what_contradicts_a_culture(read: Write, case: str) -> None:
    text, expected = CORPUS[case]
    with pytest.raises(ConfigError) as caught:
        read(text)
    problems = caught.value.problems
    assert [(p.line, p.column) for p in problems] == [e[:2] for e in expected], str(caught.value)
    for problem, (*_, fragment) in zip(problems, expected, strict=True):
        assert fragment in str(problem)


@pytest.mark.parametrize(
    ("where", "position"),
    [
        ("circuit: {populations: {motor_fr: {parameters: {calbindin_sites: 9 uM}}}}\n"
         "parameters: {buffer_capacity: 49}\n", "3:66"),
        ("parameters: {parvalbumin_sites: 9 uM, buffer_capacity: 20}\n", "3:33"),
    ],
)  # fmt: skip
def test_explicit_buffers_need_a_fast_one_beside_them(
    tmp_path: Path, where: str, position: str
) -> None:
    path = tmp_path / "buffers.yaml"
    path.write_text(f"name: buffers\nduration: 1 s\n{where}", encoding="utf-8")
    with pytest.raises(ConfigError, match=f":{position}: .*at least 50"):
        load(path)
    enough = [f"parameters.buffer_capacity={50}"]
    assert load(path, enough).config.parameters["buffer_capacity"] == 50
