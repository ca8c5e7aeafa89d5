-- What was shown to the public, so that corrections can be told wherever the next publication lies.

CREATE TABLE publication (
  -- Append-only. A state of a dataset that a publication showed; the same state published again adds no row. Numbers and times only.
  publication_id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL REFERENCES dataset,
  include TEXT NOT NULL CHECK (include IN ('verified', 'all')),  -- which works it showed
  newest_at TEXT NOT NULL,           -- the newest moment of the database that it showed, its as_of
  decisions INTEGER NOT NULL,        -- how many rows of decision the dataset had then; -1: a folder of an older version, which didn't count
  recorded_at TEXT NOT NULL,
  UNIQUE (slug, include, newest_at, decisions)
) STRICT;

CREATE TRIGGER publication_stays BEFORE UPDATE ON publication BEGIN
  SELECT raise(ABORT, 'publications are append-only');
END;

CREATE TRIGGER publication_is_kept BEFORE DELETE ON publication BEGIN
  SELECT raise(ABORT, 'publications are append-only; what was shown can''t be unshown');
END;
