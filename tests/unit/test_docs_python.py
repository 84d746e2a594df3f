"""The page on Python: its examples run, in order, and say what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.tiny import TINY

pytestmark = pytest.mark.slow

BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "python.md").read_text(), re.DOTALL)


def test_every_example_of_the_page_runs(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(TINY.read_text().replace("name: tiny", "name: mine"))
    known: dict[str, object] = {}
    told = 0
    for block in BLOCKS:
        exec(block, known)
        for line in block.splitlines():
            if said := re.match(r"(.*?)\s+# ('.*')$", line):
                assert repr(eval(said[1], known)) == said[2]
                told += 1
    assert told == 2
    assert Path("run.png").stat().st_size > 10_000
    assert len(known["sweep"]) == 6  # type: ignore[arg-type]
