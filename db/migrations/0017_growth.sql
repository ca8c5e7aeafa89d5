-- An index by status tempts the planner to walk through all stored full texts where it is to look up one: what a document costs grew with their number.
DROP INDEX fulltext_pending;
