"""What a page holds inside itself: scripts, styles, the land outline, and the policy that allows nothing else.

Leaflet (BSD-2-Clause) and its cluster plug-in (MIT) come out of the installed packages XStatic-Leaflet and
XStatic-Leaflet-MarkerCluster.  ``land.json`` is Natural Earth 1:110m (public domain, naturalearthdata.com): countries
dissolved into land and border lines, coordinates rounded to 0.1 degree, rings cut at 180° as Natural Earth cuts them,
without Antarctica.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import Markup

_LEAFLET = ("XStatic-Leaflet", "xstatic/pkg/leaflet/data")
_CLUSTER = ("XStatic-Leaflet-MarkerCluster", "xstatic/pkg/leaflet_markercluster/data")


def _packaged(package: tuple[str, str], name: str) -> str:
    """A file of an installed package, without its link to a source map."""
    wheel, folder = package
    text = Path(str(distribution(wheel).locate_file(f"{folder}/{name}"))).read_text(encoding="utf-8")
    return re.sub(r"\n?(//# sourceMappingURL=.*|/\*# sourceMappingURL=.*?\*/)\s*$", "\n", text)


def _own(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def scripts() -> tuple[str, ...]:
    """The scripts of a map page, in order."""
    own = ("store", "signs", "chart", "filters", "address", "table", "map", "start")
    return (
        _packaged(_LEAFLET, "leaflet.js"),
        _packaged(_CLUSTER, "leaflet.markercluster.js"),
        *(_own(f"scripts/{name}.js") for name in own),
    )


@cache
def map_styles() -> str:
    """Leaflet's styles without its pictures, which would be fetched, and ours."""
    leaflet = re.sub(r"(behavior|background-image):\s*url\([^)]*\);?", "", _packaged(_LEAFLET, "leaflet.css"))
    return "\n".join((leaflet, _packaged(_CLUSTER, "MarkerCluster.css"), styles()))


@cache
def styles() -> str:
    """Our styles."""
    return _own("page.css")


@cache
def land() -> dict[str, Any]:
    """Land and borders as GeoJSON."""
    outline: dict[str, Any] = json.loads(_own("land.json"))
    return outline


def policy(script_texts: tuple[str, ...], style_text: str) -> str:
    """A content-security policy that allows exactly these inline texts and no request at all
    (https://www.w3.org/TR/CSP3/#framework-directive-source-list).
    """
    script_hashes = " ".join(map(_hash, script_texts)) or "'none'"
    return (
        f"default-src 'none'; script-src {script_hashes}; style-src {_hash(style_text)}; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.replace("\r\n", "\n").encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def inline(text: str) -> Markup:
    """A script or style of ours or of a package, as it stands; it must not end its own element."""
    text = text.replace("\r\n", "\n")
    if re.search(r"</(script|style)|<!--", text, re.IGNORECASE):
        raise ValueError("an inline text would end its element")
    return Markup(text)  # noqa: S704 — no outside text comes here


def as_json(value: object) -> Markup:
    """JSON for a data block: nothing in it can end the block or start markup."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 — escaped above
