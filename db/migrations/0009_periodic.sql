-- Periodic crawls: how often each dataset is due, the passes over each list, works that came back.

CREATE TABLE crawl_interval (
  -- How often `crawl --due` reads the lists of a dataset, where the user said so; else every 7 days.
  slug TEXT PRIMARY KEY REFERENCES dataset,
  days REAL NOT NULL CHECK (days > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE crawl_pass (
  -- The complete passes over each list. A citation's last_pass leads here: to the run that last saw it.
  provider TEXT NOT NULL REFERENCES provider,
  work_id INTEGER NOT NULL REFERENCES work,  -- the cited work
  pass INTEGER NOT NULL,
  run_id INTEGER REFERENCES run,     -- the run that completed it
  completed_at TEXT NOT NULL,
  n_rows INTEGER NOT NULL,           -- rows that it brought
  n_new INTEGER NOT NULL,            -- pairs first seen in it
  n_withdrawn INTEGER NOT NULL,
  suspect TEXT,                      -- why it was not to be trusted
  PRIMARY KEY (provider, work_id, pass)
) STRICT, WITHOUT ROWID;

INSERT INTO crawl_pass (provider, work_id, pass, run_id, completed_at, n_rows, n_new, n_withdrawn, suspect)
  SELECT provider, work_id, pass, run_id, completed_at, n_rows, n_new, n_withdrawn, suspect FROM crawl_list
   WHERE state = 'done' AND completed_at IS NOT NULL;

-- When a citation that was withdrawn was shown again.
ALTER TABLE citation_sighting ADD COLUMN returned_at TEXT;

CREATE TRIGGER citation_returned AFTER UPDATE OF withdrawn_at ON citation_sighting
  WHEN OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL
BEGIN
  UPDATE citation_sighting SET returned_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now')
   WHERE citation_id = NEW.citation_id AND provider = NEW.provider;
END;
