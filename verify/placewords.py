"""How an answer about a place is written: numbers, words, or a point on the map."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from db.places import HandPlace, PlaceVerdict, is_alias_of
from verify.prompts import AnswerError
from verify.text import clean

HELP = """\
  1, 2, …       this institution is the one that is printed; words behind it are kept as a note
  1 3           the string names both: it is split
  1 as NAME     NAME (a part of the string, as printed) always means it: later strings with it follow
  all 1         every undecided string that leads where this one leads goes to 1: two pins become one
  n             none of them: no institution of the registry is right
  x             this is no institution at all (a person, an address, a piece of text)
  c             confirm what is proposed: the one candidate, or an institution that the registry lacks, at its city
  @ 47.65 -122.31 US NAME because REASON    put it by hand: latitude, longitude, country, name
  @ NAME in CITY, US because REASON         the same, at a city
  / WORDS       look other institutions up in the registry
  s  skip: comes again at the end   z  take back the last answer, as often as you like, earlier days too
  y  the decisions that stand, to answer one anew   o  open a work that prints it   h  help   q  quit"""

KEY_HELP = """\
Which institution does the string name?
1-9  choose a candidate, or leave it again; several where the string names several (it is split)
Enter  saves what is chosen; without a choice the one institution that it was taken for
l  saves it for every undecided string that leads where this one leads: two pins become one
a  saves it with the part of the string that always means it: later strings with that part follow
c  confirm what it was taken for: the one candidate; or an institution that the registry lacks, and its city is right
   (strings of the same name follow)
n  none of the registry's institutions is right; the city stays
x  this is no institution at all (a person, an address, a piece of text)
@  put it by hand: a city's name or a point, the institution's name, and the reason; or all in one line:
   NAME in CITY, US because REASON
/  look other institutions up in the registry; Esc brings the first list back
m  a reason, kept with the answer to come
s  skip: comes again at the end
z  take back the last answer, as often as you like, earlier days too
y  the decisions that stand, to answer one anew
o  open a work that prints it ($WHEREUSED_OPEN)
q  quit; everything that was saved stays, and the next geocode obeys it"""

_POINT = re.compile(r"([-+]?\d{1,2}(?:\.\d+)?)[,\s]+([-+]?\d{1,3}(?:\.\d+)?)\s+([A-Za-z]{2})\s+(\S.*?)(?:\s+because\s+(.+))?$")
_IN_CITY = re.compile(r"(\S.*?)\s+in\s+(\S[^,]*?)\s*,\s*([A-Za-z]{2})(?:\s+because\s+(.+))?$")
_NUMBERS = re.compile(r"(\d+(?:[\s,]+\d+(?!\S))*)(?:\s+(.*))?$")
_NOT_HERE = "{!r} is no whole part of this string; give what stands between its commas"


_NAMED = re.compile(r"(\S.*?)\s+in\s+(\S[^,]*?(?:\s*,\s*[A-Za-z]{2})?)$")


def is_whole(where: str) -> bool:
    """Whether a line says all that a place by hand needs: place, country, name and reason."""
    return bool((found := _POINT.match(where)) and found.group(5)) or bool((city := _IN_CITY.match(where)) and city.group(4))


def named_place(where: str) -> tuple[str, str]:
    """(name, city) of "NAME in CITY" or "NAME in CITY, US"; ("", the text) where there is no name in it."""
    found = _NAMED.match(where)
    return (clean(found.group(1)), found.group(2)) if found else ("", where)


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """``action``: decide, confirm, skip, back, history, open, quit, help, look up (``words``)."""

    action: str
    verdict: PlaceVerdict | None = None
    words: str = ""
    for_all: bool = False


def parse_place(line: str, text: str, candidates: Sequence[str]) -> PlaceAnswer:
    """The answer that a line gives on the string ``text``; ``candidates`` are ROR ids.  AnswerError where it gives none."""
    line = line.strip()
    word, _, rest = line.partition(" ")
    word, rest = word.lower(), rest.strip()
    if line.startswith("/"):
        return PlaceAnswer("look up", words=line[1:].strip())
    if line.startswith("@"):
        return PlaceAnswer("decide", _by_hand(line[1:].strip()))
    if word in ("n", "x"):
        note = clean(rest.removeprefix("because ")) or None
        return PlaceAnswer("decide", PlaceVerdict("none" if word == "n" else "not_an_institution", note=note))
    if word == "c":
        return PlaceAnswer("confirm", words=clean(rest.removeprefix("because ")))
    simple = {"s": "skip", "z": "back", "y": "history", "o": "open", "q": "quit", "h": "help", "?": "help"}.get(word)
    if simple and not rest:
        return PlaceAnswer(simple)
    for_all = word == "all"
    return PlaceAnswer("decide", _institutions(rest if for_all else line, text, candidates), for_all=for_all)


def _institutions(line: str, text: str, candidates: Sequence[str]) -> PlaceVerdict:
    found = _NUMBERS.match(line)
    numbers = [int(number) for number in re.split(r"[\s,]+", found.group(1))] if found else []
    if not numbers or not all(0 < number <= len(candidates) for number in numbers):
        raise AnswerError(f"{clean(line)!r} is no answer; h shows them")
    rest = (found.group(2) or "").strip() if found else ""
    alias = None
    if rest.lower().startswith("as "):
        alias, _, rest = rest[3:].partition(" because ")
        alias = clean(alias)
        if not is_alias_of(alias, text):
            raise AnswerError(_NOT_HERE.format(alias))
    ror_ids = tuple(dict.fromkeys(candidates[number - 1] for number in numbers))
    note = clean(rest.removeprefix("because ")) or None
    return PlaceVerdict("institution" if len(ror_ids) == 1 else "institutions", ror_ids, note=note, alias=alias)


def _by_hand(line: str) -> PlaceVerdict:
    found = _POINT.match(line)
    if not found and (city := _IN_CITY.match(line)):
        if not city.group(4):
            raise AnswerError("a place by hand needs its reason: … because REASON")
        place = HandPlace(clean(city.group(1)), city.group(3).upper(), 0.0, 0.0, clean(city.group(2)))  # the point comes with the city
        return PlaceVerdict("place", place=place, note=clean(city.group(4)))
    if not found:
        raise AnswerError(
            "a place by hand is @ LATITUDE LONGITUDE COUNTRY NAME because REASON, such as @ 47.65 -122.31 US A Lab because …, "
            "or @ NAME in CITY, COUNTRY because REASON"
        )
    latitude, longitude = float(found.group(1)), float(found.group(2))
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise AnswerError(f"{latitude} {longitude} is no point: latitudes go to 90 degrees, longitudes to 180")
    if not found.group(5):
        raise AnswerError("a place by hand needs its reason: … because REASON")
    place = HandPlace(clean(found.group(4)), found.group(3).upper(), latitude, longitude)
    return PlaceVerdict("place", place=place, note=clean(found.group(5)))
