"""Every measurement, one after the other: `make bench`.

A script that finds no gold data says so and the others go on.
"""

from __future__ import annotations

import subprocess
import sys

SCRIPTS = ("frontmatter", "evidence", "affiliations", "whole_job", "versions", "publish_speed")


def main() -> None:
    """Run each script in a process of its own; exit 1 where one crashed."""
    crashed = []
    for name in SCRIPTS:
        print(f"\n==== benchmarks.{name}\n", flush=True)
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False, stderr=subprocess.PIPE, text=True)
        print(done.stderr.strip()[-500:] if done.returncode else "", flush=True)
        if done.returncode and not done.stderr.startswith("no "):
            crashed.append(name)
    sys.exit(f"crashed: {', '.join(crashed)}" if crashed else 0)


if __name__ == "__main__":
    main()
