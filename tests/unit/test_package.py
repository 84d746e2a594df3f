"""What is built and installed: one package, whole, that other files of its user do not disturb."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT
from tests.tiny import TINY, hostile
from unshielded.store.reading.read import open_run

pytestmark = pytest.mark.slow

Installed = Callable[..., str]

#: What the package is built from.
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "unshielded")
FOLDERS = ("circuit", "calcium", "mechanism", "degeneration")

_BUILD = """
import sys
from setuptools import build_meta
print(getattr(build_meta, "build_" + sys.argv[1])(sys.argv[2]))
"""


def build(kind: str, source: Path, out: Path) -> Path:
    """Build a ``wheel`` or an ``sdist``; nothing is fetched."""
    pytest.importorskip("setuptools", minversion="77")
    out.mkdir(exist_ok=True)
    call = [sys.executable, "-c", _BUILD, kind, str(out)]
    done = subprocess.run(call, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources without anything that was built or installed from them."""
    folder = tmp_path_factory.mktemp("source")
    ignored = shutil.ignore_patterns("__pycache__")
    for name in (*SOURCES, *FOLDERS, "configs"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=ignored)
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def sdist(source: Path) -> Path:
    return build("sdist", source, source / "dist")


@pytest.fixture(scope="module")
def wheel(source: Path, sdist: Path) -> Path:
    return build("wheel", source, source / "dist")


@pytest.fixture(scope="module")
def installed(wheel: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The command of the wheel, in a git repository of its user with files named like ours."""
    folder = tmp_path_factory.mktemp("user")
    install = ["install", "--quiet", "--no-deps", "--no-index", "--target", "site", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *install], cwd=folder, check=True)
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    commit = ["commit", "--quiet", "--allow-empty", "--message", "mine"]
    subprocess.run(["git", *who, *commit], cwd=folder, check=True)
    for name in FOLDERS:
        (folder / f"{name}.py").write_text(f"raise SystemExit('{name}.py of the user')\n")
    (folder / "brian_preferences").write_text(hostile(folder / "executed"))
    variables = {**os.environ, "PYTHONPATH": str(folder / "site"), "UNSHIELDED_CACHE": str(cache)}

    def call(*arguments: str | Path, cwd: Path = folder) -> str:
        done = subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=cwd,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert not (folder / "executed").exists()
        return done.stdout

    place = Path(call("-c", "import unshielded; print(unshielded.__file__)").strip())
    assert place == folder / "site" / "unshielded" / "__init__.py"
    return call


def test_the_wheel_is_one_package_with_all_that_belongs_to_it(source: Path, wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"unshielded"}
    rooms = [room for room in (source / "unshielded").iterdir() if room.is_dir()]
    files = [
        source / "unshielded" / name for name in ("references.bib", "py.typed", "__init__.pyi")
    ]
    files += [path for room in rooms for path in room.rglob("*.*") if path.suffix != ".pyc"]
    assert {".py", ".h", ".j2", ".yaml"} <= {path.suffix for path in files}
    assert {str(path.relative_to(source)) for path in files} <= names


def test_the_source_archive_makes_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    again = build("wheel", unpacked, tmp_path / "dist")
    assert sorted(zipfile.ZipFile(again).namelist()) == sorted(zipfile.ZipFile(wheel).namelist())


def test_the_installed_command(installed: Installed, tmp_path: Path) -> None:
    assert "validate-science" in installed("-m", "unshielded", "--help")
    assert "retention_capacity" in installed("-m", "unshielded", "params")
    installed("-m", "unshielded", "validate", TINY)
    installed("-m", "unshielded", "run", TINY, "--out", tmp_path)
    (results,) = tmp_path.rglob("results.h5")
    with open_run(results) as run:
        assert run.provenance()["git_commit"] == ""  # the repository is not ours


def test_it_begins_in_an_empty_folder(installed: Installed, tmp_path: Path) -> None:
    """Examples, a config, a run and its figure; nothing of this repository is there."""
    example = "cortex/rest"  # it extends a protocol that lies inside the package
    assert example in installed("-m", "unshielded", "examples", cwd=tmp_path)
    installed("-m", "unshielded", "init", "mine", cwd=tmp_path)
    installed("-m", "unshielded", "init", "other", "--like", example, cwd=tmp_path)
    installed("-m", "unshielded", "validate", "mine.yaml", "other.yaml", cwd=tmp_path)
    tiny = yaml.safe_load(TINY.read_text())["circuit"]
    small = ("--set", "duration=2 s", "--set", f"circuit={json.dumps(tiny)}")
    printed = installed("-m", "unshielded", "run", "mine.yaml", *small, cwd=tmp_path)
    assert "unshielded plot" in printed
    code = "import unshielded as un; print(un.open('runs/mine')['motor_fr'].calcium_mean.units)"
    assert installed("-c", code, cwd=tmp_path).strip() == "uM"
    assert {path.name for path in tmp_path.iterdir()} == {
        "mine.yaml", "other.yaml", "unshielded.schema.json", "runs",
    }  # fmt: skip


@pytest.mark.thorough
def test_the_installed_validation(installed: Installed) -> None:
    call = ("validate-science", "--only", "V1", "--seeds", "1", "--format", "json")
    assert json.loads(installed("-m", "unshielded", *call))[0]["id"] == "V1"
