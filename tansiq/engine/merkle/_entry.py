"""Entries: the sorted digests of an act's facts, padded with decoys, and their opening."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise

from tansiq.engine.merkle import _base64, _json
from tansiq.engine.merkle._fact import SALT_SIZE, digest, read_fact
from tansiq.engine.merkle._fault import Fault, MerkleError
from tansiq.engine.merkle._json import Json
from tansiq.engine.merkle._tree import HASH_SIZE

ENTRY_VERSION = "tansiq/1"
ENTRY_SIZES = (16, 32, 64)  # digests; the number of facts hides behind these
_ALGORITHM = "sha-256"
_ENTRY_LIMIT = 4096  # bytes; 64 digests need 3,000


def decoys_needed(facts: int) -> int:
    """How many decoys fill an entry of this many facts up to its size."""
    if facts < 1:
        raise MerkleError(Fault.ENTRY_NO_FACTS, "at least one fact", facts)
    for size in ENTRY_SIZES:
        if facts <= size:
            return size - facts
    raise MerkleError(Fault.ENTRY_TOO_MANY_FACTS, f"at most {ENTRY_SIZES[-1]} facts", facts)


def make_entry(disclosures: Sequence[str], decoys: Sequence[bytes]) -> bytes:
    """Commit to facts: canonical JSON of their sorted digests among decoys.

    disclosures : 1 to 64, as `disclose` makes them; no name and no salt twice
    decoys : `decoys_needed(len(disclosures))` random byte strings of at least 16 bytes, all different
    Returns : ASCII bytes {"_sd":[...],"_sd_alg":"sha-256","v":"tansiq/1"}
    Source : RFC 9901 sections 4.2.4.1 (embedding) and 4.2.5 (decoys)
    """
    needed = decoys_needed(len(disclosures))
    if len(decoys) != needed or any(len(decoy) < SALT_SIZE for decoy in decoys):
        raise MerkleError(Fault.ENTRY_DECOYS, f"{needed} of at least {SALT_SIZE} bytes", len(decoys))
    facts = [read_fact(disclosure) for disclosure in disclosures]
    _refuse_repeat(len({fact.name for fact in facts}), len(facts), "names")
    _refuse_repeat(len({fact.salt for fact in facts}), len(facts), "salts")
    blinds = [_base64.encode_url(sha256(decoy).digest()) for decoy in decoys]
    digests = sorted([digest(disclosure) for disclosure in disclosures] + blinds)
    if len(set(digests)) != len(digests):
        raise MerkleError(Fault.ENTRY_DECOYS, f"{needed} different decoys", "one twice")
    return _spell_entry(digests)


def leaf_data(entry: bytes) -> bytes:
    """What the log holds of an entry: 32 bytes that tell nothing."""
    return sha256(entry).digest()


def open_entry(entry: bytes, disclosures: Sequence[str]) -> dict[str, Json]:
    """Read the facts of an entry that are disclosed; all of them hold, or nothing is returned.

    Raises : MerkleError         a malformed entry or fact, one that matches no digest, a name or fact twice
    Source : RFC 9901 section 7.1, made stricter: nothing is skipped
    """
    digests = read_entry(entry)
    opened: dict[str, Json] = {}
    for disclosure in disclosures:
        fact = read_fact(disclosure)
        if digest(disclosure) not in digests:
            raise MerkleError(Fault.FACT_UNMATCHED, "a digest of this entry", "a fact of no digest here")
        if fact.name in opened:
            raise MerkleError(Fault.FACT_REPEATED, "each name once", fact.name)
        opened[fact.name] = fact.value
    return opened


def read_entry(entry: bytes) -> frozenset[str]:
    """Return the digests of an entry that `make_entry` could have made; refuse any other bytes."""
    if len(entry) > _ENTRY_LIMIT:
        raise MerkleError(Fault.ENTRY_SHAPE, f"at most {_ENTRY_LIMIT} bytes", len(entry))
    try:
        members = _json.read(entry)
    except _json.NotCanonical as error:
        raise MerkleError(Fault.ENTRY_SHAPE, "JSON", error) from None
    if not isinstance(members, dict) or members.keys() != {"_sd", "_sd_alg", "v"}:
        raise MerkleError(Fault.ENTRY_SHAPE, "members _sd, _sd_alg and v", type(members).__name__)
    if (members["_sd_alg"], members["v"]) != (_ALGORITHM, ENTRY_VERSION):
        raise MerkleError(Fault.ENTRY_VERSION, f"{_ALGORITHM}, {ENTRY_VERSION}", "another algorithm or version")
    digests = _read_digests(members["_sd"])
    if _spell_entry(digests) != entry:
        raise MerkleError(Fault.ENTRY_NOT_CANONICAL, "canonical JSON", "another spelling")
    return frozenset(digests)


def _read_digests(listed: Json) -> list[str]:
    if not isinstance(listed, list) or len(listed) not in ENTRY_SIZES:
        got = len(listed) if isinstance(listed, list) else type(listed).__name__
        raise MerkleError(Fault.ENTRY_DIGESTS, f"a list of {ENTRY_SIZES} digests", got)
    digests: list[str] = []
    for text in listed:
        raw = _base64.decode_url(text) if isinstance(text, str) else None
        if not isinstance(text, str) or raw is None or len(raw) != HASH_SIZE:
            raise MerkleError(Fault.ENTRY_DIGESTS, f"canonical base64url of {HASH_SIZE} bytes", "something else")
        digests.append(text)
    if any(left >= right for left, right in pairwise(digests)):
        raise MerkleError(Fault.ENTRY_DIGESTS, "digests in ascending order, none twice", "another order")
    return digests


def _spell_entry(digests: list[str]) -> bytes:
    # Three ASCII keys and ASCII digests: the f-string is their canonical JSON.
    listed = '","'.join(digests)
    return f'{{"_sd":["{listed}"],"_sd_alg":"{_ALGORITHM}","v":"{ENTRY_VERSION}"}}'.encode("ascii")


def _refuse_repeat(different: int, expected: int, what: str) -> None:
    if different != expected:
        raise MerkleError(Fault.FACT_REPEATED, f"{expected} different {what}", different)
