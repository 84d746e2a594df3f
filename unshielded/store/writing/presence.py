"""Who is in the circuit, and when: not yet dead, and not lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from unshielded.arrays import Array, Mask
from unshielded.store.format.files import StoreError
from unshielded.store.writing.recording import RawRecording


@dataclass(frozen=True)
class Presence:
    """When each neuron died, was lost and was restored, in s; infinite if it was not.

    A neuron that dies while it is lost counts as lost, for good; one that is lost after its death as
    dead. So a neuron is alive, dead or lost at any time, and never two of these.
    """

    died: Array
    lost: Array
    restored: Array

    @classmethod
    def of(cls, recording: RawRecording, final: Mapping[str, Array]) -> Presence:
        """Read it from what the engine left: the final states, and the schedule of losses."""
        count = recording.n_neurons
        never = np.full(count, np.inf)
        died = never.copy()
        if recording.n_cells:
            dead = final["alive"] < 0.5
            died[: recording.n_cells] = np.where(dead, final["time_of_death"], np.inf)
        lost, restored = (
            never if times is None else np.asarray(times, float)
            for times in (recording.lost_from, recording.restored_from)
        )
        if lost.shape != (count,) or restored.shape != (count,):
            raise StoreError(
                f"losses are of {len(lost)} and {len(restored)} neurons, expected {count}"
            )
        lost = np.where((died <= lost) | (restored <= lost), np.inf, lost)
        restored = np.where(np.isfinite(lost), restored, np.inf)
        while_lost = (lost < died) & (died < restored)
        return cls(np.where(while_lost, np.inf, died), lost, np.where(while_lost, np.inf, restored))

    def part(self, own: slice) -> Presence:
        """Return that of some neurons."""
        return Presence(self.died[own], self.lost[own], self.restored[own])

    def seconds_lost(self, starts: Array, ends: Array) -> Array:
        """Return how long each neuron was lost in each interval, [interval, neuron]."""
        gone = np.minimum(ends[:, None], self.restored) - np.maximum(starts[:, None], self.lost)
        seconds: Array = np.clip(gone, 0.0, None)
        return seconds

    def seconds_lived(self, starts: Array, ends: Array) -> Array:
        """Return how long each neuron was alive and not lost in each interval, [interval, neuron]."""
        until = np.clip(np.minimum(ends[:, None], self.died) - starts[:, None], 0.0, None)
        return np.clip(until - self.seconds_lost(starts, ends), 0.0, None)

    def is_lost(self, time: float | Array) -> Mask:
        """Tell which neurons are lost at a time; at several, [time, neuron]."""
        at = np.asarray(time, float)[..., None]
        lost: Mask = (self.lost <= at) & (at < self.restored)
        return lost
