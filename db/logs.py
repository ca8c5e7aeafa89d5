"""Messages on stderr: lines for people, or one JSON object a line for whoever collects logs.

With ``json`` every line that any command says becomes ``{"time", "level", "logger", "message"}``, the one-line errors and the
reports of a run too, so that a collector never meets a line that it can't parse.
"""

from __future__ import annotations

import io
import logging
import sys
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter

LOG_FORMATS = ("text", "json")
NAME = "whereused"
_LEVELS = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}


class SaidLines(io.TextIOBase):
    """A stand-in of stderr: each whole line that is written to it becomes a record of the logger ``whereused``.

    A line that begins with "whereused: " is the one line of an error.
    """

    def __init__(self) -> None:
        self.rest = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self.rest = (self.rest + text).split("\n")
        for line in filter(None, map(str.rstrip, lines)):
            is_error = line.startswith(f"{NAME}: ")
            logging.getLogger(NAME).log(logging.ERROR if is_error else logging.INFO, "%s", line.removeprefix(f"{NAME}: "))
        return len(text)


def set_up_logging(verbosity: int, form: str = "text") -> None:
    """Log to stderr in this form: -1 errors only, 0 warnings, 1 information, 2 everything."""
    handler: logging.StreamHandler[TextIO] = logging.StreamHandler(sys.stderr)
    if form == "json":
        names = {"levelname": "level", "name": "logger"}
        handler.setFormatter(
            JsonFormatter("%(levelname)s %(name)s %(message)s", rename_fields=names, timestamp="time", json_ensure_ascii=False)
        )
        logging.getLogger(NAME).setLevel(logging.INFO)  # what commands say is said with -q only by choice of the command
        sys.stderr = SaidLines()
    else:
        handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=_LEVELS.get(verbosity, logging.DEBUG), handlers=[handler])
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # at DEBUG it writes 1.5 MB a page
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # it tells of each retry; the command tells of the outcome
