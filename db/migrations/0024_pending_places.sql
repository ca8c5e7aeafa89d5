-- A full text that is stored is that of every work that names its address: finding those grew with all addresses.
CREATE INDEX fulltext_pending_url ON fulltext (url) WHERE status = 'pending';
