"""The codebook: the question, what each label means, and the key that gives it.  ``codebook.toml`` is its one source."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Label:
    """A verdict that a reviewer can give; ``name`` is what the database keeps.

    ``patent_title`` and ``patent_definition`` say what it is of a patent, where that has words of its own.
    """

    name: str
    key: str
    title: str
    definition: str
    examples: tuple[str, ...]
    patent_title: str | None = None
    patent_definition: str | None = None

    def title_of(self, kind: str) -> str:
        """Its title for a work of this kind."""
        return self.patent_title if kind == "patent" and self.patent_title else self.title

    def meaning_of(self, kind: str) -> str:
        """Its definition for a work of this kind."""
        return self.patent_definition if kind == "patent" and self.patent_definition else self.definition


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a dataset was used for; ``kind`` limits it to works of that kind."""

    name: str
    key: str
    definition: str
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Codebook:
    """The rules that a reviewer goes by."""

    version: str
    question: str
    rules: tuple[str, ...]
    labels: tuple[Label, ...]
    purposes: tuple[Purpose, ...]
    patent_question: str | None = None

    def question_of(self, kind: str) -> str:
        """What is asked about a work of this kind."""
        return self.patent_question if kind == "patent" and self.patent_question else self.question

    def label(self, word: str) -> Label | None:
        """The label of a key or a name (``not_used``, ``not used``), else None."""
        word = word.lower().replace(" ", "_").replace("-", "_")
        return next((label for label in self.labels if word in (label.key, label.name)), None)

    def purpose(self, word: str, kind: str) -> Purpose | None:
        """The purpose of a key or a name that a work of this kind can have, else None."""
        return next((p for p in self.purposes_of(kind) if word.lower() in (p.key, p.name)), None)

    def purposes_of(self, kind: str) -> tuple[Purpose, ...]:
        """The purposes that a work of this kind can have."""
        return tuple(p for p in self.purposes if p.kind in (None, kind))


@cache
def load_codebook() -> Codebook:
    """The codebook of this version of whereused."""
    table = tomllib.loads(files(__package__).joinpath("codebook.toml").read_text(encoding="utf-8"))
    return Codebook(
        version=table["version"],
        question=table["question"],
        patent_question=table.get("patent_question"),
        rules=tuple(table["rules"]),
        labels=tuple(Label(**{**row, "examples": tuple(row["examples"])}) for row in table["labels"]),
        purposes=tuple(Purpose(**row) for row in table["purposes"]),
    )


def render_codebook() -> str:
    """The codebook as a Markdown page: docs/codebook.md."""
    return "\n".join(_markdown(load_codebook()))


def _markdown(book: Codebook) -> Iterator[str]:
    yield f"# Codebook, version {book.version}\n"
    yield book.question.format(dataset="the dataset") + "\n"
    yield "Of a patent: " + book.question_of("patent").format(dataset="the dataset") + "\n"
    yield from (f"- {rule}" for rule in book.rules)
    yield "\n## Labels\n"
    for label in book.labels:
        yield f"### `{label.name}` (key `{label.key}`)\n\n{label.definition}\n"
        if label.patent_definition:
            yield f"Of a patent ({label.title_of('patent')}): {label.patent_definition}\n"
        yield from (f"- {example}" for example in label.examples)
        yield ""
    yield "## Purposes of `used`\n\n| purpose | key | meaning |\n|---|---|---|"
    yield from (f"| `{p.name}` | `{p.key}` | {p.definition}{f' ({p.kind}s only)' if p.kind else ''} |" for p in book.purposes)
    yield ""
