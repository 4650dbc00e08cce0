"""The short code beneath a QR code, to be typed where no camera helps; its last letter finds every single slip."""

from uuid import UUID

LETTERS = "023456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Thirty-one signs, a prime: with weights that all differ, a wrong letter and two that changed places are found."""

LENGTH = 8
READ_AS = str.maketrans({"O": "0", "-": None, " ": None, "\u2010": None, "\u2011": None, "\u2013": None})


def short_code(of: UUID) -> str:
    """Nine signs in groups, from a random id: ``K7Q2-9XMD-4``."""
    rest, values = of.int % len(LETTERS) ** LENGTH, []
    for _place in range(LENGTH):
        rest, value = divmod(rest, len(LETTERS))
        values.append(value)
    plain = "".join(LETTERS[value] for value in values)
    return f"{plain[:4]}-{plain[4:]}-{_check(plain)}"


def read_short(text: str) -> str | None:
    """The short code that was typed, as it is printed; None when it is none, or a letter of it is wrong."""
    plain = text.strip().upper().translate(READ_AS)
    if len(plain) != LENGTH + 1 or any(letter not in LETTERS for letter in plain):
        return None
    if _check(plain[:LENGTH]) != plain[LENGTH]:
        return None
    return f"{plain[:4]}-{plain[4:LENGTH]}-{plain[LENGTH]}"


def _check(plain: str) -> str:
    weighed = sum((place + 2) * LETTERS.index(letter) for place, letter in enumerate(plain))
    return LETTERS[weighed % len(LETTERS)]
