"""A file as lines of texts: CSV in UTF-8 or GB18030, or the first sheet of an XLSX workbook."""

import csv
import datetime as dt
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple
from xml.etree.ElementTree import ParseError

from hotline.core.errors import Invalid
from hotline.core.words import N_

LARGEST: Final = 5 * 1024 * 1024  # bytes of a file
UNPACKED: Final = 60 * 1024 * 1024  # bytes of a workbook's parts
MOST: Final = 5000  # rows
SPARSE: Final = 100_000  # rows of a sheet, empty ones among them
WIDEST: Final = 60  # columns
LONGEST: Final = 10_000  # characters of a cell
ZIP: Final = b"PK\x03\x04"
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for a formula
BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, OSError, EOFError,
)  # fmt: skip


class Line(NamedTuple):
    """One line of a file: where it begins, the first being 1, and its texts."""

    number: int
    cells: Sequence[str]


class Table(NamedTuple):
    """A whole file: what it is known again by, its heads, and the lines that say something."""

    digest: str
    heads: Sequence[str]
    lines: Sequence[Line]


def read(content: bytes) -> Table:
    """Return the table in a file.

    Raises:
        Invalid: It is too large, or neither CSV nor XLSX, or there is nothing in it.
    """
    if len(content) > LARGEST:
        raise _wrong(N_("文件太大，最多 5 MB"))
    lines: Iterable[Line] = _sheet(content) if content.startswith(ZIP) else _text(content)
    said = [line for line in lines if any(line.cells)]
    if len(said) < 2:  # noqa: PLR2004 - heads and a row
        raise _wrong(N_("文件里没有数据行：第一行是表头，从第二行起每行一条"))
    if len(said) > MOST + 1:
        raise _wrong(N_("行数太多，一个文件最多 5000 行"))
    heads, rows = said[0].cells, said[1:]
    even = [Line(row.number, [*row.cells, *[""] * (len(heads) - len(row.cells))]) for row in rows]
    return Table(hashlib.sha256(content).hexdigest(), heads, even)


def _text(content: bytes) -> Iterator[Line]:
    text = _decoded(content)
    if "\0" in text:
        raise _wrong(N_("这不是 CSV 或 XLSX 文件"))
    rows, number = csv.reader(io.StringIO(text, newline="")), 1
    try:
        for row in rows:
            yield Line(number, _cells(row))
            number = rows.line_num + 1
    except csv.Error:
        raise _wrong(N_("这不是 CSV 或 XLSX 文件")) from None


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _wrong(N_("文字编码须是 UTF-8 或 GB18030"))


def _sheet(content: bytes) -> Sequence[Line]:
    """Return the lines of the first sheet; of a formula its last result counts."""
    import openpyxl  # a third of a second to load

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > UNPACKED:
                raise _wrong(N_("文件太大，最多 5 MB"))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True, max_col=WIDEST + 1)
        found = []
        for number, row in enumerate(rows, 1):
            cells = _cells(row)
            if any(cells):
                found.append(Line(number, cells))
            if len(found) > MOST + 1 or number > SPARSE:
                raise _wrong(N_("行数太多，一个文件最多 5000 行"))
    except BROKEN:
        raise _wrong(N_("这不是 CSV 或 XLSX 文件")) from None
    return found


def _cells(row: Sequence[Any]) -> list[str]:
    cells = [_written(value) for value in row]
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > WIDEST or any(len(cell) > LONGEST for cell in cells):
        raise _wrong(N_("列太多或单元格太长：最多 60 列，每格一万字"))
    return cells


def _written(value: Any) -> str:
    """Write a cell as a person would type it; an apostrophe before a formula's sign goes."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d" if value.time() == dt.time() else "%Y-%m-%d %H:%M:%S")
    text = str(value).strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text


def _wrong(reason: str) -> Invalid:
    return Invalid({"file": reason})
