"""What is known of each outside service that the crawl asks; ``make docs`` prints it, exports carry it."""

from __future__ import annotations

from dataclasses import dataclass

from db.config import Config
from db.records import ProviderFacts


@dataclass(frozen=True, slots=True)
class Provider:
    """One service: the facts that go into the database, and how it wants to be asked.

    ``base_url`` is the documented one; ``WHEREUSED_<NAME>_URL`` (``setting`` names another variable) replaces it.  ``rate``
    is in requests per second; ``WHEREUSED_RATE_<NAME>`` replaces it, but where ``is_strict`` none faster holds at the
    documented address.  ``key_name`` is the variable of its key, ``key_from`` says where to get one, ``key_adds`` what it is good for.
    ``waits_in_ms``: a ``Retry-After`` above 1,000 is in milliseconds.
    """

    facts: ProviderFacts
    title: str
    base_url: str
    rate: float
    setting: str | None = None
    key_name: str | None = None
    key_from: str | None = None
    key_adds: str | None = None
    is_strict: bool = False
    waits_in_ms: bool = False

    @property
    def name(self) -> str:
        return self.facts.name

    def url(self, config: Config) -> str:
        """Its base URL, without a trailing slash."""
        return config.url(self.setting or self.name, self.base_url)

    def interval(self, config: Config) -> float:
        """Seconds between two requests."""
        given = config.number(f"RATE_{self.name}", self.rate)
        return 1 / (min(given, self.rate) if self.is_strict and self.url(config) == self.base_url else given)

    def key(self, config: Config) -> str | None:
        """The user's key, where the service takes one."""
        return config.key(self.name) if self.key_name else None

    def hint(self, config: Config) -> str | None:
        """What a key would add and where to get it, in one line; None where one is set, or the service takes none."""
        if self.key_name is None or self.key_adds is None or self.key(config):
            return None
        return f"{self.title}: without {self.key_name} ({self.key_from}) {self.key_adds}"


SEMANTIC_SCHOLAR = Provider(
    ProviderFacts(
        "semantic_scholar",
        documentation="https://api.semanticscholar.org/api-docs/graph",
        terms="https://api.semanticscholar.org/supp/legal",
        licence="ODC-BY-1.0",
        attribution="Data from Semantic Scholar (Kinney et al., The Semantic Scholar Open Data Platform, 2023), licensed under ODC-BY 1.0",
    ),
    title="Semantic Scholar",
    base_url="https://api.semanticscholar.org/graph/v1",
    rate=1.0,  # what a new key gets, over all endpoints together; without a key the pool is shared, and faster is refused sooner
    key_name="WHEREUSED_SEMANTIC_SCHOLAR_KEY",
    key_from="free, https://www.semanticscholar.org/product/api#api-key-form",
    key_adds="the pool of all anonymous callers is used, slower at busy hours",
)
ARXIV = Provider(
    ProviderFacts(
        "arxiv",
        documentation="https://info.arxiv.org/help/api/user-manual.html",
        terms="https://info.arxiv.org/help/api/tou.html",
        licence="each e-print under its own licence; metadata CC0-1.0",
        attribution="Thank you to arXiv for use of its open access interoperability",
    ),
    title="arXiv",
    base_url="https://arxiv.org/pdf",
    rate=1 / 3,  # one request every three seconds, one connection
    setting="arxiv_pdf",
)
ACL_ANTHOLOGY = Provider(
    ProviderFacts(
        "acl",
        documentation="https://aclanthology.org/faq/",
        terms="https://aclanthology.org/faq/copyright/",
        licence="CC-BY-4.0 since 2016, CC-BY-NC-SA-3.0 before",
        attribution="ACL Anthology",
    ),
    title="the ACL Anthology",
    base_url="https://aclanthology.org",
    rate=1.0,
)
EUROPE_PMC = Provider(
    ProviderFacts(
        "pmc",
        documentation="https://europepmc.org/RestfulWebService",
        terms="https://europepmc.org/Copyright",
        licence="each article under its own licence",
        attribution="Europe PMC",
    ),
    title="Europe PMC",
    base_url="https://europepmc.org",
    rate=1.0,
)
OPENALEX = Provider(
    ProviderFacts(
        "openalex",
        documentation="https://developers.openalex.org/api-reference/works",
        terms="https://openalex.org/OpenAlex_termsofservice.pdf",
        licence="CC0-1.0",
        attribution="Data from OpenAlex (Priem, Piwowar and Orr, 2022)",
    ),
    title="OpenAlex",
    base_url="https://api.openalex.org",
    rate=5.0,  # far below what is allowed (100 a second); the day's budget is what limits
    key_name="WHEREUSED_OPENALEX_KEY",
    key_from="free, https://openalex.org/settings/api",
    key_adds="it gives a tenth of the day's budget",
)
OPENCITATIONS = Provider(
    ProviderFacts(
        "opencitations",
        documentation="https://api.opencitations.net/index/v2",
        terms="https://opencitations.net/policy",
        licence="CC0-1.0",
        attribution="Data from OpenCitations (Peroni and Shotton, 2020)",
    ),
    title="OpenCitations",
    base_url="https://api.opencitations.net/index/v2",
    rate=1.0,
    key_name="WHEREUSED_OPENCITATIONS_KEY",
    key_from="free, https://opencitations.net/accesstoken",
    key_adds="it answers all the same; a token tells it who asks",
)
UNPAYWALL = Provider(
    ProviderFacts(
        "unpaywall",
        documentation="https://unpaywall.org/products/api",
        terms="https://unpaywall.org/legal/terms-of-service",
        licence="CC0-1.0",
        attribution="Open-access locations from Unpaywall",
    ),
    title="Unpaywall",
    base_url="https://api.unpaywall.org/v2",
    rate=5.0,  # 100,000 a day are allowed
)
CROSSREF = Provider(
    ProviderFacts(
        "crossref",
        documentation="https://api.crossref.org/swagger-ui/index.html",
        terms="https://www.crossref.org/documentation/retrieve-metadata/rest-api/access-and-authentication/",
        licence="metadata are facts, free to use (CC0-1.0 where it applies); abstracts under their own licence",
        attribution="Metadata from Crossref",
    ),
    title="Crossref",
    base_url="https://api.crossref.org",
    rate=1.0,  # single records of the public pool may be asked five times faster; nobody waits for them
)

PROVIDERS = (SEMANTIC_SCHOLAR, ARXIV, ACL_ANTHOLOGY, EUROPE_PMC, OPENALEX, OPENCITATIONS, UNPAYWALL, CROSSREF)
# Those that list citing works: --provider names them.
LISTS = {provider.name: provider for provider in (SEMANTIC_SCHOLAR, OPENALEX, OPENCITATIONS)}

# Services whose patents come in by files of the user, or by their spiders.
GOOGLE_PATENTS = ProviderFacts(
    "google_patents",
    documentation="https://support.google.com/faqs/answer/7049585",
    terms="https://policies.google.com/terms",
    attribution="Google Patents",
)
GOOGLE_PATENTS_BIGQUERY = ProviderFacts(
    "google_patents_bigquery",
    documentation="https://console.cloud.google.com/marketplace/product/google_patents_public_datasets/google-patents-public-data",
    licence="CC-BY-4.0",
    attribution="“Google Patents Public Data” by IFI CLAIMS Patent Services and Google, used under CC BY 4.0",
)
ESPACENET = ProviderFacts(
    "espacenet",
    documentation="https://worldwide.espacenet.com/patent/",
    terms="https://www.epo.org/en/service-support/ordering/fair-use",
    attribution="Source: European Patent Office, Espacenet",
)
EPO_OPS = ProviderFacts(
    "epo_ops",
    documentation="https://www.epo.org/en/searching-for-patents/data/web-services/ops",
    terms="https://www.epo.org/en/service-support/ordering/fair-use",
    attribution="Source: European Patent Office, Open Patent Services",
)
LENS = ProviderFacts(
    "lens",
    documentation="https://docs.api.lens.org/",
    terms="https://about.lens.org/policies/",
    attribution="Data sourced from The Lens (lens.org)",
)
RELIANCE_ON_SCIENCE = ProviderFacts(
    "reliance_on_science",
    documentation="https://relianceonscience.org",
    licence="CC-BY-NC-4.0",
    attribution="Marx & Fuegi, Reliance on Science: Worldwide front-page patent citations to scientific articles, 2020",
)
USPTO = ProviderFacts(
    "uspto",
    documentation="https://data.uspto.gov/apis/patent-file-wrapper/search",
    terms="https://www.uspto.gov/terms-use-uspto-websites",
    licence="public domain in the United States",
    attribution="Source: United States Patent and Trademark Office, Open Data Portal",
)
PATENTS = (GOOGLE_PATENTS, GOOGLE_PATENTS_BIGQUERY, ESPACENET, EPO_OPS, LENS, RELIANCE_ON_SCIENCE, USPTO)
EPO_OPS_API = Provider(
    EPO_OPS,
    title="the EPO",
    base_url="https://ops.epo.org/3.2",
    rate=1.0,  # its headers tell how much it allows; no faster than this even when it is idle
    key_name="WHEREUSED_EPO_OPS_KEY",  # ID:SECRET
    key_from="ID:SECRET, free, https://developers.epo.org",
    key_adds="titles and abstracts are not searched, and known patents lack applicants, families and cited literature",
    waits_in_ms=True,  # its guide shows 60000
)
USPTO_API = Provider(
    USPTO,
    title="the USPTO",
    base_url="https://api.uspto.gov/api/v1",
    rate=0.75,  # about 60 a minute are said to be allowed
    key_name="WHEREUSED_USPTO_KEY",
    key_from="free with a verified account, https://data.uspto.gov/myodp",
    key_adds="titles of US applications are not searched",
)
LENS_API = Provider(
    LENS,
    title="Lens",
    base_url="https://api.lens.org",
    rate=0.5,  # plans allow from 10 a minute on; its headers tell how many are left
    key_name="WHEREUSED_LENS_KEY",
    key_from="trial or paid plan, https://www.lens.org/lens/user/subscriptions",
    key_adds="patents that cite the dataset's papers, or name it in their full text, are not searched",
)
GOOGLE_PATENTS_PAGES = Provider(
    GOOGLE_PATENTS,
    title="Google Patents",
    base_url="https://patents.google.com",
    rate=1 / 6,  # it has no API: single pages, slowly, each once
    is_strict=True,
)
# Those that are asked for patents: --provider names them.
PATENT_SERVICES = {provider.name: provider for provider in (EPO_OPS_API, USPTO_API, LENS_API, GOOGLE_PATENTS_PAGES)}


def key_hints(config: Config) -> dict[str, str | None]:
    """Provider → what its key would add and where to get it, in one line; None where the key is set."""
    services = [*LISTS.values(), *PATENT_SERVICES.values()]
    return {provider.name: provider.hint(config) for provider in services if provider.key_name}
