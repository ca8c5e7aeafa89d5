"""The floor that every stage stands on: the database, the user's configuration, and the errors that reach the user.

Nothing here imports another package of this project.  Stages meet only here: what one stage writes, another reads.
"""
