"""The SQL over shards of a release, by DuckDB in bounded memory (https://duckdb.org/docs/stable/data/json/loading_json).

The only module of crawl that knows DuckDB: it reads gzipped JSON lines without unpacking them to the disk, and what it keeps is small.
Lines as the provider writes them: lower-case keys, ids as numbers (as texts in older releases), lists that may be null.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from db.errors import ProviderError, StorageError
from db.outside import parse_json

MEMORY = "512MiB"  # of the engine's buffers; the process stays under 1 GiB
THREADS = 4
LONGEST_LINE = 64 << 20

# dataset → (columns of its lines, which of them must be among the wanted ids)
SHAPES = {
    "citations": (
        {
            "citationid": "BIGINT", "citingcorpusid": "BIGINT", "citedcorpusid": "BIGINT", "isinfluential": "BOOLEAN",
            "contexts": "VARCHAR[]", "intents": "VARCHAR[][]",
        },
        "citedcorpusid",
    ),
    "papers": (
        {
            "corpusid": "BIGINT", "externalids": "JSON", "title": "VARCHAR", "authors": "JSON", "venue": "VARCHAR", "year": "INTEGER",
            "publicationdate": "VARCHAR", "publicationtypes": "VARCHAR[]",
        },
        "corpusid",
    ),
    "paper-ids": ({"corpusid": "BIGINT", "sha": "VARCHAR", "primary": "BOOLEAN"}, "corpusid"),
}  # fmt: skip
KEYS = {"citations": "citationid", "papers": "corpusid", "paper-ids": "sha"}

LINES = """read_json({shard}, format = 'newline_delimited', compression = '{packing}', ignore_errors = true,
  maximum_object_size = {longest}, columns = {{{types}}})"""
FILTER = "COPY (SELECT {columns} FROM {lines} WHERE {key} IN (SELECT id FROM wanted)) TO {target} (FORMAT parquet)"
# A release may hold a pair several times, under several ids and not always in agreement.
EDGES = """SELECT citedcorpusid, citingcorpusid, bool_or(isinfluential), max_by(contexts, coalesce(len(contexts), 0)),
         max_by(intents, coalesce(len(contexts), 0))
    FROM read_parquet({files}) WHERE citingcorpusid IS NOT NULL GROUP BY ALL"""
ROWS = """SELECT e.*, p.* EXCLUDE (corpusid), i.sha
    FROM (SELECT * FROM edges WHERE cited = ?) e
    LEFT JOIN (SELECT corpusid, any_value(COLUMNS(* EXCLUDE (corpusid))) FROM read_parquet({papers}) GROUP BY corpusid) p
      ON p.corpusid = e.citing
    LEFT JOIN (SELECT corpusid, min(sha) AS sha FROM read_parquet({ids}) WHERE "primary" GROUP BY corpusid) i ON i.corpusid = e.citing
   ORDER BY e.citing"""
UPDATE = "COPY (SELECT * FROM read_parquet({old}) WHERE {key} NOT IN (SELECT id FROM touched) {more}) TO {target} (FORMAT parquet)"


class Engine:
    """One connection with the table of wanted corpus ids."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def want(self, ids: Sequence[int]) -> None:
        """From here on lines with these ids are kept."""
        self._run("CREATE OR REPLACE TABLE wanted AS SELECT unnest(?::BIGINT[]) AS id", [list(ids)])

    def keep(self, dataset: str, shard: Path, target: Path) -> int:
        """The wanted lines of a shard as Parquet, whole or not at all; how many."""
        types, key = SHAPES[dataset]
        names = _names(shard, list(types), key)
        columns = ", ".join(f'"{names[name]}" AS "{name}"' for name in types)
        told = {names[name]: kind for name, kind in types.items()}
        with _written(target) as partial:
            return int(
                self._run(
                    FILTER.format(columns=columns, lines=_lines(shard, told), key=f'"{names[key]}"', target=_quoted(partial))
                ).fetchone()[0]
            )

    def update(self, dataset: str, old: Sequence[Path], updates: Sequence[Path], deletes: Sequence[Path], target: Path) -> None:
        """What was kept of a release, carried to the next one: lines that its diff names are gone, those it brings and we want are in."""
        key = KEYS[dataset]
        kind = SHAPES[dataset][0][key]
        kept = f"read_parquet({_list(old)})"
        self._run(f"CREATE OR REPLACE TABLE touched (id {kind})")
        for shard in [*updates, *deletes]:
            name = _names(shard, [key], key)[key]
            self._run(
                f'INSERT INTO touched SELECT "{name}" FROM {_lines(shard, {name: kind})} WHERE "{name}" IN (SELECT {key} FROM {kept})'
            )
        new = [target.with_name(f"{target.name}.{number}.new") for number in range(len(updates))]
        for shard, part in zip(updates, new, strict=True):
            self.keep(dataset, shard, part)
        more = f"UNION ALL BY NAME SELECT * FROM read_parquet({_list(new)})" if new else ""
        with _written(target) as partial:
            self._run(UPDATE.format(old=_list(old), key=key, more=more, target=_quoted(partial)))
        for part in new:
            part.unlink()

    def gather(self, citations: Sequence[Path]) -> list[int]:
        """All pairs, each once; returns the corpus ids of the citing papers."""
        self._run(
            f"CREATE OR REPLACE TABLE edges (cited, citing, influential, contexts, intents) AS {EDGES.format(files=_list(citations))}"
        )
        return [int(row[0]) for row in self._run("SELECT DISTINCT citing FROM edges ORDER BY citing").fetchall()]

    def count(self, cited: int) -> int:
        """How many papers cite one."""
        return int(self._run("SELECT count(*) FROM edges WHERE cited = ?", [cited]).fetchone()[0])

    def rows(self, cited: int, papers: Sequence[Path], ids: Sequence[Path]) -> Iterator[dict[str, Any]]:
        """The papers that cite one, by corpus id, some at a time."""
        cursor = self._run(ROWS.format(papers=_list(papers), ids=_list(ids)), [cited])
        names = [column[0] for column in cursor.description]
        while batch := cursor.fetchmany(1000):
            for row in batch:
                yield dict(zip(names, row, strict=True))

    def _run(self, sql: str, values: Sequence[object] = ()) -> Any:
        try:
            return self._connection.execute(sql, list(values))
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            raise StorageError(f"bulk: {str(error).splitlines()[0]}; free some disk space or memory and run the same command") from error
        except duckdb.Error as error:
            raise ProviderError(
                f"semantic_scholar: a file of the release has another shape than told ({str(error).splitlines()[0]})"
            ) from error


@contextmanager
def open_engine(folder: Path) -> Iterator[Engine]:
    """An engine whose scratch space lies in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".scratch-", dir=folder) as scratch:
        config: dict[str, Any] = {
            "threads": min(THREADS, os.cpu_count() or 1), "memory_limit": MEMORY, "temp_directory": scratch,
            "preserve_insertion_order": False, "autoinstall_known_extensions": False, "autoload_known_extensions": False,
        }  # fmt: skip
        connection = duckdb.connect(config=config)
        try:
            yield Engine(connection)
        finally:
            connection.close()


@contextmanager
def _written(target: Path) -> Iterator[Path]:
    """A temporary name that becomes the target once everything is on the disk."""
    partial = target.with_name(target.name + ".partial")
    yield partial
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(target)


def _lines(shard: Path, types: Mapping[str, str]) -> str:
    """The lines of a shard as a table.  A line that can't be read is a row of nulls, and so is not kept."""
    told = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
    packing = "gzip" if _is_packed(shard) else "none"
    return LINES.format(shard=_quoted(shard), packing=packing, longest=LONGEST_LINE, types=told)


def _is_packed(shard: Path) -> bool:
    with shard.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _names(shard: Path, columns: Sequence[str], key: str) -> dict[str, str]:
    """Column → how the lines of this shard spell it: older ones have capitals.  ProviderError where the first line lacks the key."""
    with gzip.open(shard) if _is_packed(shard) else shard.open("rb") as file:
        try:
            line = file.readline(LONGEST_LINE)
            given = {str(name).lower(): str(name) for name in parse_json(line)} if line.strip() else {key: key}
        except (OSError, EOFError, ValueError, TypeError) as error:
            raise ProviderError(f"semantic_scholar: a file of the release is damaged ({error}); run the same command again") from error
    if key not in given:
        raise ProviderError(f"semantic_scholar: the lines of a release have another shape than told: no {key} in {sorted(given)[:10]}")
    return {name: given.get(name, name) for name in columns}


def _quoted(path: Path) -> str:
    return "'" + str(path.absolute()).replace("'", "''") + "'"


def _list(paths: Sequence[Path]) -> str:
    return "[" + ", ".join(map(_quoted, paths)) + "]"
