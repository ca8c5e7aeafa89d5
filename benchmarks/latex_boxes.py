"""Front matters with the boxes of publishers, in which the institutions of editors and reviewers stand, or a publisher's own town."""

from __future__ import annotations

from benchmarks.latex_forms import ONE, Form, Paper, document, sup, tex, two_columns
from benchmarks.latex_societies import few

EDITORS = (  # none of them is an author's: whoever reads one of these has read the box
    ("Ines Moura Falk", ["University of Porto, Portugal"]),
    ("Harald T. Oksen", ["Department of Psychology,", "University of Tromso, Norway"]),
    ("Wei-Lun Harada", ["Chang Gung University, Taiwan"]),
    ("Petra Novotna", ["Masaryk University, Czechia"]),
    ("Guido Arlotti", ["Politecnico di Bari, Italy"]),
    ("Mary-Ann Quist", ["School of Optometry,", "Indiana University Bloomington,", "United States"]),
)
MONTHS = ("January", "March", "May", "July", "October")


def _editors(paper: Paper, n: int) -> list[tuple[str, list[str]]]:
    return paper.dice.sample(EDITORS, n)


def _date(paper: Paper) -> str:
    return f"{paper.dice.randrange(1, 28)} {paper.dice.choice(MONTHS)} 20{paper.dice.randrange(12, 24)}"


def _short(paper: Paper) -> str:
    """The authors as a citation has them."""
    return ", ".join(tex(p.name.split()[-1]) + " " + p.name[0] for p in paper.people[:6]) + (" et al." if len(paper.people) > 6 else "")


def _beside(side: str, main: str, width: float = 0.25) -> str:
    """A narrow column left of the main one, both from the same height."""
    left = rf"\noindent\begin{{minipage}}[t]{{{width}\textwidth}}\vskip 0pt\raggedright\footnotesize " + side + r"\end{minipage}\hfill"
    return left + rf"\begin{{minipage}}[t]{{{0.96 - width}\textwidth}}\vskip 0pt " + main + r"\end{minipage}\par\vskip 2em"


def frontiers_box(paper: Paper) -> str:
    """Frontiers: editors and reviewers with their houses in a column beside the title (since 2022) or the abstract (before)."""
    few(paper, 6)
    new = paper.maybe()
    heads = ("EDITED BY", "REVIEWED BY", "*CORRESPONDENCE", "RECEIVED", "CITATION", "COPYRIGHT")
    heads = heads if new else ("Edited by:", "Reviewed by:", "*Correspondence:", "Received:", "Citation:", "Copyright:")
    people = _editors(paper, paper.dice.choice([2, 3, 4]))
    rows = [rf"\textbf{{{heads[0]}}}"]
    for at, (name, house) in enumerate(people):
        rows += ([rf"\textbf{{{heads[1]}}}"] if at == 1 else []) + [name + ",", *house]
    writer = next((p for p in paper.people if p.domain), None)
    for p in paper.people:
        p.domain = p.domain if p is writer else None
    rows += [rf"\textbf{{{heads[2]}}}", tex(writer.name), writer.mail] if writer else []
    rows += [rf"\textbf{{{heads[3]}}} " + _date(paper), rf"\textbf{{{heads[4]}}}", _short(paper) + " (2021) " + tex(paper.title) + "."]
    rows += [
        rf"\textbf{{{heads[5]}}}",
        r"\copyright\ 2021 The authors. This is an open-access article distributed under the terms of the licence.",
    ]
    top = (
        r"{\LARGE\bfseries "
        + tex(paper.title)
        + r"\par}\vskip 1em\textbf{"
        + paper.names("digit", last=" and ")
        + "}"
        + (sup("*") if writer else "")
    )
    top += (
        r"\par\vskip .6em{\small " + ", ".join(sup(str(at + 1)) + tex(place) for at, place in enumerate(paper.places)) + r"\par}\vskip 1em "
    )
    side = r"\\ ".join(rows)
    text = paper.prose(150) + r"\par\vskip 1em\textbf{Keywords: data, faces}"
    front = _beside(r"{\bfseries OPEN ACCESS}\\[6pt] " + side, top + text) if new else r"\noindent " + top + _beside(side, text)
    return document("{article}", ONE, front, paper.body())


def mdpi_box(paper: Paper) -> str:
    """MDPI: citation, academic editor, publisher's note and copyright in a column left of the abstract."""
    few(paper, 6)
    name = _editors(paper, 2)
    editors = "Academic Editors: " + " and ".join(one for one, _ in name) if paper.maybe() else "Academic Editor: " + name[0][0]
    side = [
        r"\textbf{Citation:} "
        + _short(paper)
        + " "
        + tex(paper.title)
        + r". \textit{Sensors} \textbf{2021}, 21, 123. https://doi.org/10.3390/s21010123",
        editors,
        rf"Received: {_date(paper)}\\ Accepted: {_date(paper)}\\ Published: {_date(paper)}",
        r"\textbf{Publisher's Note:} MDPI stays neutral with regard to claims in published maps and institutional affiliations.",
        r"\textbf{Copyright:} \copyright\ 2021 by the authors. Licensee MDPI, Basel, Switzerland. This article is an open access article.",
    ]
    rows = []
    for at, place in enumerate(paper.places):
        mails = "; ".join(
            f"{p.mail} ({'.'.join(part[0] for part in tex(p.name).split())}.)" for p in paper.people if p.domain and p.at[0] == at
        )
        rows.append(sup(str(at + 1)) + r"\quad " + tex(place) + (f"; {mails}" if mails else ""))
    main = r"{\small " + r"\par ".join(rows) + r"\par}\vskip 1em\textbf{Abstract:} " + paper.prose(150) + r"\par\textbf{Keywords:} data"
    top = r"\noindent{\small\textit{Article}\par}\noindent{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 1em\noindent\textbf{"
    front = top + paper.names("digit", last=" and ") + r"}\par\vskip 1em" + _beside(r"\par\vskip 8pt ".join(side), main, 0.24)
    return document("{article}", ONE, front, paper.body())


def plos_box(paper: Paper) -> str:
    """PLOS: citation, editor with the house, funding and interests, in a column on the left or in a row below the abstract."""
    few(paper, 6)
    paper.mail_footnote()
    name, house = _editors(paper, 1)[0]
    side = [
        r"\textbf{Citation:} " + _short(paper) + " (2016) " + tex(paper.title) + ". PLoS ONE 11(5): e0154321.",
        rf"\textbf{{Editor:}} {name}, " + " ".join(house).upper().replace("UNIVERSITY", "University"),
        rf"\textbf{{Received:}} {_date(paper)}",
        r"\textbf{Copyright:} \copyright\ 2016 The authors. This is an open access article.",
        r"\textbf{Funding:} The work was paid by the Research Council of Norway, grant 12.",
        r"\textbf{Competing interests:} The authors have declared that no competing interests exist.",
    ]
    mail = next((p for p in paper.people if p.mail), None)
    top = (
        r"\noindent{\footnotesize RESEARCH ARTICLE\par}\noindent{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 1em\noindent\textbf{"
    )
    top += paper.names("digit", last=", ") + (sup("*") if mail else "") + r"}\par\vskip .6em\noindent{\small "
    top += ", ".join(rf"\textbf{{{at + 1}}} " + tex(place) for at, place in enumerate(paper.places)) + r"\par}"
    top += (r"\vskip 6pt\noindent{\small * " + mail.mail + r"\par}" if mail else "") + r"\vskip 1em"
    text = r"{\bfseries\large Abstract}\par " + paper.prose(150)
    if paper.maybe():
        return document("{article}", ONE, _beside(r"\par\vskip 8pt ".join(side), top + text, 0.26), paper.body())
    rule = r"\par\vskip 6pt\hrule\vskip 6pt{\footnotesize\noindent " + r"\par\noindent ".join(side) + r"\par}\newpage "
    return document("{article}", ONE, top + r"\noindent " + text + rule, paper.body())


def elife_box(paper: Paper) -> str:
    """Journals like eLife and PeerJ: correspondence and the editor with the house beside the abstract, headings in other letters."""
    few(paper, 6)
    paper.no_mail()
    name, house = _editors(paper, 1)[0]
    peer = paper.maybe()
    says = [
        rf"\textbf{{{'Submitted' if peer else 'Received:'}}} {_date(paper)}",
        (r"Academic editor\\ " + name) if peer else r"\textbf{Reviewing editor:} " + name + ", " + " ".join(house),
        (r"Additional Information and Declarations can be found on page 20") if peer else "",
        r"\copyright\ Copyright "
        + tex(paper.people[0].name.split()[-1])
        + r" et al. This article is distributed under the terms of the licence.",
    ]
    top = (
        r"{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 1em\textbf{" + paper.names("digit", last=", ") + r"}\par\vskip .6em{\small "
    )
    top += (r"\\ " if peer else "; ").join(sup(str(at + 1)) + tex(place) for at, place in enumerate(paper.places)) + r"\par}\vskip 1em"
    text = r"{\bfseries Abstract}\quad " + paper.prose(160)
    return document("{article}", ONE, _beside(r"\par\vskip 8pt ".join(one for one in says if one), top + text, 0.25), paper.body())


def edited_line(paper: Paper) -> str:
    """A line of two that says who edited, with the house, between the places and the abstract: the Academy's and Hindawi's habit."""
    few(paper, 5)
    writer = paper.mail_footnote()
    (name, house), (other, elsewhere) = _editors(paper, 2)
    style = paper.dice.choice(["letter", "digit"])
    pnas = (
        f"Edited by {name}, " + " ".join(house) + f", and approved {_date(paper)} (received for review {_date(paper)})",
        f"Contributed by {tex(paper.people[0].name)}, {_date(paper)} (sent for review {_date(paper)}; reviewed by {name}, {' '.join(house)} and {other}, {' '.join(elsewhere)})",  # noqa: E501
        rf"Academic Editor: {name}\par Received {_date(paper)}; Accepted {_date(paper)}",
        rf"Handling Editor: {name}, {' '.join(house)}",
        f"Communicated by {name}, {' '.join(house)}",
    )
    line = paper.dice.choice(pnas)
    places = paper.dice.choice(["; ", r"\\ "]).join(sup(paper.key(at, style)) + tex(place) for at, place in enumerate(paper.places))
    block = paper.names(style) + r"\par\vskip 6pt{\small " + places + r"\par\vskip 6pt " + line + r"\par}"
    foot = r"{\renewcommand\thefootnote{}\footnotetext{" + writer + ".}}" if writer else ""
    if paper.maybe():
        return two_columns(paper, block, foot=foot)
    front = r"\noindent{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 1em\noindent " + block + foot
    return document("{article}", ONE, front + r"\vskip 1em\noindent\textbf{Abstract} " + paper.prose(120), paper.body())


def open_review(paper: Paper) -> str:
    """Open review: the reviewers with their houses in a box beside or below the abstract, numbered like the authors' places."""
    few(paper, 5)
    paper.no_mail()
    people = _editors(paper, 2)
    rows = [r"\textbf{Open Peer Review}", r"\textbf{Reviewer Status}", "Invited Reviewers"]
    rows += [rf"{at + 1}. \textbf{{{name}}}, " + " ".join(house) for at, (name, house) in enumerate(people)]
    rows += ["Any reports and responses or comments on the article can be found at the end of the article."]
    top = r"\noindent{\small RESEARCH ARTICLE\par}\noindent{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 1em\noindent "
    top += paper.names("digit", last=", ") + r"\par\vskip 8pt\noindent{\small "
    top += r"\par\noindent ".join(sup(str(at + 1)) + tex(place) for at, place in enumerate(paper.places)) + r"\par}\vskip 1em"
    box = r"\begin{minipage}[t]{0.36\textwidth}\vskip 0pt\raggedright\small " + r"\\[4pt] ".join(rows) + r"\end{minipage}"
    text = r"\begin{minipage}[t]{0.6\textwidth}\vskip 0pt\textbf{Abstract}\par " + paper.prose(140) + r"\end{minipage}\hfill "
    low = (
        r"\noindent\textbf{Abstract}\par\noindent "
        + paper.prose(120)
        + r"\par\vskip 1em\noindent{\small "
        + r"\par\noindent ".join(rows)
        + "}"
    )
    return document("{article}", ONE, top + (r"\noindent " + text + box if paper.maybe() else low) + r"\newpage", paper.body())


BOXES: dict[str, Form] = {form.__name__: form for form in (frontiers_box, mdpi_box, plos_box, elife_box, edited_line, open_review)}
