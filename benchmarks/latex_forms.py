"""Front matters in the classes and styles that papers are set in, as LaTeX source.  Used by ``typeset_latex``."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

SYMBOLS = ("$*$", r"$\dagger$", r"$\ddagger$", r"\S", r"\P", r"$\|$", r"$**$", r"$\dagger\dagger$")
WORDS = [
    "the",
    "method",
    "of",
    "this",
    "work",
    "is",
    "simple",
    "and",
    "we",
    "show",
    "that",
    "it",
    "holds",
    "for",
    "all",
    "data",
    "which",
    "were",
    "used",
    "when",
    "a",
    "model",
    "is",
    "trained",
    "on",
    "images",
    "of",
    "many",
    "people",
    "and",
    "then",
    "measured",
    "with",
    "care",
    "on",
    "such",
    "sets",
    "as",
    "others",
    "have",
    "made",
    "so",
    "that",
    "its",
    "errors",
    "can",
    "be",
    "compared",
    "between",
    "groups",
    "while",
    "earlier",
    "reports",
    "did",
    "not",
    "say",
    "how",
    "large",
    "they",
    "are",
]
_SPECIAL = {"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$", "~": r"\textasciitilde{}", "^": r"\^{}", "{": r"\{", "}": r"\}"}


def tex(text: str) -> str:
    """Plain text as LaTeX."""
    return "".join(_SPECIAL.get(c, c) for c in text)


def sup(mark: str) -> str:
    """A superscript."""
    return rf"\textsuperscript{{{mark}}}" if mark else ""


@dataclass(slots=True)
class Person:
    """An author; ``at`` are positions of affiliations, ``domain`` that of a printed address."""

    name: str
    at: list[int]
    domain: str | None = None
    extra: str = ""  # a mark that says something else: equal contribution, corresponding

    @property
    def local(self) -> str:
        """The invented part of the address before the @."""
        return re.sub(r"[^a-z]", "", self.name.split()[-1].lower()) or "author"

    @property
    def mail(self) -> str:
        """The address as LaTeX; empty where there is none."""
        return tex(f"{self.local}@{self.domain}") if self.domain else ""


@dataclass(slots=True)
class Paper:
    """One front matter to set, and the dice for how."""

    title: str
    people: list[Person]
    places: list[str]
    dice: random.Random
    printed: list[str | None] = field(default_factory=list)  # domains that the form printed, by person

    def key(self, at: int, style: str) -> str:
        """The mark of an affiliation."""
        return {"digit": str(at + 1), "letter": chr(97 + at % 26), "symbol": SYMBOLS[at % len(SYMBOLS)]}[style]

    def style(self) -> str:
        """Digits mostly; letters; symbols where there are few."""
        return self.dice.choice(["digit", "digit", "letter", *(["symbol"] if len(self.places) < 6 else [])])

    def maybe(self, share: float = 0.5) -> bool:
        """One throw."""
        return self.dice.random() < share

    def marks(self, person: Person, style: str, sep: str = ",") -> str:
        """All marks of a person."""
        return sep.join([self.key(at, style) for at in person.at] + ([person.extra] if person.extra else []))

    def mails(self) -> list[str]:
        """The printed addresses, those of one host as a group now and then."""
        hosts: dict[str, list[str]] = {}
        for person in self.people:
            if person.domain:
                hosts.setdefault(person.domain, []).append(person.local)
        out = []
        for host, names in hosts.items():
            if len(names) > 1 and self.maybe(0.6):
                out.append(rf"\{{{', '.join(names)}\}}@{tex(host)}")
            else:
                out += [tex(f"{name}@{host}") for name in names]
        return out

    def together(self) -> list[tuple[list[Person], list[int]]]:
        """The people grouped by where they work."""
        groups: dict[tuple[int, ...], list[Person]] = {}
        for person in self.people:
            groups.setdefault(tuple(person.at), []).append(person)
        return [(people, list(at)) for at, people in groups.items()]

    def lines(self, at: int) -> list[str]:
        """An affiliation as the lines of a block."""
        parts = [part.strip() for part in self.places[at].split(",")]
        while len(parts) > 4:
            shortest = min(range(len(parts) - 1), key=lambda i: len(parts[i]) + len(parts[i + 1]))
            parts[shortest : shortest + 2] = [", ".join(parts[shortest : shortest + 2])]
        if len(parts) > 2 and self.maybe(0.6):
            parts[-2:] = [", ".join(parts[-2:])]
        return [tex(part) for part in parts]

    def no_mail(self) -> None:
        """The form prints no addresses."""
        for person in self.people:
            person.domain = None

    def prose(self, n: int) -> str:
        """Running text of ``n`` words."""
        words = [self.dice.choice(WORDS) for _ in range(n)]
        text = " ".join(words)
        return text[0].upper() + text[1:] + "."

    def body(self, sections: int = 4) -> str:
        """Sections of running text."""
        heads = ["Introduction", "Related Work", "Method", "Experiments", "Conclusion"]
        return "\n\n".join(
            rf"\section{{{heads[at % 5]}}}" + "\n" + "\n\n".join(self.prose(130) for _ in range(3)) for at in range(sections)
        )

    def names(self, style: str, sep: str = ", ", last: str = " and ", sep_marks: str = ",") -> str:
        """All names with raised marks."""
        set_names = [tex(p.name) + sup(self.marks(p, style, sep_marks)) for p in self.people]
        return sep.join(set_names[:-1]) + (last if len(set_names) > 1 else "") + set_names[-1]

    def mail_footnote(self) -> str:
        """One footnote with the address of the corresponding author, all others withheld."""
        writer = next((p for p in self.people if p.domain), None)
        for person in self.people:
            if person is not writer:
                person.domain = None
        return f"Corresponding author: {tex(writer.name)} ({writer.mail})" if writer else ""

    @property
    def notes(self) -> str:
        """The lines that explain the extra marks."""
        marks = {p.extra for p in self.people if p.extra}
        return r"\\ ".join(f"{sup(mark)}{'Equal contribution' if mark == '*' else 'Corresponding author'}" for mark in sorted(marks))


HEAD = r"""\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\usepackage{amssymb}
"""


def document(cls: str, packages: str, front: str, body: str) -> str:
    """A whole source."""
    return rf"\documentclass{cls}" + "\n" + HEAD + packages + "\n\\begin{document}\n" + front + "\n" + body + "\n\\end{document}\n"


def abstract(paper: Paper) -> str:
    """An abstract in its environment."""
    return rf"\begin{{abstract}}{paper.prose(90)}\end{{abstract}}" + "\n"


TWO = r"\usepackage[letterpaper,margin=0.8in,columnsep=0.3in]{geometry}\usepackage{times}"
ONE = r"\usepackage[a4paper,margin=1.1in]{geometry}\usepackage{times}"


def two_columns(paper: Paper, block: str, *, foot: str = "", size: str = r"\Large\bfseries") -> str:
    """A conference paper of two columns with a centred block below its title."""
    front = (
        r"\twocolumn[{\begin{center}{"
        + size
        + " "
        + tex(paper.title)
        + r"\par}\vskip 1.2em "
        + block
        + r"\end{center}\vskip 1.5em}]"
        + foot
    )
    head = r"\begin{center}\textbf{Abstract}\end{center}" + "\n" + r"{\itshape " + paper.prose(90) + "}\n\n"
    return document("[10pt,twocolumn]{article}", TWO, front, head + paper.body())


def blocks(paper: Paper, *, bold: bool = False, per_row: int | None = None, mail_tt: bool = True) -> str:
    """Rows of columns, a person or a group of people each."""
    cells = []
    groups = paper.together() if paper.maybe(0.4) else [([person], person.at) for person in paper.people]
    for people, at in groups:
        names = [rf"\textbf{{{tex(p.name)}}}" if bold else tex(p.name) for p in people]
        rows = names if len(names) < 4 and paper.maybe() else [r" \quad ".join(names[i : i + 3]) for i in range(0, len(names), 3)]
        for one in at:
            rows += paper.lines(one)
        rows += [rf"{{\tt\small {p.mail}}}" if mail_tt else p.mail for p in people if p.mail]
        cells.append(r"\begin{tabular}[t]{c}" + r"\\ ".join(rows) + r"\end{tabular}")
    n = per_row or paper.dice.choice([2, 3])
    gap = paper.dice.choice([r"\hspace{1.5em}", r"\hspace{3em}", r"\quad"])
    return r"\par\vskip 0.8em ".join(gap.join(cells[i : i + n]) for i in range(0, len(cells), n))


def listed(paper: Paper, style: str, *, sep: str = r"\\ ", glue: str = "", dot: str = "") -> str:
    """The affiliations with their marks before them."""
    return sep.join(sup(paper.key(at, style)) + glue + tex(place) + dot for at, place in enumerate(paper.places))


Form = Callable[[Paper], str]
