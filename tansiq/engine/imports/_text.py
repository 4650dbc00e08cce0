"""Text as it stands in other people's files, brought to one form for comparison."""

import re
import unicodedata
from typing import Final

# Marks that change nothing but the direction of writing, and invisible joiners at the edge of copied text.
_INVISIBLE: Final = dict.fromkeys(
    [0x00AD, 0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF]
)
_SPACE: Final = re.compile(r"\s+")
_DIGITS: Final = {**{0x0660 + n: str(n) for n in range(10)}, **{0x06F0 + n: str(n) for n in range(10)}}
_ARABIC: Final = {
    **dict.fromkeys([0x0622, 0x0623, 0x0625, 0x0671], "ا"),
    0x0649: "ي",
    0x0629: "ه",
    0x0640: None,
    **dict.fromkeys(range(0x064B, 0x0653)),
    0x0670: None,
}


def clean(text: str) -> str:
    """Take away direction marks and surplus space; the words stay as written."""
    if text.isascii():
        return _SPACE.sub(" ", text).strip()
    return _SPACE.sub(" ", text.translate(_INVISIBLE)).strip()


def western_digits(text: str) -> str:
    """Write Arabic and Persian digits as 0 to 9."""
    return text if text.isascii() else text.translate(_DIGITS)


def folded(text: str) -> str:
    """Bring a heading or a table value to the form in which two are compared."""
    return unicodedata.normalize("NFKC", clean(text)).casefold()


def folded_words(text: str) -> str:
    """Fold further for cargo names: Arabic letter variants and short vowels count as equal."""
    return folded(text).translate(_ARABIC)
