"""Front matters whose addresses stand away from the names, or with marks in brackets, roles, and two houses in one text."""

from __future__ import annotations

from benchmarks.latex_forms import ONE, Form, Paper, Person, document, sup, tex, two_columns
from benchmarks.latex_societies import few, foot, in_order

BRACKETS = (("(", ")"), ("[", "]"), ("", ")"), ("(", ")"))
RANKS = ("PhD Student", "Professor", "Research Scientist", "CTO", "Assistant Professor", "Senior Researcher", "Ph.D. Candidate", "Director")
HOUSES = (  # texts that are one house, and a town for two of them
    "University of Leeds", "Tampere University", "Google Research", "Kyoto University", "University of Bristol", "IBM Research",
    "Aalto University", "University of Ottawa", "Adobe Inc.", "Boston University",
)  # fmt: skip


def lone(paper: Paper) -> None:
    """One place for each person, and no place without a person."""
    used = sorted({p.at[0] for p in paper.people})
    paper.places[:] = [paper.places[at] for at in used]
    for p in paper.people:
        p.extra, p.at = "", [used.index(p.at[0])]


def brackets(paper: Paper) -> str:
    """Marks on the baseline in round or square brackets, behind the names and before the places."""
    few(paper, 6)
    kind = paper.dice.choice(["digit", "digit", "letter"])
    left, right = paper.dice.choice(BRACKETS)
    raised = paper.maybe(0.25)
    for p in paper.people:
        p.extra = ""

    def mark(text: str) -> str:
        whole = left + text + right
        return sup(whole) if raised else whole

    apart = "" if raised else paper.dice.choice([" ", " ", "~", ""])
    joint = paper.dice.choice([",", ", ", f"{right}{left}" if left else ","])
    names = [tex(p.name) + apart + mark(joint.join(paper.key(at, kind) for at in p.at)) for p in paper.people]
    last = paper.dice.choice([", ", " and "])
    who = ", ".join(names[:-1]) + (last if len(names) > 1 else "") + names[-1]
    rows = [mark(paper.key(at, kind)) + paper.dice.choice([" ", " ", "~"]) + tex(place) for at, place in enumerate(paper.places)]
    places = paper.dice.choice([r"\\{} ", r"\\{} ", "; ", ", "]).join(rows)
    mails = paper.mails()
    below = r"\\[4pt]{\small\tt " + ", ".join(mails) + "}" if mails else ""
    if paper.maybe():
        return two_columns(paper, who + r"\\[4pt]{} " + places + below)
    front = r"\begin{center}{\Large\bfseries " + tex(paper.title) + r"\par}\vskip 1em " + who + r"\\[6pt]{}{\small " + places + below
    return document("[11pt]{article}", ONE, front + r"}\end{center}\noindent\textbf{Abstract} " + paper.prose(90), paper.body())


def last_page(paper: Paper) -> str:
    """Springer: the names alone on the first page, ``Authors and Affiliations`` on the last."""
    few(paper, 7)
    for p in paper.people:
        p.extra = ""
    plain = paper.maybe(0.3) and len(paper.places) == 1
    digits = [sup(",".join(str(at + 1) for at in p.at)) for p in paper.people]
    dot = r" $\cdot$ "
    names = dot.join(tex(p.name) + ("" if plain else d) for p, d in zip(paper.people, digits, strict=True))
    at_top = (
        names
        if paper.maybe(0.6)
        else dot.join(tex(p.name) for p in paper.people) + (r" \emph{[full author details at the end of the article]}")
    )
    foot_says = foot("Extended author information available on the last page of the article")
    writer = next((p for p in paper.people if p.domain), None)
    mails = [p for p in paper.people if p.domain]
    block = [r"\textbf{" + paper.dice.choice(["Authors and Affiliations", "Affiliations", "Authors and Affiliations"]) + "}", names]
    block += [r"\Letter\ " + tex(writer.name) + r"\\ \hspace*{1em}" + writer.mail] if writer else []
    block += [tex(p.name) + r"\\ \hspace*{1em}" + p.mail for p in mails if p is not writer]
    block += [("" if plain else sup(str(at + 1)) + r"\quad ") + tex(place) for at, place in enumerate(paper.places)]
    front = (
        r"\noindent{\Large\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 1em\noindent\textbf{"
        + at_top
        + r"}\par\vskip 6pt\noindent{\small Received: 4 May 2019 / Accepted: 5 June 2020}"
        + r"\par\vskip 1em\noindent\textbf{Abstract}\par\noindent "
    )
    refs = r"\section*{References}\begin{small}\noindent 1. Author, A.: A paper on things. J. Samples 3, 1--9 (1999)"
    refs += r"\par\noindent 2. Writer, B.: More of them. Springer, Berlin (2001)\end{small}"
    says = r"\par\vskip 1em\noindent\textbf{Publisher's Note} Springer Nature remains neutral with regard to jurisdictional claims in published maps and institutional affiliations."  # noqa: E501
    end = refs + says + r"\newpage\noindent " + r"\par\vskip 6pt\noindent ".join(block)
    return document("[10pt]{article}", ONE + r"\usepackage{marvosym}", front + foot_says + paper.prose(100), paper.body() + end)


def _reference_sentence(people: list[Person], places: list[str], *, mails: bool) -> str:
    """``A. Roe and B. Ray, Department …, City; e-mail: …`` as the society of computing has it."""
    names = [" ".join([*(part[0] + "." for part in tex(p.name).split()[:-1]), tex(p.name).split()[-1]]) for p in people]
    who = ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1]
    told = [p.mail for p in people if p.mail] if mails else []
    return who + ", " + "; ".join(tex(place) for place in places) + (f"; email: {', '.join(told)}" if told else "")


def society_addresses(paper: Paper) -> str:
    """Computing machinery of old: ``Authors' addresses: …`` at the foot of the first page or behind the text."""
    few(paper, 4)
    lone(paper)
    groups = in_order(paper)
    head = paper.dice.choice(["Authors' addresses: ", "Authors' Addresses: ", "Authors' present addresses: ", "Authors' address: "])
    head = head.replace("Authors'", "Author's") if len(paper.people) == 1 else head
    told = head + "; ".join(_reference_sentence(people, [paper.places[one] for one in at], mails=True) for people, at in groups) + "."
    names = ", ".join(tex(p.name).upper() if p.name.isascii() else tex(p.name) for p in paper.people)
    front = (
        r"\noindent{\Large\bfseries " + tex(paper.title) + r"\par}\vskip 1em\noindent{\small " + names + r"\par}\vskip 1em\noindent{\small "
    )
    front += (
        paper.prose(90) + r"}\par\vskip 6pt\noindent{\small Categories and Subject Descriptors: I.4.8 [Image Processing]}\par\vskip 1em"
    )
    if paper.maybe(0.6):
        front += foot(
            told + r"\par Permission to make digital or hard copies of part or all of this work for personal use is granted without fee."
        )
        return document("[10pt]{article}", ONE, front, paper.body())
    refs = r"\section*{References}\begin{small}\noindent Author, A. 1999. A paper on things. \textit{J. Samples} 3, 1--9.\end{small}"
    end = r"\par\vskip 1em\noindent{\small " + told + "}" if paper.maybe() else ""
    return document(
        "[10pt]{article}", ONE, front, paper.body() + (refs + end if end else r"\par\vskip 1em\noindent{\small " + told + "}" + refs)
    )


def chemists(paper: Paper) -> str:
    """Chemists since 2020: ``AUTHOR INFORMATION`` behind the text, each author with the house; nothing below the names."""
    few(paper, 4)
    lone(paper)
    paper.no_mail()
    paper.people.sort(key=lambda p: p.at)
    rows = [rf"\textbf{{{tex(p.name)}}} -- \textit{{{tex(paper.places[p.at[0]])}}}" for p in paper.people]
    end = r"\section*{AUTHOR INFORMATION}\noindent\textbf{Corresponding Author}\par\noindent " + rows[0]
    end += (r"\par\noindent\textbf{Authors}\par\noindent " + r"\par\noindent ".join(rows[1:])) if len(rows) > 1 else ""
    end += r"\par\noindent Complete contact information is available at: https://pubs.example.org/10.1021/sample\section*{Notes} The authors declare no competing financial interest."  # noqa: E501
    refs = r"\section*{REFERENCES}\begin{small}\noindent (1) Author, A. A paper on things. \textit{J. Samples} 1999, 3, 1--9.\end{small}"
    front = ", ".join(tex(p.name) for p in paper.people)
    return two_columns(paper, front).replace(r"\end{document}", end + refs + r"\end{document}")


def lives(paper: Paper) -> str:
    """Lives of the authors behind the text, full of houses where they studied; on the first page the houses of today, or none."""
    few(paper, 4)
    for p in paper.people:
        p.extra = ""
    told = paper.maybe(0.7)
    style = "digit"
    names = paper.names(style) if told else ", ".join(tex(p.name) for p in paper.people)
    block = names + (r"\\ " + r"\\ ".join(sup(str(at + 1)) + tex(place) for at, place in enumerate(paper.places)) if told else "")
    bios = []
    for p in paper.people:
        other, third = paper.dice.sample(
            (
                "Masaryk University, Brno",
                "the University of Porto",
                "Chang Gung University, Taiwan",
                "Politecnico di Bari, Italy",
                "the University of Oslo",
            ),
            2,
        )
        now = tex(paper.places[p.at[0]])
        bios.append(
            rf"\noindent\textbf{{{tex(p.name)}}} received the B.S. degree from {other}, in 2000, "
            rf"and the Ph.D. degree from {third}, in 2006. "
            + ("He" if paper.maybe() else "She")
            + rf" is currently with {now}. Research interests include faces and data."
        )
    paper.no_mail()
    if not told:
        paper.places.clear()
        for p in paper.people:
            p.at = []
    refs = (
        r"\section*{References}\begin{small}\noindent [1] A. Author, ``A paper on things,'' \textit{J. Samples}, vol. 3, 1999.\end{small}"
    )
    return two_columns(paper, block).replace(
        r"\end{document}", refs + r"\par\vskip 1em " + r"\par\vskip 8pt ".join(bios) + r"\end{document}"
    )


def roles(paper: Paper) -> str:
    """What people are stands before or above their houses, or behind their names."""
    few(paper, 4)
    lone(paper)
    kind = paper.dice.choice(["line", "comma", "at", "behind"])
    cells = []
    for p in paper.people:
        rank = paper.dice.choice(RANKS)
        first, *rest = paper.lines(p.at[0])
        if kind == "line":
            rows = [tex(p.name), rank, first, *rest]
        elif kind == "comma":
            rows = [tex(p.name), f"{rank}, {first}", *rest]
        elif kind == "at":
            rows = [tex(p.name), f"{rank} at {first}", *rest]
        else:
            rows = [f"{tex(p.name)}, {rank}", first, *rest]
        cells.append(r"\begin{tabular}[t]{c}" + r"\\ ".join(rows + ([rf"{{\tt\small {p.mail}}}"] if p.mail else [])) + r"\end{tabular}")
    n = paper.dice.choice([1, 2, 3])
    block = r"\par\vskip 0.8em ".join(r"\hspace{2em}".join(cells[i : i + n]) for i in range(0, len(cells), n))
    return two_columns(paper, block)


def two_houses(paper: Paper) -> str:
    """Two houses joined in one text, beside departments that are joined so and are one."""
    one, other = paper.dice.sample(HOUSES, 2)
    word = paper.dice.choice([" and ", r" \& ", " and ", " jointly with "])
    told = tex(one) + word + tex(other)
    third = paper.places[0]
    paper.people[:] = paper.people[: paper.dice.choice([2, 3, 4])]
    for at, p in enumerate(paper.people):
        p.extra, p.domain, p.at = "", None, [0, 1] if at % 2 == 0 else [2]
    paper.places[:] = [one, other, third] if any(p.at == [2] for p in paper.people) else [one, other]
    if paper.maybe():
        names = ", ".join(tex(p.name) + sup("1" if p.at == [0, 1] else "2") for p in paper.people)
        rows = [sup("1") + told] + ([sup("2") + tex(third)] if len(paper.places) > 2 else [])
        return two_columns(paper, names + r"\\ " + r"\\ ".join(rows))
    cells = [
        r"\begin{tabular}[t]{c}" + r"\\ ".join([tex(p.name)] + ([told] if p.at == [0, 1] else paper.lines(2))) + r"\end{tabular}"
        for p in paper.people
    ]
    return two_columns(paper, r"\par\vskip 0.8em ".join(cells))


AWAY: dict[str, Form] = {form.__name__: form for form in (brackets, last_page, society_addresses, chemists, lives, roles, two_houses)}
