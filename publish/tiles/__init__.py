"""A map of any number of works: vector tiles and a page that reads them from a web server (extra ``tiles``)."""
