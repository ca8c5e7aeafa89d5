"""Whole releases: a server with expiring links, shards that overlap, a kill between two of them, and a later release by its changes."""

from __future__ import annotations

import gzip
import json
import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crawler.bulk import engine, release
from crawler.bulk import run as stage
from crawler.runs import open_session
from db.config import Config
from db.connect import writing
from db.errors import ProviderError, UsageError
from db.records import WorkRecord
from db.works import save_work
from whereused import main

SEED, OTHER = 27071477, 5
Line = dict[str, Any]


def cites(number: int, citing: int, cited: int | None = SEED, **more: Any) -> Line:
    return {
        "citationid": number,
        "citingcorpusid": citing,
        "citedcorpusid": cited,
        "isinfluential": False,
        "contexts": None,
        "intents": None,
    } | more


def describes(corpus: int, **more: Any) -> Line:
    ids = {"DOI": f"10.5555/p.{corpus}", "ArXiv": None, "CorpusId": str(corpus)}
    authors = [{"authorId": "1", "name": "Ann Lee"}]
    return {"corpusid": corpus, "externalids": ids, "title": f"Paper {corpus}", "authors": authors, "venue": "V", "year": 2020} | more


def identifies(corpus: int) -> Line:
    return {"sha": f"{corpus:040x}", "corpusid": corpus, "primary": True}


FIRST = {
    "citations": [
        [cites(1, 11, contexts=["We use it [1]."], intents=[["methodology"]]), cites(2, 12), cites(3, 13, None), cites(4, 14, OTHER)],
        [cites(9, 11, isinfluential=True), cites(5, 15)],  # shards overlap and do not agree
    ],
    "papers": [[describes(11), describes(12), describes(99)], [describes(15, year=None, publicationdate="2019-05-01")]],
    "paper-ids": [[identifies(11), identifies(12), identifies(15), {"sha": "f" * 40, "corpusid": 11, "primary": False}]],
}  # fmt: skip
DIFFS = {
    "citations": ([cites(6, 16), cites(5, 15, OTHER)], [{"citationid": 2}]),
    "papers": ([describes(16), describes(11, title="Paper 11, revised")], [{"corpusid": 12}]),
    "paper-ids": ([identifies(16)], []),
}


class Server(ThreadingHTTPServer):
    """The Datasets API and its store of files; a link is good for ``lasting`` requests."""

    lasting, newest, broken = 10_000, "2026-01-01", ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server_port}"
        self.left: dict[str, int] = {}
        self.asked: list[str] = []
        self.signature = 0

    def links(self, dataset: str, names: list[str]) -> list[str]:
        self.signature += 1
        out = [f"{self.base}/files/{dataset}/{name}.gz?sig={self.signature}" for name in names]
        self.left |= dict.fromkeys(out, self.lasting)
        return out[::-1]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.server.asked.append(self.path.split("?")[0])
        status, body = self.answer()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer(self) -> tuple[int, bytes]:
        parts = self.path.split("?")[0].strip("/").split("/")
        if parts[0] == "files":
            link = self.server.base + self.path
            if self.server.left.get(link, 0) <= 0:
                return 403, b"<Error><Code>AccessDenied</Code></Error>"
            self.server.left[link] -= 1
            name = parts[2].removesuffix(".gz")
            if self.path.split("?")[0] == self.server.broken:
                return 200, b"\x1f\x8bno gzip at all"
            kind, number = name.split("-")
            lines = FIRST[parts[1]][int(number)] if kind == "full" else DIFFS[parts[1]][kind == "delete"]
            return 200, gzip.compress(b"".join(json.dumps(line).encode() + b"\n" for line in lines) + b"{broken\n")
        if self.headers.get("x-api-key") != "secret":
            return 401, b"{}"
        if parts == ["release", "latest"]:
            return 200, json.dumps({"release_id": self.server.newest}).encode()
        if parts[0] == "release":
            names = [f"full-{number}" for number in range(len(FIRST[parts[3]]))]
            return 200, json.dumps({"name": parts[3], "files": self.server.links(parts[3], names)}).encode()
        if parts[0] == "diffs":
            step = {"from_release": parts[1], "to_release": parts[3], "update_files": self.server.links(parts[4], ["update-0"])}
            step["delete_files"] = self.server.links(parts[4], ["delete-0"]) if DIFFS[parts[4]][1] else []
            return 200, json.dumps({"dataset": parts[4], "diffs": [step]}).encode()
        return 404, b"{}"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(release, "PAUSE", 0.0)
    made = Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def config(tmp_path: Path, server: Server) -> Config:
    values = {"S2_DATASETS_URL": server.base, "SEMANTIC_SCHOLAR_KEY": "secret"}
    made = Config(db=tmp_path / "w.db", verbosity=-1, values=values)
    with open_session(made, ["megaface"]) as session, writing(session.db):
        record = WorkRecord("The MegaFace Benchmark", ids=(("corpus", str(SEED)),))
        work_id = save_work(session.db, record, provider="semantic_scholar", run_id=session.run_id)
        session.db.conn.execute("UPDATE dataset_paper SET work_id = ? WHERE slug = 'megaface' AND position = 0", [work_id])
    return made


def rows(config: Config, sql: str) -> list[tuple[Any, ...]]:
    conn = sqlite3.connect(config.db)
    try:
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


CITING = """SELECT w.title, w.year, s.is_influential, (SELECT count(*) FROM citation_context x WHERE x.citation_id = c.citation_id),
                   s.withdrawn_at IS NULL
              FROM citation c JOIN citation_sighting s USING (citation_id) JOIN work w ON w.work_id = c.citing_work_id ORDER BY w.title"""
STANDS = [("Paper 11", 2020, 1, 1, 1), ("Paper 12", 2020, 0, 0, 1), ("Paper 15", 2019, 0, 0, 1)]


def test_a_release_then_the_next_one_by_its_changes(config: Config, server: Server) -> None:
    report = stage.run(config, ["megaface"])
    assert (report.release, report.n_seeds, report.n_lists, report.n_rows) == ("2026-01-01", 1, 1, 3)
    assert rows(config, CITING) == STANDS
    assert set(rows(config, "SELECT scheme, value FROM external_id WHERE value LIKE '%11'")) >= {("corpus", "11"), ("doi", "10.5555/p.11")}
    server.asked.clear()
    assert stage.run(config, ["megaface"]).n_lists == 0  # nothing new, nothing fetched
    assert server.asked == ["/release/latest"]
    server.newest = "2026-02-01"
    assert stage.run(config, ["megaface"]).n_rows == 2
    assert not [path for path in server.asked if path.startswith("/files/") and "full" in path]
    after = {title: stands for title, *_, stands in rows(config, CITING)}
    assert after == {"Paper 11, revised": 1, "Paper 12": 0, "Paper 15": 0, "Paper 16": 1}
    assert not [*config.files.rglob("*.shard"), *config.files.rglob("*.partial"), *config.files.rglob("*.new")]


def test_links_expire_and_a_stopped_call_goes_on_with_the_next_file(
    config: Config, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, done = engine.Engine.keep, []

    def keep_two(self: engine.Engine, dataset: str, shard: Path, target: Path) -> int:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(target.name)
        return keep(self, dataset, shard, target)

    monkeypatch.setattr(engine.Engine, "keep", keep_two)
    with pytest.raises(KeyboardInterrupt):
        stage.run(config, ["megaface"])
    monkeypatch.undo()
    monkeypatch.setattr(release, "PAUSE", 0.0)
    server.asked.clear()
    links = server.links

    def stale_once(dataset: str, names: list[str]) -> list[str]:
        server.lasting = 0 if dataset not in seen else 1
        seen.add(dataset)
        return links(dataset, names)

    seen: set[str] = set()
    monkeypatch.setattr(server, "links", stale_once)
    assert stage.run(config, ["megaface"]).n_rows == 3
    assert rows(config, CITING) == STANDS
    assert not [path for path in server.asked if path.startswith("/files/citations")]
    assert server.asked.count("/release/2026-01-01/dataset/papers") >= 2


def test_a_damaged_file_is_told_and_fetched_anew(config: Config, server: Server) -> None:
    server.broken = "/files/papers/full-1.gz"
    with pytest.raises(ProviderError, match="damaged"):
        stage.run(config, ["megaface"])
    assert rows(config, CITING) == []
    server.broken = ""
    assert stage.run(config, ["megaface"]).n_rows == 3


def test_what_is_missing_is_said(config: Config, server: Server, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["bulk", "lfw"], env={"WHEREUSED_DB": str(config.db), "WHEREUSED_S2_DATASETS_URL": server.base})
    assert isinstance(done.exception, UsageError) and "crawl --limit 1" in str(done.exception)
    done = CliRunner().invoke(main, ["bulk", "megaface"], env={"WHEREUSED_DB": str(config.db), "WHEREUSED_S2_DATASETS_URL": server.base})
    assert isinstance(done.exception, ProviderError) and "WHEREUSED_SEMANTIC_SCHOLAR_KEY" in str(done.exception)


def test_older_lines_with_capitals_and_ids_as_texts(tmp_path: Path) -> None:
    shard = tmp_path / "shard"
    shard.write_text('{"citingCorpusId":"256104551", "citedCorpusId":"251072899"}\n{"citingCorpusId":"2", "citedCorpusId":"3"}\n')
    with engine.open_engine(tmp_path) as made:
        made.want([251072899])
        assert made.keep("citations", shard, tmp_path / "kept.parquet") == 1
        assert made.gather([tmp_path / "kept.parquet"]) == [256104551]
        shard.write_text('{"from": 1, "to": 2}\n')
        with pytest.raises(ProviderError, match="another shape"):
            made.keep("citations", shard, tmp_path / "other.parquet")


@pytest.mark.gold
def test_recorded_lines_are_filtered_as_plain_python_does(tmp_path: Path, gold: Path) -> None:
    shard = gold / "recordings" / "semantic_scholar" / "bulk-citation-edges-2023.jsonl"
    pairs = [
        (int(line["citedCorpusId"]), int(line["citingCorpusId"]))
        for line in map(json.loads, shard.read_text(encoding="utf-8").splitlines())
    ]
    wanted = sorted({cited for cited, _ in pairs})[:100]
    with engine.open_engine(tmp_path) as made:
        made.want(wanted)
        made.keep("citations", shard, tmp_path / "kept.parquet")
        assert made.gather([tmp_path / "kept.parquet"]) == sorted({citing for cited, citing in pairs if cited in wanted})
