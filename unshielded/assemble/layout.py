"""Where each population lies in the array of neurons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Slice:
    """A population's neurons: ``start <= neuron < stop``."""

    name: str
    start: int
    stop: int
    carries_calcium: bool

    @property
    def size(self) -> int:
        """Number of neurons."""
        return self.stop - self.start


@dataclass(frozen=True)
class Layout:
    """All populations, those with the calcium submodel first: cell k is neuron k."""

    slices: tuple[Slice, ...]

    @classmethod
    def of(cls, sizes: Mapping[str, int], carriers: Mapping[str, bool]) -> Layout:
        """Lay out populations of the given sizes; empty ones take no room."""
        slices, start = [], 0
        for name in sorted(sizes, key=lambda n: not carriers[n]):  # stable: keeps the order
            slices.append(Slice(name, start, start + sizes[name], carriers[name]))
            start += sizes[name]
        return cls(tuple(slices))

    def __getitem__(self, name: str) -> Slice:
        return next(s for s in self.slices if s.name == name)

    @property
    def neurons(self) -> int:
        """Number of neurons."""
        return max((s.stop for s in self.slices), default=0)

    @property
    def cells(self) -> int:
        """Number of neurons that carry the calcium submodel."""
        return max((s.stop for s in self.slices if s.carries_calcium), default=0)
