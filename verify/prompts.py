"""What a reviewer can answer, and how an answer is written: one key, or one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from db.catalogue import Dataset
from db.queries.queue import Passage, WorkCard
from verify.codebook import Codebook
from verify.text import clean

# action → (key, words in the footer)
ACTIONS = {
    "skip": ("s", "skip"),
    "postpone": ("p", "postpone"),
    "note": ("m", "note"),
    "undo": ("z", "undo"),
    "open": ("o", "open"),
    "more": (" ", "more"),
    "help": ("h", "help"),
    "quit": ("q", "quit"),
}
_BY_KEY = {key: action for action, (key, _) in ACTIONS.items()} | {"?": "help"}

LINE_HELP = """\
Answers, one a line (a key or the whole word):
  u train,test    used, with its purposes (any of {purposes}; may be none)
{labels}
  s  skip: comes again at the end          p  postpone: comes again another day
  m TEXT  leave a note (m alone removes it)  z  take back the last answer
  o  open the PDF or the link   more  all passages   h  help   q  quit"""


class AnswerError(ValueError):
    """A line that is no answer; the text says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reviewer said: ``action`` is "label" or one of ACTIONS."""

    action: str
    label: str = ""
    purposes: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One work as it is put before the reviewer.  ``passages`` are ranked; ``extra`` are lines of the desk that asks."""

    dataset: Dataset
    card: WorkCard
    passages: tuple[Passage, ...]
    heading: str
    question: str
    actions: tuple[str, ...] = tuple(ACTIONS)
    message: str = ""
    note: str | None = None
    extra: tuple[str, ...] = ()

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
    if label and label.name == "used":
        return Answer("label", label.name, parse_purposes(book, kind, rest))
    if action == "note":
        return Answer("note", text=clean(rest))
    if rest or not (label or action):
        raise AnswerError(f"{clean(line)!r} is no answer; h shows them")
    return Answer("label", label.name) if label else Answer(str(action))


def line_help(book: Codebook, kind: str) -> str:
    """How answers are written in lines."""
    labels = "\n".join(f"  {label.key}  {label.title}" for label in book.labels if label.name != "used")
    return LINE_HELP.format(labels=labels, purposes=", ".join(p.name for p in book.purposes_of(kind)))
