"""Characters that must not stand in a name, because they are not seen or turn the writing round."""

import unicodedata
from typing import Final

# Unicode 15, UAX 9, table 4: the explicit directional characters.
BIDI_CONTROLS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS: Final = "\u200c\u200d"
_LINE_BREAKS: Final = "\t\n\r\v\f\x85\u2028\u2029"
_UNSEEN_CATEGORIES: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
# Default-ignorable and blank characters whose category does not tell (Unicode 15, DerivedCoreProperties).
_UNSEEN: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u180b\u180c\u180d\u180f")
_UNSEEN_RANGES: Final = ((0xFE00, 0xFE0F), (0xE0000, 0xE0FFF))
# Scripts in which a joiner between two letters changes the word (UAX 31, section 2.3).
_JOINING_RANGES: Final = (
    (0x0620, 0x08FF),  # Arabic, Syriac, Thaana, N'Ko, Mandaic, Arabic extended
    (0x0900, 0x0DFF),  # Devanagari to Sinhala
    (0xFB50, 0xFDFF),  # Arabic presentation forms A
    (0xFE70, 0xFEFC),  # Arabic presentation forms B
)


class UnsafeName(ValueError):
    """A name holds a character that must not stand in one."""

    def __init__(self, code: str, position: int = 0, character: str = "") -> None:
        self.code = code  # 'empty', 'bidi_control' or 'invisible'
        self.position = position  # index in the text as given
        self.character = f"U+{ord(character):04X}" if character else ""
        super().__init__(f"{code} {self.character} at {position}".strip())


def safe_name(text: str) -> str:
    """Give a typed name in NFC with single plain spaces, or refuse it.

    text : str                as typed
    Returns : str             never empty
    Raises : UnsafeName       a directional control, an invisible character, or nothing to see
    Source : UAX 9 table 4 (12 controls); UAX 31 section 2.3 (joiners)
    """
    for position, character in enumerate(text):
        if character in BIDI_CONTROLS:
            raise UnsafeName("bidi_control", position, character)
        if _is_unseen(text, position):
            raise UnsafeName("invisible", position, character)
    name = _single_spaced(unicodedata.normalize("NFC", text))
    if not any(unicodedata.category(character)[0] in "LNPS" for character in name):
        raise UnsafeName("empty")
    return name


def strip_marks(text: str) -> tuple[str, bool]:
    """Take out of an imported name what `safe_name` would refuse, and say whether anything was.

    text : str                as it stood in the file
    Returns : (str, bool)     NFC with single plain spaces, perhaps empty; True when a character was taken
    """
    kept = [
        " " if character in _LINE_BREAKS else character
        for position, character in enumerate(text)
        if character in _LINE_BREAKS or not (character in BIDI_CONTROLS or _is_unseen(text, position))
    ]
    return _single_spaced(unicodedata.normalize("NFC", "".join(kept))), len(kept) < len(text)


def _is_unseen(text: str, position: int) -> bool:
    character = text[position]
    if character in _JOINERS:
        return not (_joins(text, position, -1) and _joins(text, position, 1))
    if character in _UNSEEN or unicodedata.category(character) in _UNSEEN_CATEGORIES:
        return True
    return any(low <= ord(character) <= high for low, high in _UNSEEN_RANGES)


def _joins(text: str, position: int, step: int) -> bool:
    """Say whether the next letter in a direction, past combining marks, is of a joining script."""
    place = position + step
    while 0 <= place < len(text) and unicodedata.category(text[place]) in ("Mn", "Mc"):
        place += step
    if not 0 <= place < len(text) or unicodedata.category(text[place])[0] != "L":
        return False
    return any(low <= ord(text[place]) <= high for low, high in _JOINING_RANGES)


def _single_spaced(text: str) -> str:
    plain = "".join(" " if unicodedata.category(character) == "Zs" else character for character in text)
    return " ".join(plain.split())
