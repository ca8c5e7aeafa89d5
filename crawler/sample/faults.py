"""The ways in which a provider errs, as they were seen in life."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

GATEWAY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
# The bodies that the service sends (recorded).
BODIES = {
    403: {"message": "Forbidden"},
    429: {"message": "Too Many Requests. Please wait and try again or apply for a key for higher rate limits.", "code": "429"},
    500: {"message": "Internal Server Error"},
    502: {"message": "Bad Gateway"},
    503: {"message": "Service Unavailable"},
    504: {"message": "Endpoint request timed out"},
}


@dataclass(slots=True)
class Fault:
    """One misbehaviour.  It meets requests whose path and query contain ``where``, after letting ``skip`` of them through.

    status    answer with ``status`` and the body that the service sends with it; Retry-After only where it is given
    drop      close the connection without an answer
    html      a gateway's HTML page with ``status``
    body      ``body`` with ``status``
    empty     a page of a list without rows and without `next`
    null      ``{"data": null}``
    cut       announce the whole body and break off half-way
    redirect  302 to ``location``
    limit     504 for a page of more than ``limit`` rows; smaller ones are let through
    call      ``action(provider)`` first, then the right answer: a list that moves, a process that is killed
    """

    kind: Literal["status", "drop", "html", "body", "empty", "null", "cut", "redirect", "limit", "call"]
    where: str = ""
    times: int = 1  # how often; -1: for ever
    skip: int = 0
    status: int = 200
    retry_after: str | None = None
    location: str = ""
    body: bytes = b""
    limit: int = 0
    action: Callable[[Any], None] | None = None  # of the provider


def pick_fault(faults: Iterable[Fault], target: str, limit: int) -> Fault | None:
    """The first fault that meets the request ``target`` (path and query), which asks for ``limit`` rows; its counters move on."""
    for fault in faults:
        if fault.where not in target or fault.times == 0 or (fault.kind == "limit" and limit <= fault.limit):
            continue
        if fault.skip:
            fault.skip -= 1
            continue
        fault.times -= 1
        return fault
    return None
