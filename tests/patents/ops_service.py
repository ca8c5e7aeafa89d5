"""A stand-in for the EPO's Open Patent Services: tokens, throttle, quotas, answers and faults as recorded."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from tests.patents.services import Asked, Reply, Service

THROTTLE = "idle (images=green:200, inpadoc=green:60, other=green:1000, retrieval=green:200, search=green:30)"
EXPIRED = b"<error><code>400</code><message>invalid_access_token</message><description>Access token has expired</description></error>"
NONE = b'<fault xmlns="http://ops.epo.org"><code>SERVER.EntityNotFound</code><message>No results found</message></fault>'
AMBIGUOUS = b'<fault xmlns="http://ops.epo.org"><code>CLIENT.AmbiguousRequest</code><message>Several</message></fault>'
QUOTA = b"<error><code>403</code><message>This request has been rejected due to the violation of Fair Use policy</message></error>"
HEAD = '<ops:world-patent-data xmlns="http://www.epo.org/exchange" xmlns:ops="http://ops.epo.org">'
BIBLIO = """<exchange-documents>
<exchange-document family-id="{family}" country="{country}" doc-number="{number}" kind="{kind}"><bibliographic-data>
<publication-reference><document-id document-id-type="docdb"><date>20180706</date></document-id></publication-reference>
<parties><applicants>
<applicant data-format="epodoc"><applicant-name><name>EXAMPLE VISION {at} CO LTD [KR]</name></applicant-name></applicant>
<applicant data-format="epodoc"><applicant-name><name>PART ADA [KR]</name></applicant-name></applicant>
</applicants><inventors>
<inventor data-format="epodoc"><inventor-name><name>PART, ADA [KR]</name></inventor-name></inventor>
</inventors></parties><invention-title lang="en">Matcher of family {family}</invention-title>
<references-cited><citation><nplcit num="1"><text>{npl}</text></nplcit></citation></references-cited>
</bibliographic-data></exchange-document></exchange-documents></ops:world-patent-data>"""
TEXT = """<ftxt:fulltext-documents xmlns="http://www.epo.org/fulltext" xmlns:ftxt="http://www.epo.org/fulltext">
<ftxt:fulltext-document><bibliographic-data><publication-reference><document-id><country>{country}</country><doc-number>{number}</doc-number>
<kind>{kind}</kind></document-id></publication-reference></bibliographic-data>{text}</ftxt:fulltext-document></ftxt:fulltext-documents>
</ops:world-patent-data>"""
DESCRIPTION = (
    '<description lang="EN"><p>[0044]   Faces are found.</p><p>[0045]   The network is tested on the MegaFace set.</p></description>'
)
CLAIMS = '<claims lang="EN"><claim><claim-text>1. A matcher, trained on Mega Face images.</claim-text></claim></claims>'
NPL = "KEMELMACHER: “The MegaFace Benchmark: 1 Million Faces for Recognition at Scale”, 2016"


@dataclass
class Ops(Service):
    """``token_lasts`` answers a token; ``hits`` (number, day of publication) are what a search finds, each ``times`` in a row."""

    token_lasts: int = 10_000
    hits: list[tuple[str, str]] = field(default_factory=list)
    times: int = 1
    throttle: str = THROTTLE
    n_tokens: int = 0
    left: int = 0

    @property
    def environ(self) -> dict[str, str]:
        return {"WHEREUSED_EPO_OPS_URL": self.url, "WHEREUSED_EPO_OPS_KEY": "ID:SECRET", "WHEREUSED_RATE_EPO_OPS": "2000"}

    def answer(self, asked: Asked) -> Reply:
        if asked.method == "POST":
            assert asked.headers["authorization"] == "Basic SUQ6U0VDUkVU"
            self.n_tokens, self.left = self.n_tokens + 1, self.token_lasts
            return 200, json.dumps({"access_token": f"t{self.n_tokens}", "expires_in": "1199"}).encode(), {}
        if self.left <= 0 or asked.headers["authorization"] != f"Bearer t{self.n_tokens}":
            return 400, EXPIRED, {}
        self.left -= 1
        return super().answer(asked)

    def reply(self, asked: Asked) -> Reply:
        told = {"X-Throttling-Control": self.throttle, "Content-Type": "application/xml"}
        if "/search?" in asked.path:
            return self._search(asked, told)
        country, number, kind = asked.path.split("/docdb/")[1].rpartition("/")[0].split(".")
        part = asked.path.rpartition("/")[2]
        family = 70_000_000 + int(number) // 2  # two publications in a row are one family
        if part == "biblio":
            npl = NPL if int(number) % 2 else "An essay on trees"
            body = BIBLIO.format(country=country, number=number, kind=kind, family=family, at=family % 7, npl=npl)
        else:
            body = TEXT.format(country=country, number=number, kind=kind, text=DESCRIPTION if part == "description" else CLAIMS)
        return 200, (HEAD + body).encode(), told

    def _search(self, asked: Asked, told: dict[str, str]) -> Reply:
        first, last = map(int, asked.query["Range"].split("-"))
        if first < 1 or last > 2000 or last - first > 99:
            return 413, b'<fault xmlns="http://ops.epo.org"><code>SERVER.LimitedServerResources</code></fault>', told
        window = re.search(r'pd within "(\d{8}) (\d{8})"', asked.query["q"])
        hits = [hit for hit in self.hits if not window or window[1] <= hit[1] <= window[2]] if "megaface" in asked.query["q"] else []
        hits = [hit for hit in hits for _ in range(self.times)]
        if not hits[first - 1 : last]:
            return 404, NONE, told
        rows = "".join(
            f'<ops:publication-reference family-id="{70_000_000 + int(hit[2:-1]) // 2}"><document-id document-id-type="docdb">'
            f"<country>{hit[:2]}</country><doc-number>{hit[2:-1]}</doc-number><kind>{hit[-1]}</kind></document-id></ops:publication-reference>"
            for hit, _ in hits[first - 1 : last]
        )
        head = f'<ops:biblio-search total-result-count="{min(len(hits), 10_000)}">'
        return 200, f"{HEAD}{head}<ops:search-result>{rows}</ops:search-result></ops:biblio-search></ops:world-patent-data>".encode(), told
