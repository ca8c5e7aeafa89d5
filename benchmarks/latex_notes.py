"""Front matters with notes among the names: correspondence, present addresses, ORCID numbers, consortia, the dead."""

from __future__ import annotations

from benchmarks.latex_forms import ONE, SYMBOLS, TWO, Form, Paper, abstract, document, listed, sup, tex, two_columns
from benchmarks.latex_societies import few, foot, in_order

ORCID = "0000-000{}-{}-{}"
ICON = r"\,\raisebox{-.2ex}{\rule{1.2ex}{1.2ex}}"


def _orcid(paper: Paper) -> str:
    return ORCID.format(paper.dice.randrange(1, 4), paper.dice.randrange(1000, 9999), paper.dice.randrange(1000, 9999))


def mail_below(paper: Paper) -> str:
    """Each author on a line with the address beside or below, places with marks behind all of them."""
    style = paper.dice.choice(["digit", "digit", "symbol"]) if len(paper.places) < 7 else "digit"
    between = paper.dice.choice([r"\quad ", r"\\ ", ", "])
    rows = [tex(p.name) + sup(paper.marks(p, style)) + (between + r"{\small\tt " + p.mail + "}" if p.mail else "") for p in paper.people]
    front = (
        r"\begin{center}{\Large\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 1.2em "
        + r"\\ ".join(rows)
        + r"\\[6pt] "
        + listed(paper, style)
    )
    return document("[11pt]{article}", ONE, front + r"\end{center}" + abstract(paper), paper.body())


def orcid_line(paper: Paper) -> str:
    """ORCID numbers and their web addresses behind the names."""
    kind = paper.dice.choice(["bracket", "url", "label", "icon"])
    rows = []
    for p in paper.people:
        number = _orcid(paper)
        says = {"bracket": f"[{number}]", "url": rf" (https://orcid.org/{number})", "label": f" (ORCID: {number})", "icon": ICON}[kind]
        rows.append(
            tex(p.name) + sup(",".join(str(at + 1) for at in p.at)) + (says if paper.maybe(0.8) else "") + (r"\Letter" if p.extra else "")
        )
    mails = paper.mails()
    block = ", ".join(rows) + r"\\[4pt] " + listed(paper, "digit") + (r"\\ {\tt\small " + ", ".join(mails) + "}" if mails else "")
    front = r"\begin{center}{\Large\bfseries " + tex(paper.title) + r"\par}\vskip 1.2em " + block + r"\end{center}"
    return document("[11pt]{article}", ONE + r"\usepackage{marvosym}", front + abstract(paper), paper.body())


def present(paper: Paper) -> str:
    """A consortium among the names, a dead author, and notes on both and on work done as an intern."""
    style = paper.style() if len(paper.places) < 6 else "digit"
    style = "digit" if style == "symbol" else style
    for p in paper.people:
        p.extra = ""
    paper.people[-1].extra = r"$\dagger$" if paper.maybe() else ""
    if len(paper.people) > 2:
        paper.people[1].extra = r"$\ddagger$"
    whole = paper.names(style, last=", ") + (r", on behalf of the SAMPLE Study Group" if paper.maybe() else "")
    notes = []
    if paper.people[-1].extra:
        notes.append(r"$\dagger$ Deceased.")
    if len(paper.people) > 2:
        notes.append(r"$\ddagger$ Work done while an intern." if paper.maybe() else r"$\ddagger$ These authors share last authorship.")
    mails = paper.mails()
    rows = [whole, listed(paper, style, sep=paper.dice.choice([r"\\ ", "; "]))] + (
        [r"{\tt\small " + ", ".join(mails) + "}"] if mails else []
    )
    below = [r"{\small " + note + "}" for note in notes]
    if paper.maybe():
        return two_columns(paper, r"\\ ".join(rows + below))
    return two_columns(paper, r"\\ ".join(rows), foot=foot(" ".join(notes)) if notes else "")


def moved(paper: Paper) -> str:
    """Engineers' footnotes in which people were somewhere and are now elsewhere, with memberships behind the names."""
    few(paper, 5)
    ranks = ["", ", Student Member, IEEE", ", Senior Member, IEEE", ", Fellow, IEEE", ", Life Fellow, IEEE"]
    groups = in_order(paper)
    names = [tex(p.name) + r"\textit{" + paper.dice.choice(ranks) + "}" for p in paper.people]
    notes = [
        r"Manuscript received May 4, 2019; revised June 5, 2020; accepted July 6, 2020. Date of publication August 7, 2020. The associate editor coordinating the review of this manuscript was Prof.\ Some Body. \textit{(Corresponding author: "  # noqa: E501
        + tex(paper.people[0].name)
        + ".)}"
    ]
    for people, at in groups:
        who = ", ".join(tex(p.name) for p in people[:-1]) + (" and " if len(people) > 1 else "") + tex(people[-1].name)
        verb = "is" if len(people) == 1 else "are"
        places = [tex(paper.places[one]) for one in at]
        if len(places) > 1 and len(people) == 1:
            says = f"{who} was with {places[0]}. {'He' if paper.maybe() else 'She'} is now with " + ", and also with ".join(places[1:])
        else:
            says = f"{who} {verb} with " + " and also with ".join(places)
        mails = [p.mail for p in people if p.mail]
        notes.append(says + (f" (e-mail: {'; '.join(mails)})" if mails else "") + ".")
    notes.append(
        "Color versions of one or more of the figures in this article are available online. Digital Object Identifier 10.1109/SAMPLE.2020.1234567"  # noqa: E501
    )
    head = r"\noindent{\footnotesize IEEE TRANSACTIONS ON SAMPLES, VOL. 14, NO. 8, AUGUST 2020\hfill 1}\par\vskip 2em"
    front = (
        r"\twocolumn[{"
        + head
        + r"\begin{center}{\Huge "
        + tex(paper.title)
        + r"\par}\vskip 1em "
        + ", ".join(names[:-1])
        + (", and " if len(names) > 1 else "")
        + names[-1]
        + r"\end{center}\vskip 1em}]"
    )
    return document(
        "[10pt,twocolumn]{article}",
        TWO,
        front + foot(r"\par\indent ".join(notes)),
        r"\noindent\textbf{\textit{Abstract}---" + paper.prose(90) + r"}\par\textbf{\textit{Index Terms}---data}" + paper.body(),
    )


def bare_foot(paper: Paper) -> str:
    """Mathematicians: whole addresses as footnotes without marks, in the order of the names."""
    few(paper, 3)
    for p in paper.people:
        p.at = p.at[:1]
    del paper.people[4:]
    used = sorted({p.at[0] for p in paper.people})
    paper.places[:] = [paper.places[at] for at in used]
    for p in paper.people:
        p.at = [used.index(p.at[0])]
    names = [tex(p.name).upper() if p.name.isascii() else tex(p.name) for p in paper.people]
    notes = "".join(
        rf"\par\textit{{Address of {tex(p.name)}:}} " * paper.maybe(0.0)
        + tex(paper.places[p.at[0]])
        + (rf" \texttt{{{p.mail}}}" if p.mail else "")
        + r".\par "
        for p in paper.people
    )
    front = (
        r"\begin{center}{\large\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 1em "
        + ", ".join(names[:-1])
        + (" AND " if len(names) > 1 else "")
        + names[-1]
    )
    return document("[11pt]{article}", ONE, front + r"\end{center}" + foot(notes) + abstract(paper), paper.body())


def equal_notes(paper: Paper) -> str:
    """Computer vision: symbols for equal work and correspondence among digits, the project's page below the addresses."""
    for p in paper.people:
        p.extra = ""
    for p, mark in zip(paper.people, paper.dice.choice([("*", "*"), ("$*$", "$*$", r"$\dagger$"), (r"$\dagger$", "")]), strict=False):
        p.extra = mark
    sep = paper.dice.choice([",", "", ", "])
    names = [tex(p.name) + sup(paper.marks(p, "digit", sep if len(paper.places) < 10 else ",")) for p in paper.people]
    n = paper.dice.choice([3, 4, 5])
    rows = [r" \quad ".join(names[i : i + n]) for i in range(0, len(names), n)]
    rows.append(listed(paper, "digit", sep=paper.dice.choice([r"\\ ", r" \quad ", r", "])))
    mails = paper.mails()
    rows += [r"{\tt\small " + ", ".join(mails) + "}"] if mails else []
    rows += [r"{\tt\small https://sample.github.io/project}"] if paper.maybe() else []
    says = r"$^*$ Equal contribution. $^\dagger$ Corresponding author."
    if paper.maybe():
        return two_columns(paper, r"\\ ".join([*rows, r"{\small " + says + "}"]))
    return two_columns(paper, r"\\ ".join(rows), foot=foot(says))


def symbols_foot(paper: Paper) -> str:
    """A symbol for each place, the places as footnotes on page one, the paper in one column."""
    few(paper, 5)
    names = [tex(p.name) + sup(",".join(SYMBOLS[at] for at in p.at)) for p in paper.people]
    notes = "".join(
        foot(tex(place) + ". " + (", ".join(p.mail for p in paper.people if p.mail and p.at[0] == at)), SYMBOLS[at])
        for at, place in enumerate(paper.places)
    )
    front = (
        r"\begin{center}{\Large\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 1em "
        + r" \quad ".join(names)
        + r"\par\vskip 1em May 2015\end{center}"
    )
    return document("[11pt]{article}", ONE, front + notes + abstract(paper), paper.body())


NOTES: dict[str, Form] = {
    form.__name__: form
    for form in (
        mail_below, orcid_line, present, moved, bare_foot, equal_notes, symbols_foot,
    )
}  # fmt: skip
