"""Reading and geocoding on a real Dask cluster, with full texts in an S3 store: each document ends exactly once, whatever dies."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.fulltext import store_pdf
from crawler.reading import run as reading
from db.config import Config
from db.errors import ProviderError, UsageError
from db.files import is_shared, load_bytes, size_of, stored_at
from db.health import check_database
from geocode import run as geocoding
from tests.cluster.dask import Dask, free_port
from tests.geocode.conftest import Archive
from tests.helpers.dump import canonical_dump
from tests.reading.test_nasty import bare_pdf
from tests.reading.world import World, paper
from whereused import main

# Clients of Dask and of S3 leave sockets and loops to the garbage collector; their warnings are not ours to mend.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)

BUCKET = "s3://papers/fulltexts"


@pytest.fixture(scope="module")
def store() -> Iterator[dict[str, str]]:
    """The settings of an S3-compatible server of this machine."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    environ = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{server._port}", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    environ |= {"AWS_DEFAULT_REGION": "us-east-1", "WHEREUSED_FULLTEXTS": BUCKET}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environ.items():
            if name.startswith("AWS"):
                patch.setenv(name, value)
        import fsspec

        fsspec.filesystem("s3").mkdir("papers")
        yield environ
    server.stop()


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory, store: dict[str, str]) -> Iterator[Dask]:
    cluster = Dask(tmp_path_factory.mktemp("dask"), store)
    cluster.add_workers(3)
    yield cluster
    cluster.close()


def bomb() -> bytes:
    """A page that unpacks to more memory than a reader may have."""
    packer = zlib.compressobj(9)
    return bare_pdf(b"".join(packer.compress(b" " * 1_000_000) for _ in range(800)) + packer.flush(), filters=b"/Filter/FlateDecode")


def fill(world: World, n: int) -> None:
    """Papers in the world's folder and in the shared place."""
    for number in range(n):
        world.document(world.work(f"p{number}"), paper(f"Paper Number {number} of Many"))
    world.document(world.work("bomb"), bomb())
    gone = world.document(world.work("gone"), paper("This One Will Be Gone"))
    (world.config.files / "pdf" / gone[:2] / f"{gone}.pdf").unlink()
    if is_shared(world.config):
        for path in world.config.files.glob("pdf/*/*.pdf"):
            store_pdf(world.config, path.read_bytes())
            path.unlink()


def states(world: World) -> list[tuple[str, str, str | None]]:
    return world.rows("SELECT sha256, status, reason FROM document_state WHERE stage = 'read' ORDER BY sha256")


@pytest.mark.timeout(300)  # nine processes start in turn
def test_every_document_ends_once_whatever_dies(tmp_path: Path, dask: Dask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker is killed, then the scheduler with all others; a poisoned file and a missing one are among the documents."""
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    here, there = World(tmp_path / "here"), World(tmp_path / "there")
    values = {"READ_MEGABYTES": "600"}
    here.config = replace(here.config, values=values)
    there.config = replace(there.config, values={**values, "FULLTEXTS": BUCKET})
    fill(there, 12)
    fill(here, 12)
    reading.run(here.config, (), workers=2)
    saved: list[str] = []
    save = reading._save

    def save_and_kill(db: object, document: reading.Waiting, *rest: object) -> None:
        save(db, document, *rest)  # type: ignore[arg-type]
        saved.append(document.sha256)
        if len(saved) == 3:
            dask.workers[0].kill()
        if len(saved) == 6:
            dask.restart_scheduler()
            for worker in dask.workers:
                worker.kill()
            dask.add_workers(2)

    monkeypatch.setattr(reading, "_save", save_and_kill)
    report = reading.run(there.config, (), cluster=dask.address)
    assert (report.n_waiting, report.n_read, report.n_failed) == (14, 12, 2)
    assert len(saved) == len(set(saved)) == 14
    assert states(there) == states(here)
    assert {"reading needs more than 600 MB of memory", "the stored file is missing"} == {r for _, _, r in states(there) if r}
    assert canonical_dump(there.config.db) == canonical_dump(here.config.db)
    assert reading.run(there.config, (), cluster="tcp://127.0.0.1:1").n_waiting == 0  # nothing to read asks nobody


def test_files_of_this_machine_travel_with_the_order(tmp_path: Path, dask: Dask) -> None:
    world = World(tmp_path)
    world.document(world.work("a"), paper("A Paper That Only This Machine Has"))
    done = CliRunner().invoke(main, ["--db", str(world.config.db), "read", "--cluster", dask.address])
    assert done.exit_code == 0, done.stderr
    assert states(world)[0][1:] == ("done", None)


def test_geocode_finds_the_same_on_the_cluster(tmp_path: Path, gazetteer: Path, dask: Dask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geocoding, "BATCH", 2)
    archives = [Archive(Config(db=tmp_path / f"{name}.db", gazetteer=gazetteer, verbosity=-1)) for name in ("here", "there")]
    for archive in archives:
        for text in (
            "Stanford University, USA",
            "Group of Nobody, Shenzhen, China",
            "University of Leeds, UK",
            "Nowhere",
            "Acme Inc., Leeds, UK",
        ):
            archive.add(text)
    geocoding.run(archives[0].config, [])
    report = geocoding.run(archives[1].config, [], cluster=dask.address)
    assert report.total == 5
    assert archives[1].matches() == archives[0].matches()


def test_a_worker_that_is_not_fit_is_told_and_nothing_is_lost(tmp_path: Path, dask: Dask, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path)
    data = paper("A Paper in a Folder of One Machine")
    sha256 = world.document(world.work("a"), data)
    shared = replace(world.config, values={"FULLTEXTS": (tmp_path / "mount").as_uri()})
    assert store_pdf(shared, data).sha256 == sha256 == hashlib.sha256(data).hexdigest()
    assert load_bytes(stored_at(shared, sha256)) == data and size_of(stored_at(shared, "0" * 64)) is None
    checks = {check.name: check.ok for check in check_database(shared)}
    assert checks["full texts"] and all(checks.values())
    assert not list(tmp_path.glob("mount/*/*.partial"))
    from crawler.reading import remote

    monkeypatch.setattr(remote, "version", lambda: "0.0.1, reader 0")
    with pytest.raises(UsageError, match="install the same on all machines"):
        reading.run(shared, (), cluster=dask.address)
    monkeypatch.undo()
    assert states(world) == []
    assert reading.run(shared, (), cluster=dask.address).n_read == 1


def test_nobody_at_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from db import cluster

    world = World(tmp_path)
    world.document(world.work("a"), paper("A Paper Nobody Reads"))
    monkeypatch.setattr(cluster, "PATIENCE", 0.3)
    with pytest.raises(ProviderError, match="no Dask scheduler answers at tcp://"):
        reading.run(world.config, (), cluster="tcp://127.0.0.1:1")
    with pytest.raises(UsageError, match="give an address such as"):
        reading.run(world.config, (), cluster="ftp://x")
    assert states(world) == []
