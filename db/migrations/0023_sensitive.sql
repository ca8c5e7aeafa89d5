-- Whether a second source names an institution is asked for every place of a sensitive sector: without this, each time through the table.
CREATE INDEX affiliation_ror_institution ON affiliation_ror (ror_id);
