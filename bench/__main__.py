"""`python -m bench`: all benchmarks, as ratios, with a table at the end."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Final

from bench import figures, growth, pages, ringing, start, webhook
from bench.databases import Cluster
from bench.places import Places
from bench.table import Line, show

ROUNDS: Final = 5
BESIDE: Final = "Beside it: python -m bench.cherry_picking, about surveys."
MILLION: Final = 1_000_000
TEN_MILLION: Final = 10 * MILLION
SMALLER: Final = 5  # SQLite has so many times fewer, but for the whole: it is for smaller houses


def _say(words: str) -> None:
    print(f"{words}  (load {os.getloadavg()[0]:.1f})", flush=True)


def _measured(what: str, measure: Callable[[], list[Line]]) -> list[Line]:
    began = time.perf_counter()
    _say(f"{what} …")
    lines = measure()
    print(show(lines))
    print(f"{time.perf_counter() - began:.0f} s\n", flush=True)
    return lines


def measure(cluster: Cluster, rounds: int, sizes: Sequence[int], *, full: bool) -> list[Line]:
    """Return every line of the table."""
    engines = cluster.engines()
    lines = _measured("start", lambda: start.to_the_first_answer(cluster, rounds))
    for engine in engines:
        lines += _measured(
            f"SMS to ticket, {engine}",
            lambda engine=engine: webhook.against_the_floor(cluster, engine, rounds),
        )
    for engine in engines:
        fewer = SMALLER if engine == "sqlite" and not full else 1
        with Places(cluster, engine) as places:
            here = [size // fewer for size in sizes]
            lines += _among_many(cluster, places, rounds, here, full=full)
    lines += _measured(
        f"a board with many viewers, {engines[0]}", lambda: figures.board(cluster, engines[0])
    )
    return lines


def _among_many(
    cluster: Cluster, places: Places, rounds: int, sizes: Sequence[int], *, full: bool
) -> list[Line]:
    """Return what is measured in the same databases; what writes into them comes last."""
    engine, largest = places.engine, sizes[-1]
    lines = _measured(
        f"lists, search and duplicates, {engine}",
        lambda: pages.as_they_grow(places, sizes, rounds),
    )
    if engine == cluster.engines()[0]:
        lines += _measured(
            f"pages of numbers, {engine}", lambda: figures.as_they_grow(places, largest, rounds)
        )
    lines += _measured(
        f"calls with pages open, {engine}", lambda: ringing.among_many(places.at(largest), engine)
    )
    if full:
        lines += _measured(
            f"SMS to ticket as the table grows, {engine}",
            lambda: growth.beside_an_empty_one(cluster, places, largest, rounds),
        )
    return lines


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status says whether it could be measured."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__, epilog=BESIDE)
    parser.add_argument("--full", action="store_true", help="all of it, up to 10 million tickets")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each measurement, from 5")
    parser.add_argument("--tickets", type=int, help="the most there are, to try it among fewer")
    options = parser.parse_args(argv)
    most = options.tickets or (TEN_MILLION if options.full else MILLION)
    sizes = (most // 10, most) if options.full else (most,)
    cluster = Cluster()
    began = time.perf_counter()
    try:
        lines = measure(cluster, max(options.rounds, 1), sizes, full=options.full)
    finally:
        cluster.close()
    if "postgresql" not in " ".join(line.what for line in lines):
        print("No PostgreSQL server answers; TEST_DATABASE_URL names one.")
    print("\nAll together: medians of interleaved rounds, each round a ratio of its own.")
    print(show(lines))
    print(f"{time.perf_counter() - began:.0f} s in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
