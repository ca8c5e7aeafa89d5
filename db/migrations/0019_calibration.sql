-- A set of works with known answers, which new reviewers answer first; and undo of an answer that replaced another.

CREATE TABLE calibration (
  -- A work of the reference of a dataset: its right answer is known, and new reviewers answer it before the queue.
  calibration_id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL REFERENCES dataset,
  work_id INTEGER NOT NULL REFERENCES work,
  label TEXT NOT NULL CHECK (label IN ('used', 'created', 'not_used', 'unsure', 'no_access', 'wrong_work')),
  purposes TEXT NOT NULL DEFAULT '[]',  -- JSON list: train, validate, test, derive, embodiment
  note TEXT,                         -- why it is so: shown to a reviewer who said otherwise
  reviewer_id INTEGER NOT NULL REFERENCES reviewer,  -- who set it, and need not answer it
  set_at TEXT NOT NULL,
  withdrawn_at TEXT                  -- another reference has taken its place
) STRICT;
CREATE INDEX calibration_dataset ON calibration (slug) WHERE withdrawn_at IS NULL;

CREATE TABLE calibration_answer (
  -- Append-only. What a reviewer said of a work of the reference, before they saw it; the latest row counts, 'retracted' takes it back.
  -- No label: it decides nothing about the work.
  answer_id INTEGER PRIMARY KEY,
  calibration_id INTEGER NOT NULL REFERENCES calibration,
  reviewer_id INTEGER NOT NULL REFERENCES reviewer,
  label TEXT NOT NULL CHECK (label IN ('used', 'created', 'not_used', 'unsure', 'no_access', 'wrong_work', 'retracted')),
  purposes TEXT NOT NULL DEFAULT '[]',
  note TEXT,
  codebook TEXT,                     -- version of the codebook that the reviewer had before them
  evidence TEXT NOT NULL DEFAULT '[]',  -- the passages on the screen, as in label
  answered_at TEXT NOT NULL
) STRICT;
CREATE INDEX calibration_answer_reviewer ON calibration_answer (reviewer_id, calibration_id);

-- The label that an undo put back: this row repeats it, and stands at its place in the history that undo walks back.
ALTER TABLE label ADD COLUMN restores INTEGER REFERENCES label;
