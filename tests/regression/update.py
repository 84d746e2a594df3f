"""Write the baseline anew: ``python -m tests.regression.update``."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.tiny import TINY
from unshielded.config import load
from unshielded.running.run import run
from unshielded.store.reading.read import open_run

BASELINE = Path(__file__).with_name("baseline.json")

#: Long enough to average over the chaos of 48 neurons.
SECONDS = 30


def measure(out: Path) -> dict[str, dict[str, float]]:
    """Run the tiny circuit for a while; return means of the second half."""
    outcome = run(load(TINY, [f"duration={SECONDS} s"]), out)
    found: dict[str, dict[str, float]] = {}
    with open_run(outcome.results) as result:
        for population in result.populations:
            values = {"rate_hz": outcome.populations[population.name]["mean_rate_hz"]}
            if population.carries_calcium:
                for name in ("calcium", "mitochondrial_potential", "atp", "sodium"):
                    mean = result.band(population.name, name).mean
                    values[name] = float(mean[len(mean) // 2 :].mean())
            found[population.name] = {k: float(f"{v:.4g}") for k, v in values.items()}
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        BASELINE.write_text(json.dumps(measure(Path(folder)), indent=1) + "\n")
