"""Front matters in the manner of journals."""

from __future__ import annotations

from benchmarks.latex_forms import ONE, SYMBOLS, TWO, Form, Paper, abstract, document, sup, tex


def jmlr(paper: Paper) -> str:
    """Journal of machine learning: name and address at the left and right margin."""
    rows = []
    for people, at in paper.together():
        for p in people:
            rows.append(rf"\textbf{{{tex(p.name)}}}\hfill {{\sc {p.mail}}}\\")  # noqa: PERF401
        rows += [rf"{{\it {tex(paper.places[one])}}}\\" for one in at]
    front = (
        r"{\small Journal of Sample Research 4 (2003) 1-48 \hfill Submitted 4/03; Published 10/03}\par\vskip 1em\begin{center}{\Large\bf "
    )
    front += (
        tex(paper.title) + r"}\end{center}\vskip 1em\noindent " + "\n".join(rows) + r"\par\vskip 1em\noindent\textbf{Editor:} Some Body\par"
    )
    return document("[11pt]{article}", r"\usepackage[margin=1.2in]{geometry}", front + abstract(paper), paper.body())


def siam(paper: Paper) -> str:
    """SIAM: names in small capitals, a footnote by symbol for each."""
    names, notes = [], []
    for at, (people, where) in enumerate(paper.together()):
        mark = SYMBOLS[1:][at % 7] if at < 7 else str(at)
        places = " and ".join(tex(paper.places[one]) for one in where)
        mails = ", ".join(p.mail for p in people if p.mail)
        names += [rf"{tex(p.name).upper() if p.name.isascii() else tex(p.name)}$^{{{mark.strip('$')}}}$" for p in people]
        notes.append(rf"{{\renewcommand\thefootnote{{{mark}}}\footnotetext{{{places}" + (f" ({mails})" if mails else "") + ".}}")
    front = (
        r"\begin{center}{\bfseries\MakeUppercase{"
        + tex(paper.title)
        + r"}}\par\vskip 1.5em{\small "
        + " AND ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    )
    front += r"}\end{center}" + "".join(notes)
    by_name = {p.name: p for p in paper.people}
    paper.people[:] = [by_name[p.name] for people, _ in paper.together() for p in people]
    return document(
        "[11pt]{article}",
        r"\usepackage[margin=1.4in]{geometry}",
        front + r"\par\vskip 1em\noindent\textbf{Abstract.} " + paper.prose(90),
        paper.body(),
    )


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
    side = r"\textbf{Edited by:}\\ Some Body,\\ University of Nowhere, Spain\\ \textbf{Reviewed by:}\\ Any Body,\\ Free University, Germany\\ \textbf{Received:} 1 May 2019"  # noqa: E501
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
    end += r"}\par\vskip 1em\noindent{\small Received: 3 May 2018 Accepted: 7 June 2018}\par\textbf{References}\par\noindent 1. Author A. A paper. J Sample. 1999;1:1--9."  # noqa: E501
    return document("[twocolumn]{article}", TWO, r"\twocolumn[{" + front + "}]" + foot, paper.body() + end)


def joss(paper: Paper) -> str:
    """A wide left margin with facts; marks; one place a line."""
    names = ", ".join(
        tex(p.name) + (r"\,\raisebox{.1ex}{\tiny$\odot$}" if paper.maybe(0.3) else "") + sup(", ".join(str(at + 1) for at in p.at))
        for p in paper.people
    )
    paper.no_mail()
    places = r"\ ".join(rf"\textbf{{{at + 1}}} " + tex(place) for at, place in enumerate(paper.places))
    front = r"\marginpar{\raggedright\footnotesize\textbf{DOI:} 10.21105/joss.01234\\[1em]\textbf{Software}\\ Review\\ Repository\\ Archive\\[1em]\textbf{Submitted:} 01 May 2020\\ \textbf{Published:} 02 June 2020}"  # noqa: E501
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
    front = (
        r"\noindent{\it Article}\par\noindent{\LARGE\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 1em\noindent\textbf{"
        + paper.names("digit", last=" and ")
        + r"}\par\vskip 1em\noindent{\small "
        + r"\\ ".join(rows)
    )
    front += (
        r"}\par\vskip .5em\noindent{\footnotesize Received: 1 May 2020; Accepted: 2 June 2020; Published: 4 June 2020}\par\vskip 1em\noindent\textbf{Abstract:} "  # noqa: E501
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


JOURNALS: dict[str, Form] = {form.__name__: form for form in (jmlr, siam, nature, frontiers, bmc, joss, mdpi, wiley, svjour, tandf, iop)}
