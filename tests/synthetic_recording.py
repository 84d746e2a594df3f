"""A made-up recording: raw files as the engine leaves them, with plausible courses and deaths.

Nothing here is a model. The shapes (calcium that rises, a pore that opens, ATP that falls,
cells that die and fall silent) are there so that tables and figures have something to show.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from unshielded.store.writing.recording import PopulationSlice, RawRecording, RecordedVariable

VARIABLES = (
    RecordedVariable("calcium", "uM", "cytosolic free calcium"),
    RecordedVariable("matrix_calcium", "mM", "total calcium of the mitochondrial matrix"),
    RecordedVariable("mean_mitochondrial_potential", "mV", "mean mitochondrial potential"),
    RecordedVariable("atp", "mM", "cytosolic ATP"),
    RecordedVariable("phosphocreatine", "mM", "phosphocreatine"),
    RecordedVariable("sodium", "mM", "cytosolic sodium"),
    RecordedVariable("ros", "1", "reactive oxygen species, relative to rest"),
    RecordedVariable("antioxidant", "1", "antioxidant capacity left"),
    RecordedVariable("pore_open", "1", "fraction of mitochondria with an open pore"),
    RecordedVariable("cytochrome_c", "1", "fraction of cytochrome c released"),
    RecordedVariable("alive", "1", "1 while the cell is alive"),
    RecordedVariable("time_of_death", "s", "time of death, -1 while alive"),
    RecordedVariable("death_mode", "1", "0 none, 1 necrosis, 2 apoptosis, 3 proteolysis"),
    RecordedVariable("peak_calcium", "uM", "highest cytosolic calcium so far"),
    RecordedVariable("minimum_atp", "mM", "lowest ATP so far"),
    RecordedVariable("integrated_ros", "s", "time integral of the reactive oxygen species"),
    RecordedVariable("time_of_pore_opening", "s", "first opening of the pore, -1 = never"),
    RecordedVariable("calcium_entered", "mM", "calcium entered so far"),
    RecordedVariable("calcium_extruded", "mM", "calcium extruded so far"),
    RecordedVariable("atp_produced_oxidative", "mM", "ATP made by the mitochondria"),
    RecordedVariable("atp_produced_glycolytic", "mM", "ATP made by glycolysis"),
    RecordedVariable("atp_used_sodium_pump", "mM", "ATP used by the sodium pump"),
    RecordedVariable("atp_used_calcium", "mM", "ATP used by calcium pumps"),
    RecordedVariable("atp_used_housekeeping", "mM", "ATP used by everything else"),
)

SIZES = {"pyramidal": 40, "motor_fr": 20, "oculomotor": 12, "pv": 20, "renshaw": 8}
CARRIERS = ("pyramidal", "motor_fr", "oculomotor")
CAPACITY = {"pyramidal": 100.0, "motor_fr": 40.0, "oculomotor": 260.0}
RATE = {"pyramidal": 6.0, "motor_fr": 12.0, "oculomotor": 10.0, "pv": 18.0, "renshaw": 9.0}
# fraction of a population that dies, and the middle of its deaths as a fraction of the run
DYING = {"pyramidal": (0.15, 0.75), "motor_fr": (0.7, 0.5), "oculomotor": (0.0, 1.0)}


def make_recording(
    directory: Path,
    *,
    duration: float = 60.0,
    interval: float = 1.0,
    scale: float = 1.0,
    severity: float = 1.0,
    seed: int = 1,
    spikes: bool = True,
    traced: int = 2,
    sizes: dict[str, int] | None = None,
    lost_from: np.ndarray | None = None,
    restored_from: np.ndarray | None = None,
) -> RawRecording:
    """Write raw files into `directory` and describe them.

    Parameters
    ----------
    directory
        Made if absent.
    duration, interval
        In seconds; the duration need not be a multiple of the interval.
    scale
        Multiplies the sizes of the populations.
    severity
        Multiplies the fraction of cells that die.
    seed
        Of everything random here.
    spikes
        Whether single spikes are recorded.
    traced
        Cells per population whose variables and membrane potentials are kept.
    sizes
        Sizes of the populations, instead of the usual ones.
    lost_from, restored_from
        When each neuron is lost and when it is back, in s; infinite for never. Then it does not fire.
    """
    random = np.random.default_rng(seed)
    directory.mkdir(parents=True, exist_ok=True)
    populations, start = [], 0
    for name, size in (sizes or {n: max(1, round(s * scale)) for n, s in SIZES.items()}).items():
        populations.append(PopulationSlice(name, start, start + size, name in CARRIERS))
        start += size
    n_neurons = start
    n_cells = max((p.stop for p in populations if p.carries_calcium), default=0)

    died = np.full(n_neurons, np.inf)
    capacity = np.zeros(n_cells)
    for p in populations:
        if p.carries_calcium and p.size:
            fraction, middle = DYING[p.name]
            n_dead = round(min(1.0, fraction * severity) * p.size)
            deaths = np.clip(random.normal(middle, 0.14, n_dead), 0.1, 0.98) * duration
            died[p.start + random.choice(p.size, n_dead, replace=False)] = deaths
            capacity[p.start : p.stop] = CAPACITY[p.name] * random.lognormal(0, 0.1, p.size)

    n_intervals = int(np.ceil(duration / interval - 1e-9))
    times = np.arange(int(duration / interval + 1e-9) + 1) * interval
    mode = np.array([2.0, 1.0, 3.0])[np.arange(n_cells) % 3]
    rows = [_cells(float(t), died[:n_cells], mode, duration, seed) for t in (*times, duration)]
    snapshots = np.array(rows[:-1]).reshape(len(times), -1)
    snapshots.astype("<f8").tofile(directory / "snapshots.f64")
    np.asarray(rows[-1], dtype="<f8").tofile(directory / "final.f64")

    silent = (lost_from, restored_from)
    counts = _spikes(
        directory, populations, died, silent, duration, interval, n_intervals, random, spikes
    )
    counts.astype("<i4").tofile(directory / "counts.i32")
    watched = tuple(n for p in populations for n in range(p.start, min(p.stop, p.start + traced)))
    window = np.arange(0.0, min(2.0, duration), 1e-3)
    phase = random.uniform(0, 0.12, len(watched))
    ramp = (window[:, None] + phase) % 0.12 / 0.12
    membrane = -65e-3 + 15e-3 * ramp**0.5 + random.normal(0, 0.4e-3, ramp.shape)
    membrane[ramp > 0.985] = 20e-3
    membrane.astype("<f8").tofile(directory / "membrane.f64")
    return RawRecording(
        directory=directory,
        populations=tuple(populations),
        fast_steps_per_second=8192,
        duration=duration,
        record_interval=interval,
        variables=VARIABLES,
        membrane_neurons=watched,
        membrane_start=0.0,
        membrane_interval=1e-3,
        traced_neurons=tuple(n for n in watched if n < n_cells),
        buffer_capacity=capacity,
        lost_from=lost_from,
        restored_from=restored_from,
    )


def _cells(
    t: float, died: np.ndarray, mode: np.ndarray, duration: float, seed: int
) -> list[np.ndarray]:
    """All variables of all cells at time t, in SI and in the order of `VARIABLES`."""
    n = len(died)
    own = np.random.default_rng(seed + 7).uniform(0.85, 1.15, n)
    dead = t >= died
    doomed = np.isfinite(died)
    opening = np.where(doomed, 0.85 * died, np.inf)
    x = np.where(doomed, np.minimum(t, died) / np.where(doomed, died, 1.0), 0.25 * t / duration)
    pore = 1 / (1 + np.exp(-(x - 0.92) / 0.03))
    load = 1 - np.exp(-4 * t / duration)
    calcium = own * (0.08 + 0.5 * load * (0.3 + x) + np.where(dead, 60.0, 12.0 * pore**2))
    matrix = own * (0.05 + 4.0 * np.minimum(x, 1) ** 2) * (1 - 0.9 * pore)
    potential = -(165 + 8 * x * (x < 0.9)) * (1 - 0.85 * pore) * own**0.1
    ros = own * (1 + 4 * x**2 + 6 * pore)
    antioxidant = np.clip(1 - 0.7 * x**1.5, 0.02, 1) * own**0.2
    lived = np.minimum(t, died)
    oxidative = 0.3 * lived * own
    glycolytic = 0.08 * lived * own
    pump, calcium_pump = 0.22 * lived * own, 0.06 * lived * own
    atp = 3.0 - 2.6 * pore * np.minimum(x, 1)
    phosphocreatine = 4.5 - 4.2 * pore**0.5 * np.minimum(x, 1)
    change = atp - 3.0 + phosphocreatine - 4.5
    housekeeping = oxidative + glycolytic - pump - calcium_pump - change
    entered = 0.02 * lived * own
    micro = 1e-3  # uM in mol/m3; mM is mol/m3
    return [
        calcium * micro,
        matrix,
        potential * 1e-3,
        atp,
        phosphocreatine,
        12 + 20 * pore + 4 * x,
        ros,
        antioxidant,
        pore,
        np.where(mode == 2, pore, 0.3 * pore),
        np.where(dead, 0.0, 1.0),
        np.where(dead, died, -1.0),
        np.where(dead, mode, 0.0),
        calcium * micro,
        atp,
        (1 + x) * t * own,
        np.where(t >= opening, opening, -1.0),
        entered,
        entered * 0.97,
        oxidative,
        glycolytic,
        pump,
        calcium_pump,
        housekeeping,
    ]


def _spikes(
    directory: Path,
    populations: list[PopulationSlice],
    died: np.ndarray,
    silent: tuple[np.ndarray | None, np.ndarray | None],
    duration: float,
    interval: float,
    n_intervals: int,
    random: np.random.Generator,
    keep: bool,
) -> np.ndarray:
    """Write spike files; return the counts [interval, neuron]."""
    ticks, neurons = [], []
    for p in populations:
        for n in range(p.start, p.stop):
            lives = min(duration, died[n])
            rate = RATE[p.name] * random.lognormal(0, 0.3)
            at = np.sort(random.uniform(0, lives, random.poisson(rate * lives)))
            lost, back = (np.inf if times is None else times[n] for times in silent)
            at = at[(at < lost) | (at >= back)]
            ticks.append(np.floor(at * 8192).astype(np.int64))
            neurons.append(np.full(len(at), n))
    tick = np.concatenate([*ticks, np.zeros(0, np.int64)])
    neuron = np.concatenate([*neurons, np.zeros(0, np.int64)])
    order = np.argsort(tick, kind="stable")
    if keep:
        tick[order].astype("<i8").tofile(directory / "spike_ticks.i64")
        neuron[order].astype("<i4").tofile(directory / "spike_neurons.i32")
    counts = np.zeros((n_intervals, len(died)), dtype=np.int32)
    where = np.minimum((tick / 8192 / interval).astype(int), n_intervals - 1)
    np.add.at(counts, (where, neuron.astype(int)), 1)
    return counts
