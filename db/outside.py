"""What came from outside, before anybody has looked at it."""

from __future__ import annotations

import json
from typing import Any


def parse_json(text: str | bytes) -> Any:
    """The value of a JSON text; ValueError where it is none, also where it is nested so deeply that reading it would end the call."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
