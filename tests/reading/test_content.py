"""Operators of content streams: as pdfminer's own parser reads them, and without end on damaged ones."""

from __future__ import annotations

import random
from typing import Any

import pytest
from pdfminer.pdfinterp import PDFContentParser
from pdfminer.pdftypes import PDFStream
from pdfminer.psparser import PSEOF, PSKeyword, PSLiteral, keyword_name

from crawler.reading.content import operations

TEXT = frozenset({b"BT", b"ET", b"Tf", b"Td", b"Tm", b"TJ", b"Tj", b"T*", b"'", b'"', b"Do", b"cm", b"q", b"Q"})
STREAMS = [
    b"BT /F1 12 Tf 72 720 Td (Hello) Tj ET",
    b"BT/F1 12 Tf(a)Tj[(A)-120(V)<4142>3.5(b\\)\\050c)]TJ ET",
    b"q 1 0 0 1 72 700 cm 0 0 m 10 10 l S 0.5 w 1 0 0 rg 10 20 30 40 re f* BT 1 0 0 1 5 6 Tm (x (nested) y) Tj T* (z)' ET Q",
    b"/Im#31 Do % a comment (with parentheses\n/Im2 Do",
    b"/Span <</ActualText (\\376\\377) /Deep <</A [1 2]>> >> BDC (word) Tj EMC",
    b"[(one (two)) 5 (three)] TJ -.5 +2 Td (oct\\101\\7x) Tj <4142> Tj",
    b"BI /W 2 /H 2 /BPC 8 /CS /G ID \x00(EI\xff \nEI Q BT (after) Tj ET",
    b'[3 2] 0 d /GS1 gs /Cs6 cs 0 scn 1 2 (w) " (line\\\nend) Tj',
]


def by_pdfminer(data: bytes) -> list[tuple[bytes, list[Any]]]:
    """The same from the library."""
    stream = PDFStream({}, data)
    parser = PDFContentParser([stream])
    out: list[tuple[bytes, list[Any]]] = []
    operands: list[Any] = []
    while True:
        try:
            _, found = parser.nextobject()
        except PSEOF:
            return out
        if isinstance(found, PSKeyword):
            name = str(keyword_name(found)).encode()
            out += [(name, operands)] if name in TEXT else []
            operands = []
        elif isinstance(found, PSLiteral):
            operands.append(found.name)
        else:
            operands.append(None if isinstance(found, dict | PDFStream) else found)


@pytest.mark.parametrize("data", STREAMS)
def test_operators_are_those_that_pdfminer_reads(data: bytes) -> None:
    assert list(operations(data, TEXT)) == by_pdfminer(data)


def test_damaged_streams_end() -> None:
    dice = random.Random(7)
    for number in range(300):
        data = bytearray(b" ".join(dice.choices(STREAMS, k=20)))
        for _ in range(dice.choice([1, 20, 200])):
            data[dice.randrange(len(data))] = dice.choice(b"()[]<>/%\\ 0\x00AET\xff")
        assert all(isinstance(operator, bytes) for operator, _ in operations(bytes(data), TEXT)), number
    for hostile in (
        b"(" * 100_000,
        b"[" * 50_000,
        b"1 " * 200_000,
        b"<<" * 50_000,
        b"[(" * 50_000,
        b"BI ID " * 20_000,
        b"1 0 m " * 99_000 + b"1 Td",
    ):
        assert len(list(operations(hostile, TEXT))) <= 1
