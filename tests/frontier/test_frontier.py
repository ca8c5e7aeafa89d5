"""Full texts by several worker processes over one real Redis: nothing lost, nothing twice, one pace; whatever dies."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.frontier.ledger import redis_ledger
from crawler.frontier.manners import Shared
from crawler.frontier.server import PREFIX, Frontier, FrontierError
from crawler.frontier.ticket import Answer, PoisonedError, Ticket
from crawler.manners.ledger import LONGEST_HOLD
from crawler.manners.pace import AT_ONCE, Pace
from db.config import Config
from db.errors import UsageError
from db.fulltexts import Place
from tests.crawl.process import Running
from tests.crawl.world import MEGAFACE, Crawl, citing, edge, provider_of
from tests.frontier.hosts import Host, Reply, serving
from tests.frontier.redis import redis_server
from tests.helpers.dump import canonical_dump
from whereused import main

RATE = 10.0  # requests a second to each host


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from redis_server(tmp_path_factory.mktemp("redis"))


def pdf(name: str) -> bytes:
    return b"%PDF-1.4\n" + name.encode() * 200


# ---------------------------------------------------------------- the real commands


def test_three_workers_one_of_them_killed(server: str, tmp_path: Path) -> None:
    """The same database as from a crawl by one process; no host is asked faster, or by two at once, for all the workers."""
    plain, slow = Host("127.0.0.2"), Host("127.0.0.3", otherwise=Reply(404, seconds=0.02))
    shut, broken, deadly = Host("127.0.0.4", otherwise=Reply(403)), Host("127.0.0.5", otherwise=Reply(503)), Host("127.0.0.6")
    many = [Host(f"127.0.1.{i}", otherwise=Reply(body=pdf(str(i)), seconds=0.3)) for i in range(1, 19)]  # a worker takes 8 at a time
    hosts = (plain, slow, shut, broken, deadly, *many)
    with serving(*hosts):
        links = [f"{plain.url}/{i}.pdf" for i in range(16)] + [f"{plain.url}/0.pdf", f"{plain.url}/page", f"{plain.url}/moved"]
        links += [f"{slow.url}/{i}.pdf" for i in range(6)] + [f"{shut.url}/{i}.pdf" for i in range(2)] + [f"{broken.url}/0.pdf"]
        links += [f"{deadly.url}/{i}.pdf" for i in range(3)] + [f"{host.url}/a.pdf" for host in many]
        plain.replies = {f"/{i}.pdf": Reply(body=pdf(f"plain {i}")) for i in range(16)}
        plain.replies |= {"/page": Reply(body=b"<html>please sign in"), "/moved": Reply(302, location=f"{slow.url}/moved.pdf")}
        slow.replies = {f"/{i}.pdf": Reply(body=pdf(f"slow {i}"), seconds=0.05) for i in range(3)}
        slow.replies["/moved.pdf"] = Reply(body=pdf("moved"))
        deadly.replies = {f"/{i}.pdf": Reply(body=pdf(f"deadly {i}")) for i in range(3)}
        papers = [
            citing(i, openAccessPdf={"url": link}, externalIds={"CorpusId": i + 1} | ({"ArXiv": f"1801.{i:05}"} if i % 4 == 1 else {}))
            for i, link in enumerate(links)
        ]
        pdfs = {f"1801.{i:05}": pdf(f"arxiv {i}") for i in range(0, len(links), 3)}
        with provider_of({MEGAFACE: [edge(i) for i in range(len(links))]}, papers, pdfs=pdfs) as provider:
            alone = Crawl(tmp_path / "alone.db", provider)
            assert alone("megaface").code == 0
            for host in hosts:
                host.asked.clear()
            crawl = Crawl(tmp_path / "w.db", provider)
            killed: list[str] = []
            workers: dict[str, Running] = {}

            def kill(path: str, agent: str) -> None:
                if path.endswith("1.pdf") and not killed:
                    killed.append(agent.partition("+")[2].rstrip(")"))
                    workers[killed[0]].send_signal(signal.SIGKILL)

            deadly.before = kill
            address = f"{server}/0"
            settings = {"redis_password": "sesame", "frontier_lease": "0.8", "rate_fulltext": str(RATE)}
            writer = crawl.start("megaface", "--frontier", address, **settings)
            frontier = Frontier(Config(values={"REDIS_PASSWORD": "sesame"}), address)
            until(lambda: frontier.redis.scard(f"{PREFIX}works") >= len(links) - 1)
            for name in ("one", "two", "three"):
                environ = crawl.environ(contact=name, db=str(tmp_path / name / "none.db"), **settings)
                workers[name] = Running(["fetch-worker", address], environ)
            code, _, err = writer.wait()
            assert code == 0, err
            for name, worker in workers.items():
                if name not in killed:
                    worker.send_signal(signal.SIGTERM)
            ends = {name: worker.wait() for name, worker in workers.items()}
    assert {name: end[0] for name, end in ends.items() if name not in killed} == dict.fromkeys(workers.keys() - killed, 130)
    assert ends[killed[0]][0] == -signal.SIGKILL
    by_one = canonical_dump(alone.db).replace('"n_tries": 2', '"n_tries": 1')  # which asks twice for the full text of two works
    by_many = canonical_dump(crawl.db)
    if len(shut.paths) > 2:  # what the dead worker had asked was asked again, and three refusals in a row are noted
        by_many = "\n".join(line for line in by_many.split("\n") if not line.startswith("host_refusal "))
    assert by_many == by_one
    assert Counter(crawl.rows("SELECT status FROM fulltext")) == Counter(alone.rows("SELECT status FROM fulltext"))
    assert not list(tmp_path.glob("*/none.db*")), "a worker needs no database"

    names = {agent for host in hosts for _, _, agent in host.asked}
    assert len(names) == 3, "all of them were at work"
    assert all(host.most_at_once == 1 for host in (shut, broken, deadly))
    seen = {(host.address, path, agent[:-1].partition("+")[2]) for host in (plain, deadly, *many) for _, path, agent in host.asked}
    twice = {key for key, n in Counter((address, path) for address, path, _ in seen if path != "/robots.txt").items() if n > 1}
    assert (deadly.address, "/1.pdf") in twice and twice <= {key[:2] for key in seen if key[2] == killed[0]}, "only what the dead had"
    assert len(set(plain.paths)) == 18 and len(plain.paths) <= 19, "the full text of two works is fetched once"
    times = [at for at, _, _ in plain.asked]
    assert len(times) >= 19 and times[-1] - times[0] >= (len(times) - RATE) / RATE, f"{len(times)} requests at {RATE:g} a second"
    left = {key.decode() for key in frontier.redis.keys(f"{PREFIX}*")} - {f"{PREFIX}{name}" for name in ("closed", "refusals", "in_vain")}
    assert all(key.startswith((f"{PREFIX}pace:", f"{PREFIX}workers")) for key in left), left


def test_a_writer_that_dies_and_messages_that_are_none(server: str, tmp_path: Path) -> None:
    """The next writer takes what the last one had taken; an answer that comes twice counts once; what is none is put aside."""
    n, address = 6, f"{server}/1"
    settings = {"redis_password": "sesame", "frontier_lease": "5", "fulltexts": (tmp_path / "papers").as_uri()}
    papers = [citing(i, openAccessPdf={"url": f"{{url}}/pdf/{i}.pdf"}) for i in range(n)]
    with provider_of({MEGAFACE: [edge(i) for i in range(n)]}, papers, pdfs={f"{i}.pdf": pdf(str(i)) for i in range(4)}) as provider:
        crawl = Crawl(tmp_path / "w.db", provider)
        frontier = Frontier(Config(values={"REDIS_PASSWORD": "sesame"}), address)
        worker = Running(["fetch-worker", address], crawl.environ(**settings))
        dies = crawl.start("megaface", "--frontier", address, dies_at=("crawler.spiders.gather:is_answered", 3), **settings)
        assert dies.wait()[0] == -signal.SIGKILL
        assert frontier.redis.llen(f"{PREFIX}saving") == 1 and crawl.one("SELECT sum(n_tries) FROM fulltext") == 2
        (work_id, url) = crawl.rows("SELECT work_id, url FROM fulltext WHERE n_tries = 1 LIMIT 1")[0]
        again = Answer(Place(work_id, url, "semantic_scholar"), "failed", "it came twice")
        strange = again.encode().replace(b'"status": "failed"', b'"status": "eaten"')
        frontier.redis.rpush(f"{PREFIX}answers", again.encode(), b"nonsense", strange, b'{"place": {"work_id": "1"}}')
        frontier.redis.lpush(f"{PREFIX}queue:127.0.0.9", b"[]", b"nonsense")
        frontier.redis.zadd(f"{PREFIX}hosts", {"127.0.0.9": 1})
        other = Crawl(tmp_path / "other.db", provider)("megaface", "--frontier", address, **settings)
        assert other.code == 2 and "belongs to" in other.err and "Traceback" not in other.err
        done = crawl("megaface", "--frontier", address, **settings)
        worker.send_signal(signal.SIGTERM)
        assert (done.code, worker.wait()[0]) == (0, 130)
        assert "an answer in Redis can't be understood and is put aside" in done.err
        assert crawl.rows("SELECT status, n_tries, count(*) FROM fulltext GROUP BY 1, 2") == [("failed", 1, 2), ("stored", 1, 4)]
        assert len(list((tmp_path / "papers").glob("*/*.pdf"))) == 4 and not crawl.db.with_name("w.db.files").joinpath("pdf").exists()
        assert frontier.redis.llen(f"{PREFIX}poisoned") == 5
        assert [path for path in Counter(r.path for r in provider.requests).items() if path[0].startswith("/pdf/") and path[1] > 1] == []


# ---------------------------------------------------------------- the frontier itself


@pytest.fixture
def frontier(server: str) -> Frontier:
    made = Frontier(Config(values={"REDIS_PASSWORD": "sesame", "FRONTIER_LEASE": "60"}), f"{server}/2")
    made.redis.flushdb()
    return made


def ticket(work_id: int, *urls: str) -> Ticket:
    return Ticket(tuple(Place(work_id, url, "arxiv") for url in urls))


def test_tickets_are_out_once_and_come_back(frontier: Frontier) -> None:
    assert frontier.push(ticket(1, "http://a/1", "http://b/1")) and not frontier.push(ticket(1, "http://c/1"))
    assert frontier.push(ticket(2, "http://a/2"))
    token, first = frontier.pop() or ("", None)
    assert first == ticket(1, "http://a/1", "http://b/1") and frontier.pop() is None, "the host is busy"
    frontier.give_back([token])
    token, first = frontier.pop() or ("", None)
    assert first == ticket(1, "http://a/1", "http://b/1"), "what is given back comes first"
    assert first is not None
    answer = Answer(first.places[0], "failed", "status 404", is_last=False, body=b"\nof two\nlines")
    assert frontier.hand_back(token, answer, first.rest) and not frontier.hand_back(token, answer, first.rest)
    assert {found[1].host for _ in range(2) if (found := frontier.pop())} == {"a", "b"}
    assert Answer.decode(frontier.take() or b"") == answer == Answer.decode(frontier.take() or b""), "until it is confirmed"
    frontier.confirm(1)
    assert frontier.take() is None and not frontier.has(1) and frontier.has(2)


def test_a_frontier_is_one_database_s_until_it_is_empty(frontier: Frontier) -> None:
    frontier.own("here:a.db")
    frontier.push(ticket(1, "http://a/1"))
    frontier.disown()
    with pytest.raises(UsageError, match=r"belongs to here:a\.db"):
        frontier.own("here:b.db")
    assert frontier.missing([3, 1, 2]) == [3, 2]
    token, first = frontier.pop() or ("", ticket(0))
    frontier.hand_back(token, Answer(first.places[0], "failed", "status 404"), None)
    frontier.take()
    frontier.confirm(1)
    frontier.disown()
    frontier.own("here:b.db")


def test_a_ticket_that_kills_is_an_answer_in_the_end(frontier: Frontier) -> None:
    frontier.lease = 0.001
    frontier.push(ticket(1, "http://a/1", "http://b/1"))
    frontier.push(ticket(2, "http://b/2"))
    for _ in range(3):
        until(lambda: any(found[1].work_id == 1 for found in [frontier.pop()] if found))
    frontier.lease = 60
    until(lambda: frontier.return_lost() or frontier.redis.llen(f"{PREFIX}answers"))
    told = Answer.decode(frontier.take() or b"")
    assert (told.place, told.status, told.is_last) == (Place(1, "http://a/1", "arxiv"), "failed", False)
    assert told.reason == "each process that fetched it died"


def test_workers_wait_for_a_writer_that_lags_behind(frontier: Frontier) -> None:
    frontier.push(ticket(1, "http://a/1"))
    frontier.redis.rpush(f"{PREFIX}answers", *[b"x"] * 64)
    assert frontier.pop() is None
    frontier.take()
    assert frontier.pop() is not None


def test_the_pace_of_two_machines(frontier: Frontier) -> None:
    """Whose clocks tell different times: that of Redis counts."""
    here, there = (Pace(100.0, 1.0, redis_ledger(frontier.config, frontier.address, "p")) for _ in range(2))
    assert here.try_turn() == 0
    assert 103.5 < there.try_turn() <= 104.0
    there.refused(3)
    there.hold(500)
    assert 499 < here.try_turn() <= 500
    with here.ledger.open() as state:
        assert state and state.extra == 60.0
        with there.ledger.open(wait=False) as held:
            assert held is None, "one process at a time"
    frontier.redis.set(f"{PREFIX}pace:p", b"half a st")
    assert 103.5 < here.try_turn() <= 104.0, "what can't be read counts as a request"
    with here.ledger.open() as state:
        assert state
        state.ready_at += 10 * LONGEST_HOLD
    assert here.try_turn() <= LONGEST_HOLD


def test_crawls_on_two_machines_keep_one_pace(frontier: Frontier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """WHEREUSED_PACE: the real command twice at once, each with a state folder of its own, as two machines have."""
    interval, running = 0.02, []
    with provider_of({MEGAFACE: [edge(i) for i in range(3)]}, [citing(i) for i in range(3)]) as provider:
        for name in ("here", "there"):
            monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / name))
            settings = {"pace": frontier.address, "redis_password": "sesame", "rate_semantic_scholar": str(1 / interval)}
            running.append(Crawl(tmp_path / f"{name}.db", provider).start("megaface", "--no-fulltext", **settings))
        for each in running:
            code, _, err = each.wait()
            assert code == 0, err
    [name] = frontier.redis.keys(f"{PREFIX}pace:semantic_scholar-*")
    with redis_ledger(frontier.config, frontier.address, name.decode().removeprefix(f"{PREFIX}pace:")).open() as state:
        assert state and len(state.sent) == min(len(provider.requests), AT_ONCE) > 10, "all requests of both are noted in one place"
        assert state.sent[-1] - state.sent[0] >= (len(state.sent) - 1) * interval * 0.5
    asked = sorted(request.at for request in provider.requests)
    assert asked[-1] - asked[0] >= (len(asked) - AT_ONCE) * interval
    assert not list(tmp_path.glob("*here/whereused/pace/semantic_scholar*"))


def test_who_is_left_alone_is_so_for_all(frontier: Frontier) -> None:
    here, there = (Shared(frontier, "in_vain", 0) for _ in range(2))
    here["a"] += 2
    there["a"] += 1
    assert here["a"] == 3 and here.pop("a", None) == 3 and there["a"] == 0 and "a" not in there
    closed = Shared(frontier, "closed")
    assert closed.setdefault("a", "it refuses") == "it refuses" == Shared(frontier, "closed").get("a") and closed.get("b") is None
    frontier.begin({"old": False, "new": True}, 2)
    assert dict(Shared(frontier, "refusals")) == {"old": False, "new": True} and not closed and here["old"] == 2


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"[1]", b'[{"work_id": 1, "url": 2, "provider": "x"}]', b"\xff"])
def test_what_is_no_ticket(text: bytes) -> None:
    with pytest.raises(PoisonedError):
        Ticket.decode(text)


def test_no_redis_no_key_no_address(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="refuses"):
        Frontier(Config(), f"{server}/0")
    with pytest.raises(UsageError, match="give one such as"):
        Frontier(Config(), "http://example.org")
    with pytest.raises(FrontierError, match=r"no Redis answers at redis://127.0.0.1:1/0; start one"):
        Frontier(Config(), "redis://:secret@127.0.0.1:1/0")
    monkeypatch.setenv("WHEREUSED_PACE", f"{server}/0")
    done = CliRunner().invoke(main, ["--db", str(tmp_path / "w.db"), "crawl"])
    assert isinstance(done.exception, UsageError) and "refuses" in str(done.exception), "not that a provider can't be reached"
    done = CliRunner().invoke(main, ["crawl", "--frontier", f"{server}/0", "--archive"])
    assert isinstance(done.exception, UsageError) and "--archive" in str(done.exception)


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)
