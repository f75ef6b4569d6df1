"""What people look at, through a real session, as the table grows.

Every list of tickets, the calls, what is searched for, and the open tickets like the one being
typed: each as a ratio to its own time among few.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple
from urllib.parse import urlencode

from bench import load, visitor
from bench.client import Sample, answer, drive
from bench.places import SMALL, Places
from bench.rounds import Figure, figure, interleaved, ratio
from bench.servers import Server
from bench.table import Line
from hotline.web.views import VIEWS

SHOWN: Final = 50
SECONDS: Final = 0.1
GROWS: Final = 1.2
MEMORY: Final = 90
TYPED: Final = {
    "narrative": load.SUBJECT,
    "category": "A1",
    "region": "150102",
    "employer": load.EMPLOYER,
    "phone": load.CALLER,
}


class Look(NamedTuple):
    """Something to look at: what is asked, how many rows must come, and how fast (ms)."""

    name: str
    path: str
    rows: int = SHOWN
    limit: float | None = None
    share: float = 0.95  # of the answers come within the limit
    row: bytes = b'<li class="row">'
    typed: Mapping[str, str] | None = None


EMPTY: Final = frozenset({"returns", "resolved", "soon", "appraisal"})  # as `load` makes them
LIKE: Final = b'<a class="mono" href="/tickets/'
LOOKS: Final = (
    *(
        Look(
            f"list: {view.id}", f"/tickets?view={view.id}",
            0 if view.id in EMPTY else SHOWN, 20 if view.id == "in_progress" else None, 0.5,
        )
        for view in VIEWS
    ),
    Look("list: of a category", "/tickets?view=all&category=A1"),
    Look("list: of an employer", f"/tickets?view=all&q={load.EMPLOYER}"),
    Look("list: calls", "/calls"),
    Look("search: a caller", f"/search?q={load.CALLER[3:]}", 8, 200),
    Look("search: common words", "/search/words?q=三个月", SHOWN, 200),
    Look("search: rare words", f"/search/words?q={load.RARE}", load.RARELY, 200),
    Look("search: words nobody wrote", "/search/words?q=未曾出现", 0, 200),
    Look("like matters while typing", "/intake/similar", 10, 300, row=LIKE, typed=TYPED),
)  # fmt: skip


def as_they_grow(places: Places, sizes: Sequence[int], rounds: int) -> list[Line]:
    """Return how long each look takes at each of *sizes*, as a ratio to its own time at few."""
    runs = {}
    for size in (SMALL, *sizes):
        place = places.at(size)
        for look in LOOKS:
            request = _request(place.server, look, place.cookies)
            runs[f"{look.name} of {size:,}"] = partial(_run, place.server, request)
    interleaved(runs, 1)
    samples = interleaved(runs, rounds)
    memory = [each for size in (SMALL, *sizes) for each in places.at(size).server.memory()]
    engine = places.engine
    lines = [line for look in LOOKS for line in _lines(look, engine, sizes, samples)]
    return [*lines, Line(f"{engine}: memory a worker afterwards", Figure(memory), "MiB", MEMORY)]


def _lines(
    look: Look, engine: str, sizes: Sequence[int], samples: Mapping[str, Sequence[Sample]]
) -> Iterator[Line]:
    small = samples[f"{look.name} of {SMALL:,}"]
    for size in sizes:
        here, name = samples[f"{look.name} of {size:,}"], f"{engine}, {look.name}"
        if look.limit is not None:
            within = partial(Sample.quantile, share=look.share)
            what = f"{name}, of {size:,}: p{100 * look.share:.0f}"
            yield Line(what, figure(here, within), "ms", look.limit)
        yield Line(f"{name}: {size:,} to {SMALL:,}", ratio(here, small, _middle), goal=GROWS)


def _request(server: Server, look: Look, cookies: str) -> bytes:
    """Return the request of a look, once it shows what it should."""
    if look.typed is None:
        request = visitor.get(look.path, cookies)
    else:
        form = answer(server.port, visitor.get("/account", cookies))
        typed = urlencode({**look.typed, "csrf_token": visitor.token(form.body)})
        request = visitor.post(look.path, typed, form.cookies or cookies)
    shown = answer(server.port, request)
    rows = shown.body.count(look.row)
    if (shown.status, rows) != (200, look.rows):
        raise RuntimeError(f"{look.path} answers {shown.status} with {rows} rows.")
    return request


def _run(server: Server, request: bytes) -> Sample:
    sample = drive(server.port, [request] * 5000, clients=1, seconds=SECONDS)
    if set(sample.statuses) != {200}:
        raise RuntimeError(f"Not every answer was 200: {dict(sample.statuses)}")
    return sample


def _middle(sample: Sample) -> float:
    return sample.quantile(0.5)
