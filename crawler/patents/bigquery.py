"""The query that searches all patents' full text for a dataset, for the public tables in BigQuery.

No machine of a user scans 100 million texts; BigQuery does, against payment by bytes read.  The result, saved as CSV, is a
file of the format ``bigquery-csv``.  Table: https://console.cloud.google.com/marketplace/product/google_patents_public_datasets/google-patents-public-data
"""

from __future__ import annotations

import re

from db.catalogue import Dataset

TABLE = "patents-public-data.patents.publications"
AROUND = 160  # characters on each side of a name
PASSAGES = 20  # of one patent

_QUERY = r"""-- Patents that name {name} in title, abstract, claims or description, or cite its papers. Save the result as CSV, then:
--   whereused import RESULT.csv --dataset {slug}
-- It reads the full-text columns of the whole table (some terabytes): look at the estimate before you run it.
-- A date such as 20160101 in place of the 0 in WHERE leaves out older publications; the bytes read stay the same.
CREATE TEMP FUNCTION alias() AS (r'(?i){pattern}');
CREATE TEMP FUNCTION around() AS (r'(?is).{{0,{around}}}{pattern}.{{0,{around}}}');
WITH named AS (
  SELECT
    publication_number, family_id, title_localized, publication_date, priority_date, filing_date, grant_date,
    assignee_harmonized, inventor_harmonized,
    ARRAY_CONCAT(
      ARRAY(SELECT AS STRUCT 'title' AS section, t.text FROM UNNEST(title_localized) t
             WHERE REGEXP_CONTAINS(NORMALIZE(t.text, NFKC), alias())),
      ARRAY(SELECT AS STRUCT 'abstract' AS section, quote AS text FROM UNNEST(abstract_localized) t,
              UNNEST(REGEXP_EXTRACT_ALL(NORMALIZE(t.text, NFKC), around())) quote),
      ARRAY(SELECT AS STRUCT 'claims' AS section, quote AS text FROM UNNEST(claims_localized) t,
              UNNEST(REGEXP_EXTRACT_ALL(NORMALIZE(t.text, NFKC), around())) quote),
      ARRAY(SELECT AS STRUCT 'description' AS section, quote AS text FROM UNNEST(description_localized) t,
              UNNEST(REGEXP_EXTRACT_ALL(NORMALIZE(t.text, NFKC), around())) quote)
    ) AS quotes,
    ARRAY(SELECT c.npl_text FROM UNNEST(citation) c
           WHERE c.npl_text != '' AND (REGEXP_CONTAINS(NORMALIZE(c.npl_text, NFKC), alias()){titles})) AS npl
  FROM `{table}` p
  WHERE publication_date >= 0
)
SELECT
  publication_number, family_id,
  (SELECT t.text FROM UNNEST(title_localized) t ORDER BY t.language = 'en' DESC LIMIT 1) AS title,
  publication_date, priority_date, filing_date, grant_date,
  (SELECT STRING_AGG(CONCAT(a.name,
     IF(a.country_code != '', CONCAT(' [', a.country_code, ']'), '')), ';;') FROM UNNEST(assignee_harmonized) a) AS assignee,
  (SELECT STRING_AGG(i.name, ';;') FROM UNNEST(inventor_harmonized) i) AS inventor,
  ARRAY_TO_STRING(npl, ';;') AS npl,
  TO_JSON_STRING(ARRAY(SELECT AS STRUCT q.section, q.text FROM UNNEST(quotes) q LIMIT {passages})) AS passages
FROM named
WHERE ARRAY_LENGTH(quotes) > 0 OR ARRAY_LENGTH(npl) > 0
ORDER BY family_id, publication_number;
"""


def render_query(dataset: Dataset) -> str:
    """The query of one dataset; its strong names only, because a weak one would match everyday words in millions of texts."""
    names = sorted({_spelled(alias.alias) for alias in dataset.aliases if not alias.weak}, key=lambda name: (-len(name), name))
    if not names:
        names = [_spelled(dataset.name)]
    titles = "".join(
        f"\n             OR STRPOS(LOWER(REGEXP_REPLACE(c.npl_text, r'[^A-Za-z0-9]', '')), '{key}') > 0"
        for paper in dataset.papers
        if len(key := re.sub(r"[^a-z0-9]", "", paper.title.lower())) >= 25
    )
    return _QUERY.format(
        name=dataset.name, slug=dataset.slug, pattern=f"(?:^|[^a-z0-9])(?:{'|'.join(names)})(?:[^a-z0-9]|$)", titles=titles, table=TABLE,
        around=AROUND, passages=PASSAGES,
    )  # fmt: skip


def _spelled(name: str) -> str:
    """A name in RE2, gaps allowed between its parts and its letters and digits."""
    pieces = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+", name)
    return r"[\s_-]*".join(re.escape(piece.lower()) for piece in pieces)
