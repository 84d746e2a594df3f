"""Reports: one page of a run, sweep, trial, lifespan or validation, which loads and runs nothing."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from matplotlib.figure import Figure

import unshielded as un
from tests.tiny import CELLS, TINY
from tests.unit.test_cohorts_result import write_life
from unshielded.cli.main import main
from unshielded.config import dump
from unshielded.model import digest
from unshielded.reports import deaths
from unshielded.reports.evidence import cautions
from unshielded.reports.page import Code, Page, PageSection, PageTable, drawing, html

Captured = pytest.CaptureFixture[str]
TinyRun = tuple[Path, subprocess.CompletedProcess[str]]

#: Every page; that of `make demo` is larger than a tiny one by its points only.
LARGEST = 2_000_000
HOSTILE = "<script>alert(1)</script> \"'><img src=http://x.example/a onerror=alert(1)> $x_1$ & µ"
LOADING = {
    "script",
    "link",
    "iframe",
    "object",
    "embed",
    "base",
    "form",
    "video",
    "audio",
    "source",
}


class Read(HTMLParser):
    """The text of a page, its headings, links and images; refuses what loads or runs anything."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.images: list[str] = []
        self.feed(text)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert tag not in LOADING
        assert not [name for name in given if name.startswith("on")]
        assert tag == "img" or not {"src", "srcset", "data", "background"} & set(given)
        if tag == "img":
            assert (given["src"] or "").startswith("data:image/")
            assert given["alt"]
            self.images.append(given["src"] or "")
        if tag == "a":
            self.links.append(given["href"] or "")
        self.ids += [given["id"] or ""] if "id" in given else []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(path: Path) -> Read:
    """Read a page and check what is true of every one."""
    text = path.read_text(encoding="utf-8")
    assert len(text.encode()) < LARGEST
    assert "default-src 'none'" in text
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert "url(" not in style
    assert "@import" not in style
    assert "@media print" in style
    found = Read(text)
    inner = [link[1:] for link in found.links if link.startswith("#")]
    assert set(inner) <= set(found.ids)
    assert len(set(found.ids)) == len(found.ids)
    assert all(link.startswith(("#", "https://")) for link in found.links)
    for image in found.images:
        if image.startswith("data:image/svg"):
            ElementTree.fromstring(base64.b64decode(image.partition(",")[2]))
    return found


@pytest.fixture(scope="module")
def run_folder(tiny_run: TinyRun) -> Path:
    (found,) = (tiny_run[0] / "tiny").glob("*/results.h5")
    return found.parent


def test_a_run_is_told(run_folder: Path, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "run.html"
    assert main(["report", str(run_folder), "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    page, run = read(out), un.open(run_folder)
    assert isinstance(run, un.RunResult)
    for said in (
        "the smallest circuit with every population",
        f"seed 1, identity {run.id}",
        f"0 of {CELLS} (0–",
        "circuit.populations.pyramidal.size 20 480",
        "FR motor neurons motor_fr 8",
        "Palecek",
        f"model {digest()}",
        str(run.provenance["compiler"]),
        "unshielded run config.yaml",
        (run_folder / "config.yaml").read_text().split("\n")[0],
    ):
        assert said in page.text, said
    assert "Computed with model" not in page.text
    assert len(page.images) == 1
    assert any(link.startswith("https://doi.org/") for link in page.links)


def test_numbers_are_told_with_their_evidence(run_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(run_folder, folder)
    config = folder / "config.yaml"
    given = un.load(config, set={"parameters.retention_capacity": "250 mM", "description": HOSTILE})
    config.write_text(dump(given), encoding="utf-8")
    page = read(un.report(folder))
    assert " ".join(HOSTILE.split()) in page.text
    assert "retention_capacity 250 mM" in page.text
    assert "given parameters.retention_capacity of the config" in page.text
    assert "parameters.retention_capacity 250 mM not set" in page.text
    number = un.params().loc[("extrusion_rate", "")]
    shown = (
        f"extrusion_rate {number['value']:g} {number['unit']} {number['meaning']} {number['kind']}"
    )
    assert shown in page.text
    assert page.text.index(shown) < page.text.index("All other numbers")


@pytest.mark.slow
def test_a_sweep_and_a_trial_are_told(cache: Path, tmp_path: Path) -> None:
    grid = {"circuit.interneuron_loss": [0, 1], "duration": ["1 s"]}
    sweep = un.sweep(TINY, grid, seeds=2, out=tmp_path, jobs=1, progress=False)
    path = un.report(sweep.path)
    assert path == sweep.path / "report.html"
    page = read(path)
    for said in (
        "Sweep of 4 runs",
        "circuit.interneuron_loss 0, 1",
        "seed 1, 2",
        "interneuron_loss=1, duration=1 s All others 0 of",
        "Every point and population (",
        "'--set=sweep.seeds=[1, 2]'",
        TINY.read_text().splitlines()[0],
    ):
        assert said in page.text, said
    rate = sweep.levels.set_index(["circuit.interneuron_loss", "population"]).loc[(0, "pv")]
    mean, low, high = (rate[f"mean_rate_hz_{end}"] for end in ("mean", "low", "high"))
    assert f"{mean:.3g} Hz ({low:.3g} Hz to {high:.3g} Hz)" in page.text
    assert page.images

    shutil.rmtree(sweep.runs[0].path.parent)
    assert "Only 3 of 4 runs are done." in read(un.report(sweep.path)).text

    arms = {"none <b>": [], "edaravone": [{"edaravone": {"dose": "60 mg/day", "from": "0 s"}}]}
    section = {"control": "none <b>", "arms": arms, "seeds": [1]}
    exp = un.load(TINY, set={"trial": section, "duration": "1 s", "name": "arms"})
    trial = un.trial(exp, out=tmp_path, jobs=1, progress=False)
    page = read(un.report(trial.sweep.path))
    assert "Trial of 2 runs" in page.text
    assert "Every arm is compared with 'none <b>'" in page.text
    (row,) = trial.arms[trial.arms["arm"] == "edaravone"].to_dict("records")
    assert f"edaravone 0 s 1 {row['alive']:.1f} of {row['motor_neurons']:.0f} +0" in page.text
    assert page.images


def test_a_lifespan_is_told_in_years_of_age(tmp_path: Path) -> None:
    write_life(tmp_path / "one", 1, 40.0)
    solver = {"kind": "multiscale", "start_age": "20 years"}
    exp = un.load({"name": "made", "duration": "80 years", "solver": solver})
    (tmp_path / "one" / "config.yaml").write_text(dump(exp), encoding="utf-8")
    page = read(un.report(tmp_path / "one"))
    for said in (
        "Lifespan of 80 years, seed 1",
        "first death 30.0 years",
        "onset of weakness 40.0 years",
        "severe weakness did not happen",
        "margin of the soma falls to half did not happen",
        "years of age",
        "solver.kind multiscale not set",
    ):
        assert said in page.text, said
    assert len(page.images) == 2


def test_deaths_are_told_with_time_and_cause() -> None:
    nan = float("nan")
    fate = pd.DataFrame(
        {
            "population": ["a"] * 4 + ["b"] * 2 + ["c"] * 3,
            "time_of_death": [1.0, 2.0, 3.0, nan, nan, nan, nan, nan, nan],
            "mode": ["necrosis", "necrosis", "apoptosis", *["none"] * 6],
            "lost": [0, 0, 0, 1, 0, 0, 0, 0, 1],
            "lost_from": [nan, nan, nan, 2.5, nan, nan, nan, nan, 1.0],
            "doomed": [0, 0, 0, 0, 1, 0, 0, 0, 0],
        }
    )
    a, b, others = deaths.rows(fate, 10.0, deaths.Clock(10.0))
    assert a[:5] == ("A", "3 of 3 (44–100 %)", "0", "necrosis 2, apoptosis 1", "1 s")
    assert a[5].startswith("2 s (1 s to ")
    assert a[6] == "3 s"
    assert b[:3] == ("B", "0 of 2 (0–66 %)", "1")
    assert others[:2] == ("C", "0 of 2 (0–66 %)")
    assert deaths.sentence(fate, "10 s").startswith("3 of 7 (")
    assert deaths.sentence(fate, "10 s").endswith("died in 10 s, of necrosis 2, apoptosis 1.")


def test_names_are_never_markup(tmp_path: Path) -> None:
    figure = Figure()
    figure.subplots().set_title(HOSTILE)
    table = PageTable([HOSTILE], [[HOSTILE, HOSTILE]], HOSTILE, HOSTILE)
    section = PageSection(HOSTILE, [HOSTILE], [table, PageTable([HOSTILE], [[HOSTILE]])],
                      [drawing(HOSTILE, figure)], [Code(HOSTILE), Code(HOSTILE, HOSTILE)])  # fmt: skip
    cites = PageSection("Sources", references=["[A] <b>. https://doi.org/10.1/a<script>"])
    path = tmp_path / "page.html"
    path.write_text(html(Page(HOSTILE, HOSTILE, HOSTILE, [HOSTILE], [section, cites])), "utf-8")
    page = read(path)
    assert page.text.count("<script>alert(1)</script>") > 10
    assert len(page.images) == 1


def test_another_model_is_a_caution() -> None:
    assert cautions([{"model": digest()}]) == []
    (said,) = cautions([{"model": digest()}, {"model": "0ld"}])
    assert "0ld" in said
    assert digest() in said


def test_a_validation_is_told(tmp_path: Path) -> None:
    line = {"name": "tau <i>", "unit": "s", "low": 1.5, "high": 1.9, "mean": 1.7, "sd": 0.1}
    target = {
        "id": "V1", "title": "Decay", "published": "Slow.", "sources": ["Palecek1999"],
        "criterion": "c", "protocol": "p", "preparation": "slice", "fitted": [], "claimed": "met",
        "met": True, "reason": "", "seeds": [1, 2], "lines": [{**line, "met": True}],
    }  # fmt: skip
    (tmp_path / "science.json").write_text(json.dumps([target]))
    page = read(un.report(tmp_path))
    assert "1 of 1 targets are met." in page.text
    assert "tau <i> 1.5 to 1.9 s 1.7 ± 0.1 s met" in page.text
    assert "Met, claimed met; prediction." in page.text
    assert "unshielded validate-science --only V1 --seeds 2" in page.text


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        (None, "", 4, "there are no results in this folder"),
        ("results.h5", "nothing", 5, "results.h5"),
        ("plan.json", "{}", 4, "is not a plan of this version"),
        ("science.json", "[{}]", 5, "is not a table of validate-science"),
        ("science.json", "[", 5, "is not a table of validate-science"),
    ],
)
def test_what_is_no_result_has_no_report(
    name: str | None, content: str, code: int, said: str, tmp_path: Path, capsys: Captured
) -> None:
    if name is not None:
        (tmp_path / name).write_text(content)
    assert main(["report", str(tmp_path)]) == code
    assert said in capsys.readouterr().err
    assert not (tmp_path / "report.html").exists()


def test_a_place_that_is_not_there(tmp_path: Path, capsys: Captured) -> None:
    assert main(["report", str(tmp_path / "gone")]) == 4
    assert "gone" in capsys.readouterr().err
