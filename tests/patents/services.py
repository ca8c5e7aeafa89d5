"""Stand-ins for the services of patents, on the loopback interface: each answers and misbehaves as its service does."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

Reply = tuple[int, bytes, dict[str, str]]


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Fault = Callable[[int, Asked], "Reply | None"]


@dataclass
class Service:
    """``fault`` (number of the request, request) may answer in place of the service."""

    fault: Fault = lambda _at, _asked: None
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        return self.fault(len(self.asked), asked) or self.reply(asked)

    def reply(self, asked: Asked) -> Reply:
        raise NotImplementedError

    @property
    def environ(self) -> dict[str, str]:
        raise NotImplementedError


S = TypeVar("S", bound=Service)


@contextmanager
def serving(service: S) -> Iterator[S]:
    """The service on a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version, disable_nagle_algorithm, wbufsize = "HTTP/1.1", True, -1

        def log_message(self, *_: Any) -> None:
            """Silent."""

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer, told = service.answer(Asked(self.command, self.path, headers, body, time.monotonic()))
            self.send_response(status)
            for name, value in ({} if status == 204 else {"Content-Length": str(len(answer))} | told).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"" if status == 204 else answer)

        do_GET = do_POST = handle_any  # noqa: N815

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    service.url = f"http://127.0.0.1:{httpd.server_port}"
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    try:
        yield service
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


# ---------------------------------------------------------------- USPTO

ODP_NONE = {
    "code": "404",
    "message": "Not Found",
    "detailedMessage": "No matching records found, refine your search criteria and try again",
}


@dataclass
class Odp(Service):
    """The Open Data Portal with these records; an answer of more than ``largest`` is refused."""

    records: list[dict[str, Any]] = field(default_factory=list)
    largest: int = 1000

    @property
    def environ(self) -> dict[str, str]:
        return {"WHEREUSED_USPTO_URL": self.url + "/api/v1", "WHEREUSED_USPTO_KEY": "k", "WHEREUSED_RATE_USPTO": "2000"}

    def reply(self, asked: Asked) -> Reply:
        assert (asked.method, asked.path) == ("POST", "/api/v1/patent/applications/search")
        if asked.headers.get("x-api-key") != "k":
            return 403, b'{"message":"Forbidden"}', {}
        offset, limit = asked.json["pagination"]["offset"], asked.json["pagination"]["limit"]
        if limit > self.largest:
            return 413, b'{"code":413,"message":"Payload Too Large","detailedMessage":"Response exceeds 6MB"}', {}
        assert "MegaFace" in asked.json["q"]
        page = self.records[offset : offset + limit]
        if not page:
            return 404, json.dumps(ODP_NONE).encode(), {}
        return 200, json.dumps({"count": len(self.records), "patentFileWrapperDataBag": page, "requestIdentifier": "x"}).encode(), {}


def application(at: int, *, granted: bool = True, published: bool = True) -> dict[str, Any]:
    """A record of the portal; all names are our own."""
    meta: dict[str, Any] = {
        "inventionTitle": "FACE MATCHER  EVALUATED ON MEGAFACE", "filingDate": "2018-09-06", "applicationTypeCode": "UTL",
        "applicantBag": [
            {"applicantNameText": "Example Vision Co., Ltd.", "correspondenceAddressBag": [{"cityName": "Seoul", "countryCode": "KR"}]},
            {"applicantNameText": "Ada Part", "correspondenceAddressBag": [{"cityName": "Seoul", "countryCode": "KR"}]},
        ],
        "inventorBag": [{"inventorNameText": "Ada PART"}],
    }  # fmt: skip
    meta |= {"earliestPublicationNumber": f"US2020{at:07}A1", "earliestPublicationDate": "2020-03-28"} if published else {}
    meta |= {"patentNumber": str(10_900_000 + at), "grantDate": "2021-01-26"} if granted else {}
    return {"applicationNumberText": str(16_000_000 + at), "applicationMetaData": meta}


# ---------------------------------------------------------------- Lens


@dataclass
class Lens(Service):
    """Lens with these records for each of the two searches, ``page`` a call; a scroll can be used once with its newest id."""

    citing: list[dict[str, Any]] = field(default_factory=list)
    naming: list[dict[str, Any]] = field(default_factory=list)
    page: int = 2
    scrolls: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        return {"WHEREUSED_LENS_URL": self.url, "WHEREUSED_LENS_KEY": "k", "WHEREUSED_RATE_LENS": "2000"}

    def reply(self, asked: Asked) -> Reply:
        assert asked.headers["authorization"] == "Bearer k"
        body = asked.json
        if "scroll_id" in body:
            rest = self.scrolls.pop(body["scroll_id"], None)
            if rest is None:
                return 400, b'{"message":"Invalid scroll id"}', {}
            return (200, self._page(rest), {}) if rest else (204, b"", {})
        text = json.dumps(body["query"])
        found = self.citing if "npl.external_id" in text else self.naming
        since = re.search(r'"gte": "([\d-]+)"', text)
        rest = [record for record in found if not since or record["date_published"] >= since[1]]
        return (200, self._page(rest), {"x-rate-limit-remaining-request-per-minute": "9"}) if rest else (200, b'{"total":0,"data":[]}', {})

    def _page(self, rest: list[dict[str, Any]]) -> bytes:
        scroll = f"s{len(self.asked)}"
        self.scrolls[scroll] = rest[self.page :]
        return json.dumps({"total": len(rest), "data": rest[: self.page], "scroll_id": scroll}).encode()


def lens_record(number: str, day: str, **more: Any) -> dict[str, Any]:
    """A record of Lens; all names are our own."""
    return {
        "lens_id": f"111-222-333-{ord(number[0]):03}-{int(number[2:-1]) % 1000:03}",
        "jurisdiction": number[:2], "doc_number": number[2:-1], "kind": number[-1],
        "date_published": day, "biblio": {
            "invention_title": [{"text": "Face matcher", "lang": "en"}],
            "parties": {"applicants": [{"residence": "CN", "extracted_name": {"value": "EXAMPLE VISION CO LTD"}}]},
            "references_cited": {"citations": more.pop("citations", [])},
        },
    } | more  # fmt: skip


# ---------------------------------------------------------------- Google Patents


@dataclass
class Google(Service):
    """Pages by number; ``robots`` is its robots.txt."""

    pages: dict[str, str] = field(default_factory=dict)
    robots: str = "User-agent: *\nDisallow: /search\n"

    @property
    def environ(self) -> dict[str, str]:
        return {"WHEREUSED_GOOGLE_PATENTS_URL": self.url, "WHEREUSED_GOOGLE_PATENTS": "1", "WHEREUSED_RATE_GOOGLE_PATENTS": "2000"}

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            return 200, self.robots.encode(), {}
        return super().answer(asked)

    def reply(self, asked: Asked) -> Reply:
        found = self.pages.get(asked.path.removeprefix("/patent/").removesuffix("/en"))
        if found is None:
            return 404, b"<html><title>Error 404 (Not Found)!!1</title></html>", {"Content-Type": "text/html"}
        return 200, found.encode(), {"Content-Type": "text/html; charset=utf-8"}
