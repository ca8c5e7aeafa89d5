-- A company is known by its seat's record while a string prints a branch of it in another country: that country counts, never the seat's.
ALTER TABLE string_match ADD COLUMN printed_country TEXT;
-- A closed house stands under its own name, where it was; this is the name of the one that took it over.
ALTER TABLE institution ADD COLUMN now TEXT;
