"""Finding and fetching the registry's newest release.

ROR releases its data on Zenodo as a community; the newest record is the first hit, the dump the newest zip among its files:
https://ror.readme.io/docs/data-dump · https://developers.zenodo.org/#records
"""

from __future__ import annotations

import hashlib
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.errors import ProviderError, StorageError, UsageError
from db.outside import parse_json
from db.runs import installed_version

ZENODO = "https://zenodo.org/api/communities/ror-data/records?q=&sort=newest"
TIMEOUT_S = 60.0
CHUNK = 1 << 20
PATIENCE_S = 60.0  # a server that sends less than LEAST in this time is as good as silent
LEAST = 50_000  # bytes
TRIES = 4  # connections for one download; each goes on where the one before broke off
MAX_BYTES = 1_000_000_000  # a release's zip has some 40 MB
MAX_LISTING = 8 << 20
_DATED = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?[-_](\d{4}-\d{2}-\d{2})")
_SAFE = re.compile(r"[^A-Za-z0-9._-]+")

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Release:
    """A zip to fetch.  ``name`` is safe as a file name; ``md5`` and ``size`` where the list tells them."""

    name: str
    link: str
    md5: str | None = None
    size: int | None = None


def find_release(url: str) -> Release:
    """The newest release behind a list of Zenodo; a URL that answers with anything but JSON is taken for the zip itself."""
    with _open(url) as answer:
        if "json" not in str(answer.headers.get("Content-Type", "")):
            return Release(_safe_name(url.split("?")[0]), url)
        return _read_listing(answer)


def fetch(release: Release, folder: Path, report: Report = lambda _: None) -> Path:
    """The release as a file in ``folder``; a download that broke off goes on where it stopped, also in a later call.

    What was fetched is kept under a name ending in ``.partial`` until its checksum is right.  Raises ProviderError.
    """
    target = folder / release.name
    partial = folder / f"{release.name}.partial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for last in (False, True):
            had = partial.stat().st_size if partial.exists() else 0
            _fetch_all(release, partial, report)
            wrong = _flaw(release, partial)
            if wrong is None:
                break
            partial.unlink()
            if last or not had:  # what an earlier call left may have been of another file: once more, from the start
                raise ProviderError(wrong)
        partial.replace(target)
    except OSError as error:
        raise StorageError(f"{folder} can't be written ({error.strerror}); name another place with WHEREUSED_GAZETTEER") from error
    return target


def _fetch_all(release: Release, partial: Path, report: Report) -> None:
    if release.md5 is None:  # nothing would tell whether both halves are of one file
        partial.unlink(missing_ok=True)
    for attempt in range(TRIES):
        before = partial.stat().st_size if partial.exists() and release.md5 else 0
        try:
            if _fetch_rest(release, partial, before, report):
                return
        except ProviderError:
            if attempt == TRIES - 1 or not (partial.exists() and partial.stat().st_size > before):
                raise  # no byte further: whoever answers there can't, not the line
    raise ProviderError(f"the download breaks off again and again; `whereused gazetteer update` goes on at {_size(partial)}")


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.1f} MB" if path.exists() else "the start"


def _fetch_rest(release: Release, partial: Path, start: int, report: Report) -> bool:
    """Append what is missing; whether the file is as long as announced."""
    if release.size is not None and start >= release.size:
        return True
    with _open(release.link, {"Range": f"bytes={start}-"} if start else {}) as answer:
        resumed = start > 0 and answer.status == 206 and str(answer.headers.get("Content-Range", "")).startswith(f"bytes {start}-")
        size = start if resumed else 0
        length = answer.headers.get("Content-Length")
        due = release.size or (size + int(length) if length and length.isdigit() else None)
        if due and due > MAX_BYTES:
            raise ProviderError(f"the download has {due / 1e9:.1f} GB: that is no ROR release")
        with partial.open("ab" if resumed else "wb") as file:
            try:
                for chunk in _arriving(answer):
                    size += len(chunk)
                    if size > MAX_BYTES:
                        raise ProviderError(f"the download passes {MAX_BYTES / 1e9:.0f} GB: that is no ROR release")
                    file.write(chunk)
                    report(f"fetched {size / 1e6:.0f}{f' of {due / 1e6:.0f}' if due else ''} MB")
            except (TimeoutError, ConnectionError, urllib.error.URLError, ValueError) as error:
                raise ProviderError(f"the download broke off after {size} bytes ({error}); run the same command again") from error
            except Exception as error:  # http.client.IncompleteRead keeps what came
                if part := getattr(error, "partial", b""):
                    file.write(part)
                if not hasattr(error, "partial"):
                    raise
                raise ProviderError(f"the download broke off after {size + len(part)} bytes; run the same command again") from error
            finally:
                file.flush()
                os.fsync(file.fileno())
    return due is None or size >= due


def _arriving(answer: Any) -> Iterator[bytes]:
    """The body as it comes.  Raises TimeoutError where it comes drop by drop: the socket's own limit starts anew with each drop."""
    began, came = time.monotonic(), 0
    while chunk := answer.read1(CHUNK):
        yield chunk
        came += len(chunk)
        if time.monotonic() - began > PATIENCE_S:
            if came < LEAST:
                raise TimeoutError(f"{came} bytes in {PATIENCE_S:.0f} s")
            began, came = time.monotonic(), 0


def _flaw(release: Release, path: Path) -> str | None:
    if release.size is not None and path.stat().st_size != release.size:
        return f"the download has {path.stat().st_size} bytes, {release.size} are due; try again"
    if release.md5 is None:
        return None
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return None if digest.hexdigest() == release.md5 else "the download's checksum is wrong; try again"


def _open(url: str, headers: Mapping[str, str] | None = None) -> Any:
    if not url.startswith(("http://", "https://")):
        raise UsageError(f"WHEREUSED_ROR_DUMP_URL is no web address: {url!r}")
    shown = url.split("?")[0]  # what stands behind it may be a token
    if "@" in shown.split("/")[2]:
        raise UsageError("WHEREUSED_ROR_DUMP_URL holds a user name or password, which is never sent; give the address without")
    agent = {"User-Agent": f"whereused/{installed_version()}"}
    request = urllib.request.Request(url, headers={**agent, **(headers or {})})  # noqa: S310 (checked above)
    try:
        return urllib.request.urlopen(request, timeout=TIMEOUT_S)  # noqa: S310
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", None) or error
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        raise ProviderError(f"{shown} can't be had ({reason}); try again later, or `whereused gazetteer import FILE`") from error


def _read_listing(answer: Any) -> Release:
    """The zip with the latest release number among Zenodo's newest records."""
    try:
        body = b""
        for chunk in _arriving(answer):
            body += chunk
            if len(body) > MAX_LISTING:
                raise ValueError("too long")
        answered = parse_json(body)
        records = answered["hits"]["hits"] if "hits" in answered else [answered]
        files = [file for record in records for file in record.get("files") or () if str(file["key"]).endswith(".zip")]
        file = max(files, key=lambda f: _version(str(f["key"])))
        checksum, size = str(file.get("checksum") or ""), file.get("size")
        md5 = checksum.removeprefix("md5:") if checksum.startswith("md5:") else None
        return Release(_safe_name(str(file["key"])), str(file["links"]["self"]), md5, int(size) if size else None)
    except TimeoutError as error:
        raise ProviderError(
            f"the list of releases comes too slowly ({error}); try again later, or `whereused gazetteer import FILE`"
        ) from error
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OSError) as error:
        raise ProviderError("the list of releases has another shape than expected; fetch the zip by hand and import it") from error


def _version(name: str) -> tuple[str, int, int, int]:
    found = _DATED.search(name)
    return (found[4], int(found[1]), int(found[2]), int(found[3] or 0)) if found else ("", 0, 0, 0)


def _safe_name(name: str) -> str:
    """The last part of a path as a file name of our own folder, whatever the list says."""
    last = _SAFE.sub("-", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(".-")
    return last[:120] if last.endswith(".zip") else f"{last[:100] or 'ror-data'}.zip"
