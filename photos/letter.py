"""The notice that a person may send to whoever holds or uses a dataset with their photos.  A draft, not legal advice."""

from __future__ import annotations

from db.catalogue import list_datasets
from db.config import Config
from db.connect import open_for_reading
from photos.find import Answer, Found

SHOWN = 50  # links in the letter


def load_names(config: Config) -> dict[str, str]:
    """Slug → name of the datasets."""
    db = open_for_reading(config.db)
    try:
        return {dataset.slug: dataset.name for dataset in list_datasets(db)}
    finally:
        db.close()


def draft(found: Found, dataset_names: dict[str, str]) -> str:
    """One letter over all datasets that hold photos of the person."""
    holdings = "\n\n".join(_holding(answer, dataset_names.get(answer.dataset, answer.dataset)) for answer in found.answers)
    return f"""[Your name]
[Your address]

[To: who distributes or uses the dataset]

[Date]

My photographs in your dataset

To whom it may concern,

photographs that I published on Flickr are part of the following:

{holdings}

I ask you
1. to name me as the author wherever the licence of a photograph asks for attribution, as every Creative Commons licence with BY
   does, and to tell me where that has been done so far;
2. to end uses that the licence does not allow: commercial ones under NC, adapted ones under ND;
3. to remove my photographs, and what was derived from them, from the dataset and from the copies that you control, and to tell
   those whom you gave a copy;
4. to tell me which of my photographs and which personal data you hold, where they come from, and whom you gave them to.

Please answer in writing within a month.

[Your name]

--
Notes for the sender, not part of the letter. This is a draft and no legal advice. Whether the licences were broken, and whether
training a model is a use that they govern, is disputed. Ask a lawyer what applies to you: among others copyright where you live,
the GDPR (right of access, Art. 15; erasure, Art. 17) in the European Union and the similar law of the United Kingdom, the
Biometric Information Privacy Act (BIPA) if you or the people shown live in Illinois, COPPA if they are children under 13 in the
United States.
"""


def _holding(answer: Answer, name: str) -> str:
    licences = ", ".join(f"{n:,} under {licence}" for licence, n in answer.licences.items())
    links = "\n".join(f"  {link}" for link in answer.links[:SHOWN])
    more = f"\n  and {len(answer.links) - SHOWN:,} more" if len(answer.links) > SHOWN else ""
    return f"{name}: {answer.photos:,} {'photograph' if answer.photos == 1 else 'photographs'} ({licences})\n{links}{more}"
