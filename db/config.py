"""What the user set: flags over environment over ``whereused.toml`` over defaults.

Environment variables start with ``WHEREUSED_``.  In the TOML file the same names stand in lower case, without the
prefix, at the top level: ``db = "…"``, ``semantic_scholar_url = "…"``, ``rate_semantic_scholar = 1.0``.
Keys are read when they are needed; nothing here logs or stores them.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_cache_path, user_state_path

from db.errors import UsageError
from db.known_settings import unknown_settings

DEFAULT_DB = Path("data/whereused.db")
CONFIG_FILE = Path("whereused.toml")
PREFIX = "WHEREUSED_"


@dataclass(frozen=True)
class Config:
    """The settings of one call.

    ``db`` is the database file; its PDFs and archives lie in ``files``.  ``gazetteer`` is the index file of the
    registry, shared by all databases of a user.
    """

    db: Path = DEFAULT_DB
    gazetteer: Path = field(default_factory=lambda: user_cache_path("whereused") / "gazetteer.db")
    verbosity: int = 0
    values: Mapping[str, str] = field(default_factory=dict, repr=False)  # repr=False: keys never reach a log
    warnings: tuple[str, ...] = ()  # lines about settings of the file that nobody asks for
    file: Path = CONFIG_FILE  # that the settings were read from, where there is one

    @property
    def files(self) -> Path:
        """The folder of PDFs and archives that belongs to the database."""
        return self.db.with_name(self.db.name + ".files")

    @property
    def state(self) -> Path:
        """The folder of what all databases of a user share and no command may lose between calls (``WHEREUSED_STATE``)."""
        return Path(self.get("STATE") or user_state_path("whereused"))

    def get(self, name: str) -> str | None:
        """The value of ``WHEREUSED_<NAME>``, or None where it is unset or empty."""
        return self.values.get(name.upper()) or None

    def url(self, provider: str, default: str) -> str:
        """Base URL of a provider, without a trailing slash; ``WHEREUSED_<PROVIDER>_URL`` replaces the documented one."""
        url = (self.get(f"{provider}_URL") or default).rstrip("/")
        try:
            parts = urlsplit(url)
            known = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:  # [ without ]
            known = False
        if not known:
            raise UsageError(f"{PREFIX}{provider.upper()}_URL is {url!r}: give an address that starts with http:// or https://")
        if "@" in parts.netloc:
            raise UsageError(f"{PREFIX}{provider.upper()}_URL holds a user name or password, which is never sent; give the address without")
        return url

    def key(self, provider: str) -> str | None:
        """The API key of a provider, from ``WHEREUSED_<PROVIDER>_KEY``."""
        return self.get(f"{provider}_KEY")

    def number(self, name: str, default: float) -> float:
        """A positive number, such as ``WHEREUSED_RATE_SEMANTIC_SCHOLAR`` in requests per second."""
        text = self.get(name)
        if text is None:
            return default
        try:
            value = float(text)
        except ValueError:
            value = 0.0
        if not 0 < value < float("inf"):
            raise UsageError(f"{PREFIX}{name.upper()} is {text!r}: give a number above 0")
        return value

    def choice(self, name: str, known: Sequence[str]) -> str:
        """One of the ``known`` words, such as ``WHEREUSED_LOG_FORMAT``; the first where it is unset."""
        text = self.get(name) or known[0]
        if text not in known:
            raise UsageError(f"{PREFIX}{name.upper()} is {text!r}: give one of {', '.join(known)}")
        return text

    @property
    def contact(self) -> str | None:
        """Address in the user agent, so that a provider can reach the operator (``WHEREUSED_CONTACT``)."""
        return self.get("CONTACT")

    @property
    def allow_loopback(self) -> bool:
        """Whether full texts may be fetched from this machine (tests and the demo)."""
        return self.get("ALLOW_LOOPBACK") == "1"


def _from_toml(path: Path) -> dict[str, str]:
    """Settings of ``whereused.toml``: names in upper case, values as text; {} where there is no such file."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"{path} can't be read ({error}): mend or remove it") from error
    nested = [name for name, value in table.items() if isinstance(value, (dict, list))]
    if nested:
        raise UsageError(f"{path}: {nested[0]!r} is a table or a list; write each setting as name = value at the top level")
    return {name.upper(): str(value) for name, value in table.items()}


def load_config(
    *,
    db: Path | None = None,
    gazetteer: Path | None = None,
    verbosity: int = 0,
    environ: Mapping[str, str] | None = None,
) -> Config:
    """The settings of this call; the arguments are the user's flags."""
    environ = os.environ if environ is None else environ
    file = Path(environ.get(PREFIX + "CONFIG") or CONFIG_FILE)
    values = _from_toml(file)
    warnings = tuple(unknown_settings(values, str(file)))
    values |= {name.removeprefix(PREFIX): value for name, value in environ.items() if name.startswith(PREFIX)}
    default = Config()
    return Config(
        db=db or Path(values.get("DB") or default.db),
        gazetteer=gazetteer or Path(values.get("GAZETTEER") or default.gazetteer),
        verbosity=verbosity,
        values=values,
        warnings=warnings,
        file=file,
    )
