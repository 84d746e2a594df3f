"""What a run will need: memory, disk and scratch space, from its config alone.

The numbers below were fitted to measured runs of 48 to 16,400 neurons and up to 2.6 million
synapses (x86-64, 64-bit Linux). They are meant to be right to a third, and rather too high.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, log10

from unshielded import calcium, circuit
from unshielded.circuit.pathways import PATHWAYS
from unshielded.config import Config

#: Spikes per second of a neuron, assumed where the spikes of a run must be guessed.
ASSUMED_RATE_HZ = 20.0

#: Slow variables recorded of each cell; also what the result keeps statistics of, nearly.
_VARIABLES = len(calcium.RECORDED) + len(circuit.RECORDED)

#: Compiling takes this much for each compiler that runs, whatever the model; done once.
COMPILER_BYTES = 320e6

_INTERPRETER = 72e6
_WRITER = 36e6
_BLOCK = 1 << 24  # what the writer reads at a time
_COPIES_OF_BLOCK = 3.2
_PARENT_PER_NEURON, _PARENT_PER_SYNAPSE = 4_500.0, 65.0
_PROGRAM, _PROGRAM_PER_NEURON, _PROGRAM_PER_SYNAPSE = 4.8e6, 1_100.0, 56.0
_PROGRAM_PER_SPIKE = 32.0  # kept until the end of a record interval
_WRITER_PER_VALUE, _VALUES_KEPT = 7.5, 1 << 13  # of each course over time
_WIRING_ROWS, _WIRING_FEW, _WIRING_PER_DRAW = 512, 4096, 16.0

_FILE, _FILE_PER_CELL, _FILE_PER_SPIKE, _FILE_PER_COUNT = 1.15e6, 100.0, 16.5, 0.8
_FILE_PER_SERIES_VALUE, _FILE_PER_SAMPLE = 4.2, 6.5
_INPUT_PER_NEURON, _INPUT_PER_SYNAPSE = 392.0, 24.0

#: Seconds: to start and to write; and for each second of a neuron, and of the calcium in a cell.
_START, _PER_NEURON_SECOND, _PER_CELL_SECOND = 1.5, 8e-5, 4e-5
#: Neurons whose variables fit the caches, and what ten times as many cost each, in addition.
_CACHED, _BEYOND_CACHE = 3_000, 1.6

#: Of a lifespan: windows before steps have grown to their longest; seconds to start a window, for
#: each synapse, and for each cell between two windows; bytes of a cell between them.
_FIRST_STEPS = 25
_WINDOW_START, _WINDOW_PER_SYNAPSE = 0.15, 2e-6
_BETWEEN_SECOND, _BETWEEN_BASE, _BETWEEN_PER_CELL = 2e-3, 40.0, 150e3


@dataclass(frozen=True)
class Prediction:
    """What one run needs.

    Attributes
    ----------
    neurons, cells, synapses
        Of the circuit; cells carry the calcium submodel.
    memory_bytes
        Peak of all processes together, but for compiling. It does not grow with the duration,
        beyond the first few thousand record intervals; it does with the record interval,
        because spikes are kept to its end.
    disk_bytes, scratch_bytes
        The result; and the raw files, which are there only during the run.
    disk_bytes_per_second, scratch_bytes_per_second
        How they grow with the duration, per simulated second.
    seconds
        Time of one core, compiling left out; on another processor it may be half or twice that.
    """

    neurons: int
    cells: int
    synapses: int
    memory_bytes: float
    disk_bytes: float
    scratch_bytes: float
    disk_bytes_per_second: float
    scratch_bytes_per_second: float
    seconds: float


def predict(config: Config) -> Prediction:
    """Predict what one run of `config` needs, at `ASSUMED_RATE_HZ` of every neuron."""
    sizes = {name: p.size for name, p in config.circuit.populations.items()}
    neurons = sum(sizes.values())
    carriers = [p.size for p in config.circuit.populations.values() if p.carries_calcium]
    cells = sum(carriers)
    synapses = count_synapses(config)
    record = config.record
    lifespan = config.solver is not None
    intervals = count_windows(config) / config.duration if lifespan else 1.0 / record.interval
    spikes = ASSUMED_RATE_HZ * neurons
    kept = spikes if record.spikes and not lifespan else 0.0
    traced = sum(min(record.neurons, size) for size in carriers)
    series = _VARIABLES * (3 * len(carriers) + traced) + 10 * len(sizes)

    scratch_rate = intervals * (8 * _VARIABLES * cells + 4 * neurons) + 12 * kept
    disk_rate = intervals * (_FILE_PER_SERIES_VALUE * series + _FILE_PER_COUNT * neurons)
    disk_rate += _FILE_PER_SPIKE * kept
    samples = _membrane_samples(config, sizes)
    recorded = config.duration * intervals * 8 * _VARIABLES * cells

    largest = min(max(sizes.values(), default=0), _WIRING_FEW)
    drawing = _WIRING_PER_DRAW * min(_WIRING_ROWS, neurons) * largest
    assembled = _PARENT_PER_NEURON * neurons + _PARENT_PER_SYNAPSE * synapses
    program = _PROGRAM + _PROGRAM_PER_NEURON * neurons + _PROGRAM_PER_SYNAPSE * synapses
    program += _PROGRAM_PER_SPIKE * spikes * min(record.interval, _spiking(config))
    writing = _WRITER + _COPIES_OF_BLOCK * min(_BLOCK, recorded)
    writing += _WRITER_PER_VALUE * series * min(config.duration * intervals, _VALUES_KEPT)
    if lifespan:
        assembled += recorded + _BETWEEN_PER_CELL * cells
    return Prediction(
        neurons=neurons,
        cells=cells,
        synapses=synapses,
        memory_bytes=_INTERPRETER + max(assembled, drawing) + max(program, writing),
        disk_bytes=_FILE
        + _FILE_PER_CELL * cells
        + disk_rate * config.duration
        + _FILE_PER_SAMPLE * samples,
        scratch_bytes=_INPUT_PER_NEURON * neurons
        + _INPUT_PER_SYNAPSE * synapses
        + 2 * 8 * _VARIABLES * cells
        + scratch_rate * config.duration
        + 8 * samples,
        disk_bytes_per_second=disk_rate,
        scratch_bytes_per_second=scratch_rate,
        seconds=_START + _seconds(config, neurons, cells, synapses),
    )


def count_windows(config: Config) -> float:
    """Guess how many windows a solver will run: those that warm up, and one for each step.

    How long the steps will be is not known before: half as many again as the longest would need is
    what a course with a few changes takes. Bursts of deaths take more.
    """
    solver = config.solver
    if solver is None:
        return 0.0
    if solver.largest_step <= solver.window:
        return ceil(config.duration / solver.window)
    warm = ceil(solver.memory / (solver.window - solver.settle))
    return warm + _FIRST_STEPS + 1.5 * ceil(config.duration / solver.largest_step)


def _spiking(config: Config) -> float:
    """Seconds that one program simulates."""
    return config.duration if config.solver is None else config.solver.window


def _seconds(config: Config, neurons: int, cells: int, synapses: int) -> float:
    a_second = _PER_NEURON_SECOND * neurons + _PER_CELL_SECOND * cells
    a_second *= 1 + _BEYOND_CACHE * log10(max(neurons / _CACHED, 1.0))
    if config.solver is None:
        return config.duration * a_second
    each = _WINDOW_START + _WINDOW_PER_SYNAPSE * synapses + config.solver.window * a_second
    projected = config.solver.largest_step > config.solver.window
    between = _BETWEEN_SECOND * (_BETWEEN_BASE + cells) if projected else 0.0
    return count_windows(config) * (each + between)


def count_synapses(config: Config) -> int:
    """Count the synapses of a config's circuit, exactly."""
    sizes = {name: p.size for name, p in config.circuit.populations.items()}
    total = 0
    for name, pathway in PATHWAYS.items():
        sources = sizes[pathway.source] - (pathway.source == pathway.target)
        total += sizes[pathway.target] * max(
            0, min(config.circuit.pathways[name].in_degree, sources)
        )
    return total


def _membrane_samples(config: Config, sizes: Mapping[str, int]) -> float:
    """Count the recorded membrane potentials: neurons × samples."""
    traced = config.record.membrane
    if traced is None:
        return 0.0
    neurons = sum(min(traced.neurons, size) for size in sizes.values())
    return neurons * ceil((min(traced.until, config.duration) - traced.from_) / traced.interval)
