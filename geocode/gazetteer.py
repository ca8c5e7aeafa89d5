"""The life of the gazetteer: fetching the registry's newest release, importing a dump, telling what is there.

ROR releases its data on Zenodo as a community; the API lists the newest record with its files:
https://ror.readme.io/docs/data-dump · https://developers.zenodo.org/#records
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from db.config import Config
from db.errors import ProviderError, UsageError
from db.gazetteer import load_meta, open_gazetteer
from db.runs import installed_version
from geocode.build import build_index
from geocode.registry import read_dump

ZENODO = "https://zenodo.org/api/records/?communities=ror-data&sort=newest&size=1"
TIMEOUT_S = 60.0
LOCK_S = 5.0
CHUNK = 1 << 20
MAX_BYTES = 1_000_000_000  # a release's zip has some 40 MB

Report = Callable[[str], None]


def import_dump(config: Config, path: Path, report: Report = lambda _: None) -> dict[str, str]:
    """Build the index from a dump; returns what ``find_info`` tells.  The old index stays where anything goes wrong."""
    report("reading the dump")
    release, records = read_dump(path)
    config.gazetteer.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(config.gazetteer.with_name(config.gazetteer.name + ".lock"), timeout=LOCK_S):
            build_index(release, records, config.gazetteer, report)
    except Timeout as error:
        raise UsageError("another command is building the gazetteer; wait for it to end") from error
    return find_info(config)


def find_info(config: Config) -> dict[str, str]:
    """Release, counts and date of the installed index."""
    db = open_gazetteer(config.gazetteer)
    meta = load_meta(db)
    db.conn.close()
    return {"file": str(config.gazetteer), **meta}


def update(config: Config, report: Report = lambda _: None) -> dict[str, str]:
    """Fetch the newest release and import it.  Raises ProviderError where it can't be had."""
    url = config.get("ROR_DUMP_URL") or ZENODO
    with tempfile.TemporaryDirectory(prefix="whereused-") as folder:
        report(f"asking {url}")
        target = Path(folder) / "ror-data.zip"
        with _open(url) as answer:
            kind = str(answer.headers.get("Content-Type", ""))
            listing = _read_listing(answer) if "json" in kind else None
            if listing is None:
                target = target.with_name(Path(url.split("?")[0]).name or target.name)
                _save(answer, target, None, report)
        if listing is not None:
            name, link, checksum = listing
            target = target.with_name(name)
            with _open(link) as answer:
                _save(answer, target, checksum, report)
        try:
            return import_dump(config, target, report)
        except UsageError as error:
            text = str(error).replace(str(target), url)
            raise ProviderError(f"what came from there is no usable release: {text}") from error


def _open(url: str) -> Any:
    if not url.startswith(("http://", "https://")):
        raise UsageError(f"WHEREUSED_ROR_DUMP_URL is no web address: {url!r}")
    request = urllib.request.Request(url, headers={"User-Agent": f"whereused/{installed_version()}"})  # noqa: S310 (checked above)
    try:
        return urllib.request.urlopen(request, timeout=TIMEOUT_S)  # noqa: S310
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", None) or error
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        raise ProviderError(f"{url} can't be had ({reason}); try again later, or `whereused gazetteer import FILE`") from error


def _read_listing(answer: Any) -> tuple[str, str, str | None]:
    """(file name, link, MD5) of the zip in Zenodo's newest record."""
    try:
        record = json.loads(answer.read(CHUNK * 8))
        record = record["hits"]["hits"][0] if "hits" in record else record
        file = next(f for f in record["files"] if f["key"].endswith(".zip"))
        checksum = str(file.get("checksum") or "")
        name = Path(str(file["key"])).name
        return name, str(file["links"]["self"]), checksum.removeprefix("md5:") if checksum.startswith("md5:") else None
    except (ValueError, KeyError, IndexError, StopIteration, TypeError, OSError) as error:
        raise ProviderError("the list of releases has another shape than expected; fetch the zip by hand and import it") from error


def _save(answer: Any, target: Path, checksum: str | None, report: Report) -> None:
    digest, size = hashlib.md5(usedforsecurity=False), 0
    expected = int(answer.headers.get("Content-Length") or 0)
    try:
        with target.open("wb") as file:
            while chunk := answer.read(CHUNK):
                size += len(chunk)
                if size > MAX_BYTES:
                    raise ProviderError(f"the download passes {MAX_BYTES / 1e9:.0f} GB: that is no ROR release")
                digest.update(chunk)
                file.write(chunk)
                report(f"fetched {size / 1e6:.0f} MB")
    except (OSError, ValueError) as error:
        raise ProviderError(f"the download broke off after {size} bytes ({error}); try again") from error
    if expected and size != expected:
        raise ProviderError(f"the download broke off after {size} of {expected} bytes; try again")
    if checksum and digest.hexdigest() != checksum:
        raise ProviderError("the download's checksum is wrong; try again")
