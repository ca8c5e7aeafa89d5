"""Front matters whose letters are worn: broken words, letters set apart, old fonts, two pages on a sheet."""

from __future__ import annotations

from benchmarks.latex_forms import ONE, Form, Paper, document, listed, sup, tex
from benchmarks.latex_houses import rsc, sn_journal
from benchmarks.latex_journals import frontiers
from benchmarks.latex_notes import mail_below
from benchmarks.latex_societies import few


def narrow(paper: Paper) -> str:
    """Places in a column so narrow that words are broken, the marks hanging before them."""
    few(paper, 6)
    width = paper.dice.choice(["36mm", "44mm", "56mm"])
    rows = "".join(
        rf"\hangindent=3mm\noindent\makebox[3mm][l]{{{sup(str(at + 1))}}}{tex(place)}\par\vskip 2pt "
        for at, place in enumerate(paper.places)
    )
    front = r"\noindent{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 8pt\noindent " + paper.names("digit") + r"\par\vskip 8pt"
    front += (
        rf"\noindent\begin{{minipage}}[t]{{{width}}}\footnotesize\tolerance=200\emergencystretch=0pt\hyphenpenalty=0 "
        + rows
        + r"\end{minipage}\hfill\begin{minipage}[t]{90mm}\textbf{Abstract} "
        + paper.prose(150)
    )
    paper.no_mail()
    return document(
        "[10pt]{article}",
        ONE + r"\usepackage[english]{babel}\lefthyphenmin=2\righthyphenmin=2",
        front + r"\end{minipage}\par\vskip 1em",
        paper.body(),
    )


def spaced(paper: Paper) -> str:
    """Names in spaced small capitals, the heading of the abstract in spaced capitals."""
    few(paper, 5)
    names = [
        rf"\textls[{paper.dice.choice([80, 120, 160])}]{{\textsc{{{tex(p.name.lower().title())}}}}}"
        + sup(",".join(str(at + 1) for at in p.at))
        for p in paper.people
    ]
    front = r"\begin{center}{\Large " + tex(paper.title) + r"\par}\vskip 1em " + ", ".join(names) + r"\\[6pt] " + listed(paper, "digit")
    paper.no_mail()
    front += r"\end{center}\noindent\textls[200]{ABSTRACT}\par\noindent " + paper.prose(90)
    return document("[11pt]{article}", ONE + r"\usepackage[letterspace=100]{microtype}", front, paper.body())


def old_fonts(paper: Paper) -> str:
    """Accents as glyphs of their own, ligatures of old fonts: any of three forms."""
    form = paper.dice.choice([sn_journal, mail_below, frontiers, rsc])
    return form(paper).replace(r"\usepackage[T1]{fontenc}", "").replace(r"\usepackage{times}", "")


def two_up(paper: Paper) -> str:
    """Two pages side by side on one sheet."""
    few(paper, 6)
    style = paper.style()
    front = (
        r"\begin{center}{\large\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 1em "
        + paper.names(style)
        + r"\\[5pt]{\small "
        + listed(paper, style)
    )
    mails = paper.mails()
    front += (r"\\ {\tt " + ", ".join(mails) + "}" if mails else "") + r"}\end{center}\noindent\textbf{Abstract} " + paper.prose(90)
    return document(
        "[10pt,twocolumn]{article}", r"\usepackage[a4paper,landscape,margin=0.8in,columnsep=1.1in]{geometry}", front, paper.body()
    )


WORN: dict[str, Form] = {form.__name__: form for form in (narrow, spaced, old_fonts, two_up)}
