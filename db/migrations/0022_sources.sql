-- Who else speaks for an institution is asked for each place of a sensitive sector; without this SQLite reads the whole table each time.
CREATE INDEX affiliation_ror_institution ON affiliation_ror (ror_id);
