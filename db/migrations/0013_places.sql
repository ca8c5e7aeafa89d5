-- Places: answers can be taken back, institutions without a registry record have an identity, the registry's successors are known.

-- Every answer of a reviewer about a string, for ever; the view place_decision shows those that stand.
ALTER TABLE place_decision RENAME TO place_answer;
-- The answer that this one repeats with other ids, because the registry merged the institution into another.
ALTER TABLE place_answer ADD COLUMN moved_from INTEGER REFERENCES place_answer (decision_id);

CREATE TABLE place_retraction (
  -- Answers that were taken back, by whom and when.
  decision_id INTEGER PRIMARY KEY REFERENCES place_answer (decision_id),
  reviewer_id INTEGER NOT NULL REFERENCES reviewer,
  retracted_at TEXT NOT NULL
) STRICT;

CREATE TABLE place_together (
  -- Answers that were given as one, for several strings at once: they are taken back as one.
  decision_id INTEGER PRIMARY KEY REFERENCES place_answer (decision_id),
  first_id INTEGER NOT NULL REFERENCES place_answer (decision_id)
) STRICT;
CREATE INDEX place_together_first ON place_together (first_id);

CREATE VIEW place_decision AS
  -- The answers that stand; the latest of a string counts, geocode obeys it.
  SELECT decision_id, string_id, ror_id, reviewer_id, note, decided_at, kind, also, place_id, alias, moved_from
    FROM place_answer
   WHERE decision_id NOT IN (SELECT decision_id FROM place_retraction);

CREATE TABLE ror_successor (
  -- Where the registry sends the ids that it withdrew or closed; only where it names one record.
  ror_id TEXT PRIMARY KEY,           -- full URL
  successor TEXT NOT NULL,           -- full URL: the end of the chain
  gazetteer TEXT NOT NULL            -- release that says so
) STRICT, WITHOUT ROWID;
CREATE INDEX ror_successor_back ON ror_successor (successor);

-- The name of an institution without a registry record (provider 'provisional'); the place's name is then its city's.
ALTER TABLE place ADD COLUMN institution TEXT;
ALTER TABLE place ADD COLUMN sector TEXT;
-- The registry record that a provisional institution turned out to be: full URL.
ALTER TABLE place ADD COLUMN became TEXT;

CREATE TABLE provisional_string (
  -- The strings of a provisional institution, each with the name that was read out of it.
  string_id INTEGER PRIMARY KEY REFERENCES affiliation_string,
  place_id INTEGER NOT NULL REFERENCES place,
  name_key TEXT NOT NULL             -- the name for comparing
) STRICT;
CREATE INDEX provisional_string_place ON provisional_string (place_id);

CREATE VIEW placing_affiliation AS
  -- The affiliations that put a work on the map: what its document prints or its patent names, else what providers tell.
  SELECT a.affiliation_id, a.work_id, a.tier, a.position, a.string_id, a.page, a.sha256, a.version FROM affiliation a
   WHERE a.tier IN ('front matter', 'assignee')
      OR NOT EXISTS (SELECT 1 FROM work w JOIN work v ON v.group_id = w.group_id JOIN affiliation b ON b.work_id = v.work_id
                      WHERE w.work_id = a.work_id AND b.tier IN ('front matter', 'assignee'));
