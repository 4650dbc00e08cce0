"""Keeps typed text from being read as a formula by a spreadsheet."""

QUOTE = "'"
BEGIN_FORMULA = frozenset("=+-@\t\r\n|%＝＋－＠")  # ASCII and full width


def harmless(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet could take it for a formula.

    Leading blanks and invisible marks do not hide the sign that begins a formula.
    Source : OWASP, CSV Injection; ASVS 5.0, 1.2.10
    """
    seen = text.lstrip(" \u00a0\u200b\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2067\u2068\ufeff")
    risky = text[:1] in BEGIN_FORMULA or seen[:1] in BEGIN_FORMULA
    return QUOTE + text if text and risky else text
