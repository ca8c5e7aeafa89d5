"""Settings that nobody asks for are told, and every name that some part asks for is known."""

from __future__ import annotations

import re
from pathlib import Path

from crawler.providers import EPO_OPS_API, PROVIDERS
from db.config import load_config
from db.known_settings import KNOWN

ROOT = Path(__file__).parents[2]


def test_a_misspelt_setting_is_named(tmp_path: Path) -> None:
    file = tmp_path / "w.toml"
    file.write_text('contakt = "a@example.org"\nrate_semantic_scholar = 2\nwhereused_contact = "x"\nzzz = 1\n')
    warnings = load_config(environ={"WHEREUSED_CONFIG": str(file)}).warnings
    assert [line.partition("toml: ")[2] for line in warnings] == [
        "there is no setting 'contakt', it is ignored; did you mean contact?",
        "there is no setting 'whereused_contact', it is ignored; did you mean contact?",
        "there is no setting 'zzz', it is ignored; docs/operating.md names them all",
    ]
    assert load_config(environ={"WHEREUSED_CONFIG": str(tmp_path / "none.toml")}).warnings == ()


def test_every_setting_that_is_asked_for_is_known() -> None:
    asked = set()
    for room in ("crawler", "db", "geocode", "photos", "publish", "verify"):
        for path in (ROOT / room).rglob("*.py"):
            asked |= set(re.findall(r"config\.(?:get|number)\(\s*\"([A-Z_]+)\"", path.read_text(encoding="utf-8")))
    for provider in (*PROVIDERS, EPO_OPS_API):
        name = provider.name.upper()
        asked |= {f"RATE_{name}", f"{(provider.setting or name).upper()}_URL"} | ({f"{name}_KEY"} if provider.key_name else set())
    assert asked - KNOWN == set()
    assert "READ_SECONDS" in asked
