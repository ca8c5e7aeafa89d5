"""How a work fills a screen of any size: pure functions from a prompt to lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from db.queries.queue import Passage, Whereabouts
from verify.links import links
from verify.prompts import ACTIONS, Prompt
from verify.text import clean, name_pattern, shorten

MIN_PASSAGE_LINES = 5
MESSAGE_LINES = 8  # a path has to be readable to its end
EXTRA_LINES = 5  # of a suggestion with its reasons
MIN_NAME = 8  # characters of a dataset's name that a heading keeps
# (lines of title, institutions) that the head may take, the most generous first
_HEADS = ((3, 4), (2, 2), (1, 1), (1, 0))


@dataclass(frozen=True, slots=True)
class Frame:
    """A full screen; ``next_passage`` is the first passage of the next page, 0 where this page is the last."""

    lines: list[Text]
    next_passage: int


def pack(items: Iterable[str], width: int) -> list[str]:
    """Items side by side, as many as a line holds, none broken."""
    lines: list[str] = []
    for item in items:
        if lines and len(lines[-1]) + 3 + len(item) <= width:
            lines[-1] += "   " + item
        else:
            lines.append(item)
    return lines


def wrap(console: Console, text: Text, width: int, most: int | None = None) -> list[Text]:
    """The text in lines of at most ``width`` cells; past ``most`` lines it is cut with …"""
    lines = list(text.wrap(console, max(width, 2)))
    if most is not None and len(lines) > most:
        lines = lines[:most]
        if lines:
            lines[-1].truncate(max(width - 1, 1))
            lines[-1].append("…")
    return lines


def whereabouts_line(place: Whereabouts) -> str:
    """One institution with sector and place; a string that found none says so."""
    parts = [clean(place.name), place.sector or "", clean(place.place)]
    return ", ".join(part for part in parts if part) + ("" if place.matched else " (as printed, no match)")


def facts_line(prompt: Prompt) -> str:
    """Year, venue, kind and number of versions."""
    card = prompt.card
    of_one = "publications of one family" if card.family else "versions"
    versions = f"{card.n_versions} {of_one}" if card.n_versions > 1 else ""
    return " · ".join(part for part in (str(card.year or "year unknown"), clean(card.venue), card.kind, versions) if part)


def passage_source(passage: Passage) -> str:
    """Section, page and provider of a passage."""
    provider = "full text" if passage.provider == "fulltext" else clean(passage.provider).replace("_", " ").title()
    parts = [
        "reference list" if passage.in_references and not _is_numbered(passage) else clean(passage.section),
        f"page {passage.page}" if passage.page else "",
        provider + ("" if passage.alias else ", around the reference"),
    ]
    return ", ".join(part for part in parts if part)


def _is_numbered(passage: Passage) -> bool:
    """Whether its section names the very entry, as patents' lists of cited literature have it."""
    return (passage.section or "").startswith("non-patent citation ")


def key_items(prompt: Prompt, labels: Iterable[tuple[str, str]]) -> list[str]:
    """The keys of the footer with their words."""
    actions = [("space" if ACTIONS[name][0] == " " else ACTIONS[name][0], ACTIONS[name][1]) for name in prompt.actions]
    return [f"{key} {words}" for key, words in [*labels, *actions]]


def fit_heading(prompt: Prompt, width: int) -> str:
    """The heading, where it fits; else in brief, with as much of the dataset's name as there is room for."""
    if not prompt.brief or cell_len(prompt.heading) <= width:
        return prompt.heading
    name, colon, rest = prompt.brief.rpartition(": ")
    return shorten(name, max(width - cell_len(colon + rest), MIN_NAME)) + colon + rest


def _head(console: Console, prompt: Prompt, width: int, title_lines: int, institutions: int) -> list[Text]:
    card = prompt.card
    lines = wrap(console, Text(fit_heading(prompt, width), style="dim"), width, 1)
    lines += wrap(console, Text(prompt.message, style="green"), width, MESSAGE_LINES) or [Text()]
    lines += wrap(console, Text(clean(card.title) or "(no title)", style="bold"), width, title_lines)
    lines += wrap(console, Text(facts_line(prompt)), width, 1)
    lines += [line for text in (card.family.lines() if card.family else ()) for line in wrap(console, Text(clean(text)), width, 2)]
    shown = card.whereabouts[:institutions]
    lines += [line for place in shown for line in wrap(console, Text("at " + whereabouts_line(place)), width, 1)]
    if shown and len(card.whereabouts) > len(shown):
        lines.append(Text(f"   and {len(card.whereabouts) - len(shown)} more", style="dim"))
    lines += [Text(line) for line in pack(map(clean, links(card)[:2]), width)[:1]]
    if prompt.note:
        lines += wrap(console, Text("note: " + clean(prompt.note)), width, 1)
    if prompt.also:
        named = ", ".join(f"{clean(named.name)} ({named.n_mentions})" for named in prompt.also)
        lines += wrap(console, Text(f"also named: {named}"), width, 1)
    lines += side_by_side(console, prompt.columns, width)
    return lines + [line for text in prompt.extra for line in wrap(console, Text(clean(text), style="bold"), width, EXTRA_LINES)]


def side_by_side(console: Console, columns: Sequence[Sequence[str]], width: int) -> list[Text]:
    """Columns of text beside each other, where they get 24 cells each; else below each other."""
    if not columns:
        return []
    each = (width - 3 * (len(columns) - 1)) // len(columns)
    if each < 24:
        return [line for column in columns for text in column for line in wrap(console, Text(clean(text)), width, 2)]
    blocks = [[line for text in column for line in wrap(console, Text(clean(text)), each, 3)] for column in columns]
    return [_row([block[at] if at < len(block) else Text() for block in blocks], each) for at in range(max(map(len, blocks)))]


def passage_blocks(console: Console, prompt: Prompt, width: int) -> list[list[Text]]:
    """The lines of each passage, numbered, the names of the dataset marked, with section and page behind it."""
    everyday = name_pattern(prompt.names)
    blocks = []
    for number, passage in enumerate(prompt.passages, 1):
        text = Text(f"{number}. ")
        quote = Text(clean(passage.text))
        pattern = name_pattern([passage.alias]) if passage.alias else everyday
        if pattern:
            quote.highlight_regex(pattern, "bold reverse")
        text.append_text(quote).append(f"  [{passage_source(passage)}]", style="dim")
        if passage.translation:
            translation = Text(clean(passage.translation))
            if pattern:
                translation.highlight_regex(pattern, "bold reverse")
            blocks.append(_beside(console, text, translation.append("  [translated by machine]", style="dim"), width))
        else:
            blocks.append(wrap(console, text, width))
    return blocks


def _beside(console: Console, original: Text, translation: Text, width: int) -> list[Text]:
    """A passage and its translation side by side; below each other where the screen is narrow."""
    each = (width - 3) // 2
    if each < 24:
        return wrap(console, original, width) + wrap(console, translation, width)
    left, right = wrap(console, original, each), wrap(console, translation, each)
    return [
        _row([column[at] if at < len(column) else Text() for column in (left, right)], each) for at in range(max(len(left), len(right)))
    ]


def _row(cells: Sequence[Text], each: int) -> Text:
    """A line of cells beside each other, ``each`` wide."""
    row = Text()
    for place, cell in enumerate(cells):
        cell = cell.copy()
        cell.truncate(each, pad=place < len(cells) - 1)
        row.append_text(Text(" │ ", style="dim") if place else Text()).append_text(cell)
    return row


def frame(console: Console, prompt: Prompt, foot: list[str], size: tuple[int, int], first: int = 0) -> Frame:
    """The whole screen: head, as many passages from ``first`` on as fit, foot.  Never more lines than the screen has."""
    width, height = max(size[0] - 1, 10), max(size[1], 4)
    foot_lines = [Text(line) for line in foot][-(height - 2) :]
    for title_lines, institutions in _HEADS:
        head = _head(console, prompt, width, title_lines, institutions)
        room = height - len(head) - len(foot_lines) - 1
        if room >= MIN_PASSAGE_LINES:
            break
    head = head[: max(height - len(foot_lines) - 2, 0)]
    room = max(height - len(head) - len(foot_lines) - 1, 0)
    body, following = _page(passage_blocks(console, prompt, width), first, room)
    heading = _passage_heading(prompt, first, following)
    rule = Text(f"── {heading} ".ljust(width, "─")[:width], style="dim")
    filler = [Text()] * (room - len(body))
    lines = [*head, rule, *body, *filler, *foot_lines][:height]
    for line in lines:
        line.truncate(width)
    return Frame(lines, following)


def _passage_heading(prompt: Prompt, first: int, following: int) -> str:
    total = len(prompt.passages)
    if total:
        return f"passage {first + 1} to {following or total} of {total}" + (", space shows more" if following else "")
    return f"no passage names {clean(prompt.dataset.name)}; " + ("the PDF is stored" if prompt.card.documents else "there is no full text")


def _page(blocks: list[list[Text]], first: int, room: int) -> tuple[list[Text], int]:
    """As many blocks as fit, at least one (cut if need be), and the number of the next one (0: none)."""
    body: list[Text] = []
    number = first
    while number < len(blocks) and (not body or len(body) + len(blocks[number]) <= room):
        body += blocks[number]
        number += 1
    return body[:room], number if number < len(blocks) else 0
