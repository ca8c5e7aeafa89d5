-- Reviewing by several people at once, decisions that name their labels, and more answers about places.

CREATE TABLE screening_round (
  -- How a pass over the works of a dataset is done, set once by whoever begins it.
  slug TEXT NOT NULL REFERENCES dataset,
  round INTEGER NOT NULL,
  reviewers_per_work INTEGER CHECK (reviewers_per_work > 0),  -- NULL: whoever comes may judge every work
  sample INTEGER CHECK (sample > 0), -- the round is a random sample of so many works, the same for everyone; NULL: all works
  seed INTEGER NOT NULL DEFAULT 1,   -- of that sample
  reviewer_id INTEGER NOT NULL REFERENCES reviewer,
  set_at TEXT NOT NULL,
  PRIMARY KEY (slug, round)
) STRICT;

CREATE TABLE lease (
  -- A work that lies before a reviewer just now, so that nobody else is given it. Void when it has expired or its terminal is gone.
  slug TEXT NOT NULL REFERENCES dataset,
  round INTEGER NOT NULL,
  work_id INTEGER NOT NULL REFERENCES work,
  reviewer_id INTEGER NOT NULL REFERENCES reviewer,
  holder TEXT NOT NULL,              -- the session: machine, process and a number
  expires_at TEXT NOT NULL,
  PRIMARY KEY (slug, round, work_id, holder)
) STRICT, WITHOUT ROWID;
CREATE INDEX lease_holder ON lease (holder);

CREATE TABLE decision_label (
  -- The labels that a final decision stands on.
  decision_id INTEGER NOT NULL REFERENCES decision,
  label_id INTEGER NOT NULL REFERENCES label,
  PRIMARY KEY (decision_id, label_id)
) STRICT, WITHOUT ROWID;

-- The reason that an adjudicator gave.
ALTER TABLE decision ADD COLUMN note TEXT;
-- The passages on the screen when the label was given: JSON list of {quote, page, section, provider}.
ALTER TABLE label ADD COLUMN evidence TEXT NOT NULL DEFAULT '[]';
-- 1: the score's suggestion was shown before the answer.
ALTER TABLE label ADD COLUMN assisted INTEGER NOT NULL DEFAULT 0 CHECK (assisted IN (0, 1));
-- How the work came before the reviewer: priority, random, oldest, chosen (history, search, undo), import.
ALTER TABLE label ADD COLUMN drawn TEXT;
-- The label of another dataset in whose question this one was answered ("also uses").
ALTER TABLE label ADD COLUMN asked_with INTEGER REFERENCES label;
CREATE INDEX label_asked_with ON label (asked_with) WHERE asked_with IS NOT NULL;

-- What was decided: institution, institutions (ror_id and also), place, not_an_institution, none.
ALTER TABLE place_decision ADD COLUMN kind TEXT NOT NULL DEFAULT 'institution'
  CHECK (kind IN ('institution', 'institutions', 'place', 'not_an_institution', 'none'));
-- Further institutions that the string names: JSON list of ROR ids.
ALTER TABLE place_decision ADD COLUMN also TEXT NOT NULL DEFAULT '[]';
-- The place that a reviewer put by hand.
ALTER TABLE place_decision ADD COLUMN place_id INTEGER REFERENCES place;
-- The part of the string that names the institution: later strings that hold it follow the decision.
ALTER TABLE place_decision ADD COLUMN alias TEXT;
-- The place_decision of another string whose alias this string follows.
ALTER TABLE string_state ADD COLUMN learned_id INTEGER REFERENCES place_decision;
UPDATE place_decision SET kind = 'none' WHERE ror_id IS NULL;
