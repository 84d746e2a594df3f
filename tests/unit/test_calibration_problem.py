"""Problems of a calibration as files: what is wrong is told with its place, what is right in SI."""

from __future__ import annotations

from pathlib import Path

import pytest

from unshielded import bibliography
from unshielded.calibration import CalibrationProblem, load_problem
from unshielded.circuit.populations import POPULATIONS
from unshielded.config import ConfigError
from unshielded.single_cell.cell import CATALOGUE

PRIORS = """\
priors:
  mcu_maximum_rate: {median: 5 mM/s, factor: 2.5, why: nobody knows}
"""
FACTS = """\
facts:
  rest: {population: motor_fr, duration: 8 hour, expect: alive, source: [Attwell2001], why: it lives}
"""


def read(folder: Path, text: str) -> CalibrationProblem:
    path = folder / "problem.yaml"
    path.write_text(text, encoding="utf-8")
    return load_problem(path)


def test_quantities_are_in_si_units(tmp_path: Path) -> None:
    more = "  drug: {population: motor_ff, duration: 2 min, not_before: 500 ms, firing_rate: 0.02 kHz, "
    more += "held_at: -55 mV, calcium_per_spike: 3 uM, bath: {AMPA: 30 uM}, expect: dead, "
    more += "source: [Sugiyama2017], why: it dies}\n"
    found = read(tmp_path, PRIORS + FACTS + more)
    assert found.priors["mcu_maximum_rate"].median == pytest.approx(5.0)  # mM is mol/m³
    assert found.facts["rest"].duration == pytest.approx(8 * 3600)
    assert found.facts["rest"].held_at is None
    fact = found.facts["drug"]
    assert (fact.duration, fact.not_before, fact.firing_rate) == pytest.approx((120, 0.5, 20))
    assert (fact.held_at, fact.calcium_per_spike) == pytest.approx((-0.055, 3e-3))
    assert fact.bath == {"AMPA": pytest.approx(0.03)}
    assert list(found.facts) == ["rest", "drug"]  # a draw is asked them in this order


@pytest.mark.parametrize(
    ("written", "bad", "said"),
    [
        ("mcu_maximum_rate:", "mcu_maximum_rat:", "2:3: priors.mcu_maximum_rat: there is no parameter of a "
         "lone cell 'mcu_maximum_rat'; did you mean 'mcu_maximum_rate'?"),
        ("5 mM/s", "5", "2:30: priors.mcu_maximum_rate.median: 5 has no unit, expected a unit like 'mM/s'"),
        ("5 mM/s", "5 mM", "priors.mcu_maximum_rate.median: '5 mM' has the unit 'mM'"),
        ("5 mM/s", "[5]", "priors.mcu_maximum_rate.median: expected a quantity like '1 mM/s'"),
        ("5 mM/s", "0 mM/s", "'0 mM/s' is not positive, and the prior is log-normal"),
        ("median: 5 mM/s, ", "", "priors.mcu_maximum_rate.median: is missing; add 'median: …'"),
        ("factor: 2.5", "factor: 1", "priors.mcu_maximum_rate.factor: found 1, expected greater than 1"),
        ("factor: 2.5", "factor: 2.5, of: some", "priors.mcu_maximum_rate.of: found 'some', expected 'all' or "
         "'motor'"),
        ("factor: 2.5", "factor: 2.5, with: [nclx_maximum]", "priors.mcu_maximum_rate.with.0: there is no "
         "parameter of a lone cell 'nclx_maximum'; did you mean 'nclx_maximum_rate'?"),
        ("factor: 2.5", "factor: 2.5, width: 2", "2:51: priors.mcu_maximum_rate.width: there is no setting "
         "'width'"),
        ("{median: 5 mM/s, factor: 2.5, why: nobody knows}", "5 mM/s", "priors.mcu_maximum_rate: found "
         "'5 mM/s', expected a mapping of settings"),
        ("motor_fr", "motor_fx", "4:22: facts.rest.population: there is no population 'motor_fx'; did you mean "
         "'motor_fr'?"),
        ("8 hour", "8 mV", "4:42: facts.rest.duration: '8 mV' has the unit 'mV', expected a unit like 's'"),
        ("8 hour", "8", "facts.rest.duration: 8 has no unit"),
        ("expect: alive", "expect: living", "facts.rest.expect: found 'living', expected 'alive', 'dead', 'share'"
         " or 'any'"),
        ("[Attwell2001]", "Attwell2001", "facts.rest.source: found 'Attwell2001', expected a list"),
        ("expect: alive", "expect: alive, bath: {AMPAs: 1 uM}", "facts.rest.bath.AMPAs: there is no agent "
         "'AMPAs'; did you mean 'AMPA'?"),
        ("expect: alive", "expect: alive, bath: {AMPA: 1 s}", "facts.rest.bath.AMPA: '1 s' has the unit 's'"),
        ("expect: alive", "expect: alive, preparation: culture", "facts.rest.preparation: there is no "
         "preparation 'culture'; did you mean 'culture_37C'?"),
        ("expect: alive", "expect: any, before: rest", "facts.rest.before: there is no earlier fact 'rest'"),
        (PRIORS, "", "1:1: priors: is missing"),
        (FACTS, "facts: {}\n", "facts: found a mapping, expected at least one entry"),
        (FACTS, "facts: [1]\n", "facts: found a list, expected a mapping of settings"),
        (PRIORS + FACTS, "5\n", "1:1: found 5, expected a mapping of settings"),
        (PRIORS + FACTS, "", "1:1: found nothing, expected a mapping of settings"),
        ("facts:", "facts: *a", "3:8: facts: the alias *a is not supported"),
        ("facts:", "facts", "is not YAML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(
    tmp_path: Path, written: str, bad: str, said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, (PRIORS + FACTS).replace(written, bad, 1))
    assert f"{tmp_path}/problem.yaml:" in str(caught.value)
    assert said in str(caught.value)


def test_all_that_is_wrong_with_facts_is_told_at_once(tmp_path: Path) -> None:
    text = FACTS.replace("motor_fr", "motor_fx") + FACTS.splitlines()[1].replace("rest", "twin")
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, PRIORS + text.replace("expect: alive, source", "expect: dying, source"))
    assert [problem.path for problem in caught.value.problems] == [
        "facts.rest.expect",
        "facts.twin.expect",
    ]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml:1:1: there is no such file"):
        load_problem(tmp_path / "none.yaml")


def test_the_problem_of_the_cell_can_be_asked() -> None:
    own = load_problem()
    for name, prior in own.priors.items():
        number, scale = CATALOGUE[name], CATALOGUE[name].si / CATALOGUE[name].value
        # nearly all draws within the range of the catalogue: others would be set to its edge
        assert number.low * scale <= prior.median / prior.factor**2
        assert prior.median * prior.factor**2 <= number.high * scale
    for fact in own.facts.values():
        assert set(fact.source) <= bibliography.known()
        assert 0 <= fact.low < fact.high <= 1
        assert fact.not_before < fact.duration
        assert fact.population in POPULATIONS
