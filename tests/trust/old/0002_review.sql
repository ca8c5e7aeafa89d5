BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'whereused','0001_initial','2026-01-01');
INSERT INTO "_sqlite_migrations" VALUES(2,'whereused','0002_review','2026-01-01');
CREATE TABLE affiliation (
  -- A string in a work: the link between a work and, through its match, an institution.
  affiliation_id INTEGER PRIMARY KEY,
  work_id INTEGER NOT NULL REFERENCES work,
  tier TEXT NOT NULL,                -- front matter | assignee | a provider's name
  position INTEGER NOT NULL,
  string_id INTEGER NOT NULL REFERENCES affiliation_string,
  page INTEGER,                      -- from 1
  sha256 TEXT REFERENCES document,   -- the document it was read from
  version TEXT NOT NULL,             -- of the reader
  UNIQUE (work_id, tier, position)
) STRICT;
INSERT INTO "affiliation" VALUES(1,2,'front matter',0,1,1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','1');
INSERT INTO "affiliation" VALUES(2,2,'front matter',1,2,1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','1');
CREATE TABLE affiliation_string (
  -- One string as printed, with the e-mail domains that stand beside it: the unit that geocode decides.
  string_id INTEGER PRIMARY KEY,
  text TEXT NOT NULL,
  email_domains TEXT NOT NULL DEFAULT '[]',  -- JSON list, sorted; never a local part
  UNIQUE (text, email_domains)
) STRICT;
INSERT INTO "affiliation_string" VALUES(1,'Example University, Leeds','["example.org"]');
INSERT INTO "affiliation_string" VALUES(2,'Nowhere Institute','[]');
CREATE TABLE authorship (
  authorship_id INTEGER PRIMARY KEY,
  work_id INTEGER NOT NULL REFERENCES work,
  tier TEXT NOT NULL,                -- front matter | a provider's name
  position INTEGER NOT NULL,
  name TEXT NOT NULL,                -- never exported but in bibliographic formats
  UNIQUE (work_id, tier, position)
) STRICT;
INSERT INTO "authorship" VALUES(1,2,'front matter',0,'Bo Example');
CREATE TABLE authorship_affiliation (
  authorship_id INTEGER NOT NULL REFERENCES authorship ON DELETE CASCADE,
  affiliation_id INTEGER NOT NULL REFERENCES affiliation ON DELETE CASCADE,
  PRIMARY KEY (authorship_id, affiliation_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "authorship_affiliation" VALUES(1,1);
CREATE TABLE citation (
  -- A directed pair.
  citation_id INTEGER PRIMARY KEY,
  citing_work_id INTEGER NOT NULL REFERENCES work,
  cited_work_id INTEGER NOT NULL REFERENCES work,
  UNIQUE (cited_work_id, citing_work_id)
) STRICT;
INSERT INTO "citation" VALUES(1,2,1);
INSERT INTO "citation" VALUES(2,3,1);
CREATE TABLE citation_context (
  -- The sentence around the reference, as the provider gives it.
  citation_id INTEGER NOT NULL REFERENCES citation,
  provider TEXT NOT NULL REFERENCES provider,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  intents TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (citation_id, provider, position)
) STRICT;
CREATE TABLE citation_sighting (
  -- Which provider shows the pair. A pair that a complete later pass did not show is withdrawn, not deleted.
  citation_id INTEGER NOT NULL REFERENCES citation,
  provider TEXT NOT NULL REFERENCES provider,
  url TEXT NOT NULL,                 -- the list it stands in, without keys
  is_influential INTEGER CHECK (is_influential IN (0, 1)),
  intents TEXT NOT NULL DEFAULT '[]',  -- JSON list
  first_pass INTEGER NOT NULL,       -- number of the pass over this list that first showed it
  last_pass INTEGER NOT NULL,        -- … and that last did
  run_id INTEGER REFERENCES run,     -- the run that first showed it
  retrieved_at TEXT NOT NULL,
  withdrawn_at TEXT,
  PRIMARY KEY (citation_id, provider)
) STRICT;
INSERT INTO "citation_sighting" VALUES(1,'semantic_scholar','https://x.example',NULL,'[]',1,1,1,'2026-01-01T10:00:00Z',NULL);
INSERT INTO "citation_sighting" VALUES(2,'semantic_scholar','https://x.example',NULL,'[]',1,1,1,'2026-01-01T10:00:00Z','2026-01-02T10:00:00Z');
CREATE TABLE crawl_list (
  -- One list of one provider (the works that cite one seed): its position, so that a run resumes after any page.
  provider TEXT NOT NULL REFERENCES provider,
  work_id INTEGER NOT NULL REFERENCES work,  -- the cited work
  pass INTEGER NOT NULL,             -- grows with each complete reading of the list
  state TEXT NOT NULL CHECK (state IN ('paging', 'closing', 'done')),
  position TEXT NOT NULL DEFAULT '{}',  -- JSON: offset, limit, window, probes, pages, capped; later token, cursor
  reported_count INTEGER,            -- the provider's own count of citations
  n_rows INTEGER NOT NULL DEFAULT 0, -- rows this pass brought, repeats too; of the closing reading only what was new
  n_new INTEGER NOT NULL DEFAULT 0,  -- pairs first seen in this pass
  n_withdrawn INTEGER NOT NULL DEFAULT 0,
  started_at TEXT NOT NULL,
  completed_at TEXT,                 -- of the last complete pass
  run_id INTEGER REFERENCES run,     -- the run that completed it
  PRIMARY KEY (provider, work_id)
) STRICT;
INSERT INTO "crawl_list" VALUES('semantic_scholar',1,1,'done','{}',NULL,2,2,0,'2026-01-01T10:00:00Z','2026-01-01T10:00:00Z',1);
CREATE TABLE crawl_problem (
  -- What a provider refused or failed to give; gone once it gives it.
  provider TEXT NOT NULL REFERENCES provider,
  subject TEXT NOT NULL,             -- the list or the seed work, in words
  reason TEXT NOT NULL,              -- what it said, in one line
  run_id INTEGER REFERENCES run,
  recorded_at TEXT NOT NULL,
  PRIMARY KEY (provider, subject)
) STRICT;
CREATE TABLE dataset (
  slug TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  year INTEGER,
  institution TEXT,                  -- who made it, as told
  homepage TEXT,
  notes TEXT,
  origin TEXT NOT NULL CHECK (origin IN ('catalogue', 'user')),
  home_city TEXT,                    -- where it was made: the arcs of the map start here
  home_country_code TEXT,
  home_latitude REAL,
  home_longitude REAL,
  position INTEGER NOT NULL DEFAULT 0  -- its place in the catalogue
) STRICT;
INSERT INTO "dataset" VALUES('faces','Many Faces',NULL,NULL,NULL,NULL,'user',NULL,NULL,NULL,NULL,0);
CREATE TABLE dataset_alias (
  slug TEXT NOT NULL REFERENCES dataset,
  alias TEXT NOT NULL,
  weak INTEGER NOT NULL DEFAULT 0 CHECK (weak IN (0, 1)),  -- 1: an everyday word or too short; needs a second sign in the text
  PRIMARY KEY (slug, alias)
) STRICT;
INSERT INTO "dataset_alias" VALUES('faces','ManyFaces',0);
CREATE TABLE dataset_ancestor (
  slug TEXT NOT NULL REFERENCES dataset,
  ancestor TEXT NOT NULL,            -- slug of a dataset, or words where the ancestor is no dataset
  PRIMARY KEY (slug, ancestor)
) STRICT;
CREATE TABLE dataset_figure (
  slug TEXT NOT NULL REFERENCES dataset,
  name TEXT NOT NULL,                -- photos, identities, faces, flickr_accounts, …
  value INTEGER NOT NULL,
  PRIMARY KEY (slug, name)
) STRICT;
CREATE TABLE dataset_paper (
  -- The seed works: whoever cites one of them is a citing work of the dataset.
  slug TEXT NOT NULL REFERENCES dataset,
  position INTEGER NOT NULL,
  title TEXT NOT NULL,
  year INTEGER,
  venue TEXT,
  arxiv TEXT,
  doi TEXT,
  s2 TEXT,                           -- Semantic Scholar paper id, from the catalogue or confirmed
  work_id INTEGER REFERENCES work,   -- set when a provider has answered for it
  confirmed_at TEXT,                 -- a hit of the title match counts only when a person confirmed it
  PRIMARY KEY (slug, position)
) STRICT;
INSERT INTO "dataset_paper" VALUES('faces',0,'The seed',NULL,NULL,NULL,NULL,'1111111111111111111111111111111111111111',1,NULL);
CREATE TABLE decision (
  -- Append-only. The final decision on a work and dataset; the latest counts, 'open' reopens it.
  decision_id INTEGER PRIMARY KEY,
  work_id INTEGER NOT NULL REFERENCES work,
  slug TEXT NOT NULL REFERENCES dataset,
  label TEXT NOT NULL CHECK (label IN ('used', 'created', 'not_used', 'unsure', 'no_access', 'wrong_work', 'open')),
  purposes TEXT NOT NULL DEFAULT '[]',
  reason TEXT NOT NULL,              -- agreement, adjudicated, single reviewer, sample, …
  reviewer_id INTEGER REFERENCES reviewer,
  decided_at TEXT NOT NULL
, note TEXT) STRICT;
INSERT INTO "decision" VALUES(1,2,'faces','used','["train"]','single reviewer',1,'2026-01-04T10:00:00Z',NULL);
CREATE TABLE decision_label (
  -- The labels that a final decision stands on.
  decision_id INTEGER NOT NULL REFERENCES decision,
  label_id INTEGER NOT NULL REFERENCES label,
  PRIMARY KEY (decision_id, label_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE document (
  -- A stored full text (PDF, patent text), once per content. The bytes lie in PATH.files/.
  sha256 TEXT PRIMARY KEY,
  media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  stored_at TEXT NOT NULL
) STRICT;
INSERT INTO "document" VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','application/pdf',9,'2026-01-01T10:00:00Z');
CREATE TABLE document_state (
  -- How far each document came in each stage. A newer version of the stage takes it up again.
  sha256 TEXT NOT NULL REFERENCES document,
  stage TEXT NOT NULL CHECK (stage IN ('read', 'mentions')),
  status TEXT NOT NULL CHECK (status IN ('done', 'failed')),
  reason TEXT,
  version TEXT NOT NULL,             -- of the reader
  updated_at TEXT NOT NULL,
  PRIMARY KEY (sha256, stage)
) STRICT;
INSERT INTO "document_state" VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','read','done',NULL,'1','2026-01-01T10:00:00Z');
CREATE TABLE external_id (
  -- One work may hold several ids of one scheme (merged ids: the asked and the answered one).
  scheme TEXT NOT NULL,              -- s2, corpus, doi, arxiv, mag, dblp, pubmed, pmc, acl, openalex, publication_number, lens, file, sha256, url; row = null-id row, keyed by content
  value TEXT NOT NULL,               -- canonical form: DOI in lower case, arXiv without version
  work_id INTEGER NOT NULL REFERENCES work,
  is_primary INTEGER NOT NULL DEFAULT 1 CHECK (is_primary IN (0, 1)),  -- 0: an older or merged id
  PRIMARY KEY (scheme, value)
) STRICT, WITHOUT ROWID;
INSERT INTO "external_id" VALUES('doi','10.5555/three',3,1);
INSERT INTO "external_id" VALUES('doi','10.5555/two',2,1);
INSERT INTO "external_id" VALUES('s2','1111111111111111111111111111111111111111',1,1);
CREATE TABLE finding (
  -- Why a work is in the scope of a dataset, other than by a citation: an import, a search hit.
  work_id INTEGER NOT NULL REFERENCES work,
  slug TEXT NOT NULL REFERENCES dataset,
  provider TEXT NOT NULL REFERENCES provider,
  how TEXT NOT NULL,                 -- import, search, family, …
  url TEXT,
  run_id INTEGER REFERENCES run,
  retrieved_at TEXT NOT NULL,
  withdrawn_at TEXT,
  PRIMARY KEY (work_id, slug, provider, how)
) STRICT;
CREATE TABLE fulltext (
  -- One place where the full text of a work may be, and what came of asking there.
  work_id INTEGER NOT NULL REFERENCES work,
  url TEXT NOT NULL,
  provider TEXT NOT NULL REFERENCES provider,  -- who named the place
  rank INTEGER NOT NULL,             -- 0 is asked first
  status TEXT NOT NULL CHECK (status IN ('pending', 'stored', 'failed', 'refused')),  -- refused: robots.txt, type, size
  sha256 TEXT REFERENCES document,
  licence TEXT,
  reason TEXT,                       -- why it is not stored
  n_tries INTEGER NOT NULL DEFAULT 0,
  run_id INTEGER REFERENCES run,
  retrieved_at TEXT,
  PRIMARY KEY (work_id, url)
) STRICT;
INSERT INTO "fulltext" VALUES(2,'https://x.example/2.pdf','import',0,'stored','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',NULL,NULL,0,NULL,NULL);
CREATE TABLE id_claim (
  -- A sign that works share: an id that another work holds already, a patent family. It ties them into one group.
  scheme TEXT NOT NULL,
  value TEXT NOT NULL,
  work_id INTEGER NOT NULL REFERENCES work,
  PRIMARY KEY (scheme, value, work_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE institution (
  -- The registry records that a match or a reviewer names, as the gazetteer had them then.
  ror_id TEXT PRIMARY KEY,           -- full URL
  name TEXT NOT NULL,
  country_code TEXT,
  city TEXT,
  latitude REAL,                     -- degrees, WGS 84
  longitude REAL,
  sector TEXT NOT NULL CHECK (sector IN ('academic', 'commercial', 'government', 'military', 'nonprofit', 'healthcare', 'other')),
  status TEXT NOT NULL,              -- active, inactive, withdrawn
  gazetteer TEXT NOT NULL            -- release it was taken from
) STRICT;
INSERT INTO "institution" VALUES('https://ror.org/0aaaaaa01','Example University','GB','Leeds',53.8,-1.5,'academic','active','v1');
CREATE TABLE label (
  -- Append-only. One reviewer's verdict on one work and dataset in one round; 'retracted' takes back the one before it.
  label_id INTEGER PRIMARY KEY,
  work_id INTEGER NOT NULL REFERENCES work,
  slug TEXT NOT NULL REFERENCES dataset,
  reviewer_id INTEGER NOT NULL REFERENCES reviewer,
  round INTEGER NOT NULL DEFAULT 1,
  label TEXT NOT NULL CHECK (label IN ('used', 'created', 'not_used', 'unsure', 'no_access', 'wrong_work', 'retracted')),
  purposes TEXT NOT NULL DEFAULT '[]',  -- JSON list: train, validate, test, derive, embodiment
  note TEXT,
  codebook TEXT,                     -- version of the codebook that the reviewer had before them
  labelled_at TEXT NOT NULL
, evidence TEXT NOT NULL DEFAULT '[]', assisted INTEGER NOT NULL DEFAULT 0 CHECK (assisted IN (0, 1)), drawn TEXT, asked_with INTEGER REFERENCES label) STRICT;
INSERT INTO "label" VALUES(1,2,'faces',1,1,'not_used','[]',NULL,NULL,'2026-01-03T10:00:00Z','[]',0,NULL,NULL);
INSERT INTO "label" VALUES(2,2,'faces',1,1,'used','["train"]','table 4',NULL,'2026-01-04T10:00:00Z','[]',0,NULL,NULL);
CREATE TABLE label_draft (
  -- What a reviewer left at a work before the verdict: a note, or that it was put off. Gone once there is a label.
  draft_id INTEGER PRIMARY KEY,      -- works put off come again in this order
  work_id INTEGER NOT NULL REFERENCES work,
  slug TEXT NOT NULL REFERENCES dataset,
  reviewer_id INTEGER NOT NULL REFERENCES reviewer,
  round INTEGER NOT NULL DEFAULT 1,
  kind TEXT NOT NULL CHECK (kind IN ('note', 'skip', 'postpone')),  -- skip: to the end; postpone: not before the next day
  note TEXT,
  after_label_id INTEGER NOT NULL,   -- the newest label then: where it stands in the history that undo walks back
  drafted_at TEXT NOT NULL
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
CREATE TABLE mention (
  -- A passage that names a dataset.
  mention_id INTEGER PRIMARY KEY,
  work_id INTEGER NOT NULL REFERENCES work,
  slug TEXT NOT NULL REFERENCES dataset,
  provider TEXT NOT NULL REFERENCES provider,  -- fulltext, or who gave the passage
  position INTEGER NOT NULL,
  alias TEXT NOT NULL,               -- as it stands in the text
  quote TEXT NOT NULL,               -- one sentence, at most 300 characters
  page INTEGER,                      -- from 1
  section TEXT,
  in_references INTEGER NOT NULL DEFAULT 0 CHECK (in_references IN (0, 1)),
  sha256 TEXT REFERENCES document,
  version TEXT NOT NULL,
  UNIQUE (work_id, slug, provider, position)
) STRICT;
INSERT INTO "mention" VALUES(1,2,'faces','fulltext',0,'ManyFaces','We train on ManyFaces.',NULL,NULL,0,NULL,'1');
CREATE TABLE place (
  -- A point that is no registry record: a city, region or country, or a service's answer.
  place_id INTEGER PRIMARY KEY,
  provider TEXT NOT NULL REFERENCES provider,  -- geonames, nominatim, photon, …
  provider_key TEXT NOT NULL,        -- its id there
  name TEXT NOT NULL,
  country_code TEXT,
  latitude REAL,
  longitude REAL,
  granularity TEXT NOT NULL CHECK (granularity IN ('institution', 'city', 'region', 'country')),
  UNIQUE (provider, provider_key)
) STRICT;
CREATE TABLE place_decision (
  -- What a reviewer said of a string: append-only, the latest counts, geocode obeys it.
  decision_id INTEGER PRIMARY KEY,
  string_id INTEGER NOT NULL REFERENCES affiliation_string,
  ror_id TEXT,                       -- NULL: no institution is right
  reviewer_id INTEGER NOT NULL REFERENCES reviewer,
  note TEXT,
  decided_at TEXT NOT NULL
, kind TEXT NOT NULL DEFAULT 'institution'
  CHECK (kind IN ('institution', 'institutions', 'place', 'not_an_institution', 'none')), also TEXT NOT NULL DEFAULT '[]', place_id INTEGER REFERENCES place, alias TEXT) STRICT;
INSERT INTO "place_decision" VALUES(1,1,'https://ror.org/0aaaaaa01',1,NULL,'2026-01-03T10:00:00Z','institution','[]',NULL,NULL);
INSERT INTO "place_decision" VALUES(2,2,NULL,1,NULL,'2026-01-03T10:00:00Z','none','[]',NULL,NULL);
CREATE TABLE provider (
  -- What is known of each outside service: printed into every export that holds its data.
  name TEXT PRIMARY KEY,             -- semantic_scholar, arxiv, import, …
  documentation TEXT,                -- link to the vendor's documentation
  terms TEXT,                        -- link to its terms of use
  licence TEXT,                      -- SPDX id or name
  attribution TEXT,                  -- the sentence that its licence asks for
  checked_on TEXT                    -- date on which a person read the terms
) STRICT;
INSERT INTO "provider" VALUES('semantic_scholar',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "provider" VALUES('import',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "provider" VALUES('fulltext',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "provider" VALUES('geonames',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE reviewer (
  reviewer_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,         -- private
  pseudonym TEXT NOT NULL UNIQUE,    -- what the public sees
  added_at TEXT NOT NULL,
  removed_at TEXT
) STRICT;
INSERT INTO "reviewer" VALUES(1,'Ann Private','reviewer-1','2026-01-01T10:00:00Z',NULL);
CREATE TABLE run (
  -- One call of a writing command. Rows of harvested data lead back to it.
  run_id INTEGER PRIMARY KEY,
  command TEXT NOT NULL,             -- crawl, import, read, geocode, …
  version TEXT NOT NULL,             -- of whereused
  status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed', 'interrupted')),
  reason TEXT,                       -- why it failed, in one line
  started_at TEXT NOT NULL,
  ended_at TEXT
) STRICT;
INSERT INTO "run" VALUES(1,'crawl','0.1','done',NULL,'2026-01-01T10:00:00Z','2026-01-01T10:00:00Z');
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
CREATE TABLE service_cache (
  -- Answers of geocoding services, kept for good.
  service TEXT NOT NULL,
  query TEXT NOT NULL,
  answer TEXT NOT NULL,              -- JSON
  retrieved_at TEXT NOT NULL,
  PRIMARY KEY (service, query)
) STRICT;
CREATE TABLE setting (
  -- Facts about this database as a whole: 'sample' = '1' marks a demo database everywhere it is shown.
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
CREATE TABLE string_match (
  -- The institutions or the place of a string; several where it names several.
  string_id INTEGER NOT NULL REFERENCES affiliation_string,
  position INTEGER NOT NULL,
  ror_id TEXT REFERENCES institution,
  place_id INTEGER REFERENCES place,
  score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),
  method TEXT NOT NULL,              -- exact name, alias, acronym, similar name, city, …
  city TEXT,                         -- the printed city, where it is far from the registry's seat; NULL: the seat
  latitude REAL,                     -- … and its point, degrees, WGS 84
  longitude REAL,
  PRIMARY KEY (string_id, position),
  CHECK ((ror_id IS NULL) <> (place_id IS NULL))
) STRICT;
INSERT INTO "string_match" VALUES(1,0,'https://ror.org/0aaaaaa01',NULL,0.95,'alias',NULL,NULL,NULL);
CREATE TABLE string_state (
  -- What geocode decided about a string.
  string_id INTEGER PRIMARY KEY REFERENCES affiliation_string,
  status TEXT NOT NULL CHECK (status IN ('matched', 'placed', 'none', 'failed')),
  reason TEXT,                       -- why there is no institution
  version TEXT NOT NULL,             -- of the matcher
  gazetteer TEXT NOT NULL,           -- release of the registry
  decision_id INTEGER,               -- the place_decision that it obeys
  updated_at TEXT NOT NULL
, learned_id INTEGER REFERENCES place_decision) STRICT;
INSERT INTO "string_state" VALUES(1,'matched',NULL,'1','v1',NULL,'2026-01-01T10:00:00Z',NULL);
INSERT INTO "string_state" VALUES(2,'none',NULL,'1','v1',NULL,'2026-01-01T10:00:00Z',NULL);
CREATE TABLE use_score (
  -- How probable it is that the work used the dataset: the order of the queue, never a verdict.
  work_id INTEGER NOT NULL REFERENCES work,
  slug TEXT NOT NULL REFERENCES dataset,
  score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),
  reasons TEXT NOT NULL DEFAULT '[]',  -- JSON list of words
  version TEXT NOT NULL,
  PRIMARY KEY (work_id, slug)
) STRICT;
INSERT INTO "use_score" VALUES(2,'faces',0.9,'[]','1');
CREATE TABLE work (
  -- Any document: paper, patent, or other use (press, product page).
  work_id INTEGER PRIMARY KEY,
  group_id INTEGER NOT NULL REFERENCES work_group,
  kind TEXT NOT NULL CHECK (kind IN ('paper', 'patent', 'other')),
  title TEXT,
  year INTEGER,
  venue TEXT,
  publication_date TEXT,             -- YYYY-MM-DD as the provider gives it
  abstract TEXT,
  publication_types TEXT NOT NULL DEFAULT '[]',  -- JSON list, provider's words
  authors TEXT NOT NULL DEFAULT '[]',            -- JSON list of names as the provider gives them: bibliographic exports only
  provider TEXT NOT NULL REFERENCES provider,    -- who told us these fields
  field_providers TEXT NOT NULL DEFAULT '{}',    -- JSON: field → provider, where another one told it
  title_key TEXT NOT NULL DEFAULT '',            -- the title for comparing: letters and digits only, no case
  run_id INTEGER REFERENCES run,
  retrieved_at TEXT NOT NULL
) STRICT;
INSERT INTO "work" VALUES(1,1,'paper','The seed',2015,NULL,NULL,NULL,'[]','["Ann Example"]','semantic_scholar','{}','theseed',1,'2026-01-01T10:00:00Z');
INSERT INTO "work" VALUES(2,2,'paper','It uses β-faces',2018,NULL,NULL,NULL,'[]','["Bo Example"]','semantic_scholar','{}','itusesβfaces',1,'2026-01-01T10:00:00Z');
INSERT INTO "work" VALUES(3,3,'paper','It cites only',2019,NULL,NULL,NULL,'[]','[]','semantic_scholar','{}','itcitesonly',1,'2026-01-01T10:00:00Z');
CREATE TABLE work_group (
  -- Versions of one work (preprint, published, patent family): reviewed and counted once.
  group_id INTEGER PRIMARY KEY,
  preferred_work_id INTEGER          -- the version that is shown
) STRICT;
INSERT INTO "work_group" VALUES(1,1);
INSERT INTO "work_group" VALUES(2,2);
INSERT INTO "work_group" VALUES(3,3);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX dataset_paper_work ON dataset_paper (work_id);
CREATE INDEX work_group_members ON work (group_id);
CREATE INDEX work_year ON work (year);
CREATE INDEX work_title ON work (title_key);
CREATE INDEX external_id_work ON external_id (work_id);
CREATE INDEX id_claim_work ON id_claim (work_id);
CREATE INDEX finding_dataset ON finding (slug);
CREATE INDEX citation_citing ON citation (citing_work_id);
CREATE VIEW found AS
  -- Every reason why a work is in the scope of a dataset, citations and findings together.
  SELECT c.citing_work_id AS work_id, p.slug AS slug, s.provider AS provider, 'citation' AS how,
         s.url AS url, s.run_id AS run_id, s.retrieved_at AS retrieved_at, s.withdrawn_at AS withdrawn_at
    FROM citation c
    JOIN citation_sighting s USING (citation_id)
    JOIN dataset_paper p ON p.work_id = c.cited_work_id
  UNION ALL
  SELECT work_id, slug, provider, how, url, run_id, retrieved_at, withdrawn_at FROM finding;
CREATE INDEX fulltext_document ON fulltext (sha256);
CREATE INDEX fulltext_pending ON fulltext (status, rank);
CREATE INDEX affiliation_by_string ON affiliation (string_id);
CREATE INDEX authorship_affiliation_back ON authorship_affiliation (affiliation_id);
CREATE INDEX mention_dataset ON mention (slug, work_id);
CREATE INDEX string_match_institution ON string_match (ror_id);
CREATE INDEX place_decision_string ON place_decision (string_id);
CREATE INDEX label_work ON label (work_id, slug, reviewer_id, round);
CREATE INDEX label_reviewer ON label (reviewer_id, slug);
CREATE VIEW standing_label AS
  -- The labels that count: the latest of each reviewer, round, dataset and group of versions, unless it was taken back.
  SELECT l.label_id, l.work_id, w.group_id, l.slug, l.reviewer_id, l.round, l.label, l.purposes, l.note, l.codebook, l.labelled_at
    FROM label l JOIN work w ON w.work_id = l.work_id
   WHERE l.label <> 'retracted' AND NOT EXISTS (
     SELECT 1 FROM work v CROSS JOIN label later  -- CROSS: over the few versions of the work, not over all of a reviewer's labels
      WHERE v.group_id = w.group_id AND later.work_id = v.work_id AND later.slug = l.slug
        AND later.reviewer_id = l.reviewer_id AND later.round = l.round AND later.label_id > l.label_id);
CREATE INDEX label_draft_reviewer ON label_draft (reviewer_id, slug);
CREATE INDEX decision_work ON decision (work_id, slug);
CREATE INDEX lease_holder ON lease (holder);
CREATE INDEX label_asked_with ON label (asked_with) WHERE asked_with IS NOT NULL;
COMMIT;
