"""Damaged answers guided by coverage, for one parser: `python -m benchmarks.fuzz_guided NAME SECONDS SEED FOLDER`.

libFuzzer by way of atheris (Apache-2.0, https://github.com/google/atheris; `pip install atheris`, no dependency of ours) keeps what reaches
new code and damages it further.  What a parser must not raise is noted in FOLDER/findings.json, each place once, and the call goes on.
`benchmarks.fuzz` calls this for every parser where atheris is installed.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["crawler", "geocode", "photos", "verify", "db"]):
    from tests.trust.fuzzing import damaged, parsers

from db.errors import WhereusedError


def main(name: str, seconds: int, seed: int, folder: Path) -> None:
    """Feed one parser; never returns, libFuzzer ends the process."""
    work = Path(tempfile.mkdtemp(dir=folder))
    data, parse = parsers(work)[name]
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "right").write_bytes(data)
    found: dict[str, str] = {}

    def one(case: bytes) -> None:
        try:
            parse(case)
        except (ValueError, WhereusedError):
            pass
        except Exception as error:
            told = error.__cause__ or error
            last = traceback.extract_tb(told.__traceback__)[-1]
            where = f"{type(told).__name__} in {last.filename}:{last.lineno}"
            if where not in found:
                found[where] = f"{error!r:.200}: {case[:400]!r}"
                (folder / "findings.json").write_text(json.dumps(found))

    def mutate(case: bytes, max_size: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.5:
            try:
                return damaged(case, chance)[:max_size]
            except (ValueError, RecursionError):
                pass
        return bytes(atheris.Mutate(case, max_size))

    options = [f"-max_total_time={seconds}", f"-seed={seed}", "-max_len=20000", "-rss_limit_mb=2500", "-timeout=30", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={folder}/", str(corpus)], one, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
