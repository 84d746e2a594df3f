"""A program is believed only where it can be checked: bad inputs, lost numbers, early ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from tests.physics.engine import NO_TRACE, edited, tiny
from tests.tiny import CELLS, NEURONS
from unshielded.assemble import Assembly
from unshielded.engine.build import Build, build
from unshielded.engine.errors import Interrupted, NotFinite, OutputError, SimulationError
from unshielded.engine.program import Job, execute

pytestmark = pytest.mark.usefixtures("cache")

SECOND = Job(8192, 8192, True, NO_TRACE)


def run(assembly: Assembly, folder: Path, job: Job = SECOND, **more: object) -> None:
    execute(build(tiny()), assembly, job, folder, **more)  # type: ignore[arg-type]


def test_lost_numbers_are_found_and_named(tmp_path: Path) -> None:
    # A membrane of 1 pF under 1 mS: Euler steps grow a hundred-thousandfold each.
    broken = tiny(("parameters.membrane_capacitance=1 pF", "parameters.ampa_conductance=1000 uS"))
    with pytest.raises(NotFinite) as caught:
        run(broken, tmp_path, replace(SECOND, record_steps=1024))
    found = re.match(
        r"(\w+) of neuron (\d+) of (\w+) is not finite by t = ([\d.]+) s", str(caught.value)
    )
    assert found, caught.value
    assert found[1] in ("membrane_potential", "spike_threshold", "calcium_charge")
    assert 0 <= int(found[2]) < broken.layout[found[3]].size
    assert 0 < float(found[4]) <= 1
    assert "fast_steps_per_second" in str(caught.value)
    assert caught.value.exit_code == 3


def test_a_cell_that_loses_its_numbers_is_named(tmp_path: Path) -> None:
    # One cell that starts so full that its rates overflow; all others are well.
    full = np.full(CELLS, 7e-5)
    full[21] = 1e300
    part = next(s for s in tiny().layout.slices if s.start <= 21 < s.stop)
    said = rf"of neuron {21 - part.start} of {part.name} is not finite by t = 0\.125 s"
    with pytest.raises(NotFinite, match=said):
        run(edited(tiny(), {"calcium": full}), tmp_path, replace(SECOND, record_steps=1024))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_an_input_that_is_not_finite_is_refused_before_the_run(tmp_path: Path, bad: float) -> None:
    values = np.array(tiny().cells["calcium"])
    values[3] = bad
    with pytest.raises(SimulationError, match=r"the input cells\.calcium is not finite"):
        run(edited(tiny(), {"calcium": values}), tmp_path)
    assert not (tmp_path / "counts.i32").exists()


@pytest.mark.parametrize("size", [0, 1, CELLS - 1, CELLS + 1])
def test_an_input_of_another_size_is_refused_before_the_run(tmp_path: Path, size: int) -> None:
    assembly = tiny()
    cells = {**assembly.cells, "calcium": np.full(size, 7e-5)}
    with pytest.raises(SimulationError, match=rf"cells\.calcium has {size} values, not {CELLS}"):
        run(replace(assembly, cells=cells), tmp_path)
    assert not (tmp_path / "counts.i32").exists()


@pytest.mark.parametrize("column", ["targets", "weights", "delays"])
def test_synapses_of_another_number_are_refused(tmp_path: Path, column: str) -> None:
    assembly = tiny()
    gaba = assembly.synapses["gaba"]
    short = replace(gaba, **{column: getattr(gaba, column)[:-1]})
    with pytest.raises(SimulationError, match=rf"gaba\.{column} has"):
        run(replace(assembly, synapses={**assembly.synapses, "gaba": short}), tmp_path)


@pytest.mark.parametrize("neuron", [-1, NEURONS])
def test_a_synapse_that_ends_outside_the_circuit_is_refused(tmp_path: Path, neuron: int) -> None:
    assembly = tiny()
    gaba = assembly.synapses["gaba"]
    targets = gaba.targets.copy()
    targets[5] = neuron
    stray = {**assembly.synapses, "gaba": replace(gaba, targets=targets)}
    with pytest.raises(SimulationError, match="gaba ends outside the circuit"):
        run(replace(assembly, synapses=stray), tmp_path)


def test_a_program_of_another_structure_is_refused(tmp_path: Path) -> None:
    larger = tiny(("circuit.populations.motor_fr.size=9",))
    with pytest.raises(SimulationError, match="another structure"):
        execute(build(tiny()), larger, SECOND, tmp_path)


@pytest.mark.parametrize("name", ["nonsense", "calcum"])
def test_an_input_that_the_program_does_not_have_is_an_error(tmp_path: Path, name: str) -> None:
    assembly = tiny()
    with pytest.raises(SimulationError, match=f"unknown variable 'neurons.{name}'"):
        run(replace(assembly, neurons={**assembly.neurons, name: 1.0}), tmp_path)


def test_too_many_releases_are_refused_before_the_run(tmp_path: Path) -> None:
    calm = tiny()  # a config that asks for as many is refused when it is read
    busy = replace(calm, neurons={**calm.neurons, "background_rate": np.full(NEURONS, 9000.0)})
    with pytest.raises(SimulationError, match="background_rate"):
        run(busy, tmp_path)


def fake(folder: Path, script: str) -> Build:
    """A program of a few lines of shell."""
    program = folder / "fake"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return replace(build(tiny()), program=program)


COMPLETE = "echo '{\"complete\": 8192}'"
CASES: dict[str, tuple[str, type[SimulationError], str]] = {
    "stderr": (f"{COMPLETE}; echo 'file not found, using default' >&2", SimulationError, "default"),
    "stopped early": ('echo \'{"complete": 8191}\'', SimulationError, "after 8191 of 8192 steps"),
    "said nothing": ("true", SimulationError, "after 0 of 8192 steps"),
    "failed": (f"{COMPLETE}; exit 5", SimulationError, "code 5"),
    "killed": ("kill -9 $$", SimulationError, "signal 9"),
    "disk": ('echo \'{"error": "x.f64 cannot be written: No space"}\' >&2; exit 4', OutputError,
             "x.f64 cannot be written: No space"),
    "interrupt": ("exit 130", Interrupted, "interrupted"),
    "terminate": ("exit 143", Interrupted, "interrupted"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_how_a_program_ends(tmp_path: Path, case: str) -> None:
    script, error, message = CASES[case]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with pytest.raises(error, match=message) as caught:
        execute(fake(tmp_path, script), tiny(), SECOND, scratch)
    assert type(caught.value) is error
    if error is Interrupted:
        assert caught.value.exit_code == {"interrupt": 130, "terminate": 143}[case]


def test_a_program_that_ends_well_is_believed(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    execute(fake(tmp_path, COMPLETE), tiny(), SECOND, scratch)


def test_a_run_can_be_ended(tmp_path: Path) -> None:
    cancel = Event()
    cancel.set()
    hour = Job(3600 * 8192, 8192, True, NO_TRACE)
    with pytest.raises(Interrupted):
        run(tiny(), tmp_path, hour, cancel=cancel)


def test_progress_is_reported_until_the_end(tmp_path: Path) -> None:
    seen: list[tuple[float, int]] = []
    collect: Callable[[float, int], None] = lambda time, alive: seen.append((time, alive))  # noqa: E731
    run(tiny(), tmp_path, replace(SECOND, record_steps=512), progress=collect)
    assert seen[-1] == (1.0, CELLS)
    assert [t for t, _ in seen] == sorted({t for t, _ in seen})


def test_a_folder_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    # The program opens its files itself: one of them is a folder here.
    (tmp_path / "counts.i32").mkdir()
    with pytest.raises(OutputError, match=r"counts\.i32 cannot be opened: Is a directory"):
        run(tiny(), tmp_path)
