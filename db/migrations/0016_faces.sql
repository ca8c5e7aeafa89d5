-- The last parts of a dataset's page: ages as a histogram, a mosaic of blurred faces with its credits, changes of licences.

CREATE TABLE photo_ages (
  -- The state of `photos ages`. Sums only: nothing of one photo, one face or one person is kept.
  slug TEXT PRIMARY KEY REFERENCES dataset,
  listing TEXT NOT NULL,             -- SHA-256 over names and sizes of the folder's files: a call that goes on has to see the same ones
  n_files INTEGER NOT NULL,
  n_done INTEGER NOT NULL,           -- of the files in their order; the call that comes next goes on after them
  n_images INTEGER NOT NULL,         -- could be opened
  n_faces INTEGER NOT NULL,
  method TEXT NOT NULL,              -- networks and versions
  run_id INTEGER NOT NULL REFERENCES run,
  updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE photo_age (
  -- The histogram: faces by estimated age in whole years.
  slug TEXT NOT NULL REFERENCES photo_ages,
  age INTEGER NOT NULL CHECK (age BETWEEN 0 AND 120),
  n INTEGER NOT NULL,
  PRIMARY KEY (slug, age)
) STRICT;

CREATE TABLE photo_age_failure (
  -- Files that gave no answer, by reason.
  slug TEXT NOT NULL REFERENCES photo_ages,
  reason TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (slug, reason)
) STRICT;

CREATE TABLE photo_mosaic (
  -- The latest mosaic of a dataset.
  slug TEXT PRIMARY KEY REFERENCES dataset,
  counts TEXT NOT NULL,              -- JSON: what was left out, and why
  method TEXT NOT NULL,              -- networks and versions
  run_id INTEGER NOT NULL REFERENCES run,
  made_at TEXT NOT NULL
) STRICT;

CREATE TABLE photo_tile (
  -- A tile of the mosaic: a face reduced to a few dots and blurred, in which no detector finds a face, with the credit that its licence asks.
  slug TEXT NOT NULL REFERENCES photo_mosaic,
  position INTEGER NOT NULL,
  picture BLOB NOT NULL,             -- PNG
  title TEXT NOT NULL,
  owner TEXT NOT NULL,
  licence TEXT NOT NULL,
  licence_url TEXT NOT NULL,
  link TEXT NOT NULL,
  PRIMARY KEY (slug, position)
) STRICT;

CREATE TABLE photo_licence_change (
  -- Licences that owners changed since, by year, where recorded answers of Flickr's API tell.
  slug TEXT NOT NULL REFERENCES photo_audit,
  year TEXT NOT NULL,
  before TEXT NOT NULL,              -- BY-NC 2.0, ARR, …
  after TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (slug, year, before, after)
) STRICT;
