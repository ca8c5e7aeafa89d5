"""What the spiders of OpenAlex share: the key, and a day's budget that is kept."""

from __future__ import annotations

from typing import Any

from crawler.lists.listing import KEPT, ListSpider
from crawler.manners.refusals import Policy
from crawler.providers import OPENALEX
from db.provider_cost import cost_today, save_cost

BUDGET, BUDGET_WITHOUT_KEY = 1.0, 0.1  # USD a day; WHEREUSED_OPENALEX_BUDGET


class MeteredSpider(ListSpider):
    """A spider of OpenAlex: each answer tells its price (``meta.cost_usd``).  https://developers.openalex.org/api-guide/pricing"""

    provider = OPENALEX
    policy = Policy(OPENALEX)

    def with_key(self, **fields: object) -> dict[str, object]:
        """The key travels in the address (the provider takes it nowhere else); addresses are stored and logged without it."""
        key = OPENALEX.key(self.session.config)
        return fields | ({"api_key": key} if key else {})

    def is_broke(self, subject: str) -> bool:
        """Whether today's budget is spent; then the call ends for this provider."""
        config = self.session.config
        budget = config.number("OPENALEX_BUDGET", BUDGET if OPENALEX.key(config) else BUDGET_WITHOUT_KEY)
        spent = cost_today(self.session.db, OPENALEX.name) >= budget
        if spent:
            self.fail(subject, f"OpenAlex: today's budget of {budget:g} USD is spent (WHEREUSED_OPENALEX_BUDGET); {KEPT}")
        return spent

    def charge(self, meta: dict[str, Any]) -> None:
        """Note what an answer cost."""
        cost = meta.get("cost_usd")
        if isinstance(cost, (int, float)) and cost > 0:
            save_cost(self.session.db, OPENALEX.name, float(cost))
