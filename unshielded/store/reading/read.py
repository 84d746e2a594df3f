"""Read a result: checked first, then as plain numpy arrays."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from unshielded.arrays import AnyArray
from unshielded.store.format.files import CorruptResult, NewerFormat, NoSuchEntry, StoreError
from unshielded.store.format.hdf5 import blocks, child, nothing_missing, plain_errors, read, resolve
from unshielded.store.format.layout import (
    BANDS,
    FORMAT_VERSION,
    NAMES_OF_NOW,
    OF_THE_LIVING,
    RENAMED,
    RESULTS_FILE,
    renamed,
)
from unshielded.store.format.seal import check_seal
from unshielded.store.reading import inspection
from unshielded.store.reading.bath import AppliedAgent, applications
from unshielded.store.reading.series import Band as Band
from unshielded.store.reading.series import MembranePotentials as MembranePotentials
from unshielded.store.reading.series import PopulationInfo as PopulationInfo
from unshielded.store.reading.series import Series as Series

_OUTCOME = "outcome_"

Place = tuple[str, ...]
"""Names that lead to an entry: ``("populations", "motor_fr")``."""


class RunFile:
    """A result that is open for reading. Made by :func:`open_run`.

    Attributes
    ----------
    path
        The HDF5 file.
    id, name, seed
        Of the run; None where the result does not say.
    duration, record_interval
        In s.
    populations
        In the order of the circuit.
    of_the_living
        Whether means over a population are over those of its neurons that are alive and not lost. In
        results of older formats they are over all neurons, and nothing is known of losses.
    is_old
        Whether it is of an older format than the one that is written now.
    """

    def __init__(self, path: Path, file: h5py.File) -> None:
        self.path = path
        self._file = file
        with plain_errors(path, "the root attributes"):
            about = inspection.attributes(file)
            self.id: str | None = about.get("id")
            self.name: str | None = about.get("name")
            self.seed: int | None = about.get("seed")
            self.duration = float(about["duration"])
            self.record_interval = float(about["record_interval"])
            version = int(about.get("format_version", FORMAT_VERSION))
            self._is_old = version < NAMES_OF_NOW
            self.of_the_living = version >= OF_THE_LIVING
            self.is_old = version < FORMAT_VERSION
        self.populations = self._populations()

    def population(self, name: str) -> PopulationInfo:
        """Return one population by its name."""
        for population in self.populations:
            if population.name == name:
                return population
        names = ", ".join(p.name for p in self.populations)
        raise StoreError(f"{self.path}: there is no population {name!r}; it has {names}")

    def has(self, *place: str) -> bool:
        """Tell whether there is an entry at a place such as ``"traces", "motor_fr"``."""
        group: Any = self._file
        with plain_errors(self.path, "/".join(place)):
            for name in place:
                if not isinstance(group, h5py.Group) or name not in group:
                    return False
                group = child(self.path, group, name)
        return True

    def fate(self, population: str | None = None) -> dict[str, AnyArray]:
        """Return the columns of the fate table, of all cells or of one population."""
        names = [name for name in self._names("fate") if name != "cell"]
        table = {name: self._read("fate", name) for name in names}
        if population is None:
            return table
        mine = table["population"] == self.population(population).name
        return {name: column[mine] for name, column in table.items()}

    def series(self, population: str, name: str) -> Series:
        """Return one course over time from ``/populations``, such as ``firing_rate``."""
        return self._series("populations", population, name)

    def band(self, population: str, variable: str) -> Band:
        """Return a slow variable over the living neurons of a population; not a number without any."""
        mean, low, high = (self._series("populations", population, f"{variable}{s}") for s in BANDS)
        long_name = mean.long_name.partition(", mean over")[0]
        return Band(mean.time, mean.values, low.values, high.values, mean.unit, long_name)

    def total(self, population: str, variable: str) -> Series:
        """Return the sum of a slow variable over the living neurons of a population."""
        mean = self._series("populations", population, f"{variable}_mean")
        count: AnyArray = np.full(len(mean.values), float(self.population(population).size))
        if self.of_the_living:
            count = np.round(count * self.series(population, "fraction_alive").values)
        total = np.where(count > 0, mean.values, 0.0) * count
        long_name = mean.long_name.partition(", mean over")[0]
        return Series(mean.time, total, mean.unit, f"{long_name}, sum over the living neurons")

    def lost(self, population: str) -> tuple[AnyArray, AnyArray]:
        """Return when each neuron is lost and when it is back (s); infinite for never, or if not known."""
        if not self.of_the_living:
            never: AnyArray = np.full(self.population(population).size, np.inf)
            return never, never
        found = [self._read("rates", population, name) for name in ("lost_from", "restored_from")]
        lost, restored = (np.where(np.isfinite(times), times, np.inf) for times in found)
        return lost, restored

    def n_lost(self, population: str) -> int | None:
        """Count the neurons that are lost at the end; None where a result does not tell."""
        if not self.of_the_living:
            return None
        lost, restored = self.lost(population)
        return int(np.count_nonzero((lost <= self.duration) & (self.duration < restored)))

    def ledger(self, population: str) -> dict[str, Series]:
        """Return the energy ledger of a population: mM since the start, of each neuron while it lived."""
        names = [n for n in self._names("ledger", population) if n != "time"]
        return {name: self._series("ledger", population, name) for name in names}

    def trace(self, population: str, variable: str) -> Series:
        """Return a slow variable of the traced neurons, [time, neuron]."""
        return self._series("traces", population, variable)

    def membrane(self) -> MembranePotentials | None:
        """Return the fast membrane potentials, or None where none were recorded."""
        if not self.has("membrane"):
            return None
        names = ("time", "potential", "population", "index")
        return MembranePotentials(*(self._read("membrane", name) for name in names))

    def bath(self) -> tuple[AppliedAgent, ...]:
        """Return what was applied with the bath, in order of time."""
        agents = self._names("bath") if self.has("bath") else []
        changes = {
            a: (self._read("bath", a, "applied_from"), self._read("bath", a, "applied"))
            for a in agents
        }
        return applications(changes)

    def concentration(self, agent: str) -> Series:
        """Return the concentration of an agent in the bath, or in the cells, over time.

        Parameters
        ----------
        agent
            With its place if it was not applied everywhere, as `AppliedAgent.label` has it.
        """
        return self._series("bath", agent, "concentration")

    def lifespan(self) -> dict[str, Series]:
        """Return the time courses over a lifespan, by name; empty for a full spiking simulation."""
        if not self.has("lifespan"):
            return {}
        names = [name for name in self._names("lifespan") if name not in ("time", "age")]
        return {name: self._series("lifespan", name) for name in names}

    def outcome(self) -> dict[str, Any]:
        """Return the outcome of a lifespan, by name; None for what did not happen."""
        if not self.has("lifespan"):
            return {}
        with plain_errors(self.path, "/lifespan"):
            found = inspection.attributes(resolve(self.path, self._file, "lifespan"))
        return {n.removeprefix(_OUTCOME): v for n, v in found.items() if n.startswith(_OUTCOME)}

    @property
    def start_age(self) -> float:
        """Age at the start of a lifespan in s, 0 for any other run."""
        if not self.has("lifespan"):
            return 0.0
        with plain_errors(self.path, "/lifespan"):
            return float(resolve(self.path, self._file, "lifespan").attrs["start_age"])

    def counts(self, population: str) -> Iterator[tuple[int, AnyArray]]:
        """Yield spike counts [interval, neuron] in blocks, each with its first row's number."""
        yield from blocks(self.path, self._dataset("rates", population, "counts"))

    def n_spikes(self, population: str) -> int:
        """Return how many single spikes were recorded."""
        return int(self._dataset("spikes", population, "timestamps").shape[0])

    def spikes(self, population: str, every: int = 1) -> tuple[AnyArray, AnyArray]:
        """Return times (s) and neurons of every n-th spike of a population."""
        times, neurons = [np.zeros(0)], [np.zeros(0, np.int64)]
        ids = blocks(self.path, self._dataset("spikes", population, "node_ids"))
        stamps = blocks(self.path, self._dataset("spikes", population, "timestamps"))
        for (first, time), (_, neuron) in zip(stamps, ids, strict=True):
            kept = slice(-first % every, None, every)
            times.append(time[kept] / 1000.0)
            neurons.append(neuron[kept].astype(np.int64))
        return np.concatenate(times), np.concatenate(neurons)

    def names(self, *place: str) -> list[str]:
        """Name the datasets of a group."""
        with plain_errors(self.path, "/".join(place)):
            group = resolve(self.path, self._file, "/".join(place))
            if not isinstance(group, h5py.Group):
                raise NoSuchEntry(f"{self.path}: {group.name} is a dataset, expected a group")
            inside = {name: child(self.path, group, name) for name in group}
        found = [name for name, entry in inside.items() if isinstance(entry, h5py.Dataset)]
        return [renamed(name, RENAMED) for name in found] if self._is_old else found

    def outline(
        self, *place: str
    ) -> tuple[tuple[str, ...], tuple[int, ...], np.dtype[Any], dict[str, Any]]:
        """Return the names of a dataset's axes, its shape, type, unit and meaning."""
        dataset = self._dataset(*place)
        with plain_errors(self.path, dataset.name):
            if dataset.is_scale:
                axes: tuple[str, ...] = (place[-1],)
            else:
                axes = tuple(str(d[0].name).rpartition("/")[2] for d in dataset.dims if len(d))
            text = h5py.check_string_dtype(dataset.dtype) is not None
            dtype = np.dtype(object) if text else dataset.dtype
            about = {
                name: str(dataset.attrs[name])
                for name in ("units", "long_name")
                if name in dataset.attrs
            }
            return axes, tuple(dataset.shape), dtype, about

    def values(self, *place: str) -> AnyArray:
        """Return the values of a dataset."""
        return self._read(*place)

    def provenance(self) -> dict[str, Any]:
        """Return what ran: versions, compiler, flags, seed and so on."""
        with plain_errors(self.path, "/provenance"):
            return inspection.attributes(resolve(self.path, self._file, "provenance"))

    def text(self, name: str) -> str:
        """Return ``config_yaml``, ``resolved_json``, ``origin_json`` or ``citations``."""
        return str(self._read("provenance", name))

    def _populations(self) -> tuple[PopulationInfo, ...]:
        found = []
        with nothing_missing(), plain_errors(self.path, "/populations"):
            group = resolve(self.path, self._file, "populations")
            for name in inspection.plain(group.attrs["names"]):
                about = child(self.path, group, name).attrs
                carries = bool(about["carries_calcium"])
                found.append(PopulationInfo(name, int(about["size"]), carries))
        return tuple(found)

    def _names(self, *place: str) -> list[str]:
        with plain_errors(self.path, "/".join(place)):
            names = list(resolve(self.path, self._file, "/".join(place)))
            if any(not isinstance(name, str) for name in names):
                raise ValueError("it holds an entry whose name is not text")
            return [renamed(name, RENAMED) for name in names] if self._is_old else names

    def _dataset(self, *place: str) -> h5py.Dataset:
        if self._is_old and not self.has(*place):
            former = {new: old for old, new in RENAMED.items()}
            place = tuple(renamed(name, former) for name in place)
        found = resolve(self.path, self._file, "/".join(place))
        if not isinstance(found, h5py.Dataset):
            raise CorruptResult(f"{self.path}: {found.name} is a group, expected a dataset")
        return found

    def _read(self, *place: str) -> AnyArray:
        return read(self.path, self._dataset(*place))

    def _series(self, *place: str) -> Series:
        dataset = self._dataset(*place)
        with plain_errors(self.path, dataset.name):
            axis = str(dataset.dims[0][0].name).rpartition("/")[2]
            unit, long_name = str(dataset.attrs["units"]), str(dataset.attrs["long_name"])
        return Series(self._read(*place[:-1], axis), read(self.path, dataset), unit, long_name)


@contextmanager
def open_run(path: Path | str) -> Iterator[RunFile]:
    """Open a result for reading, after checking that it is whole.

    Parameters
    ----------
    path
        A run folder or its ``results.h5``.

    Raises
    ------
    CorruptResult
        If it is damaged, cut short, unfinished, no HDF5, or of another format version.
    StoreError
        If it does not exist or cannot be read.
    """
    path = Path(path)
    if path.is_dir():
        path = path / RESULTS_FILE
        if not path.exists():
            raise StoreError(
                f"{path.parent}: there is no {RESULTS_FILE} in this folder; expected the folder of a "
                "finished run"
            )
    check_seal(path)
    with open_checked(path) as run:
        yield run


@contextmanager
def open_checked(path: Path) -> Iterator[RunFile]:
    """Open a result whose seal was checked before: that reads all of the file."""
    with plain_errors(path, "the file"):
        file = h5py.File(path, "r", locking=False)  # the file never changes once it is there
    with file:
        _check_root(path, file)
        yield RunFile(path, file)


def _check_root(path: Path, file: h5py.File) -> None:
    with plain_errors(path, "the root attributes"):
        version, complete = file.attrs.get("format_version"), file.attrs.get("complete")
        if version is None or complete is None or int(complete) != 1:
            raise CorruptResult(
                f"{path}: the result is unfinished or not one of this program; repeat the run"
            )
        if not 1 <= int(version) <= FORMAT_VERSION:
            kind = NewerFormat if int(version) > FORMAT_VERSION else CorruptResult
            raise kind(
                f"{path}: the result has format version {version}, expected 1 to "
                f"{FORMAT_VERSION}; read it with the version of the program that wrote it"
            )


def inspect(path: Path | str, inner: str | None = None) -> dict[str, Any]:
    """Describe a result, or one entry of it, as data that JSON can hold.

    Parameters
    ----------
    path
        A run folder or its ``results.h5``.
    inner
        A path inside the file such as ``/populations/motor_fr/calcium_mean``.

    Raises
    ------
    NoSuchEntry
        If there is no entry `inner`.
    """
    with open_run(path) as run:
        if inner is not None:
            return inspection.describe(run.path, run._file, inner)
        with nothing_missing(), plain_errors(run.path, "the fate of the cells"):
            bath = [dataclasses.asdict(entry) for entry in run.bath()]
            populations = [_summary(run, p) for p in run.populations]
        return {
            "path": str(run.path),
            "id": run.id,
            "name": run.name,
            "seed": run.seed,
            "duration_s": run.duration,
            "record_interval_s": run.record_interval,
            "bath": bath,
            "populations": populations,
            "tree": inspection.tree(run.path, run._file),
        }


def _summary(run: RunFile, population: PopulationInfo) -> dict[str, Any]:
    lost = run.n_lost(population.name)
    alive = population.size - (lost or 0)
    if population.carries_calcium:
        alive = int(np.sum(run.fate(population.name).get("alive", np.zeros(0))))
    return {
        "name": population.name,
        "n": population.size,
        "carries_calcium": population.carries_calcium,
        "alive": alive,
        "lost": lost,
        "recorded_spikes": run.n_spikes(population.name),
    }
