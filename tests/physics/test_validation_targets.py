"""The validation targets hold, or are missed, as they are claimed to be."""

from __future__ import annotations

from pathlib import Path

import pytest

from unshielded.validation import TARGETS
from unshielded.validation.lab import Lab
from unshielded.validation.perform import perform
from unshielded.validation.target import Result

FAST = ("V1", "V3", "V6")
#: Many minutes each: whole sessions of stimulation, and courses that last until cells die.
LONG = ("V8", "V9", "V11")


@pytest.mark.parametrize("name", FAST)
def test_targets_on_lone_cells_are_as_claimed(name: str, tmp_path: Path) -> None:
    target = TARGETS[name]
    found = Result(target, (target.measure(Lab(tmp_path), 1),))
    assert found.met is (target.claimed == "met"), found.as_json()["lines"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.nightly if name in LONG else ())
        for name in TARGETS
        if name not in FAST
    ],
)
def test_the_other_targets_are_as_claimed(name: str, tmp_path: Path, cache: Path) -> None:
    target = TARGETS[name]
    (found,) = perform([target], (1, 2, 3), tmp_path, jobs=2)
    assert found.met is (target.claimed == "met"), found.as_json()["lines"]
