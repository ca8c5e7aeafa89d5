-- Corrections and answers: what those who are named said, and what came of it.

CREATE TABLE correction (
  -- Append-only. One entry of the public list of corrections; a later entry about the same thing adds to it, none replaces one.
  correction_id INTEGER PRIMARY KEY,
  slug TEXT REFERENCES dataset,      -- NULL: it concerns every dataset
  received_on TEXT NOT NULL,         -- YYYY-MM-DD: when they wrote
  who TEXT NOT NULL,                 -- the organisation that answered; of a private person only "a person named here"
  what TEXT NOT NULL,                -- what they say is wrong, or their answer, in a sentence or two
  about TEXT,                        -- the work (doi:…, arxiv:…) or institution (ROR id) that it is about
  outcome TEXT NOT NULL CHECK (outcome IN ('open', 'corrected', 'declined', 'noted')),
  reason TEXT,                       -- what was done, or why not
  recorded_at TEXT NOT NULL,
  UNIQUE (slug, received_on, who, what, outcome, reason)
) STRICT;

CREATE TRIGGER correction_stays BEFORE UPDATE ON correction BEGIN
  SELECT raise(ABORT, 'corrections are append-only; record another one');
END;

CREATE TRIGGER correction_is_kept BEFORE DELETE ON correction BEGIN
  SELECT raise(ABORT, 'corrections are append-only; record another one');
END;
