"""Write a finished run as one HDF5: whole and sealed, or not at all."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import h5py
import numpy as np

from unshielded.store.format.disk import PatientFile
from unshielded.store.format.files import write_atomically
from unshielded.store.format.layout import FORMAT_VERSION, STRING, entry
from unshielded.store.format.seal import seal
from unshielded.store.writing.presence import Presence
from unshielded.store.writing.raw import Raw, open_raw
from unshielded.store.writing.recording import RawRecording
from unshielded.store.writing.write_bath import write_bath
from unshielded.store.writing.write_cells import write_cells
from unshielded.store.writing.write_fate import check_final, write_fate
from unshielded.store.writing.write_lifespan import write_lifespan
from unshielded.store.writing.write_spikes import write_membrane, write_rates, write_spikes

#: Of each dataset, and there are hundreds. HDF5's own 8 MiB would grow with the run's length.
_CHUNK_CACHE = 1 << 17


def write_run(
    path: Path | str,
    recording: RawRecording,
    provenance: Mapping[str, str | int | float],
    config_yaml: str,
    resolved_json: str,
    origin_json: str,
    citations: str,
) -> None:
    """Turn the raw files of a run into its result.

    The raw files are read block by block, so memory does not grow with the run's length.

    Parameters
    ----------
    path
        The HDF5 to make; an existing one is replaced at the very end.
    recording
        The raw files.
    provenance
        What ran: versions, compiler, flags, git commit… ``id``, ``name`` and ``seed`` are
        copied to the root, where readers look for them.
    config_yaml, resolved_json, origin_json, citations
        The config verbatim, the resolved config, where each value came from, and the
        BibTeX entries used.

    Raises
    ------
    StoreError
        If the raw files do not fit the recording, or the result cannot be written. Whatever
        was at `path` is then as it was.
    """
    raw = open_raw(recording)
    texts = {
        "config_yaml": (config_yaml, "the config, verbatim"),
        "resolved_json": (resolved_json, "every setting of the run, in SI"),
        "origin_json": (origin_json, "where each setting came from"),
        "citations": (citations, "BibTeX of the sources used"),
    }
    with write_atomically(path) as partial:
        with PatientFile(partial) as disk:
            with h5py.File(disk, "w", rdcc_nbytes=_CHUNK_CACHE) as file:
                _write_root(file, recording, provenance)
                _write_provenance(file, provenance, texts)
                _write_results(file, dataclasses.replace(raw, before_block=disk.check))
                file.attrs["complete"] = np.int8(1)  # last: a file without it is unfinished
            disk.check()
        seal(partial)


def _write_root(
    file: h5py.File, recording: RawRecording, provenance: Mapping[str, str | int | float]
) -> None:
    file.attrs["NX_class"] = "NXroot"
    file.attrs["default"] = "populations"
    file.attrs["program"] = "unshielded"
    file.attrs["format_version"] = FORMAT_VERSION
    file.attrs["duration"] = recording.duration
    file.attrs["record_interval"] = recording.record_interval
    for name in ("id", "name", "seed"):
        if name in provenance:
            file.attrs[name] = provenance[name]
    # SONATA asks for these two of every file that holds spikes
    file.attrs["magic"] = np.uint32(0x0A7A)
    file.attrs["version"] = np.array([0, 1], dtype=np.uint32)


def _write_provenance(
    file: h5py.File,
    provenance: Mapping[str, str | int | float],
    texts: Mapping[str, tuple[str, str]],
) -> None:
    group = file.create_group("provenance")
    group.attrs["format_version"] = FORMAT_VERSION
    for name, value in provenance.items():
        group.attrs[name] = value
    for name, (text, long_name) in texts.items():
        dataset = group.create_dataset(name, data=text, dtype=STRING)
        dataset.attrs["units"] = "1"
        dataset.attrs["long_name"] = long_name


def _write_results(file: h5py.File, raw: Raw) -> None:
    final = raw.final()
    check_final(raw.recording, final)
    presence = Presence.of(raw.recording, final)
    shown = (*raw.recording.carriers, *raw.recording.populations)
    default = shown[0].name if shown else None
    populations = entry(file, "populations", default)
    # HDF5 lists groups by the alphabet; tables and figures follow the circuit's own order
    names = [p.name for p in raw.recording.populations]
    populations.attrs["names"] = np.array(names, dtype=STRING)
    for population in raw.recording.populations:
        group = populations.create_group(population.name)
        group.attrs["size"] = population.size
        group.attrs["carries_calcium"] = np.int8(population.carries_calcium)
    write_fate(file, raw.recording, final, presence, raw.at_start("atp"))
    write_cells(file, raw, presence)
    write_rates(file, raw, presence)
    write_spikes(file, raw)
    write_membrane(file, raw)
    write_bath(file, raw)
    write_lifespan(file, raw)
