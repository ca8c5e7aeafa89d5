"""Words to lines: superscripts go into the line they belong to, wide gaps and the gutter between columns part lines."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable

from crawler.reading.page import Line, Page, Word
from crawler.reading.repair import ACCENTS, accented, repaired
from crawler.reading.spaced import closed_up, is_initial, without_line_numbers

SAME_BASELINE_EM = 0.16
GAP_EM = 1.3  # a wider gap parts two lines that stand side by side
GLUED_EM = 0.15
RAISED_SIZE = 0.86  # a superscript is at most this much of the size beside it
FAR_MARK_EM = 2.2  # behind an icon, a mark stands this far from its name
MAX_LOWERED = 6  # words of one band: more are a line of their own
HUGE = 60.0  # points: no superscript is as large, and a line of larger letters is far from the next
BIN = 2.0  # points; of the search for the gutter


def lay_out(page: Page) -> Page:
    """The page with its lines, from top to bottom and left to right."""
    words = without_line_numbers([word for word in page.words if repaired(word)])
    bands = _attach_lowered(_attach_marks([_settled(closed_up(band)) for band in _bands(words)]))
    page.gutter = find_gutter(bands, page.width)
    page.lines = sorted((line for band in bands for line in _split(band, page.gutter)), key=lambda line: (round(line.y), line.x0))
    return page


def _bands(words: Iterable[Word]) -> list[list[Word]]:
    """Words that share a baseline, the highest first."""
    bands: list[list[Word]] = []
    open_bands: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.y, w.x0)):
        open_bands = [band for band in open_bands if word.y - band[0].y < 3 + min(word.size, HUGE) * SAME_BASELINE_EM]
        for band in reversed(open_bands):
            if word.y - band[0].y <= SAME_BASELINE_EM * min(word.size, band[0].size, HUGE) + 0.2:
                band.append(word)
                break
        else:
            band = [word]
            bands.append(band)
            open_bands.append(band)
    for band in bands:
        band.sort(key=lambda w: w.x0)
    return bands


def _settled(band: list[Word]) -> list[Word]:
    """The band with accents that were drawn as words of their own put onto the letter before, if they stand over it."""
    out: list[Word] = []
    for word in band:
        last = out[-1] if out else None
        middle = (word.x0 + word.x1) / 2
        if last is not None and word.text in ACCENTS and last.x0 < middle < last.x1:
            last.text = _accent_inside(last.text, word.text, (middle - last.x0) / (last.x1 - last.x0))
        elif last is not None and last.text[-1] in ACCENTS and len(last.text) == 1 and word.x0 < (last.x0 + last.x1) / 2:
            word.text = accented(word.text[0], last.text) + word.text[1:]
            out[-1] = word
        else:
            out.append(word)
    return out


def _accent_inside(text: str, accent: str, share: float) -> str:
    """The text with an accent on the letter that stands at this share of its width, or on a neighbour that can bear it."""
    place = share * len(text) - 0.5
    for at in sorted(range(len(text)), key=lambda at: abs(at - place))[:3]:
        if (letter := accented(text[at], accent)) != text[at]:
            return text[:at] + letter + text[at + 1 :]
    return text


def _attach_marks(bands: list[list[Word]]) -> list[list[Word]]:
    """Move each small raised word into the band below (or, for lowered ones, above) whose words it touches."""
    index = sorted(bands, key=lambda band: band[0].y)
    tops = [max(word.size for word in band) for band in index]
    for position, band in enumerate(index):
        for word in list(band):
            host = _host(word, index, tops, position)
            if host is not None:
                band.remove(word)
                word.raised = True
                host.append(word)
                host.sort(key=lambda w: w.x0)
    for position, band in enumerate(index):
        if band and all(_is_mark(word) for word in band):
            for word in list(band):
                host = _far_host(word, index, position)
                if host is not None:
                    band.remove(word)
                    word.raised = True
                    host.append(word)
                    host.sort(key=lambda w: w.x0)
    return [band for band in bands if band]


def _attach_lowered(bands: list[list[Word]]) -> list[list[Word]]:
    """Move each short lowered word (a subscript, the E of a logo) into the band above whose words it touches."""
    index = sorted((band for band in bands if band), key=lambda band: band[0].y)
    for host, band in itertools.pairwise(index):
        if not host or not band or len(band) > MAX_LOWERED or any(len(word.text) > 3 or word.raised for word in band):
            continue
        for word in list(band):
            drop = word.y - host[0].y
            if not 0.08 * word.size < drop < 0.5 * host[0].size or any(
                o.x0 + 0.3 < word.x1 and word.x0 + 0.3 < o.x1 for o in host if not o.raised
            ):
                continue
            if any(min(abs(word.x0 - o.x1), abs(o.x0 - word.x1)) < 0.12 * o.size and word.size < 1.05 * o.size for o in host):
                band.remove(word)
                host.append(word)
        host.sort(key=lambda w: w.x0)
    return [band for band in bands if band]


def _is_mark(word: Word) -> bool:
    """Whether a word may be a mark that stands alone, such as one behind an icon."""
    return len(word.text) <= 5 and not any(len(part) > 2 for part in re.findall(r"[^\W_]+", word.text)) and not word.raised


def _far_host(word: Word, bands: list[list[Word]], position: int) -> list[Word] | None:
    """The band just below whose words stand near a mark, though not beside it."""
    for band in bands[position + 1 : position + 4]:
        for other in band:
            rise = other.y - word.y
            near = min(abs(word.x0 - other.x1), abs(other.x0 - word.x1)) < FAR_MARK_EM * other.size
            if near and word.size < 0.95 * other.size and 0.1 * other.size < rise < 0.8 * other.size:
                return band
    return None


def _host(word: Word, bands: list[list[Word]], tops: list[float], position: int) -> list[Word] | None:
    """The band near a small word that has a word it touches; ``tops`` are the greatest sizes of the bands."""
    for step in (1, -1) if word.size < HUGE else ():
        at = position + step
        while 0 <= at < len(bands) and abs(rise := (bands[at][0].y if bands[at] else word.y) - word.y) < 3 * word.size + 4:
            small = word.size <= RAISED_SIZE * tops[at] and -4 < rise < 0.75 * tops[at] + 4  # else no word of it is touched
            if small and any(_touches(word, other) for other in bands[at]):
                return bands[at]
            at += step
    return None


def _touches(word: Word, other: Word) -> bool:
    """Whether ``word`` stands as a superscript beside ``other``, or beside a superscript that does."""
    if word is other:
        return False
    rise = other.y - word.y
    if other.raised:
        near = -0.3 * word.size < word.x0 - other.x1 < 0.9 * word.size or -0.3 * word.size < other.x0 - word.x1 < 0.9 * word.size
        return abs(rise) < 0.25 * word.size and near and abs(word.size - other.size) < 0.3 * word.size
    if word.size > RAISED_SIZE * other.size or not (0.12 * other.size < rise < 0.75 * other.size):
        return False
    after, before = word.x0 - other.x1, other.x0 - word.x1
    return -0.45 * other.size < after < 0.4 * other.size or -0.45 * other.size < before < 0.9 * other.size


def find_gutter(bands: list[list[Word]], width: float) -> tuple[float, float] | None:
    """The empty strip between two columns of text, as (left edge, right edge); None on a page with one column."""
    rows = [band for band in bands if sum(w.x1 - w.x0 for w in band) > 0.25 * width]
    if len(rows) < 12:
        return None
    rows.sort(key=lambda band: band[0].y)
    rows = rows[len(rows) // 3 :] if len(rows) >= 24 else rows  # the front matter often spans both columns
    covered = _coverage(rows, width)
    middle = sorted(covered[int(0.15 * width / BIN) : int(0.85 * width / BIN)])
    limit = 0.35 * middle[len(middle) // 2]
    runs = _runs(covered, int(0.35 * width / BIN), int(0.68 * width / BIN), limit)
    best = max(runs, key=lambda run: run[1] - run[0], default=None)
    if best is None:
        return None
    left, right = best[0] * BIN, (best[1] + 1) * BIN
    enough = max(6.0, 0.15 * len(rows))
    n_left = sum(1 for band in rows if sum(w.x1 - w.x0 for w in band if w.x1 <= left + BIN) > 0.2 * width)
    n_right = sum(1 for band in rows if sum(w.x1 - w.x0 for w in band if w.x0 >= right - BIN) > 0.2 * width)
    return (left, right) if right - left >= 6 and min(n_left, n_right) >= enough else None


def _coverage(rows: list[list[Word]], width: float) -> list[int]:
    """For each strip of the page's width, how many rows have ink there."""
    covered = [0] * (int(width / BIN) + 1)
    for band in rows:
        seen: set[int] = set()
        for word in band:
            seen.update(range(max(int(word.x0 / BIN), 0), min(int(word.x1 / BIN) + 1, len(covered))))
        for at in seen:
            covered[at] += 1
    return covered


def _runs(covered: list[int], low: int, high: int, limit: float) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for at in range(low, high + 1):
        if at < high and covered[at] <= limit:
            start = at if start is None else start
        elif start is not None:
            runs.append((start, at - 1))
            start = None
    return runs


def _split(band: list[Word], gutter: tuple[float, float] | None) -> list[Line]:
    lines: list[Line] = []
    current: list[Word] = []
    for word, following in zip(band, [*band[1:], None], strict=True):
        if current:
            last = max(current, key=lambda w: w.x1) if word.raised or current[-1].raised else current[-1]
            size = max(word.size, last.size)
            gap = word.x0 - last.x1
            lone_mark = gap < 2.5 * size and all(w.raised or (len(w.text) < 3 and not w.text.isalpha()) for w in current)
            trails = word.raised and gap < FAR_MARK_EM * size and _trails(word, following)
            if (gap > GAP_EM * size and not lone_mark and not trails) or (
                gutter and gap > 0.55 * size and last.x1 <= gutter[0] + 3 and word.x0 >= gutter[1] - 3
            ):
                lines.append(_line(current))
                current = []
            else:
                word.glued = gap < GLUED_EM * size and (word.raised or last.raised or gap < 0.08 * size or is_initial(last, word))
        current.append(word)
    if current:
        lines.append(_line(current))
    return lines


def _trails(word: Word, following: Word | None) -> bool:
    """Whether a mark belongs to what is before it: nothing that it might open follows closely."""
    return following is None or following.raised or following.x0 - word.x1 > 0.9 * word.size


def _line(words: list[Word]) -> Line:
    main = [word for word in words if not word.raised] or words
    sizes: Counter[tuple[float, str]] = Counter()
    for word in main:
        sizes[(round(word.size, 1), word.font)] += len(word.text)
    (size, font), _ = sizes.most_common(1)[0]
    words[0].glued = False
    return Line(words, min(w.x0 for w in words), max(w.x1 for w in words), main[0].y, size, font)
