"""`python -m bench`: all benchmarks, as ratios, with a table at the end."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Final

from bench import growth, pages, ringing, start, webhook
from bench.databases import Cluster
from bench.table import Line, show

ROUNDS: Final = 7
MILLION: Final = 1_000_000


def _say(words: str) -> None:
    print(f"{words}  (load {os.getloadavg()[0]:.1f})", flush=True)


def _measured(what: str, measure: Callable[[], list[Line]]) -> list[Line]:
    began = time.perf_counter()
    _say(f"{what} …")
    lines = measure()
    print(show(lines))
    print(f"{time.perf_counter() - began:.0f} s\n", flush=True)
    return lines


def measure(cluster: Cluster, rounds: int, *, full: bool) -> list[Line]:
    """Return every line of the table."""
    sizes = (MILLION, 10 * MILLION) if full else (MILLION,)
    lines = _measured("start", lambda: start.to_the_first_answer(cluster, 5))
    for engine in cluster.engines():
        lines += _measured(
            f"SMS to ticket, {engine}, {rounds} rounds",
            lambda engine=engine: webhook.against_the_floor(cluster, engine, rounds),
        )
    for engine in cluster.engines():
        lines += _measured(
            f"page of 50, {engine}, {rounds} rounds",
            lambda engine=engine: pages.as_it_grows(cluster, engine, sizes, rounds),
        )
    for engine in cluster.engines():
        lines += _measured(
            f"calls with pages open, {engine}",
            lambda engine=engine: ringing.beside_open_pages(cluster, engine),
        )
    if full:
        for engine in cluster.engines():
            lines += _measured(
                f"SMS to ticket as the table grows, {engine}",
                lambda engine=engine: growth.beside_an_empty_one(
                    cluster, engine, sizes[-1], rounds
                ),
            )
    return lines


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status says whether it could be measured."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="up to 10 million tickets")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each measurement, from 5")
    options = parser.parse_args(argv)
    cluster = Cluster()
    try:
        lines = measure(cluster, max(options.rounds, 1), full=options.full)
    finally:
        cluster.close()
    if "postgresql" not in " ".join(line.what for line in lines):
        print("No PostgreSQL server answers; TEST_DATABASE_URL names one.")
    print("\nAll together: medians of interleaved rounds, each round a ratio of its own.")
    print(show(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
