"""Calibration: draws against their priors, and problems whose truth is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from scipy.stats import kstest

from unshielded.calibration import CalibrationProblem, calibrate, load_problem
from unshielded.calibration.calibrate import draw, of_population
from unshielded.calibration.courses import course
from unshielded.circuit.populations import POPULATIONS
from unshielded.preparations import PREPARATIONS
from unshielded.single_cell.cell import CATALOGUE, numbers

#: The share of the mitochondria in ten seconds of spikes: a course that takes milliseconds.
SHARE = {
    "population": "motor_fr",
    "firing_rate": "50 Hz",
    "held_at": "-60 mV",
    "driven": "electrode",
    "calcium_per_spike": "3 uM",
    "duration": "10 s",
    "expect": "share",
    "source": [],
    "why": "made up",
}
PRIORS = {
    "mcu_maximum_rate": {"median": "20 mM/s", "factor": 3, "why": "made up"},
    "extrusion_rate": {"median": "450 1/s", "factor": 1.5, "why": "made up"},
}


def problem(
    facts: Mapping[str, Mapping[str, Any]], **priors: Mapping[str, Any]
) -> CalibrationProblem:
    return CalibrationProblem.model_validate({"priors": priors or PRIORS, "facts": facts})


def test_draws_are_the_same_again_and_follow_the_seed() -> None:
    own = load_problem()
    one, again, other = draw(own, 64, 5), draw(own, 64, 5), draw(own, 64, 6)
    assert list(one) == list(own.priors)
    for name in one:
        np.testing.assert_array_equal(one[name], again[name])
        assert not np.any(one[name] == other[name])


def test_draws_are_log_normal_as_their_priors() -> None:
    own = load_problem()
    draws = draw(own, 1024, 2)
    normal = np.array(
        [np.log(draws[n] / p.median) / np.log(p.factor) for n, p in own.priors.items()]
    )
    assert np.abs(normal).max() <= 2.5 + 1e-12  # further ones are set there
    inner = np.where(np.abs(normal) < 2.499, normal, np.nan)
    for z in inner:
        # evenly filled: nearer to the distribution than independent draws are
        assert kstest(z[np.isfinite(z)], "norm").pvalue > 0.5
    assert np.abs(np.corrcoef(normal) - np.eye(len(normal))).max() < 0.1  # 3 of 1/sqrt(1024)


def test_a_draw_multiplies_the_numbers_of_those_that_follow_it() -> None:
    own = load_problem()
    draws = {name: np.array([prior.median]) for name, prior in own.priors.items()}
    reference = numbers("motor_fr")
    for population in POPULATIONS:
        found = of_population(own, draws, population, "adult_37C")
        for name, prior in own.priors.items():
            motor = population.startswith("motor") or population == "oculomotor"
            assert (name in found) == (prior.of == "all" or motor), (population, name)
            if name not in found:
                continue
            # the ratio to the middle motor neuron stays, unless the catalogue ends before
            ratio = numbers(population)[name] / reference[name]
            expected = prior.median * ratio
            scale = CATALOGUE[name].si / CATALOGUE[name].value
            low, high = CATALOGUE[name].low * scale, CATALOGUE[name].high * scale
            assert found[name] == pytest.approx(np.clip(expected, low, high))
            for other in prior.along:
                kept = numbers(population)[other] / numbers(population)[name]
                assert found[other] / found[name] == pytest.approx(kept)


def test_what_a_preparation_measured_is_not_drawn() -> None:
    own = load_problem()
    draws = draw(own, 4, 1)
    assert "extrusion_rate" in PREPARATIONS["slice_21C"].numbers
    assert "extrusion_rate" not in of_population(own, draws, "motor_fr", "slice_21C")
    # elsewhere than at 37 °C the Q10 holds as well
    cold = of_population(own, draws, "motor_fr", "slice_21C")["mcu_maximum_rate"]
    warm = of_population(own, draws, "motor_fr", "adult_37C")["mcu_maximum_rate"]
    q10 = numbers("motor_fr", "slice_21C")["mcu_maximum_rate"]
    np.testing.assert_allclose(cold / warm, q10 / numbers("motor_fr")["mcu_maximum_rate"])
    assert (cold < warm).all()


@pytest.mark.thorough
def test_a_known_truth_is_recovered() -> None:
    """What is measured is the truth's share with an even error; the plausible set is the posterior."""
    error = 0.06
    free = problem({"share": SHARE})
    truths = draw(free, 16, 11)
    fact = free.facts["share"]
    shares = course(fact, of_population(free, truths, fact.population, fact.preparation)).share
    assert np.ptp(shares) > 3 * error  # the fact tells the truths apart
    noise = np.random.default_rng(3).uniform(-error, error, shares.size)
    covered, widths = {name: [] for name in PRIORS}, []
    for k, measured in enumerate(shares + noise):
        between = {"low": measured - error, "high": measured + error}
        found = calibrate(problem({"share": {**SHARE, **between}}), 1024, 4)
        assert found.plausible.sum() > 10
        kept = found.courses["share"].share[found.plausible]
        assert (np.abs(kept - measured) <= error).all()
        for name, values in found.draws.items():
            low, high = np.quantile(values[found.plausible], [0.05, 0.95])
            covered[name].append(low <= truths[name][k] <= high)
        chosen = found.draws["mcu_maximum_rate"][found.plausible]
        widths.append(np.std(np.log(chosen)) / np.log(PRIORS["mcu_maximum_rate"]["factor"]))
    for inside in covered.values():
        # nine in ten; 11 or fewer of 16 have a chance of 2 %
        assert sum(inside) >= 12
    assert np.median(widths) < 0.85  # narrower than the prior, which is 1


def facts_of_several_kinds() -> dict[str, dict[str, Any]]:
    killed = {
        "population": "motor_fr",
        "bath": {"AMPA": "100 uM", "NMDA": "100 uM"},
        "duration": "3 hour",
        "expect": "dead",
        "source": [],
        "why": "made up",
    }
    return {
        "share": {**SHARE, "low": 0.2, "high": 0.7},
        "dead": {**killed, "not_before": "30 min"},
        "rest": {**killed, "bath": {}, "expect": "alive"},
        "any": {**killed, "population": "motor_s", "expect": "any"},
        "order": {**killed, "population": "motor_ff", "before": "any"},
    }


@pytest.mark.thorough
def test_early_rejection_keeps_the_same_draws_as_asking_every_draw_every_fact() -> None:
    facts, count, seed = facts_of_several_kinds(), 64, 8
    priors = {
        **PRIORS,
        "ampa_conductance": {"median": "50 uS", "factor": 2, "of": "motor", "why": ""},
    }
    whole = calibrate(problem(facts, **priors), count, seed)
    free = problem(facts, **priors)
    draws = draw(free, count, seed)
    every = {
        name: course(fact, of_population(free, draws, fact.population, fact.preparation))
        for name, fact in free.facts.items()
    }
    atp = numbers("motor_fr")["resting_atp"]
    dead = every["dead"].death
    met = {
        "share": (every["share"].share >= 0.2) & (every["share"].share <= 0.7),
        "dead": np.isfinite(dead) & (dead >= 1800),
        "rest": np.isinf(every["rest"].death) & (every["rest"].atp > 0.8 * atp),
        "any": np.ones(count, bool),
        "order": np.isfinite(every["order"].death) & (every["order"].death <= every["any"].death),
    }
    left = np.ones(count, bool)
    for name, of_fact in met.items():
        left &= ~np.isnan(every[name].death)  # a cell that has no rest is not asked
        asked = ~np.isnan(whole.courses[name].death)
        np.testing.assert_array_equal(asked, left, err_msg=name)
        # a cell's course is the same to the last bit, whatever cells are followed beside it
        np.testing.assert_array_equal(whole.courses[name].death[left], every[name].death[left])
        left = left & of_fact
        np.testing.assert_array_equal(whole.met[name], left, err_msg=name)
    np.testing.assert_array_equal(whole.plausible, left)
    assert 0 < left.sum() < met["share"].sum() < count  # the facts reject, and not all


def test_the_central_draw_is_plausible_and_nearest_to_the_middle() -> None:
    found = calibrate(problem({"share": {**SHARE, "low": 0.2, "high": 0.6}}), 128, 1)
    chosen = np.flatnonzero(found.plausible)
    z = np.array([np.log(found.draws[n][chosen]) / np.log(p["factor"]) for n, p in PRIORS.items()])
    away = ((z.T - np.median(z, axis=1)) ** 2).sum(axis=1)
    assert found.central() == chosen[away.argmin()]


def test_no_draw_is_left() -> None:
    impossible = {**SHARE, "low": 0.999, "high": 1.0}
    told: list[str] = []
    found = calibrate(problem({"first": impossible, "second": SHARE}), 16, 1, told.append)
    assert not found.plausible.any()
    assert told == ["first: 16 draws", "second: 0 draws"]
    assert np.isnan(found.courses["second"].death).all()


def test_a_cell_that_cannot_rest_meets_nothing() -> None:
    """A uniporter that takes up more at rest than NCLX can return leaves no state of rest."""
    both = np.array([30.0, 900.0])
    fact = problem({"share": SHARE}).facts["share"]
    found = course(fact, {"mcu_maximum_rate": both})
    alone = course(fact, {"mcu_maximum_rate": both[:1]})
    np.testing.assert_array_equal(np.isnan(found.death), [False, True])
    assert found.share[0] == alone.share[0]
    wide = {"nclx_maximum_rate": {"median": "1e-4 mM/s", "factor": 1.01, "why": ""}}
    for expect in ("alive", "any", "share"):
        asked = problem({"one": {**SHARE, "expect": expect}, "next": SHARE}, **wide)
        assert not calibrate(asked, 4, 1).met["one"].any()
