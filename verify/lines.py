"""Asking in plain lines: no colour, no cursor movement, one answer a line; for scripts and screen readers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TextIO

from db.errors import UsageError
from db.wording import count
from verify.codebook import Codebook
from verify.layout import facts_line, passage_source, whereabouts_line
from verify.links import links
from verify.prompts import (
    ACTIONS,
    ALSO_ASKED,
    NO_LATEST,
    REST,
    Answer,
    AnswerError,
    Prompt,
    info_lines,
    line_help,
    parse_line,
    parse_purposes,
    widened_passages,
)
from verify.text import clean, mark, name_pattern

PLAIN_PASSAGES = 5  # the rest comes with "more"


class Lines:
    """Questions out and answers in, line by line.

    With a person at the other end (``interactive``) a wrong line is asked again.  A script is stopped at its first
    wrong line, since the lines after it would answer for other works than they were meant for.
    """

    def __init__(self, *, interactive: bool, source: TextIO | None = None, out: TextIO | None = None) -> None:
        self.interactive = interactive
        self._source = source or sys.stdin
        self._out = out or sys.stdout
        self._number = 0

    def say(self, text: str = "") -> None:
        """A line for the reader."""
        self._out.write(text + "\n")
        self._out.flush()

    def read(self, question: str, *, empty: bool = False) -> str:
        """The next line that says something; lines that start with # are remarks of a script.  EOFError at the end."""
        while True:
            if self.interactive:
                self._out.write(question)
                self._out.flush()
            line = self._source.readline()
            if not line:
                raise EOFError
            self._number += 1
            if empty or (line.strip() and not line.lstrip().startswith("#")):
                return line.strip()

    def answer(self, question: str) -> tuple[str, str]:
        """The first word of the next line, and the rest."""
        word, _, rest = self.read(question).partition(" ")
        return word, rest.strip()

    def refuse(self, error: AnswerError) -> None:
        """Say what is wrong with the last line; to a script this is the end (UsageError)."""
        if not self.interactive:
            raise UsageError(f"line {self._number} of the answers: {error}. The answers before it are kept") from error
        self.say(str(error))

    def choose(self, heading: str, entries: Sequence[str]) -> int | None:
        """Number the entries and read a number; an empty line goes back."""
        self.say("\n".join([heading, *(f"  {number}  {entry}" for number, entry in enumerate(entries, 1))]))
        while True:
            word = self.read("number (Enter goes back): ", empty=True)
            if word in ("", "back"):
                return None
            if word.isdecimal() and 0 < int(word) <= len(entries):
                return int(word) - 1
            self.refuse(AnswerError(f"{clean(word)!r} is no number of the list"))


class LineScreen:
    """Plain lines: no colour, no cursor movement, one answer a line."""

    def __init__(self, book: Codebook, lines: Lines) -> None:
        self._book = book
        self._lines = lines
        self._is_new = lines.interactive

    def ask(self, prompt: Prompt) -> Answer:
        """Print the work and read lines up to one that answers."""
        self._print_work(prompt)
        self._introduce(prompt)
        while True:
            line = self._lines.read("answer: ")
            try:
                answer = parse_line(self._book, prompt.card.kind, line)
                if answer.action != "label" and answer.action not in prompt.actions:
                    raise AnswerError(f"{answer.action} is not possible here")
                if answer.action == "again":
                    if prompt.latest is None:
                        raise AnswerError(NO_LATEST)
                    return prompt.latest
                if answer.label == "used" and not answer.purposes and self._lines.interactive:
                    answer = replace(answer, purposes=self._purposes(prompt, "used"))
                answer = self._complete(prompt, answer)
            except AnswerError as error:
                self._lines.refuse(error)
                continue
            if answer.action == "help":
                self._print_help(prompt)
            elif answer.action == "more":
                self._print_passages(prompt, 0, len(prompt.passages))
            elif answer.action == "around":
                wide = widened_passages(prompt)
                self._print_passages(replace(prompt, passages=tuple(wide)), 0, len(wide))
            elif answer.action == "info":
                self._lines.say("\n".join(info_lines(prompt.card)))
            else:
                return answer

    def _introduce(self, prompt: Prompt) -> None:
        """The keys, once, for a person: a screen reader would read them with every work."""
        if self._is_new:
            self._is_new = False
            labels = ", ".join(f"{label.key} {label.title_of(prompt.card.kind)}" for label in self._book.labels)
            actions = ", ".join(
                f"{ACTIONS[name][0]} {ACTIONS[name][1]}" for name in ("skip", "undo", "help", "quit") if name in prompt.actions
            )
            self._lines.say(f"one letter and Enter answers: {labels}; {actions}")

    def _purposes(self, prompt: Prompt, what: str) -> tuple[str, ...]:
        names = ", ".join(p.name for p in self._book.purposes_of(prompt.card.kind))
        words = self._lines.read(f"{what} for what ({names}; several; Enter for none): ", empty=True)
        return parse_purposes(self._book, prompt.card.kind, words)

    def _complete(self, prompt: Prompt, answer: Answer) -> Answer:
        """Ask a person for what belongs to a label: the other datasets that are named, and the reason."""
        known = {named.slug for named in prompt.also}
        if wrong := next((slug for slug, _ in answer.also if slug not in known), None):
            raise AnswerError(
                f"{clean(wrong)!r} is no other dataset that this work names" + (f"; they are {', '.join(sorted(known))}" * bool(known))
            )
        if answer.action != "label" or not self._lines.interactive:
            return answer
        if prompt.also and not answer.also and answer.label in ALSO_ASKED:
            words = self._lines.read(f"also uses ({', '.join(sorted(known))}; Enter for none): ", empty=True)
            slugs = [word for word in words.replace(",", " ").split() if word in known]
            answer = replace(answer, also=tuple((slug, self._purposes(prompt, slug)) for slug in slugs))
        if prompt.asks_reason and not answer.text:
            answer = replace(answer, text=clean(self._lines.read("reason: ", empty=True)))
        return answer

    def choose(self, heading: str, entries: Sequence[str]) -> int | None:
        return self._lines.choose(heading, entries)

    def rest(self, message: str, *, offers: bool) -> Answer:
        """Nothing is left: z, y and / are still taken; of a script any other line ends the session, as its end does."""
        if self._lines.interactive and not offers:
            return Answer("quit")
        if self._lines.interactive:
            self._lines.say("\n".join(filter(None, [message, REST])))
        word, rest = self._lines.answer("answer: ")
        if word.startswith("/"):
            return Answer("search", text=clean(f"{word[1:]} {rest}"))
        return Answer({"z": "undo", "y": "history"}.get(word.lower(), "quit"))

    def tell(self, lines: Sequence[str]) -> None:
        """Lines that want no answer."""
        self._lines.say("\n".join(["", *lines]))

    def _print_work(self, prompt: Prompt) -> None:
        card = prompt.card
        lines = [prompt.message] if prompt.message else []
        lines += ["", prompt.heading, f"title: {clean(card.title) or '(no title)'}", facts_line(prompt)]
        lines += map(clean, card.family.lines() if card.family else ())
        lines += [f"at {whereabouts_line(place)}" for place in card.whereabouts]
        lines += [f"link: {clean(link)}" for link in links(card)[:2]]
        lines += [f"note: {clean(prompt.note)}"] if prompt.note else []
        lines += [f"also named: {clean(named.name)} ({named.slug}, {count(named.n_mentions, 'passage')})" for named in prompt.also]
        lines += [clean(line) for column in prompt.columns for line in column]
        self._lines.say("\n".join([*lines, *map(clean, prompt.extra)]))
        self._print_passages(prompt, 0, PLAIN_PASSAGES)
        self._lines.say(prompt.question)

    def _print_passages(self, prompt: Prompt, start: int, end: int) -> None:
        everyday = name_pattern(prompt.names)
        shown = prompt.passages[start:end]
        for number, passage in enumerate(shown, start + 1):
            pattern = name_pattern([passage.alias]) if passage.alias else everyday
            self._lines.say(f"passage {number} of {len(prompt.passages)} ({passage_source(passage)}): {mark(clean(passage.text), pattern)}")
            if passage.translation:
                self._lines.say(f"  translated by machine: {mark(clean(passage.translation), pattern)}")
        if not prompt.passages:
            self._lines.say("no passage names the dataset")

    def _print_help(self, prompt: Prompt) -> None:
        self._lines.say(line_help(self._book, prompt.card.kind))
        self._lines.say(
            "\n".join(f"{label.title_of(prompt.card.kind)}: {label.meaning_of(prompt.card.kind)}" for label in self._book.labels)
        )
