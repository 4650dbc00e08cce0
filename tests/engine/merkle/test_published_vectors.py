"""Vectors made by others: Merkle proofs good and mangled, Ed25519 signatures good and mangled."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from tansiq.engine.merkle import MerkleError, VerifierKey, verify_consistency, verify_inclusion

pytestmark = pytest.mark.real


def cases(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    return [(str(file), json.loads(file.read_text("utf-8"))) for file in sorted(folder.rglob("*.json"))]


def hashes(texts: list[str] | None) -> list[bytes]:
    return [b64decode(text) for text in texts or []]


def accepts_inclusion(case: dict[str, Any]) -> bool:
    leaf, root = b64decode(case["leafHash"]), b64decode(case["root"])
    try:
        verify_inclusion(case["leafIdx"], case["treeSize"], leaf, hashes(case["proof"]), root)
    except MerkleError:
        return False
    return True


def accepts_consistency(case: dict[str, Any]) -> bool:
    old_root, new_root = b64decode(case["root1"]), b64decode(case["root2"])
    try:
        verify_consistency(case["size1"], case["size2"], old_root, new_root, hashes(case["proof"]))
    except MerkleError:
        return False
    return True


def test_every_published_inclusion_proof_is_judged_right(real_data: Path) -> None:
    found = cases(real_data / "8-vectors" / "merkle" / "inclusion")
    wrong = [name for name, case in found if accepts_inclusion(case) == case["wantErr"]]
    assert (len(found), wrong) == (98, [])
    assert sum(accepts_inclusion(case) for _, case in found) == 6


def test_every_published_consistency_proof_is_judged_right(real_data: Path) -> None:
    found = cases(real_data / "8-vectors" / "merkle" / "consistency")
    wrong = [name for name, case in found if accepts_consistency(case) == case["wantErr"]]
    assert (len(found), wrong) == (98, [])
    assert sum(accepts_consistency(case) for _, case in found) == 6


def test_every_published_signature_is_judged_right(real_data: Path) -> None:
    vectors = json.loads((real_data / "8-vectors" / "wycheproof" / "ed25519_test.json").read_text("utf-8"))
    judged, wrong = 0, []
    for group in vectors["testGroups"]:
        key = VerifierKey("vector.example", bytes.fromhex(group["publicKey"]["pk"]))
        for case in group["tests"]:
            accepted = key.verifies(bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
            judged += 1
            if accepted != (case["result"] == "valid"):
                wrong.append(case["tcId"])
    assert (judged, wrong) == (vectors["numberOfTests"], [])
