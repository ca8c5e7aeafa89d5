"""``serve``: make the copy, start Datasette on it, clean up after it."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from db.config import Config
from db.connect import one_line_errors, open_for_reading
from db.errors import UsageError, WhereusedError
from db.public_copy import save_public_copy
from db.queries import snapshot
from db.queries.datasets import load_attributions, load_providers, load_state, slugs_with_works
from publish.serve.content import make_tables
from publish.serve.metadata import NAME, make_metadata

MISSING = "serve needs Datasette, which is not installed; `pip install 'whereused[serve]'` brings it"
PLUGINS = Path(__file__).with_name("plugins")
_SETTINGS = {"default_page_size": 50, "suggest_facets": True, "sql_time_limit_ms": 3000, "allow_signed_tokens": False}


def run(config: Config, slugs: Iterable[str], *, include: str, host: str, port: int, tell: Callable[[str], None]) -> None:
    """Serve what is published of these datasets, or of all, until interrupted; ``tell`` gets the address.

    Raises WhereusedError where Datasette is missing or there is nothing to serve, UsageError where the address is taken.
    """
    if not (find_spec("datasette") and find_spec("datasette_cluster_map")):
        raise WhereusedError(MISSING)
    with tempfile.TemporaryDirectory(prefix="whereused-serve-") as folder:
        path = Path(folder) / f"{NAME}.db"
        metadata = save_copy(config, slugs, include, path)
        _serve(path, metadata, host, _listen(host, port), tell)


def save_copy(config: Config, slugs: Iterable[str], include: str, path: Path) -> dict[str, Any]:
    """Write the copy that is served; returns Datasette's metadata for it."""
    db = open_for_reading(config.db)
    try:
        with one_line_errors(config.db), snapshot(db):
            wanted = sorted(set(slugs)) or slugs_with_works(db)
            if not wanted:
                raise WhereusedError("there is nothing to serve yet; `whereused crawl` or `whereused import` brings works")
            tables = list(make_tables(db, wanted, include))
            names = [str(row[0]) for table in tables if table.name == "sources" for row in table.rows]
            attributions, state = load_attributions(db), load_state(db)
            licences = sorted({p.licence for p in load_providers(db, names) if p.licence})
    finally:
        db.close()
    save_public_copy(path, tables)
    credits = sorted({attributions[name] for name in names if name in attributions})
    return make_metadata(credits, licences, state.as_of, is_sample=state.is_sample)


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes a free one."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # who asks early waits
    except OSError as error:
        listening.close()
        raise UsageError(f"{host}:{port} can't be used ({error.strerror}); name another with --host and --port") from error
    return listening


def _serve(path: Path, metadata: dict[str, Any], host: str, listening: socket.socket, tell: Callable[[str], None]) -> None:
    """Datasette on an immutable file (https://docs.datasette.io/en/0.65.1/performance.html#immutable-mode)."""
    import uvicorn
    from datasette.app import Datasette

    datasette = Datasette([], immutables=[str(path)], metadata=metadata, settings=_SETTINGS, plugins_dir=str(PLUGINS))
    server = uvicorn.Server(uvicorn.Config(datasette.app(), log_level="warning", lifespan="on"))
    tell(f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/")
    with listening:
        server.run(sockets=[listening])
