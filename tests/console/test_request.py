"""The check of a token from the command line: what is valid, what is not, and why."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tansiq.console.main import tansiq
from tansiq.engine.merkle import SigningKey
from tansiq.engine.tokens import Token, seal_token

KEY = SigningKey("sample", bytes(range(32)))
TEXT = seal_token(Token("0" * 32, "a" * 32, "tents", Decimal(120), "item", "party_a", 1_000, 2_000), KEY)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(tansiq, ["request", "check-token", *arguments])


def test_valid_token_is_told_in_a_sentence_and_as_json() -> None:
    said = run(TEXT, "--key", str(KEY.verifier), "--at", "1500")
    assert (said.exit_code, "Valid: 120 item of tents, approved by party_a" in said.output) == (0, True)
    told = json.loads(run(TEXT, "--key", str(KEY.verifier), "--at", "1500", "--json").output)
    assert (told["result"], told["quantity"], told["line"]) == ("valid", "120", "a" * 32)


@pytest.mark.parametrize(
    ("text", "key", "at", "sentence"),
    [
        (TEXT, str(KEY.verifier), "2001", "no longer valid"),
        (TEXT, str(KEY.verifier), "999", "issued later than now"),
        (TEXT.replace("|120|", "|900|"), str(KEY.verifier), "1500", "not genuine"),
        (TEXT, str(SigningKey("other", b"x" * 32).verifier), "1500", "not genuine"),
        ("TQ1|x", str(KEY.verifier), "1500", "found 2 parts, expected 10 parts"),
        (TEXT, "no key", "1500", "this is no public key"),
    ],
)
def test_what_is_not_valid_is_refused_with_the_reason(text: str, key: str, at: str, sentence: str) -> None:
    said = run(text, "--key", key, "--at", at)
    assert (said.exit_code, sentence in said.output) == (1, True)


def test_own_key_is_taken_where_none_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANSIQ_DATA", str(tmp_path))
    assert "has issued no token yet" in run(TEXT, "--at", "1500").output
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "clearance.vkey").write_text(f"{KEY.verifier}\n")
    assert run(TEXT, "--at", "1500").exit_code == 0
