-- Patents by services: what was searched, and which part of which patent was asked for.

CREATE TABLE patent_search (
  -- A search for the patents of a dataset at one service: its position, so that a call goes on after any page.
  provider TEXT NOT NULL REFERENCES provider,
  slug TEXT NOT NULL REFERENCES dataset,
  pass INTEGER NOT NULL DEFAULT 1,       -- grows with each complete reading
  state TEXT NOT NULL CHECK (state IN ('paging', 'done')),
  position TEXT NOT NULL DEFAULT '{}',   -- JSON, the service's own
  reported_count INTEGER,                -- hits by the service's own count
  n_hits INTEGER NOT NULL DEFAULT 0,     -- rows of this pass so far
  run_id INTEGER REFERENCES run,
  started_at TEXT NOT NULL,
  completed_at TEXT,                     -- end of the last complete pass
  PRIMARY KEY (provider, slug)
) STRICT, WITHOUT ROWID;

CREATE TABLE patent_hit (
  -- What a search showed, and when last: a finding that a complete later pass did not show is withdrawn, not deleted.
  provider TEXT NOT NULL REFERENCES provider,
  slug TEXT NOT NULL REFERENCES dataset,
  how TEXT NOT NULL,
  work_id INTEGER NOT NULL REFERENCES work,
  last_pass INTEGER NOT NULL,
  PRIMARY KEY (provider, slug, how, work_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE patent_part (
  -- A part of a patent (biblio, claims, description, page) that was asked for; never asked for again.
  provider TEXT NOT NULL REFERENCES provider,
  publication_number TEXT NOT NULL,
  part TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('told', 'none')),
  reason TEXT,                           -- of status none, in the service's words
  sha256 TEXT,                           -- of a kept page, PATH.files/patents/
  run_id INTEGER REFERENCES run,
  retrieved_at TEXT NOT NULL,
  PRIMARY KEY (provider, publication_number, part)
) STRICT, WITHOUT ROWID;

-- What was told and refused before is known here too.
INSERT INTO patent_part (provider, publication_number, part, status, retrieved_at)
  SELECT p.provider, e.value, 'biblio', 'told', p.retrieved_at FROM patent p JOIN external_id e USING (work_id)
   WHERE p.provider = 'epo_ops' AND e.scheme = 'publication_number' AND e.is_primary = 1;
INSERT OR IGNORE INTO patent_part (provider, publication_number, part, status, reason, run_id, retrieved_at)
  SELECT provider, subject, 'biblio', 'none', reason, run_id, recorded_at FROM crawl_problem WHERE provider = 'epo_ops';

-- Inventors are persons: nothing needs their names, so they are not kept.
DELETE FROM patent_party WHERE role = 'inventor';
UPDATE work SET authors = '[]', field_providers = json_remove(field_providers, '$.authors') WHERE kind = 'patent';

-- City of the party's address, where a service tells it.
ALTER TABLE patent_party ADD COLUMN city TEXT;
