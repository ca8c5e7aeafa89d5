"""How numbers, and texts of others, are told in messages."""


def noun(n: int, one: str, many: str | None = None) -> str:
    """The noun behind a number; ``many`` where the plural is not ``one`` with an s."""
    return one if n == 1 else many or f"{one}s"


def count(n: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 work", "1204 works"; programs may read it."""
    return f"{n} {noun(n, one, many)}"


def plain(text: str) -> str:
    """The text as one line that no terminal obeys."""
    return "".join(c if c.isprintable() else " " for c in text)
