"""Numbers and rules that more than one stage goes by."""

from __future__ import annotations

from db.queries.records import Place

# Below this match score an institution goes to a reviewer, not to the map: the matcher's own bar between "sure" and
# "plausible" lies there, and a false pin costs more than a missing one.
MAP_BAR = 0.8
# A string that is, letter for letter, a name of exactly one institution needs no score.
EXACT_METHODS = ("exact name", "exact", "reviewer")
# Labels that decide; `unsure` and `no_access` are no verdict on the work.
DECIDING = ("used", "created", "not_used", "wrong_work")
# The tiers that a document itself speaks for; what others tell places a work only where it has none of these (the view
# placing_affiliation says the same).
OWN_TIERS = ("front matter", "assignee")


def is_sure(place: Place) -> bool:
    """Whether a place may stand on the map as it is.

    A place of a sensitive sector (military, or government with its police) needs two sources (two works, or a document and a
    provider) or a reviewer: a wrong pin there weighs most.
    """
    return place.reviewed or (not place.alone and is_above_bar(place))


def is_above_bar(place: Place) -> bool:
    """Whether the match itself is good enough for the map, whatever its sector asks for besides."""
    return place.score >= MAP_BAR or place.method in EXACT_METHODS
