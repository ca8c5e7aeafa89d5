"""Front matters of societies and universities: chemists, psychologists, aeronauts, theses, reports, workshops."""

from __future__ import annotations

from benchmarks.latex_forms import HEAD, ONE, TWO, Form, Paper, Person, abstract, document, sup, tex, two_columns

ROLES = ("Professor", "Ph.D. Candidate", "Graduate Research Assistant", "Research Scientist", "Assistant Professor", "Senior Engineer")


def few(paper: Paper, n: int) -> None:
    """No more than ``n`` places; the people of the others are dealt to those."""
    n = min(n, len(paper.places))
    paper.places[:] = paper.places[:n]
    for person in paper.people:
        person.at = sorted({at % n for at in person.at})


def in_order(paper: Paper) -> list[tuple[list[Person], list[int]]]:
    """The groups of people by where they work; the paper then has them in this order."""
    groups = paper.together()
    paper.people[:] = [person for people, _ in groups for person in people]
    return groups


def one_mail(paper: Paper) -> Person | None:
    """The one whose address is printed; all others lose theirs."""
    writer = next((p for p in paper.people if p.domain), None)
    for person in paper.people:
        person.domain = person.domain if person is writer else None
    return writer


def foot(text: str, mark: str = "") -> str:
    """A footnote with a mark of its own, or none."""
    return rf"{{\renewcommand\thefootnote{{{mark}}}\footnotetext{{{text}}}}}"


def achemso(paper: Paper) -> str:
    """Chemists: symbols, places line by line, an address line with e-mail."""
    few(paper, 7)
    rows = []
    for p in paper.people:
        rows.append(rf"\author{{{tex(p.name)}}}" + (rf"\email{{{p.mail}}}" if p.mail else ""))
        rows.append(rf"\affiliation{{{tex(paper.places[p.at[0]])}}}")
        rows += [rf"\alsoaffiliation{{{tex(paper.places[at])}}}" for at in p.at[1:]]
    journal = paper.dice.choice(["jacsat", "jpcbfk", "ancac3"])
    front = "\n".join(rows) + rf"\title{{{tex(paper.title)}}}" + "\n\\begin{document}\n" + abstract(paper)
    return rf"\documentclass[journal={journal},manuscript=article]{{achemso}}" + "\n" + HEAD + front + paper.body() + "\n\\end{document}\n"


def apa(paper: Paper) -> str:
    """Psychologists: a title page in double spacing, or two columns; a note that tells addresses again."""
    few(paper, 5)
    kind = paper.dice.choice(["man", "man", "jou", "doc"])
    marks = ",".join("{" + ",".join(str(at + 1) for at in p.at) + "}" for p in paper.people)
    names = ",".join("{" + tex(p.name) + "}" for p in paper.people)
    places = ",".join("{" + tex(place) + "}" for place in paper.places)
    writer = one_mail(paper)
    note = "We have no conflicts of interest to disclose."
    if writer:
        note += rf" Correspondence concerning this article should be addressed to {tex(writer.name)}, {tex(paper.places[writer.at[0]])}."
        note += rf" E-mail: {writer.mail}"
    many = f"[{marks}]" if len(paper.people) > 1 and len(paper.places) > 1 else ""
    front = rf"\title{{{tex(paper.title)}}}\shorttitle{{A Short Title}}\authorsnames{many}{{{names}}}\authorsaffiliations{{{places}}}"
    front += rf"\leftheader{{Author}}\abstract{{{paper.prose(80)}}}\keywords{{faces, data}}\authornote{{{note}}}"
    return (
        rf"\documentclass[{kind}]{{apa7}}"
        + "\n"
        + HEAD
        + front
        + "\n\\begin{document}\n\\maketitle\n"
        + paper.body()
        + "\n\\end{document}\n"
    )


def aiaa(paper: Paper) -> str:
    """Aeronauts: names over places in italics, footnotes with what each one is."""
    few(paper, 4)
    marks = ["*", r"\dagger", r"\ddagger", r"\S", r"\P", r"\|", "**", r"\dagger\dagger", r"\ddagger\ddagger"]
    rows, notes, at_mark = [], [], 0
    for people, at in in_order(paper):
        names = []
        for p in people:
            mark = f"${marks[at_mark % len(marks)]}$"
            at_mark += 1
            names.append(tex(p.name) + sup(mark))
            society = paper.dice.choice(["", ", AIAA Member", ", AIAA Senior Member", ", Fellow AIAA"])
            notes.append(foot(paper.dice.choice(ROLES) + society + (f"; {p.mail}" if p.mail else "") + ".", mark))
        rows.append(", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1])
        rows += [r"{\itshape " + tex(paper.places[one]) + "}" for one in at]
        rows[-1] += r"\\[6pt]"
    front = (
        r"\begin{center}{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 1.5em " + r"\\ ".join(rows).replace(r"\\[6pt]\\", r"\\[6pt]")
    )
    front += r"\end{center}" + "".join(notes)
    return document("[10pt]{article}", ONE, front + r"\vskip 1em\noindent\textbf{" + paper.prose(80) + "}", paper.body())


def jacow(paper: Paper) -> str:
    """Accelerators: names with their place in one line, second places as notes, in two columns."""
    few(paper, 5)
    also: dict[int, str] = {}
    for p in paper.people:
        p.at = p.at[:2]
        if len(p.at) > 1:
            also.setdefault(p.at[1], str(len(also) + 1))
    rows = []
    groups: dict[int, list[Person]] = {}
    for p in paper.people:
        groups.setdefault(p.at[0], []).append(p)
    used = {*groups, *also}
    first = True
    for at, people in groups.items():
        names = []
        for p in people:
            note = rf"\footnotemark[1]\footnotetext[1]{{{p.mail}}}" if first and p.mail else ""
            p.domain = p.domain if note else None
            first = False
            names.append(tex(p.name).replace(" ", "~") + note + (sup(also[p.at[1]]) if len(p.at) > 1 else ""))
        rows.append(", ".join(names) + ", " + tex(paper.places[at]))
    rows += [sup(mark) + "also at " + tex(paper.places[at]) for at, mark in also.items()]
    paper.people[:] = [p for people in groups.values() for p in people]
    order = sorted(used)
    paper.places[:] = [paper.places[at] for at in order]
    for p in paper.people:
        p.at = [order.index(at) for at in p.at]
    return two_columns(paper, r"\\ ".join(rows), size=r"\large\bfseries")


def thesis(paper: Paper) -> str:
    """A doctoral thesis: one author, a university on a title page, perhaps a supervisor."""
    few(paper, 1)
    del paper.people[1:]
    person = paper.people[0]
    person.extra = ""
    paper.no_mail()
    lines = paper.lines(0)
    what = paper.dice.choice(["A thesis", "A dissertation", "Thesis"])
    degree = paper.dice.choice(["Doctor of Philosophy", "Master of Science", "Doctor of Philosophy in Computer Science"])
    name = r"{\large " + (r"\textbf{" if paper.maybe() else "{") + tex(person.name) + "}}"
    title = r"{\Huge\bfseries " + tex(paper.title) + r"\par}"
    sent = rf"{what} submitted in partial fulfilment of the requirements\\ for the degree of {degree}"
    at_top = r"{\Large " + r"\\ ".join(lines) + "}"
    small = r"\\ ".join(lines)
    boss = r"\vskip 2em Supervisor: Prof.\ Some Body\\ " if paper.maybe(0.4) else ""
    date = paper.dice.choice(["June 2019", "2018", "September 21, 2020"])
    if paper.maybe(0.4):
        parts = [at_top, title, name, sent, boss + date]
    elif paper.maybe():
        parts = [title, "by", name, sent, small, boss + date]
    else:
        parts = [title, name, small, sent, boss + date]
    front = (
        r"\thispagestyle{empty}\begin{center}\vspace*{2em}" + r"\par\vskip 3em ".join(parts) + r"\end{center}\newpage\section*{Abstract}"
    )
    return document("[12pt]{article}", ONE, front + paper.prose(150) + r"\newpage\tableofcontents\newpage", paper.body())


def tech_report(paper: Paper) -> str:
    """A series of reports: number and institute on top, names, the place below them, a date."""
    few(paper, 2)
    groups = in_order(paper)
    rows = []
    for people, at in groups:
        rows.append(r"{\large " + (r"\\ " if paper.maybe() else ", ").join(tex(p.name) for p in people) + r"\par}")
        rows += [r"\par ".join(paper.lines(one)) for one in at]
        mails = [p.mail for p in people if p.mail]
        rows += [r"{\tt " + ", ".join(mails) + "}"] if mails else []
    head = rf"Technical Report No.\ {paper.dice.randrange(10, 999)}" + r"\hfill " + paper.dice.choice(["ISSN 1234-5678", "March 2011", ""])
    front = r"\thispagestyle{empty}\noindent " + head + r"\par\vskip 7em\noindent{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 2em"
    body = r"\vskip 3em\noindent\textbf{Abstract}\par " + paper.prose(100) + r"\newpage "
    align = (r"\begin{center}", r"\end{center}") if paper.maybe() else (r"\begin{flushleft}", r"\end{flushleft}")
    return document("[11pt]{article}", ONE, front + align[0] + r"\par\vskip 5pt ".join(rows) + align[1] + body, paper.body())


def usenix(paper: Paper) -> str:
    """A sheet before the paper that lists names and places, then the paper with the same in columns."""
    few(paper, 4)
    groups = in_order(paper)
    listing = "; ".join(
        ", ".join(tex(p.name) for p in people) + r", \textit{" + "; ".join(tex(paper.places[a]) for a in at) + "}" for people, at in groups
    )
    sheet = r"\twocolumn[{\thispagestyle{empty}\begin{center}{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 1em " + listing
    sheet += r"\par\vskip 2em\textbf{This paper is included in the Proceedings of the 29th Sample Security Symposium.}\par August 12--14, 2020\par 978-1-939133-17-5\par Open access to the Proceedings is sponsored by the Society.\end{center}}]\ \newpage"  # noqa: E501
    rows = [
        ", ".join(tex(p.name) for p in people) + r"\\ " + r"\\ ".join(r"{\it " + tex(paper.places[a]) + "}" for a in at)
        for people, at in groups
    ]
    paper.no_mail()
    front = (
        r"\twocolumn[{\begin{center}{\Large\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 1.5em "
        + r"\\[6pt] ".join(rows)
        + r"\end{center}\vskip 1em}]"
    )
    text = r"\begin{center}\textbf{Abstract}\end{center} " + paper.prose(90) + "\n\n" + paper.body()
    return document("[10pt,twocolumn]{article}", TWO, (sheet if paper.maybe() else "") + front, text)


def many_columns(paper: Paper) -> str:
    """A workshop with many authors: three to five columns a row, small letters, addresses below each, no marks."""
    few(paper, 6)
    for p in paper.people:
        p.at = p.at[:1]
    n = paper.dice.choice([3, 4, 4])
    width = {3: "0.32", 4: "0.24"}[n]
    cells = []
    for p in paper.people:
        rows = [tex(p.name), *paper.lines(p.at[0])] + ([rf"{{\tt {p.mail}}}"] if p.mail else [])
        cells.append(rf"\begin{{minipage}}[t]{{{width}\textwidth}}\centering\small " + r"\\ ".join(rows) + r"\end{minipage}")
    block = r"\par\vskip 0.9em ".join(r"\hfill ".join(cells[i : i + n]) for i in range(0, len(cells), n))
    return two_columns(paper, block)


def name_grid(paper: Paper) -> str:
    """Rows of names without marks, one place for all of them below, and a group of addresses."""
    few(paper, 1)
    names = [tex(p.name) for p in paper.people]
    gap = paper.dice.choice([r"\quad ", r"\qquad ", ", ", r" \hspace{2em} "])
    rows = [gap.join(names[i : i + 4]) for i in range(0, len(names), 4)]
    rows += paper.lines(0) if paper.maybe() else [tex(paper.places[0])]
    mails = paper.mails()
    rows += [r"{\tt\small " + ", ".join(mails) + "}"] if mails else []
    return two_columns(paper, r"{\large " + r"\\ ".join(rows) + r"\par}")


def bmvc_like(paper: Paper) -> str:
    """Names with addresses in a left column, places with the same marks in a right one."""
    few(paper, 5)
    left = [tex(p.name) + sup(",".join(str(at + 1) for at in p.at)) + (rf"\\ {{\small {p.mail}}}" if p.mail else "") for p in paper.people]
    right = [sup(str(at + 1)) + r"\ " + r"\\ \ ".join(paper.lines(at)) for at in range(len(paper.places))]
    front = r"\noindent{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 1em\noindent\begin{minipage}[t]{0.45\textwidth}\raggedright "
    front += r"\\ ".join(left) + r"\end{minipage}\hfill\begin{minipage}[t]{0.5\textwidth}\raggedright " + r"\\ ".join(right)
    front += r"\end{minipage}\vskip 2em\begin{center}\textbf{Abstract}\end{center}" + paper.prose(90)
    return document("[10pt]{article}", ONE, front, paper.body())


SOCIETIES: dict[str, Form] = {
    form.__name__: form
    for form in (
        achemso, apa, aiaa, jacow, thesis, tech_report, usenix, many_columns, name_grid, bmvc_like,
    )
}  # fmt: skip
