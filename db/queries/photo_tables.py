"""The audit in tables and words that its report and the dataset's page share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from db.queries.photo_faces import Tile
from db.queries.photos import Audit, Duties, UseRow

LIMITS = (
    "The table counts what the licences ask for, as they stand in the audited files; an owner may have changed a licence since, for "
    "other users than those who had the photo before.",
    "An image with a duty of attribution counts as a broken duty where a dataset is used without naming its photographers. That nobody "
    "was named is told of the dataset as a whole; it was not checked for each work.",
    "Whether training, testing or publishing a model is a use that these licences govern, and when it is commercial, is a grey area: it "
    "depends on the use, on exceptions such as fair use or text and data mining, and on the place. A company's name on a paper is a sign "
    "of a commercial use, no proof.",
    "None of this is legal advice.",
)
NOTES = {  # how each distribution came about, and what it doesn't tell
    "year": "Year of the date taken, as the files give it. Camera clocks are often wrong: impossible years occur.",
    "tag": "The owners' own tags, decoded; each counts once for each image. Hateful names for groups of people are left out.",
    "country": "The country that the files name; where they give coordinates only, that of the nearest town of GeoNames with 15,000 "
    "inhabitants or more, from coordinates cut to a tenth of a degree (about 10 km): near borders it may be the neighbour's. Images "
    "without public coordinates are not counted.",
    "rights": "What the files say of rights, else what the licence tells. A licence is the owner's statement and was not checked.",
    "age": "Ages are estimates as the supplied file gives them, not facts about anyone.",
}
AGE_LIMITS = (
    "Ages are a network's estimates of how old a face looks, not facts about anyone; single estimates are often wrong by many years, and "
    "only the sum of all faces is kept.",
    "The makers of this network publish no error. Of the programs that NIST measured in 2024, the better ones were wrong by about three "
    "years on average on visa photos (https://doi.org/10.6028/NIST.IR.8525); photos taken anywhere are harder.",
    "The groups that such networks misjudge are not evenly spread: NIST found larger errors for female faces almost throughout, and "
    "differences by age and region of birth; Clapés and others (From apparent to real age, CVPR Workshops 2018) by ethnicity, make-up and "
    "expression. Detectors miss faces unevenly too.",
)
MOSAIC_NOTE = (
    "Each tile is a face reduced to a few dots and blurred; no picture is kept. Two detectors looked at every tile and saw no face, or the "
    "tile was dropped. Images whose licence allows no derivatives are not shown. Changes to each image: face cut out, reduced, blurred; "
    "where a licence asks for share-alike, the tile stands under the same licence."
)
CREDIT_COLUMNS = ("tile", "title", "owner", "licence", "licence_url", "link", "changes")
DISTRIBUTIONS = {  # in the order of the page
    "age": "Age, estimated",
    "rights": "Copyright",
    "tag": "Most frequent tags",
    "year": "Images per year",
    "country": "Countries, where public",
}


def percent(part: int, whole: int) -> str:
    """A share with one decimal, ``29 %`` in place of ``29.0 %``."""
    return f"{100 * part / whole:.1f}".removesuffix(".0") + " %" if whole else "–"


def yes_no(flag: int | None, *, yes: str = "yes", no: str = "no") -> str:
    """A flag in words; a licence alone doesn't always tell."""
    return "not told" if flag is None else yes if flag else no


def licence_rows(audit: Audit) -> list[dict[str, Any]]:
    """The licence table with its totals, as it goes into files."""
    n, duties = audit.duties.n, audit.duties
    rows = [
        {
            "licence": row.name, "count": row.n, "share": percent(row.n, n), "attribution": yes_no(row.attribution),
            "share_alike": yes_no(row.share_alike), "no_derivatives": yes_no(None if row.derivatives is None else 1 - row.derivatives),
            "commercial_use": yes_no(row.commercial),
        }
        for row in audit.licences
    ]  # fmt: skip
    totals = (
        ("total", duties.n), ("attribution required", duties.attribution), ("share-alike required", duties.share_alike),
        ("no derivatives", duties.no_derivatives), ("no commercial use", duties.no_commercial),
        ("commercial use allowed", duties.commercial),
        ("commercial use not told by the licence", duties.undecided),
    )  # fmt: skip
    blank = dict.fromkeys(("attribution", "share_alike", "no_derivatives", "commercial_use"), "")
    rows += [{"licence": name, "count": part, "share": percent(part, n)} | blank for name, part in totals if part or name == "total"]
    return rows


def use_rows(uses: Iterable[UseRow], duties: Duties) -> list[dict[str, Any]]:
    """What each group of verified uses took in: images by what their licence asks, and duties of attribution over all uses."""
    return [
        {
            "scope": row.scope, "name": row.name, "verified_uses": row.uses, "uses_by_companies": row.commercial,
            "images_closed_to_commercial_use": duties.no_commercial if row.commercial else 0,
            "images_asking_attribution": duties.attribution if row.uses else 0,
            "images_asking_share_alike": duties.share_alike if row.uses else 0,
            "images_closed_to_derivatives": duties.no_derivatives if row.uses else 0,
            "attribution_duties": row.uses * duties.attribution,
            "commercial_prohibitions": row.commercial * duties.no_commercial,
        }
        for row in uses
    ]  # fmt: skip


def sentence(uses: list[UseRow], duties: Duties) -> str | None:
    """The sentence to quote; None where no use is verified."""
    total = next((row for row in uses if row.scope == "total"), None)
    if total is None or not total.uses:
        return None
    text = (
        f"{total.uses:,} verified {'use' if total.uses == 1 else 'uses'}: each took in {duties.attribution:,} images whose licence "
        f"asks to name the author ({total.uses * duties.attribution:,} duties in all)"
    )
    if total.commercial:
        by = "a company," if total.commercial == 1 else "companies, each"
        text += (
            f"; {total.commercial:,} came from {by} with {duties.no_commercial:,} images whose licence excludes commercial use"
            f" ({total.commercial * duties.no_commercial:,} in all)"
        )
    return text + f"; {duties.share_alike:,} images ask that adaptations carry the same licence."


def credit_rows(tiles: Iterable[Tile]) -> list[dict[str, Any]]:
    """The credits of a mosaic's tiles, counted from 1 as they stand on the page."""
    return [
        {
            "tile": number, "title": tile.title or "untitled", "owner": tile.owner or "not named", "licence": tile.licence,
            "licence_url": tile.licence_url, "link": tile.link, "changes": "face cut out, reduced, blurred",
        }
        for number, tile in enumerate(tiles, 1)
    ]  # fmt: skip
