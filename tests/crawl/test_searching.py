"""How a search asks and goes on: queries, what counts as a name, pages; nothing of it needs a network."""

from __future__ import annotations

import json

from crawler.datasets import find_in_catalogue
from crawler.lists.search_paging import SearchReading
from crawler.lists.searching import Terms, bulk_query, find_quotes, open_query, snippet_queries, terms_of

BULK = 'search: "MegaFace" | "MegaFace2" | "Mega Face" | ("MF1" + ("face")) | ("MF2" + ("face")) | ("MF-2" + ("face"))'


def test_names_become_queries() -> None:
    terms = terms_of(find_in_catalogue("megaface"))
    assert "search: " + bulk_query(terms) == BULK
    assert open_query(terms).endswith('OR ("MF2" AND ("face")) OR ("MF-2" AND ("face"))')
    assert snippet_queries(terms)[0] == "MegaFace dataset"
    assert not terms_of(find_in_catalogue("flickr-cc")).weak, "a weak name without context words is not searched for"


def test_what_names_a_dataset() -> None:
    terms = Terms(("MegaFace", "LFW"), ("Duke",), ("re-identification",))
    quotes = find_quotes([("A title", "title"), ("First. We use Mega-\nFace and LFW here. Last.", "abstract")], terms)
    assert [quote.text for quote in quotes] == ["We use Mega- Face and LFW here."]
    assert [q.alias for q in find_quotes([("MEGAFACE and lfw", None)], terms)] == ["MEGAFACE"], "short names stand in their own case"
    assert not find_quotes([("Work at Duke", None)], terms)
    assert [q.alias for q in find_quotes([("Re-identification on Duke", None)], terms)] == ["Duke"]
    assert not find_quotes([("a mega face", None)], Terms(("Mega Face",))), "several small words are no name"
    assert not find_quotes([("MegaFaces", None), ("XMegaFace", None)], terms)
    long = find_quotes([("word " * 200 + "MegaFace " + "word " * 200, None)], terms)[0].text
    assert "MegaFace" in long and len(long) <= 302


def test_reading_of_a_search() -> None:
    reading = SearchReading(since=2015)
    reading.take(1000, 2600, "t1")
    assert reading.position.token == "t1" and not reading.is_done
    reading.take(999, 2600, None)
    assert reading.position.window == (("", "2015-12-31")), "600 are missing"
    reading.take(700, 700, None)
    assert reading.position.window == ("2016-01-01", "")
    reading.take(1900, 1900, None)
    assert reading.is_done and not reading.position.capped
    capped = SearchReading(cap=1500)
    capped.take(1000, 9000, "a")
    capped.take(1000, 9000, "b")
    assert capped.is_done and capped.position.capped
    lost = SearchReading()
    for _ in range(3):
        lost.take(0, 5, "again")
    assert lost.is_done, "a token that leads to nothing is not followed for ever"
    never = SearchReading(since=2015)
    for _ in range(2000):
        if never.is_done:
            break
        never.take(0, 100_000, None)
    assert never.is_done and never.position.capped, "an estimate that is wrong everywhere does not keep it for ever"
    assert json.loads(never.position.to_json())["window"] is None
