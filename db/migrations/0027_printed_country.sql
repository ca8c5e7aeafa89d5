-- A company is known by its seat's record while a string prints a branch of it in another country: that country counts, never the seat's.
ALTER TABLE string_match ADD COLUMN printed_country TEXT;
