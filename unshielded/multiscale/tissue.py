"""The slow states that the whole tissue shares."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from unshielded import degeneration
from unshielded.arrays import Array
from unshielded.mechanism.expression import Number, parse
from unshielded.mechanism.ode import ode
from unshielded.model import slow_models
from unshielded.multiscale.system import AGE
from unshielded.numerics.batched import System, arguments, of_ode
from unshielded.numerics.rosenbrock import integrate

#: What the tissue is told.
USE, DEAD = "whole_circuit_atp_use", "dead_fraction"


@cache
def tissue() -> System:
    """Return the system of the tissue, made once."""
    _, found = slow_models()
    rates = {**found.rates, AGE: Number(1.0)}
    lines = {f"factor_{name}": parse(text) for name, text in degeneration.TISSUE_FACTORS.items()}
    outputs = [*lines, *(n for n in degeneration.TISSUE_RECORDED if n in found.named)]
    return of_ode(ode(rates, {**found.named, **lines}, outputs), outputs)


def lines(y: Array, values: Mapping[str, Array | float]) -> dict[str, float]:
    """Return factors of parameters and what is recorded besides states."""
    model = tissue()
    found = model.lines(y, arguments(model, values, slice(None)))
    states = {name: y[model.states.index(name)] for name in model.states}
    return {name: float(np.ravel(value)[0]) for name, value in {**states, **found}.items()}


def advance(y: Array, values: Mapping[str, Array | float], span: float, tolerance: float) -> Array:
    """Return the tissue's states after a time, loads held."""
    model = tissue()
    if not model.states or span <= 0:
        return y
    return integrate(
        model, y, values, span, tolerance=tolerance, scale=np.maximum(np.abs(y[:, 0]), 1e-2)
    ).y
