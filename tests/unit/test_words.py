"""Words of messages: rounding, YAML's words, quoting for the shell, reading, names that are near."""

from __future__ import annotations

import errno
import shlex
from pathlib import Path

import pytest

from unshielded.cli.run import _places
from unshielded.cli.sensitivity import _evidence, _remark
from unshielded.config import ConfigError, dump, load
from unshielded.config.reading.errors import nearest
from unshielded.model import default
from unshielded.plot.axis import Axis
from unshielded.plot.words import words
from unshielded.running.run import RunOutcome
from unshielded.single_cell.sensitivity import Dying
from unshielded.store.format.files import explain
from unshielded.sweeps.labels import label

DISH = "name: d\nduration: {}\nculture: {{pyramidal: 1}}\n"


def dish(folder: Path, duration: str, more: str = "") -> Path:
    path = folder / "d.yaml"
    path.write_text(DISH.format(duration) + more)
    return path


@pytest.mark.parametrize("duration", ["0.3 s", "0.7 s", "1.1 s", "2 ms"])
def test_an_interval_as_long_as_the_run_is_one_of_it(tmp_path: Path, duration: str) -> None:
    """0.3 s are 153.6 slow steps: 154 would be longer than the run, 153 are not."""
    bath = f"bath: [{{agent: NMDA, concentration: 1 uM, until: {duration}}}]\n"
    config = load(dish(tmp_path, duration, f"record: {{interval: {duration}}}\n{bath}")).config
    assert 0 < config.record.interval <= config.duration
    assert (config.record.interval * 512).is_integer()
    again = tmp_path / "again.yaml"
    again.write_text(dump(load(tmp_path / "d.yaml")))
    assert load(again).identity == load(tmp_path / "d.yaml").identity


def test_an_interval_longer_than_the_run_is_refused(tmp_path: Path) -> None:
    path = dish(tmp_path, "0.3 s", "record: {interval: 0.301 s}\n")
    with pytest.raises(
        ConfigError, match=r"0\.301 s is longer than the run, expected at most .* 0\.3 s"
    ):
        load(path)


def test_the_default_interval_is_no_longer_than_a_short_run(tmp_path: Path) -> None:
    assert load(dish(tmp_path, "0.3 s")).config.record.interval == 153 / 512
    assert load(dish(tmp_path, "3 s")).config.record.interval == 1.0


def test_labels_have_the_words_of_yaml() -> None:
    values = {
        "record.spikes": True,
        "drive.until": None,
        "bath": [{"agent": "glutamate", "concentration": "10 uM"}],
        "circuit.loss": {"pv": 0.5},
    }
    assert (
        label(values, 1)
        == "spikes=true drive.until=null bath=glutamate 10 uM circuit.loss=pv 0.5 seed=1"
    )
    assert len(label({"bath": values["bath"] * 20}, 1)) < 60


def test_a_command_that_is_suggested_can_be_pasted() -> None:
    place = Path('runs/it\'s a "test" $x/0123')
    outcome = RunOutcome("0123", place / "results.h5", 1.0, 1.0, False, {})
    command = _places(outcome, Path("runs"))[1]
    assert shlex.split(command) == ["unshielded", "plot", str(place)]


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EISDIR])
def test_a_message_about_reading_does_not_speak_of_writing(number: int) -> None:
    assert "write" not in str(explain(Path("a"), "read", OSError(number, "why")))


@pytest.mark.parametrize(
    ("name", "names", "hint"),
    [
        ("ATP", ["APV", "AMPA"], ""),
        ("glutamat", ["glutamate"], "did you mean 'glutamate'?"),
        ("motor", ["motor_fr"], "did you mean 'motor_fr'?"),
        ("blood", ["bath", "glucose"], ""),
    ],
)
def test_a_name_is_suggested_only_when_near(name: str, names: list[str], hint: str) -> None:
    assert nearest(name, names) == hint


def test_of_a_time_it_is_shorter_and_longer() -> None:
    row = {"low": None, "high": 1.0, "one_sided": True}
    assert _remark({**row, "name": "proteolysis_time"}) == "no time of death when shorter"
    assert _remark({**row, "name": "mcu_maximum_rate"}) == "no time of death when lower"


def test_evidence_is_that_of_the_number_that_the_cell_has() -> None:
    dying = Dying("motor_fr", {"mcu_maximum_rate": 1.0}, 40.0, preparation="adult_37C")
    assert _evidence("mcu_maximum_rate", dying) == "given"
    for name in ("retention_capacity", "extrusion_rate", "ampa_conductance"):
        assert _evidence(name, dying) == default(name, "adult_37C", "motor_fr").kind


def test_acronyms_are_in_capitals() -> None:
    assert words("nmda_conductance") == "NMDA conductance"
    assert words("mptp_opening") == "mPTP opening"
    assert Axis([1.0, 2.0], "parameters.ampa_conductance").label() == "AMPA conductance"
