"""What a worker's reply to a survey says: a score, something unclear, or something else.

The scale is that of the invitation: 1 非常满意, 2 满意, 3 基本满意, 4 不满意, 5 非常不满意.
`N分` and `N星` read five as best, as whoever writes so means it. What can be read in
two ways is unclear and goes to a person: nobody is made satisfied by a guess.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hotline.surveys.states import SATISFIED
from hotline.surveys.words import (
    BESIDES,
    LEXICON,
    MEASURES,
    NUMERALS,
    SIGNS,
    STAR_UNITS,
    Kind,
    Token,
)

LONGEST: Final = 1600  # the longest SMS a carrier delivers
BEST_IS_WORST: Final = 6  # a score where five is best, turned round
PERCENT: Final = 100  # up to here a bare number may be meant as a rating
FEW: Final = 10  # characters the rules do not know, in what still looks like an answer
SHORT: Final = 30

TRADITIONAL: Final = str.maketrans(
    "滿選擇評價還沒無謝處結務態較級對點們熱線辦", "满选择评价还没无谢处结务态较级对点们热线办"
)
TICKET: Final = re.compile(r"(?<!\d)\d{6}-\d{4,6}(?!\d)")


@dataclass(frozen=True)
class Reading:
    """What was understood.

    Attributes:
        score: 1 to 5 on the invitation's scale, or None.
        ambiguous: It seems to be an answer, but a person has to read it.
        comment: The whole text where it says more than a score; else empty.
        number: The ticket number that the text names.
        contacted, solved: What a scored text says of the other two questions; None for nothing,
            or for both.
        hotline_score, unit_score: Given to a person alone; a text scores the result.
    """

    score: int | None
    ambiguous: bool
    comment: str = ""
    number: str | None = None
    contacted: str | None = None
    solved: str | None = None
    hotline_score: int | None = None
    unit_score: int | None = None


def _any_of(phrases: Sequence[str]) -> str:
    return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))


_ENGLISH: Final = [phrase for phrase in LEXICON if "a" <= phrase[0] <= "z"]
_CHINESE: Final = [phrase for phrase in LEXICON if phrase not in _ENGLISH]

# One alternation without nested repetition: the work grows with the length of the text alone.
_ENDED: Final = rf"(?=$|[{re.escape(SIGNS)}])"
_PIECE: Final = re.compile(
    rf"(?P<stars>[★⭐🌟☆]+)"
    rf"|(?P<english>(?:{_any_of(_ENGLISH)})(?![a-z]))"
    rf"|(?P<letters>[a-z]+)"
    rf"|(?P<phrase>{_any_of(_CHINESE)})"
    rf"|(?P<rating>[0-9]+|[{''.join(NUMERALS)}]) ?(?P<unit>{_any_of(STAR_UNITS)})(?!钟)"
    rf"|(?P<count>[0-9]+) ?(?:分钟|[{MEASURES}])"
    rf"|(?P<figure>[0-9]+|[{''.join(NUMERALS)}]{_ENDED})"
    rf"|(?P<other>.)",
    re.DOTALL,
)


def read(text: str) -> Reading:
    """Read a reply. Any text is taken, of any length."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).casefold().translate(TRADITIONAL)
    named = TICKET.search(plain)
    tokens = list(_tokens(" ".join(TICKET.sub(" ", plain).split())))
    score, ambiguous = _judge(tokens)
    said_more = any(token.kind not in _BARE for token in tokens)
    comment = text[:LONGEST].strip() if ambiguous or (score and said_more) else ""
    contacted, solved = (_one_of(plain, known) if score else None for known in BESIDES)
    number = named.group() if named else None
    return Reading(score, ambiguous, comment, number, contacted, solved)


def _one_of(text: str, answers: Mapping[str, Sequence[str]]) -> str | None:
    """Return the one answer that *text* gives; each phrase is read once, the longest first."""
    found: set[str] = set()
    phrases = [(phrase, answer) for answer, known in answers.items() for phrase in known]
    for phrase, answer in sorted(phrases, key=lambda pair: -len(pair[0])):
        if phrase in text:
            found.add(answer)
            text = text.replace(phrase, " ")
    return found.pop() if len(found) == 1 else None


_BARE: Final = {Kind.DIGIT, Kind.STARS, Kind.WORD, Kind.POLITE, Kind.BREAK}
_FIGURES: Final = {Kind.DIGIT, Kind.STARS}
_SCORES: Final = {*_FIGURES, Kind.WORD}


def _tokens(text: str) -> Iterator[Token]:
    """Cut *text* into the longest known phrases; a digit behind unknown words is one of them."""
    strange = False
    for found in _PIECE.finditer(text):
        token = _token(found)
        if strange and token.kind is Kind.DIGIT:
            token = Token(Kind.OTHER, token.text)
        strange = strange or token.kind is Kind.OTHER
        yield token


def _token(found: re.Match[str]) -> Token:
    text = found.group()
    if found["stars"]:
        return _rating(text, len(text) - text.count("☆"))
    if found["rating"]:
        return _rating(text, _value(found["rating"]))
    if found["figure"]:
        return _figure(text, _value(text))
    return LEXICON.get(text, Token(Kind.OTHER, text))


def _value(text: str) -> int:
    return NUMERALS[text] if text in NUMERALS else int(text[:4])


def _rating(text: str, value: int) -> Token:
    turned = BEST_IS_WORST - value
    return (
        Token(Kind.STARS, text, turned) if 1 <= turned < BEST_IS_WORST else Token(Kind.VAGUE, text)
    )


def _figure(text: str, value: int) -> Token:
    if 1 <= value < BEST_IS_WORST:
        return Token(Kind.DIGIT, text, value)
    return Token(Kind.VAGUE if value <= PERCENT else Kind.OTHER, text)


def _judge(tokens: Sequence[Token]) -> tuple[int | None, bool]:
    """Return the score, and whether a person has to read the text instead."""
    scores = [token for token in tokens if token.kind in _SCORES]
    strange = sum(len(token.text) for token in tokens if token.kind is Kind.OTHER)
    if not scores:
        return None, strange <= FEW and _is_opinion(tokens, strange)
    score = _agreed(scores)
    if score and not _doubted(tokens, score) and (not strange or _leads(tokens)):
        return score, False
    short = strange <= FEW and sum(len(token.text) for token in tokens) <= SHORT
    return None, short or tokens[0].kind in _SCORES


def _is_opinion(tokens: Sequence[Token], strange: int) -> bool:
    """Return whether something is judged, but not on the scale."""
    kinds = {token.kind for token in tokens}
    return Kind.VAGUE in kinds or (Kind.GOOD in kinds and not strange and Kind.BAD not in kinds)


def _agreed(scores: Sequence[Token]) -> int | None:
    """Return the one score that is given: the figure's if there is one; None if they differ."""
    figures = [token.score for token in scores if token.kind in _FIGURES]
    sides = {token.score in SATISFIED for token in scores}
    if len(figures) > 1 or len(sides) > 1:
        return None
    return figures[0] if figures else scores[0].score


def _doubted(tokens: Sequence[Token], score: int) -> bool:
    """Return whether something else in the text speaks against *score*."""
    kinds = [token.kind for token in tokens]
    first = next(at for at, kind in enumerate(kinds) if kind in _SCORES)
    against = {Kind.BAD, Kind.DOUBT} if score in SATISFIED else {Kind.GOOD}
    vague = Kind.VAGUE in kinds and not (score == max(SATISFIED) and kinds[first] in _FIGURES)
    return vague or Kind.DOUBT in kinds[:first] or bool(against & set(kinds))


def _leads(tokens: Sequence[Token]) -> bool:
    """Return whether the text opens with its score, set off from what follows."""
    kinds = [token.kind for token in tokens]
    start = next(at for at, kind in enumerate(kinds) if kind is not Kind.BREAK)
    return kinds[start] in _SCORES and Kind.BREAK in kinds[start : kinds.index(Kind.OTHER)]
