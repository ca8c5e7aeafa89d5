"""Works as Parquet (https://parquet.apache.org/docs/), one row each, nested as a line of JSONL; by DuckDB, in flat memory.

The lines go to a file beside the target first, then into columns, in their order, which is that of the stable ids: the same content gives
the same rows whatever came first.  The only module of publish that knows DuckDB.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from db.errors import StorageError
from db.queries.records import Work
from db.queries.works import SCHEMES
from publish.export import Export
from publish.lines import as_line
from publish.rules import chosen
from publish.stream import dumps, providers_of

MEMORY = "512MiB"  # of the engine's buffers
LONGEST_LINE = 16 << 20  # bytes; the engine holds two of them
ROW_GROUP = 8192
_VERSION = "kind VARCHAR, title VARCHAR, year INTEGER"
_IDS = f"STRUCT({', '.join(f'{scheme} VARCHAR' for scheme in SCHEMES)})"
_INSTITUTION = (
    "STRUCT(ror_id VARCHAR, name VARCHAR, country_code VARCHAR, city VARCHAR, latitude DOUBLE, longitude DOUBLE, granularity VARCHAR, "
    "sector VARCHAR, score DOUBLE, method VARCHAR, coordinates_from VARCHAR, attribution VARCHAR)"
)
COLUMNS = {
    "id": "VARCHAR", "kind": "VARCHAR", "title": "VARCHAR", "year": "INTEGER", "venue": "VARCHAR", "ids": _IDS,
    "versions": f"STRUCT({_VERSION}, ids {_IDS})[]", "dataset": "VARCHAR",
    "found_by": "STRUCT(provider VARCHAR, how VARCHAR, run BIGINT, retrieved_at VARCHAR, url VARCHAR, withdrawn_at VARCHAR, "
                "attribution VARCHAR)[]",
    "fulltext": "STRUCT(status VARCHAR, sha256 VARCHAR, url VARCHAR, licence VARCHAR, reason VARCHAR)",
    "affiliations": f'STRUCT("text" VARCHAR, tier VARCHAR, institution {_INSTITUTION}, reason VARCHAR, page INTEGER, reader VARCHAR, '
                    "matcher VARCHAR)[]",
    "mentions": 'STRUCT(dataset VARCHAR, quote VARCHAR, page INTEGER, section VARCHAR, provider VARCHAR, in_references BOOLEAN, '
                "reader VARCHAR, translation VARCHAR)[]",
    "use": "STRUCT(dataset VARCHAR, score DOUBLE, reasons VARCHAR[])[]",
    "labels": "STRUCT(dataset VARCHAR, reviewer VARCHAR, round INTEGER, label VARCHAR, purposes VARCHAR[], \"at\" VARCHAR)[]",
    "decision": "STRUCT(label VARCHAR, purposes VARCHAR[], reason VARCHAR, reviewer VARCHAR, \"at\" VARCHAR)",
}  # fmt: skip
_COPY = """COPY (SELECT * FROM read_json({lines}, format = 'newline_delimited', maximum_object_size = {longest}, columns = {{{columns}}}))
                  TO {target} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {group}, KV_METADATA {{{told}}})"""


def save_parquet(path: Path, export: Export, works: Iterable[Work]) -> int:
    """Write the works that the export takes in; the number of bytes.  StorageError where the place can't be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{path.name[:80]}.", dir=path.parent) as name:
            lines, partial = Path(name) / "works.jsonl", Path(name) / "works.parquet"
            providers = _save_lines(lines, export, works)
            told = {key: dumps(value) for key, value in export.members(providers).items()}
            _convert(lines, partial, told)
            with partial.open("rb+") as file:
                os.fsync(file.fileno())
            partial.replace(path)
    except (OSError, duckdb.IOException) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise StorageError(f"{path} can't be written ({reason}); name another place, or check permissions and free space") from error
    return path.stat().st_size


def _save_lines(path: Path, export: Export, works: Iterable[Work]) -> set[str]:
    """The works as lines; the providers behind them."""
    providers: set[str] = set()
    with path.open("w", encoding="utf-8", errors="replace") as file:
        for work in chosen(works, export.include):
            providers |= providers_of(work)
            file.write(dumps(as_line(work, export.attributions)) + "\n")
    return providers


def _convert(lines: Path, target: Path, told: dict[str, str]) -> None:
    columns = ", ".join(f'"{name}": {_text(kind)}' for name, kind in COLUMNS.items())
    metadata = ", ".join(f'"{key}": {_text(value)}' for key, value in told.items())
    engine = duckdb.connect(config={"memory_limit": MEMORY, "threads": 1, "temp_directory": str(target.parent / "spill")})
    try:
        engine.execute("SET enable_progress_bar = false")
        engine.execute(
            _COPY.format(
                lines=_text(str(lines)), longest=LONGEST_LINE, columns=columns, target=_text(str(target)), group=ROW_GROUP, told=metadata
            )
        )
    finally:
        engine.close()


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
