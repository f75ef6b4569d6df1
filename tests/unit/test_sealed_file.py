"""Sealed files: any part reads as it was written, and nothing else reads at all."""

from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from hotline.core import privacy, sealed_file
from hotline.core.sealed_file import HEAD, PIECE, WHOLE, SealedFile

CONTEXT = "recording:1"
PLAIN = bytes(range(256)) * (3 * PIECE // 256) + b"the end"
EDGES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE]


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of four pieces."""
    privacy.use((b"k" * 32,))
    path = tmp_path_factory.mktemp("sealed") / "file"
    with path.open("wb") as file:
        assert sealed_file.write(file, [PLAIN[:10], PLAIN[10:]], CONTEXT) == len(PLAIN)
    return path


@pytest.fixture(autouse=True)
def key() -> None:
    privacy.use((b"k" * 32,))


@given(start=st.integers(0, len(PLAIN) + 9), length=st.integers(0, len(PLAIN)))
def test_any_part_is_the_slice(sealed: Path, start: int, length: int) -> None:
    with SealedFile(sealed, CONTEXT) as file:
        file.seek(start)
        found = bytearray()
        while len(found) < length and (part := file.read(length - len(found))):
            found += part
    assert found == PLAIN[start : start + length]


@pytest.mark.parametrize("size", EDGES)
def test_every_size_comes_back(tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    with path.open("wb") as file:
        sealed_file.write(file, [b"x" * size], CONTEXT)
    with SealedFile(path, CONTEXT) as read:
        assert (read.size, read.readall()) == (size, b"x" * size)


def test_nothing_of_it_is_on_the_disk(sealed: Path) -> None:
    assert PLAIN[:32] not in sealed.read_bytes()


def damage(sealed: Path, tmp_path: Path, what: str) -> Path:
    """Return a copy to which something was done."""
    raw = bytearray(sealed.read_bytes())
    first, second = HEAD, HEAD + WHOLE
    if what == "a bit":
        raw[second + 5] ^= 1
    elif what == "the salt":
        raw[HEAD - 1] ^= 1
    elif what == "swapped":
        raw[first:second], raw[second : second + WHOLE] = (
            raw[second : second + WHOLE],
            raw[first:second],
        )
    elif what == "cut at a piece":
        del raw[HEAD + 2 * WHOLE :]
    elif what == "cut":
        del raw[-1:]
    elif what == "nothing":
        raw.clear()
    path = tmp_path / "damaged"
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    "what", ["a bit", "the salt", "swapped", "cut at a piece", "cut", "nothing"]
)
def test_what_was_altered_does_not_read(sealed: Path, tmp_path: Path, what: str) -> None:
    path = damage(sealed, tmp_path, what)
    with pytest.raises(InvalidTag), SealedFile(path, CONTEXT) as file:
        file.readall()


def test_it_reads_at_its_own_place_alone(sealed: Path) -> None:
    with pytest.raises(InvalidTag), SealedFile(sealed, "recording:2") as file:
        file.readall()


def test_an_older_key_still_reads_and_a_lost_one_does_not(sealed: Path) -> None:
    privacy.use((b"n" * 32, b"k" * 32))
    with SealedFile(sealed, CONTEXT) as file:
        assert file.read(4) == PLAIN[:4]
    privacy.use((b"n" * 32,))
    with pytest.raises(KeyError):
        SealedFile(sealed, CONTEXT).close()
