"""Numbers that leave the numbers: the run ends, says which and when, and leaves no result."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.physics.engine import NO_TRACE
from tests.tiny import TINY
from unshielded.assemble import Layout, Slice
from unshielded.engine.errors import NotFinite
from unshielded.engine.program import Job, _judge

NOT_FINITE = 3

#: Settings that the config accepts, each at an end of its range, at which Euler steps grow.
ABSURD = (
    "parameters.injected_current=1000 nA",
    "parameters.ampa_conductance=1000 uS",
    "parameters.cytosolic_volume=0.001 pL",
    "parameters.resting_atp=10 mM",
)

SAID = re.compile(
    r"error: (\w+) of neuron (\d+) of (\w+) is not finite by t = ([\d.]+) s; a smaller time step "
    r"\(numerics\.fast_steps_per_second\) or milder parameters may help\Z"
)


def ended(
    command: Command, folder: Path, *arguments: str | Path, config: Path = TINY
) -> re.Match[str]:
    """Run what blows up; check what is left, and return what was said."""
    out = folder / "out"
    done = command("run", config, "--out", out, *arguments)
    assert done.returncode == NOT_FINITE, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "Warning" not in done.stderr
    assert [f for f in out.rglob("*") if f.is_file()] == [], "something looks complete"
    assert not list(out.rglob("scratch-*"))
    said = SAID.match(done.stderr.splitlines()[-1])
    assert said, done.stderr
    return said


@pytest.mark.parametrize(
    "absurd", [ABSURD[0], *(pytest.param(a, marks=pytest.mark.slow) for a in ABSURD[1:])]
)
def test_an_absurd_parameter_is_3(command: Command, tmp_path: Path, absurd: str) -> None:
    said = ended(command, tmp_path, "--set", "duration=1 s", "--set", absurd)
    assert 0 <= int(said[2]) < 20  # no population of the tiny circuit is larger
    assert 0 < float(said[4]) <= 1


def test_the_population_is_the_one_that_blew_up(command: Command, tmp_path: Path) -> None:
    """Only one population is absurd, so it is one of its neurons that is named."""
    absurd = "circuit.populations.motor_ff.parameters={cytosolic_volume: 0.001 pL}"
    calls = ("--set", "duration=1 s", "--set", "record.interval=125 ms", "--set", absurd)
    said = ended(command, tmp_path, *calls)
    assert said[3] == "motor_ff"
    assert int(said[2]) < 4
    assert float(said[4]) <= 1


#: A dish with a membrane that is stable at 2^-13 s. Euler's rule grows where a step is longer
#: than twice the time constant C/g, here 15 pF / 218 nS with a release of GABA and one of glycine: twice that
#: lies between 2^-13 s = 0.12 ms and 2^-12 s = 0.24 ms. At half the capacitance it is too short.
STIFF = """
name: stiff
duration: 1 s
culture: {motor_fr: 4, oculomotor: 4}
circuit:
  heterogeneity: 0
  populations:
    motor_fr: {parameters: {membrane_capacitance: 15 pF, leak_conductance: 150 nS, ahp_increment: 0 nS}}
"""


@pytest.mark.parametrize(
    "change",
    [
        "circuit.populations.motor_fr.parameters.membrane_capacitance=7.5 pF",
        "numerics.fast_steps_per_second=4096",
    ],
)
def test_a_time_step_that_is_too_large_is_refused(
    command: Command, tmp_path: Path, change: str
) -> None:
    config = tmp_path / "stiff.yaml"
    config.write_text(STIFF)
    fine = command("validate", config)
    assert fine.returncode == 0, fine.stderr
    done = command("run", config, "--out", tmp_path / "out", "--set", change)
    assert done.returncode == NOT_FINITE
    assert "the membrane of a neuron of motor_fr relaxes within" in done.stderr
    assert "numerics.fast_steps_per_second" in done.stderr
    assert "compile" not in done.stderr
    assert not list((tmp_path / "out").rglob("*.h5"))


def test_a_start_that_is_no_number_is_3(command: Command, tmp_path: Path) -> None:
    """Without any exchanger, rest has no matrix calcium: 0/0 before the first step."""
    out = tmp_path / "out"
    done = command("run", TINY, "--out", out, "--set", "parameters.nclx_maximum_rate=0 mM/s")
    assert done.returncode == NOT_FINITE
    assert "parameters.nclx_maximum_rate: with this value matrix_calcium is not fi" in done.stderr
    assert "compile" not in done.stderr
    assert "Traceback" not in done.stderr
    assert [f for f in out.rglob("*") if f.is_file()] == []
    assert not list(out.rglob("scratch-*"))


def test_an_old_result_survives_a_blow_up(command: Command, tmp_path: Path) -> None:
    """A run that is forced again, and fails, leaves the result that was there."""
    assert command("run", TINY, "--out", tmp_path, "--set", "duration=1 s").returncode == 0
    (result,) = tmp_path.rglob("results.h5")
    before = {p: p.read_bytes() for p in result.parent.iterdir()}
    bad = tmp_path / "bad.yaml"
    bad.write_text(TINY.read_text() + "parameters: {cytosolic_volume: 0.001 pL}\n")
    assert command("run", bad, "--out", tmp_path, "--force").returncode == NOT_FINITE
    assert {p: p.read_bytes() for p in result.parent.iterdir()} == before
    assert list(tmp_path.rglob("results.h5")) == [result]


LAYOUT = Layout(
    (Slice("motor_fr", 0, 8, True), Slice("empty", 8, 8, True), Slice("pv", 8, 12, False))
)
JOB = Job(8192, 8192, True, NO_TRACE)


@pytest.mark.parametrize(
    ("variable", "neuron", "said"),
    [
        ("calcium", 0, "calcium of neuron 0 of motor_fr is"),
        ("calcium", 7, "calcium of neuron 7 of motor_fr is"),
        ("membrane_potential", 8, "membrane_potential of neuron 0 of pv is"),
        ("membrane_potential", 11, "membrane_potential of neuron 3 of pv is"),
        ("membrane_potential", 12, "membrane_potential of neuron 12 is"),
        ("glutamate_bath", 0, "glutamate_bath is"),
    ],
)
def test_a_neuron_is_named_as_a_config_counts_it(variable: str, neuron: int, said: str) -> None:
    log = f'{{"not_finite": "{variable}", "neuron": {neuron}, "time": 0.25}}'
    with pytest.raises(NotFinite, match=rf"^{said} not finite by t = 0\.25 s; "):
        _judge(NOT_FINITE, 0, JOB, LAYOUT, log)
