-- Second providers of lists: what they cost, what they say of affiliations; lists that shrank.

CREATE TABLE affiliation_ror (
  -- The institutions that a provider gives for an affiliation string: its own evidence beside our match.
  affiliation_id INTEGER NOT NULL REFERENCES affiliation ON DELETE CASCADE,
  ror_id TEXT NOT NULL,              -- full URL
  name TEXT,
  country_code TEXT,
  PRIMARY KEY (affiliation_id, ror_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE provider_cost (
  -- What a metered provider has charged, by day (UTC), as its answers say.
  provider TEXT NOT NULL REFERENCES provider,
  day TEXT NOT NULL,                 -- YYYY-MM-DD
  n_calls INTEGER NOT NULL DEFAULT 0,
  cost_usd REAL NOT NULL DEFAULT 0,
  PRIMARY KEY (provider, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE place_search (
  -- Works for which a provider was asked where their full text may be had, and when.
  provider TEXT NOT NULL REFERENCES provider,
  work_id INTEGER NOT NULL REFERENCES work,
  n_places INTEGER NOT NULL,         -- what it named
  searched_at TEXT NOT NULL,
  PRIMARY KEY (provider, work_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE host_refusal (
  -- Hosts of full texts that refused (401, 402, 403, 406, 451): none of their places is asked before the next day.
  host TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  refused_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Why the last pass over a list is not to be trusted: it showed nothing, or over 15 % less than stood before.
ALTER TABLE crawl_list ADD COLUMN suspect TEXT;
