"""Two sentences that others may quote, made from the counts of a page."""

from __future__ import annotations

from publish.page.view import View
from publish.words import count, joined


def summary(view: View) -> str:
    """What was reviewed and found to use the dataset, and where; in the words of the state that is published."""
    name, counts, as_of = view.export.dataset.name, view.export.counts, view.export.state.as_of
    found, reviewed, used = counts["found"], counts["reviewed"], counts["used"]
    head = ("Sample: by " if view.export.state.is_sample else "By ") + (as_of[:10] if as_of else "now")
    if not found:
        return f"{head}, no work that cites or names {name} has been found."
    if not reviewed:
        unknown = "Nothing has been reviewed yet, so it is not known who used the dataset."
        return (
            f"{head}, {count(found, 'work')} that {'cites' if found == 1 else 'cite'} or {'names' if found == 1 else 'name'} {name} "
            f"{'has' if found == 1 else 'have'} been found. {unknown}"
        )
    first = f"{head}, reviewers had judged {reviewed:,} of {count(found, 'work')} found for {name}, and confirmed that {used:,} used it."
    if not used:
        first = f"{head}, reviewers had judged {reviewed:,} of {count(found, 'work')} found for {name}; no use was confirmed."
    return f"{first} {_where(view)}"


def _where(view: View) -> str:
    told = view.headline
    if not view.export.counts["used"]:
        return "A work that was not judged may still have used it."
    if not told.n_places:
        return "Where the authors work is not known well enough to be named."
    named = joined(f"{n:,} {words}" for n, words in told.named)
    among = f", among them {named}" if told.named else ""
    places = count(told.n_places, "institution or city", "institutions or cities")
    return f"The authors\u2019 affiliations lead to {places} in {count(told.n_countries, 'country', 'countries')}{among}."
