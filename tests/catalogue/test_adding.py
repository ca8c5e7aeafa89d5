"""``datasets add`` against a provider on this machine that answers, refuses and fails as the real one does."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from crawler.catalogue.adding import Wish, add_dataset
from crawler.catalogue.lookup import find_paper, parse_paper_id
from crawler.catalogue.pages import list_lines, show_lines
from db.config import Config
from db.connect import Database, open_for_reading
from db.errors import ProviderError, UsageError, WhereusedError
from db.queries.datasets import load_dataset
from tests.crawl.hostile import HostileServer
from tests.helpers.command import whereused

PAPER = {
    "paperId": "a" * 40, "title": "Level Playing Field for\n Million Scale Face Recognition", "year": 2017, "venue": "CVPR",
    "externalIds": {"ArXiv": "1705.00393", "DOI": "10.1109/CVPR.2017.363", "CorpusId": 2077386},
}  # fmt: skip

CUT = b'{"paperId": "aaaa'  # a byte more is announced


@contextmanager
def provider(*answers: tuple[int, object]) -> Iterator[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """A server that gives these answers one after the other, the last one for good; its address and what it was asked."""
    asked: list[tuple[str, dict[str, str]]] = []
    todo = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            status, body = todo.pop(0) if len(todo) > 1 else todo[0]
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data) + (body == CUT)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/graph/v1", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def add(cwd: Path, url: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    environ = {"WHEREUSED_SEMANTIC_SCHOLAR_URL": url} | environment
    return whereused("--db", "a.db", "datasets", "add", *arguments, cwd=cwd, environ=environ)


def show(cwd: Path, slug: str) -> dict[str, object]:
    done = whereused("--db", "a.db", "datasets", "show", slug, "--json", cwd=cwd)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_add_asks_the_provider_and_keeps_the_key_to_itself(tmp_path: Path) -> None:
    with provider((200, PAPER)) as (url, asked):
        arguments = (
            "myset",
            "--name",
            "My Set",
            "--paper",
            "arXiv:1705.00393v2",
            "--alias",
            "MS",
            "--ancestor",
            "megaface",
            "--ancestor",
            "old tapes",
        )
        done = add(tmp_path, url, *arguments, WHEREUSED_SEMANTIC_SCHOLAR_KEY="secret-key", WHEREUSED_CONTACT="ops@example.org")
    assert done.returncode == 0, done.stderr
    assert "'old tapes' is no known dataset; kept as words" in done.stderr
    ((path, headers),) = asked
    assert path == "/graph/v1/paper/ARXIV:1705.00393?fields=title,year,venue,externalIds"
    assert headers["x-api-key"] == "secret-key"
    assert headers["user-agent"].startswith("whereused/")
    assert "ops@example.org" in headers["user-agent"]
    page = show(tmp_path, "myset")
    assert page["papers"] == [
        {"title": "Level Playing Field for Million Scale Face Recognition", "year": 2017, "venue": "CVPR", "arxiv": "1705.00393",
         "doi": "10.1109/cvpr.2017.363", "s2": "a" * 40}
    ]  # fmt: skip
    assert (page["aliases"], page["weak_aliases"], page["year"], page["origin"]) == (["My Set"], ["MS"], 2017, "user")
    assert page["ancestors"] == ["megaface", "old tapes", "yfcc100m", "flickr-cc"]
    assert b"secret-key" not in (tmp_path / "a.db").read_bytes()


def test_adding_again_adds_to_it(tmp_path: Path) -> None:
    other = PAPER | {"paperId": "b" * 40, "title": "Another", "externalIds": {"DOI": "10.1000/x"}}
    with provider((200, PAPER), (200, PAPER), (200, other)) as (url, _):
        add(tmp_path, url, "myset", "--name", "My Set", "--paper", "1705.00393")
        done = add(tmp_path, url, "myset", "--name", "My Set", "--paper", "10.1109/CVPR.2017.363", "--paper", "10.1000/x")
    assert "2 papers" in done.stderr
    assert len(show(tmp_path, "myset")["papers"]) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "body", "code", "said"),
    [
        (404, {"error": "Paper with id x not found"}, 1, "knows no paper 10.1000/x"),
        (403, {"message": "Forbidden"}, 3, "WHEREUSED_SEMANTIC_SCHOLAR_KEY"),
        (400, {"error": "Unrecognized or unsupported fields"}, 3, "does not understand"),
        (200, b"<html>gateway</html>", 3, "no JSON"),
        (200, {"paperId": "a" * 40, "title": None}, 3, "without a title"),
        (302, b"", 3, "302"),
    ],
)
def test_refusals_are_one_line_and_write_nothing(tmp_path: Path, status: int, body: object, code: int, said: str) -> None:
    with provider((status, body)) as (url, asked):
        done = add(tmp_path, url, "myset", "--name", "My Set", "--paper", "10.1000/x")
    assert (done.returncode, done.stderr.count("\n")) == (code, 1)
    assert said in done.stderr
    assert len(asked) == 1
    assert not (tmp_path / "a.db").exists()


def test_a_paper_by_its_whole_title_and_no_other() -> None:
    title = "Level playing-field for million scale face recognition"
    with provider((200, {"data": [PAPER]})) as (url, asked):
        config = Config(values={"SEMANTIC_SCHOLAR_URL": url})
        assert find_paper(config, title).arxiv == "1705.00393"
        with pytest.raises(WhereusedError, match=f"--paper {'a' * 40}"):
            find_paper(config, f"{title} II")
    assert asked[0][0].startswith("/graph/v1/paper/search/match?query=Level+playing-field")
    with provider((404, {"error": "Title match not found"})) as (url, _), pytest.raises(WhereusedError, match="knows no paper"):
        find_paper(Config(values={"SEMANTIC_SCHOLAR_URL": url}), title)


def test_it_asks_again_after_a_while_and_then_gives_up() -> None:
    waits: list[float] = []
    failures = [(429, {"message": "Too Many Requests", "code": "429"}), (500, {"message": "Internal Server Error"})]
    with provider(*failures, (200, CUT), (200, PAPER)) as (url, asked):
        paper = find_paper(Config(values={"SEMANTIC_SCHOLAR_URL": url, "RATE_SEMANTIC_SCHOLAR": "1000"}), "a" * 40, sleep=waits.append)
    assert (paper.year, len(asked), waits) == (2017, 4, [2.0, 4.0, 8.0])
    waits.clear()
    with provider((504, b"Endpoint request timed out")) as (url, asked), pytest.raises(ProviderError, match="status 504"):
        find_paper(Config(values={"SEMANTIC_SCHOLAR_URL": url, "RATE_SEMANTIC_SCHOLAR": "1000"}), "CorpusId:77", sleep=waits.append)
    assert (len(asked), waits) == (5, [2.0, 4.0, 8.0, 16.0])
    assert asked[0][0].startswith("/graph/v1/paper/CorpusId:77?")


def test_an_answer_that_comes_drop_by_drop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.catalogue.lookup.WHOLE_S", 0.0)
    with HostileServer() as server, pytest.raises(ProviderError, match="not whole after 0 s"):
        find_paper(
            Config(values={"SEMANTIC_SCHOLAR_URL": f"http://127.0.0.1:{server.port}/drops.pdf", "RATE_SEMANTIC_SCHOLAR": "1000"}),
            "1705.00393",
            sleep=lambda _: None,
        )


def test_nobody_answers() -> None:
    with provider((200, PAPER)) as (url, _):
        pass  # its port is closed again
    with pytest.raises(ProviderError, match="can't be asked"):
        find_paper(Config(values={"SEMANTIC_SCHOLAR_URL": url, "RATE_SEMANTIC_SCHOLAR": "1000"}), "1705.00393", sleep=lambda _: None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("megaface", "--name", "Mine"), "stands in the catalogue already"),
        (("My Set", "--name", "Mine"), "is no slug"),
        (("myset", "--name", " "), "the name is empty"),
        (("myset", "--name", "Mine", "--paper", "nonsense"), "is no arXiv id"),
        (("myset", "--name", "Mine", "--ancestor", "myset"), "its own ancestor"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = add(tmp_path, "http://127.0.0.1:9", *arguments)
    assert done.returncode == 2
    assert said in done.stderr.splitlines()[-1]


def test_ids_of_papers() -> None:
    assert parse_paper_id("https://arxiv.org/abs/1705.00393v1") == ("arxiv", "1705.00393")
    assert parse_paper_id("https://doi.org/10.1109/CVPR.2017.363") == ("doi", "10.1109/cvpr.2017.363")
    assert parse_paper_id("A" * 40) == ("s2", "a" * 40)
    assert parse_paper_id("CorpusId:77") == ("corpus", "77")
    with pytest.raises(UsageError):
        parse_paper_id("77")
    with pytest.raises(WhereusedError):
        find_paper(Config(values={"SEMANTIC_SCHOLAR_URL": "file:///etc"}), "a" * 40)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish("a" * 65, "Mine"), "at most 64"),
        (Wish("mine", "Mine\x1b]0;x\x07"), "no text of one line"),
        (Wish("mine", "Mine\nBcc: a"), "no text of one line"),
        (Wish("mine", "Mine", aliases=("\u202eeniM",)), "no text of one line"),
        (Wish("mine", "M" * 301), "no text of one line"),
        (Wish("mine", "Mine", homepage="javascript:alert(1)"), "no web address"),
    ],
)
def test_what_would_harm_a_page_or_a_terminal_is_refused(tmp_path: Path, wish: Wish, said: str) -> None:
    with pytest.raises(UsageError, match=said) as refused:
        add_dataset(Config(db=tmp_path / "w.db"), wish)
    assert str(refused.value).isprintable() and not list(tmp_path.iterdir())


def test_a_database_that_holds_such_things_all_the_same(tmp_path: Path) -> None:
    """Made by an earlier version, or by somebody else."""
    config = Config(db=tmp_path / "w.db")
    add_dataset(config, Wish("mine", "Mine"))
    with closing(sqlite3.connect(config.db, isolation_level=None)) as conn:
        conn.execute("UPDATE dataset SET name = ?, homepage = 'javascript:alert(1)' WHERE slug = 'mine'", ["Mi\x1b[2Jne\nsecond\tline"])
    listed = [*list_lines(config, as_json=False, aligned=False), *show_lines(config, "mine", as_json=False)]
    assert "mine\tMi [2Jne second line\t\t0\t0" in listed and all(line.replace("\t", "").isprintable() for line in listed)
    with closing(open_for_reading(config.db).conn) as conn:
        assert load_dataset(Database(conn), "mine").homepage is None
