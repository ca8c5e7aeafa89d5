"""A provider on this machine: it speaks the Semantic Scholar shapes, and errs on demand as the real one does.

The tests crawl it, and so does the demo; no spider knows that it is not the real service.

    papers = [{"paperId": "a" * 40, "title": "…", "externalIds": {"ArXiv": "1505.02108"}, …}, …]
    citations = {"a" * 40: ["b" * 40, {"citingPaper": "c" * 40, "contexts": ["…"], "isInfluential": True}]}
    faults = [Fault("status", status=429, times=2), Fault("drop", where="/citations", skip=1)]
    with LoopbackProvider(papers, citations, pdfs={"x.pdf": b"%PDF-…"}, faults=faults) as provider:
        config = load_config(db=…, environ=os.environ | provider.environ)
        …
        assert provider.requests[0].path == "/graph/v1/paper/ARXIV:1505.02108"

What it answers (https://api.semanticscholar.org/api-docs/graph tells the real thing):

    /graph/v1/paper/{id}?fields=             one paper; ids as paperId, ARXIV:, DOI:, CorpusId: …; 404 for an unknown one
    /graph/v1/paper/{id}/citations           offset, limit (1 to 1000), fields; `next` but on the last page; 400 from 10,000 on;
                                             publicationDateOrYear, with 10,000 rows of its own, unless `windows` says "shared" or "ignored"
    /graph/v1/paper/search/match?query=      the best title, 404 for none
    /graph/v1/paper/search/bulk?query=       titles and abstracts, boolean; total, token, publicationDateOrYear
    /graph/v1/snippet/search?query=          `snippets`, in the service's own shape
    /graph/v1/paper/batch                    POST {"ids": […]}, null for an unknown id
    /pdf/{name}                              `pdfs[name]`, or `pdfs[name + ".pdf"]`: `/pdf` serves as base of arXiv's files too
    /robots.txt                              `robots`

Papers are written in the service's own shape.  `{url}` inside an `openAccessPdf.url` stands for the address of this
server.  A `citationCount` that is left out is the length of the list.  In a list, a bare id stands for an edge without
context; a paper object in `citingPaper` is served as it is, so that a row without an id is
``{"citingPaper": {"paperId": None, "title": "…"}}``.  `merged` maps old ids to the ids of papers that answer for them.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from crawler.sample.faults import BODIES, GATEWAY_PAGE, Fault, pick_fault
from crawler.sample.routes import API, Answer, answer, json_answer
from crawler.sample.stock import Stock

RATE = "1000"  # requests per second: this machine needs no manners


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came in.  ``at`` is in seconds of the monotonic clock."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str] = field(repr=False)  # names in lower case
    at: float = field(default_factory=monotonic, repr=False)


class LoopbackProvider(Stock):
    """The server, from ``with`` to its end, on a free port of 127.0.0.1.

    ``papers``, ``citations``, ``pdfs``, ``faults`` and ``robots`` may be changed while it runs; ``requests`` is its log.
    ``also`` may answer for other services.  With ``key`` it answers 403 to API requests that don't carry it in ``x-api-key``.
    """

    def __init__(
        self,
        papers: Iterable[Mapping[str, Any]],
        citations: Mapping[str, Sequence[str | Mapping[str, Any]]],
        *,
        pdfs: Mapping[str, bytes] | None = None,
        faults: Iterable[Fault] = (),
        merged: Mapping[str, str] | None = None,
        robots: str = "User-agent: *\nAllow: /\n",
        key: str | None = None,
        windows: str = "own",
        also: Callable[[Request], Answer | None] | None = None,
    ) -> None:
        super().__init__(papers, citations, pdfs or {}, merged or {}, robots, windows)
        self.faults = list(faults)
        self.key = key
        self.also = also
        self.requests: list[Request] = []
        self.lock = threading.RLock()
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def environ(self) -> dict[str, str]:
        """The environment that sends a crawl here, at full speed."""
        settings = {
            "SEMANTIC_SCHOLAR_URL": f"{self.url}/graph/v1",
            "ARXIV_PDF_URL": f"{self.url}/pdf",
            "OPENALEX_URL": f"{self.url}/openalex",  # 404 there, unless `also` knows better: nothing leaves this machine
            "OPENCITATIONS_URL": f"{self.url}/oc",
            "UNPAYWALL_URL": f"{self.url}/unpaywall",
            "CROSSREF_URL": f"{self.url}/crossref",
            "RATE_SEMANTIC_SCHOLAR": RATE,
            "RATE_OPENALEX": RATE,
            "RATE_OPENCITATIONS": RATE,
            "RATE_UNPAYWALL": RATE,
            "RATE_CROSSREF": RATE,
            "RATE_ARXIV": RATE,
            "RATE_FULLTEXT": RATE,
            "ALLOW_LOOPBACK": "1",
        }
        return {f"WHEREUSED_{name}": value for name, value in settings.items()}

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, provider: LoopbackProvider) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.provider = provider

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away (it may have been killed) is no news."""


class _Handler(BaseHTTPRequestHandler):
    """Reads a request, lets a fault meet it, or answers."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # header and body in one packet: otherwise each answer waits 40 ms for an acknowledgement
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("content-length") or 0)))

    def _serve(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        path, query = unquote(parts.path), {name: values[-1] for name, values in parse_qs(parts.query).items()}
        provider = self.server.provider
        with provider.lock:
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, path, query, headers)
            provider.requests.append(request)
            fault = pick_fault(provider.faults, unquote(self.path), int(query.get("limit") or 0))
            if fault and fault.action:
                fault.action(provider)
            if provider.key and path.startswith(API) and headers.get("x-api-key") != provider.key:
                right = json_answer(403, BODIES[403])
            else:
                right = (provider.also and provider.also(request)) or answer(provider, path, query, body)
        self._send(fault, right, int(query.get("offset") or 0))

    def _send(self, fault: Fault | None, right: Answer, offset: int) -> None:
        if fault is None or fault.kind == "call":
            self._write(right)
        elif fault.kind == "drop":
            self.close_connection = True
        elif fault.kind == "cut":
            self._write(right, cut=True)
        else:
            self._write(_wrong(fault, offset))

    def _write(self, what: Answer, cut: bool = False) -> None:
        with suppress(OSError):  # the client has gone
            self.send_response(what.status)
            for name, value in {"Content-Type": what.media_type, "Content-Length": str(len(what.body)), **what.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(what.body[: len(what.body) // 2] if cut else what.body)
            self.wfile.flush()
        self.close_connection = self.close_connection or cut

    def log_message(self, format: str, *args: Any) -> None:
        """``provider.requests`` is the log."""


def _wrong(fault: Fault, offset: int) -> Answer:
    """The answer that a fault gives instead of the right one."""
    if fault.kind == "html":
        return Answer(fault.status, GATEWAY_PAGE, "text/html")
    if fault.kind == "body":
        return Answer(fault.status, fault.body)
    if fault.kind == "empty":
        return json_answer(200, {"offset": offset, "data": []})
    if fault.kind == "null":
        return json_answer(200, {"data": None, "citedPaperInfo": {}})
    if fault.kind == "redirect":
        return Answer(302, b"", "text/plain", {"Location": fault.location})
    status = 504 if fault.kind == "limit" else fault.status
    retry = {"Retry-After": fault.retry_after} if fault.retry_after else {}
    return Answer(status, json.dumps(BODIES.get(status, {"error": "error"})).encode(), headers=retry)


__all__ = ["Fault", "LoopbackProvider", "Request"]
