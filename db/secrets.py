"""What must never be written down: the user's keys and addresses, taken out of every line of a log and every kept text."""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus, unquote

from db.config import Config

_EMAIL = re.compile(r"[^\s<>()]+@[^\s<>()]+")
_PASSWORD = re.compile(r"://[^/@\s]*?:([^/@\s]+)@")  # of an address: redis://:password@host
SHORTEST = 6  # a key of fewer characters would be found in innocent words
INSTEAD = "(kept back)"


def secrets_of(config: Config) -> tuple[str, ...]:
    """Every form in which a key could stand in an address, a header or a message; the longest first."""
    keys = [value for name, value in config.values.items() if name.endswith(("_KEY", "_PASSWORD"))]
    keys += [unquote(found) for value in config.values.values() for found in _PASSWORD.findall(value)]
    parts = [part for key in keys for part in (key, *key.split(":"))]  # the EPO's is ID:SECRET
    parts += _EMAIL.findall(config.contact or "")
    forms = {form for part in parts for form in (part, quote(part, safe=""), quote_plus(part), base64.b64encode(part.encode()).decode())}
    return tuple(sorted((form for form in forms if len(form) >= SHORTEST), key=len, reverse=True))


def scrub(text: str, secrets: Iterable[str]) -> str:
    """A text without them."""
    for secret in secrets:
        text = text.replace(secret, INSTEAD)
    return text


class NoSecrets(logging.Filter):
    """On a handler: no line of the log holds a secret, at whatever level."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self.secrets = secrets

    def filter(self, record: logging.LogRecord) -> bool:
        if self.secrets:
            record.msg, record.args = scrub(record.getMessage(), self.secrets), None
            if record.exc_info:
                record.exc_text = scrub(logging.Formatter().formatException(record.exc_info), self.secrets)
        return True


_known: tuple[str, ...] = ()


def without_secrets(text: str) -> str:
    """What a command says of an error, without the secrets of this call: the messages of libraries repeat addresses and settings."""
    return scrub(text, _known)


def keep_out_of_logs(config: Config) -> None:
    """Put the filter on every handler that stands by now, and keep the secrets for ``without_secrets``."""
    global _known
    secrets = _known = secrets_of(config)
    for handler in logging.getLogger().handlers:
        handler.addFilter(NoSecrets(secrets))
