"""Under which keys a spelling is filed, and which keys a typed name asks for."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from tansiq.engine.names import normal_form, search_keys

PREFIX_MOST = 4  # letters of a word's beginning that are filed
SOUND_PREFIX = range(2, 6)  # consonants of a name's beginning that are filed
SCRIPTS = {
    "LATIN": "Latn", "ARABIC": "Arab", "HEBREW": "Hebr", "CYRILLIC": "Cyrl", "GREEK": "Grek", "ARMENIAN": "Armn",
    "GEORGIAN": "Geor", "ETHIOPIC": "Ethi", "CJK": "Hani", "HANGUL": "Hang", "HIRAGANA": "Hira", "KATAKANA": "Kana",
    "DEVANAGARI": "Deva", "THAI": "Thai", "SYRIAC": "Syrc", "BENGALI": "Beng", "TAMIL": "Taml", "TELUGU": "Telu",
}  # fmt: skip


def script_of(text: str) -> str:
    """The ISO 15924 code of the script of most letters; Zyyy where there is none, Zzzz for one not listed."""
    counts: dict[str, int] = {}
    for letter in text:
        if letter.isalpha():
            script = SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0], "Zzzz")
            counts[script] = counts.get(script, 0) + 1
    return max(counts, key=lambda script: (counts[script], script)) if counts else "Zyyy"


@lru_cache(maxsize=4096)
def filing_keys(text: str) -> tuple[str, ...]:
    """All keys of a spelling: letters, sounds, and the beginnings of its words and of its sound."""
    keys = search_keys(text)
    beginnings = [f"p:{word[:size]}" for word in _words(text) for size in range(1, min(len(word), PREFIX_MOST) + 1)]
    return tuple(dict.fromkeys((*keys, *beginnings, *_sound_beginnings(keys))))


def grams(normal: str) -> list[str]:
    """The letters of a normal form in threes, run together and framed."""
    framed = f"^{normal.replace(' ', '')}$"
    return sorted({framed[at : at + 3] for at in range(len(framed) - 2)})


def letters_key(text: str) -> str:
    """The key shared by all spellings with the same letters."""
    return f"n:{normal_form(text).replace(' ', '')}"


def beginning_keys(text: str) -> list[str]:
    """The keys that every name beginning with these words, or holding words that so begin, is filed under."""
    return [f"p:{word[:PREFIX_MOST]}" for word in normal_form(text).split()]


def sound_keys(text: str) -> list[str]:
    """The keys of spellings that sound the same, in any script."""
    return [key for key in search_keys(text) if key.startswith("s:")]


def near_keys(text: str) -> list[str]:
    """The keys of spellings that share a word, or begin with the same sounds."""
    keys = search_keys(text)
    longest = [max(found, key=len) for found in [_sound_beginnings(keys)] if found]
    return [*longest, *(key for key in keys if key.startswith("w:"))]


def _words(text: str) -> Iterator[str]:
    for word in normal_form(text).split():
        yield word
        if word.startswith("ال") and len(word) > 4:  # the article is often left out when typing
            yield word[2:]


def _sound_beginnings(keys: tuple[str, ...]) -> list[str]:
    sounds = [key[2:] for key in keys if key.startswith("s:")]
    return list(dict.fromkeys(f"q:{sound[:size]}" for sound in sounds for size in SOUND_PREFIX if size <= len(sound)))
