"""The operators of a content stream with their operands, read fast (ISO 32000-1, 7.8.2 and 7.2).

Front matter needs the operators that show and place text.  Those that only draw make up most of many pages: rows of them are passed
over in one step, their numbers are never read.  A byte that belongs to nothing is skipped, so that damage costs no more than it hits.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

Operand = float | bytes | str | list["float | bytes"] | None

_SPACE = rb"[\x00\t\n\x0c\r ]"
_NUMBERS = rb"(?:[-+.0-9]++" + _SPACE + rb"*+)*+"
_DRAWS = rb"(?:re|rg|RG|SCN?|scn?|[mlcvyhSsnGgKkwJjMi]|[fBbW]\*?|F|d1|d0)(?![A-Za-z0-9*'\"])"
_STRING = rb"\((?:[^()\\]++|\\.)*+\)"
_NEXT = re.compile(
    _SPACE + rb"*+(?:"
    rb"(?P<drawing>(?:" + _NUMBERS + _DRAWS + _SPACE + rb"*+)++)|"
    rb"(?P<numbers>" + _NUMBERS + rb")(?P<operator>[A-Za-z'\"][A-Za-z0-9*'\"]*+)|"
    rb"(?P<alone>(?:[-+.0-9]++" + _SPACE + rb"*+)++)|"
    rb"(?P<array>\[(?:[^][()<>%/]++|" + _STRING + rb"|<[0-9A-Fa-f\x00\t\n\x0c\r ]*+>)*+\])|"
    rb"(?P<string>" + _STRING + rb")|"
    rb"(?P<hex><[0-9A-Fa-f\x00\t\n\x0c\r ]*+>)|"
    rb"/(?P<name>[^\x00\t\n\x0c\r ()<>\[\]{}/%]*+)|"
    rb"(?P<comment>%[^\r\n]*+)|"
    rb"(?P<dict><<)|"
    rb"(?P<other>.))",
    re.DOTALL,
)
_ELEMENT = re.compile(rb"(" + _STRING + rb")|(<[0-9A-Fa-f\x00\t\n\x0c\r ]*+>)|([-+.0-9]++)", re.DOTALL)
_NUMBER = re.compile(rb"[-+]?(?:\d++\.?\d*+|\.\d++)")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_BRACKET = re.compile(rb"\\.|[()]", re.DOTALL)
_PAIR = re.compile(rb"<<|>>|" + _STRING, re.DOTALL)
_IMAGE_DATA = re.compile(rb"(?<![A-Za-z0-9])ID" + _SPACE)
_IMAGE_END = re.compile(_SPACE + rb"EI(?=" + _SPACE + rb"[\x00\t\n\x0c\r -~]{0,8}|$)")
_HASH = re.compile(rb"#([0-9A-Fa-f]{2})")
MAX_OPERANDS = 64
MAX_DICTIONARY = 65_536  # bytes
MAX_DEPTH = 20  # of dictionaries in each other


def operations(data: bytes, wanted: Collection[bytes]) -> Iterator[tuple[bytes, list[Operand]]]:
    """The wanted operators in order.  Operands: numbers, strings as bytes, names as text, arrays; None for dictionaries."""
    operands: list[Operand] = []
    at, size, match_at = 0, len(data), _NEXT.match
    while at < size and (match := match_at(data, at)):
        at = match.end()
        kind = match.lastgroup
        if kind == "drawing":
            operands.clear()
        elif kind == "operator":
            operator = match["operator"]
            if operator in wanted:
                if numbers := match["numbers"]:
                    operands += _numbers(numbers)
                yield operator, operands
                operands = []
            else:
                operands.clear()
                if operator == b"BI":
                    at = _behind_image(data, at)
        elif kind == "array":
            operands.append(_elements(match["array"]))
        elif kind == "string":
            operands.append(_unescaped(match["string"][1:-1]))
        elif kind == "hex":
            operands.append(_from_hex(match["hex"]))
        elif kind == "name":
            operands.append(_name(match["name"]))
        elif kind == "alone":
            operands += _numbers(match["alone"])
        elif kind == "dict":
            at = _behind_dictionary(data, at)
            operands.append(None)
        elif kind == "other" and match["other"] == b"(":
            string, at = _nested(data, at)
            operands.append(string)
        elif kind == "other" and match["other"] == b"[":
            array, at = _nested_array(data, at)
            operands.append(array)
        if len(operands) > MAX_OPERANDS:
            operands.clear()


def _numbers(text: bytes) -> list[float]:
    """Numbers with spaces between them; what is none is read as far as it goes."""
    try:
        return [float(part) for part in text.replace(b"\x00", b" ").split()]
    except ValueError:
        return [float(part) for part in _NUMBER.findall(text)]


def _elements(array: bytes) -> list[float | bytes]:
    """Strings and numbers of an array."""
    out: list[float | bytes] = []
    for string, digits, number in _ELEMENT.findall(array):
        if string:
            out.append(_unescaped(string[1:-1]))
        elif digits:
            out.append(_from_hex(digits))
        else:
            out += _numbers(number)
    return out


def _unescaped(text: bytes) -> bytes:
    return _ESCAPE.sub(_meant, text) if b"\\" in text else text


def _meant(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8) & 0xFF]) if code[:1].isdigit() and code < b"8" else _ESCAPED.get(code, code)


def _from_hex(text: bytes) -> bytes:
    digits = b"".join(text[1:-1].replace(b"\x00", b" ").split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def _name(text: bytes) -> str:
    if b"#" in text:
        text = _HASH.sub(lambda match: bytes([int(match[1], 16)]), text)
    return text.decode("utf-8", "surrogateescape")


def _nested(data: bytes, at: int) -> tuple[bytes, int]:
    """A string with parentheses inside, from behind its first one; to the end of the data where it isn't closed."""
    depth = 1
    for match in _BRACKET.finditer(data, at):
        depth += {b"(": 1, b")": -1}.get(match[0], 0)
        if not depth:
            return _unescaped(data[at : match.start()]), match.end()
    return b"", len(data)


def _nested_array(data: bytes, at: int) -> tuple[list[float | bytes], int]:
    """An array with such strings or with names, from behind its bracket."""
    out: list[float | bytes] = []
    while at < len(data) and (match := _NEXT.match(data, at)):
        at = match.end()
        kind = match.lastgroup
        if kind == "alone":
            out += _numbers(match["alone"])
        elif kind == "string":
            out.append(_unescaped(match["string"][1:-1]))
        elif kind == "hex":
            out.append(_from_hex(match["hex"]))
        elif kind == "other" and match["other"] == b"(":
            string, at = _nested(data, at)
            out.append(string)
        elif kind in ("operator", "drawing") or match[0].endswith(b"]"):
            break  # closed, or never
    return out, at


def _behind_dictionary(data: bytes, at: int) -> int:
    """Where the operators go on behind a dictionary; right there where it isn't closed within reason."""
    depth = 1
    for match in _PAIR.finditer(data, at, at + MAX_DICTIONARY):
        depth += {b"<<": 1, b">>": -1}.get(match[0], 0)
        if depth > MAX_DEPTH:
            break
        if not depth:
            return match.end()
    return at


def _behind_image(data: bytes, at: int) -> int:
    """Where the operators go on behind an image inside the stream."""
    start = _IMAGE_DATA.search(data, at)
    end = _IMAGE_END.search(data, start.end() - 1) if start else None
    return end.end() if end else len(data)
