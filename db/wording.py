"""How numbers are told in messages."""


def count(n: int, noun: str) -> str:
    """A number with its noun: "1 work", "1204 works"; programs may read it."""
    plural = noun if n == 1 else noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in "aeiou" else noun + "s"
    return f"{n} {plural}"
