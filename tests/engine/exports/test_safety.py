"""No typed text becomes a formula; no figure becomes text."""

import json

import pytest

from tansiq.engine.exports import harmless


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1+1",
        "\u200b=1",
        "\ufeff@x",
        "\u202e-1",
        "＝1",
        "|cmd",
        "%0A",
    ],
)
def test_text_that_begins_a_formula_is_quoted(text):
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["", "a=b", "CN-0412", "دقيق", "#date+start", "'quoted", "1-2", "(=1)", "  leading"])
def test_other_text_passes_unchanged(text):
    assert harmless(text) == text


@pytest.mark.real
def test_every_naughty_string_is_harmless(real_data):
    strings = json.loads((real_data / "6-text" / "blns.json").read_text(encoding="utf-8"))
    quoted = [text for text in strings if harmless(text) != text]
    assert len(strings) == 515
    assert [text for text in strings if text[:1] in "=+-@\t\r" and text and text not in quoted] == []
    assert all(harmless(text) == "'" + text for text in quoted)
