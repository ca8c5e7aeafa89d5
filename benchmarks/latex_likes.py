"""Front matters in the manner of styles that Debian has no class for."""

from __future__ import annotations

from benchmarks.latex_forms import ONE, Form, Paper, blocks, document, listed, sup, tex, two_columns


def cvpr_marks(paper: Paper) -> str:
    """Computer vision: names in rows, marks, places and addresses centred below."""
    style = paper.style()
    gap = paper.dice.choice([r" \quad ", r" \qquad ", ", ", r"\hspace{1cm}"])
    names = [tex(p.name) + sup(paper.marks(p, style, paper.dice.choice([",", ""]))) for p in paper.people]
    n = paper.dice.choice([3, 4, 5])
    rows = [gap.join(names[i : i + n]) for i in range(0, len(names), n)]
    on_a_line = paper.dice.choice([r"\\ ", r" \quad ", r"\\ "])
    rows.append(listed(paper, style, sep=on_a_line, glue=paper.dice.choice(["", " ", r"\,"])))
    mails = paper.mails()
    if mails:
        rows.append(r"{\tt\small " + ", ".join(mails) + "}")
    if paper.notes and paper.maybe():
        rows.append(r"{\small " + paper.notes + "}")
    foot = r"{\renewcommand\thefootnote{}\footnotetext{" + paper.notes.replace(r"\\", ". ") + "}}" if paper.notes and paper.maybe() else ""
    return two_columns(paper, r"{\large\lineskip .5em " + r"\\ ".join(rows) + r"\par}", foot=foot)


def cvpr_columns(paper: Paper) -> str:
    """Computer vision: a column for each author or place."""
    return two_columns(paper, blocks(paper))


def acl_columns(paper: Paper) -> str:
    """Linguists: bold names over their places."""
    return two_columns(paper, blocks(paper, bold=True, mail_tt=paper.maybe()))


def acl_marks(paper: Paper) -> str:
    """Linguists: bold names with marks, places below."""
    style = paper.style()
    names = [r"\textbf{" + tex(p.name) + "}" + sup(paper.marks(p, style)) for p in paper.people]
    rows = [r" \quad ".join(names[i : i + 4]) for i in range(0, len(names), 4)]
    rows.append(listed(paper, style))
    mails = paper.mails()
    if mails:
        rows.append(r"\texttt{" + r" \quad ".join(mails) + "}")
    return two_columns(paper, r"\\ ".join(rows))


def aaai(paper: Paper) -> str:
    """Artificial intelligence: bold names by comma, places by mark."""
    style = paper.dice.choice(["digit", "digit", "symbol"]) if len(paper.places) < 7 else "digit"
    rows = [r"{\large\bf " + paper.names(style, last=", ", sep_marks=paper.dice.choice([",", r",\,"])) + "}", listed(paper, style)]
    mails = paper.mails()
    if mails:
        rows.append(", ".join(mails))
    foot = r"{\renewcommand\thefootnote{}\footnotetext{Copyright \copyright\ 2022, Association for the Advancement of Artificial Intelligence (www.aaai.org). All rights reserved.}}"  # noqa: E501
    return two_columns(paper, r"\\ ".join(rows), foot=foot)


def icml(paper: Paper) -> str:
    """Machine learning: places in a footnote sentence with marks."""
    names = r" \quad ".join(
        r"\textbf{" + tex(p.name) + "}" + sup(" ".join(([p.extra] if p.extra else []) + [str(at + 1) for at in p.at])) for p in paper.people
    )
    note = paper.mail_footnote().replace("Corresponding author", "Correspondence to").replace("(", "$<$").replace(")", "$>$.")
    equal = sup("*") + "Equal contribution " if any(p.extra == "*" for p in paper.people) else ""
    places = " ".join(sup(str(at + 1)) + tex(place) + "." for at, place in enumerate(paper.places))
    foot = r"{\renewcommand\thefootnote{}\footnotetext{" + equal + places + " " + note
    foot += r"}\footnotetext{\textit{Proceedings of the $37^{th}$ International Conference on Machine Learning}, Vienna, Austria, PMLR 119, 2020. Copyright 2020 by the author(s).}}"  # noqa: E501
    return two_columns(paper, names, foot=foot, size=r"\large\bfseries")


def neurips(paper: Paper) -> str:
    """One column, bold names over their places in columns."""
    front = r"\begin{center}\hrule height 3pt\vskip 1em{\LARGE\bf " + tex(paper.title) + r"\par}\vskip 1em\hrule\vskip 1.5em "
    front += (
        blocks(paper, bold=True, per_row=paper.dice.choice([2, 3]))
        + r"\end{center}\vskip 1em\begin{center}\large\textbf{Abstract}\end{center}"
        + paper.prose(80)
    )
    foot = r"{\renewcommand\thefootnote{}\footnotetext{34th Conference on Neural Information Processing Systems (NeurIPS 2020), Vancouver, Canada.}}"  # noqa: E501
    return document("{article}", ONE, front + foot, paper.body())


def iclr(paper: Paper) -> str:
    """One column, flush left."""
    parts = []
    for people, at in paper.together():
        rows = [r"\textbf{" + ", ".join(tex(p.name) for p in people) + "}"] + [line for one in at for line in paper.lines(one)]
        rows += [r"\texttt{" + ", ".join(p.mail for p in people if p.mail) + "}"] if any(p.mail for p in people) else []
        parts.append(r"\noindent\begin{tabular}[t]{@{}l}" + r"\\ ".join(rows) + r"\end{tabular}")
    sep = paper.dice.choice([r"\par\vskip 0.8em ", r"\hfill "]) if len(parts) == 2 else r"\par\vskip 0.8em "
    front = (
        r"{\footnotesize Published as a conference paper at ICLR 2021\par}\hrule\vskip 1em\noindent{\LARGE\sc "
        + tex(paper.title)
        + r"\par}\vskip 1.5em "
    )
    front += sep.join(parts) + r"\vskip 1em\begin{center}\large\textsc{Abstract}\end{center}" + paper.prose(80)
    return document("{article}", ONE, front, paper.body())


def inline(paper: Paper) -> str:
    """Each name with its place on one line."""
    rows = []
    for people, at in paper.together():
        who = ", ".join(r"\textbf{" + tex(p.name) + "}" if paper.maybe(0.3) else tex(p.name) for p in people)
        mails = "".join(f", {p.mail}" for p in people if p.mail)
        rows.append(who + ", " + "; ".join(tex(paper.places[one]) for one in at) + mails)
    front = (
        r"\begin{center}{\Large\bfseries "
        + tex(paper.title)
        + r"\par}\end{center}\vskip 1em\noindent "
        + r"\par\noindent ".join(rows)
        + r"\par\vskip 1em\noindent\textbf{Abstract} "
        + paper.prose(100)
    )
    return document("{article}", ONE, front, paper.body())


def report(paper: Paper) -> str:
    """A title page with names below each other, each over the place."""
    rows = []
    for people, at in paper.together():
        rows += [r"{\large " + tex(p.name) + "}" for p in people] + [line for one in at for line in paper.lines(one)] + [r"\ "]
    paper.no_mail()
    front = (
        r"\thispagestyle{empty}\begin{center}{\small Technical Report 2004-12}\vskip 6em{\Huge\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 3em "
        + r"\\ ".join(rows)
        + r"\vskip 3em June 2004\end{center}\newpage\begin{abstract}"
        + paper.prose(90)
        + r"\end{abstract}"
    )
    return document("[11pt]{article}", ONE, front, paper.body())


def end_block(paper: Paper) -> str:
    """Names below the title; their addresses as a block behind the text."""
    names = ", ".join(tex(p.name) for p in paper.people)
    front = (
        r"\begin{center}{\Large\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 1em "
        + names
        + r"\end{center}\noindent\textbf{Abstract.} "
        + paper.prose(100)
    )
    rows = []
    for people, at in paper.together():
        rows.append(
            r"\par\vskip 1em\noindent "
            + r"\\ ".join(
                [tex(p.name) for p in people] + [line for one in at for line in paper.lines(one)] + [p.mail for p in people if p.mail]
            )
        )
    refs = r"\section*{References}[1] A. Author. A paper on things. Journal of Samples, 1999."
    where = refs + "".join(rows) if paper.maybe() else "".join(rows) + refs
    return document("[11pt]{article}", ONE, front, paper.body() + where)


LIKES: dict[str, Form] = {
    form.__name__: form for form in (cvpr_marks, cvpr_columns, acl_columns, acl_marks, aaai, icml, neurips, iclr, inline, report, end_block)
}
