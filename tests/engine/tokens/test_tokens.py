"""A token says what was approved, nobody else can make one, and every damaged text is named for what it is."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.engine.merkle import SigningKey
from tansiq.engine.tokens import MESSAGE_PREFIX, MOST, Token, TokenError, open_token, seal_token

KEY = SigningKey("sample", bytes(range(32)))
TOKEN = Token("0" * 32, "a" * 32, "tents", Decimal("120.000000"), "item", "party_a", 1_000, 2_000)
CODES = st.from_regex(r"[a-z][a-z0-9_]{0,63}", fullmatch=True)
IDS = st.from_regex(r"[0-9a-f]{32}", fullmatch=True)


def tokens() -> st.SearchStrategy[Token]:
    times = st.integers(0, 10**11)
    amounts = st.decimals(0, 999_999_999_999, places=6, allow_nan=False)
    return st.builds(
        lambda issue, line, item, quantity, unit, room, first, length: Token(
            issue, line, item, quantity, unit, room, first, first + length
        ),
        IDS, IDS, CODES, amounts, CODES, CODES, times, st.integers(0, 10**9),
    )  # fmt: skip


def test_worked_example_of_the_documentation() -> None:
    body = f"TQ1|{'0' * 32}|{'a' * 32}|tents|120|item|party_a|1000|2000"
    assert TOKEN.body() == body
    text = seal_token(TOKEN, KEY)
    assert text.rpartition("|")[0] == body
    assert KEY.verifier.verifies(KEY.sign(MESSAGE_PREFIX + body.encode()), b"tansiq-clearance-token\n" + body.encode())
    assert len(text) < 230


@given(tokens())
def test_every_token_is_read_as_it_was_written(token: Token) -> None:
    text = seal_token(token, KEY)
    opened = open_token(text, KEY.verifier)
    assert (opened.token, opened.is_genuine, len(text) <= MOST) == (token, True, True)


@given(tokens(), st.data())
def test_one_other_character_is_never_genuine(token: Token, data: st.DataObject) -> None:
    text = seal_token(token, KEY)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([one for one in "0123456789abcdef|" if one != text[at]]))
    try:
        opened = open_token(text[:at] + other + text[at + 1 :], KEY.verifier)
    except TokenError:
        return
    assert not opened.is_genuine


def test_key_of_another_installation_makes_nothing_genuine() -> None:
    assert not open_token(seal_token(TOKEN, SigningKey("other", b"x" * 32)), KEY.verifier).is_genuine


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "token"),
        ("TQ1|a", "token"),
        ("x" * 401, "token"),
        (seal_token(TOKEN, KEY).replace("TQ1", "TQ2"), "format"),
        (seal_token(TOKEN, KEY).replace("|120|", "|0120|"), "quantity"),
        (seal_token(TOKEN, KEY).replace("|120|", "|120.0|"), "quantity"),
        (seal_token(TOKEN, KEY).replace("|2000|", "|999|"), "valid_until"),
        (seal_token(TOKEN, KEY).replace("party_a", "пarty"), "authority"),
        (seal_token(TOKEN, KEY)[:-1], "signature"),
        (seal_token(TOKEN, KEY) + "=", "signature"),
    ],
)
def test_text_that_is_none_is_named(text: str, part: str) -> None:
    with pytest.raises(TokenError) as fault:
        open_token(text, KEY.verifier)
    assert fault.value.part == part


@pytest.mark.parametrize(("now", "valid"), [(999, False), (1_000, True), (2_000, True), (2_001, False)])
def test_token_is_valid_within_its_time(now: int, valid: bool) -> None:
    assert open_token(seal_token(TOKEN, KEY), KEY.verifier).is_valid(now) is valid


def test_token_that_cannot_be_written_is_refused() -> None:
    with pytest.raises(TokenError):
        seal_token(Token("short", "a" * 32, "tents", Decimal(1), "item", "room", 1, 2), KEY)
