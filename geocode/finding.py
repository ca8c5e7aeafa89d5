"""What a string leads to, before anything is written: here, or on a Dask cluster.

Nothing in this module writes; what it finds depends on the string, the reviewer's word and the gazetteer alone.  A worker of a
cluster needs this package and the gazetteer of the same release; it knows no database of works.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from db.cluster import Lost, run_on_cluster
from db.config import load_config
from db.errors import UsageError, WhereusedError
from db.geocode import AffiliationString
from geocode.assignees import spelled_out
from geocode.matcher import Answer, Matcher
from geocode.obeying import obey
from geocode.unmatched import House, find_house

_of_thread = threading.local()  # of a worker: a matcher's index may be asked by the thread that opened it


@dataclass(frozen=True, slots=True)
class Found:
    """An answer; ``house`` is the institution without a registry record that the string names, where its place is known."""

    answer: Answer
    house: House | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes to a worker.  ``edition`` is that of the sender's matcher and gazetteer."""

    strings: Sequence[AffiliationString]
    gazetteer: Path
    edition: tuple[str, str]


def find(matcher: Matcher, string: AffiliationString) -> Found:
    """The reviewer's word, else the matcher's."""
    if string.decision and (answer := obey(matcher, string, string.decision)):
        return Found(answer)
    answer = answer_to(matcher, string.text, string.email_domains)
    return Found(answer, None if string.decision or answer.matches else house_of(matcher, string, answer))


def answer_to(matcher: Matcher, text: str, email_domains: Sequence[str] = ()) -> Answer:
    """What the matcher makes of a string of front matter or of an applicant of a patent."""
    text = spelled_out(text)
    answer = matcher.match(text, email_domains)
    if not answer.matches and (company := matcher.company(text)):
        return Answer((company,))
    return answer


def house_of(matcher: Matcher, string: AffiliationString, answer: Answer) -> House | None:
    """The institution without a registry record that a string names, where its place is known."""
    return find_house(*matcher.look(spelled_out(string.text)), answer.place.name) if answer.place else None


def find_all(
    matcher: Matcher, gazetteer: Path, batches: Sequence[Sequence[AffiliationString]], cluster: str | None
) -> Iterator[list[Found]]:
    """What the strings of each batch lead to, in order; found by ``matcher``, or on the cluster at this address."""
    if cluster is None:
        yield from ([find(matcher, string) for string in batch] for batch in batches)
        return
    edition = (matcher.version, matcher.release)
    for result in run_on_cluster(cluster, find_parcel, lambda n: Parcel(batches[n], gazetteer, edition), len(batches)):
        if isinstance(result, Lost):
            raise WhereusedError(f"geocode on {cluster}: {result.reason}; run it without --cluster to see why")
        if isinstance(result, str):
            raise UsageError(result)
        yield result


def find_parcel(parcel: Parcel) -> list[Found] | str:
    """A batch, in a worker of the cluster; or why this worker can't."""
    try:
        matcher = _matcher(parcel.gazetteer)
    except WhereusedError as error:
        return f"a worker of the cluster has no gazetteer: {error}"
    if (matcher.version, matcher.release) != parcel.edition:
        mine, yours = (" with gazetteer ".join(edition) for edition in ((matcher.version, matcher.release), parcel.edition))
        return f"a worker of the cluster has matcher {mine}, this is {yours}: install the same on all machines"
    return [find(matcher, string) for string in parcel.strings]


def _matcher(gazetteer: Path) -> Matcher:
    """The matcher of this worker's own gazetteer, else of the sender's file where this machine sees it."""
    own = load_config().gazetteer
    path = own if own.is_file() else gazetteer
    held: Matcher | None = getattr(_of_thread, "matcher", None)
    if held is None:
        held = _of_thread.matcher = Matcher(path)
    return held
