"""Errors that reach the user: one line that says what to do, and the exit code that scripts rely on.

WhereusedError          exit 1: nothing usable came out, or a check failed
├── UsageError          exit 2: wrong usage, unreadable input, a wrong setting
│   └── DatabaseError   exit 2: the database is missing, broken, locked or of another version
├── ProviderError       exit 3: a provider or the network failed after retries; what was harvested is kept
└── StorageError        exit 1: the disk is full or not writable; what was stored before is kept
"""

from __future__ import annotations


class WhereusedError(Exception):
    """Something the user has to know; its text is one line that says what to do."""

    exit_code = 1


class UsageError(WhereusedError):
    """The command, its input or a setting is wrong; trying again without a change is of no use."""

    exit_code = 2


class DatabaseError(UsageError):
    """The database can't be used as it is."""


class ProviderError(WhereusedError):
    """A provider or the network failed after retries; trying again later can help."""

    exit_code = 3


class StorageError(WhereusedError):
    """Disk full or not writable."""
