"""Where the command runs, and what it says elsewhere."""

from __future__ import annotations

import subprocess
import sys

import pytest

from unshielded.cli import main as cli
from unshielded.processes import environment, interpreter


@pytest.mark.parametrize("platform", ["win32", "cygwin", "emscripten"])
def test_elsewhere_it_says_so(
    platform: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(SystemExit) as ended:
        cli.run()
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"not on {platform}" in line


def test_the_command_can_be_imported_without_what_only_posix_has() -> None:
    """Or it could not say so."""
    lines = "import sys; sys.modules['fcntl'] = None; import unshielded.cli.main"
    subprocess.run([*interpreter(), "-c", lines], env=environment(), check=True)
