"""Stand-in PDFs in the layouts of real life, typeset by our own code; each page says that it is a stand-in.

``typeset(layout, sheet)`` gives the bytes of two pages (three with a cover sheet); the same sheet gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crawler.sample import layouts
from crawler.sample.body import ONE, TWO, WIDE, Columns, pour_body
from crawler.sample.page import A4, LETTER, Book
from crawler.sample.sheet import MARK, Author, Section, Sheet


@dataclass(frozen=True, slots=True)
class _Form:
    """How a layout is set."""

    front: Callable[[Book, Sheet], layouts.Room]
    columns: Columns = TWO
    size: tuple[float, float] = LETTER
    roman: bool = False
    cover: bool = False


_FORMS = {
    "cvpr": _Form(layouts.cvpr),
    "cvpr_symbols": _Form(layouts.cvpr_symbols),
    "ieee": _Form(layouts.ieee, roman=True),
    "lncs": _Form(layouts.lncs, Columns((125.0,), 345.0, 780.0), A4),
    "columns": _Form(layouts.columns),
    "elsevier": _Form(layouts.elsevier, WIDE, A4),
    "cover": _Form(layouts.cvpr, cover=True),
    "acm": _Form(layouts.acm),
    "iclr": _Form(layouts.iclr, ONE),
}
LAYOUTS = tuple(_FORMS)


def typeset(layout: str, sheet: Sheet) -> bytes:
    """The PDF of ``sheet`` in one of ``LAYOUTS``.

    Raises KeyError for another layout, ValueError where no font has a character of the sheet.
    """
    form = _FORMS[layout]
    book = Book(sheet.mark, sheet.title, form.size)
    if form.cover:
        layouts.cover(book, sheet)
        book.new_page()
    top, bottom = form.front(book, sheet)
    pour_body(book, sheet, form.columns, top=top, bottom=bottom, roman=form.roman)
    return book.done()


__all__ = ["LAYOUTS", "MARK", "Author", "Section", "Sheet", "typeset"]
