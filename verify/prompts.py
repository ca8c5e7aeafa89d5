"""What a reviewer can answer, and how an answer is written: one key, or one line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from db.catalogue import Dataset
from db.queries.history import AlsoNamed
from db.queries.queue import Passage, WorkCard
from verify.codebook import Codebook
from verify.text import clean

# action → (key, words in the footer)
ACTIONS = {
    "skip": ("s", "skip"),
    "postpone": ("p", "postpone"),
    "note": ("m", "note"),
    "undo": ("z", "undo"),
    "history": ("y", "history"),
    "search": ("/", "search"),
    "open": ("o", "open"),
    "more": (" ", "more"),
    "around": ("e", "wider quotes"),
    "info": ("i", "abstract"),
    "again": ("=", "same again"),
    "help": ("h", "help"),
    "quit": ("q", "quit"),
}
_BY_KEY = {key: action for action, (key, _) in ACTIONS.items()} | {"?": "help"}

WIDENED = 9  # passages that are widened at once

REST = "Nothing is left for you.  z takes back your last answer, y shows your answers, / searches, q quits"
BECAUSE = " because "  # what stands behind it in a line is the note of the label
ALSO = " also "  # … and behind this one other datasets that the work uses
ALSO_ASKED = ("used", "created", "not_used")  # verdicts after which the other datasets are asked about

LINE_HELP = """\
Answers, one a line (a key or the whole word):
  u train,test    used, with its purposes (any of {purposes}; may be none)
{labels}
  n because TEXT  a label with a note; u test also megaage,tinyface:train  other datasets it uses
  y  your earlier answers   / WORDS  search   then the number of a work, to answer it (anew)
  s  skip: comes again at the end          p  postpone: comes again another day
  m TEXT  leave a note (m alone removes it)  z  take back the last answer
  o  open the PDF or the link   more  all passages   e  what stands around them
  i  authors and abstract   =  the same answer as before   h  help   q  quit"""

NO_LATEST = "there is no answer of this session to give again"


class AnswerError(ValueError):
    """A line that is no answer; the text says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reviewer said: ``action`` is "label" or one of ACTIONS."""

    action: str
    label: str = ""
    purposes: tuple[str, ...] = ()
    text: str = ""  # a note, a reason, or the words of a search
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()  # other datasets that the work uses: slug, purposes


@dataclass(frozen=True, slots=True)
class Prompt:
    """One work as it is put before the reviewer.  ``passages`` are ranked; ``extra`` are lines of the desk that asks.

    ``also`` are datasets of the family that the work names too; ``columns`` are shown side by side; ``asks_reason``: a
    label needs words beside it; ``latest``: the answer that the key "same again" gives; ``around`` widens a passage, None where
    it can't.
    """

    dataset: Dataset
    card: WorkCard
    passages: tuple[Passage, ...]
    heading: str
    question: str
    brief: str = ""  # the heading for where it doesn't fit
    actions: tuple[str, ...] = tuple(ACTIONS)
    message: str = ""
    note: str | None = None
    extra: tuple[str, ...] = ()
    also: tuple[AlsoNamed, ...] = ()
    columns: tuple[tuple[str, ...], ...] = ()
    asks_reason: bool = False
    latest: Answer | None = None
    around: Callable[[Passage], Passage | None] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All names of the dataset."""
        return (self.dataset.name, *(alias.alias for alias in self.dataset.aliases))


def answer_of_key(book: Codebook, key: str) -> Answer | None:
    """The answer that one key gives; None where the key has no meaning."""
    key = key.lower()
    if key in _BY_KEY:
        return Answer(_BY_KEY[key])
    label = next((label for label in book.labels if label.key == key), None)
    return Answer("label", label.name) if label else None


NOT_WIDER = "no page of a stored PDF holds these passages; o opens the work"


def info_lines(card: WorkCard) -> list[str]:
    """Authors and abstract."""
    authors = ", ".join(map(clean, card.authors)) or "not known"
    return [clean(card.title) or "(no title)", f"authors: {authors}", f"abstract: {clean(card.abstract) or 'not known'}"]


def widened_passages(prompt: Prompt) -> list[Passage]:
    """The passages with what stands around them, each page part once; those that can't be widened as they are."""
    wide = [(prompt.around(passage) if prompt.around else None) or passage for passage in prompt.passages[:WIDENED]]
    return [passage for place, passage in enumerate(wide) if passage.text not in {other.text for other in wide[:place]}]


def parse_purposes(book: Codebook, kind: str, words: str) -> tuple[str, ...]:
    """Purposes separated by commas or spaces, by name or key, in the order of the codebook."""
    chosen = set()
    for word in words.replace(",", " ").split():
        purpose = book.purpose(word, kind)
        if purpose is None:
            raise AnswerError(f"{word!r} is no purpose; they are {', '.join(p.name for p in book.purposes_of(kind))}")
        chosen.add(purpose.name)
    return order_purposes(book, chosen)


def order_purposes(book: Codebook, chosen: Iterable[str]) -> tuple[str, ...]:
    """Purposes in the order of the codebook."""
    chosen = set(chosen)
    return tuple(p.name for p in book.purposes if p.name in chosen)


def parse_line(book: Codebook, kind: str, line: str) -> Answer:
    """The answer that a line gives; raises AnswerError where it gives none.  ``kind`` is that of the work."""
    word, _, rest = line.strip().partition(" ")
    rest = rest.strip()
    label = book.label(word)
    action = _BY_KEY.get(word.lower()) or (word.lower() if word.lower() in ACTIONS else None)
    if label:
        return _parse_label(book, kind, label.name, line, rest)
    if line.lstrip().startswith("/"):
        action, rest = "search", line.strip()[1:].strip()
    if action in ("note", "search"):
        return Answer(action, text=clean(rest))
    if rest or not action:
        raise AnswerError(f"{clean(line)!r} is no answer; h shows them")
    return Answer(action)


def _parse_label(book: Codebook, kind: str, label: str, line: str, rest: str) -> Answer:
    words, _, note = f" {rest} ".partition(BECAUSE)
    words, _, others = f" {words.strip()} ".partition(ALSO)
    if words.strip() and label != "used":
        raise AnswerError(f"{clean(line)!r} is no answer; h shows them")
    purposes = parse_purposes(book, kind, words) if label == "used" else ()
    return Answer("label", label, purposes, clean(note), _parse_also(book, kind, others))


def _parse_also(book: Codebook, kind: str, words: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """``tinyface:test+train, megaage``: slugs with their purposes."""
    found = []
    for item in words.replace(",", " ").split():
        slug, _, purposes = item.partition(":")
        found.append((slug, parse_purposes(book, kind, purposes.replace("+", " "))))
    return tuple(found)


def line_help(book: Codebook, kind: str) -> str:
    """How answers are written in lines."""
    labels = "\n".join(f"  {label.key}  {label.title_of(kind)}" for label in book.labels if label.name != "used")
    return LINE_HELP.format(labels=labels, purposes=", ".join(p.name for p in book.purposes_of(kind)))
