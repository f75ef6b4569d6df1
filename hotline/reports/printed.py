"""A report as PDF: tagged, paged, its Chinese letters embedded; typst sets it."""

import json
from pathlib import Path
from typing import Final

from hotline.core.errors import Unavailable
from hotline.core.words import N_
from hotline.reports.document import Document

TEMPLATE: Final = Path(__file__).parent / "report.typ"
FONTS: Final = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
)


def pdf(document: Document, *, lang: str = "zh") -> bytes:
    """Return *document* as PDF. What it holds is given as data and never read as markup.

    Raises:
        Unavailable: typst or a Chinese font is not installed; the message says which.
    """
    try:
        import typst  # 0.2 s: imported where it is used
    except ImportError as error:
        raise Unavailable(
            N_("没有安装 typst，不能生成 PDF；请安装 requirements-extra.txt，或下载 XLSX。")
        ) from error
    known = typst.Fonts()
    font = next((name for name in FONTS if name in known.families()), None)
    if font is None:
        raise Unavailable(
            N_("服务器上没有中文字体，不能生成 PDF；请安装 fonts-noto-cjk，或下载 XLSX。")
        )
    compiler = typst.Compiler(TEMPLATE, font_paths=known)
    inputs = {"document": json.dumps(document.plain()), "font": font, "lang": lang}
    made = compiler.compile(format="pdf", sys_inputs=inputs)
    assert isinstance(made, bytes)  # noqa: S101 - one document, one file: only pictures come as lists
    return made
