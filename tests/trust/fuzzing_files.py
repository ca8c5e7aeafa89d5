"""Readers of files that somebody else has written, and further services: what is right, and what reads it.

A reader of files may refuse in the words of an error of our own alone: any other would reach the user as it is.
"""

# ruff: noqa: E501 (answers as they come)
from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from crawler.importing.patent_citations import parse_citations
from crawler.lists.searching import Terms
from crawler.patents.uspto import parse_application, parse_hits
from crawler.shapes.s2 import parse_hits as parse_s2_hits
from crawler.shapes.s2 import parse_object, parse_snippets
from db.config import Config
from db.outside import parse_json
from geocode.online import read_answer
from photos.credits import read_credits
from photos.flickr_xml import read_changes
from photos.load import READERS, find_format
from photos.rejects import Rejects
from photos.yfcc import read_rows as read_yfcc
from tests.crawl.world import citing
from verify.corrections.run import read_file as read_corrections
from verify.labelfile import read_rows as read_labels

USPTO = {"count": 1, "patentFileWrapperDataBag": [{"applicationNumberText": "16000007", "applicationMetaData": {
    "inventionTitle": "T", "earliestPublicationNumber": "US20200000007A1", "earliestPublicationDate": "2020-01-02", "patentNumber": "10900007",
    "grantDate": "2021-01-02", "filingDate": "2019-01-02", "applicantBag": [{"applicantNameText": "X", "correspondenceAddressBag": [
    {"cityName": "Y", "countryCode": "US"}]}], "inventorBag": [{"firstName": "A", "lastName": "B"}]},
    "assignmentBag": [{"assigneeBag": [{"assigneeNameText": "X", "assigneeAddress": {"cityName": "Y"}}]}]}]}  # fmt: skip
SNIPPETS = {"data": [{"snippet": {"text": "We train on MegaFace.", "section": "4", "snippetKind": "body"}, "score": 0.5,
                      "paper": {"corpusId": "77", "title": "T", "authors": ["A B"]}}], "retrievalVersion": "x"}  # fmt: skip
SEARCH = {"total": 2, "token": "t", "data": [citing(1, abstract="With MegaFace."), citing(2)]}
PLACES = {
    "nominatim": [{"osm_type": "node", "osm_id": 1, "lat": "47.6", "lon": "-122.3", "class": "place", "type": "city", "display_name": "Seattle, US",
                   "address": {"city": "Seattle", "country_code": "us"}}],
    "photon": [{"geometry": {"coordinates": [-122.3, 47.6]}, "properties": {"osm_key": "place", "osm_value": "city", "name": "Seattle", "countrycode": "US", "osm_id": 1}}],
    "pelias": [{"geometry": {"coordinates": [-122.3, 47.6]}, "properties": {"layer": "locality", "name": "Seattle", "country_a": "USA", "gid": "x", "source": "whosonfirst"}}],
    "geonames": [{"lat": "47.6", "lng": "-122.3", "toponymName": "Seattle", "fcl": "P", "geonameId": 1, "countryCode": "US"}],
}  # fmt: skip
FFHQ = {"0": {"photo_url": "https://www.flickr.com/photos/a/1234567/", "license_url": "https://creativecommons.org/licenses/by/2.0/", "photo_title": "T",
              "author": "A", "country": "US", "date_uploaded": "2016-01-02"}}  # fmt: skip
FLICKR = {"photos": {"photo": [{"id": "1234567", "owner": "37531198@N00", "license": "4", "tags": "a b", "datetaken": "2010-01-02 00:00:00", "latitude": 1.0, "longitude": 2.0}]}, "stat": "ok"}  # fmt: skip
XML = '<?xml version="1.0"?><rsp stat="ok"><photos><photo id="1234567" owner="37531198@N00" license="4" latitude="1" longitude="2"/></photos></rsp>'
HISTORY = '<?xml version="1.0"?><rsp stat="ok"><license_history date_change="1262304000" old_license_url="https://creativecommons.org/licenses/by/2.0/" new_license_url=""/></rsp>'
PATHS = "FlickrFinal2/375/37531198@N00/4174611825_0.jpg\n37531198@N00_identity_3/4174611825_0.jpg\n"
PHOTO_CSV = "photoid,uid,licenseurl,usertags\n1234567,37531198@N00,https://creativecommons.org/licenses/by/2.0/,a\n"
YFCC = "\t".join(["1234567", "37531198@N00", "name", "2010-01-02 00:00:00.0", "1262304000", "cam", "t", "d", "a,b", "", "1.0", "2.0", "16",
                  "http://www.flickr.com/photos/37531198@N00/1234567/", "http://farm1.staticflickr.com/1/1234567_abcdef.jpg",
                  "Attribution License", "http://creativecommons.org/licenses/by/2.0/", "1", "1", "abcdef", "abcdef", "jpg", "0"]) + "\n"  # fmt: skip
LABELS = '{"work": "doi:10.5555/a", "label": "used", "purposes": ["train"], "labelled_at": "2026-01-02T00:00:00Z", "note": null}\n'
LABEL_CSV = "work,label,purposes,note\ndoi:10.5555/a,used,train;test,x\n"
ASREVIEW = "title,doi,url,year,included,notes\nT,10.5555/a,http://x,2019,1,used train\n"
RAYYAN = 'key,title,year,url,notes\nrayyan-1,T,2019,http://x,"RAYYAN-INCLUSION: {""ann""=>""Included""}"\n'
RELIANCE = "patent\tdoi\toaid\tconfscore\nus-1234567\t10.5555/a\tW1\t9\n"
CORRECTIONS = "dataset,received_on,who,what,about,outcome,reason\n,2026-01-02,X,It was wrong,T,open,ok\n"


class _Anywhere(NamedTuple):
    countries: frozenset[str] = frozenset()

    def find_flaw(self, *_: object) -> None:
        return None


def strictly(parse: Callable[[Path], Any], path: Path) -> Callable[[bytes], Any]:
    """Reads a file of these bytes; a ValueError, which a parser of answers may raise, is none for a reader of files."""

    def read(data: bytes) -> Any:
        path.write_bytes(data)
        try:
            return parse(path)
        except ValueError as error:
            raise TypeError(f"{type(error).__name__}: {error}") from error

    return read


def _photos(path: Path) -> list[Any]:
    """As `photos audit` reads it, but for the engine."""
    with Rejects(path.with_name("rejects.csv")) as rejects:
        kind = find_format(path)
        if kind.startswith("yfcc"):
            return list(read_yfcc(path, int(kind[-2:]), rejects))
        found: list[Any] = list(READERS[kind](path, rejects)) if kind in READERS else []
        return found + (list(read_changes(path)) if kind == "xml" else [])


def _credits(path: Path) -> Any:
    with Rejects(path.with_name("rejects.csv")) as rejects:
        return read_credits([path], [Path("1234567.jpg")], rejects)


def _uspto(data: bytes) -> Any:
    answer = parse_json(data)
    return [parse_application(record) for record in parse_hits(answer)[0]] if isinstance(answer, dict) else None


def _places(service: str) -> Callable[[bytes], Any]:
    anywhere: Any = _Anywhere()

    def read(data: bytes) -> Any:
        given = parse_json(data)
        rows = [row for row in given if isinstance(row, dict)] if isinstance(given, list) else []
        return read_answer(service, rows, anywhere, anywhere)

    return read


def more_parsers(folder: Path) -> Iterator[tuple[str, tuple[bytes, Callable[[bytes], Any]]]]:
    """(name, (a right answer, what reads it))."""
    terms = Terms(("MegaFace",), ("MF2",), ("face",))
    yield "semantic scholar search", (json.dumps(SEARCH).encode(), lambda data: parse_s2_hits(parse_object(data), terms, Config()))
    yield "semantic scholar snippets", (json.dumps(SNIPPETS).encode(), lambda data: parse_snippets(parse_object(data), terms))
    yield "uspto", (json.dumps(USPTO).encode(), _uspto)
    for service, answer in PLACES.items():
        yield service, (json.dumps(answer).encode(), _places(service))
    files = {
        "ffhq.json": json.dumps(FFHQ),
        "flickr.json": json.dumps(FLICKR),
        "photos.xml": XML,
        "history.xml": HISTORY,
        "paths.txt": PATHS,
    }
    for name, text in (files | {"photos.csv": PHOTO_CSV, "yfcc.tsv": YFCC}).items():
        yield name, (text.encode(), strictly(_photos, folder / name))
    yield "credits", (json.dumps(FFHQ).encode(), strictly(_credits, folder / "credits.json"))
    labels = {
        "labels.jsonl": LABELS,
        "labels.csv": LABEL_CSV,
        "asreview.csv": ASREVIEW,
        "rayyan.csv": RAYYAN,
        "labels.ris": "TY  - JOUR\nTI  - T\nDO  - 10.5555/a\nN1  - used\nER  - \n",
    }
    for name, text in labels.items():
        yield name, (text.encode(), strictly(lambda path: list(read_labels(path, "ann")), folder / name))
    yield (
        "reliance on science",
        (RELIANCE.encode(), strictly(lambda path: list(parse_citations(path, {"doi": {"10.5555/a"}})), folder / "pcs.tsv")),
    )
    yield "corrections", (CORRECTIONS.encode(), strictly(read_corrections, folder / "corrections.csv"))
