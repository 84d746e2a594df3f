"""One tree, many languages: each prints every equation of the model, and all give the same numbers."""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path

import libsbml
import numpy as np
import pytest
from matplotlib.mathtext import MathTextParser

from unshielded.mechanism import Mechanism
from unshielded.mechanism.equation import Equation, parse_equations
from unshielded.mechanism.evaluate import Values, evaluate
from unshielded.mechanism.expression import parse
from unshielded.mechanism.ode import Ode, dependencies, ode
from unshielded.mechanism.targets import arrays, brian, cpp, latex, sbml
from unshielded.mechanism.targets.infix import plain
from unshielded.mechanism.targets.python import compiled
from unshielded.model import MECHANISMS
from unshielded.single_cell import Cell, cell

LINES = [
    pytest.param(line, id=f"{m.name}-{line.name}")
    for m in MECHANISMS
    for line in m.lines
    if line.right is not None
]


@pytest.fixture(scope="module")
def motor() -> Cell:
    return cell("motor_fr").given(imposed_firing_rate=20.0, imposed_releases=3000.0)


@pytest.fixture(scope="module")
def states(motor: Cell) -> np.ndarray:
    """Some states around rest: [state, sample]."""
    factors = np.random.default_rng(1).lognormal(0.0, 0.3, (len(motor.initial), 8))
    return np.asarray(motor.initial[:, None] * factors)


@pytest.fixture(scope="module")
def expected(motor: Cell, states: np.ndarray) -> np.ndarray:
    """The rates there, evaluated one by one: [state, sample]."""
    known = {**motor.values, **dict(zip(motor.system.states, states, strict=True))}
    values = Values(known, motor.system.named)
    found = [evaluate(right, values) for right in motor.system.rates.values()]
    return np.array(np.broadcast_arrays(*found, states[0])[:-1])


def test_floats_give_the_same_rates(motor: Cell, states: np.ndarray, expected: np.ndarray) -> None:
    found = np.array([compiled(motor.system)(0.0, y, motor.numbers) for y in states.T.tolist()]).T
    # The exponential of numpy and of the C library differ in the last bit.
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-18)


def test_arrays_give_the_same_rates(motor: Cell, states: np.ndarray, expected: np.ndarray) -> None:
    system = motor.system
    rates = list(system.rates.values())
    f = arrays.batched(system.states, system.parameters, system.named, rates)
    np.testing.assert_allclose(f(states, motor.numbers), expected, rtol=1e-11, atol=1e-18)


def test_cpp_gives_the_same_rates(
    motor: Cell, states: np.ndarray, expected: np.ndarray, tmp_path: Path
) -> None:
    source, library = tmp_path / "rates.cpp", tmp_path / "rates.so"
    text = f'{cpp.HELPERS}extern "C" {cpp.function(motor.system)}'
    source.write_text(text, encoding="utf-8")
    subprocess.run(["c++", "-O1", "-shared", "-fPIC", source, "-o", library], check=True)
    rates = ctypes.CDLL(str(library)).rates
    pointer = np.ctypeslib.ndpointer(np.float64, flags="C")
    rates.argtypes, rates.restype = [ctypes.c_double, pointer, pointer, pointer], None
    found = np.empty_like(expected)
    p = np.array(motor.numbers)
    for k, y in enumerate(states.T):
        one = np.empty(len(y))
        rates(0.0, np.ascontiguousarray(y), p, one)
        found[:, k] = one
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-18)


@pytest.mark.parametrize("line", LINES)
def test_every_equation_is_typeset(line: Equation) -> None:
    text = latex.equation(line)
    MathTextParser("agg").parse(f"${text}$")
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("dx/dt = -x/tau : 1", r"\frac{d\,\mathrm{x}}{dt} = \frac{-\mathrm{x}}{\mathrm{tau}}"),
        ("y = hill(a/b, 8) : 1", None),
        ("y = (a/b)**4 : 1", r"\mathrm{y} = \left(\frac{\mathrm{a}}{\mathrm{b}}\right)^{4}"),
        ("y = a - (b - c) : 1", r"\mathrm{y} = \mathrm{a} - \left(\mathrm{b} - \mathrm{c}\right)"),
        ("y = (a + b)*c : 1", r"\mathrm{y} = \left(\mathrm{a} + \mathrm{b}\right)\,\mathrm{c}"),
        ("y = (b**2)**3 : 1", r"\mathrm{y} = \left(\mathrm{b}^{2}\right)^{3}"),
        ("y = exp(a)**2 : 1", r"\mathrm{y} = \left(e^{\mathrm{a}}\right)^{2}"),
        ("y = ghk(u) : 1", r"\mathrm{y} = \frac{\mathrm{u}}{1 - e^{-\mathrm{u}}}"),
        ("y = clip(a, 0, inf) : 1", r"\mathrm{y} = \max\left(0,\;\mathrm{a}\right)"),
        ("pore_open : 1", r"\mathrm{pore\,open}"),
    ],
)
def test_typeset_equations_look_like_those_of_a_book(text: str, shown: str | None) -> None:
    (line,) = parse_equations(text)
    found = latex.equation(line)
    MathTextParser("agg").parse(f"${found}$")
    assert shown is None or found == shown


def test_a_symbol_takes_the_place_of_a_name() -> None:
    (line,) = parse_equations("y = exp(pore_open) : 1")
    assert latex.equation(line, {"pore_open": "p"}) == r"\mathrm{y} = e^{p}"


@pytest.mark.parametrize("line", LINES)
def test_every_equation_prints_for_brian_and_reads_back(line: Equation) -> None:
    assert line.right is not None
    text = brian.expression(line.right)
    assert "hill" not in text
    assert "**" not in text
    assert brian.expression(parse(text)) == text


def test_every_equation_of_a_cell_prints_for_sbml(motor: Cell) -> None:
    for right in (*motor.system.named.values(), *motor.system.rates.values()):
        assert libsbml.formulaToL3String(sbml.mathematics(right))


def test_what_repeats_in_an_expression_is_computed_once() -> None:
    calls = []
    scope = {**arrays.FUNCTIONS, "exp": lambda x: calls.append(x) or np.exp(x)}
    from unshielded.mechanism.targets.functions import function

    f = function("f", {"p": ("a",)}, {}, [parse("hill(exp(a), 8)")], scope)
    (found,) = f((0.5,))
    assert len(calls) == 1
    assert found == pytest.approx(np.exp(4.0) / (1 + np.exp(4.0)), rel=1e-14)


def test_dependencies_go_through_named_lines() -> None:
    system: Ode = ode({"x": "line*k", "y": "x"}, {"line": "y + other", "other": "q"})
    assert dependencies(system) == {"x": {"y", "q", "k"}, "y": {"x"}}
    assert system.parameters == ("k", "q")


def test_integers_in_cpp_divide_as_numbers_do() -> None:
    assert cpp.expression(parse("2/3*a")) == "2.0/3.0*a"
    assert plain(parse("2/3*a")) == "2/3*a"


def test_parameters_are_declared_for_brian_with_their_kind() -> None:
    from unshielded.mechanism import Parameter
    from unshielded.mechanism.model import add_up

    numbers = (
        Parameter("tau", 1.0, "ms", "", "assumed", rationale="a test"),
        Parameter("g", 1.0, "nS", "", "assumed", rationale="a test", per_cell=True),
    )
    model = add_up([Mechanism("m", "dx/dt = -x/tau : 1 (shared)", numbers)], {})
    assert brian.declarations(model).splitlines() == [
        "tau : second ** 1 (shared, constant)",
        "g : metre ** -2 * kilogram ** -1 * second ** 3 * amp ** 2 (constant)",
        "x : 1 (shared)",
    ]
    assert brian.equations(model).splitlines()[-1] == "dx/dt = -x/tau : 1 (shared)"
