"""The setting ``preparation``: where an experiment takes place, and at which temperature."""

from __future__ import annotations

from collections.abc import Iterator

from unshielded.config.findings import Finding, wrong
from unshielded.config.sections.catalogue import Catalogue


def check(name: str, catalogue: Catalogue, *, lifespan: bool) -> Iterator[Finding]:
    """Yield a preparation at whose temperature a mechanism of the run is not known."""
    celsius = catalogue.preparations[name].temperature
    at = sorted(p.name for p in catalogue.preparations.values() if p.temperature != celsius)
    for mechanisms, hint in (
        (catalogue.mechanisms, "give it a q10"),
        (catalogue.slow_mechanisms if lifespan else (), "remove 'solver', or the preparation"),
    ):
        for mechanism in mechanisms:
            missing = [p.name for p in mechanism.parameters if p.needs_q10(celsius)]
            if missing:
                what = (
                    f"{name!r} is at {celsius:g} °C, and {mechanism.name!r} has no Q10 to tell "
                    f"{missing[0]!r} there"
                )
                yield wrong("preparation", what, " or ".join(at), hint, ("solver",))
                break


def numbers(name: str, catalogue: Catalogue) -> dict[str, float]:
    """Return what differs in a preparation besides temperature: parameter → value in SI."""
    return {n: number.si for n, number in catalogue.preparations[name].numbers.items()}
