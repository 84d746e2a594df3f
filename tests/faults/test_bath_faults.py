"""A schedule that is damaged is an error: a change of the bath that is lost would not be missed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.dish import concentrations, dish
from unshielded.assemble import Assembly, Event
from unshielded.engine import program
from unshielded.engine.errors import SimulationError

pytestmark = pytest.mark.usefixtures("cache")

EVENTS = (
    Event(0, "neurons", "glutamate_applied", 0.1),
    Event(1024, "cells", "fccp_applied", 2.5),
    Event(2048, "neurons", "glutamate_applied", 0.0),
)
TEXT = """\
3
0 neurons.glutamate_applied 0 1 0.1
1024 cells.fccp_applied 0 1 2.5
2048 neurons.glutamate_applied 0 1 0.0
"""


def run(assembly: Assembly, folder: Path) -> None:
    concentrations(assembly, folder, 0.5, 0.25)


def damaged(text: str | None, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Run with a schedule of this text, or with none."""

    def write(_: Assembly, path: Path) -> None:
        if text is not None:
            path.write_text(text)

    monkeypatch.setattr(program, "_write_schedule", write)
    run(dish(), folder)


def test_the_schedule_is_written_as_the_program_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(dish(events=EVENTS), tmp_path)
    assert (tmp_path / program.SCHEDULE).read_text() == TEXT
    (tmp_path / "other").mkdir()
    damaged(TEXT, monkeypatch, tmp_path / "other")


def test_a_missing_schedule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SimulationError, match="the schedule, line 1: the file cannot be opened"):
        damaged(None, monkeypatch, tmp_path)


def test_a_schedule_that_is_cut_short_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for length in range(len(TEXT)):
        folder = tmp_path / str(length)
        folder.mkdir()
        with pytest.raises(SimulationError, match="the schedule, line"):
            damaged(TEXT[:length], monkeypatch, folder)
        assert not (folder / "counts.i32").exists(), length


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("3\n", "2\n", "the number of changes"),
        ("3\n", "4\n", "the number of changes"),
        ("3\n", "three\n", "line 1: the number of changes is no number"),
        ("fccp", "fcpp", "line 3: there is no such variable to set"),
        ("cells.", "neurons.", "line 3: there is no such variable to set"),
        ("cells.fccp_applied", "", "line 3: there is no"),
        ("fccp_applied 0 1", "fccp_applied 0 2", "line 3: there are no such neurons"),
        ("fccp_applied 0 1", "fccp_applied 1 1", "line 3: there are no such neurons"),
        ("fccp_applied 0 1", "fccp_applied -1 1", "line 3: there are no such neurons"),
        ("fccp_applied 0 1", "fccp_applied 0", "line 3: the last neuron is no number"),
        ("2048", "512", "line 4: the step is before the last one"),
        ("0 neu", "-16 neu", "line 2: the step is before"),
        ("2.5", "nan", "line 3: the value is not finite"),
        ("2.5", "1e999", "line 3: the value is not finite"),
        ("2.5", "2,5", "line 3: the value is no number"),
        ("0.0\n", "0.0\n\0", "the number of changes"),
        ("0.0\n", "0.0\n\n", "line 5: the step is no number"),
    ],
)
def test_a_schedule_that_makes_no_sense(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str
) -> None:
    assert old in TEXT
    with pytest.raises(SimulationError, match=said) as caught:
        damaged(TEXT.replace(old, new, 1), monkeypatch, tmp_path)
    assert caught.value.exit_code == 6


def test_what_the_program_cannot_set_is_an_error(tmp_path: Path) -> None:
    stray = Event(0, "neurons", "alive", 0.0)
    with pytest.raises(SimulationError, match="no such variable"):
        run(dish(events=(stray,)), tmp_path)


def test_a_value_that_is_not_finite_is_refused_before_the_run(tmp_path: Path) -> None:
    lost = replace(EVENTS[0], value=float("nan"))
    with pytest.raises(SimulationError, match="glutamate_applied is not finite"):
        run(dish(events=(lost,)), tmp_path)
    assert not (tmp_path / "counts.i32").exists()
