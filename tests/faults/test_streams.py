"""Closed standard streams, and configs that come through a pipe."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from unshielded.config import ConfigError, load

TEXT = "name: d\nduration: 2 s\nculture: {pyramidal: 2}\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "c.yaml"
    path.write_text(TEXT)
    return path


@pytest.mark.parametrize(
    ("redirection", "code"),
    [
        ("validate {} >&-", 0),
        ("validate {} <&- 2>&-", 0),
        ("validate {} >&- 2>&- <&-", 0),
        ("validate missing.yaml >&- 2>&-", 2),
        ("validate - < {}", 0),
        ("validate <(cat {})", 0),
        ("validate /dev/stdin < {}", 0),
    ],
)
def test_shells_redirect(
    argv: list[str], environment: dict[str, str], config: Path, redirection: str, code: int
) -> None:
    line = f"{' '.join(argv)} {redirection.format(config)}"
    done = subprocess.run(
        ["bash", "-c", line],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


def test_a_config_through_a_pipe_is_the_same(config: Path) -> None:
    reader, writer = os.pipe()
    os.write(writer, TEXT.encode())
    os.close(writer)
    try:
        assert load(f"/dev/fd/{reader}").identity == load(config).identity
    finally:
        os.close(reader)


def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ConfigError, match="not a regular file"):
        load(tmp_path / "pipe")
