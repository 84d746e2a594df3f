"""The closed system of a lone cell is the model that the engine runs, and dies as it does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.dish import dish
from tests.physics.engine import NO_TRACE
from unshielded import calcium, circuit
from unshielded.engine.build import build
from unshielded.engine.program import Job, execute
from unshielded.mechanism import MechanismError
from unshielded.single_cell import cell, solve

SECONDS = 24
RECORDED = (*calcium.RECORDED, *circuit.RECORDED)


@pytest.fixture(scope="module")
def engine(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    """Recorded variables of 4 motor_fr and 4 oculomotor cells: [sample, variable, cell]."""
    assembly = dish(
        [
            "circuit.heterogeneity=0",
            "parameters.threshold_at_rest=0 mV",
            "parameters.inactivation_offset=0 mV",
            "parameters.magnesium=0.1 mM",
            "parameters.nmda_steady_response=0.5",  # a load that kills within the run
            f"duration={SECONDS} s",
            "bath=[{agent: glutamate, concentration: 100 uM, from: 1 s, until: 20 s}]",
        ]
    )
    # The engine draws where a membrane starts; a lone cell starts at rest.
    assembly.neurons["membrane_potential"][:] = assembly.neurons["resting_potential"]  # type: ignore[index]
    folder = tmp_path_factory.mktemp("engine")
    rate = assembly.fast_steps_per_second
    execute(build(assembly), assembly, Job(SECONDS * rate, rate, False, NO_TRACE), folder)
    found = np.fromfile(folder / "snapshots.f64", "<f8")
    return found.reshape(SECONDS + 1, len(RECORDED), 8)


@pytest.mark.parametrize(("population", "index"), [("motor_fr", 0), ("oculomotor", 4)])
def test_engine_and_closed_system_agree_in_a_bath(
    engine: np.ndarray, population: str, index: int
) -> None:
    values = {"magnesium": 0.1, "nmda_steady_response": 0.5}
    alone = solve(
        cell(population, values),
        SECONDS,
        [(1.0, {"glutamate_applied": 0.1}), (20.0, {"glutamate_applied": 0.0})],
        interval=1.0,
        until_death=False,
    )
    names = list(RECORDED)
    for state in ("calcium", "matrix_calcium", "mitochondrial_potential", "atp", "sodium", "ros"):
        course = engine[:, names.index(state), index]
        reference = alone[state][np.searchsorted(alone.times, np.arange(SECONDS + 1))]
        # What passes between the clocks is a slow step (2 ms) old, of a bath that exchanges in
        # 5 s; Euler on the membrane adds less. 1e-3 of what the variable went through.
        error = np.max(np.abs(course - reference)) / np.ptp(reference)
        assert error < 1e-3, (state, error)
    assert np.ptp(engine[:, names.index("calcium"), index]) > 5e-4


def test_a_discharge_is_the_mean_of_its_spikes() -> None:
    """Spikes one by one, as pulses of a millisecond, against the same rate spread out."""
    quiet = cell("motor_fr", held=("membrane_potential",))
    spread = solve(quiet.given(imposed_firing_rate=10.0), 30.0, interval=10.0)
    pulses = [
        (t + lag, {"imposed_firing_rate": rate})
        for t in np.arange(0.05, 30.0, 0.1)
        for lag, rate in ((0.0, 1000.0), (0.001, 0.0))
    ]
    train = solve(quiet, 30.0, pulses, interval=10.0)
    # Vesicles recover between regular spikes a little less than between random ones of that rate.
    share, recovery = quiet.values["release_probability"], quiet.values["vesicle_recovery_time"]
    empty, kept = np.exp(-share), np.exp(-0.099 / recovery)
    regular = (1 - kept) / (1 - empty * kept) * (1 - empty) / share
    expected = {
        "calcium_entered": 1.0,
        "atp_used_action_potentials": 1.0,
        "atp_used_release": regular * (1 + share * 10.0 * recovery),
    }
    assert expected["atp_used_release"] != pytest.approx(1.0, rel=5e-3)
    for name, ratio in expected.items():
        # Linear in the spikes but for the pump's curvature over one interval, and for the first
        # spikes, which find all vesicles: a second of 30.
        assert train[name][-1] == pytest.approx(ratio * spread[name][-1], rel=5e-3), name


def test_what_is_set_must_exist() -> None:
    with pytest.raises(MechanismError, match="'nonsense' is not a parameter"):
        cell("motor_fr", {"nonsense": 1.0})
    with pytest.raises(MechanismError, match="'nonsense' is not a parameter"):
        cell("motor_fr").given(nonsense=1.0)


def test_a_held_membrane_stays_and_the_rest_goes_on() -> None:
    clamped = cell("motor_fr", held=("membrane_potential",)).given(membrane_potential=-0.03)
    course = solve(clamped, 5.0)
    assert "membrane_potential" not in course.cell.system.states
    assert course["calcium"][-1] > 2 * clamped.start["calcium"]  # through the persistent channel


def test_death_ends_the_course_and_names_its_mode() -> None:
    # Neither oxidation nor glycolysis is left.
    starved = cell("motor_fr", {"glycolysis_maximum_rate": 0.0})
    poisoned = starved.given(fccp_applied=1e-2, oligomycin_applied=1e-2)
    rupture = poisoned.values["necrosis_time"]
    course = solve(poisoned, 5 * rupture)
    assert course.mode == "necrosis"
    # Without ATP the gradients go within the time that rupture takes; not before it is there a death.
    assert course.death is not None
    assert rupture < course.death == course.times[-1] < 2 * rupture
    assert course["necrosis"][-1] == pytest.approx(1.0, rel=1e-6)
    assert solve(cell("motor_fr"), 3600.0).death is None
