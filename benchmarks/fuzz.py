"""Damaged answers for every parser of outside bytes, for long: `python -m benchmarks.fuzz [SEED] [NAME...]`; part of `make soak`.

Each parser is fed for SOAK_SECONDS (default 600): guided by coverage where atheris is installed (`benchmarks.fuzz_guided`), else by seeded
damage alone.  Prints the inputs per parser; exit 1, with the inputs, at anything that is neither read nor refused in words, and at what
takes over 30 seconds or 2.5 GB.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from tests.trust.fuzzing import findings, parsers


def guided(name: str, seconds: float, seed: int) -> tuple[int, dict[str, str], str]:
    """(inputs, place → input that went wrong, how it was done) by libFuzzer in a process of its own."""
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "benchmarks.fuzz_guided", name, str(round(seconds)), str(seed), place]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        told = Path(place) / "findings.json"
        wrong: dict[str, str] = json.loads(told.read_text()) if told.exists() else {}
        if done.returncode:
            cases = [path.read_bytes()[:400] for path in Path(place).glob("*-*") if path.is_file()]
            wrong[f"exit {done.returncode}"] = f"{cases!r} {done.stderr[-600:]}"
    inputs = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
    reached = re.findall(r"cov: (\d+)", done.stderr)
    return int(inputs[1]) if inputs else 0, wrong, f"guided, {reached[-1] if reached else '?'} places of code reached"


def seeded(name: str, seconds: float, seed: int) -> tuple[int, dict[str, str], str]:
    """The same without a guide."""
    counted = 0

    def rounds() -> Iterator[object]:
        nonlocal counted
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            counted += 1
            yield None

    with tempfile.TemporaryDirectory() as place:
        data, parse = parsers(Path(place))[name]
        wrong = {repr(error)[:120]: repr(case[:400]) for case, error in findings(data, parse, random.Random(f"{name} {seed}"), rounds())}
    return counted, wrong, "seeded"


def processor_seconds() -> float:
    """What this process and those that it has ended took of a processor."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main(seed: int, seconds: float, names: list[str]) -> None:
    """The campaign."""
    failed = False
    with tempfile.TemporaryDirectory() as place:
        names = names or list(parsers(Path(place)))
    for name in names:
        before = processor_seconds()
        counted, wrong, how = (guided if find_spec("atheris") else seeded)(name, seconds, seed)
        busy = processor_seconds() - before
        told = f"{counted:,} inputs in {seconds:.0f} s ({busy:.0f} s of processors, {how})"
        print(f"{name}: {told}, {len(wrong)} kinds of errors", flush=True)
        for error, case in wrong.items():
            print(f"  {error}: {case}", flush=True)
        failed = failed or bool(wrong)
    if failed:
        sys.exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1, float(os.environ.get("SOAK_SECONDS", "600")), sys.argv[2:])
