"""Checking what is on the disk: every flip is found, nothing sound is called damaged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from tests.synthetic_recording import make_recording
from tests.tiny import TINY
from unshielded.cli.main import main
from unshielded.config import Experiment, dump, load
from unshielded.model import digest
from unshielded.results.summary import summarise, write_csv
from unshielded.running.provenance import citations
from unshielded.store.format.files import StoreError
from unshielded.store.format.seal import seal
from unshielded.store.reading.same import differences
from unshielded.store.tables.sweep_table import write_sweep_table
from unshielded.store.writing.write import write_run
from unshielded.verify import Verdict, places, verify

LOSS = "circuit.interneuron_loss"
CONFIG = (
    TINY.read_text().replace("name: tiny", "name: made")
    + f"sweep: {{grid: {{{LOSS}: [0.0, 0.5]}}, seeds: [1, 2]}}\n"
)


def finish(experiment: Experiment, folder: Path, *, model: str = "") -> dict[str, Any]:
    """Write what a run leaves, with made-up data; return its row."""
    place = folder / experiment.identity
    recording = make_recording(
        place / "raw", duration=5.0, seed=experiment.config.seed, traced=0, spikes=False,
        sizes={"pyramidal": 5, "motor_fr": 10, "renshaw": 2},
    )  # fmt: skip
    about = {"id": experiment.identity, "name": experiment.config.name}
    about |= {"seed": experiment.config.seed, "model": model or digest(), "compiler": "none"}
    texts = (json.dumps(each, sort_keys=True) for each in (experiment.resolved, experiment.origin))
    bibtex = citations(experiment.config)
    write_run(place / "results.h5", recording, about, experiment.source_text, *texts, bibtex)
    shutil.rmtree(place / "raw")
    (place / "config.yaml").write_text(dump(experiment))
    (place / "citations.bib").write_text(bibtex)
    (place / "log.json").write_text('{"wall_s": 1.5, "compiled": false, "program": "x"}\n')
    return {"id": experiment.identity, "populations": summarise(place)["populations"]}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished sweep of four points, without its plan."""
    folder = tmp_path_factory.mktemp("sweep") / "made"
    folder.mkdir()
    config = folder.parent / "c.yaml"
    config.write_text(CONFIG)
    rows = [
        {"point": values, "seed": seed, **finish(single, folder)}
        for values, seed, single in load(config).points()
    ]
    write_csv(rows, folder / "sweep.csv")
    write_sweep_table(rows, folder / "sweep.h5")
    return folder


@pytest.fixture
def sweep(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "made")
    return tmp_path / "made"


def problems(verdict: Verdict) -> list[str]:
    return [problem.path.name for problem in verdict.problems]


def test_a_sound_sweep(sweep: Path) -> None:
    found = verify(sweep, again=0)
    assert found.problems == []
    assert found.notes == []
    assert found.files == 4 * 4 + 2
    assert found.exit_code == 0
    assert len(found.populations) == 4
    one = places(sweep)[0]
    assert verify(one, again=0).files == 4


@pytest.mark.parametrize("flips", [20, pytest.param(100, marks=pytest.mark.thorough)])
def test_every_flip_in_any_file_is_found(sweep: Path, flips: int) -> None:
    """Single bits, in files drawn at random; only what a log says is not sealed."""
    random = np.random.default_rng(1)
    files = sorted(p for p in sweep.rglob("*") if p.is_file() and p.name != "log.json")
    assert len(files) == 3 * 4 + 2
    for _ in range(flips):
        path = files[random.integers(len(files))]
        whole = path.read_bytes()
        broken = bytearray(whole)
        broken[random.integers(len(broken))] ^= 1 << int(random.integers(8))
        if path.name == "config.yaml" and _description(broken) != _description(whole):
            continue  # free text, which nothing depends on
        path.write_bytes(bytes(broken))
        found = verify(path.parent, again=0)  # of the run alone, where it is in one
        assert path in [problem.path for problem in found.problems], path
        assert found.exit_code == 5
        path.write_bytes(whole)
    assert verify(sweep, again=0).exit_code == 0


def _description(text: bytes | bytearray) -> list[bytes]:
    return [line for line in bytes(text).split(b"\n") if line.startswith(b"description:")]


@pytest.mark.parametrize("name", ["results.h5", "config.yaml", "citations.bib", "log.json"])
@pytest.mark.parametrize("damage", ["empty", "half", "zeros", "missing"])
def test_larger_damage_is_found(sweep: Path, name: str, damage: str) -> None:
    path = places(sweep)[1] / name
    whole = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        half = len(whole) // 2
        content = {"empty": b"", "half": whole[:half], "zeros": whole[:half] + bytes(half)}[damage]
        path.write_bytes(content)
    found = verify(sweep, again=0)
    assert problems(found) == [name]
    assert found.exit_code == 5


def test_all_problems_are_listed(sweep: Path) -> None:
    first, second, third, _ = places(sweep)
    (first / "results.h5").write_bytes(b"\x89HDF")
    (second / "citations.bib").write_text("@misc{other}")
    (third / "config.yaml").write_text("name: [")
    (sweep / "sweep.h5").write_bytes((sweep / "sweep.h5").read_bytes()[:-1])
    found = verify(sweep, again=0)
    assert sorted(problems(found)) == ["citations.bib", "config.yaml", "results.h5", "sweep.h5"]


def test_results_that_were_swapped_are_found(sweep: Path) -> None:
    """Each is sound by itself, and in the wrong place."""
    first, second, *_ = places(sweep)
    (first / "results.h5").rename(sweep / "aside")
    (second / "results.h5").rename(first / "results.h5")
    (sweep / "aside").rename(second / "results.h5")
    found = verify(sweep, again=0)
    assert [p.path.parent for p in found.problems if p.path.name == "results.h5"] == [first, second]


def test_a_result_that_was_forged_and_sealed_again_is_found(sweep: Path) -> None:
    path = places(sweep)[0] / "results.h5"
    with h5py.File(path, "r+") as file:
        text = json.loads(file["provenance/resolved_json"].asstr()[()])
        text["drive"]["level"] = 0.123
        del file["provenance/resolved_json"]
        file["provenance"].create_dataset("resolved_json", data=json.dumps(text, sort_keys=True))
    seal(path)
    found = verify(sweep, again=0)
    assert any("has the settings of the run" in problem.what for problem in found.problems)


def test_tables_that_do_not_fit_the_runs(sweep: Path) -> None:
    table = sweep / "sweep.csv"
    text = table.read_text()
    lines = text.splitlines(keepends=True)
    for changed in (
        text.replace("0.5", "0.25"),  # a setting
        text.replace(",10,", ",11,", 1),  # a count
        "".join(lines[:-1]),  # a line lost
        text + lines[-1],
        lines[0] + lines[0],
        text.replace(places(sweep)[0].name, "0" * 16),
        "",
    ):
        assert changed != text
        table.write_text(changed)
        found = verify(sweep, again=0)
        assert set(problems(found)) & {"sweep.csv", "sweep.h5"}, changed
    table.write_text(text)
    found = {"n": 1, "alive": 1, "burned_out": 0}
    rows = [{"point": {}, "seed": 1, "id": "x", "populations": {"a": found}}]
    write_sweep_table(rows, sweep / "sweep.h5")
    assert set(problems(verify(sweep, again=0))) == {"sweep.h5"}


def test_what_is_unfinished_is_no_damage(sweep: Path) -> None:
    (sweep / ("a" * 16)).mkdir()
    (sweep / "sweep.csv").unlink()
    (sweep / "sweep.h5").unlink()
    found = verify(sweep, again=0)
    assert found.problems == []
    assert any("unfinished" in note for note in found.notes)


def test_what_is_not_there(tmp_path: Path) -> None:
    for place, what in ((tmp_path, "there is no run"), (tmp_path / "no", "no such folder")):
        with pytest.raises(StoreError, match=what):
            verify(place)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="is no folder"):
        verify(tmp_path / "file")


def test_a_result_of_another_model_cannot_be_compared(tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(CONFIG)
    single = next(load(config).points())[2]
    finish(single, tmp_path, model="an older one")
    found = verify(tmp_path / single.identity)
    assert found.exit_code == 0
    (again,) = found.again
    assert again.verdict == "cannot be compared"
    assert "made by the model an older one" in again.why


def test_differences_name_the_entries(sweep: Path, tmp_path: Path) -> None:
    first, *others = (place / "results.h5" for place in places(sweep))
    assert differences(first, first) == []
    shutil.copy(first, tmp_path / "copy.h5")
    with h5py.File(tmp_path / "copy.h5", "r+") as file:
        dead = file["fate/time_of_death"][:]
        dead[0] = -0.0 if dead[0] == 0.0 else np.nextafter(dead[0], 1e9, dtype=dead.dtype)
        dead[0] = 1.0 if np.isnan(dead[0]) else dead[0]
        file["fate/time_of_death"][:] = dead
        file["provenance"].attrs["git_commit"] = "another"
    seal(tmp_path / "copy.h5")
    assert differences(first, tmp_path / "copy.h5") == ["/fate/time_of_death"]
    assert any("/fate/time_of_death" in differences(first, other) for other in others)


def test_the_command(sweep: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(sweep), "--rerun", "0"]) == 0
    assert capsys.readouterr().out.endswith("4 runs, 18 files: sound\n")
    path = places(sweep)[2] / "results.h5"
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 3] ^= 4
    path.write_bytes(bytes(whole))
    assert main(["verify", str(sweep), "--rerun", "0", "--format", "json"]) == 5
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["sound"] is False
    assert [entry["path"] for entry in found["problems"]] == [str(path)]
    assert "1 problem found" in err
    assert "Traceback" not in err
    assert main(["verify", str(tmp_path / "none")]) == 4


@pytest.mark.slow
def test_a_run_comes_out_again_bit_by_bit(
    tiny_run: tuple[Path, Any], tmp_path: Path, cache: Path
) -> None:
    shutil.copytree(tiny_run[0], tmp_path / "runs")
    (place,) = (tmp_path / "runs" / "tiny").iterdir()
    found = verify(place)
    assert [(again.verdict, again.why) for again in found.again] == [("identical", "")]
    assert found.exit_code == 0
    # the same folder with other data, sealed as if it were the result
    with h5py.File(place / "results.h5", "r+") as file:
        file["fate/peak_calcium"][0] *= 1.0 + 1e-12
    seal(place / "results.h5")
    found = verify(place)
    assert [again.verdict for again in found.again] == ["differs"]
    assert "/fate/peak_calcium differ" in found.again[0].why
    assert found.exit_code == 5


def test_a_renamed_copy_is_a_note(sweep: Path, tmp_path: Path) -> None:
    """Of a run; of a sweep it is one only where there is a plan, which says its name."""
    run = next(place for place in sorted(sweep.iterdir()) if place.is_dir())
    copy = shutil.copytree(run, tmp_path / "figure_3")
    found = verify(copy, again=0)
    assert found.problems == []
    assert any(f"is the run {run.name}, in a folder named figure_3" in n for n in found.notes)
    others = shutil.copytree(run, tmp_path / ("0" * 16))
    (problem,) = verify(others, again=0).problems
    assert f"is the run {run.name}" in problem.what


def test_a_folder_that_is_a_link_is_verified_by_its_own_name(sweep: Path, tmp_path: Path) -> None:
    run = next(place for place in sorted(sweep.iterdir()) if place.is_dir())
    moved = shutil.move(run, tmp_path / "elsewhere")
    run.symlink_to(moved)
    found = verify(run, again=0)
    assert (found.problems, found.notes) == ([], [])
