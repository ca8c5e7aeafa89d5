"""Numbers that more than one stage goes by."""

from __future__ import annotations

# Below this match score an institution goes to a reviewer, not to the map: the matcher's own bar between "sure" and
# "plausible" lies there, and a false pin costs more than a missing one.
MAP_BAR = 0.8
