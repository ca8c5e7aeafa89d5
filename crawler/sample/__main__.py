"""A provider on this machine to practise with: `python -m crawler.sample [FOLDER] [--calm]`.

Makes FOLDER (default: practice) with the settings that lead there and the records of the sample's institutions, and answers like a
provider, faults included (but with --calm), until Ctrl-C.  The commands that are called in that folder then do the real job, without a
network.
"""

from __future__ import annotations

import shlex
import sys
import threading
from pathlib import Path
from typing import Any

from crawler.sample.folder import GAZETTEER, save_registry
from crawler.sample.works import load_works
from crawler.sample.world import sample_provider
from db.config import CONFIG_FILE, PREFIX

MARK = "# Made by `python -m crawler.sample`; valid while that runs.\n"
# A dataset that the catalogue lacks, to be added by hand.
OWN: dict[str, Any] = {
    "paperId": "0" * 38 + "51",
    "title": "My Faces: a made-up dataset to practise with",
    "externalIds": {"DOI": "10.5555/my.faces"},
    "year": 2018,
}
OWN_CITERS = tuple(work.paper_id for work in load_works()[:3])


def begin(folder: Path, environ: dict[str, str]) -> None:
    """Write the settings and the registry records.  SystemExit where the folder has settings of the user's own."""
    settings = folder / CONFIG_FILE
    if settings.exists() and not settings.read_text(encoding="utf-8").startswith(MARK):
        sys.exit(f"{settings} is not of this command; name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    values = {name.removeprefix(PREFIX).lower(): value for name, value in environ.items()} | {
        "gazetteer": GAZETTEER,
        "state": "state",
        "sample": "1",
    }
    settings.write_text(MARK + "".join(f'{name} = "{value}"\n' for name, value in values.items()), encoding="utf-8")
    save_registry(folder)


def main(folder: Path, *, calm: bool) -> None:
    """Answer until Ctrl-C."""
    with sample_provider() as provider:
        if calm:
            provider.faults.clear()
        provider.papers[OWN["paperId"]] = OWN
        provider.citations[OWN["paperId"]] = list(OWN_CITERS)
        begin(folder, provider.environ)
        print(
            f"A provider answers at {provider.url} until Ctrl-C.  In another terminal: cd {shlex.quote(str(folder.resolve()))}", flush=True
        )
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            (folder / CONFIG_FILE).unlink(missing_ok=True)


if __name__ == "__main__":
    folders = [word for word in sys.argv[1:] if word != "--calm"]
    main(Path(folders[0] if folders else "practice"), calm="--calm" in sys.argv)
