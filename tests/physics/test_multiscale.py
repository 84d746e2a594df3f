"""The multiscale solver against its references: BDF between windows, full spiking simulation.

The circuit is the tiny one of all tests, under a load that kills: full loss of interneurons and a strong
command. The network is chaotic, and windows draw their own input, so two runs of it differ as two seeds
do; tolerances between them say how much that is.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from tests.tiny import TINY
from unshielded.assemble import assemble
from unshielded.assemble.slow import slow_values
from unshielded.config import Config, load
from unshielded.engine.build import build
from unshielded.mechanism.targets.python import compiled
from unshielded.multiscale import system as between
from unshielded.multiscale.cells import Cells
from unshielded.multiscale.conditions import conditions
from unshielded.multiscale.history import RECORDED, History
from unshielded.multiscale.pools import muscles
from unshielded.multiscale.solve import solve
from unshielded.numerics.rosenbrock import integrate
from unshielded.running.windows import Windows

ROW = list(RECORDED)
STRONG = ("circuit.interneuron_loss=1.0", "drive.level=1.5")
#: Calpain that the calcium of a strong discharge half activates, and that kills within minutes.
QUICK = ("parameters.calpain_constant=0.2 uM", "parameters.proteolysis_time=0.02 hour")
LETHAL = (*STRONG, *QUICK)
CLASSES = {"pyramidal": slice(0, 20), "motor": slice(20, 38), "oculomotor": slice(38, 44)}


def config(*overrides: str) -> Config:
    return load(str(TINY), ["solver.kind=multiscale", "duration=1 min", *overrides]).config


@cache
def lived(folder: Path, *overrides: str) -> History:
    """Solve the tiny circuit; once for all tests that ask for the same."""
    chosen = config(*overrides)
    assembly = assemble(chosen, chosen.seed)
    rate, solver = chosen.numerics.fast_steps_per_second, chosen.solver
    scratch = folder / f"run-{abs(hash(overrides))}"
    scratch.mkdir()
    windows = Windows(
        build(assembly), round(solver.window * rate), round(solver.settle * rate), scratch
    )
    history = solve(chosen, assembly, windows)
    assert not list(scratch.iterdir())  # windows clear up after themselves
    return history


@pytest.fixture(scope="module")
def folder(tmp_path_factory, cache) -> Path:
    return tmp_path_factory.mktemp("lifespan")


def course(history: History, name: str, part: slice, times) -> np.ndarray:
    """Mean of a variable over a class at some times."""
    values = np.array([row[ROW.index(name), part].mean() for row in history.rows])
    return np.interp(times, history.times, values)


def died(history: History) -> np.ndarray:
    times = history.rows[-1][ROW.index("time_of_death")]
    return np.sort(times[times >= 0])


# --- Between windows ---------------------------------------------------------------------------


def loaded_cells(*overrides: str):
    """The tiny circuit's cells, under loads from mild to lethal."""
    chosen = config(*overrides)
    assembly = assemble(chosen, 1)
    parameters, starts = slow_values(chosen, assembly, 1)
    count = assembly.layout.cells
    twitch = np.asarray(assembly.neurons["twitch_force"])[:count]
    of = muscles(assembly.layout, twitch)
    cells = Cells.begin(assembly, parameters, starts, of, chosen.solver.start_age)
    silenced = np.asarray(assembly.neurons["silenced_from"])
    now = conditions(chosen, assembly.layout, silenced, chosen.solver.start_age, {})
    random = np.random.default_rng(1)
    loads = {
        "calcium_entry": random.uniform(0.02, 0.3, count),  # mM/s
        "firing_rate": random.uniform(1, 30, count),
        "release_rate": random.uniform(1, 20, count),
        "spike_sodium_entry": random.uniform(0.1, 1.0, count),
        "membrane_potential": random.uniform(-0.065, -0.045, count),
        "mean_leak_sodium_entry": random.uniform(0.1, 0.3, count),
        "mean_synaptic_sodium_entry": random.uniform(0.1, 1.5, count),
        "mean_sodium_drive": np.full(count, 0.12),
        "burst_gain": random.uniform(1, 1.3, count),
    }
    values = cells.values(now, {"factor_substrate_supply": 1.0}, loads)
    cells.settle_means(values)
    return cells, values


@pytest.mark.slow
def test_cells_between_windows_are_those_of_an_implicit_solver():
    """Against scipy's BDF, of another compilation of the same text, over ten minutes.

    With a tolerance of 1e-5 every state of the living is within 1e-4 of its size, and deaths within
    1e-5 of their time: local errors add up over some hundred steps.
    """
    cells, values = loaded_cells(*QUICK)
    model, text = cells.model, between.equations()
    span = 600.0
    found = integrate(
        model, cells.y, values, span, tolerance=1e-5, scale=cells.scale, fatal=between.DEATHS
    )
    rate = compiled(text)
    order = [text.states.index(name) for name in model.states]
    deaths = 0
    for cell in range(0, cells.y.shape[1], 4):
        p = [float(np.broadcast_to(values[n], len(cells.alive))[cell]) for n in text.parameters]
        y = np.zeros(len(text.states))
        y[order] = cells.y[:, cell]
        events = []
        for name in between.DEATHS:
            place = text.states.index(name)
            event = lambda _t, x, place=place: x[place] - 1.0  # noqa: E731
            event.terminal = True
            events.append(event)
        exact = solve_ivp(
            lambda t, x, p=p: rate(t, x.tolist(), p), (0, span), y, method="BDF", events=events,
            rtol=1e-8, atol=1e-8 * np.maximum(np.abs(y), 1e-4),
        )  # fmt: skip
        if exact.status == 1:
            deaths += 1
            assert found.time[cell] == pytest.approx(exact.t[-1], rel=1e-5)
        else:
            assert found.fatal[cell] < 0
            size = np.abs(exact.y[order, -1]) + cells.scale
            assert np.abs(found.y[:, cell] - exact.y[order, -1]) / size == pytest.approx(
                0.0, abs=1e-4
            )
    assert deaths >= 1  # the loads were to include lethal ones


def test_a_young_cell_at_rest_stays_as_it_is():
    """No spikes and no ageing: a month is nothing to a resting cell, nor to its slow states.

    The start is where the equations put rest; ATP and the mitochondrial potential then settle within
    the first second, by up to a hundredth.
    """
    alike = "circuit.heterogeneity=0"
    cells, values = loaded_cells(alike)
    assembly = assemble(config(alike), 1)
    count = len(cells.alive)
    inside = {n: np.asarray(v) for n, v in assembly.cells.items()}
    outside = {n: np.broadcast_to(v, assembly.layout.neurons)[:count]
               for n, v in assembly.neurons.items() if np.ndim(v) <= 1}  # fmt: skip
    force = outside["sodium_reversal"] - outside["resting_potential"]
    leak = outside["sodium_leak"] * force / (inside["faraday"] * inside["cytosolic_volume"])
    quiet = ("calcium_entry", "firing_rate", "release_rate", "spike_sodium_entry",
             "mean_synaptic_sodium_entry")  # fmt: skip
    values = {
        **values,
        **dict.fromkeys(quiet, np.zeros(count)),
        "mean_leak_sodium_entry": leak,
        "mean_sodium_drive": force,
        "membrane_potential": outside["resting_potential"],
        "burst_gain": np.ones(count),
        "ageing_speed": np.zeros(count),
    }
    model = cells.model
    month = integrate(model, cells.y, values, 2.6e6, tolerance=1e-5, scale=cells.scale)
    for name in ("mitochondrial_reserve", "innervation", "sprouts", "calcium", "sodium", "atp"):
        place = model.states.index(name)
        assert month.y[place] == pytest.approx(cells.y[place], rel=0.01, abs=1e-3)


# --- Windows ------------------------------------------------------------------------------------


@pytest.mark.thorough
def test_the_same_config_is_the_same_life(folder):
    """A pure function of config and seed; another seed is another life."""
    first = lived(folder, "duration=60 s", "solver.smallest_step=4 s")
    again = lived(folder, "duration=60 s", "solver.smallest_step=4 s", "description=again")
    other = lived(folder, "duration=60 s", "solver.smallest_step=4 s", "seed=2")
    assert np.array_equal(first.rows, again.rows)
    assert np.array_equal(first.counts, again.counts)
    assert not np.array_equal(first.counts, other.counts)


@pytest.mark.thorough
def test_without_projection_the_course_is_that_of_spikes_all_the_way(folder, cache):
    """Windows end to end, against one program: the same cells, other random input.

    Ten minutes of a lethal load. Means over a class of 6 to 20 cells, in a network with other input
    from its first spike on: 10 % of a load that pores empty now and then, 2 % of ATP. Two seeds,
    which differ in wiring and cells too, are 20 to 30 % apart.
    """
    duration = 600.0
    history = lived(
        folder, *LETHAL, f"duration={duration} s", "solver.largest_step=4 s", "solver.settle=0 s"
    )
    assert len(history.counted) == 150
    plain = spiking(folder, duration, *LETHAL)
    agree(history, plain, np.array([60.0, 120.0, 180.0]), load=0.10, atp=0.02)
    ours, theirs = died(history), np.sort(plain.died[plain.died >= 0])
    assert len(theirs) >= 2  # the load was to kill
    assert len(ours) == len(theirs)
    assert ours == pytest.approx(theirs, rel=0.10)


def agree(history: History, plain, times, load: float, atp: float) -> None:
    for part in CLASSES.values():
        for name, tolerance in (("matrix_calcium", load), ("atp", atp), ("ros", load)):
            expected = plain(name, part, times)
            assert course(history, name, part, times) == pytest.approx(expected, rel=tolerance)


def spiking(folder: Path, duration: float, *overrides: str):
    """Run a full spiking simulation; return a function (variable, cells, times) → class means."""
    from threading import Event

    from unshielded.engine.program import Job, TraceSelection, execute

    chosen = load(str(TINY), [*overrides, f"duration={duration} s"]).config
    assembly = assemble(chosen, chosen.seed)
    scratch = folder / f"plain-{abs(hash(overrides))}-{duration:g}"
    scratch.mkdir()
    rate = chosen.numerics.fast_steps_per_second
    job = Job(round(duration * rate), rate, False, TraceSelection((), 0, 0, 1))
    execute(build(assembly), assembly, job, scratch, None, Event())
    from unshielded import calcium, circuit

    names = [*calcium.RECORDED, *circuit.RECORDED]
    rows = np.fromfile(scratch / "snapshots.f64").reshape(-1, len(names), assembly.layout.cells)

    def mean(name: str, part: slice, times):
        values = rows[:, names.index(name), part].mean(axis=1)
        return np.interp(times, np.arange(len(rows)), values)

    mean.died = rows[-1, names.index("time_of_death")]
    return mean


@pytest.mark.thorough
def test_projection_keeps_to_the_course(folder):
    """Steps of minutes against full spiking simulation, while mitochondria fill.

    15 % of a class's matrix calcium: what is stored is a small difference of uptake and release, and
    multiplies the few per cent of chance in the loads of 6 to 20 cells. Two seeds differ by up to 30 %.
    """
    duration = 900.0
    history = lived(folder, *STRONG, f"duration={duration} s", "solver.smallest_step=8 s")
    steps = [whole["step"] for whole in history.whole]
    assert max(steps) > 60.0  # it did project
    assert len(history.counted) * 4.0 < 0.2 * duration
    plain = spiking(folder, duration, *STRONG)
    agree(history, plain, np.array([100.0, 200.0, 300.0, 400.0]), load=0.15, atp=0.01)


@pytest.mark.thorough
def test_projection_keeps_to_the_deaths(folder):
    """Of 44 cells as many die, give or take two, and the median time differs by 15 % at most.

    A death is the crossing of a threshold by a load that a window of seconds knows to some per cent,
    and which of the cells near it goes first is chance.
    """
    duration = 900.0
    history = lived(folder, *LETHAL, f"duration={duration} s", "solver.smallest_step=8 s")
    plain = spiking(folder, duration, *LETHAL)
    agree(history, plain, np.array([50.0, 100.0]), load=0.12, atp=0.03)
    ours, theirs = died(history), np.sort(plain.died[plain.died >= 0])
    assert len(theirs) >= 2  # the load was to kill
    assert abs(len(ours) - len(theirs)) <= 2
    assert np.median(ours) == pytest.approx(np.median(theirs), rel=0.15)


@pytest.mark.thorough
def test_the_length_of_the_window_does_not_matter(folder):
    """Windows of 2, 4 and 8 seconds: the same course, within the scatter of a class's load.

    Loads of a class rest on the same spiking time (`memory`), whatever the window.
    """
    found = [
        lived(
            folder, *STRONG, "duration=600 s", f"solver.window={w} s", "solver.smallest_step=16 s"
        )
        for w in (2, 4, 8)
    ]
    times = np.array([150.0, 300.0])
    for part in CLASSES.values():
        for name, tolerance in (("matrix_calcium", 0.12), ("atp", 0.02)):
            courses = [course(history, name, part, times) for history in found]
            for other in courses[1:]:
                assert other == pytest.approx(courses[0], rel=tolerance)


@pytest.mark.thorough
def test_a_loss_at_an_age_is_one_in_the_windows_from_then_on(folder):
    """Interneurons that are lost at an age fire before it, and not after."""
    lost = 0.1 * 365.25 * 86400.0
    history = lived(
        folder,
        "duration=0.2 years",
        "solver.start_age=30 years",
        "circuit.interneuron_loss.loss=1.0",
        "circuit.interneuron_loss.from=30.1 years",
        "circuit.interneuron_loss.until=30.1001 years",
        "drive.command=rest",
    )
    ends = np.array([end for _, end in history.counted])
    spikes = np.array(history.counts)[:, 48:68].sum(axis=1)  # pv, sst and vip
    assert (spikes[ends < 0.999 * lost] > 0).all()
    assert (spikes[ends > 1.01 * lost] == 0).all()
    assert history.times[-1] == pytest.approx(2 * lost)
