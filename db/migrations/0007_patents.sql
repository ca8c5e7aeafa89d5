-- Patents: what only they have. A family is a group of versions (id_claim, scheme "family"), counted once.

CREATE TABLE patent (
  -- One row for each provider that told of it.
  work_id INTEGER NOT NULL REFERENCES work,
  docdb_family_id TEXT,              -- the EPO's simple family
  priority_date TEXT,                -- YYYY-MM-DD, as the other dates
  filing_date TEXT,
  grant_date TEXT,
  language TEXT,                     -- of the printed text, in English
  provider TEXT NOT NULL REFERENCES provider,
  retrieved_at TEXT NOT NULL,
  PRIMARY KEY (work_id, provider)
) STRICT;

CREATE TABLE patent_family_member (
  -- Publications of the family as a provider lists them, imported or not.
  work_id INTEGER NOT NULL REFERENCES work,
  publication_number TEXT NOT NULL,
  PRIMARY KEY (work_id, publication_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE patent_party (
  -- Applicant, assignee and inventor are different roles; only applicants and assignees are put on the map.
  work_id INTEGER NOT NULL REFERENCES work,
  role TEXT NOT NULL CHECK (role IN ('applicant', 'assignee', 'current assignee', 'inventor')),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,                -- of inventors never exported
  country_code TEXT,                 -- as printed beside the name
  provider TEXT NOT NULL REFERENCES provider,
  PRIMARY KEY (work_id, provider, role, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE npl_citation (
  -- Non-patent literature that a patent cites, one entry as printed.
  work_id INTEGER NOT NULL REFERENCES work,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  provider TEXT NOT NULL REFERENCES provider,
  PRIMARY KEY (work_id, provider, position)
) STRICT, WITHOUT ROWID;

-- Machine translation of the quote, by the provider.
ALTER TABLE mention ADD COLUMN translation TEXT;
