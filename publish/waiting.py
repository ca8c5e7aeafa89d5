"""What is next for the people who make a page, in words: the commands that bring it on."""

from __future__ import annotations

from db.queries.waiting import Waiting
from publish.words import count


def next_steps(slug: str, waiting: Waiting) -> str | None:
    """One line with a command for each thing that waits; None where nothing does."""
    steps = [
        (waiting.conflicts, f"{count(waiting.conflicts, 'conflict')}: `whereused adjudicate {slug} --reviewer NAME`"),
        (
            waiting.affiliations,
            f"{count(waiting.affiliations, 'affiliation waits', 'affiliations wait')}: `whereused places {slug} --reviewer NAME`",
        ),
        (waiting.works, f"{count(waiting.works, 'work')} unlabelled: `whereused verify {slug} --reviewer NAME`"),
    ]
    told = [words for n, words in steps if n]
    return f"{slug}: {' · '.join(told)}" if told else None
