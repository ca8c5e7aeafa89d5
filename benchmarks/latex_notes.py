"""Front matters with notes among the names: correspondence, present addresses, ORCID numbers, consortia, the dead; and worn letters."""

from __future__ import annotations

from benchmarks.latex_forms import ONE, SYMBOLS, TWO, Form, Paper, abstract, document, listed, sup, tex, two_columns
from benchmarks.latex_journals import frontiers
from benchmarks.latex_more import NARROW
from benchmarks.latex_societies import few, foot, in_order, one_mail

ORCID = "0000-000{}-{}-{}"
ICON = r"\,\raisebox{-.2ex}{\rule{1.2ex}{1.2ex}}"


def _orcid(paper: Paper) -> str:
    return ORCID.format(paper.dice.randrange(1, 4), paper.dice.randrange(1000, 9999), paper.dice.randrange(1000, 9999))


def sn_journal(paper: Paper) -> str:
    """Springer's template: a star at the mark of who corresponds, lists of addresses, a note on equal work."""
    writer = next((p for p in paper.people if p.mail), None)
    names, places = [], []
    for p in paper.people:
        names.append(tex(p.name) + sup(",".join(str(at + 1) for at in p.at) + ("*" if p is writer else "") + (r"$\dagger$" if p.extra else "")))
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
        rows = [r"\textbf{" + tex(p.name) + "}" + (r"\thanks{Use footnote for providing further information about author.}" if not number and paper.maybe() else "")]
        for at in p.at:
            rows += paper.lines(at)
        rows += [rf"\texttt{{{p.mail}}}"] if p.mail else []
        cells.append(r"\begin{tabular}[t]{c}" + r"\\ ".join(rows) + r"\end{tabular}")
    n = paper.dice.choice([1, 2, 2])
    block = r"\par\vskip 1em ".join(r"\hspace{2em}".join(cells[i : i + n]) for i in range(0, len(cells), n))
    front = r"\hrule height 2pt\vskip 1em\begin{center}{\LARGE\sc " + tex(paper.title) + r"\par}\vskip .6em\hrule height 2pt\vskip 1.5em "
    front += r"{\sc A Preprint}\par\vskip 1em " + block + r"\vskip 1em May 4, 2021\end{center}\begin{center}\textsc{Abstract}\end{center}"
    return document("[10pt]{article}", ONE, front + paper.prose(90) + r"\par\noindent\textbf{\textit{K}eywords} one \and two", paper.body()).replace(r"\and", r"$\cdot$")


def peerj(paper: Paper) -> str:
    """Names in bold, numbered places, a side column with dates and the corresponding author."""
    writer = one_mail(paper)
    side = r"\noindent\makebox[0pt][r]{\smash{\begin{minipage}[t]{38mm}\scriptsize\raggedright Submitted 4 May 2019\\Accepted 6 June 2019\\Published 7 July 2019\par\vskip 4pt "  # noqa: E501
    side += rf"Corresponding author\\{tex(writer.name)}, {writer.mail}\par\vskip 4pt " if writer else ""
    side += r"Academic editor\\Some Body\par\vskip 4pt Additional Information and Declarations can be found on page 12\par DOI 10.7717/sample.1234\end{minipage}}\hspace{6mm}}\par\vskip-\baselineskip "  # noqa: E501
    names = paper.names("digit", last=" and ")
    places = r"\\ ".join(sup(str(at + 1)) + " " + tex(place) for at, place in enumerate(paper.places))
    front = r"\noindent{\sffamily\Huge\bfseries\raggedright " + tex(paper.title) + r"\par}\vskip 14pt\noindent{\sffamily\bfseries " + names
    front += r"\par}\vskip 4pt\noindent{\scriptsize\raggedright " + places + r"\par}\vskip 12pt\noindent\textbf{\sffamily ABSTRACT}\par " + side
    return document("[10pt]{article}", NARROW, front, paper.prose(110) + r"\par\noindent\textbf{Subjects} One, Two\par\textbf{Keywords} Three" + paper.body())


def wiley_side(paper: Paper) -> str:
    """Names parted by bars over both columns; places, correspondence and money in a narrow column beside the abstract."""
    names = r"\quad$|$\quad ".join(tex(p.name) + (ICON if paper.maybe(0.3) else "") + sup(",".join(str(at + 1) for at in p.at)) for p in paper.people)
    writer = one_mail(paper)
    side = r"\par\vskip 2pt ".join(sup(str(at + 1)) + tex(place) for at, place in enumerate(paper.places))
    if writer:
        side += rf"\par\vskip 8pt\textbf{{Correspondence}}\\{tex(writer.name)}, {tex(paper.places[writer.at[0]])}.\\Email: {writer.mail}"
    side += r"\par\vskip 8pt\textbf{Funding information}\\National Science Foundation, Grant/Award Number: 1234567"
    front = r"\noindent{\sffamily RESEARCH ARTICLE}\par\vskip 8pt\noindent{\LARGE\bfseries\sffamily " + tex(paper.title) + r"\par}\vskip 10pt\noindent{\large " + names + r"\par}\vskip 14pt"  # noqa: E501
    front += r"\noindent\begin{minipage}[t]{0.28\textwidth}\raggedright\scriptsize " + side + r"\end{minipage}\hfill\begin{minipage}[t]{0.68\textwidth}\textbf{Abstract}\par " + paper.prose(140)  # noqa: E501
    return document("[10pt]{article}", ONE, front + r"\par\vskip 6pt\textbf{KEYWORDS}\par one, two\end{minipage}\par\vskip 2em", paper.body())


def oup(paper: Paper) -> str:
    """Names in one paragraph with digits and a star, places in one paragraph, a line to whom letters go."""
    writer = one_mail(paper)
    names = [tex(p.name) + sup(",".join(str(at + 1) for at in p.at) + (",*" if p is writer else "")) for p in paper.people]
    places = ", ".join(sup(str(at + 1)) + tex(place) for at, place in enumerate(paper.places[:-1]))
    places += (" and " if len(paper.places) > 1 else "") + sup(str(len(paper.places))) + tex(paper.places[-1])
    line = rf"*To whom correspondence should be addressed. Tel: +44 1865 123456; Fax: +44 1865 123457; Email: {writer.mail}" if writer else ""
    front = r"\noindent{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 10pt\noindent{\bfseries " + ", ".join(names[:-1])
    front += (" and " if len(names) > 1 else "") + names[-1] + r"}\par\vskip 8pt\noindent{\small " + places + r"\par}\vskip 6pt\noindent "
    front += r"{\small Received May 4, 2019; Revised June 5, 2019; Accepted July 6, 2019}\par"
    where = foot(line) if paper.maybe() else r"\noindent{\small " + line + r"\par}"
    return document("[twocolumn]{article}", TWO, r"\twocolumn[{" + front + (where if where.startswith(r"\noindent") else "") + r"\vskip 10pt}]" + (where if where.startswith("{") else ""), r"\noindent\textbf{ABSTRACT}\par " + paper.prose(90) + paper.body())  # noqa: E501


def rsc(paper: Paper) -> str:
    """Chemists again: italic letters behind the names, the places as footnotes of the first column."""
    few(paper, 6)
    names = [tex(p.name) + sup(r"\textit{" + ",".join(paper.key(at, "letter") for at in p.at) + "}" + ("*" if p.domain and p is next((q for q in paper.people if q.domain), None) else "")) for p in paper.people]  # noqa: E501
    writer = one_mail(paper)
    notes = []
    for at, place in enumerate(paper.places):
        mail = f". E-mail: {writer.mail}" if writer and writer.at[0] == at else ""
        notes.append(rf"{sup(chr(92) + 'textit{' + paper.key(at, 'letter') + '}')}\,{tex(place)}{mail}\par ")
    notes.append(r"$\dagger$ Electronic supplementary information (ESI) available. See DOI: 10.1039/sample")
    front = r"\twocolumn[{\noindent{\LARGE\bfseries " + tex(paper.title) + r"$^\dagger$\par}\vskip 10pt\noindent " + ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1]  # noqa: E501
    front += r"\par\vskip 10pt\noindent " + paper.prose(90) + r"\vskip 12pt}]" + foot("".join(notes))
    return document("[twocolumn]{article}", TWO, front, paper.body())


def sage(paper: Paper) -> str:
    """Names and digits; places and the full address of who corresponds at the foot of the first column."""
    few(paper, 5)
    writer = one_mail(paper)
    names = [tex(p.name) + sup(",".join(str(at + 1) for at in p.at)) for p in paper.people]
    notes = r"\par ".join(sup(str(at + 1)) + tex(place) for at, place in enumerate(paper.places))
    if writer:
        notes += rf"\par\vskip 4pt\textbf{{Corresponding author:}}\par {tex(writer.name)}, {tex(paper.places[writer.at[0]])}.\par Email: {writer.mail}"
    front = r"\twocolumn[{\noindent\textit{Article}\par\vskip 4pt\noindent{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 10pt\noindent\textbf{" + ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] + r"}\vskip 12pt}]"  # noqa: E501
    return document("[twocolumn]{article}", TWO, front + foot(notes), r"\noindent\textbf{Abstract}\par " + paper.prose(90) + r"\par\noindent\textbf{Keywords}\par one, two\par " + paper.body())  # noqa: E501


def mail_below(paper: Paper) -> str:
    """Each author on a line with the address beside or below, places with marks behind all of them."""
    style = paper.dice.choice(["digit", "digit", "symbol"]) if len(paper.places) < 7 else "digit"
    between = paper.dice.choice([r"\quad ", r"\\ ", ", "])
    rows = [tex(p.name) + sup(paper.marks(p, style)) + (between + r"{\small\tt " + p.mail + "}" if p.mail else "") for p in paper.people]
    front = r"\begin{center}{\Large\bfseries " + tex(paper.title) + r"\par}\vskip 1.2em " + r"\\ ".join(rows) + r"\\[6pt] " + listed(paper, style)
    return document("[11pt]{article}", ONE, front + r"\end{center}" + abstract(paper), paper.body())


def orcid_line(paper: Paper) -> str:
    """ORCID numbers and their web addresses behind the names."""
    kind = paper.dice.choice(["bracket", "url", "label", "icon"])
    rows = []
    for p in paper.people:
        number = _orcid(paper)
        says = {"bracket": f"[{number}]", "url": rf" (https://orcid.org/{number})", "label": f" (ORCID: {number})", "icon": ICON}[kind]
        rows.append(tex(p.name) + sup(",".join(str(at + 1) for at in p.at)) + (says if paper.maybe(0.8) else "") + (r"\Letter" if p.extra else ""))
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
    rows = [whole, listed(paper, style, sep=paper.dice.choice([r"\\ ", "; "]))] + ([r"{\tt\small " + ", ".join(mails) + "}"] if mails else [])
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
    notes = [r"Manuscript received May 4, 2019; revised June 5, 2020; accepted July 6, 2020. Date of publication August 7, 2020. The associate editor coordinating the review of this manuscript was Prof.\ Some Body. \textit{(Corresponding author: " + tex(paper.people[0].name) + ".)}"]  # noqa: E501
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
    notes.append("Color versions of one or more of the figures in this article are available online. Digital Object Identifier 10.1109/SAMPLE.2020.1234567")
    head = r"\noindent{\footnotesize IEEE TRANSACTIONS ON SAMPLES, VOL. 14, NO. 8, AUGUST 2020\hfill 1}\par\vskip 2em"
    front = r"\twocolumn[{" + head + r"\begin{center}{\Huge " + tex(paper.title) + r"\par}\vskip 1em " + ", ".join(names[:-1]) + (", and " if len(names) > 1 else "") + names[-1] + r"\end{center}\vskip 1em}]"  # noqa: E501
    return document("[10pt,twocolumn]{article}", TWO, front + foot(r"\par\indent ".join(notes)), r"\noindent\textbf{\textit{Abstract}---" + paper.prose(90) + r"}\par\textbf{\textit{Index Terms}---data}" + paper.body())  # noqa: E501


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
    notes = "".join(rf"\par\textit{{Address of {tex(p.name)}:}} " * paper.maybe(0.0) + tex(paper.places[p.at[0]]) + (rf" \texttt{{{p.mail}}}" if p.mail else "") + r".\par " for p in paper.people)  # noqa: E501
    front = r"\begin{center}{\large\bfseries " + tex(paper.title) + r"\par}\vskip 1em " + ", ".join(names[:-1]) + (" AND " if len(names) > 1 else "") + names[-1]
    return document("[11pt]{article}", ONE, front + r"\end{center}" + foot(notes) + abstract(paper), paper.body())


def narrow(paper: Paper) -> str:
    """Places in a column so narrow that words are broken, the marks hanging before them."""
    few(paper, 6)
    width = paper.dice.choice(["36mm", "44mm", "56mm"])
    rows = "".join(rf"\hangindent=3mm\noindent\makebox[3mm][l]{{{sup(str(at + 1))}}}{tex(place)}\par\vskip 2pt " for at, place in enumerate(paper.places))
    front = r"\noindent{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 8pt\noindent " + paper.names("digit") + r"\par\vskip 8pt"
    front += rf"\noindent\begin{{minipage}}[t]{{{width}}}\footnotesize\tolerance=200\emergencystretch=0pt\hyphenpenalty=0 " + rows + r"\end{minipage}\hfill\begin{minipage}[t]{90mm}\textbf{Abstract} " + paper.prose(150)  # noqa: E501
    paper.no_mail()
    return document("[10pt]{article}", ONE + r"\usepackage[english]{babel}\lefthyphenmin=2\righthyphenmin=2", front + r"\end{minipage}\par\vskip 1em", paper.body())


def spaced(paper: Paper) -> str:
    """Names in spaced small capitals, the heading of the abstract in spaced capitals."""
    few(paper, 5)
    names = [rf"\textls[{paper.dice.choice([80, 120, 160])}]{{\textsc{{{tex(p.name.lower().title())}}}}}" + sup(",".join(str(at + 1) for at in p.at)) for p in paper.people]
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
    front = r"\begin{center}{\large\bfseries " + tex(paper.title) + r"\par}\vskip 1em " + paper.names(style) + r"\\[5pt]{\small " + listed(paper, style)
    mails = paper.mails()
    front += (r"\\ {\tt " + ", ".join(mails) + "}" if mails else "") + r"}\end{center}\noindent\textbf{Abstract} " + paper.prose(90)
    return document("[10pt,twocolumn]{article}", r"\usepackage[a4paper,landscape,margin=0.8in,columnsep=1.1in]{geometry}", front, paper.body())


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
    notes = "".join(foot(tex(place) + ". " + (", ".join(p.mail for p in paper.people if p.mail and p.at[0] == at)), SYMBOLS[at]) for at, place in enumerate(paper.places))
    front = r"\begin{center}{\Large\bfseries " + tex(paper.title) + r"\par}\vskip 1em " + r" \quad ".join(names) + r"\par\vskip 1em May 2015\end{center}"
    return document("[11pt]{article}", ONE, front + notes + abstract(paper), paper.body())


NOTES: dict[str, Form] = {
    form.__name__: form
    for form in (
        sn_journal, arxiv_sty, peerj, wiley_side, oup, rsc, sage, mail_below, orcid_line, present, moved, bare_foot, narrow, spaced,
        old_fonts, two_up, equal_notes, symbols_foot,
    )
}  # fmt: skip
