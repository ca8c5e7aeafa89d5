"""Keys that never reach a log: whatever a library writes, the user's keys are replaced before it is shown."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from db.config import Config

SHOWN = "***"
SHORTEST = 4  # characters; what is shorter stands everywhere


def secrets_of(config: Config) -> tuple[str, ...]:
    """The user's keys, their parts (ID:SECRET) and the forms that they take in addresses, the longest first."""
    keys = [value for name, value in config.values.items() if name.endswith("_KEY") and value]
    parts = [part for key in keys for part in (key, *key.split(":"))]
    forms = {form for part in parts for form in (part, quote(part), quote(part, safe=""), quote_plus(part)) if len(part) >= SHORTEST}
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


def without_values(text: str, secrets: Iterable[str]) -> str:
    """A text with the secrets replaced."""
    for secret in secrets:
        text = text.replace(secret, SHOWN)
    return text


class DiscreetFormatter(logging.Formatter):
    """Another formatter, with the secrets replaced in all that it writes, tracebacks too."""

    def __init__(self, inner: logging.Formatter, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self.inner, self.secrets = inner, secrets

    def format(self, record: logging.LogRecord) -> str:
        return without_values(self.inner.format(record), self.secrets)


def hide_secrets(config: Config) -> None:
    """From now on no handler of the root logger shows a key."""
    secrets = secrets_of(config)
    for handler in logging.getLogger().handlers if secrets else ():
        inner = handler.formatter or logging.Formatter()
        if not isinstance(inner, DiscreetFormatter):
            handler.setFormatter(DiscreetFormatter(inner, secrets))
