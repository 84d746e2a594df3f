"""What is shown of a sweep while it runs: a table on a terminal, JSON lines elsewhere."""

from __future__ import annotations

import io
import json
import re

import pytest
from rich.console import Console

from unshielded.progress import live
from unshielded.progress import reporter as progress
from unshielded.progress.live import LiveTable
from unshielded.progress.reporter import reporter


class Clock:
    """Stands in for the time module."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    for module in (live, progress):
        monkeypatch.setattr(module, "time", made)
    return made


def shown(table: LiveTable) -> str:
    console = Console(record=True, force_terminal=True, width=120, file=io.StringIO())
    console.print(table)
    return console.export_text()


def test_it_counts(clock: Clock) -> None:
    table = LiveTable(["loss=0", "loss=1", "loss=2", "loss=3"], [10.0] * 4)
    assert "0 of 4 points done · 0 running" in shown(table)
    table.advance(0, "assemble", 0.0, 0)
    table.advance(1, "simulate", 0.0, 44)
    assert "0 of 4 points done · 2 running" in shown(table)
    table.finish(0, "")
    table.finish(1, "the program was ended by signal 9")
    text = shown(table)
    assert "1 of 4 points done · 0 running · 1 failed" in text
    assert "failed: loss=1: the program was ended by signal 9" in text


def test_it_shows_what_runs_with_its_share_and_the_time_left(clock: Clock) -> None:
    table = LiveTable(["loss=0", "loss=1"], [10.0, 20.0])
    table.advance(1, "compile", 0.0, 0)
    clock.now += 50.0  # compiling has no part in the speed of simulating
    table.advance(1, "simulate", 0.0, 44)
    clock.now += 4.0
    table.advance(1, "simulate", 5.0, 43)  # 0.8 s for each second: 12 s for the other 15
    (line,) = [line for line in shown(table).splitlines() if "loss=1" in line]
    assert "simulate" in line
    assert "25 %" in line
    assert "0:00:12 left" in line
    assert re.search(r"\b43 (cells )?alive", line)


def test_it_guesses_the_time_of_all(clock: Clock) -> None:
    table = LiveTable(["a", "b", "c"], [10.0, 10.0, 20.0])
    clock.now += 10.0
    table.finish(0, "")  # a quarter of all simulated seconds
    first = shown(table).splitlines()[0]
    assert "0:00:30 left" in first
    table.finish(1, "")
    table.finish(2, "")
    assert "left" not in shown(table)


def test_a_long_list_is_cut(clock: Clock) -> None:
    table = LiveTable([f"point{n}" for n in range(100)], [1.0] * 100)
    for number in range(30):
        table.advance(number, "simulate", 0.0, 1)
    for number in range(50, 60):
        table.finish(number, f"reason {number}")
    text = shown(table)
    assert "30 running · 10 failed" in text
    assert "and 18 more" in text
    assert text.count("failed: ") == 5
    assert "failed: point59: reason 59" in text


def test_names_are_no_markup(clock: Clock) -> None:
    table = LiveTable(["[red]x[/red]", "b"], [1.0, 1.0])
    table.finish(0, "[bold]why[/bold]")
    assert "failed: [red]x[/red]: [bold]why[/bold]" in shown(table)


def test_json_lines(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with reporter(["a", "b"], [10.0, 10.0]) as report:
        report.advance(0, "compile", 0.0, 0)
        report.advance(0, "simulate", 0.0, 44)
        clock.now += 0.5
        report.advance(0, "simulate", 1.0, 44)  # too soon after the last
        clock.now += 1.5
        report.advance(0, "simulate", 4.0, 40)
        report.finish(0, "")
        report.finish(1, "no room")
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = [json.loads(line) for line in captured.err.splitlines()]
    assert [line["phase"] for line in lines] == [
        "compile", "simulate", "simulate", "done", "failed",
    ]  # fmt: skip
    assert lines[2]["percent"] == 40.0
    assert lines[2]["eta_s"] == 3.0  # 2 s for 4 s, so 3 s for the other 6
    assert lines[2]["alive"] == 40
    assert (lines[3]["finished"], lines[3]["points"]) == (1, 2)
    assert lines[4]["error"] == "no room"
    assert [line["point"] for line in lines] == ["a", "a", "a", "a", "b"]


def test_a_terminal_gets_the_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(Console, "is_terminal", property(lambda _: True))
    with reporter(["a", "b"], [10.0, 10.0]) as report:
        assert isinstance(report, LiveTable)
        report.advance(0, "simulate", 1.0, 44)
        report.finish(1, "")
    captured = capsys.readouterr()
    assert captured.out == ""
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", captured.err)
    assert "1 of 2 points done" in text
