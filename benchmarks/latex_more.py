"""Front matters in the manner of publishers whose pages carry much beside them: side columns, boxes, line numbers, roles."""

from __future__ import annotations

from benchmarks.latex_forms import ONE, TWO, Form, Paper, Person, abstract, document, sup, tex, two_columns

NARROW = r"\usepackage[a4paper,left=62mm,right=18mm,top=25mm,bottom=25mm]{geometry}\usepackage{mathpazo}"
WIDE = r"\usepackage[a4paper,margin=20mm]{geometry}\usepackage{times}"


def _initials(person: Person) -> str:
    return ".".join(part[0] for part in person.name.replace("-", " ").split() if part[0].isalpha()) + "."


def _footer(text: str) -> str:
    return r"{\renewcommand\thefootnote{}\footnotetext{" + text + "}}"


def basel(paper: Paper) -> str:
    """A side column with dates and licence, addresses behind their places with initials, a line for correspondence."""
    side = r"\noindent\makebox[0pt][r]{\smash{\begin{minipage}[t]{38mm}\scriptsize\raggedright\textbf{Citation:} Some, B. Title of the Text. \textit{Samples} \textbf{2021}, \textit{1}, 12.\par\vskip 4pt Academic Editor: Some Body\par\vskip 4pt Received: 1 May 2021\\Accepted: 2 June 2021\par\vskip 4pt\textbf{Publisher's Note:} stays neutral with regard to jurisdictional claims in published maps and institutional affiliations.\par\vskip 4pt\textbf{Copyright:} \copyright\ 2021 by the authors. Licensee Samples, Basel, Switzerland. This article is an open access article.\end{minipage}}\hspace{6mm}}\par\vskip-\baselineskip "  # noqa: E501
    places = []
    for at, place in enumerate(paper.places):
        mails = "; ".join(rf"{p.mail} ({_initials(p)})" for p in paper.people if p.mail and p.at[0] == at)
        places.append(
            rf"\hangindent=4mm\noindent\makebox[4mm][l]{{{sup(str(at + 1))}}}{tex(place)}" + (f"; {mails}" if mails else "") + r"\par"
        )
    front = (
        r"\noindent\textit{Article}\par\vskip 4pt\noindent{\LARGE\bfseries\raggedright " + tex(paper.title) + r"\par}\vskip 10pt\noindent "
    )
    front += r"{\bfseries " + paper.names("digit", last=r" and ") + r"\par}\vskip 8pt" + side + r"{\footnotesize " + "".join(places)
    front += (
        r"\noindent\makebox[4mm][l]{*}Correspondence: "
        + next((p.mail for p in paper.people if p.mail), "")
        + r"; Tel.: +1-234-567\par}\vskip 8pt"
    )
    body = r"\noindent\textbf{Abstract:} " + paper.prose(110) + r"\par\vskip 6pt\noindent\textbf{Keywords:} one; two\par" + paper.body()
    return document("[10pt]{article}", NARROW, front, body)


def plos_like(paper: Paper) -> str:
    """All places in one paragraph, with numbers in bold."""
    names = ", ".join(tex(p.name) + sup(paper.marks(p, "digit")) for p in paper.people)
    places = ", ".join(rf"\textbf{{{at + 1}}} {tex(place)}" for at, place in enumerate(paper.places))
    front = r"\noindent{\small RESEARCH ARTICLE}\par\vskip 6pt\noindent{\sffamily\LARGE " + tex(paper.title) + r"\par}\vskip 8pt"
    front += r"\noindent{\bfseries " + names + r"}\par\vskip 6pt\noindent{\small " + places + r"}\par\vskip 6pt"
    writer = next((p for p in paper.people if p.mail), None)
    front += rf"\noindent{{\small * {writer.mail}}}\par" if writer else ""
    for p in paper.people:
        p.domain = p.domain if p is writer else None
    return document("[10pt]{article}", NARROW, front + abstract(paper), paper.body())


def hindawi(paper: Paper) -> str:
    """Places line by line in italics, correspondence and editor below."""
    places = r"\\ ".join(rf"{sup(str(at + 1))}\textit{{{tex(place)}}}" for at, place in enumerate(paper.places))
    front = r"\noindent Research Article\par\noindent{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 8pt\noindent{\bfseries "
    front += (
        paper.names("digit", last=", and ", sep_marks=paper.dice.choice([",", ", "])) + r"}\par\vskip 6pt\noindent{\footnotesize " + places
    )
    note = (
        paper.mail_footnote().replace("Corresponding author:", "Correspondence should be addressed to").replace("(", "; ").replace(")", "")
    )
    front += (
        r"}\par\vskip 6pt\noindent{\footnotesize " + note + r"\par Received 1 May 2019; Accepted 3 June 2019; Published 9 July 2019\par "
    )
    front += r"Academic Editor: Some Body\par Copyright \copyright\ 2019 The authors. This is an open access article.\par}"
    return document("[10pt]{article}", WIDE, front, r"\vskip 10pt\noindent " + paper.prose(100) + "\n\n" + paper.body())


def springer_new(paper: Paper) -> str:
    """Names with middle dots; addresses of people and numbered places at the foot of the page."""
    names = r" \textperiodcentered\ ".join(
        rf"\textbf{{{tex(p.name)}}}{sup(paper.marks(Person(p.name, p.at), 'digit'))}" for p in paper.people
    )
    writer = next((p for p in paper.people if p.mail), None)
    rows = [rf"$\boxtimes$\quad {tex(writer.name)}\par\quad {writer.mail}\par\vskip 4pt "] if writer else []
    for p in paper.people:
        p.domain = p.domain if p is writer else None
    rows += [rf"\noindent{sup(str(at + 1))}\quad {tex(place)}\par" for at, place in enumerate(paper.places)]
    front = r"\twocolumn[{\noindent{\small\sffamily ORIGINAL PAPER}\par\vskip 8pt\noindent{\Large\bfseries " + tex(paper.title)
    front += (
        r"\par}\vskip 8pt\noindent "
        + names
        + r"\par\vskip 8pt\noindent{\footnotesize Received: 1 May 2019 / Accepted: 3 June 2019\\ \copyright\ Springer 2019}\vskip 10pt}]"
    )
    text = r"\noindent\textbf{Abstract} " + paper.prose(90) + r"\par\vskip 6pt\noindent\textbf{Keywords} one $\cdot$ two\par" + paper.body()
    return document("[10pt,twocolumn]{article}", TWO, front + _footer("".join(rows)), text)


def anonymous(paper: Paper) -> str:
    """A submission for blind review: nobody is named."""
    people = paper.dice.choice(
        [
            r"Anonymous Author(s)\\ Affiliation\\ Address\\ \texttt{email}",
            r"Anonymous authors\\ Paper under double-blind review",
            r"Anonymous CVPR submission\\ Paper ID 1234",
            r"Anonymous ACL submission",
        ]
    )
    paper.people.clear()
    paper.places.clear()
    numbers = r"\usepackage[switch]{lineno}\linenumbers" if paper.maybe(0.7) else ""
    return two_columns(paper, people).replace(r"\begin{document}", numbers + r"\begin{document}", 1)


def numbered(paper: Paper) -> str:
    """A manuscript with line numbers in the margin, double spaced."""
    places = r"\par ".join(sup(str(at + 1)) + " " + tex(place) for at, place in enumerate(paper.places))
    front = r"\linenumbers\noindent{\large\bfseries " + tex(paper.title) + r"\par}\vskip 10pt\noindent " + paper.names("digit")
    front += (
        r"\par\vskip 10pt\noindent "
        + places
        + r"\par\vskip 10pt\noindent "
        + paper.mail_footnote().replace("author:", "author :")
        + r"\par"
    )
    head = r"\usepackage{lineno,setspace}\doublespacing\raggedright"
    return document(
        "[11pt]{article}", ONE + head, front, r"\vskip 10pt\noindent\textbf{Abstract}\par " + paper.prose(80) + "\n\n" + paper.body(2)
    )


def pnas(paper: Paper) -> str:
    """Letters; places in one sentence with semicolons and a last "and"."""
    places = [sup(paper.key(at, "letter")) + tex(place) for at, place in enumerate(paper.places)]
    listing = "; ".join(places[:-1]) + ("; and " if len(places) > 1 else "") + places[-1]
    names = [tex(p.name) + sup(",".join(paper.key(at, "letter") for at in p.at)) for p in paper.people]
    front = r"\twocolumn[{\noindent{\LARGE\bfseries\sffamily " + tex(paper.title) + r"\par}\vskip 8pt\noindent{\sffamily\bfseries "
    front += (
        ", ".join(names[:-1])
        + (", and " if len(names) > 1 else "")
        + names[-1]
        + r"}\par\vskip 5pt\noindent{\footnotesize\sffamily "
        + listing
    )
    front += r"}\par\vskip 5pt\noindent{\footnotesize\sffamily Edited by Some Body, University of Editors, Stanford, CA, and approved May 1, 2019 (received for review April 2, 2019)}\vskip 10pt}]"  # noqa: E501
    paper.no_mail()
    return document("[10pt,twocolumn]{article}", TWO, front, r"\noindent\textbf{" + paper.prose(80) + "}\n\n" + paper.body())


def jama(paper: Paper) -> str:
    """Degrees behind the names; places with the surnames of their authors, in a footnote."""
    degrees = ("MD", "PhD", "MD, PhD", "MPH", "MSc")
    names = "; ".join(rf"{tex(p.name)}, {paper.dice.choice(degrees)}" for p in paper.people)
    rows = []
    for at, place in enumerate(paper.places):
        rows.append(tex(place) + " (" + ", ".join(tex(p.name.split()[-1]) for p in paper.people if at in p.at) + ")")
    front = r"\twocolumn[{\noindent{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 8pt\noindent " + names + r"\vskip 10pt}]"
    paper.no_mail()
    foot = _footer(r"\textbf{Author Affiliations:} " + "; ".join(rows) + ".")
    return document(
        "[10pt,twocolumn]{article}", TWO, front + foot, r"\noindent\textbf{IMPORTANCE} " + paper.prose(90) + "\n\n" + paper.body()
    )


def isprs(paper: Paper) -> str:
    """Letters without parentheses, the group's addresses behind a dash."""
    names = ", ".join(tex(p.name) + " " + sup(",".join(paper.key(at, "letter") for at in p.at)) for p in paper.people)
    places = []
    for at, place in enumerate(paper.places):
        mails = ", ".join(p.mail for p in paper.people if p.mail and p.at[0] == at)
        places.append(sup(paper.key(at, "letter")) + " " + tex(place) + (f" -- {mails}" if mails else ""))
    rows = names + r"\par\vskip 8pt " + r"\\ ".join(places) + r"\par\vskip 8pt{\bfseries Commission II, WG II/4}"
    return two_columns(paper, rows, size=r"\large\bfseries").replace(r"\textbf{Abstract}", r"\textbf{ABSTRACT:}")


def access(paper: Paper) -> str:
    """Names in capitals with memberships, places line by line, notes about money and correspondence."""
    names = ", ".join(
        tex(p.name.upper()) + sup(paper.marks(Person(p.name, p.at), "digit")) + (", (Member, IEEE)" if paper.maybe(0.4) else "")
        for p in paper.people
    )
    places = r"\\ ".join(sup(str(at + 1)) + tex(place) for at, place in enumerate(paper.places))
    note = paper.mail_footnote()
    front = r"\twocolumn[{\noindent{\footnotesize Received May 1, 2019, accepted June 2, 2019, date of publication June 9, 2019.}\par\noindent{\tiny Digital Object Identifier 10.1109/SAMPLE.2019.1234567}\par\vskip 14pt\noindent{\sffamily\LARGE\bfseries "  # noqa: E501
    front += (
        tex(paper.title) + r"\par}\vskip 10pt\noindent{\sffamily\bfseries " + names + r"}\par\vskip 3pt\noindent{\footnotesize " + places
    )
    front += (
        r"\par}\vskip 4pt\noindent{\footnotesize "
        + note
        + r"\par This work was supported by the National Science Foundation under Grant 61772000.\par}\vskip 8pt}]"
    )
    return document("[10pt,twocolumn]{article}", TWO, front, r"\noindent\textbf{ABSTRACT} " + paper.prose(90) + "\n\n" + paper.body())


def chapter(paper: Paper) -> str:
    """A chapter of a book: the places at the foot, each below a name."""
    names = [tex(p.name) for p in paper.people]
    rows = []
    for people, at in paper.together():
        rows.append(", ".join(tex(p.name) for p in people) + r"\par " + r"\par ".join(tex(paper.places[one]) for one in at))
        mails = ", ".join(p.mail for p in people if p.mail)
        rows[-1] += (rf"\par e-mail: {mails}" if mails else "") + r"\par\vskip 3pt "
    front = r"\noindent{\LARGE\bfseries " + tex(paper.title) + r"\par}\vskip 12pt\noindent{\bfseries " + ", ".join(names[:-1])
    front += (" and " if len(names) > 1 else "") + names[-1] + r"}\par\vskip 20pt" + _footer(r"\noindent " + "".join(rows))
    by_name = {p.name: p for p in paper.people}
    paper.people[:] = [by_name[p.name] for p in paper.people]
    return document("[10pt]{article}", ONE, front, r"\noindent\textbf{Abstract} " + paper.prose(80) + "\n\n" + paper.body())


def indian(paper: Paper) -> str:
    """Journals set by word processors: roles before the places, marks not always raised."""
    roles = ("Assistant Professor", "Professor", "Research Scholar", "M.Tech Student", "Associate Professor")
    raised = paper.maybe()
    mark = (lambda at: sup(str(at + 1))) if raised else (lambda at: rf"[{at + 1}]")
    names = ", ".join(tex(p.name) + sup(",".join(str(at + 1) for at in p.at)) for p in paper.people)
    ranks = [f"{paper.dice.choice(roles)}, " if paper.maybe(0.6) else "" for _ in paper.places]
    places = r"\\ ".join(
        (mark(at) if raised else sup(str(at + 1))) + r"\textit{" + ranks[at] + tex(place) + "}" for at, place in enumerate(paper.places)
    )
    mails = paper.mails()
    rows = names + r"\\[4pt]" + places + (r"\\ " + ", ".join(mails) if mails else "")
    return two_columns(paper, rows, size=r"\huge")


def behind(paper: Paper) -> str:
    """Marks behind their places."""
    style = paper.dice.choice(["digit", "letter", "symbol"]) if len(paper.places) < 7 else "digit"
    rows = (
        paper.names(style, last=", ")
        + r"\\ "
        + r"\\ ".join(tex(place) + sup(paper.key(at, style)) for at, place in enumerate(paper.places))
    )
    paper.no_mail()
    return two_columns(paper, rows)


def unparted(paper: Paper) -> str:
    """Marks of several places without a comma: 12 is 1 and 2."""
    sep = "" if len(paper.places) < 10 else ","
    names = r" \quad ".join(tex(p.name) + sup(sep.join(str(at + 1) for at in p.at)) for p in paper.people)
    listing = r" \quad ".join(sup(str(at + 1)) + tex(place) for at, place in enumerate(paper.places))
    mails = paper.mails()
    return two_columns(paper, names + r"\\ " + listing + (r"\\ {\tt\small " + ", ".join(mails) + "}" if mails else ""))


MORE: dict[str, Form] = {
    form.__name__: form
    for form in (
        basel, plos_like, hindawi, springer_new, anonymous, numbered, pnas, jama, isprs, access, chapter, indian, behind, unparted,
    )
}  # fmt: skip
