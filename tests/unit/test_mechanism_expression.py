"""Expressions: what is read is what was written, printed or lowered, and dimensions are checked."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unshielded.mechanism import MechanismError
from unshielded.mechanism.dimension import base_unit, dimension, dimension_of_unit
from unshielded.mechanism.evaluate import evaluate
from unshielded.mechanism.expression import (
    Binary,
    Call,
    Expression,
    Name,
    Negative,
    Number,
    names,
    parse,
    substitute,
)
from unshielded.mechanism.lowering import lowered
from unshielded.mechanism.targets.infix import plain

LEAVES = st.one_of(
    st.sampled_from(["a", "b", "c"]).map(Name),
    st.integers(0, 9).map(Number),
    st.floats(0.0, 1e6, allow_subnormal=False).map(Number),
)


def _larger(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(Binary, st.sampled_from("+-*/"), parts, parts),
        st.builds(lambda base, n: Binary("**", base, Number(n)), parts, st.integers(1, 9)),
        parts.map(Negative),
        st.builds(lambda x: Call("exp", (x,)), parts),
        st.builds(lambda x, y, z: Call("clip", (x, y, z)), parts, parts, parts),
    )


TREES = st.recursive(LEAVES, _larger, max_leaves=12)


@given(TREES)
def test_what_is_printed_is_read_back_as_the_same_tree(tree: Expression) -> None:
    assert parse(plain(tree)) == tree


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a - (b - c)", "a - (b - c)"),
        ("(a - b) - c", "a - b - c"),
        ("-a**2", "-a**2"),
        ("(-a)**2", "(-a)**2"),
        ("a/(b*c)", "a/(b*c)"),
        ("-(-a)", "-(-a)"),
        ("clip(a, 0, inf)", "clip(a, 0, inf)"),
        ("int(a < 0*second and b > 0.5 or c >= 1)", "int(a < 0*second and b > 0.5 or c >= 1)"),
        ("int((a or b) and c)", "int((a or b) and c)"),
    ],
)
def test_brackets_are_kept_where_they_matter(text: str, shown: str) -> None:
    if " or " not in text or "<" in text:
        assert plain(parse(text)) == shown
    assert parse(plain(parse(text))) == parse(text)


@pytest.mark.parametrize("exponent", [1, 2, 3, 4, 5, 6, 8, 12, 0.5, 1.5, 2.5, 2.8, -1, -2.8])
def test_a_power_is_written_out(exponent: float) -> None:
    x = np.array([0.3, 1.0, 2.7])
    tree = parse(f"x**{exponent}" if exponent > 0 else f"x**-{-exponent}")
    assert "**" not in plain(lowered(tree))
    # A few roundings, each of 1e-16.
    np.testing.assert_allclose(evaluate(tree, {"x": x}), x**exponent, rtol=1e-14)


@pytest.mark.parametrize("n", [1, 1.5, 2, 4, 8])
def test_a_hill_function_is_half_at_one_and_saturates(n: float) -> None:
    found = evaluate(parse(f"hill(x, {n})"), {"x": np.array([0.0, 1.0, 1e3])})
    assert found[0] == 0.0
    assert found[1] == 0.5
    assert found[2] == pytest.approx(1.0, abs=1e3**-n)


def test_the_ghk_term_is_finite_at_zero_and_right_elsewhere() -> None:
    u = np.array([-30.0, -1.0, 0.0, 1.0, 30.0])
    exact = np.array([-30.0 / (1 - np.exp(30.0)), 1 / (np.e - 1), 1.0, 1 / (1 - np.exp(-1)), 30.0])
    # The shift of 1e-6 is what differs.
    np.testing.assert_allclose(evaluate(parse("ghk(u)"), {"u": u}), exact, rtol=2e-6)


def test_names_are_what_an_expression_uses() -> None:
    assert names(parse("exp(-a/b)*volt + clip(c, 0, inf)")) == {"a", "b", "c"}
    assert plain(substitute(parse("a*b"), {"a": "x", "b": parse("c + 1")})) == "x*(c + 1)"


def test_a_tree_survives_pickling() -> None:
    tree = parse("hill(a/b, 4)*clip(c, 0, inf)")
    assert pickle.loads(pickle.dumps(tree)) == tree


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a +", "is not an expression"),
        ("a if b else c", "is not part of the language of equations"),
        ("a[0]", "is not part of the language of equations"),
        ("'a'", "is not part of the language of equations"),
        ("True", "is not part of the language of equations"),
        ("ex(a)", "there is no function 'ex' in 'ex(a)'"),
        ("sqr(a)", "did you mean 'sqrt'?"),
        ("clip(a, 1)", "clip() takes 3 arguments, 'clip(a, 1)' gives it 2"),
    ],
)
def test_what_is_not_an_expression_is_refused(text: str, said: str) -> None:
    with pytest.raises(MechanismError) as caught:
        parse(text)
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["x**y", "hill(x, y)", "x**40", "x**inf", "hill(x, inf)"])
def test_an_exponent_that_cannot_be_written_out_is_refused(text: str) -> None:
    with pytest.raises(MechanismError, match="the exponent"):
        lowered(parse(text))


KNOWN = {
    "v": dimension_of_unit("mV"),
    "g": dimension_of_unit("nS"),
    "c": dimension_of_unit("pF"),
    "n": dimension_of_unit(""),
    "t": dimension_of_unit("s"),
}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("g*v", "A"),
        ("g*v/c", "V/s"),
        ("v**2", "V**2"),
        ("sqrt(v*v)", "V"),
        ("v**-1", "1/V"),
        ("hill(v/(2*v), 4)", ""),
        ("clip(v, 0*volt, inf)", "V"),
        ("int(v < 0*volt and n >= 1)*t", "s"),
        ("(t*n) % t", "s"),
        ("exp(v/v) + ghk(n)", ""),
    ],
)
def test_a_dimension_follows_from_those_of_the_names(text: str, unit: str) -> None:
    assert dimension(parse(text), KNOWN) == dimension_of_unit(unit)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("v + g", "'v + g' joins 'v' in"),
        ("g*v - v", "joins 'g*v' in"),
        ("clip(v, 0, 1)", "'clip(v, 0, 1)' joins 'v' in"),
        ("exp(v)", "'exp(v)' takes a number without unit, 'v' is in"),
        ("hill(v, 2)", "takes a number without unit"),
        ("sqrt(v)", "takes a root of"),
        ("int(v < n)", "joins 'v' in"),
        ("v**n", "is not a number"),
    ],
)
def test_what_does_not_add_up_is_refused(text: str, said: str) -> None:
    with pytest.raises(MechanismError) as caught:
        dimension(parse(text), KNOWN)
    assert said in str(caught.value)


def test_deep_expressions_are_checked_in_no_time() -> None:
    assert dimension(parse("exp(" * 60 + "n" + ")" * 60), KNOWN) == dimension_of_unit("")


def test_a_dimension_is_shown_in_base_units() -> None:
    assert base_unit(dimension_of_unit("uM/s")) == "metre ** -3 * second ** -1 * mole ** 1"
    assert base_unit(dimension_of_unit("")) == "1"
