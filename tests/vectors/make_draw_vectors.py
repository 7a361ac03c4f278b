"""Writes `tests/vectors/draw/`: the published test vectors of the draw, always the same bytes.

    python -m tests.vectors.make_draw_vectors

`index.json` says for every record whether a verifier has to accept it ("holds") or not ("rejected") and why;
`primitives.json` holds what hashes, stream and canonical bytes must give.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from lunheng.core.draw import (
    Candidate,
    Category,
    Contribution,
    Group,
    Occasion,
    Request,
    Seat,
    Stream,
    canonical_bytes,
    commitment,
    digest,
    link_commitment,
    nonce_commitment,
    prepare,
    seed_from,
    transcript,
)
from lunheng.core.draw.hashing import hasher
from tests.core.draw.instances import possible_full_draws
from tests.core.draw.test_conflicts import coupled
from tests.core.draw.test_fairness import PUBLISHED_POOL, PUBLISHED_REQUEST
from tests.vectors import forging
from tests.vectors.forging import Document

FOLDER = Path(__file__).parent / "draw"


class Vector(NamedTuple):
    """One record: its name, whether it holds, what it shows, its text."""

    name: str
    holds: bool
    shows: str
    text: str


def recorded(
    pool: tuple[Candidate, ...], request: Request, label: str, *, parties: int = 3, rounds: int = 1
) -> Document:
    """A record with up to three contributors, whose values follow from the label."""
    name = request.hash
    values = [hashlib.sha256(f"{label} {index}".encode()).digest() for index in range(3)]
    contributions = [
        Contribution("申请人", "nonce", nonce_commitment(values[0], name), values[0]),
        Contribution("主管部门", "link", link_commitment(values[1], name), values[1]),
        Contribution("公开随机数", "beacon", "第 2026001 期", values[2][:5]),
    ][:parties]
    exclusions = dict.fromkeys(request.excluded, "与施工单位存在劳动关系")
    occasion = Occasion(f"R-{label}", rounds, "" if rounds == 1 else "ab" * 32, "2026-11-24T09:00:00+08:00")
    commit = commitment(pool, request, exclusions=exclusions, contributions=contributions, occasion=occasion)
    seed = seed_from(commit, contributions, name) if contributions else values[0]
    return transcript(
        pool,
        request,
        prepare(pool, request).draw(seed),
        seed,
        exclusions=exclusions,
        contributions=contributions,
        events=[
            {"event": "panel.drawn", "order": 1},
            {"event": "message", "label": "短信送达", "late": False},
        ],
        occasion=occasion,
    )


def written(document: Any) -> str:
    """A record as text."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def larger() -> Iterator[tuple[str, Document]]:
    """Records of the size of daily life, one for every feature."""
    names = [f"s{index:02}" for index in range(8)]
    pool = tuple(
        Candidate(
            f"{index * 7919 % 99991:05}",
            f"u{index * 31 % 47:02}",
            tuple(names[(index * step) % 8] for step in (1, 3, 5)[: 1 + index % 3]),
            ("东区", "西区", "南区")[index % 3],
        )
        for index in range(160)
    )
    quota = {name: (0, 2) for name in names} | {"s01": (1, 2), "s03": (1, 1)}
    base = Request(size=9, quota=quota, per_unit=1)
    yield "quotas", recorded(pool, base, "quotas")
    yield "sm3", recorded(pool, Request(9, quota, 1, hash="sm3"), "sm3")
    categories = (Category("土木", ("s00", "s01", "s02"), 2, 4), Category("岩土", ("s00", "s01"), 1, 2))
    yield "categories", recorded(pool, Request(9, quota, 1, categories), "categories")
    groups = (Group("集团", ("u00", "u01", "u02", "u03"), 1, 2), Group("子公司", ("u01", "u02"), 0, 1))
    yield "groups", recorded(pool, Request(9, quota, 1, groups=groups), "groups")
    yield "tiers", recorded(pool, Request(9, quota, 1, tiers=("西区", "东区")), "tiers")
    ids = [one.id for one in pool]
    fixed = Request(9, quota, 1, fixed=(ids[1], ids[4]), seated=(Seat(ids[4], "s04"),), excluded=(ids[9],))
    yield "replacement", recorded(pool, fixed, "replacement", rounds=2)
    conflicts = tuple((ids[index], ids[index + 40]) for index in range(12))
    yield "conflicts", recorded(pool, Request(9, quota, 1, conflicts=conflicts), "conflicts")
    yield "no-cap", recorded(pool, Request(9, quota), "no-cap", parties=0)
    everything = Request(
        9,
        quota,
        2,
        categories,
        groups,
        ("西区", "东区"),
        (ids[100],),
        (ids[9],),
        hash="sm3",
        conflicts=conflicts[:2],
    )
    yield "everything", recorded(pool, everything, "everything")
    yield "published", recorded(PUBLISHED_POOL, PUBLISHED_REQUEST, "published")
    redraw_pool, redraw_request = coupled()
    for number in range(400):
        document = recorded(tuple(redraw_pool), redraw_request, f"redraw-{number}")
        if document["redraws"]:
            yield "redrawn", document
            return


def true_records() -> list[tuple[str, Document]]:
    """The records that hold."""
    small = [
        (
            f"small-{number:03}",
            recorded(pool, prepared_request(number), f"small-{number}", parties=number % 4),
        )
        for number, pool, _ in islice(possible_full_draws(0, 2000), 130)
    ]
    return [*larger(), *small]


def prepared_request(number: int) -> Request:
    """The request of a numbered draw."""
    from tests.core.draw.instances import full_draw

    return full_draw(number)[1]


def forged_records(honest: list[tuple[str, Document]]) -> Iterator[Vector]:
    """Single changes with stale hashes, consistent lies with fresh ones, and unfair plans redrawn from scratch."""
    dice = Stream(b"forged vectors")
    for name, document in honest[:11]:
        for number in range(4):
            changed, where = forging.mutated(document, dice)
            yield Vector(f"{name}-changed-{number}", False, f"one field: {where}", written(changed))
    for name, document in honest:
        for number, forged in enumerate(islice(forging.unfair_plans(document), 2)):
            shows = (
                "a chance moved from one type to another; commit, seed, result and every hash follow from it"
            )
            yield Vector(f"{name}-unfair-{number}", False, shows, written(forged))
    for name, document in honest[:11]:
        yield from lies(name, document)


def lies(name: str, document: Document) -> Iterator[Vector]:
    """False statements with all hashes fresh."""
    drawn = {identity for identity, _ in document["result"]}
    out = {identity for identity, _ in document["exclusions"]}
    other = next(row for row in document["snapshot"] if row[0] not in drawn | out)
    first = document["result"][0]
    for label, shows, change in (
        (
            "result",
            "another expert in the result",
            {"result": [[other[0], other[3][0]], *document["result"][1:]]},
        ),
        ("order", "the order of call reversed", {"result": document["result"][::-1]}),
        ("twice", "an expert twice in the result", {"result": [first, first, *document["result"][2:]]}),
        ("seed", "another seed", {"seed": "5e" * 32}),
        ("redraws", "a redraw that did not happen", {"redraws": document["redraws"] + 1}),
    ):
        yield Vector(f"{name}-{label}", False, shows, written(forging.with_fresh_hashes(document | change)))
    rules = document["rules"]
    larger_panel = {"rules": rules | {"size": rules["size"] + 1}}
    fewer = {"snapshot": [row for row in document["snapshot"] if row[0] != other[0]]}
    bound = {"plan": document["plan"] | {"redraw": str(int(document["plan"]["redraw"]) + 1)}}
    stranger = {"rules": rules | {"seated": [*rules["seated"], [other[0], other[3][0]]]}}
    pairs = [sorted([other[0], rules["fixed"][0] if rules["fixed"] else other[0]])]
    conflict = {"rules": rules | {"conflicts": pairs}}
    for label, shows, change in (
        ("seated", "a settled seat for somebody who is not confirmed", stranger),
        ("conflict", "a conflict with a confirmed member, or of somebody with himself", conflict),
        ("size", "rules for a larger panel than the plan", larger_panel),
        ("pool", "an expert left out of the pool", fewer),
        ("bound", "a false bound on redraws", bound),
    ):
        forged = forging.with_fresh_hashes(json.loads(written(document | change)), reseed=True)
        yield Vector(f"{name}-{label}", False, shows, written(forged))


def malformed_texts(document: Document) -> Iterator[Vector]:
    """Files that are no records, each for a reason that a lenient reader would overlook."""
    text = written(document)
    size = f'"size":{document["rules"]["size"]}'
    for label, shows, changed in (
        ("fraction", "a number with a fraction", text.replace(size, size + ".0")),
        ("exponent", "a number with an exponent", text.replace(size, size + "e0")),
        ("repeated", "a key twice", text.replace('"round":1', '"round":1,"round":1')),
        ("byte-order", "a byte order mark", "\ufeff" + text),
        ("trailing", "something after the record", text + "{}"),
        ("unpaired", "half a surrogate pair", text.replace('"reference":"', '"reference":"\\ud800')),
        ("extra", "an unknown key", text.replace('"round":1', '"round":1,"rund":1')),
        ("zeros", "a number with a leading zero", text.replace(size, size.replace(":", ":0"))),
        ("capital", "capital hexadecimal digits", text.replace(document["seed"], document["seed"].upper())),
        ("version", "another version of the format", text.replace("lunheng-draw/1", "lunheng-draw/2")),
        ("cut", "half a file", text[: len(text) // 2]),
        ("negative", "a negative number", text.replace('"round":1', '"round":-1')),
        ("control", "a line break inside of a text", text.replace('"reference":"', '"reference":"\n')),
        ("escape", "an escape that JSON does not know", text.replace('"reference":"', '"reference":"\\x41')),
        ("unicode", "an escape without four digits", text.replace('"reference":"', '"reference":"\\u00g0')),
        ("comma", "a semicolon between two keys", text.replace(',"commit":', ';"commit":')),
        ("list-comma", "a semicolon between two items", text.replace("],[", "];[", 1)),
        ("colon", "no colon after a key", text.replace('"commit":', '"commit"=')),
        ("bare-key", "a key in a wrong quotation mark", text.replace('"commit":', "'commit\":")),
        ("long", "a number of 4,401 digits", text.replace('"round":1', '"round":1' + "0" * 4400)),
        ("brackets", "ten thousand brackets", "[" * 10000),
        ("nothing", "an empty file", ""),
    ):
        assert changed != text, label
        yield Vector(f"malformed-{label}", False, shows, changed)
    deep: Any = 0
    for _ in range(40):
        deep = [deep]
    first, *others = document["contributors"]
    for label, shows, change in (
        ("deep", "an event nested too deep", {"events": [{"event": {"deep": deep}, "hash": ""}]}),
        ("event", "an event that is a list", {"events": [{"event": [], "hash": ""}]}),
        (
            "kind",
            "an unknown kind of contribution",
            {"contributors": [[first[0], "promise", first[2]], *others]},
        ),
        ("text", "text in place of a number", {"round": "1"}),
        ("number", "a number in place of text", {"reference": 5}),
        ("object", "an object in place of a list", {"exclusions": {}}),
        ("truth", "a truth value in place of a number", {"redraws": False}),
    ):
        forged = forging.with_fresh_hashes(json.loads(written(document | change)), reseed=True)
        yield Vector(f"malformed-{label}", False, f"{shows}, every hash fresh", written(forged))


def primitives() -> Document:
    """What the building blocks give (design of the draw, section 11, and the same for SM3)."""
    found: Document = {"canonical": [], "streams": []}
    for value in ({"b": 1, "a": ["x", None, True, 2**60]}, {"名": '甲\n\t"\\\u0007', "𠮷": 0, "\uffee": 1}):
        found["canonical"].append({"value": value, "bytes": canonical_bytes(value).hex()})
    for name in ("sha256", "sm3"):
        shuffled = list(range(10))
        Stream(bytes(32), name).shuffle(shuffled)
        tens, thousands, weights = (Stream(bytes(32), name) for _ in range(3))
        found["streams"].append(
            {
                "hash": name,
                "abc": hasher(name)(b"abc").hex(),
                "tagged t,a,empty": digest("t", b"a", b"", name=name).hex(),
                "seed": bytes(32).hex(),
                "first block": Stream(bytes(32), name).take(32).hex(),
                "uniform 10": [tens.uniform(10) for _ in range(12)],
                "uniform 1000": [thousands.uniform(1000) for _ in range(6)],
                "uniform 2^100+1": str(Stream(bytes(32), name).uniform(2**100 + 1)),
                "shuffle 0..9": shuffled,
                "pick 1,0,3": [weights.pick((1, 0, 3)) for _ in range(12)],
            }
        )
    prepared = prepare(PUBLISHED_POOL, PUBLISHED_REQUEST)
    found["published draw"] = {
        "chances": {one: str(Fraction(chance)) for one, chance in prepared.probabilities.items()},
        "denominator": str(prepared.plan.denominator),
    }
    return found


def vectors() -> Iterator[Vector]:
    """All records, those that hold first."""
    honest = true_records()
    for name, document in honest:
        yield Vector(name, True, "a true record", written(document))
    yield from forged_records(honest)
    yield from malformed_texts(honest[0][1])


def main() -> None:
    """Write everything anew."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.json"):
        old.unlink()
    index = []
    for one in vectors():
        (FOLDER / f"{one.name}.json").write_text(one.text, "utf-8", newline="\n")
        verdict = "holds" if one.holds else "rejected"
        index.append({"file": f"{one.name}.json", "expected": verdict, "shows": one.shows})
    text = json.dumps(index, ensure_ascii=False, indent=0)
    (FOLDER / "index.json").write_text(text + "\n", "utf-8", newline="\n")
    text = json.dumps(primitives(), ensure_ascii=False, indent=1)
    (FOLDER / "primitives.json").write_text(text + "\n", "utf-8", newline="\n")
    print(f"{len(index)} records, {sum(one['expected'] == 'rejected' for one in index)} to be rejected")


if __name__ == "__main__":
    main()
