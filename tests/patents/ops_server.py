"""A loopback stand-in for Open Patent Services: tokens that expire, a throttle, quotas, faults in XML."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

THROTTLE = "idle (images=green:200, inpadoc=green:60, other=green:1000, retrieval=green:200, search=green:30)"
EXPIRED = b"<error><code>400</code><message>invalid_access_token</message><description>Access token has expired</description></error>"
NONE = b'<fault xmlns="http://ops.epo.org"><code>SERVER.EntityNotFound</code><message>No results found</message></fault>'
QUOTA = b"<error><code>403</code><message>This request has been rejected due to the violation of Fair Use policy</message></error>"
BIBLIO = """<ops:world-patent-data xmlns="http://www.epo.org/exchange" xmlns:ops="http://ops.epo.org"><exchange-documents>
<exchange-document family-id="{family}" country="{country}" doc-number="{number}" kind="{kind}"><bibliographic-data>
<publication-reference><document-id document-id-type="docdb"><date>20180706</date></document-id></publication-reference>
<parties><applicants>
<applicant data-format="epodoc"><applicant-name><name>EXAMPLE VISION {at} CO LTD [KR]</name></applicant-name></applicant>
</applicants></parties><invention-title lang="en">Matcher of family {family}</invention-title>
</bibliographic-data></exchange-document></exchange-documents></ops:world-patent-data>"""
Fault = Callable[[int, str], "tuple[int, bytes, dict[str, str]] | None"]


@dataclass
class OpsServer:
    """``token_lasts`` answers a token; ``fault`` (number of the request, docdb number) may answer in place of the data."""

    token_lasts: int = 10_000
    fault: Fault = lambda _at, _number: None
    asked: list[str] = field(default_factory=list)
    n_tokens: int = 0
    left: int = 0
    url: str = ""

    @property
    def environ(self) -> dict[str, str]:
        return {"WHEREUSED_EPO_OPS_URL": self.url, "WHEREUSED_EPO_OPS_KEY": "ID:SECRET", "WHEREUSED_RATE_EPO_OPS": "2000"}

    def answer(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        docdb = path.split("/docdb/")[1].removesuffix("/biblio")
        if self.left <= 0:
            return 400, EXPIRED, {}
        self.left -= 1
        self.asked.append(docdb)
        if faulty := self.fault(len(self.asked), docdb):
            return faulty
        country, number, kind = docdb.split(".")
        family = 70_000_000 + int(number) // 2  # two publications in a row are one family
        body = BIBLIO.format(country=country, number=number, kind=kind, family=family, at=family % 7)
        return 200, body.encode(), {"X-Throttling-Control": THROTTLE}


@contextmanager
def serving(server: OpsServer) -> Iterator[OpsServer]:
    """The server on a free port of the loopback interface."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Silent."""

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Authorization"] == "Basic SUQ6U0VDUkVU"
            server.n_tokens += 1
            server.left = server.token_lasts
            self._send(200, json.dumps({"access_token": f"t{server.n_tokens}", "expires_in": "1199"}).encode(), {})

        def do_GET(self) -> None:
            self._send(*server.answer(self.path))

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{httpd.server_port}"
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()
