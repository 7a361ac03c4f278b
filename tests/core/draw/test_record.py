"""The transcript states everything that the seed and the panel follow from."""

import json

from lunheng.core.draw import (
    Candidate,
    Contribution,
    Occasion,
    Request,
    commitment,
    digest,
    draw,
    nonce_commitment,
    seed_from,
    transcript,
)

POOL = [Candidate(f"e{index}", f"u{index // 2}", ("a", "b")[: 1 + index % 2], "650100") for index in range(8)]
REQUEST = Request(size=3, quota={"a": (1, 2), "b": (1, 2)}, per_unit=1, excluded=("e7", "e0"))
NONCE = bytes([1]) * 32


def test_the_seed_follows_from_commit_and_contributions_as_published() -> None:
    commit = bytes.fromhex("cb315d039159ad85cb7e0b4ffeb224b5195c4b1f115157fc51a95671d39602b0")
    values = (bytes([2]) * 32, bytes([1]) * 32, b"")

    seed = seed_from(commit, [Contribution("", "nonce", "", value) for value in values])

    assert seed.hex() == "cd315841e284f4bec6afe7e6f25020c0966f444a8401508e7e4b1779033e3ed3"


def test_the_commit_does_not_depend_on_the_values_revealed_later() -> None:
    promised = Contribution("申请人", "nonce", nonce_commitment(NONCE), b"")
    revealed = Contribution("申请人", "nonce", nonce_commitment(NONCE), NONCE)

    assert commitment(POOL, REQUEST, contributions=[promised]) == commitment(
        POOL, REQUEST, contributions=[revealed]
    )


def test_the_commit_depends_on_every_part_of_the_draw() -> None:
    commits = {
        commitment(POOL, REQUEST),
        commitment(POOL[:-1], Request(size=3, quota=REQUEST.quota, per_unit=1, excluded=("e0",))),
        commitment(POOL, Request(size=3, quota=REQUEST.quota, per_unit=2, excluded=("e7", "e0"))),
        commitment(POOL, REQUEST, exclusions={"e7": "与项目参建单位有利害关系"}),
        commitment(POOL, REQUEST, occasion=Occasion(reference="R-1")),
        commitment(POOL, REQUEST, occasion=Occasion(round=2)),
        commitment(POOL, REQUEST, contributions=[Contribution("主管部门", "beacon", "下一轮公开数值", b"")]),
    }

    assert len(commits) == 7


def test_the_transcript_is_plain_json_and_does_not_depend_on_the_order_of_the_pool() -> None:
    documents = [
        transcript(pool, REQUEST, draw(pool, REQUEST, b"seed"), b"seed", exclusions={"e7": "回避"})
        for pool in (POOL, POOL[::-1])
    ]

    assert documents[0] == documents[1]
    assert json.loads(json.dumps(documents[0])) == documents[0]
    assert documents[0]["exclusions"] == [["e0", ""], ["e7", "回避"]]
    assert documents[0]["commit"] == commitment(POOL, REQUEST, exclusions={"e7": "回避"}).hex()


def test_each_event_is_chained_to_the_one_before() -> None:
    events = [{"name": "declined", "id": "e1"}, {"name": "declined", "id": "e2"}]
    document = transcript(POOL, REQUEST, draw(POOL, REQUEST, b"seed"), b"seed", events=events)

    first = digest("event", bytes.fromhex(document["commit"]), b'{"id":"e1","name":"declined"}')
    second = digest("event", first, b'{"id":"e2","name":"declined"}')
    assert [entry["hash"] for entry in document["events"]] == [first.hex(), second.hex()]
