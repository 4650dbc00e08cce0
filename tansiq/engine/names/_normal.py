"""The normal form of a name: one spelling for what readers take to be the same letters."""

import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {
        # Arabic: what is written loosely, and the Persian and Urdu shapes of the same letters
        "\u0649": "\u064a",  # alef maksura -> ya
        "\u06cc": "\u064a",  # Farsi ya -> ya
        "\u0629": "\u0647",  # ta marbuta -> ha
        "\u06c1": "\u0647",
        "\u06be": "\u0647",
        "\u06d5": "\u0647",
        "\u0671": "\u0627",  # alef wasla -> alef
        "\u06a9": "\u0643",  # keheh -> kaf
        "\u0621": "",  # hamza on the line
        "\u0640": "",  # tatweel
        # Hebrew final letters
        "\u05da": "\u05db",
        "\u05dd": "\u05de",
        "\u05df": "\u05e0",
        "\u05e3": "\u05e4",
        "\u05e5": "\u05e6",
        # Latin letters that do not decompose
        "\u0131": "i",
        "\u00f8": "o",
        "\u0142": "l",
        "\u0111": "d",
        "\u00e6": "ae",
        "\u0153": "oe",
    }
)
# Marks that stand for ayn, hamza, geresh or an elision: they part no words.
_SILENT: Final = frozenset(
    "'`\u00b4\u2018\u2019\u201b\u02bb\u02bc\u02bd\u02be\u02bf\u02b9\u02c8\u05f3\u05f4\u2032\u055a\""
)


def normal_form(text: str) -> str:
    """Fold a name to the form in which spellings are compared.

    Compatibility forms, case, vowel points and accents, alef with hamza or madda, ya and ta marbuta,
    Hebrew final letters, digits of any script, apostrophes and punctuation all fold away.

    text : str                a name of a place or a cargo, in any script
    Returns : str             words parted by one space; empty when nothing of the name can be read
    Source : UAX 15 (NFKC); the foldings are those usual in Arabic and Hebrew retrieval
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    letters = "".join(_folded(character) for character in decomposed)
    return " ".join(letters.translate(_LETTERS).split())


def _folded(character: str) -> str:
    if character in _SILENT:
        return ""
    category = unicodedata.category(character)
    if category[0] == "L" and category != "Lm":
        return character
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category in ("Mn", "Me", "Cf", "Lm"):
        return ""
    return character if category in ("Mc", "No", "Nl") else " "
