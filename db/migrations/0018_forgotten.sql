-- People who asked to be forgotten, so that the next crawl does not bring them back.

CREATE TABLE forgotten (
  -- No name: a keyed hash of one. Whoever has the database can test whether a name is among them, and learns no other.
  kind TEXT NOT NULL CHECK (kind IN ('author', 'owner', 'reviewer')),
  hash TEXT NOT NULL,                -- HMAC-SHA-256; of owners with the key beside the database, else with the setting forgotten_key
  forgotten_at TEXT NOT NULL,
  PRIMARY KEY (kind, hash)
) STRICT, WITHOUT ROWID;
