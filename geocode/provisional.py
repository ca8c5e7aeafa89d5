"""One provisional institution for all strings that name the same house in the same place, as long as the registry lacks it."""

from __future__ import annotations

import hashlib

from sqlite_utils import Database

from db.geocode import PlaceRow, save_place
from db.provisional import Peer, find_membership, load_peers, save_membership
from geocode.cities import PlaceFound
from geocode.namesectors import sector_of_name
from geocode.unmatched import House, are_alike

SCORES = {"city and country": 0.7, "large city": 0.5}  # below the bar of the map: a reviewer confirms them
OTHERWISE = 0.5
METHOD = "name without a registry record"


def join_provisional(db: Database, string_id: int, house: House, place: PlaceFound) -> tuple[int, PlaceRow, float]:
    """Count a string to the provisional institution of its name and place: (place id, its row, score).

    A string stays with the institution it was counted to before, as long as it names the same in the same place; else it
    goes to the one of the very name, to the first one alike, or it begins a new one, whose id follows from name and place.
    Inside a transaction of the caller.
    """
    peer = _find_peer(db, string_id, house, place)
    key = peer.provider_key if peer else provisional_key(house, place)
    provider = peer.provider if peer else place.provider
    row = PlaceRow(
        *(provider, key, place.name, place.country_code, place.latitude, place.longitude, place.granularity),
        *(house.name, sector_of_name(house.name)),
    )
    place_id = save_place(db, row)
    save_membership(db, string_id, place_id, house.key)
    return place_id, row, SCORES.get(place.method, OTHERWISE)


def provisional_key(house: House, place: PlaceFound) -> str:
    """The id of a new provisional institution: its place's id, and what follows from the name."""
    told = "\n".join((house.key.replace(" ", ""), place.country_code or "", place.key))
    return f"{place.key}-x{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def _find_peer(db: Database, string_id: int, house: House, place: PlaceFound) -> Peer | None:
    peers = load_peers(db, place.country_code, place.name, place.latitude, place.longitude)
    member = find_membership(db, string_id)
    if member and member.name_key == house.key and any(peer.place_id == member.place_id for peer in peers):
        return member
    same = next((peer for peer in peers if peer.name_key == house.key), None)
    return same or next((peer for peer in peers if are_alike(peer.name_key, house.key)), None)
