"""Hold one state of the sources against another: small experiments must keep their bits.

``run`` goes through the command line only, so modules may move; ``compare`` takes results apart::

    python same_bits.py run TREE OUT [--only NAME ...] [--rename OLD=NEW ...]
    python same_bits.py compare BEFORE AFTER [--only NAME ...] [--tolerance 1e-10]

Both sets of results must come from one machine and environment. ``--rename`` changes a word of the
configs, for sources that call a setting by another name; names in results are in :data:`RENAMED`.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import h5py
import numpy as np

#: Old → new name of a dataset, a field or a setting in results; its ``_mean``, ``_p05``, ``_p95`` too.
RENAMED = {
    "kappa": "buffer_capacity",
    "clean_up": "protein_clearance",
    "clean_up_access": "protein_clearance_access",
    "clean_up_ageing_time": "protein_clearance_ageing_time",
    "clean_up_capacity": "protein_clearance_capacity",
    "clean_up_choking": "protein_clearance_choking",
    "clean_up_constant": "protein_clearance_constant",
    "clean_up_flux": "protein_clearance_flux",
    "tdp43_clean_up_loss": "tdp43_protein_clearance_loss",
    "clean_up_cost": "atp_use_protein_clearance",
    "granule_cost": "atp_use_granules",
    "renewal_cost": "atp_use_renewal",
    "clean_up_price": "protein_clearance_atp_cost",
    "chaperone_price": "chaperone_atp_cost",
    "granule_price": "granule_atp_cost",
    "mitochondrial_price": "mitochondrial_atp_cost",
    "sprout_price": "sprout_atp_cost",
    "body_share": "body_fraction",
    "dead_share": "dead_fraction",
    "distal_release_share": "distal_release_fraction",
    "injection_share": "injection_fraction",
    "ketone_maximum_share": "ketone_maximum_fraction",
    "orphan_share": "orphan_fraction",
    "persistent_sodium_share": "persistent_sodium_fraction",
    "pmca_share": "pmca_fraction",
    "polarised_share": "polarised_fraction",
    "ros_potential_share": "ros_potential_fraction",
    "synaptic_sodium_share": "synaptic_sodium_fraction",
    "terminal_share": "terminal_fraction",
    "upkeep_share": "upkeep_fraction",
    "resting_nclx_share": "resting_nclx_fraction",
    "mean_polarised_share": "mean_polarised_fraction",
    "ciclosporin_applied": "cyclosporin_applied",
    "ciclosporin_bath": "cyclosporin_bath",
    "ciclosporin_gain": "cyclosporin_gain",
    "ciclosporin_inhibition": "cyclosporin_inhibition",
    "ciclosporin_per_dose": "cyclosporin_per_dose",
    "ciclosporin": "cyclosporin",
    "discharge_rate": "firing_rate",
    "motor_discharge_rate": "motor_firing_rate",
    "imposed_discharge": "imposed_firing_rate",
    "discharge_Hz": "firing_rate_Hz",
}
#: Says what made a result or where it lies, and nothing about what was computed.
_MADE = """id magic version format_version unshielded model program git_commit engine python compiler
compiled flags platform processor brian2 numpy h5py wall_s results runs path citations origin_json
config_yaml DIMENSION_LIST REFERENCE_LIST CLASS NAME"""
ASIDE = set(_MADE.split())
#: Is nothing but rounding, so its relative size means nothing.
ROUNDING = {"closure_error", "residual"}

_WRITTEN = """
# circuit
duration: 20 s
circuit: {scale: 0.2}
record: {interval: 0.5 s, neurons: 2, membrane: {neurons: 1, interval: 1 ms, until: 0.2 s}}
# culture
duration: 370 s
culture: {pyramidal: 6, motor_fr: 6, oculomotor: 6}
parameters: {magnesium: 0 mM}
bath: [{agent: glutamate, concentration: 50 uM, from: 10 s, until: 20 s},
  {agent: NMDA, concentration: 200 uM, from: 30 s, until: 4 min},
  {agent: NBQX, concentration: 1 uM, from: 35 s, until: 1 min},
  {agent: TTX, concentration: 1 uM, from: 1 min, until: 2 min},
  {agent: MK-801, concentration: 1 uM, from: 100 s, until: 110 s},
  {agent: BAPTA-AM, concentration: 1 uM, from: 40 s, until: 1 min},
  {agent: Ru360, concentration: 1 uM, from: 70 s, until: 80 s},
  {agent: cyclosporin A, concentration: 1 uM, until: 2 min},
  {agent: oligomycin, concentration: 1 uM, from: 4 min}, {agent: FCCP, concentration: 0.3 uM, from: 4 min}]
# therapies
duration: 20 s
drive: {command: rhythmic, level: 1.5, frequency: 1 Hz, duty: 0.6}
circuit: {scale: 0.2, interneuron_loss: 1.0}
therapies: [riluzole: {dose: 100 mg/day, from: 2 s}, retigabine: {dose: 900 mg/day, until: 15 s},
  diazepam: {dose: 10 mg/day}, ceftriaxone: {dose: 4 g/day, pretreatment: 30 days},
  beta-hydroxybutyrate: {dose: 100 g/day}, edaravone: {dose: 60 mg/day}, olesoxime: {dose: 500 mg/day},
  cyclosporin A: {concentration: 1 uM}, lipid precursor: {dose: 2 g/day}, hypercaloric nutrition: {factor: 1.2},
  interneuron transplantation: {fraction: 0.5, maturation: 5 s},
  aso: {target: pore_opening_rate, knockdown: 0.6, pretreatment: 1 year}]
# loss
duration: 40 s
drive: {command: ramp_and_hold, level: 1.5, from: 1 s, until: 35 s, ramp: 2 s}
circuit: {scale: 0.2, interneuron_loss: {loss: 0.9, from: 5 s, until: 10 s}, loss: {motor_ff: 0.2},
  populations: {motor_fr: {parameters: {parvalbumin_sites: 100 uM, buffer_capacity: 60}},
  pyramidal: {parameters: {calbindin_sites: 100 uM, buffer_capacity: 60}}}}
glutamate: {eaat2: 0.29}
stimulation: [{at: 3 s, intensity: 60}, {at: 3.003 s, intensity: 70}]
# tms
duration: 1 s
circuit: {scale: 0.2}
tms: {interval: 0.4 s, settling: 1 s,
  recruitment: {intensities: [20, 30, 40, 50, 60, 70, 80], trials: 4},
  tracking: {tests: [0.7, 1.8], isis: [1 ms, 3 ms], trials: 8, control_trials: 16},
  amplitude: {test: 2, isis: [3 ms, 10 ms], trials: 4}, silent_period: {intensities: [1.6, 2.4], trials: 4}}
# lifespan
duration: 3 months
solver: {kind: multiscale, window: 1 s, settle: 0.25 s, memory: 4 s, tolerance: 0.5, deaths: 0.3,
  largest_step: 20 days, start_age: 60 years}
drive: {command: rhythmic, level: 1.5, frequency: 1 Hz, duty: 0.5}
circuit: {scale: 0.2, interneuron_loss: {loss: 0.9, from: 60.05 years, until: 60.1 years},
  populations: {pyramidal: {parameters: {axonal_length: 0.6 m, distal_release_fraction: 0.5}},
  motor_fr: {parameters: {kv7_loss: 0.2}}}}
therapies: [riluzole: {dose: 100 mg/day, after: {lost: 0.02}},
  aso: {target: toxic_gain, knockdown: 0.5, from: 60.1 years}]
parameters: {toxic_gain: 1, biogenesis: 0.8, axonal_transport: 0.8, respiration_maximum_rate: 44 mM/s}
"""
#: Name → what ``config.yaml`` says. All circuits are of one size, so that one program serves them.
CONFIGS = {name: f"name: same_bits{text}" for name, text in re.findall(r"# (\w+)([^#]+)", _WRITTEN)}
_RUN = {"run.json": "run config.yaml --seed SEED"}
#: Experiment → a file for what a command prints → the command, in which SEED and RESULT are filled.
EXPERIMENTS: dict[str, dict[str, str]] = {
    "circuit": _RUN | {"activity.json": "activity RESULT"},
    **dict.fromkeys(("culture", "therapies", "loss", "lifespan"), _RUN),
    "tms": {"tms.json": "tms config.yaml -j 1 --set sweep.seeds=[SEED]"},
    "params": {"params.json": "params"},
    "discharge": {"tipping.json": "bifurcation --classes motor_fr,oculomotor --out runs/load"},
    "supply": {"tipping.json": "bifurcation --classes motor_fr --load supply --out runs/load"},
    "export": {"motor_fr.xml": "export config.yaml --class motor_fr"},
}


def folders(names: list[str]) -> list[str]:
    """Return where the results of experiments lie: two seeds each, or one where there is no chance."""
    chance = {name for name in names if "SEED" in str(EXPERIMENTS[name])}
    return [f"{name}/seed_{seed}" for name in names for seed in (1, 2)[: 1 + (name in chance)]]


def run(tree: Path, out: Path, names: list[str], renamed: dict[str, str]) -> bool:
    """Run experiments one after another; return whether all ended well."""
    out.mkdir(parents=True, exist_ok=True)
    # Programs are compiled for each set of results, unless a cache is given.
    cache = os.environ.get("UNSHIELDED_CACHE") or str(out / "cache")
    env = os.environ | {"PYTHONPATH": str(tree), "UNSHIELDED_CACHE": cache, "COLUMNS": "100"}
    ask = [sys.executable, "-c", "import unshielded; print(unshielded.__file__, end='')"]
    found = subprocess.check_output(ask, cwd=out, env=env, text=True)
    if not Path(found).is_relative_to(tree):
        sys.exit(f"{found} is imported, not {tree}")
    ended = [_run_one(out / inner, env, renamed) for inner in folders(names)]
    return all(ended)


def _run_one(folder: Path, env: dict[str, str], renamed: dict[str, str]) -> bool:
    """Run the commands of an experiment, keep its results, return whether it ended well."""
    shutil.rmtree(folder, ignore_errors=True)
    started, name = time.monotonic(), folder.parent.name
    folder.mkdir(parents=True)
    (folder / "config.yaml").write_text(_reword(CONFIGS.get(name, CONFIGS["culture"]), renamed))
    for printed, command in EXPERIMENTS[name].items():
        result = next((str(p.relative_to(folder)) for p in folder.rglob("results.h5")), "")
        words = _reword(command, renamed | {"SEED": folder.name[-1], "RESULT": result}).split()
        words += ["--format", "json"] if printed.endswith("json") else []
        call = [sys.executable, "-m", "unshielded", *words]
        done = subprocess.run(call, cwd=folder, env=env, capture_output=True, text=True)
        if done.returncode:
            print(f"FAILED: {' '.join(words)}\n{done.stderr[-2000:]}", flush=True)
            return False
        (folder / printed).write_text(done.stdout)
    # Folders of runs are named by hashes; the order in which they are made is always the same.
    made = sorted(folder.glob("runs/*/*/results.h5"), key=lambda path: path.stat().st_mtime_ns)
    for number, path in enumerate(made):
        path.rename(folder / f"results_{number}.h5")
    for path in (*folder.glob("runs/*/*.h5"), *folder.glob("runs/*/*.csv")):
        path.rename(folder / path.name)
    shutil.rmtree(folder / "runs", ignore_errors=True)
    print(f"{name}/{folder.name}: {time.monotonic() - started:.1f} s", flush=True)
    return True


def _reword(text: str, renamed: dict[str, str]) -> str:
    """Put new names in the place of old ones; the mean and percentiles of a variable follow it."""
    pattern = r"\b(\w+?)((?:_mean|_p05|_p95)?)\b"
    return re.sub(pattern, lambda w: renamed.get(w[0]) or renamed.get(w[1], w[1]) + w[2], text)


def leaves(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield the place and the value of every number, array and text of a file."""
    if path.suffix == ".h5":
        with h5py.File(path, "r") as file:
            yield from _of_hdf5(file)
    elif path.suffix == ".json":
        yield from _of_json(json.loads(path.read_text()), "")
    elif path.suffix == ".csv":
        yield from _of_json(list(csv.DictReader(path.read_text().splitlines())), "")
    elif path.suffix == ".xml":
        yield from _of_sbml(path.read_text())


def _of_hdf5(entry: h5py.Group | h5py.Dataset) -> Iterator[tuple[str, Any]]:
    place = entry.name.rstrip("/")
    for name in entry.attrs.keys() - ASIDE:
        yield f"{place}@{name}", entry.attrs[name]
    if isinstance(entry, h5py.Group):
        for name in entry.keys() - ASIDE:
            yield from _of_hdf5(entry[name])
    elif place.endswith("_json"):
        yield from _of_json(json.loads(entry[()]), place)
    elif h5py.check_string_dtype(entry.dtype):
        yield place, np.array(entry.asstr()[()], object)
    elif entry.dtype.names:
        yield from ((f"{place}/{name}", entry[name]) for name in entry.dtype.names)
    else:
        yield place, entry[()]


def _of_json(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Entries of a list that have names are found by them, wherever they stand."""
    if isinstance(value, list):
        names = [one.get("name") if isinstance(one, dict) else None for one in value]
        named = None not in names and len(set(names)) == len(names)
        value = dict(zip(names if named else map(str, range(len(value))), value, strict=True))
    if isinstance(value, dict):
        for name in value.keys() - ASIDE:
            yield from _of_json(value[name], f"{place}/{name}")
    else:
        with suppress(ValueError):
            value = np.array(value, float)
        yield place, value


def _of_sbml(text: str) -> Iterator[tuple[str, Any]]:
    """Yield every initial value, and the numbers and words of every formula."""
    for name, value in re.findall(r'\bid="(\w+)"[^>]*? value="([^"]+)"', text):
        yield name, np.array(value, float)
    formula = r'<(event|initialAssignment|\w+Rule) (?:id|symbol|variable)="(\w+)".*?</\1>'
    for found in re.finditer(formula, text, re.DOTALL):
        words = re.findall(r"<\w+|[^<>\s]+(?=\s*</c[in]>)", found[0])
        yield f"{found[1]}/{found[2]}", np.array(words, object)


def differ(place: str, old: Any, new: Any, tolerance: float) -> tuple[str, str]:
    """Return '=', '≈' (within tolerance), '·' (text, one word for another) or '≠', and why."""
    if isinstance(old, str) and isinstance(new, str):
        return ("=", "") if old == new else ("·", f"{old!r:.70} → {new!r:.70}")
    old, new = np.atleast_1d(old), np.atleast_1d(new)
    if old.shape != new.shape or old.dtype != new.dtype:
        return "≠", f"{old.dtype}{old.shape} → {new.dtype}{new.shape}"
    if old.dtype == object:
        return _differ_in_text(set(zip(old.ravel(), new.ravel(), strict=True)))
    bits = f"u{old.dtype.itemsize}"
    unlike = np.ascontiguousarray(old).view(bits) != np.ascontiguousarray(new).view(bits)
    unlike &= ~(np.isnan(old) & np.isnan(new))
    if not unlike.any():
        return "=", ""
    a, b = old[unlike].astype(float), new[unlike].astype(float)
    with np.errstate(invalid="ignore"):
        size = np.where(a == b, 0, np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)))
    most = np.nan_to_num(size, nan=np.inf).max()
    what = f"{unlike.sum()} of {unlike.size} values, relative difference up to {most:.2g}"
    if tolerance and re.split(r"\W", place)[-1] in ROUNDING:
        return "·", what
    return "≈" if tolerance and most <= tolerance else "≠", what


def _differ_in_text(pairs: set[tuple[str, str]]) -> tuple[str, str]:
    changed = sorted(pair for pair in pairs if pair[0] != pair[1])
    numbers = [[re.findall(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?", text) for text in p] for p in changed]
    one_to_one = len({a for a, _ in pairs}) == len(pairs) == len({b for _, b in pairs})
    harmless = one_to_one and all(before == after for before, after in numbers)
    what = ", ".join(f"{a!r:.70} → {b!r:.70}" for a, b in changed[:3])
    return ("·" if harmless else "≠") if changed else "=", what


def compare(name: str, before: Path, after: Path, tolerance: float) -> bool:
    """Compare one experiment with one seed; print a line, and below it the first places that differ."""
    found: dict[str, list[str]] = {sign: [] for sign in "≠≈+·="}
    old, new = _values(before / name) or {"all before": ""}, _values(after / name)
    found["≠"] = [f"{place} is missing" for place in old if place not in new]
    found["+"] = [f"{place} is new" for place in new if place not in old]
    for place in old.keys() & new.keys():
        sign, why = differ(place, old[place], new[place], tolerance)
        found[sign].append(f"{place}: {why}")
    count = {sign: len(places) for sign, places in found.items()}
    close = max([float(what.rpartition(" ")[2]) for what in found["≈"]], default=0)
    state = f"{count['≠']} DIFFERENT" if count["≠"] else f"equal to {close:g}" if close else "equal"
    bits = f"{count['=']} of {len(old)} have equal bits"
    print(f"{name}: {state}; {bits}, {count['+']} new, {count['·']} notes")
    for sign, most in (("≠", 10), ("+", 3), ("·", 3)):
        print(*(f"    {sign} {what}\n" for what in sorted(found[sign])[:most]), sep="", end="")
    return not found["≠"]


def _values(folder: Path) -> dict[str, Any]:
    """Read all files of a folder; give everything its new name."""
    return {
        _reword(f"{path.name}:{place}", RENAMED): value
        for path in folder.glob("*.*")
        for place, value in leaves(path)
    }


def main() -> int:
    """Do what the command line says; return 1 if a run failed or something differs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("action", choices=("run", "compare"))
    parser.add_argument("first", type=Path, help="the sources, or the results before")
    parser.add_argument("second", type=Path, help="where results go, or the results after")
    parser.add_argument("--only", nargs="+", choices=EXPERIMENTS, default=list(EXPERIMENTS))
    parser.add_argument("--tolerance", type=float, default=0.0, help="relative, for compare")
    parser.add_argument("--rename", nargs="+", default=[], metavar="OLD=NEW", help="for run")
    given = parser.parse_args()
    if given.action == "run":
        renamed = dict(each.split("=", 1) for each in given.rename)
        return not run(given.first.absolute(), given.second.absolute(), given.only, renamed)
    which = folders(given.only)
    found = [compare(each, given.first, given.second, given.tolerance) for each in which]
    return not all(found)


if __name__ == "__main__":
    sys.exit(main())
