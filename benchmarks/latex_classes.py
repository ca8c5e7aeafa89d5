"""Front matters in classes that publishers give out (Debian's texlive-publishers has them)."""

from __future__ import annotations

from benchmarks.latex_forms import HEAD, Form, Paper, abstract, document, sup, tex

ORDINAL = ("st", "nd", "rd")


def ieee_columns(paper: Paper) -> str:
    """IEEEtran conference: a block for each author, ordinals now and then."""
    ordinal = paper.maybe(0.3)
    cells = []
    groups = [([p], p.at) for p in paper.people] if ordinal or paper.maybe() else paper.together()
    for position, (people, at) in enumerate(groups):
        name = r", ".join(tex(p.name) for p in people[:-1]) + (" and " if len(people) > 1 else "") + tex(people[-1].name)
        if ordinal:
            name = rf"{position + 1}\textsuperscript{{{ORDINAL[position] if position < 3 else 'th'}}} {name}"
        rows = [line for one in at for line in paper.lines(one)] + [p.mail for p in people if p.mail]
        cells.append(rf"\IEEEauthorblockN{{{name}}}" + "\n" + rf"\IEEEauthorblockA{{{(chr(92) * 2 + ' ').join(rows)}}}")
    front = rf"\title{{{tex(paper.title)}}}\author{{" + "\n\\and\n".join(cells) + r"}\maketitle" + "\n"
    keys = r"\begin{IEEEkeywords}faces, fairness, data\end{IEEEkeywords}"
    return document("[conference]{IEEEtran}", "", front + abstract(paper) + keys, paper.body())


def ieee_marks(paper: Paper) -> str:
    """IEEEtran conference: names in a row, affiliations by mark below."""
    style = paper.dice.choice(["digit", "symbol"]) if len(paper.places) < 7 else "digit"

    def mark(at: int) -> str:
        return rf"\IEEEauthorrefmark{{{at + 1}}}" if style == "symbol" else sup(str(at + 1))

    names = ", ".join(tex(p.name) + (",".join(mark(at) for at in p.at)) for p in paper.people)
    rows = [mark(at) + tex(place) for at, place in enumerate(paper.places)]
    mails = paper.mails()
    if mails:
        rows.append("Email: " + ", ".join(mails))
    block = rf"\IEEEauthorblockN{{{names}}}" + "\n" + rf"\IEEEauthorblockA{{{(chr(92) * 2 + ' ').join(rows)}}}"
    front = rf"\title{{{tex(paper.title)}}}\author{{{block}}}\maketitle" + "\n"
    return document("[conference]{IEEEtran}", "", front + abstract(paper), paper.body())


def ieee_journal(paper: Paper) -> str:
    """IEEEtran journal: footnotes tell it in sentences."""
    ranks = ["", "", ",~\\IEEEmembership{Member,~IEEE}", ",~\\IEEEmembership{Fellow,~IEEE}"]
    names = [tex(p.name) + paper.dice.choice(ranks) for p in paper.people]
    notes = []
    for people, at in paper.together():
        short = [" ".join(w[0] + "." for w in p.name.split()[:-1]) + " " + p.name.split()[-1] for p in people]
        who = tex(", ".join(short[:-1]) + (" and " if len(short) > 1 else "") + short[-1])
        where = (", and also with " if paper.maybe() else " and with ").join(
            ("the " if paper.maybe() else "") + tex(paper.places[one]) for one in at
        )
        mails = [p.mail for p in people if p.mail]
        tail = rf" (e-mail: {'; '.join(mails)})" if mails else ""
        notes.append(rf"\thanks{{{who} {'is' if len(people) == 1 else 'are'} with {where}{tail}.}}")
    notes.append(r"\thanks{Manuscript received April 19, 2019; revised August 26, 2020.}")
    if paper.maybe(0.4):
        notes.append(r"\thanks{This work was supported in part by the National Science Foundation under Grant 1234567.}")
    author = ", ".join(names[:-1]) + (", and " if len(names) > 1 else "") + names[-1] + "%\n" + "%\n".join(notes)
    head = r"\markboth{Journal of Sample Texts, Vol. 14, No. 8, August 2020}{Shell \MakeLowercase{\textit{et al.}}: A Sample}"
    front = rf"\title{{{tex(paper.title)}}}\author{{{author}}}{head}\maketitle" + "\n"
    return document("[journal]{IEEEtran}", "", front + abstract(paper), paper.body())


def _acm(paper: Paper, kind: str) -> str:
    rows = []
    for p in paper.people:
        rows.append(rf"\author{{{tex(p.name)}}}")
        for one in p.at:
            parts = [part.strip() for part in paper.places[one].split(",")]
            country = rf"\country{{{tex(parts[-1])}}}" if len(parts) > 1 else ""
            city = rf"\city{{{tex(parts[-2])}}}" if len(parts) > 2 else ""
            inst = tex(", ".join(parts[:-2] or parts[:1]))
            rows.append(rf"\affiliation{{\institution{{{inst}}}{city}{country}}}")
        if p.mail:
            rows.append(rf"\email{{{p.mail}}}")
    rights = (
        r"\setcopyright{acmlicensed}\copyrightyear{2020}\acmYear{2020}\acmDOI{10.1145/1122445.1122456}"
        if paper.maybe()
        else r"\setcopyright{none}"
    )
    front = rights + rf"\title{{{tex(paper.title)}}}" + "\n" + "\n".join(rows)
    tail = r"\keywords{faces, data}\maketitle" + "\n"
    return (
        rf"\documentclass[{kind}]{{acmart}}"
        + "\n\\begin{document}\n"
        + front
        + abstract(paper)
        + tail
        + paper.body()
        + "\n\\end{document}\n"
    )


def acm_sigconf(paper: Paper) -> str:
    """acmart, proceedings: a block for each author."""
    return _acm(paper, "sigconf")


def acm_journal(paper: Paper) -> str:
    """acmart, journal: names in capitals with the affiliation behind, addresses at the foot."""
    return _acm(paper, paper.dice.choice(["acmsmall", "acmlarge"]))


def llncs(paper: Paper) -> str:
    """Springer's proceedings."""
    names = []
    for p in paper.people:
        orcid = r"\orcidID{0000-1111-2222-3333}" if paper.maybe(0.3) else ""
        letter = r"\textsuperscript{(\Letter)}" if p.extra and paper.maybe() else ""
        names.append(tex(p.name) + rf"\inst{{{','.join(str(at + 1) for at in p.at)}}}" + orcid + letter)
    places = [tex(place) for place in paper.places]
    for at in range(len(places)):
        mails = [p for p in paper.people if p.domain and p.at[0] == at]
        if mails and paper.maybe(0.8):
            places[at] += r"\\ \email{" + ", ".join(p.mail for p in mails) + "}"
        else:
            for p in mails:
                p.domain = None
    head = r"\authorrunning{A. Author et al.}\titlerunning{A Short Title of It}" + (r"\pagestyle{headings}" if paper.maybe() else "")
    author = r" \and ".join(names)
    joined = r" \and ".join(places)
    front = rf"\title{{{tex(paper.title)}}}{head}\author{{{author}}}\institute{{{joined}}}\maketitle" + "\n"
    return document("{llncs}", r"\usepackage{marvosym}", front + abstract(paper), paper.body())


def elsarticle(paper: Paper) -> str:
    """Elsevier: letters, numbers or footnotes, one or two columns."""
    option = paper.dice.choice(["preprint", "final,3p,times", "final,5p,times,twocolumn", "review"])
    number = paper.maybe()
    rows = [r"\biboptions{numbers}"] if number else []
    for p in paper.people:
        cor = r"\corref{c1}" if p.extra else ""
        rows.append(rf"\author[{','.join(f'a{at}' for at in p.at)}]{{{tex(p.name)}{cor}}}")
        if p.mail:
            rows.append(rf"\ead{{{p.mail}}}")
    rows += [rf"\address[a{at}]{{{tex(place)}}}" for at, place in enumerate(paper.places)]
    if any(p.extra for p in paper.people):
        rows.append(r"\cortext[c1]{Corresponding author}")
    front = r"\begin{frontmatter}" + rf"\title{{{tex(paper.title)}}}" + "\n" + "\n".join(rows) + "\n" + abstract(paper)
    front += r"\begin{keyword}faces \sep data \sep models\end{keyword}\end{frontmatter}"
    journal = r"\journal{Pattern Recognition Letters}"
    return (
        rf"\documentclass[{option}]{{elsarticle}}"
        + "\n"
        + HEAD
        + journal
        + "\n\\begin{document}\n"
        + front
        + paper.body()
        + "\n\\end{document}\n"
    )


def cas(paper: Paper) -> str:
    """Elsevier's newer class."""
    kind = paper.dice.choice(["cas-dc", "cas-sc"])
    style = paper.dice.choice(["digit", "letter"])
    rows = []
    for p in paper.people:
        rows.append(rf"\author[{','.join(paper.key(at, style) for at in p.at)}]{{{tex(p.name)}}}" + (r"\cormark[1]" if p.extra else ""))
        if p.mail:
            rows.append(rf"\ead{{{p.mail}}}")
    rows += [rf"\address[{paper.key(at, style)}]{{{tex(place)}}}" for at, place in enumerate(paper.places)]
    if any(p.extra for p in paper.people):
        rows.append(r"\cortext[1]{Corresponding author}")
    front = (
        rf"\shorttitle{{A Short Title}}\shortauthors{{A. Author et al.}}\title[mode=title]{{{tex(paper.title)}}}" + "\n" + "\n".join(rows)
    )
    front += "\n" + abstract(paper) + r"\begin{keywords}faces \sep data\end{keywords}\maketitle" + "\n"
    return rf"\documentclass[a4paper,fleqn]{{{kind}}}" + "\n" + HEAD + "\\begin{document}\n" + front + paper.body() + "\n\\end{document}\n"


def revtex(paper: Paper) -> str:
    """Physics: grouped, or by superscripts."""
    address = paper.dice.choice(["superscriptaddress", "groupedaddress"])
    option = f"aps,{paper.dice.choice(['prl', 'pre'])},{paper.dice.choice(['twocolumn', 'preprint'])},{address}"
    rows = []
    for p in paper.people:
        rows.append(rf"\author{{{tex(p.name)}}}" + (rf"\email{{{p.mail}}}" if p.mail else ""))
        rows += [rf"\affiliation{{{tex(paper.places[at])}}}" for at in p.at]
    front = rf"\title{{{tex(paper.title)}}}" + "\n".join(rows) + r"\date{\today}" + abstract(paper) + r"\maketitle" + "\n"
    return rf"\documentclass[{option}]{{revtex4-2}}" + "\n" + HEAD + "\\begin{document}\n" + front + paper.body() + "\n\\end{document}\n"


def authblk(paper: Paper) -> str:
    """Plain article with authblk."""
    rows = [rf"\author[{','.join(str(at + 1) for at in p.at)}]{{{tex(p.name)}}}" for p in paper.people]
    mails = paper.mails()
    rows += [rf"\affil[{at + 1}]{{{tex(place)}}}" for at, place in enumerate(paper.places)]
    if mails:
        rows.append(rf"\affil[ ]{{\textit{{{', '.join(mails)}}}}}")
    small = r"\renewcommand\Affilfont{\small}" if paper.maybe() else ""
    front = rf"\title{{{tex(paper.title)}}}" + small + "\n".join(rows) + r"\maketitle" + "\n" + abstract(paper)
    return document("[11pt]{article}", r"\usepackage{authblk}\usepackage[margin=1in]{geometry}", front, paper.body())


def article(paper: Paper) -> str:
    """Plain article with columns, addresses there or in footnotes."""
    in_notes = paper.maybe(0.4)
    cells = []
    for p in paper.people:
        if in_notes:
            text = " and ".join(tex(paper.places[at]) for at in p.at)
            cells.append(tex(p.name) + rf"\thanks{{{text}" + (f". Email: {p.mail}" if p.mail else "") + "}")
        else:
            rows = [tex(p.name)] + [line for at in p.at for line in paper.lines(at)] + ([rf"\texttt{{{p.mail}}}"] if p.mail else [])
            cells.append(r"\\ ".join(rows))
    front = rf"\title{{{tex(paper.title)}}}\author{{" + r" \and ".join(cells) + r"}\maketitle" + "\n" + abstract(paper)
    return document("[11pt]{article}", "", front, paper.body())


def amsart(paper: Paper) -> str:
    """Mathematics: addresses behind the references."""
    rows = []
    for p in paper.people:
        rows.append(rf"\author{{{tex(p.name)}}}")
        rows += [rf"\address{{{tex(paper.places[at])}}}" for at in p.at]
        if p.mail:
            rows.append(rf"\email{{{p.mail}}}")
    front = rf"\title{{{tex(paper.title)}}}" + "\n".join(rows) + abstract(paper) + r"\maketitle" + "\n"
    refs = r"\begin{thebibliography}{9}\bibitem{a} A. Author, \emph{A book}, A press, 1999.\end{thebibliography}"
    return document("{amsart}", "", front, paper.body() + refs)


def spie(paper: Paper) -> str:
    """SPIE: letters."""
    rows = ", ".join(tex(p.name) + sup(",".join(chr(97 + at % 26) for at in p.at)) for p in paper.people)
    places = r"\\ ".join(rf"\textsuperscript{{{chr(97 + at % 26)}}}{tex(place)}" for at, place in enumerate(paper.places))
    note = paper.mail_footnote()
    note = rf"\authorinfo{{{note}}}" if note else ""
    front = rf"\title{{{tex(paper.title)}}}\author{{{rows}\skiplinehalf {places}}}{note}\maketitle" + "\n"
    return document("[]{spie}", r"\def\skiplinehalf{\\[0.5em]}", front + abstract(paper), paper.body())


def mnras(paper: Paper) -> str:
    """Astronomers: a list below the names, flush left."""
    rows = []
    for at, p in enumerate(paper.people):
        thanks = ""
        if p.domain and not any(q.domain for q in paper.people[:at]):
            thanks = rf"\thanks{{E-mail: {p.mail}}}"
        else:
            p.domain = None
        rows.append(tex(p.name) + r"$^{" + ",".join(str(a + 1) for a in p.at) + "}$" + thanks)
    names = ", ".join(rows[:-1]) + (r"\newauthor and " if len(rows) > 6 else " and " if len(rows) > 1 else "") + rows[-1]
    places = r"\\ ".join(rf"$^{{{at + 1}}}${tex(place)}" for at, place in enumerate(paper.places))
    front = rf"\title[Short]{{{tex(paper.title)}}}\author[A. Author et al.]{{{names}\\ {places}}}\date{{Accepted XXX}}\pubyear{{2020}}"
    front += "\n\\begin{document}\n\\maketitle\n" + abstract(paper) + r"\begin{keywords}data\end{keywords}" + "\n"
    return r"\documentclass[a4paper]{mnras}" + "\n" + HEAD + front + paper.body() + "\n\\end{document}\n"


CLASSES: dict[str, Form] = {
    form.__name__: form
    for form in (
        ieee_columns,
        ieee_marks,
        ieee_journal,
        acm_sigconf,
        acm_journal,
        llncs,
        elsarticle,
        cas,
        revtex,
        authblk,
        article,
        amsart,
        spie,
        mnras,
    )
}
