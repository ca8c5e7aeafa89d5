-- The licence audit of a dataset's photos: its counts, and a sample of links to see what is still there.

CREATE TABLE photo_audit (
  -- The latest audit of a dataset's photo metadata. Numbers only: ids of owners and photos stay out of the database.
  slug TEXT PRIMARY KEY REFERENCES dataset,
  sources TEXT NOT NULL,             -- JSON list: file, format, rows, rejected
  n_items INTEGER NOT NULL,          -- photos and videos, each once
  n_photos INTEGER NOT NULL,
  n_videos INTEGER NOT NULL,
  n_faces INTEGER,                   -- rows of path lists, several for a photo
  n_owners INTEGER NOT NULL,
  n_rejected INTEGER NOT NULL,       -- rows that could not be used; the audit's folder says which
  n_duplicates INTEGER NOT NULL,
  n_without_match INTEGER NOT NULL,  -- photos of path lists that the joined table doesn't have
  n_without_tags INTEGER NOT NULL,
  n_distinct_tags INTEGER NOT NULL,
  n_geotagged INTEGER NOT NULL,
  n_placeholders INTEGER NOT NULL,   -- of the geotagged: -1/-1, which stands for no coordinates
  median_owner REAL NOT NULL,        -- photos of the owner in the middle
  largest_owner INTEGER NOT NULL,    -- photos of the owner with most
  top_1_percent REAL NOT NULL,       -- share of the photos that the top hundredth of the owners holds
  top_10_percent REAL NOT NULL,
  run_id INTEGER NOT NULL REFERENCES run,
  audited_at TEXT NOT NULL
) STRICT;

CREATE TABLE photo_licence (
  -- A row of the licence table. Flags: 1 yes, 0 no, NULL where the licence alone doesn't tell.
  slug TEXT NOT NULL REFERENCES photo_audit,
  position INTEGER NOT NULL,
  code TEXT NOT NULL,                -- BY, BY-ND, …, CC0, PDM, USGOV, NKCR, ARR, unknown, unstated
  version TEXT,
  n INTEGER NOT NULL,
  attribution INTEGER CHECK (attribution IN (0, 1)),  -- asks for it
  share_alike INTEGER CHECK (share_alike IN (0, 1)),  -- asks for it
  derivatives INTEGER CHECK (derivatives IN (0, 1)),  -- allows them
  commercial INTEGER CHECK (commercial IN (0, 1)),    -- allows it
  PRIMARY KEY (slug, position)
) STRICT;

CREATE TABLE photo_count (
  -- The distributions: how many photos have a value. Of tags the most frequent ones.
  slug TEXT NOT NULL REFERENCES photo_audit,
  kind TEXT NOT NULL CHECK (kind IN ('year', 'tag', 'country', 'rights', 'age')),
  position INTEGER NOT NULL,
  value TEXT NOT NULL,               -- a year of '' is not known
  n INTEGER NOT NULL,
  PRIMARY KEY (slug, kind, position)
) STRICT;

CREATE TABLE photo_link (
  -- A random sample of the photos' pages, to estimate how many are still public. Private: never exported.
  slug TEXT NOT NULL REFERENCES dataset,
  url TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'there', 'gone', 'refused', 'failed')),
  reason TEXT,
  run_id INTEGER REFERENCES run,
  checked_at TEXT,
  PRIMARY KEY (slug, url)
) STRICT;
