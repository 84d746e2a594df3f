"""The bath of the engine against the exchange solved exactly; and any bath in a config."""

from __future__ import annotations

import copy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.dish import AGENTS, concentrations, dish
from tests.property.test_config_properties import SCALARS, _load_or_explain, _set
from unshielded import calcium, circuit
from unshielded.assemble import Event
from unshielded.config import load
from unshielded.config.reading.scalars import to_yaml

SLOW, FAST = 512, 8192
SECONDS, EVERY = 2.0, 0.0625

STEMS = {**circuit.AGENTS, **calcium.AGENTS}
CHANGES = st.lists(
    st.tuples(
        st.integers(0, round(SECONDS * SLOW)),
        st.sampled_from(sorted(STEMS)),
        st.floats(0.0, 1.0),
    ),
    max_size=8,
).map(lambda changes: sorted(changes, key=lambda change: change[0]))


def exact(changes: list[tuple[int, float]], time: NDArray[Any], tau: float) -> NDArray[Any]:
    """Exchange with what flows in: each change of it decays with the time constant."""
    course, before = np.zeros_like(time), 0.0
    for step, level in changes:
        since = np.maximum(time - step / SLOW, 0.0)
        course += (level - before) * -np.expm1(-since / tau)
        before = level
    return course


@pytest.mark.usefixtures("cache")
@settings(deadline=None, max_examples=25)
@given(changes=CHANGES, tau=st.floats(0.1, 10.0))
def test_the_bath_follows_its_schedule(changes: list[tuple[int, str, float]], tau: float) -> None:
    events = [
        Event(
            step * (FAST // SLOW),
            "neurons" if agent in circuit.AGENTS else "cells",
            f"{STEMS[agent]}_applied",
            level,
        )
        for step, agent, level in changes
    ]
    times = (f"parameters.bath_exchange_time={tau!r} s", f"parameters.drug_entry_time={tau!r} s")
    with TemporaryDirectory() as folder:
        found = concentrations(dish(times, events), Path(folder), SECONDS, EVERY)
    time = np.arange(len(found)) * EVERY
    assert len(time) == SECONDS / EVERY + 1
    for column, agent in enumerate(AGENTS):
        mine = [(step, level) for step, name, level in changes if name == agent]
        # A midpoint step of length h multiplies a deviation by 1 - z + z²/2, z = h/tau, which
        # is exp(-z)(1 + z³/6 + …): after a time t the error is (t/tau)exp(-t/tau)z²/6 of each
        # change, at most z²/6e. A tenth more for higher orders; the rest is rounding.
        jumps = np.abs(np.diff([0.0, *(level for _, level in mine)])).sum()
        most = 1.1 * jumps * (1 / (SLOW * tau)) ** 2 / (6 * np.e) + 1e-13
        np.testing.assert_allclose(found[:, column], exact(mine, time, tau), rtol=0, atol=most)


GOOD: dict[str, Any] = {
    "name": "dish",
    "duration": "10 s",
    "culture": {"motor_fr": 4, "pyramidal": 3},
    "bath": [
        {"agent": "glutamate", "concentration": "100 uM", "from": "1 s", "until": "5 s"},
        {"agent": "FCCP", "concentration": "1 uM", "from": "0 s", "until": None},
    ],
}
PLACES = [
    ("culture",),
    ("culture", "motor_fr"),
    ("bath",),
    ("bath", 0),
    *(("bath", entry, key) for entry in (0, 1) for key in GOOD["bath"][0]),
]


@settings(deadline=None)
@given(place=st.sampled_from(PLACES), value=SCALARS)
def test_any_culture_and_bath_load_or_are_explained(place: tuple[Any, ...], value: object) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "mutated.yaml"
        file.write_text(to_yaml(_set(copy.deepcopy(GOOD), place, value)), encoding="utf-8")
        experiment = _load_or_explain(file)
        if experiment is not None:
            return
        file.write_text(to_yaml(GOOD), encoding="utf-8")
        assert load(file).config.bath
        _load_or_explain(file, f"{'.'.join(map(str, place))}={value}")
