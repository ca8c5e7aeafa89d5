"""What people are (``PhD student``, ``Senior Researcher``, ``CTO``), where it stands on a line of an affiliation: no part of the body."""

from __future__ import annotations

import re

_RANK = (
    r"(?:(?:full|senior|junior|principal|lead|chief|staff|assistant|associate|adjunct|visiting|distinguished|emeritus|research|"
    r"post-?doc(?:toral)?|doctoral|graduate|undergraduate|applied|software|machine learning|deep learning|computer vision|data|ai|"
    r"m\.?\s?tech\.?|"
    r"m\.?\s?sc\.?|b\.?\s?tech\.?|ph\.?\s?d\.?|masters?|master.s|bachelor|technical|technology|operating|scientific|managing|executive|deputy|vice|founding|former|co-?)[\s-]*)*"
)
_ROLE = (
    rf"(?:{_RANK}(?:professors?|prof\.|lecturer|reader|scientist|researcher|engineer|fellow|students?|scholar|candidate|assistant|associate|director|"
    r"president|officer|architect|developer|manager|head|intern|founder|post-?doc|faculty member)|"
    r"C[ETIS]O|Ph\.?\s?D\.?|dean)"
)
_ROLES = rf"{_ROLE}(?:\s*(?:,|&|/|\band\b)\s*{_ROLE})*"
_ALONE = re.compile(rf"^\W*{_ROLES}(?:\s*,?\s*(?:IEEE|ACM))?\W*$", re.IGNORECASE)
_BEFORE = re.compile(rf"^\W*{_ROLES}\s*(?:,|\b(?:at|with|in|from)\b(?:\s+the\b)?)\s*(?=[A-Z\u00c0-\u017f])", re.IGNORECASE)


def without_roles(lines: list[str]) -> list[str]:
    """The lines of an affiliation without what its author is there: alone on a line, or at the head with a comma or ``at`` behind."""
    kept = [line for line in lines if not _ALONE.match(line)]
    match = _BEFORE.match(kept[0]) if kept else None
    return [kept[0][match.end() :], *kept[1:]] if match and kept[0][match.end()].isupper() else kept
