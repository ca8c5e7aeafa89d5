"""Full texts: where they may be had, what counts as one, and how it is stored.

Only open-access links are followed; what is stored stays with the user and is never published.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crawler.providers import ACL_ANTHOLOGY, ARXIV, EUROPE_PMC, SEMANTIC_SCHOLAR
from db.config import Config
from db.files import load_bytes, save_shared, size_of, stored_at
from db.fulltexts import StoredFile
from db.identity import canonical
from db.records import FulltextPlace

MAX_BYTES = 64 * 1024**2
HEAD = 1024  # "%PDF" stands within the first bytes, not always at the very start
_ARXIV_LINK = re.compile(r"https?://(?:www\.|export\.)?arxiv\.org/(?:pdf|abs|html)/(.+?)(?:\.pdf)?(?:[?#].*)?$", re.IGNORECASE)
PLACEHOLDER = "<INSERT_YOUR_EMAIL>"  # stands literally in links of the provider's disclaimers
# The order of asking: the provider's own link, arXiv, then what OpenAlex and Unpaywall know, then the archives by their ids.
_RANKS = {SEMANTIC_SCHOLAR.name: 0, ARXIV.name: 1, ACL_ANTHOLOGY.name: 4, EUROPE_PMC.name: 5}
OPENALEX_RANK, UNPAYWALL_RANK = 2, 3


def open_place(url: str, licence: str | None, namer: str, rank: int, config: Config) -> tuple[str, FulltextPlace]:
    """(who named it, place) of an open-access link; one to arXiv becomes arXiv's own place, which is asked at arXiv's pace."""
    at_arxiv = _ARXIV_LINK.match(url)
    arxiv = canonical("arxiv", at_arxiv.group(1)) if at_arxiv else None
    if arxiv:
        return ARXIV.name, FulltextPlace(f"{ARXIV.url(config)}/{arxiv}", _RANKS[ARXIV.name])
    return namer, FulltextPlace(url, rank, licence)


def places_of(open_access: Mapping[str, Any], ids: Mapping[str, Any], config: Config) -> list[tuple[str, FulltextPlace]]:
    """(who named it, place) for a paper of Semantic Scholar, best first.

    ``open_access`` is its ``openAccessPdf``: its url may be "", and may be there although the status is CLOSED.  A link
    to arXiv becomes arXiv's own place, which is asked at arXiv's pace.
    """
    link, licence = str(open_access.get("url") or "").strip(), open_access.get("license")
    arxiv = canonical("arxiv", ids.get("ArXiv"))
    at_arxiv = _ARXIV_LINK.match(link)
    if at_arxiv:
        arxiv = arxiv or canonical("arxiv", at_arxiv.group(1))
    acl, pmc = canonical("acl", ids.get("ACL")), canonical("pmc", ids.get("PubMedCentral"))
    found = (
        (SEMANTIC_SCHOLAR, None if at_arxiv else link),
        (ARXIV, arxiv and f"{ARXIV.url(config)}/{arxiv}"),
        (ACL_ANTHOLOGY, acl and f"{ACL_ANTHOLOGY.url(config)}/{acl}.pdf"),
        (EUROPE_PMC, pmc and f"{EUROPE_PMC.url(config)}/articles/{pmc}?pdf=render"),
    )
    return [
        (namer.name, FulltextPlace(url, _RANKS[namer.name], licence if namer is SEMANTIC_SCHOLAR and isinstance(licence, str) else None))
        for namer, url in found
        if url
    ]


def find_flaw(body: bytes) -> str | None:
    """Why an answer is no PDF, or None where it is one."""
    if b"%PDF" in body[:HEAD]:
        return None
    if not body:
        return "an empty answer"
    start = body[:HEAD].lstrip().lower()
    return "an HTML page, not a PDF" if start.startswith(b"<") or b"<html" in start else "not a PDF"


def store_pdf(config: Config, body: bytes) -> StoredFile:
    """Write a PDF for good: under a temporary name, synced, renamed.  OSError where the disk is full or not writable.

    Where full texts lie in a place that several machines share, it goes there.
    """
    sha256 = hashlib.sha256(body).hexdigest()
    path = stored_at(config, sha256)
    if isinstance(path, str):
        if size_of(path) != len(body) or load_bytes(path) != body:  # one that was damaged without changing its size is mended
            save_shared(path, body)
        return StoredFile(sha256, len(body))
    if not (path.is_file() and path.stat().st_size == len(body)):
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.partial")  # another command may store the same PDF now
        try:
            with partial.open("wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except OSError:
            partial.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
    return StoredFile(sha256, len(body))


def sweep_partials(config: Config) -> int:
    """Remove the unfinished files of commands that were killed, and say how many; those of commands at work stay."""
    n = 0
    for path in config.files.glob("pdf/*/*.partial"):
        pid = path.name.split(".")[-2]
        if not (pid.isdigit() and _is_running(int(pid))):
            path.unlink(missing_ok=True)
            n += 1
    return n


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return pid != os.getpid()  # what bears our own number is from before: this command has only begun


def _sync_folder(folder: Path) -> None:
    """A rename survives a power cut once its folder is synced."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
