"""Reading documents on a cluster: from the bytes of a file to plain results, in a guarded process beside each thread of a worker.

A worker needs this package in the same version, Tesseract where it is wanted, and nothing else: it knows no database.  It fetches
the bytes from a shared place (``WHEREUSED_FULLTEXTS``), else they come with the order.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import current_process
from pathlib import Path

from crawler.reading.guard import Failure, Guard, Limits
from crawler.reading.reader import READER_VERSION, Order, Reading, read_file
from db.cluster import Lost, run_on_cluster
from db.errors import UsageError
from db.files import load_bytes, size_of
from db.runs import installed_version

_of_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes to a worker.  ``version`` is that of the sender; another one would read otherwise."""

    order: Order
    limits: Limits
    version: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A worker that can't take any order, and why."""

    reason: str


def version() -> str:
    """What must be the same on all machines."""
    return f"{installed_version()}, reader {READER_VERSION}"


def read_on_cluster(address: str, orders: Sequence[Order], limits: Limits) -> Iterator[tuple[Order, Reading | Failure]]:
    """Read files on the cluster, the results in the order of the files.  Raises UsageError where a worker is not fit for it."""
    results = run_on_cluster(address, read_parcel, lambda number: _packed(orders[number], limits), len(orders))
    for order, result in zip(orders, results, strict=True):
        if isinstance(result, Refused):
            raise UsageError(result.reason)
        if isinstance(result, Reading) and result.error == "no such file" and size_of(order.path) is not None:
            raise UsageError(f"a worker does not see {order.path}; give it the same WHEREUSED_FULLTEXTS, with its keys")
        yield order, Failure(result.reason) if isinstance(result, Lost) else result


def _packed(order: Order, limits: Limits) -> Parcel:
    """The order as it travels: with its bytes where only this machine has the file."""
    if isinstance(order.path, Path) and order.data is None:
        with suppress(FileNotFoundError):  # the worker won't find it either
            order = replace(order, data=order.path.read_bytes())
    return Parcel(order, limits, version())


def read_parcel(parcel: Parcel) -> Reading | Failure | Refused:
    """One document, in a worker of the cluster.  A document that hangs, crashes or eats memory costs the guarded process only."""
    if parcel.version != version():
        return Refused(f"a worker of the cluster has whereused {version()}, this is {parcel.version}: install the same on all machines")
    order = parcel.order
    if order.data is None:
        try:
            order = replace(order, data=load_bytes(order.path))
        except FileNotFoundError:
            return Reading(error="no such file")
        except UsageError as error:
            return Refused(f"a worker of the cluster can't fetch full texts: {error}")
        except OSError as error:
            return Refused(f"a worker of the cluster can't fetch {order.path} ({error})")
    return _guard(parcel.limits).call(order)


def _guard(limits: Limits) -> Guard[Order, Reading]:
    """The guarded process of this thread of the worker; it lives as long as the worker."""
    kept: tuple[Limits, Guard[Order, Reading]] | None = getattr(_of_thread, "guard", None)
    if kept and kept[0] == limits:
        return kept[1]
    if kept:
        kept[1].close()
    # Dask's nanny starts workers as daemons, and multiprocessing allows those no children.  Ours end with their parent by themselves.
    vars(current_process())["_config"]["daemon"] = False
    guard = Guard(read_file, workers=1, limits=limits)
    _of_thread.guard = (limits, guard)
    return guard
