"""Answers of those who are named: how they get into the database, from where ``publish`` lists them."""
