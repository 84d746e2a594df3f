"""Both ends of every parameter: each can be checked, assembled and started, and computes, or is refused before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tiny import TINY
from unshielded.assemble import assemble
from unshielded.config import ConfigError, catalogue, load
from unshielded.config.sections.drive import MOST_A_STEP
from unshielded.engine.build import build
from unshielded.engine.errors import NotFinite
from unshielded.engine.limits import MAXIMUM_MEAN
from unshielded.engine.program import Job, TraceSelection, execute
from unshielded.running.start import check_start

#: Those of any run; those of years act through the multiscale solver only.
NAMES = sorted(catalogue().parameters.keys() - catalogue().slow)

#: Ends at which the start has no answer, the program cannot make as many releases, a step is too coarse for the
#: membrane of some population or for the model's binding sites: refused beforehand.
REFUSED = {
    ("nclx_maximum_rate", "low"),
    ("background_rate", "high"),
    ("command_rate", "high"),
    ("buffer_capacity", "low"),
    ("total_creatine", "high"),
    ("creatine_kinase_equilibrium", "high"),
    ("ahp_increment", "high"),
    ("inhibitory_conductance_scale", "high"),
    ("leak_conductance", "high"),
    ("membrane_capacitance", "low"),
}

#: Ends that the largest or smallest population needs and others do not bear: the tiny circuit leaves the numbers
#: within a quarter of a second at the default steps, which no check tells. Such a run ends with exit code 3, and says
#: which neuron, when, and what helps.
TOO_FAST = {
    ("ampa_conductance", "high"),
    ("cytosolic_volume", "low"),
    ("injected_current", "high"),
    ("resting_atp", "high"),
}


def at(name: str, end: str) -> str:
    parameter = catalogue().parameters[name]
    return f"parameters.{name}={getattr(parameter, end)!r} {parameter.unit}".strip()


@pytest.mark.thorough
@pytest.mark.parametrize("end", ["low", "high"])
def test_every_limit_starts_or_is_refused(end: str) -> None:
    for name in NAMES:
        said = ""
        try:
            check_start(load(TINY, [at(name, end)]).config)
        except (ConfigError, NotFinite) as error:
            said = str(error)
        assert bool(said) == ((name, end) in REFUSED), (name, end, said)
        assert not said or name in said or "drive.level" in said, said


@pytest.mark.thorough
@pytest.mark.parametrize("name", NAMES)
def test_every_limit_computes(name: str, cache: Path, tmp_path: Path) -> None:
    """A quarter of a second of one compiled program, with the parameter at either end."""
    for end in ("low", "high"):
        if (name, end) in REFUSED:
            continue
        assembly = assemble(load(TINY, [at(name, end)]).config, 1)
        job = Job(2048, 2048, True, TraceSelection((), 0, 0, 1))
        scratch = tmp_path / end
        scratch.mkdir()
        failed = False
        try:
            execute(build(assembly), assembly, job, scratch)
        except NotFinite:
            failed = True
        assert failed == ((name, end) in TOO_FAST), (name, end)


def test_the_check_of_releases_is_that_of_the_program() -> None:
    assert MOST_A_STEP == MAXIMUM_MEAN


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("drive.level=2.93", "a level of at most 2.925 at 8192 steps"),
        ("circuit.populations.pv.parameters={background_rate: 8500 Hz}", "is too large"),
        (
            "parameters.background_rate=8000 Hz",
            r"1:28: parameters\.background_rate: a level of 1 makes",
        ),
    ],
)
def test_more_releases_than_one_a_step_are_refused(change: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load(TINY, [change])


def test_levels_that_can_be_released_are_good() -> None:
    for changes in (
        ["drive.level=2.92"],
        ["drive.level=4", "numerics.fast_steps_per_second=16384"],
        ["drive={command: rest, level: 50}"],
        ["parameters.background_rate=8000 Hz", "drive.command=rest"],
    ):
        load(TINY, changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (["parameters.total_creatine=100 mM"],
         r"parameters\.total_creatine: creatine kinase .* at most 1024 .*slow_steps_per_second to 1024"),
        (["circuit.populations.pv.parameters={total_creatine: 80 mM}"],
         r"circuit\.populations\.pv\.parameters\.total_creatine: creatine kinase"),
        (["bath=[{agent: creatine, concentration: 100 mM}]", "parameters.creatine_loading_time=0.01 h"],
         r"bath\.0\.concentration: creatine kinase"),
    ],
)  # fmt: skip
def test_more_creatine_than_the_step_can_follow_is_refused(changes: list[str], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load(TINY, changes)
    load(TINY, [*changes, "numerics.slow_steps_per_second=2048"])


def test_creatine_that_the_step_can_follow_is_good() -> None:
    load(TINY, ["parameters.total_creatine=60 mM"])
    load(TINY, ["bath=[{agent: creatine, concentration: 20 mM}]"])


def test_a_sweep_over_two_settings_of_releases_is_checked_together() -> None:
    grid = "sweep={grid: {drive.level: [1, 1.8], parameters.command_rate: [4300 Hz, 6000 Hz]}}"
    with pytest.raises(ConfigError, match=r"a level of 1\.8 makes more"):
        load(TINY, [grid])


def test_a_start_without_an_answer_names_the_parameter() -> None:
    config = load(TINY, ["parameters={magnesium: 1.1 mM, nclx_maximum_rate: 0 mM/s}"]).config
    with pytest.raises(NotFinite, match=r"^parameters\.nclx_maximum_rate: .*matrix_calcium"):
        check_start(config)
    own = "circuit.populations.motor_fr.parameters"
    with pytest.raises(NotFinite, match=f"^{own}.nclx_maximum_rate: "):
        check_start(load(TINY, [f"{own}={{nclx_maximum_rate: 0 mM/s}}"]).config)


def test_a_membrane_that_is_faster_than_a_step_names_the_parameter() -> None:
    own = "circuit.populations.renshaw.parameters"
    said = rf"^{own}.leak_conductance: with this value the membrane of a neuron of renshaw relaxes within .* ms, "
    slow = [f"{own}={{leak_conductance: 2000 nS}}"]
    with pytest.raises(NotFinite, match=said):
        check_start(load(TINY, slow).config)
    check_start(load(TINY, [*slow, "numerics.fast_steps_per_second=32768"]).config)
    check_start(
        load(TINY, ["circuit.populations.motor_s.parameters={leak_conductance: 1000 nS}"]).config
    )


def test_a_trial_without_motor_neurons_is_refused(tmp_path: Path) -> None:
    text = (
        "name: t\nduration: 2 s\nculture: {pyramidal: 3}\ntrial:\n  control: a\n"
        "  arms: {a: [], b: {bath: [{agent: NBQX, concentration: 1 uM}]}}\n"
    )
    path = tmp_path / "t.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"trial: there are no motor neurons that could die"):
        load(path)
    path.write_text(text + "  variants: {with: {culture: {motor_fr: 3}}}\n")
    load(path)
