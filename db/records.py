"""The records that stages hand to the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from json.encoder import encode_basestring


@dataclass(frozen=True, slots=True)
class WorkRecord:
    """What a provider or an import tells about one work.

    ``ids`` are (scheme, value) pairs with the schemes of table ``external_id``, in canonical form (``db.identity``
    makes it); ``old_ids`` are merged or outdated ids of the same work.  ``authors`` and ``abstract`` are as given.
    """

    title: str | None
    kind: str = "paper"
    year: int | None = None
    venue: str | None = None
    publication_date: str | None = None
    abstract: str | None = None
    publication_types: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()
    old_ids: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FulltextPlace:
    """A place where a full text may be had; places of lower ``rank`` are asked first."""

    url: str
    rank: int
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The sentence around a reference, as a provider gives it, with the intents it names."""

    text: str
    intents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """What is known of an outside service; printed into every export that holds its data."""

    name: str
    documentation: str | None = None
    terms: str | None = None
    licence: str | None = None
    attribution: str | None = None
    checked_on: str | None = None


def json_list(texts: Iterable[str]) -> str:
    """Texts as a JSON list, as ``json.dumps(…, ensure_ascii=False)`` writes it, without building an encoder for each of a page's lists."""
    return f"[{', '.join(map(encode_basestring, texts))}]"
