"""Interleaved rounds: everybody once a round, in turn, so that a busy moment hits them all."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bench.client import Sample

Run = Callable[[], Sample]
Name = TypeVar("Name")


@dataclass(frozen=True)
class Figure:
    """A figure with its value in each round."""

    values: Sequence[float]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)


def interleaved(runs: Mapping[Name, Run], count: int) -> dict[Name, list[Sample]]:
    """Run each of *runs* once a round, *count* rounds long; every other round backwards."""
    samples: dict[Name, list[Sample]] = {name: [] for name in runs}
    for ordinal in range(count):
        for name in list(runs)[:: 1 if ordinal % 2 == 0 else -1]:
            samples[name].append(runs[name]())
    return samples


def figure(samples: Sequence[Sample], of: Callable[[Sample], float]) -> Figure:
    """Return one figure of the samples."""
    return Figure([of(sample) for sample in samples])


def ratio(
    ours: Sequence[Sample], theirs: Sequence[Sample], of: Callable[[Sample], float]
) -> Figure:
    """Return the figure of *ours* to *theirs*, round by round."""
    return Figure([of(mine) / of(other) for mine, other in zip(ours, theirs, strict=True)])
