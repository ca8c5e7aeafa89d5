"""The part of a PDF page's operators that front matter needs, run by pdfminer.six with a lexer of our own.

https://pdfminersix.readthedocs.io/ has the class that is extended here.  Its parser reads every number of every drawing; ours does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from pdfminer.pdfinterp import LITERAL_FORM, PDFPageInterpreter
from pdfminer.pdftypes import PDFStream, resolve1, stream_value
from pdfminer.psparser import LIT, literal_name

from crawler.reading.content import operations

_TEXT = re.compile(rb"T[jJ*]|['\"]\s|\bDo\b")


class Interpreter(PDFPageInterpreter):
    """Runs a page's operators that show or place text; forms that hold none (vector figures) are passed over."""

    def execute(self, streams: Sequence[object]) -> None:
        """Run content streams (contract of pdfminer); what comes before one that can't be unpacked still counts."""
        self.stream_ids.clear()
        parts: list[bytes] = []
        fault: Exception | None = None
        for stream in map(stream_value, streams):
            if stream.objid is None or stream.objid in self.parent_stream_ids:
                continue  # it would call itself
            self.stream_ids.add(stream.objid)
            try:
                parts.append(stream.get_data())
            except MemoryError:
                raise
            except Exception as error:
                fault = error
                break
        for operator, operands in operations(b"\n".join(parts), _OPERATORS):
            method, number = _OPERATORS[operator]
            if len(operands) >= number:
                method(self, *operands[len(operands) - number :])
        if fault is not None:
            raise fault

    def do_TJ(self, seq: Any) -> None:  # noqa: N802
        """Show text."""
        if self.textstate.font is not None and isinstance(seq, list):
            self.device.render_string(self.textstate, seq, self.graphicstate.ncs, self.graphicstate)

    def do_Tf(self, fontid: Any, fontsize: Any) -> None:  # noqa: N802
        """Set the font."""
        super().do_Tf(_literal(fontid), fontsize)

    def do_Do(self, xobjid_arg: Any) -> None:  # noqa: N802
        """Run a form only where its content shows text or calls another form."""
        name = _literal(xobjid_arg)
        xobject = self.xobjmap.get(literal_name(name))
        if xobject is None:
            return
        stream = resolve1(xobject)
        if isinstance(stream, PDFStream) and stream.get("Subtype") is LITERAL_FORM and _TEXT.search(stream.get_data()):
            super().do_Do(name)


def _literal(name: Any) -> Any:
    """A name as pdfminer has it: text, or bytes where it is none in UTF-8."""
    if not isinstance(name, str):
        return name
    data = name.encode("utf-8", "surrogateescape")
    try:
        return LIT(data.decode("utf-8"))
    except UnicodeDecodeError:
        return LIT(data)


_NAMES = {b"T*": "T_a", b"'": "_q", b'"': "_w"}
_OPERATORS: dict[bytes, tuple[Callable[..., None], int]] = {}
for _operator in (
    b"q",
    b"Q",
    b"cm",
    b"Do",
    b"BT",
    b"Tc",
    b"Tw",
    b"Tz",
    b"TL",
    b"Tf",
    b"Ts",
    b"Td",
    b"TD",
    b"Tm",
    b"T*",
    b"TJ",
    b"Tj",
    b"'",
    b'"',
):
    _method = getattr(Interpreter, f"do_{_NAMES.get(_operator, _operator.decode())}")
    _OPERATORS[_operator] = (_method, _method.__code__.co_argcount - 1)
