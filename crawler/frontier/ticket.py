"""What travels through Redis: tickets to the workers, answers to the writer.  JSON only: whoever reads runs nothing of whoever wrote."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from urllib.parse import urlsplit

from db.fulltexts import Place, StoredFile

STATUSES = {"stored", "refused", "failed", "left"}  # left: the place was not asked, as its host is left alone


class PoisonedError(ValueError):
    """Something in Redis that is not what stands there otherwise."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A work without a full text, and its places that are still to be asked, best first; at least one."""

    places: tuple[Place, ...]

    @property
    def work_id(self) -> int:
        return self.places[0].work_id

    @property
    def host(self) -> str:
        """Whose turn it waits for."""
        return urlsplit(self.places[0].url).hostname or ""

    @property
    def rest(self) -> Ticket | None:
        """The same work without its first place."""
        return Ticket(self.places[1:]) if self.places[1:] else None

    def encode(self) -> bytes:
        return json.dumps([asdict(place) for place in self.places]).encode()

    @classmethod
    def decode(cls, text: bytes) -> Ticket:
        """Raises PoisonedError."""
        try:
            places = tuple(_place(told) for told in json.loads(text))
            if not places or {place.work_id for place in places} != {places[0].work_id}:
                raise PoisonedError("a ticket of no work, or of several")
            urlsplit(places[0].url)
        except (ValueError, TypeError, KeyError) as error:
            raise PoisonedError(str(error)) from error
        return cls(places)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker brings.  ``body`` where the worker has no place of its own to store it at, else ``file``.

    ``host``: a message of its own, a host that refuses (``status`` "refused") or gives again ("stored").
    """

    place: Place | None
    status: str
    reason: str | None = None
    is_last: bool = True
    file: StoredFile | None = None
    host: str | None = None
    body: bytes = field(default=b"", repr=False)

    def encode(self) -> bytes:
        told = {name: value for name, value in asdict(self).items() if name != "body"}
        return json.dumps(told).encode() + b"\n" + self.body

    @classmethod
    def decode(cls, text: bytes) -> Answer:
        """Raises PoisonedError."""
        head, _, body = text.partition(b"\n")
        try:
            told = json.loads(head)
            place, file = (_place(told["place"]) if told["place"] else None), (StoredFile(**told["file"]) if told["file"] else None)
            answer = cls(place, str(told["status"]), told["reason"], bool(told["is_last"]), file, told["host"], body)
        except (ValueError, TypeError, KeyError) as error:
            raise PoisonedError(str(error)) from error
        if answer.status not in STATUSES or (place is None) == (answer.host is None):
            raise PoisonedError("an answer of no place")
        return answer


def _place(told: dict[str, object]) -> Place:
    place = Place(**told)  # type: ignore[arg-type]
    if not (isinstance(place.work_id, int) and isinstance(place.url, str) and isinstance(place.n_tries, int)):
        raise PoisonedError("a place that is none")
    return place
