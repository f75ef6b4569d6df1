"""Which contacts of a day are one matter of many, by what they name and say. No framework here.

R18 and the domain reference, section 1.7: three contacts within 24 hours on one employer, or a
stated head-count of ten, are proposed as a mass matter; a person decides.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final

from hotline.core import chinese

CONTACTS: Final = 3
HEADS: Final = 10
ALIKE: Final = 0.5  # from here on the words of two matters of one place and subject are the same
COMPARED: Final = 50  # of one place and subject, the newest


class Because(StrEnum):
    """Why a mass matter is proposed."""

    EMPLOYER = "employer"
    PROJECT = "project"
    CONTRACTOR = "contractor"
    WORDS = "words"
    HEADS = "heads"


@dataclass(frozen=True)
class Contact:
    """What is compared of a ticket that somebody came in with, or spoke on, within the day."""

    ticket_id: int
    employers: frozenset[Hashable] = frozenset()
    project: Hashable | None = None
    contractors: frozenset[str] = frozenset()
    place: Hashable | None = None  # district and subject
    words: frozenset[str] = frozenset()
    heads: int = 0


@dataclass(frozen=True)
class Cluster:
    """Tickets that may be one matter of many, the oldest first, and why."""

    tickets: tuple[int, ...]
    because: tuple[Because, ...]


#: What binds two contacts together: a contact's names of that kind.
NAMES: Final[dict[Because, Callable[[Contact], Iterable[Hashable]]]] = {
    Because.EMPLOYER: lambda one: one.employers,
    Because.PROJECT: lambda one: () if one.project is None else (one.project,),
    Because.CONTRACTOR: lambda one: one.contractors,
}


def clusters(contacts: Sequence[Contact]) -> list[Cluster]:
    """Return what is to be proposed of the *contacts* of one day."""
    bonds = list(_bonds(contacts))
    found = []
    for tickets in _joined([one.ticket_id for one in contacts], bonds):
        inside = set(tickets)
        why = {because for because, a, _ in bonds if a in inside}
        many = any(one.heads >= HEADS for one in contacts if one.ticket_id in inside)
        if many:
            why.add(Because.HEADS)
        if many or len(tickets) >= CONTACTS:
            found.append(Cluster(tickets, tuple(each for each in Because if each in why)))
    return found


def _bonds(contacts: Sequence[Contact]) -> Iterator[tuple[Because, int, int]]:
    for because, names in NAMES.items():
        yield from ((because, *pair) for pair in _same(contacts, names))
    yield from ((Because.WORDS, *pair) for pair in _alike(contacts))


def _same(
    contacts: Sequence[Contact], names: Callable[[Contact], Iterable[Hashable]]
) -> Iterator[tuple[int, int]]:
    known: dict[Hashable, int] = {}
    for one in contacts:
        first = [known.setdefault(name, one.ticket_id) for name in names(one)]
        yield from ((each, one.ticket_id) for each in first if each != one.ticket_id)


def _alike(contacts: Sequence[Contact]) -> Iterator[tuple[int, int]]:
    near = defaultdict[Hashable, list[Contact]](list)
    for one in contacts:
        if one.place is not None:
            near[one.place].append(one)
    for group in near.values():
        for one, other in combinations(group[-COMPARED:], 2):
            if chinese.likeness(one.words, other.words) >= ALIKE:
                yield one.ticket_id, other.ticket_id


def _joined(
    tickets: Iterable[int], bonds: Iterable[tuple[Because, int, int]]
) -> list[tuple[int, ...]]:
    root = {ticket: ticket for ticket in tickets}

    def top(ticket: int) -> int:
        while root[ticket] != ticket:
            ticket = root[ticket]
        return ticket

    for _, one, other in bonds:
        low, high = sorted((top(one), top(other)))
        root[high] = low
    groups = defaultdict[int, list[int]](list)
    for ticket in sorted(root):
        groups[top(ticket)].append(ticket)
    return [tuple(group) for group in groups.values()]
