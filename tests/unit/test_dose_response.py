"""The ED50 of every population and setting of a sweep."""

from __future__ import annotations

from typing import Any

import pytest

from unshielded.results.dose_response import fits
from unshielded.statistics.logistic import fit


def rows(doses: list[Any], died: list[int], seed: int = 1, **other: Any) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for dose, k in zip(doses, died, strict=True):
        sizes = {"motor_fr": (100, k), "pv": (10, 0), "ia": (0, 0)}
        found = {
            name: {"n": n, "alive": n - dead, "burned_out": dead}
            for name, (n, dead) in sizes.items()
        }
        made.append({"point": {"dose": dose, **other}, "seed": seed, "populations": found})
    return made


DOSES, DIED = ["1 uM", "3 uM", "10 uM", "30 uM", "0.1 mM"], [1, 4, 20, 69, 96]


def test_fits_of_a_sweep() -> None:
    failed = {"point": {"dose": "1 M"}, "seed": 3, "error": "failed"}
    found = fits([*rows(DOSES, DIED), *rows(DOSES, DIED, seed=2), failed])
    motor, inhibition, none = found
    assert (motor["setting"], motor["unit"], motor["scale"]) == ("dose", "uM", "log")
    assert (motor["levels"], motor["runs"], motor["seeds"]) == (5, 10, 2)
    direct = fit([1, 3, 10, 30, 100] * 2, DIED * 2, [100] * 10, [1] * 5 + [2] * 5, log=True)
    assert motor["ed50"] == direct.ed50
    assert (motor["low"], motor["high"]) == (direct.low, direct.high)
    assert motor["reason"] is None
    assert (inhibition["population"], inhibition["ed50"]) == ("pv", None)
    assert inhibition["reason"] == "no cell died at any level"
    assert none["reason"] == "there are no cells"


def test_fits_of_a_grid_are_at_each_value_of_the_others() -> None:
    grid = rows(DOSES, DIED, kind="a") + rows(DOSES, DIED[::-1], kind="b")
    motor = [each for each in fits(grid) if each["population"] == "motor_fr"]
    assert [each["at"] for each in motor] == [{"kind": "a"}, {"kind": "b"}]
    assert motor[0]["slope"] == pytest.approx(
        -motor[1]["slope"], rel=0.2
    )  # turned round, not mirrored
    assert fits([]) == []
    assert fits(rows(["a", "b", "c"], [0, 50, 100])) == []
