"""Front matters in the manner of publishing houses and servers of preprints."""

from __future__ import annotations

from benchmarks.latex_forms import ONE, TWO, Form, Paper, document, sup, tex
from benchmarks.latex_more import NARROW
from benchmarks.latex_societies import few, foot, one_mail

ICON = r"\,\raisebox{-.2ex}{\rule{1.2ex}{1.2ex}}"


def sn_journal(paper: Paper) -> str:
    """Springer's template: a star at the mark of who corresponds, lists of addresses, a note on equal work."""
    writer = next((p for p in paper.people if p.mail), None)
    names, places = [], []
    for p in paper.people:
        names += [
            tex(p.name) + sup(",".join(str(at + 1) for at in p.at) + ("*" if p is writer else "") + (r"$\dagger$" if p.extra else ""))
        ]
    for at, place in enumerate(paper.places):
        star = "*" if writer and writer.at[0] == at else ""
        places.append(sup(str(at + 1) + star) + tex(place) + ".")
    others = [p.mail for p in paper.people if p.mail and p is not writer]
    rows = [", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1], *places]
    if writer:
        rows += [r"\vskip 6pt *Corresponding author(s). E-mail(s): " + writer.mail + ";"]
        rows += ["Contributing authors: " + "; ".join(others) + ";"] if others else []
    rows += [r"$^\dagger$These authors contributed equally to this work."] if any(p.extra for p in paper.people) else []
    front = r"\begin{center}{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 1.5em " + r"\par ".join(rows) + r"\end{center}"
    front += r"\vskip 1em\begin{center}\textbf{Abstract}\end{center}" + paper.prose(90) + r"\par\textbf{Keywords:} one, two"
    return document("[10pt]{article}", ONE, front, paper.body())


def arxiv_sty(paper: Paper) -> str:
    """Preprints: a column for each author, a note with thanks, a line that says preprint, a date."""
    few(paper, 4)
    cells = []
    for number, p in enumerate(paper.people):
        rows = [
            r"\textbf{"
            + tex(p.name)
            + "}"
            + (r"\thanks{Use footnote for providing further information about author.}" if not number and paper.maybe() else "")
        ]
        for at in p.at:
            rows += paper.lines(at)
        rows += [rf"\texttt{{{p.mail}}}"] if p.mail else []
        cells.append(r"\begin{tabular}[t]{c}" + r"\\ ".join(rows) + r"\end{tabular}")
    n = paper.dice.choice([1, 2, 2])
    block = r"\par\vskip 1em ".join(r"\hspace{2em}".join(cells[i : i + n]) for i in range(0, len(cells), n))
    front = r"\hrule height 2pt\vskip 1em\begin{center}{\LARGE\sc " + tex(paper.title) + r"\par}\vskip .6em\hrule height 2pt\vskip 1.5em "
    front += r"{\sc A Preprint}\par\vskip 1em " + block + r"\vskip 1em May 4, 2021\end{center}\begin{center}\textsc{Abstract}\end{center}"
    return document(
        "[10pt]{article}", ONE, front + paper.prose(90) + r"\par\noindent\textbf{\textit{K}eywords} one \and two", paper.body()
    ).replace(r"\and", r"$\cdot$")


def peerj(paper: Paper) -> str:
    """Names in bold, numbered places, a side column with dates and the corresponding author."""
    writer = one_mail(paper)
    side = r"\noindent\makebox[0pt][r]{\smash{\begin{minipage}[t]{38mm}\scriptsize\raggedright Submitted 4 May 2019\\Accepted 6 June 2019\\Published 7 July 2019\par\vskip 4pt "  # noqa: E501
    side += rf"Corresponding author\\{tex(writer.name)}, {writer.mail}\par\vskip 4pt " if writer else ""
    side += r"Academic editor\\Some Body\par\vskip 4pt Additional Information and Declarations can be found on page 12\par DOI 10.7717/sample.1234\end{minipage}}\hspace{6mm}}\par\vskip-\baselineskip "  # noqa: E501
    names = paper.names("digit", last=" and ")
    places = r"\\ ".join(sup(str(at + 1)) + " " + tex(place) for at, place in enumerate(paper.places))
    front = r"\noindent{\sffamily\Huge\bfseries\raggedright " + tex(paper.title) + r"\par}\vskip 14pt\noindent{\sffamily\bfseries " + names
    front += (
        r"\par}\vskip 4pt\noindent{\scriptsize\raggedright " + places + r"\par}\vskip 12pt\noindent\textbf{\sffamily ABSTRACT}\par " + side
    )
    return document(
        "[10pt]{article}",
        NARROW,
        front,
        paper.prose(110) + r"\par\noindent\textbf{Subjects} One, Two\par\textbf{Keywords} Three" + paper.body(),
    )


def wiley_side(paper: Paper) -> str:
    """Names parted by bars over both columns; places, correspondence and money in a narrow column beside the abstract."""
    names = r"\quad$|$\quad ".join(
        tex(p.name) + (ICON if paper.maybe(0.3) else "") + sup(",".join(str(at + 1) for at in p.at)) for p in paper.people
    )
    writer = one_mail(paper)
    side = r"\par\vskip 2pt ".join(sup(str(at + 1)) + tex(place) for at, place in enumerate(paper.places))
    if writer:
        side += rf"\par\vskip 8pt\textbf{{Correspondence}}\\{tex(writer.name)}, {tex(paper.places[writer.at[0]])}.\\Email: {writer.mail}"
    side += r"\par\vskip 8pt\textbf{Funding information}\\National Science Foundation, Grant/Award Number: 1234567"
    front = (
        r"\noindent{\sffamily RESEARCH ARTICLE}\par\vskip 8pt\noindent{\LARGE\bfseries\sffamily "
        + tex(paper.title)
        + r"\par}\vskip 10pt\noindent{\large "
        + names
        + r"\par}\vskip 14pt"
    )
    front += (
        r"\noindent\begin{minipage}[t]{0.28\textwidth}\raggedright\scriptsize "
        + side
        + r"\end{minipage}\hfill\begin{minipage}[t]{0.68\textwidth}\textbf{Abstract}\par "
        + paper.prose(140)
    )
    return document(
        "[10pt]{article}", ONE, front + r"\par\vskip 6pt\textbf{KEYWORDS}\par one, two\end{minipage}\par\vskip 2em", paper.body()
    )


def oup(paper: Paper) -> str:
    """Names in one paragraph with digits and a star, places in one paragraph, a line to whom letters go."""
    writer = one_mail(paper)
    names = [tex(p.name) + sup(",".join(str(at + 1) for at in p.at) + (",*" if p is writer else "")) for p in paper.people]
    places = ", ".join(sup(str(at + 1)) + tex(place) for at, place in enumerate(paper.places[:-1]))
    places += (" and " if len(paper.places) > 1 else "") + sup(str(len(paper.places))) + tex(paper.places[-1])
    line = (
        rf"*To whom correspondence should be addressed. Tel: +44 1865 123456; Fax: +44 1865 123457; Email: {writer.mail}" if writer else ""
    )
    front = r"\noindent{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 10pt\noindent{\bfseries " + ", ".join(names[:-1])
    front += (" and " if len(names) > 1 else "") + names[-1] + r"}\par\vskip 8pt\noindent{\small " + places + r"\par}\vskip 6pt\noindent "
    front += r"{\small Received May 4, 2019; Revised June 5, 2019; Accepted July 6, 2019}\par"
    where = foot(line) if paper.maybe() else r"\noindent{\small " + line + r"\par}"
    return document(
        "[twocolumn]{article}",
        TWO,
        r"\twocolumn[{"
        + front
        + (where if where.startswith(r"\noindent") else "")
        + r"\vskip 10pt}]"
        + (where if where.startswith("{") else ""),
        r"\noindent\textbf{ABSTRACT}\par " + paper.prose(90) + paper.body(),
    )


def rsc(paper: Paper) -> str:
    """Chemists again: italic letters behind the names, the places as footnotes of the first column."""
    few(paper, 6)
    names = [
        tex(p.name)
        + sup(
            r"\textit{"
            + ",".join(paper.key(at, "letter") for at in p.at)
            + "}"
            + ("*" if p.domain and p is next((q for q in paper.people if q.domain), None) else "")
        )
        for p in paper.people
    ]
    writer = one_mail(paper)
    notes = []
    for at, place in enumerate(paper.places):
        mail = f". E-mail: {writer.mail}" if writer and writer.at[0] == at else ""
        notes.append(rf"{sup(chr(92) + 'textit{' + paper.key(at, 'letter') + '}')}\,{tex(place)}{mail}\par ")
    notes.append(r"$\dagger$ Electronic supplementary information (ESI) available. See DOI: 10.1039/sample")
    front = (
        r"\twocolumn[{\noindent{\LARGE\bfseries "
        + tex(paper.title)
        + r"$^\dagger$\par}\vskip 10pt\noindent "
        + ", ".join(names[:-1])
        + (" and " if len(names) > 1 else "")
        + names[-1]
    )
    front += r"\par\vskip 10pt\noindent " + paper.prose(90) + r"\vskip 12pt}]" + foot("".join(notes))
    return document("[twocolumn]{article}", TWO, front, paper.body())


def sage(paper: Paper) -> str:
    """Names and digits; places and the full address of who corresponds at the foot of the first column."""
    few(paper, 5)
    writer = one_mail(paper)
    names = [tex(p.name) + sup(",".join(str(at + 1) for at in p.at)) for p in paper.people]
    notes = r"\par ".join(sup(str(at + 1)) + tex(place) for at, place in enumerate(paper.places))
    if writer:
        notes += rf"\par\vskip 4pt\textbf{{Corresponding author:}}\par {tex(writer.name)}, {tex(paper.places[writer.at[0]])}.\par Email: {writer.mail}"  # noqa: E501
    front = (
        r"\twocolumn[{\noindent\textit{Article}\par\vskip 4pt\noindent{\LARGE\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 10pt\noindent\textbf{"
        + ", ".join(names[:-1])
        + (" and " if len(names) > 1 else "")
        + names[-1]
        + r"}\vskip 12pt}]"
    )
    return document(
        "[twocolumn]{article}",
        TWO,
        front + foot(notes),
        r"\noindent\textbf{Abstract}\par " + paper.prose(90) + r"\par\noindent\textbf{Keywords}\par one, two\par " + paper.body(),
    )


HOUSES: dict[str, Form] = {form.__name__: form for form in (sn_journal, arxiv_sty, peerj, wiley_side, oup, rsc, sage)}
