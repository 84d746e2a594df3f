"""Configs that are out to do harm: read within seconds and little memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from unshielded.config import ConfigError, load
from unshielded.config.reading.errors import MOST_PROBLEMS

ROOT = Path(__file__).parents[2]
HEAD = "name: a\nduration: 10 s\n"
MIB = 1 << 20


def quickly(path: Path, *overrides: str) -> ConfigError:
    start = time.process_time()  # a busy machine is not a failure
    with pytest.raises(ConfigError) as caught:
        load(path, overrides)
    assert time.process_time() - start < 20.0  # some 3 s on an idle core
    assert len(caught.value.problems) <= 2 * MOST_PROBLEMS
    assert all(len(str(p)) < 2000 for p in caught.value.problems)
    return caught.value


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (40, 40))
from unshielded.cli.main import main
code = main(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
# ru_maxrss would be that of whoever started this process, if it was larger: it survives exec
(peak,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(f"used {used.ru_utime + used.ru_stime} {peak}")
sys.exit(code)
"""


def limited(*arguments: str | Path) -> tuple[subprocess.CompletedProcess[str], float, float]:
    """Run the command with little memory and time: how it ended, seconds and MB used."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    *_, seconds, kilobytes = done.stdout.split()
    return done, float(seconds), float(kilobytes) / 1024
