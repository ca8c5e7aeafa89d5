"""Pages out of templates.  Jinja escapes everything (https://jinja.palletsprojects.com/en/stable/api/#autoescaping)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from db.queries.corrections import Correction, Reply
from db.queries.counts import DENOMINATORS
from db.queries.lineage import Lineage
from db.records import ProviderFacts
from publish.cite import cite_data, cite_papers
from publish.corrections import OUTCOMES
from publish.page import assets
from publish.page.chart import KINDS
from publish.page.data import PACK_ABOVE, as_block, page_data
from publish.page.photos import Photos, shown
from publish.page.summary import summary
from publish.page.view import SECTORS, VERDICTS, View, holders, provider_name
from publish.rules import CAVEAT, METHOD, family_of, tidy
from publish.words import count

HEADLINES = ("photos", "images", "faces", "identities", "videos")  # the figures that the head names


class Download(NamedTuple):
    """A file beside the page."""

    name: str
    words: str


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("publish", "page"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    environment.filters["clean"] = tidy
    environment.filters["outcome"] = OUTCOMES.__getitem__
    environment.filters["shown"] = shown
    environment.filters["provider"] = provider_name
    environment.filters["family"] = family_of
    environment.filters["holders"] = holders
    environment.filters["decision"] = lambda label: "used" if label == "used" else VERDICTS[label]
    environment.filters["count"] = count
    environment.filters["anchor"] = lambda work_id: "_".join(work_id.split())  # an id of an element holds no blank
    return environment.get_template(name)


def _set(text: str) -> str:
    """A sentence of ours as print sets it; the data files keep the plain apostrophe."""
    return text.replace("'", "’")


class Corrections(NamedTuple):
    """Answers of those who are named, and published decisions that were changed."""

    replies: tuple[Reply, ...]
    changes: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """What a page says beside its works.  ``pages`` are the datasets that have a page beside this one."""

    providers: tuple[ProviderFacts, ...]
    downloads: tuple[Download, ...]
    lineage: Lineage
    corrections: Corrections
    pages: frozenset[str]
    photos: Photos | None = None  # the audit, where one ran


def render_dataset(view: View, around: Around) -> str:
    """The page of a dataset."""
    scripts, style = assets.scripts(), assets.map_styles()
    data, is_packed = as_block(page_data(view), PACK_ABOVE)
    return _template("dataset.html").render(
        view=view,
        dataset=view.export.dataset,
        state=view.export.state,
        counts=view.export.counts,
        include=view.export.include,
        denominators=[(name, _set(words)) for name, words in DENOMINATORS.items()],
        sectors=SECTORS,
        kinds=KINDS,
        caveat=_set(CAVEAT),
        method=_set(METHOD),
        providers=[told for provider in around.providers if (told := _with_web_links(provider))["terms"] or told["licence"]],
        downloads=around.downloads,
        figures=[pair for name in HEADLINES for pair in view.export.dataset.figures if pair[0] == name],
        lineage=around.lineage,
        corrections=around.corrections,
        pages=around.pages,
        named_total=sum(len(place.used) + len(place.citing) for places in view.named.values() for place in places),
        cite_dataset=cite_papers(view.export.dataset),
        cite_data=cite_data(view.export.dataset, view.export.state, view.export.publisher, view.export.contact),
        summary=summary(view),
        photos=around.photos,
        policy=assets.policy(scripts, style),
        style=assets.inline(style),
        scripts=[assets.inline(script) for script in scripts],
        data=data,
        is_packed=is_packed,
        land=assets.as_json(assets.land()),
    )


def render_plain(view: View) -> str:
    """The places and works of a dataset as plain tables, for those who read without scripts, and for archives."""
    style = assets.styles()
    return _template("plain.html").render(
        view=view,
        dataset=view.export.dataset,
        state=view.export.state,
        caveat=_set(CAVEAT),
        policy=assets.policy((), style),
        style=assets.inline(style),
    )


def _with_web_links(provider: ProviderFacts) -> dict[str, str | None]:
    terms = provider.terms if (provider.terms or "").startswith(("https://", "http://")) else None
    return {"name": provider.name, "licence": provider.licence, "terms": terms}


def render_index(entries: list[dict[str, Any]], *, is_sample: bool) -> str:
    """The page over all datasets of a folder; each entry is the descriptor of one (``publish.bundle``)."""
    style = assets.styles()
    return _template("index.html").render(
        entries=entries,
        denominators=DENOMINATORS.items(),
        caveat=_set(CAVEAT),
        is_sample=is_sample,
        policy=assets.policy((), style),
        style=assets.inline(style),
    )
