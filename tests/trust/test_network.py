"""A network and providers that fail, change or mix things up: what was harvested stays, and one line says what to do."""

from __future__ import annotations

import json
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.sample.provider import Fault, LoopbackProvider
from tests.crawl.process import Running
from tests.crawl.world import BENCHMARK, MEGAFACE, Crawl, citing, edge, provider_of
from tests.helpers.dump import canonical_dump
from tests.trust.conftest import Calm
from tests.trust.house import no_names


def certificate(folder: Path) -> Path:
    """A certificate that nobody has signed but itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, today = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, today - timedelta(1), today + timedelta(1))
    made = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False).sign(key, hashes.SHA256())
    path, kind = folder / "server.pem", serialization.PrivateFormat.PKCS8
    private = key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[str]:
    """A server whose certificate can't be trusted; it must never see a request."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    seen: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                plain, _ = listening.accept()
                with suppress(OSError), context.wrap_socket(plain, server_side=True) as secure:
                    seen.append(secure.recv(1000))

    threading.Thread(target=serve, daemon=True).start()
    yield f"https://localhost:{listening.getsockname()[1]}"
    listening.close()
    assert not [text for text in seen if text]


@pytest.mark.parametrize("fault", ["names", "certificate"])
def test_no_way_to_the_provider(calm: Calm, tmp_path: Path, impostor: str, fault: str) -> None:
    house = calm.end.copied(tmp_path / "house")
    before = canonical_dump(house.db)
    if fault == "names":
        done = house.run("crawl", prepare=no_names, semantic_scholar_url="http://names.test/graph/v1", semantic_scholar_key="k-4711")
    else:
        done = house.run("crawl", semantic_scholar_url=f"{impostor}/graph/v1", semantic_scholar_key="k-4711")
    assert done.code == 3 and "Traceback" not in done.err, done.err
    (line,) = [line for line in done.err.splitlines() if line.startswith("whereused: ")]
    assert "the host is unknown" in line if fault == "names" else "certificate" in line, line
    assert "k-4711" not in done.err
    strip = [row for row in canonical_dump(house.db).splitlines() if not row.startswith("crawl_problem")]
    assert strip == [row for row in before.splitlines() if not row.startswith("crawl_problem")]


@pytest.mark.parametrize("fault", ["names", "certificate"])
def test_no_way_for_the_commands_that_ask_by_themselves(provider: LoopbackProvider, tmp_path: Path, impostor: str, fault: str) -> None:
    """`datasets add` and `gazetteer update` use no Scrapy: one line all the same, no key, and nothing is written."""
    base = "http://names.test" if fault == "names" else impostor
    settings = {"SEMANTIC_SCHOLAR_URL": f"{base}/graph/v1", "ROR_DUMP_URL": f"{base}/records", "SEMANTIC_SCHOLAR_KEY": "k-4711"}
    environ = {
        **os.environ,
        **{f"WHEREUSED_{name}": value for name, value in settings.items()},
        "WHEREUSED_GAZETTEER": str(tmp_path / "g.db"),
    }
    adding = ["datasets", "add", "mine", "--name", "Mine", "--paper", "10.5555/mine"]
    for arguments in (adding, ["gazetteer", "update"]):
        code, out, err = Running(["--db", str(tmp_path / "w.db"), *arguments], environ, prepare=partial(hasty, fault == "names")).wait()
        assert (code, out) == (3, "") and "Traceback" not in err and "k-4711" not in err, err
        assert err.count("whereused: ") == 1 and ("certificate" in err or "name" in err), err
    assert not (tmp_path / "w.db").exists() and not (tmp_path / "g.db").exists()


def hasty(no_name_server: bool) -> None:
    """In the child: don't wait between tries."""
    import crawler.catalogue.lookup

    crawler.catalogue.lookup.WAITS_S = (0.0,)
    crawler.catalogue.lookup.time.sleep = lambda _: None  # type: ignore[attr-defined]
    crawler.catalogue.lookup.find_paper.__kwdefaults__["sleep"] = lambda _: None
    if no_name_server:
        no_names()


def changed(number: int) -> dict[str, Any]:
    """A work in a shape that the provider has never had: each tenth of them misses, mistypes or renames something else."""
    strange: list[dict[str, Any]] = [
        {"title": None},
        {"title": {"text": "A title with a language", "lang": "en"}},
        {"year": "2019"},
        {"externalIds": [["DOI", "10.5555/x"]]},
        {"authors": "Ada Example, Bo Example"},
        {"publicationTypes": "NewKindOfArticle"},
        {"publicationTypes": ["KindOf2027"], "openAccessPdf": "https://example.org/x.pdf"},
        {"venue": ["A", "B"], "publicationDate": 20190101},
        {"corpusId": {"value": 5}, "authors": [None, 3, {"name": ["x"]}]},
        {"openAccessPdf": {"url": 17, "license": []}, "year": 10**30},
    ]
    return citing(number) | strange[number % len(strange)]


def test_a_schema_that_changed_loses_no_row_and_heals(tmp_path: Path) -> None:
    rows = [
        edge(i, citingPaper=changed(i), contexts=f"no list {i}", contextsWithIntent={"a": 1}, intents=["quantum"], isInfluential="yes")
        for i in range(30)
    ]
    page = json.dumps({"offset": 0, "data": rows}).encode()
    with provider_of({MEGAFACE: []}, faults=[Fault("body", where=f"{MEGAFACE}/citations", body=page, times=-1)]) as provider:
        crawl = Crawl(tmp_path / "w.db", provider)
        done = crawl("megaface", "--no-fulltext")
        assert done.code == 0 and "Traceback" not in done.err, done.err
        assert crawl.one("SELECT count(*) FROM citation") == 30
        assert crawl.one("SELECT count(*) FROM work WHERE title LIKE '%{%' OR title LIKE '%[%'") == 0
        assert crawl.one("SELECT count(*) FROM work WHERE year NOT BETWEEN 1900 AND 2100") == 0
        provider.faults.clear()
        provider.papers.update({citing(i)["paperId"]: citing(i) for i in range(30)})
        provider.citations[MEGAFACE] = [edge(i) for i in range(30)]
        assert crawl("megaface", "--no-fulltext").code == 0
    with provider_of({MEGAFACE: [edge(i) for i in range(30)]}, [citing(i) for i in range(30)]) as provider:
        calm = Crawl(tmp_path / "calm.db", provider)
        assert calm("megaface", "--no-fulltext").code == 0
    wanted = "SELECT value, title, year, venue, authors FROM work JOIN external_id USING (work_id) WHERE scheme = 's2' ORDER BY 1"
    assert crawl.rows(wanted) == calm.rows(wanted)


def test_a_week_whose_only_full_text_cant_be_read_is_no_failure(tmp_path: Path, gazetteer: Path) -> None:
    """`run` says so, goes on and ends with 0: cron need not wake anybody for one broken PDF."""
    work = citing(1, openAccessPdf={"url": "{url}/pdf/1.pdf"})
    with provider_of({MEGAFACE: [edge(1)]}, [work], pdfs={"1.pdf": b"%PDF-1.4 nothing"}) as provider:
        environ = {**os.environ, **provider.environ, "WHEREUSED_GAZETTEER": str(gazetteer)}
        code, out, err = Running(["--db", str(tmp_path / "w.db"), "run", "megaface", "--out", str(tmp_path / "site")], environ).wait()
    assert (code, out) == (0, f"{tmp_path}/site/index.html\n"), err
    assert "read: none of 1 documents could be read" in err and (tmp_path / "site" / "megaface" / "index.html").is_file()


def test_another_papers_record_is_not_harvested(tmp_path: Path) -> None:
    """Asked by arXiv id, the provider answers with somebody else's paper: whoever cites that is not named."""
    other = {"paperId": "9" * 40, "title": "Soil moisture in alpine meadows", "externalIds": {"ArXiv": "2001.00001"}, "year": 2020}
    with provider_of({"9" * 40: [edge(1)], BENCHMARK: [edge(2)]}, [other, citing(1), citing(2)]) as provider:
        provider.faults.append(Fault("body", where="ARXIV:1505.02108", body=json.dumps(other).encode(), times=-1))
        crawl = Crawl(tmp_path / "w.db", provider)
        done = crawl("megaface", "--no-fulltext")
        assert "answers ARXIV:1505.02108 with another work: “Soil moisture" in done.err, done.err
        assert crawl.rows("SELECT value FROM external_id JOIN citation ON citing_work_id = work_id WHERE scheme = 's2'") == [
            (citing(2)["paperId"],)
        ]
        provider.faults.clear()
        provider.citations[MEGAFACE] = [edge(1)]
        assert crawl("megaface", "--no-fulltext").code == 0
        assert crawl.one("SELECT count(*) FROM citation") == 2
        assert crawl.one("SELECT count(*) FROM crawl_problem WHERE subject LIKE '%Million Faces%'") == 0
