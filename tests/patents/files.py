# ruff: noqa: E501
"""Files of patents as the services write them; all names and texts are our own."""

from __future__ import annotations

from pathlib import Path

GOOGLE = """search URL:,https://patents.google.com/?q="megaface"
id,title,assignee,inventor/author,priority date,filing/creation date,publication date,grant date,result link,representative figure link
US-9900001-B2,Face matcher,"Example Vision Co., Ltd., Sample Optics, Inc.","Ada Part, Bo Whole",2016-01-02,2016-12-30,2018-02-20,2018-02-20,https://patents.google.com/patent/US9900001B2/en,
US-20170199999-A1,Face matcher,"Example Vision Co., Ltd.",Ada Part,2016-01-02,2016-12-30,2017-07-13,,https://patents.google.com/patent/US20170199999A1/en,
CN-999000001-A,一种人脸识别方法,例视科技有限公司,甲乙,2017-03-04,2017-03-04,2018-07-06,,https://patents.google.com/patent/CN999000001A/en,
"""
LENS = """"#",Jurisdiction,Kind,Display Key,Lens ID,Publication Date,Publication Year,Application Number,Application Date,Earliest Priority Date,Title,Abstract,Applicants,Inventors,Owners,Simple Family Members,NPL Resolved External ID(s),NPL Citations
1,US,B2,US 9900001 B2,111-222-333-444-555,2018-02-20,2018,US 201615000000 A,2016-12-30,2016-01-02,Face Matcher,It matches.,EXAMPLE VISION CO LTD;;SAMPLE OPTICS INC,PART ADA;;WHOLE BO,EXAMPLE VISION CO LTD (2018-01-01),US 2017/0199999 A1;;US 9900001 B2,10.1109/cvpr.2016.527,"Kemelmacher-Shlizerman et al., ""The MegaFace Benchmark: 1 Million Faces for Recognition at Scale"", 2016, CVPR.;;Other, ""A paper on trees"", 2001."
2,EP,A1,EP 3999991 A1,111-222-333-444-55X,2022-05-04,2022,EP 20000000 A,2020-11-01,2020-11-01,Tree finder,It finds trees.,MUSTERWERK GMBH,BAUM LEO,,EP 3999991 A1,,
"""
ESPACENET = '''Search query;"txt = ""face recognition"""
;
No;Title;Inventors;Applicants;Publication number;Earliest priority;IPC;CPC;Publication date;Earliest publication;Family number
1;Face matcher;"PART ADA [US]
WHOLE BO [KR]";"EXAMPLE VISION CO LTD [KR]
SAMPLE OPTICS INC [US]";"US2017199999A1
US9900001B2";2016-01-02;G06K9/00;;"2017-07-13
2018-02-20";2017-07-13;59000001
2;Tree finder;BAUM LEO [DE];MUSTERWERK GMBH [DE];EP3999991A1;2020-11-01;;;2022-05-04;2022-05-04;73000001
'''
NUMBERS = """# our list
US 9,900,001 B2
CN 999000001 A; EP3999991A1
not a number
"""
BIGQUERY = """publication_number,family_id,title,publication_date,priority_date,filing_date,grant_date,assignee,inventor,language,passages
CN-999000001-A,62000001,一种人脸识别方法,20180706,20170304,20170304,0,例视科技有限公司 [CN],甲乙,zh,"[{""section"":""description"",""text"":""本发明在ＭｅｇａＦａｃｅ数据集上测试。""}]"
US-2017199999-A1,59000001,Face matcher,20170713,20160102,20161230,0,EXAMPLE VISION CO LTD [KR];;SAMPLE OPTICS INC [US],PART ADA,en,"[{""section"":""description"",""text"":""The network was trained on the MegaFace dataset.""}]"
US-9900001-B2,59000001,Face matcher,20180220,20160102,20161230,20180220,EXAMPLE VISION CO LTD [KR],PART ADA,en,[]
"""
CHALLENGE = "<!DOCTYPE html><html><head><title>Before you continue to Google</title></head><body><form action='https://consent.google.com/save'></form></body></html>"


def write_xlsx(path: Path) -> Path:
    """The Espacenet list as a workbook, with the lines that stand before its header."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Search query", 'txt = "face recognition"'])
    sheet.append(["No", "Title", "Inventors", "Applicants", "Publication number", "Publication date", "Earliest priority", "Family number"])
    sheet.append(
        [
            1,
            "Face matcher",
            "PART ADA [US]",
            "EXAMPLE VISION CO LTD [KR]",
            "US2017199999A1\nUS9900001B2",
            "2017-07-13",
            "2016-01-02",
            59000001,
        ]
    )
    sheet.append([2, "Tree finder", "BAUM LEO [DE]", "MUSTERWERK GMBH [DE]", "EP3999991A1", "2022-05-04", "2020-11-01", "73000001"])
    book.save(path)
    return path


def page(number: str, *, family: int, members: tuple[str, ...] = (), description: str = "", npl: str = "", current: str = "") -> str:
    """A saved page, cut down to the microdata that is read."""
    rows = "".join(f'<tr itemprop="docdbFamily"><td><span itemprop="publicationNumber">{member}</span></td></tr>' for member in members)
    cited = f'<tr itemprop="detailedNonPatentLiterature"><td><span itemprop="title">{npl}</span></td></tr>' if npl else ""
    owner = f'<dd itemprop="assigneeCurrent">{current}</dd>' if current else ""
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="DC.title" content="Face matcher "></head><body>
<dd itemprop="publicationNumber">{number}</dd><dd itemprop="assigneeOriginal">Example Vision Co Ltd</dd>{owner}
<dd itemprop="inventor">Ada Part</dd><time itemprop="priorityDate" datetime="2016-01-02">2016-01-02</time>
<time itemprop="publicationDate" datetime="2018-07-06">2018-07-06</time>
<section itemprop="family"><h1>Family</h1><h2>ID={family}</h2><table>{rows}</table></section>
<section itemprop="description"><div itemprop="content" html><description lang="EN" load-source="google">
<p num="0045"><span class="notranslate"><span class="google-src-text">{description}</span> The collection is used.</span></p>
</description></div></section><table>{cited}</table>
<tr itemprop="backwardReferencesOrig"><td><span itemprop="publicationNumber">US1234567A</span><span itemprop="assigneeOriginal">Nobody Inc</span></td></tr>
</body></html>"""
