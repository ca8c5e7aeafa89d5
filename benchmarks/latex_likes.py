"""Front matters in the manner of styles that Debian has no class for."""

from __future__ import annotations

from benchmarks.latex_forms import ONE, TWO, Form, Paper, blocks, document, listed, sup, tex, two_columns


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
    foot = r"{\renewcommand\thefootnote{}\footnotetext{Copyright \copyright\ 2022, Association for the Advancement of Artificial Intelligence (www.aaai.org). All rights reserved.}}"
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
    foot += r"}\footnotetext{\textit{Proceedings of the $37^{th}$ International Conference on Machine Learning}, Vienna, Austria, PMLR 119, 2020. Copyright 2020 by the author(s).}}"
    return two_columns(paper, names, foot=foot, size=r"\large\bfseries")


def neurips(paper: Paper) -> str:
    """One column, bold names over their places in columns."""
    front = r"\begin{center}\hrule height 3pt\vskip 1em{\LARGE\bf " + tex(paper.title) + r"\par}\vskip 1em\hrule\vskip 1.5em "
    front += (
        blocks(paper, bold=True, per_row=paper.dice.choice([2, 3]))
        + r"\end{center}\vskip 1em\begin{center}\large\textbf{Abstract}\end{center}"
        + paper.prose(80)
    )
    foot = r"{\renewcommand\thefootnote{}\footnotetext{34th Conference on Neural Information Processing Systems (NeurIPS 2020), Vancouver, Canada.}}"
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


def nature(paper: Paper) -> str:
    """Names with ampersand; the places in one small paragraph below the abstract or at the foot."""
    names = paper.names("digit", last=r" \& ")
    places = ". ".join(sup(str(at + 1)) + tex(place) for at, place in enumerate(paper.places)) + "."
    note = paper.mail_footnote().replace("Corresponding author: ", "e-mail: ")
    foot = r"{\renewcommand\thefootnote{}\footnotetext{" + places + " " + note + "}}"
    front = (
        r"\noindent{\sffamily ARTICLE\hfill OPEN}\par\vskip 1em\noindent{\sffamily\LARGE\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 1em\noindent "
        + names
    )
    return document(
        "[twocolumn]{article}",
        TWO,
        r"\twocolumn[{" + front + r"\par\vskip 1em\noindent{\bfseries " + paper.prose(90) + r"}\vskip 1em}]" + foot,
        paper.body(),
    )


def frontiers(paper: Paper) -> str:
    """Names in bold, places run in behind digits, a side column with editors."""
    places = ", ".join(sup(str(at + 1)) + " " + tex(place) for at, place in enumerate(paper.places))
    paper.no_mail()
    side = r"\textbf{Edited by:}\\ Some Body,\\ University of Nowhere, Spain\\ \textbf{Reviewed by:}\\ Any Body,\\ Free University, Germany\\ \textbf{Received:} 1 May 2019"
    top = (
        r"\noindent{\LARGE\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 1em\noindent\textbf{"
        + paper.names("digit", last=" and ")
        + r"}\par\vskip .5em\noindent{\small "
        + places
        + r"}\par\vskip 1em"
    )
    if paper.maybe():
        front = (
            r"\noindent\begin{minipage}[t]{0.24\textwidth}\vskip 12em\raggedright\footnotesize "
            + side
            + r"\end{minipage}\hfill\begin{minipage}[t]{0.72\textwidth}"
            + top
            + paper.prose(150)
            + r"\par\textbf{Keywords: data, faces}\end{minipage}\par\vskip 2em"
        )
    else:
        front = top + r"\noindent\textbf{Abstract} " + paper.prose(100)
    return document("{article}", ONE, front, paper.body())


def bmc(paper: Paper) -> str:
    """Biomedical: places at the end of the paper under a heading."""
    names = paper.names("digit", last=" and ")
    note = paper.mail_footnote()
    foot = (
        r"{\renewcommand\thefootnote{}\footnotetext{"
        + (
            ("* " + note.replace("Corresponding author: ", "Correspondence: "))
            if note
            else "Full list of author information is available at the end of the article"
        )
        + "}}"
    )
    if note and paper.places:
        foot += r"{\renewcommand\thefootnote{}\footnotetext{Full list of author information is available at the end of the article}}"
    front = (
        r"\noindent\textsf{RESEARCH ARTICLE\hfill Open Access}\par\vskip 1em\noindent{\LARGE\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 1em\noindent "
        + names
    )
    front += r"\par\vskip 1em\noindent\textbf{Abstract}\par\noindent\textbf{Background:} " + paper.prose(110) + r"\vskip 1em"
    sep = r"\ " if paper.maybe() else r"\par\noindent "
    end = r"\par\vskip 1em\noindent\textbf{Author details}\par\noindent{\small " + sep.join(
        sup(str(at + 1)) + tex(place) + "." for at, place in enumerate(paper.places)
    )
    end += r"}\par\vskip 1em\noindent{\small Received: 3 May 2018 Accepted: 7 June 2018}\par\textbf{References}\par\noindent 1. Author A. A paper. J Sample. 1999;1:1--9."
    return document("[twocolumn]{article}", TWO, r"\twocolumn[{" + front + "}]" + foot, paper.body() + end)


def joss(paper: Paper) -> str:
    """A wide left margin with facts; marks; one place a line."""
    names = ", ".join(
        tex(p.name) + (r"\,\raisebox{.1ex}{\tiny$\odot$}" if paper.maybe(0.3) else "") + sup(", ".join(str(at + 1) for at in p.at))
        for p in paper.people
    )
    paper.no_mail()
    places = r"\ ".join(rf"\textbf{{{at + 1}}} " + tex(place) for at, place in enumerate(paper.places))
    front = r"\marginpar{\raggedright\footnotesize\textbf{DOI:} 10.21105/joss.01234\\[1em]\textbf{Software}\\ Review\\ Repository\\ Archive\\[1em]\textbf{Submitted:} 01 May 2020\\ \textbf{Published:} 02 June 2020}"
    front = (
        r"\reversemarginpar"
        + r"{\LARGE\bfseries\raggedright "
        + tex(paper.title)
        + r"\par}"
        + front
        + r"\vskip 1em\noindent{\large\bfseries "
        + names
        + r"}\par\vskip .5em\noindent "
        + places
    )
    return document(
        "{article}",
        r"\usepackage[a4paper,left=2.6in,right=1in,top=1in,marginparwidth=1.5in]{geometry}\usepackage{lmodern}\renewcommand\familydefault{\sfdefault}",
        front + r"\par\vskip 1em\section{Summary}" + paper.prose(120),
        paper.body(),
    )


def mdpi(paper: Paper) -> str:
    """Digits and addresses behind semicolons, one place a line."""
    rows = []
    for at, place in enumerate(paper.places):
        mails = [p.mail for p in paper.people if p.mail and p.at[0] == at]
        rows.append(rf"\makebox[1em][l]{{{sup(str(at + 1))}}}" + tex(place) + ("; " + ", ".join(mails) if mails else ""))
    rows.append(r"\makebox[1em][l]{*}Correspondence: author@example.org; Tel.: +1-555-0100") if False else None
    front = (
        r"\noindent{\it Article}\par\noindent{\LARGE\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 1em\noindent\textbf{"
        + paper.names("digit", last=" and ")
        + r"}\par\vskip 1em\noindent{\small "
        + r"\\ ".join(rows)
    )
    front += (
        r"}\par\vskip .5em\noindent{\footnotesize Received: 1 May 2020; Accepted: 2 June 2020; Published: 4 June 2020}\par\vskip 1em\noindent\textbf{Abstract:} "
        + paper.prose(110)
        + r"\par\noindent\textbf{Keywords:} data; faces"
    )
    return document("{article}", ONE, front, paper.body())


def wiley(paper: Paper) -> str:
    """Names parted by bars; places in a narrow left column."""
    names = r" \textbar{} ".join(tex(p.name) + sup(",".join(str(at + 1) for at in p.at)) for p in paper.people)
    note = paper.mail_footnote()
    side = r"\\[.3em] ".join(sup(str(at + 1)) + tex(place) for at, place in enumerate(paper.places))
    if note:
        side += r"\\[1em]\textbf{Correspondence}\\ " + note.split(": ")[1].replace("(", r"\\ Email: ").rstrip(")")
    front = (
        r"\noindent{\footnotesize\bfseries ORIGINAL ARTICLE}\par\noindent{\LARGE\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 1em\noindent{\large "
        + names
        + r"}\par\vskip 1.5em"
    )
    front += (
        r"\noindent\begin{minipage}[t]{0.3\textwidth}\raggedright\footnotesize "
        + side
        + r"\end{minipage}\hfill\begin{minipage}[t]{0.65\textwidth}\textbf{Abstract}\par "
        + paper.prose(130)
        + r"\par\textbf{KEYWORDS} data, faces\end{minipage}\par\vskip 2em"
    )
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


def svjour(paper: Paper) -> str:
    """Springer's journals: names by dots, addresses at the page's foot."""
    names = r" $\cdot$ ".join(tex(p.name) for p in paper.people)
    notes = []
    for people, at in paper.together():
        rows = [r" $\cdot$ ".join(tex(p.name) for p in people)] + [tex(paper.places[one]) for one in at]
        rows += [r"E-mail: " + ", ".join(p.mail for p in people if p.mail)] if any(p.mail for p in people) else []
        notes.append(r"\footnotetext{" + r"\\ ".join(rows) + "}")
    foot = r"{\renewcommand\thefootnote{}" + "".join(notes) + "}"
    front = (
        r"\noindent{\footnotesize Noname manuscript No.\\ (will be inserted by the editor)}\par\vskip 2em\noindent{\Large\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 1em\noindent\textbf{"
        + names
        + r"}\par\vskip 1.5em\noindent{\small Received: date / Accepted: date}\par\vskip 1em\noindent\textbf{Abstract} "
        + paper.prose(90)
    )
    return document("[10pt]{article}", r"\usepackage[margin=1.6in]{geometry}", foot + front, paper.body())


def tandf(paper: Paper) -> str:
    """Letters, places run in by semicolons."""
    places = "; ".join(sup(chr(97 + at % 26)) + tex(place) for at, place in enumerate(paper.places))
    paper.no_mail()
    front = (
        r"\begin{center}{\large\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 1em "
        + paper.names("letter")
        + r"\par\vskip .5em{\itshape\small "
        + places
        + r"}\par\vskip .5em{\small (Received 1 May 2011; final version received 2 June 2011)}\end{center}\noindent{\small "
        + paper.prose(110)
        + r"\par\noindent\textbf{Keywords:} data; faces}"
    )
    return document("{article}", ONE, front, paper.body())


def iop(paper: Paper) -> str:
    """Physics: flush left and indented, one place a line."""
    mails = paper.mails()
    rows = [sup(str(at + 1)) + "~" + tex(place) for at, place in enumerate(paper.places)] + (
        ["E-mail: " + ", ".join(mails)] if mails else []
    )
    front = (
        r"\noindent{\LARGE\bfseries\raggedright "
        + tex(paper.title)
        + r"\par}\vskip 1.5em\begin{list}{}{\leftmargin=5em}\item \textbf{"
        + paper.names("digit")
        + r"}\\[.5em]"
        + r"\\ ".join(rows)
        + r"\\[1em]\textbf{Abstract.} "
        + paper.prose(100)
        + r"\end{list}"
    )
    return document("[12pt]{article}", r"\usepackage[margin=1in]{geometry}", front, paper.body())


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
    front = (
        r"\begin{center}{\Large\bfseries " + tex(paper.title) + r"\par}\vskip 1em " + paper.names("none") + r"\end{center}" if False else ""
    )
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
    form.__name__: form
    for form in (cvpr_marks, cvpr_columns, acl_columns, acl_marks, aaai, icml, neurips, iclr, nature, frontiers, bmc, joss, mdpi)
    + (wiley, inline, svjour, tandf, iop, report, end_block)
}
