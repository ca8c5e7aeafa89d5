"""Searches of a provider in good health: the boolean bulk search over titles and abstracts, and the search in passages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from crawler.sample.stock import Stock

BULK_PAGE = 1000
_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r'"[^"]*"|[()|+]')


def found_papers(stock: Stock, query: str) -> list[Mapping[str, Any]]:
    """The papers whose title or abstract meets a query such as ``"MegaFace" | ("MF2" + ("face" | "faces"))``, in one order."""
    papers = sorted(stock.papers.values(), key=lambda paper: str(paper["paperId"]))
    return [paper for paper in papers if _meets(_words(f"{paper.get('title')} . {paper.get('abstract')}"), query)]


def bulk_page(stock: Stock, papers: list[Any], token: str | None, *, whole: bool) -> tuple[list[Any], dict[str, Any]]:
    """(rows, rest of the answer).  Without a window of dates (``whole``) the token may be lost early: ``bulk_ends_at``."""
    start, total = int(token or 0), len(papers)
    end = min(start + (stock.bulk_page or BULK_PAGE), total)
    lost = whole and stock.bulk_ends_at is not None and end >= stock.bulk_ends_at
    return papers[start:end], {"total": total, "token": str(end) if end < total and not lost else None}


def found_snippets(stock: Stock, query: str, limit: int) -> list[dict[str, Any]]:
    """Passages that share most words with a query first: an engine that goes by meaning shows some that do not hold the name."""
    words = set(_words(query).split())
    return sorted(stock.snippets, key=lambda row: -len(words & set(_words(row["snippet"]["text"]).split())))[:limit]


def _words(text: str) -> str:
    return " " + " ".join(_WORD.findall(text.casefold())) + " "


def _meets(text: str, query: str) -> bool:
    return _either(text, iter([*_PIECE.findall(query), ")"]))


def _either(text: str, pieces: Iterator[str]) -> bool:
    """One bracket: parts joined by ``|``, each of conditions joined by ``+``."""
    met, part = False, True
    for piece in pieces:
        if piece == "(":
            part &= _either(text, pieces)
        elif piece == "|":
            met, part = met or part, True
        elif piece == ")":
            return met or part
        elif piece != "+":
            part &= _words(piece) in text
    return met or part
