"""Where a work can be seen: its links and its stored PDF, and opening one."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import click

from db.config import Config
from db.files import stored_at
from db.queries.queue import WorkCard
from verify.evidence import rank_passages

# Scheme → address, the most direct way to the text first.
_ADDRESSES = {
    "arxiv": "https://arxiv.org/abs/{}",
    "doi": "https://doi.org/{}",
    "publication_number": "https://patents.google.com/patent/{}",
    "acl": "https://aclanthology.org/{}",
    "pmc": "https://www.ncbi.nlm.nih.gov/pmc/articles/{}",
    "pubmed": "https://pubmed.ncbi.nlm.nih.gov/{}",
    "openalex": "https://openalex.org/{}",
    "s2": "https://www.semanticscholar.org/paper/{}",
    "lens": "https://www.lens.org/{}",
}
_viewers: list[subprocess.Popen[bytes]] = []  # kept, so that a viewer may outlive the prompt that opened it


def links(card: WorkCard) -> list[str]:
    """Addresses of a work, best first; only web addresses that a terminal may be shown, whatever the database holds."""
    known = [_ADDRESSES[scheme].format(quote(value, safe="/:;()._-")) for scheme in _ADDRESSES for s, value in card.ids if s == scheme]
    free = [value for scheme, value in card.ids if scheme == "url" and value.startswith(("https://", "http://")) and value.isprintable()]
    return [*known, *free]


def pdf(config: Config, card: WorkCard) -> tuple[Path, int] | None:
    """The stored PDF that holds the best passage, and its page; the first one at page 1 where no passage names one."""
    pages: dict[str, int] = {}
    for passage in rank_passages(card):
        if passage.sha256 in card.documents:
            pages.setdefault(passage.sha256, passage.page or 1)
    for sha256 in dict.fromkeys([*pages, *card.documents]):
        path = stored_at(config, sha256)
        if isinstance(path, Path) and path.is_file():  # what lies in a shared place no viewer opens
            return path.absolute(), pages.get(sha256, 1)
    return None


def open_work(config: Config, card: WorkCard) -> str:
    """Open the PDF at its page, else the best link; says what happened.

    ``$WHEREUSED_OPEN`` names the command; ``{target}`` and ``{page}`` in it are filled in, else the target is appended.
    Without it the desktop decides (https://click.palletsprojects.com/en/stable/api/#click.launch).
    """
    stored, addresses = pdf(config, card), links(card)
    if stored is None and not addresses:
        return "there is no PDF and no link to open"
    target, page = (str(stored[0]), stored[1]) if stored else (addresses[0], 1)
    where = f"{target}, page {page}" if stored else target
    command = config.get("OPEN")
    if command:
        return f"opened {where}" if _start(command, target, page) else f"WHEREUSED_OPEN ({command}) can't be started; open {where} yourself"
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return f"no desktop here; open {where} yourself, or set WHEREUSED_OPEN to a command"
    return f"opened {where}" if click.launch(target) == 0 else f"nothing could open it; it is {where}"


def _start(command: str, target: str, page: int) -> bool:
    """Start the reviewer's own command beside us, without our terminal: it must not eat the keys."""
    try:
        words = shlex.split(command)
        filled = [word.replace("{target}", target).replace("{page}", str(page)) for word in words]
        if not any("{target}" in word for word in words):
            filled.append(target)
        null = subprocess.DEVNULL
        _viewers.append(subprocess.Popen(filled, stdin=null, stdout=null, stderr=null, start_new_session=True))
    except (OSError, ValueError):
        return False
    return True
