"""Preparations: the sets, what configs say of them, and what a run and a lone cell make of them."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from tests.unit.bad_configs import HEAD, check, problems_of, split
from unshielded import bibliography, calcium, circuit, model
from unshielded.assemble import assemble
from unshielded.circuit.populations import POPULATIONS
from unshielded.cli.main import main
from unshielded.config import catalogue, load
from unshielded.mechanism import Mechanism, MechanismError, Parameter
from unshielded.model import INSIDE, OUTSIDE, PARAMETERS, SLOW, default, sources, without_q10
from unshielded.preparations import DEFAULT, PREPARATIONS, Preparation
from unshielded.single_cell import cell
from unshielded.single_cell.cell import numbers

COLD = "slice_21C"
ENGINE = {**circuit.PARAMETERS, **calcium.PARAMETERS}


def factor(name: str) -> float:
    """What cooling to 21 °C does to a number, from its Q10 alone."""
    parameter = PARAMETERS[name]
    assert parameter.q10 is not None
    power = (21.0 - parameter.temperature) / 10.0
    change = parameter.q10.value**power
    return float(change if parameter.scaling == "rate" else 1 / change)


def test_the_sets() -> None:
    temperatures = {name: p.temperature for name, p in PREPARATIONS.items()}
    assert temperatures == {"slice_21C": 21.0, "culture_37C": 37.0, "adult_37C": 37.0}
    assert DEFAULT == "adult_37C"


def test_every_kinetic_number_of_the_engine_has_a_q10_or_says_that_it_does_not_scale() -> None:
    assert without_q10((*OUTSIDE, *INSIDE), 21.0) == {}


@pytest.mark.parametrize("mechanism", [*OUTSIDE, *INSIDE], ids=lambda m: m.name)
def test_a_q10_is_sourced_and_sane(mechanism: Mechanism) -> None:
    for parameter in mechanism.parameters:
        if parameter.q10 is not None:
            assert 1.0 < parameter.q10.value < 5.0
            assert len(parameter.q10.rationale) > 5
            assert not parameter.q10.source or parameter.q10.source in bibliography.known()


def test_what_is_imposed_does_not_scale() -> None:
    of_experiments = ("command_from", "command_ramp", "background_rate", "bath_exchange_time",
                      "injection_ramp", "drug_entry_time", "force_averaging_time")  # fmt: skip
    for name in of_experiments:
        assert PARAMETERS[name].factor(21.0) == 1.0, name


def test_at_body_temperature_every_number_is_the_model_s(tmp_path: Path) -> None:
    known = numbers("pyramidal")
    own = POPULATIONS["pyramidal"].parameters
    assert known == {n: own.get(n, p).si for n, p in ENGINE.items()}


# configs


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "a.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def test_a_config_takes_place_in_the_adult_unless_it_says_otherwise(tmp_path: Path) -> None:
    assert load(write(tmp_path, "")).config.preparation == "adult_37C"
    assert load(write(tmp_path, f"preparation: {COLD}\n")).config.preparation == COLD
    assert (
        load(write(tmp_path, ""), ["preparation=culture_37C"]).config.preparation == "culture_37C"
    )


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        ("preparation: §slice_21\n", "did you mean 'slice_21C'?"),
        ("preparation: §21 °C\n", "'slice_21C', 'culture_37C' or 'adult_37C'"),
        ("preparation: §null\n", "preparation"),
        ("preparation: §[slice_21C]\n", "preparation"),
    ],
)
def test_another_preparation_is_refused_at_its_place(
    marked: str, said: str, tmp_path: Path
) -> None:
    text, expected = split(HEAD + marked, said)
    check(problems_of(text, tmp_path), expected)


def test_a_lifespan_is_at_body_temperature(tmp_path: Path) -> None:
    lifespan = "duration: 1 year\nsolver: {kind: multiscale}\n"
    marked = f"name: a\n{lifespan}preparation: §{COLD}\n"
    text, expected = split(marked, "is at 21 °C, and 'ageing' has no Q10 to tell 'ageing_onset'")
    found = problems_of(text, tmp_path)
    check(found, expected)
    assert "expected adult_37C or culture_37C" in str(found[0])
    load(write(tmp_path, "solver: {kind: multiscale}\npreparation: culture_37C\n"))


def test_a_mechanism_without_a_q10_is_named_with_the_remedy(tmp_path: Path) -> None:
    rate = Parameter("toy_rate", 1.0, "1/s", "of the test", "assumed", rationale="a test")
    toy = Mechanism("toy", "", parameters=(rate,))
    known = replace(catalogue(), mechanisms=(toy,))
    text, expected = split(
        f"{HEAD}preparation: §{COLD}\n", "'slice_21C' is at 21 °C, and 'toy' has no Q10"
    )
    found = problems_of(text, tmp_path, known)
    check(found, expected)
    assert "give it a q10" in str(found[0])
    load(write(tmp_path, "preparation: culture_37C\n"), catalogue=known)


# runs and lone cells


def test_a_run_tells_rates_and_times_at_its_temperature(tmp_path: Path) -> None:
    text = "circuit: {heterogeneity: 0}\nculture: {motor_fr: 2}\n"
    warm, cold = (
        assemble(load(write(tmp_path, text), [f"preparation={p}"]).config, 1)
        for p in (DEFAULT, COLD)
    )
    for name, parameter in ENGINE.items():
        group = "neurons" if name in circuit.PARAMETERS else "cells"
        before, after = (np.asarray(getattr(a, group)[name], float) for a in (warm, cold))
        ratio = 1.0
        if parameter.kinetic:
            ratio = factor(name)
        elif parameter.scaling == "absolute":
            ratio = 294.15 / 310.15
        measured = PREPARATIONS[COLD].numbers.get(name)
        expected = before * ratio if measured is None else measured.si
        assert after == pytest.approx(expected, rel=1e-12), name


def test_what_a_config_gives_is_taken_as_it_is(tmp_path: Path) -> None:
    text = (
        f"preparation: {COLD}\nculture: {{motor_fr: 1, pyramidal: 1}}\n"
        "parameters: {nclx_maximum_rate: 0.5 mM/s, extrusion_rate: 100 1/s}\n"
        "circuit: {heterogeneity: 0, populations: {motor_fr: {parameters: {extrusion_rate: 77 1/s}}}}\n"
    )
    made = assemble(load(write(tmp_path, text)).config, 1)
    assert set(np.ravel(made.cells["nclx_maximum_rate"])) == {0.5}
    rates = np.asarray(made.cells["extrusion_rate"])
    assert rates[made.layout["motor_fr"].start] == 77.0
    assert rates[made.layout["pyramidal"].start] == 100.0


def test_a_lone_cell_and_a_cell_of_a_run_have_the_same_numbers(tmp_path: Path) -> None:
    text = f"preparation: {COLD}\nculture: {{pyramidal: 1}}\ncircuit: {{heterogeneity: 0}}\n"
    made = assemble(load(write(tmp_path, text)).config, 1)
    alone = cell("pyramidal", preparation=COLD)
    assert alone.preparation == COLD
    for name in calcium.PARAMETERS:
        if name in alone.values:
            assert np.ravel(made.cells[name])[0] == alone.values[name], name
    given = cell("pyramidal", {"extrusion_rate": 9.0}, preparation=COLD)
    assert given.values["extrusion_rate"] == 9.0


def test_a_preparation_has_numbers_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def own(name: str, value: float, unit: str) -> Parameter:
        return Parameter(
            name,
            value,
            unit,
            "",
            "assumed",
            source="Jones1988",
            rationale="a test",
            temperature=21.0,
        )

    mine = replace(
        PREPARATIONS[COLD],
        numbers={
            "extracellular_calcium": own("extracellular_calcium", 2.0, "mM"),
            "refractory_period": own("refractory_period", 9.0, "ms"),
        },
    )
    monkeypatch.setitem(PREPARATIONS, COLD, mine)
    numbers.cache_clear()
    try:
        # before those of the model and of the population, and at the preparation's temperature
        known = numbers("pyramidal", COLD)
        assert known["extracellular_calcium"] == pytest.approx(2.0)
        assert known["refractory_period"] == pytest.approx(9e-3)
        assert numbers("pyramidal")["extracellular_calcium"] == pytest.approx(1.5)
        text = f"preparation: {COLD}\nculture: {{pyramidal: 1}}\n"
        made = assemble(load(write(tmp_path, text)).config, 1)
        assert made.cells["extracellular_calcium"] == pytest.approx(2.0)
        given = load(write(tmp_path, text), ["parameters.extracellular_calcium=1.2 mM"])
        assert assemble(given.config, 1).cells["extracellular_calcium"] == pytest.approx(1.2)
        assert default("refractory_period", COLD, "pyramidal").factor(21.0) == 1.0
    finally:
        numbers.cache_clear()


def test_a_number_of_a_preparation_at_another_temperature_is_refused() -> None:
    warm = Parameter("extrusion_rate", 1.0, "1/s", "", "assumed", rationale="a test")
    with pytest.raises(
        MechanismError, match=r"extrusion_rate holds at 37 °C, expected .* at 21 °C"
    ):
        Preparation("x", 21.0, "soma in a slice", "", "", {"extrusion_rate": warm})


def test_a_mechanism_without_a_q10_is_refused_in_a_lone_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lone = import_module("unshielded.single_cell.cell")  # the package has a function of that name
    rate = Parameter("toy_rate", 1.0, "1/s", "of the test", "assumed", rationale="a test")
    monkeypatch.setattr(lone, "OUTSIDE", (Mechanism("toy", "", parameters=(rate,)),))
    monkeypatch.setitem(lone.CATALOGUE, "toy_rate", rate)
    lone.numbers.cache_clear()
    with pytest.raises(MechanismError, match=r"'toy' has no Q10 to tell 'toy_rate' at 21 °C"):
        lone.numbers("pyramidal", COLD)


def test_sources_of_q10s_are_cited_where_they_act() -> None:
    warm, cold = (
        set(sources({"pyramidal"}, slow=False, doses=False, preparation=p)) for p in (DEFAULT, COLD)
    )
    assert cold - warm >= {"Otis1992", "Cais2008"}
    assert warm < cold <= bibliography.known()


def test_the_digest_depends_on_preparations(monkeypatch: pytest.MonkeyPatch) -> None:
    before = model.digest.__wrapped__()
    cold = PREPARATIONS[COLD]
    there = {name: replace(number, temperature=22.0) for name, number in cold.numbers.items()}
    monkeypatch.setitem(PREPARATIONS, COLD, replace(cold, temperature=22.0, numbers=there))
    assert model.digest.__wrapped__() != before


@pytest.mark.parametrize(
    ("change", "decides"),
    [
        ({"value": 51.0}, True),
        ({"spread": 0.3, "per_cell": True}, True),
        ({"high": 1e9}, False),
        ({"meaning": "other words", "rationale": "other words", "kind": "assumed"}, False),
    ],
)
def test_the_digest_depends_on_what_decides_results(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, object], decides: bool
) -> None:
    before = model.digest.__wrapped__()
    pool = model.POPULATIONS["motor_s"]
    number = replace(pool.parameters["buffer_capacity"], **change)
    other = replace(pool, parameters={**pool.parameters, "buffer_capacity": number})
    monkeypatch.setitem(model.POPULATIONS, "motor_s", other)
    assert (model.digest.__wrapped__() != before) == decides


# params


def rows(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, dict[str, object]]:
    assert main(["params", *arguments, "--format", "json"]) == 0
    return {row["name"]: row for row in json.loads(capsys.readouterr().out)}


def test_params_tell_each_number_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, "--preparation", COLD)
    assert set(found) == set(PARAMETERS)
    told = found["nmda_decay"]["told"]
    assert isinstance(told, dict)
    assert told["from"] == 100.0
    assert told["temperature"] == 37.0
    assert told["q10"]["value"] == 2.7
    assert told["q10"]["source"] == "Cais2008"
    assert told["factor"] == pytest.approx(2.7**1.6)
    assert told["value"] == pytest.approx(100.0 * 2.7**1.6)
    assert told["because"].startswith("time, Q10 2.7 (measured, Cais2008): ")
    recovery = found["vesicle_recovery_time"]["populations"]["pyramidal"]["told"]  # type: ignore[index]
    assert recovery["value"] == pytest.approx(400.0 * 1.7**1.6)
    fixed = found["bath_exchange_time"]["told"]
    assert fixed["value"] == 5.0  # type: ignore[index]
    slow = next(p.name for m in SLOW for p in m.parameters if p.kinetic)
    assert found[slow]["told"]["value"] is None  # type: ignore[index]
    assert found[slow]["told"]["because"] == "its mechanism has no Q10"  # type: ignore[index]


def test_params_show_it_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["params", "--preparation", COLD]) == 0
    lines = capsys.readouterr().out.splitlines()
    (line,) = (line for line in lines if line.startswith("nmda_decay"))
    for piece in ("100 ms at 37 °C", "4.9", "489.984 ms", "Q10 2.7 (measured, Cais2008)"):
        assert piece in line
    assert "nmda in slice_21C, 21 °C" in lines


def test_params_of_a_config_are_told_in_its_preparation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"preparation: {COLD}\nparameters: {{nmda_decay: 33 ms}}\n"
    found = rows(capsys, str(write(tmp_path, text)))
    given = found["nmda_decay"]["told"]
    assert given["value"] == 33.0  # type: ignore[index]
    assert given["because"].startswith("given: ")  # type: ignore[index]
    assert found["mcu_maximum_rate"]["told"]["factor"] == pytest.approx(2.0**-1.6)  # type: ignore[index]


def test_params_without_a_preparation_say_nothing_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not any("told" in row for row in rows(capsys).values())
    assert not any("told" in row for row in rows(capsys, str(write(tmp_path, ""))).values())


def test_an_unknown_preparation_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["params", "--preparation", "slice"]) == 2
    assert "expected one of slice_21C, culture_37C, adult_37C" in capsys.readouterr().err
    assert main(["params", str(write(tmp_path, "")), "--preparation", COLD]) == 2
    assert "--set preparation=NAME" in capsys.readouterr().err
