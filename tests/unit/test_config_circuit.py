"""Losses, the scale of the circuit and magnetic pulses: what a config makes of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from unshielded.circuit.populations import POPULATIONS
from unshielded.config import ConfigError, Experiment, dump, load
from unshielded.model import FORMER_NAMES, PARAMETERS, REMOVED_NAMES

HEAD = "name: a\nduration: 10 s\n"

Write = Callable[..., Experiment]


@pytest.fixture
def read(tmp_path: Path) -> Write:
    def call(text: str, *overrides: str, whole: bool = False) -> Experiment:
        path = tmp_path / "a.yaml"
        path.write_text(text if whole else HEAD + text, encoding="utf-8")
        return load(path, overrides)

    return call


def test_a_loss_is_a_fraction_or_has_a_time_course(read: Write) -> None:
    text = "circuit: {loss: {pv: 0.4, motor_ff: {loss: 50 %, from: 1 s, until: 5 s}}}\n"
    loss = read(text).config.circuit.loss
    assert {n: (one.loss, one.from_, one.until) for n, one in loss.items()} == {
        "pv": (0.4, None, None),
        "motor_ff": (0.5, 1.0, 5.0),
    }
    assert read("").config.circuit.loss == {}


def test_a_scale_multiplies_the_default_sizes(read: Write) -> None:
    found = read("circuit: {scale: 2.5}\n").config.circuit.populations
    assert {n: p.size for n, p in found.items()} == {
        n: round(2.5 * p.size) for n, p in POPULATIONS.items()
    }


def test_a_size_that_is_given_is_not_scaled(read: Write) -> None:
    text = "circuit: {scale: 3, populations: {pv: {size: 7}, sst: {carries_calcium: true}}}\n"
    found = read(text).config.circuit.populations
    assert found["pv"].size == 7
    assert found["sst"].size == 3 * POPULATIONS["sst"].size
    assert found["pyramidal"].size == 3 * POPULATIONS["pyramidal"].size


def test_a_sweep_over_the_scale_changes_the_sizes(read: Write) -> None:
    experiment = read("sweep: {grid: {circuit.scale: [0.5, 1, 2]}}\n")
    sizes = [e.config.circuit.populations["motor_s"].size for _, _, e in experiment.points()]
    one = POPULATIONS["motor_s"].size
    assert sizes == [round(0.5 * one), one, 2 * one]


def test_a_scale_beyond_the_largest_population_is_refused(read: Write) -> None:
    with pytest.raises(ConfigError, match=r"circuit\.scale: .* too large"):
        read("circuit: {scale: 999}\n")


def test_pulses_are_read_in_order(read: Write) -> None:
    text = "stimulation: [{at: 1.5 s, intensity: 45}, {at: 1503 ms, intensity: 70}]\n"
    found = read(text).config.stimulation
    assert [(p.at, p.intensity) for p in found] == [(1.5, 45.0), (1.503, 70.0)]
    assert read("").config.stimulation == ()


def test_a_sweep_varies_a_pulse(read: Write) -> None:
    text = (
        "stimulation: [{at: 1 s, intensity: 45}]\n"
        "sweep: {grid: {stimulation.0.intensity: [40, 60]}}\n"
    )
    points = list(read(text).points())
    assert [e.config.stimulation[0].intensity for _, _, e in points] == [40.0, 60.0]


def test_pulses_can_be_set_from_outside(read: Write) -> None:
    found = read("", "stimulation=[{at: 1 s, intensity: 50}]").config.stimulation
    assert [(p.at, p.intensity) for p in found] == [(1.0, 50.0)]


def test_a_dump_loads_as_the_same_experiment(read: Write) -> None:
    one = read(
        "circuit:\n  scale: 0.5\n  loss: {pv: 0.4, sst: {loss: 1, from: 1 s, until: 2 s}}\n"
        "  interneuron_loss: 0.2\nstimulation: [{at: 1 s, intensity: 45}]\n"
    )
    other = read(dump(one), whole=True)
    assert (other.identity, other.config) == (one.identity, one.config)
    assert dump(other) == dump(one)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("circuit: {loss: {pv: 0.5}}", "a loss of pv contradicts the culture"),
        ("stimulation: [{at: 1 s, intensity: 50}]", "magnetic pulses contradict the culture"),
    ],
)
def test_a_culture_has_neither_losses_nor_pulses(read: Write, setting: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        read(f"culture: {{motor_fr: 4}}\n{setting}\n")
    assert [p.line for p in caught.value.problems] == [4]


def test_a_parameter_that_was_renamed_is_named_as_it_is_now(read: Write) -> None:
    for former, now in FORMER_NAMES.items():
        assert now in PARAMETERS
        assert former not in PARAMETERS
    with pytest.raises(ConfigError) as caught:
        read("parameters: {pmca_share: 0.5}\n")
    (problem,) = caught.value.problems
    assert problem.hint == "it is now called 'pmca_fraction'"
    with pytest.raises(ConfigError) as swept:
        read("sweep: {grid: {parameters.pmca_share: [0.4, 0.5]}}\n")
    assert "it is now called 'parameters.pmca_fraction'" in str(swept.value)


def test_a_parameter_that_is_gone_names_what_does_its_work(read: Write) -> None:
    for removed, instead in REMOVED_NAMES.items():
        assert instead in PARAMETERS
        assert removed not in PARAMETERS
        assert removed not in FORMER_NAMES.values()
    with pytest.raises(ConfigError) as caught:
        read("parameters: {necrosis_atp: 0.36 mM}\n")
    (problem,) = caught.value.problems
    assert problem.hint == "it is gone; 'necrosis_gradient_loss' does its work in another way"
    with pytest.raises(ConfigError) as swept:
        read("sweep: {grid: {parameters.necrosis_atp: [0.2 mM, 0.4 mM]}}\n")
    assert "it is gone; 'parameters.necrosis_gradient_loss' does" in str(swept.value)
