"""What `photos ages` and `photos mosaic` cost beside the bare networks: time and memory as ratios within one run.

python -m benchmarks.faces [--pictures N]

The pictures are the public-domain portrait that scikit-image ships, in several sizes.  *Bare* calls the same networks on the same pixels,
already in memory, one after the other; the commands run with one worker process, so that the ratio is what files, decoding, guards,
processes and the database add.  The start of a process and of its networks is measured by itself and left out of the ratio.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from pathlib import Path
from time import perf_counter

from PIL import Image

SIZES = (320, 512, 640, 1024)


def _make(folder: Path, n: int) -> list[Path]:
    from tests.photos.pictures import portrait

    whole, paths = portrait(), []
    for number in range(n):
        size = SIZES[number % len(SIZES)]
        paths.append(folder / f"{4_000_000_000 + number}.jpg")
        whole.resize((size, size), Image.Resampling.LANCZOS).save(paths[-1], quality=90)
    return paths


def _bare(paths: list[Path]) -> tuple[float, int]:
    """(seconds of the networks, faces)."""
    from photos.networks import Networks
    from photos.pictures import open_picture

    networks, faces = Networks(), 0
    pictures = [open_picture(path) for path in paths]
    for box in networks.find(pictures[0]):
        networks.age(box.cut(pictures[0]))
    start = perf_counter()
    for picture in pictures:
        for box in networks.find(picture):
            networks.age(box.cut(picture))
            faces += 1
    return perf_counter() - start, faces


def main() -> None:
    """Print times, ratios and peaks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=80)
    n = parser.parse_args().pictures

    from crawler.datasets import load_datasets
    from db.config import Config
    from photos.ages import run as run_ages
    from photos.mosaic import run as run_mosaic

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "one").mkdir()
        (folder / "all").mkdir()
        _make(folder / "one", 1)
        paths = _make(folder / "all", n)
        bare, faces = _bare(paths)
        alone = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"bare networks: {bare:.2f} s for {n} pictures with {faces} faces ({1000 * bare / n:.0f} ms each), peak {alone:.0f} MiB")
        config = Config(db=folder / "w.db", verbosity=-1)
        lines = ["file,title,owner,license_url,page_url"]
        lines += [f"{path.name},Eileen Collins,NASA,https://creativecommons.org/publicdomain/mark/1.0/," for path in paths]
        (folder / "credits.csv").write_text("\n".join(lines) + "\n")
        seconds = {}
        for what in ("one", "all"):
            start = perf_counter()
            run_ages(config, folder / what, slug="megaface", workers=1, catalogue=load_datasets)
            seconds["ages", what] = perf_counter() - start
            start = perf_counter()
            run_mosaic(config, folder / what, [folder / "credits.csv"], out=folder / "page.html", workers=1)
            seconds["mosaic", what] = perf_counter() - start
        workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        for command in ("ages", "mosaic"):
            first, whole = seconds[command, "one"], seconds[command, "all"]
            net = (whole - first) * n / (n - 1)
            print(f"photos {command}: {whole:.2f} s, of which {first:.2f} s to start; ratio to the bare networks {net / bare:.2f}")
        print(f"worker process: peak {workers:.0f} MiB, ratio to the bare networks {workers / alone:.2f}")


if __name__ == "__main__":
    main()
