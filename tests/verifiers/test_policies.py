"""A policy that counts somebody twice, or names what it has not defined, is none: both verifiers and the site say so."""

from pathlib import Path

import pytest

from lunheng.core.ledger.note import COSIGNATURE, LOG
from lunheng.core.ledger.quorum import PolicyError, parse_policy
from lunheng.ledger.keys import SigningKey
from tests.verifiers.ledger_javascript import check_agreement
from tests.verifiers.ledger_site import LOG_KEY, ORIGIN, WITNESSES, paper_log, put

ONE, OTHER = (witness.key for witness in WITNESSES)
ALIAS = SigningKey("witness.example/alias", COSIGNATURE, WITNESSES[0].seed).key
"""The first witness's key under another name."""
OF_LOG = SigningKey("witness.example/log", COSIGNATURE, LOG_KEY.seed).key
"""The log's own key as that of a witness."""
BOTH = f"log {LOG_KEY.key}\nwitness W1 {ONE}\nwitness W2 {OTHER}\n"
FAULTY = {
    "a witness is twice in a group": f"{BOTH}group g 2 W1 W1\nquorum g\n",
    "a witness is in two groups": f"{BOTH}group a any W1\ngroup b any W1 W2\ngroup g all a b\nquorum g\n",
    "a key stands under two names": f"log {LOG_KEY.key}\nwitness W1 {ONE}\nwitness W2 {ONE}\ngroup g all W1 W2\nquorum g\n",
    "a key stands under two names of its own": f"{BOTH}witness W3 {ALIAS}\nquorum W1\n",
    "a name is given twice": f"{BOTH}witness W1 {ALIAS}\nquorum W1\n",
    "a witness is called as a group": f"{BOTH}group g any W1\nwitness g {ALIAS}\nquorum g\n",
    "the log's key is that of a witness": f"log {LOG_KEY.key}\nwitness W1 {OF_LOG}\nquorum W1\n",
    "the log stands twice": f"log {LOG_KEY.key}\n{BOTH}quorum W1\n",
    "a witness is called none": f"log {LOG_KEY.key}\nwitness none {ONE}\nquorum none\n",
    "a group is called none": f"{BOTH}group none all W1 W2\nquorum none\n",
    "none is a member": f"{BOTH}group g any W1 none\nquorum g\n",
    "the quorum is named before it is defined": f"quorum W1\n{BOTH}",
    "a number is in other digits": f"{BOTH}group g ２ W1 W2\nquorum g\n",
    "a number has a sign": f"{BOTH}group g +2 W1 W2\nquorum g\n",
    "a number has a zero before it": f"{BOTH}group g 02 W1 W2\nquorum g\n",
}
LAWFUL = {
    "two groups of one each": (f"{BOTH}group a any W1\ngroup b 1 W2\ngroup g all a b\nquorum g\n", 0),
    "another log beside": (f"log {SigningKey(ORIGIN, LOG, b'!' * 32).key}\n{BOTH}group g 2 W1 W2\nquorum g\n", 0),
    "a member that did not sign": (f"{BOTH}witness W3 {SigningKey('w3', COSIGNATURE, b'?' * 32).key}\nquorum W3\n", 3),
}  # fmt: skip


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """Signed by the log and by both witnesses."""
    return put(tmp_path / "checkpoint", paper_log(3).checkpoint(3))


@pytest.mark.parametrize("case", FAULTY)
def test_a_faulty_policy_is_refused_by_everybody(case: str, checkpoint: Path, tmp_path: Path) -> None:
    policy = put(tmp_path / "policy.txt", FAULTY[case].encode())
    assert check_agreement([["checkpoint", checkpoint, "--policy", policy]]) == [2]
    with pytest.raises(PolicyError):
        parse_policy(FAULTY[case])


@pytest.mark.parametrize("case", LAWFUL)
def test_a_lawful_policy_is_read_by_everybody(case: str, checkpoint: Path, tmp_path: Path) -> None:
    text, code = LAWFUL[case]
    policy = put(tmp_path / "policy.txt", text.encode())
    assert check_agreement([["checkpoint", checkpoint, "--policy", policy]]) == [code]
    assert parse_policy(text).is_met([ONE, OTHER]) == (code == 0)
