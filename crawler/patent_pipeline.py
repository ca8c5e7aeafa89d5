"""The step of the pipeline that saves patents.

A module of its own: the passages are found as the text comes in (``crawler.reading``), of which spiders and the other steps
know nothing.  Spiders hand on ``PatentAnswer`` items, and Scrapy's settings name this step.
"""

from __future__ import annotations

from functools import cached_property

from crawler.patent_items import PatentAnswer, Told
from crawler.patent_store import PatentStore
from crawler.pipelines import Step
from db.connect import writing
from db.patent_crawl import save_hit, save_part, save_step


class SavePatents(Step):
    """The step of the pipeline: an answer with its patents and the new position, in one transaction."""

    @cached_property
    def _store(self) -> PatentStore:
        return PatentStore(self.session.db, self.session.run_id)

    def process_item(self, item: object) -> object:
        if isinstance(item, PatentAnswer) and not self.session.error:
            try:
                with writing(self.session.db):
                    self._save(item)
            except Exception as error:
                self.abort(error)
                raise
        return item

    def _save(self, answer: PatentAnswer) -> None:
        for told in answer.told:
            self._save_one(answer.provider, told)
        for part in answer.parts:
            save_part(self.session.db, answer.provider, part, run_id=self.session.run_id)
        if answer.step:
            save_step(self.session.db, answer.provider, answer.step, run_id=self.session.run_id)

    def _save_one(self, provider: str, told: Told) -> None:
        """A known patent comes into the scope of the datasets of this call that its text names, a hit into those it was found for."""
        work_id, passages = self._store.save(told.patent)
        named = {passage.slug for passage in passages} & set(self.session.slugs)
        for slug in sorted({*told.slugs, *named}):
            hows = [told.how] if told.how and slug in told.slugs else []
            for how in hows:
                save_hit(self.session.db, provider, slug, how, work_id)
            self._store.save_hits(work_id, slug, hows, passages, provider=provider, url=told.url, cited=told.cited)
