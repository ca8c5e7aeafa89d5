"""The last steps of a worker: what it fetched is stored where all machines reach it, and handed back."""

from __future__ import annotations

import asyncio
from time import monotonic

from crawler.frontier.queue import PATIENCE
from crawler.frontier.server import FrontierError
from crawler.frontier.ticket import Answer, Ticket
from crawler.fulltext import store_pdf
from crawler.items import FulltextAnswer
from crawler.manners.pace import nap
from crawler.pipelines import Step
from db.files import is_shared

AGAIN = 0.5  # seconds until a silent Redis is asked again


class StoreShared(Step):
    """PDFs go where the writer finds them; without such a place they travel with the answer."""

    async def process_item(self, item: FulltextAnswer) -> FulltextAnswer:
        if item.status == "stored" and is_shared(self.session.config):
            try:
                item.file, item.body = await asyncio.to_thread(store_pdf, self.session.config, item.body), b""
            except OSError as error:
                self.abort(error)
                raise
        return item


class HandBack(Step):
    """Answer and rest of the ticket in one step; what can't be handed back goes out again when its lease has run out."""

    async def process_item(self, item: FulltextAnswer) -> FulltextAnswer:
        spider = self.crawler.spider
        token, ticket = spider.held.pop(item.place.work_id)  # type: ignore[union-attr]
        is_last = item.status == "stored" or ticket.rest is None
        answer = Answer(item.place, item.status, item.reason, is_last, item.file, body=item.body)
        await self._hand_back(token, answer, None if is_last else ticket.rest)
        item.body = b""
        return item

    async def _hand_back(self, token: str, answer: Answer, rest: Ticket | None) -> None:
        frontier = self.crawler.spider.frontier  # type: ignore[union-attr]
        deadline = monotonic() + PATIENCE
        while True:
            try:
                if not frontier.hand_back(token, answer, rest):
                    self.reject("answers that came after their lease")
                return
            except FrontierError as error:
                if monotonic() > deadline:
                    self.abort(error)
                    return
            await nap(AGAIN, self.session.stop)
