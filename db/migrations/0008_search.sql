-- Uses without a citation: searches for the names of datasets; facts and counts asked for single works.

CREATE TABLE dataset_context (
  -- Words one of which has to stand in the same text as a weak alias, so that a search may take it for the dataset.
  slug TEXT NOT NULL REFERENCES dataset,
  word TEXT NOT NULL,
  PRIMARY KEY (slug, word)
) STRICT, WITHOUT ROWID;

CREATE TABLE search_list (
  -- One search of one provider for the names of a dataset: its position, so that a run resumes after any page.
  provider TEXT NOT NULL REFERENCES provider,
  slug TEXT NOT NULL REFERENCES dataset,
  kind TEXT NOT NULL CHECK (kind IN ('search', 'snippet search', 'full-text search')),  -- title and abstract, passages, all of the text
  query TEXT NOT NULL,               -- as it was sent
  pass INTEGER NOT NULL,             -- grows with each complete reading
  state TEXT NOT NULL CHECK (state IN ('paging', 'done')),
  position TEXT NOT NULL DEFAULT '{}',  -- JSON: token or cursor, window of dates
  reported_count INTEGER,            -- the provider's own count of hits, an estimate
  n_rows INTEGER NOT NULL DEFAULT 0, -- hits that this pass brought, repeats too
  n_named INTEGER NOT NULL DEFAULT 0,  -- of them those that name the dataset, as far as their text is shown
  n_new INTEGER NOT NULL DEFAULT 0,  -- works that were not in the scope of the dataset before
  capped INTEGER NOT NULL DEFAULT 0 CHECK (capped IN (0, 1)),  -- 1: there are more hits than are taken
  started_at TEXT NOT NULL,
  completed_at TEXT,                 -- of the last complete pass
  run_id INTEGER REFERENCES run,     -- the run that completed it
  PRIMARY KEY (provider, slug, kind, query)
) STRICT;

CREATE TABLE metadata_search (
  -- Works for whose facts a provider was asked by one of their ids, and whether it knew them.
  provider TEXT NOT NULL REFERENCES provider,
  work_id INTEGER NOT NULL REFERENCES work,
  asked TEXT NOT NULL,               -- the id, as it was asked for
  known INTEGER NOT NULL CHECK (known IN (0, 1)),
  asked_at TEXT NOT NULL,
  PRIMARY KEY (provider, work_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE citation_count (
  -- How many citations a provider counts that doesn't list them.
  provider TEXT NOT NULL REFERENCES provider,
  work_id INTEGER NOT NULL REFERENCES work,
  n INTEGER NOT NULL,
  run_id INTEGER REFERENCES run,
  retrieved_at TEXT NOT NULL,
  PRIMARY KEY (provider, work_id)
) STRICT, WITHOUT ROWID;

-- Titles that begin with the same letters are looked at together: one that was read off a PDF may run on into the text.
CREATE INDEX work_title_block ON work (substr(title_key, 1, 60));
-- Greek letters of titles are compared as the Latin ones under which the font "Symbol" holds them.
UPDATE work SET title_key = replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(title_key, 'α', 'a'), 'β', 'b'), 'γ', 'g'), 'δ', 'd'), 'ε', 'e'), 'ζ', 'z'), 'η', 'h'), 'θ', 'q'), 'ι', 'i'), 'κ', 'k'), 'λ', 'l'), 'μ', 'm'), 'ν', 'n'), 'ξ', 'x'), 'ο', 'o'), 'π', 'p'), 'ρ', 'r'), 'σ', 's'), 'τ', 't'), 'υ', 'u'), 'φ', 'f'), 'χ', 'c'), 'ψ', 'y'), 'ω', 'w'), 'ς', 's'), 'ϕ', 'f'), 'ϑ', 'q') WHERE title_key GLOB '*[α-ωϕϑ]*';
