"""The table ``photo`` on disk: Parquet files in the engine's scratch folder, behind a view of the table's name.

Each row is written once, packed, and each question reads only the columns that it names: a row costs the same however many there
are, and memory holds none of them.  (A table in the engine's memory was pushed out and read back by every question once it
had outgrown ``engine.MEMORY``, at some five million rows.)
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from db.errors import StorageError
from photos.columns import TABLE
from photos.engine import Engine, quoted

_TYPED = ", ".join(f"{name}::{type_} AS {name}" for name, type_ in TABLE.items())
_NONE = "SELECT {} WHERE false".format(", ".join("NULL" for _ in TABLE))
# One file for each thread, and the quickest packing (https://duckdb.org/docs/stable/sql/statements/copy).
_OPTIONS = "FORMAT parquet, COMPRESSION lz4_raw, PER_THREAD_OUTPUT true"


def create_table(engine: Engine, table: str = "photo") -> None:
    """An empty table of the columns of ``TABLE``; one that stood there is gone."""
    drop_table(engine, table)
    _folder(engine, table).mkdir()
    add_rows(engine, _NONE, table)
    _show(engine, f"SELECT * FROM read_parquet({quoted(_folder(engine, table) / '*' / '*.parquet')})", table)


def show_file(engine: Engine, path: Path, columns: Iterable[str], table: str = "photo") -> None:
    """A Parquet file that holds some columns of ``TABLE`` as the table; it is copied, so that another call may replace it."""
    drop_table(engine, table)
    copy, held = _folder(engine, table) / "0.parquet", set(columns)
    try:
        copy.parent.mkdir()
        shutil.copyfile(path, copy)
    except OSError as error:
        raise StorageError(
            f"{engine.scratch.parent} can't be written ({error.strerror}); free some space and run the same command"
        ) from error
    given = ", ".join(f"{name if name in held else 'NULL'}::{type_} AS {name}" for name, type_ in TABLE.items())
    _show(engine, f"SELECT {given} FROM read_parquet({quoted(copy)})", table)


def add_rows(engine: Engine, select: str, table: str = "photo") -> int:
    """Append the rows of a query, its columns in the order of ``TABLE``; returns how many.  A query that fails adds none."""
    piece = _folder(engine, table) / str(_pieces(engine, table))
    try:
        return _write(engine, select, piece)
    except BaseException:
        shutil.rmtree(piece, ignore_errors=True)
        raise


def last_added(engine: Engine, table: str = "photo") -> str:
    """What was added last, to stand after FROM."""
    return f"read_parquet({quoted(_last(engine, table) / '*.parquet')})"


def take_back(engine: Engine, table: str = "photo") -> None:
    """Remove what was added last."""
    shutil.rmtree(_last(engine, table))


def replace_rows(engine: Engine, select: str, table: str = "photo") -> int:
    """Put the rows of a query, which may ask the table itself, in place of the table's; returns how many."""
    new = _folder(engine, f"{table}-new")
    new.mkdir()
    n = _write(engine, select, new / "0")
    drop_table(engine, table)
    new.rename(_folder(engine, table))
    return n


def drop_table(engine: Engine, table: str) -> None:
    """Remove a table's files, if there are any."""
    shutil.rmtree(_folder(engine, table), ignore_errors=True)


def _show(engine: Engine, select: str, table: str) -> None:
    engine.run(f"CREATE OR REPLACE VIEW {table} AS {select}")


def _write(engine: Engine, select: str, piece: Path) -> int:
    return int(engine.one(f"COPY (SELECT {_TYPED} FROM ({select}) AS t({', '.join(TABLE)})) TO {quoted(piece)} ({_OPTIONS})")[0])


def _folder(engine: Engine, table: str) -> Path:
    return engine.scratch / f"table-{table}"


def _pieces(engine: Engine, table: str) -> int:
    return len(list(_folder(engine, table).iterdir()))


def _last(engine: Engine, table: str) -> Path:
    return _folder(engine, table) / str(_pieces(engine, table) - 1)
