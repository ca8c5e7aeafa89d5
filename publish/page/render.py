"""Pages out of templates.  Jinja escapes everything (https://jinja.palletsprojects.com/en/stable/api/#autoescaping)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from db.queries.counts import DENOMINATORS
from db.records import ProviderFacts
from publish.page import assets
from publish.page.photos import Photos
from publish.page.view import SECTORS, View
from publish.rules import CAVEAT, METHOD


class Download(NamedTuple):
    """A file beside the page."""

    name: str
    words: str


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("publish", "page"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    return environment.get_template(name)


def render_dataset(
    view: View, providers: Iterable[ProviderFacts], downloads: Iterable[Download], corrections: str | None, photos: Photos | None = None
) -> str:
    """The page of a dataset.  ``corrections`` says where people who are named can write to; ``photos`` is the audit, where one ran."""
    scripts, style = assets.scripts(), assets.map_styles()
    return _template("dataset.html").render(
        view=view,
        dataset=view.export.dataset,
        state=view.export.state,
        counts=view.export.counts,
        include=view.export.include,
        denominators=DENOMINATORS.items(),
        sectors=SECTORS,
        caveat=CAVEAT,
        method=METHOD,
        providers=[_with_web_links(provider) for provider in providers],
        downloads=downloads,
        photos=photos,
        contact=corrections,
        policy=assets.policy(scripts, style),
        style=assets.inline(style),
        scripts=[assets.inline(script) for script in scripts],
        pins=assets.as_json(view.map_data),
        land=assets.as_json(assets.land()),
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
        caveat=CAVEAT,
        is_sample=is_sample,
        policy=assets.policy((), style),
        style=assets.inline(style),
    )
