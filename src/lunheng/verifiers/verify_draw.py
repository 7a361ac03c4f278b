"""核验抽取记录: recompute a draw from its transcript, with nothing but Python.

    python verify_draw.py 抽取记录.json [--commit 事先公布的承诺值] [--anchor 事先公布的随机数链锚点]

Exit code 0: everything holds; 1: something is false; 2: this is no transcript.
What is checked: every hash; that the seed follows from what the parties handed in; that the published plan is
lawful and the fairest possible (by a certificate, without solving anything); that the seed and the plan give
exactly this panel; that the panel obeys every rule. This program shares no code with the one it checks.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

TEXTS = [str]
RANGES = [(str, int, int)]
SETS = [(str, TEXTS, int, int)]
SHAPE: dict[str, Any] = {
    "format": str,
    "reference": str,
    "round": int,
    "previous": str,
    "at": str,
    "snapshot": [(str, str, str, TEXTS)],
    "rules": {
        "algorithm": str,
        "hash": str,
        "size": int,
        "per_unit": {"?": int},
        "quota": RANGES,
        "categories": SETS,
        "groups": SETS,
        "tiers": TEXTS,
        "fixed": TEXTS,
        "seated": [(str, str)],
        "conflicts": [(str, str)],
    },
    "exclusions": [(str, str)],
    "plan": {
        "denominator": str,
        "redraw": str,
        "units": TEXTS,
        "groups": TEXTS,
        "types": [
            {
                "place": (str, str),
                "specialties": TEXTS,
                "tier": int,
                "fixed": str,
                "count": int,
                "share": str,
                "seats": [(str, str)],
            }
        ],
    },
    "contributors": [(str, str, str)],
    "commit": str,
    "reveals": [(str, str)],
    "seed": str,
    "redraws": int,
    "result": [(str, str)],
    "events": [{"event": dict, "hash": str}],
    "digest": str,
}
COMMITTED = sorted(set(SHAPE) - {"commit", "reveals", "seed", "redraws", "result", "events", "digest"})
DEEPEST = 32
LONGEST_CHAIN = 1_000_000


class Malformed(Exception):
    """The file is not a transcript."""


class Wrong(Exception):
    """The transcript is false in a way that makes further checks pointless."""


# --- the form of the document -------------------------------------------------------------------------


def conform(value: Any, shape: Any, where: str) -> None:
    """Raise `Malformed` unless the value has the shape: exact keys and types, no negative number."""
    if isinstance(shape, dict):
        conform_object(value, shape, where)
    elif shape is dict:
        conform_event(value, where, 0)
    elif isinstance(shape, list | tuple):
        if type(value) is not list or (isinstance(shape, tuple) and len(value) != len(shape)):
            raise Malformed(f"{where}：应为列表，项数应符合格式")
        for index, item in enumerate(value):
            conform(item, shape[index if isinstance(shape, tuple) else 0], f"{where}[{index}]")
    elif type(value) is not shape or (shape is int and value < 0):
        raise Malformed(f"{where}：类型不符")


def conform_object(value: Any, shape: dict[str, Any], where: str) -> None:
    """The same for an object; the shape {"?": x} stands for x or nothing."""
    if "?" in shape:
        if value is not None:
            conform(value, shape["?"], where)
        return
    if type(value) is not dict or set(value) != set(shape):
        raise Malformed(f"{where}：栏目不符")
    for key, inner in shape.items():
        conform(value[key], inner, f"{where}.{key}")


def conform_event(value: Any, where: str, depth: int) -> None:
    """Events are free, but of text, whole numbers, truth values, lists and objects, and not too deep."""
    if depth == 0 and type(value) is not dict:
        raise Malformed(f"{where}：类型不符")
    if depth > DEEPEST or not (value is None or type(value) in (str, int, bool, list, dict)):
        raise Malformed(f"{where}：内容不符合格式")
    if isinstance(value, dict) and any(type(key) is not str for key in value):
        raise Malformed(f"{where}：内容不符合格式")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        conform_event(one, where, depth + 1)


def hexadecimal(text: str, where: str) -> bytes:
    """The bytes behind lowercase hexadecimal digits."""
    try:
        value = bytes.fromhex(text)
    except ValueError:
        raise Malformed(f"{where}：应为十六进制") from None
    if value.hex() != text:
        raise Malformed(f"{where}：应为小写十六进制")
    return value


def decimal(text: str, where: str) -> int:
    """A whole number written without sign or leading zeros."""
    if not text.isascii() or not text.isdigit() or len(text) > 4000 or str(int(text)) != text:
        raise Malformed(f"{where}：应为十进制整数")
    return int(text)


def canonical(value: Any) -> bytes:
    """The one way to write a value down for hashing."""
    try:
        text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.encode()
    except (ValueError, TypeError, UnicodeEncodeError):
        raise Malformed("含有不能规范书写的内容") from None


def hashed(tag: str, *parts: bytes, name: str = "sha256") -> bytes:
    """The hash over the tag and the parts, each preceded by its length."""
    pieces = [tag.encode(), *parts]
    return HASHES[name](b"".join(len(piece).to_bytes(8, "big") + piece for piece in pieces))


def sha256(message: bytes) -> bytes:
    """SHA-256, which Python brings."""
    return hashlib.sha256(message).digest()


def sm3(message: bytes) -> bytes:
    """SM3 of GB/T 32905, from the library where it has it."""
    return hashlib.new("sm3", message).digest() if "sm3" in hashlib.algorithms_available else own_sm3(message)


HASHES = {"sha256": sha256, "sm3": sm3}


def own_sm3(message: bytes) -> bytes:
    """SM3 by the letter of the standard, section 5."""

    def left(x: int, count: int) -> int:
        count %= 32
        return ((x << count) | (x >> (32 - count))) & 0xFFFFFFFF

    vector = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600]
    vector += [0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    filled = bytearray(message) + b"\x80"
    filled += bytes((56 - len(filled)) % 64) + (len(message) * 8).to_bytes(8, "big")
    for offset in range(0, len(filled), 64):
        w = [int.from_bytes(filled[offset + 4 * j : offset + 4 * j + 4], "big") for j in range(16)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ left(w[j - 3], 15)
            w.append(x ^ left(x, 15) ^ left(x, 23) ^ left(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = vector
        for j in range(64):
            early = j < 16
            ss1 = left((left(a, 12) + e + left(0x79CC4519 if early else 0x7A879D8A, j)) & 0xFFFFFFFF, 7)
            ff = a ^ b ^ c if early else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if early else (e & f) | (g & ~e)
            tt1 = (ff + d + (ss1 ^ left(a, 12)) + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
            a, b, c, d = tt1, a, left(b, 9), c
            e, f, g, h = tt2 ^ left(tt2, 9) ^ left(tt2, 17), e, left(f, 19), g
        vector = [old ^ new for old, new in zip(vector, (a, b, c, d, e, f, g, h), strict=True)]
    return b"".join(word.to_bytes(4, "big") for word in vector)


# --- hashes, contributions, events --------------------------------------------------------------------


def check_hashes(document: dict[str, Any]) -> list[str]:
    """Closing digest, commit, contributions, seed, chain of events."""
    problems = []
    name = document["rules"]["hash"]
    body = {key: value for key, value in document.items() if key != "digest"}
    if hashed("transcript", canonical(body), name=name).hex() != document["digest"]:
        problems.append("记录摘要不符：记录内容被改动过")
    parts = (hashed(f"draw.{key}", canonical(document[key]), name=name) for key in COMMITTED)
    commit = hashed("commit", *parts, name=name)
    if commit.hex() != document["commit"]:
        problems.append("承诺值不符：名单、规则、回避、方案或参与方被改动过")
    problems += check_contributions(document, commit)
    link = commit
    for index, entry in enumerate(document["events"]):
        link = hashed("event", link, canonical(entry["event"]), name=name)
        if link.hex() != entry["hash"]:
            problems.append(f"第 {index + 1} 条事件与前文不衔接")
            break
    return problems


def check_contributions(document: dict[str, Any], commit: bytes) -> list[str]:
    """Each party revealed what it had committed to, and the seed follows from all of it."""
    seed, name = hexadecimal(document["seed"], "seed"), document["rules"]["hash"]
    contributors, reveals = document["contributors"], document["reveals"]
    if [one[0] for one in contributors] != [one[0] for one in reveals]:
        return ["揭示的参与方与承诺的参与方不一致"]
    problems = []
    values = [hexadecimal(value, "reveals") for _, value in reveals]
    for (party, kind, promise), value in zip(contributors, values, strict=True):
        if kind not in ("nonce", "link", "beacon"):
            raise Malformed(f"contributors：未知的种类 {kind}")
        expected = {"nonce": hashed("nonce", value, name=name).hex(), "link": HASHES[name](value).hex()}
        if kind in expected and expected[kind] != promise:
            problems.append(f"「{party}」揭示的数值与事先的承诺不符")
    if contributors and hashed("seed", commit, *values, name=name) != seed:
        problems.append("种子不是由承诺值和各方数值得出的")
    return problems


# --- the pool and the rules ---------------------------------------------------------------------------


class Nesting:
    """Named sets, nested or disjoint; `above[x]` lists the sets around x, innermost first."""

    def __init__(self, what: str, rows: list[list[Any]], universe: list[str]) -> None:
        known = set(universe)
        self.rows = {name: (frozenset(members) & known, low, high) for name, members, low, high in rows}
        if len(self.rows) != len(rows) or any(low > high for _, low, high in self.rows.values()):
            raise Wrong(f"{what}的规则不成立")
        sets = [members for members, _, _ in self.rows.values()]
        if any(a & b and not (a <= b or b <= a) for a in sets for b in sets):
            raise Wrong(f"{what}互相交叉")
        # larger sets lie outside; of two equal ones the first by name does
        order = sorted(self.rows, key=lambda name: (-len(self.rows[name][0]), name))
        self.order = order
        self.above = {
            one: [name for name in reversed(order) if one in self.rows[name][0]] for one in universe
        }
        self.parent = {name: self._parent(name) for name in order}

    def _parent(self, name: str) -> str | None:
        members = self.rows[name][0]
        around = self.above[next(iter(members))] if members else [name]
        outer = around[around.index(name) + 1 :]
        return outer[0] if outer else None


class Person:
    """One expert who may be drawn."""

    def __init__(self, row: list[Any], active: set[str], tiers: list[str], seat: str | None) -> None:
        self.id, self.unit = row[0], row[1]
        able = active & set(row[3])
        # whoever's seat is settled has, for this draw, no other specialty
        self.specialties = tuple(sorted(able if seat is None else able & {seat}))
        self.tier = tiers.index(row[2]) if row[2] in tiers else len(tiers)
        self.share = 0
        self.type: dict[str, Any] = {}


class Draw:
    """The rules and the pool, read from the transcript."""

    def __init__(self, document: dict[str, Any]) -> None:
        rules = document["rules"]
        self.size, self.per_unit = rules["size"], rules["per_unit"]
        self.quota = {name: (low, high) for name, low, high in rules["quota"]}
        if len(self.quota) != len(rules["quota"]) or any(low > high for low, high in self.quota.values()):
            raise Wrong("席位规则不成立")
        self.active = sorted(name for name, (_, high) in self.quota.items() if high)
        self.fixed = set(rules["fixed"])
        self.excluded = {identity for identity, _ in document["exclusions"]}
        self.seated = dict(rules["seated"])
        if len(self.seated) != len(rules["seated"]) or not set(self.seated) <= self.fixed:
            raise Wrong("已确定席位的规则不成立")
        self.people = self._people(document["snapshot"], rules["tiers"])
        self.conflicts = self._conflicts(rules["conflicts"])
        self.hash = rules["hash"]
        self.tiers = len(rules["tiers"])
        self.units = sorted({one.unit for one in self.people})
        self.staff: dict[str, list[Person]] = {unit: [] for unit in self.units}
        for one in self.people:
            self.staff[one.unit].append(one)
        self.categories = Nesting("专业大类", rules["categories"], self.active)
        self.groups = Nesting("单位分组", rules["groups"], self.units)
        self.scale = decimal(document["plan"]["denominator"], "plan.denominator")
        if self.size < 1 or self.per_unit == 0 or self.scale < 1:
            raise Wrong("人数、单位上限或分母不成立")

    def _people(self, snapshot: list[list[Any]], tiers: list[str]) -> list[Person]:
        keys = [(row[1], row[0]) for row in snapshot]
        if keys != sorted(keys) or len({row[0] for row in snapshot}) != len(snapshot):
            raise Wrong("名单未按单位和编号排列，或编号重复")
        everyone = [Person(row, set(self.active), tiers, self.seated.get(row[0])) for row in snapshot]
        people = [one for one in everyone if one.specialties and one.id not in self.excluded]
        if not self.fixed <= {one.id for one in people}:
            raise Wrong("已确定人选不在可抽取的名单中")
        return people

    def _conflicts(self, rows: list[list[str]]) -> list[tuple[Person, Person]]:
        """The pairs of which both may be drawn, in order."""
        if any(row[0] >= row[1] for row in rows) or rows != sorted(rows):
            raise Wrong("利害关系未按编号排列")
        who = {one.id: one for one in self.people}
        pairs = [(who[one], who[other]) for one, other in rows if one in who and other in who]
        if any(one.id in self.fixed or other.id in self.fixed for one, other in pairs):
            raise Wrong("与已确定人选有利害关系的专家没有回避")
        return pairs

    def exceeded(self, seats: dict[str, int], staff: dict[str, int], scale: int) -> list[str]:
        """The names of the ranges that these numbers per specialty and unit leave, in units of 1/scale."""
        rows = [
            (f"专业「{name}」", seats.get(name, 0), low, high) for name, (low, high) in self.quota.items()
        ]
        rows += [(f"单位「{unit}」", count, 0, self.cap(unit)) for unit, count in staff.items()]
        for what, nesting, counts in (("专业大类", self.categories, seats), ("单位分组", self.groups, staff)):
            for name, (members, low, high) in nesting.rows.items():
                rows.append((f"{what}「{name}」", sum(counts[one] for one in members), low, high))
        return [what for what, count, low, high in rows if not low * scale <= count <= high * scale]

    def cap(self, unit: str) -> int:
        """The most people of a unit."""
        count = len(self.staff[unit])
        return count if self.per_unit is None else min(count, self.per_unit)


# --- the plan: lawful and the fairest -----------------------------------------------------------------


def check_plan(draw: Draw, plan: dict[str, Any]) -> list[str]:
    """Types recounted, sums within every bound, and the certificate that no fairer lottery exists."""
    assign_types(draw, plan)
    problems = check_sums(draw, plan)
    return problems or check_fairest(draw, plan) or check_redraw(draw, plan)


def check_redraw(draw: Draw, plan: dict[str, Any]) -> list[str]:
    """The plan says how often at most a panel is thrown away for a conflict, and that is rarely enough."""
    bound = decimal(plan["redraw"], "plan.redraw")
    left = Bundles(draw).left_over()
    if bound != sum(min(one.share, other.share) for one, other in left):
        return ["方案公布的重抽概率上限不符"]
    return ["重抽概率上限超过百分之一"] if 100 * bound > draw.scale else []


def assign_types(draw: Draw, plan: dict[str, Any]) -> None:
    """Sort the pool into the types of the plan; raises `Wrong` if they are not exactly those."""
    units, groups = set(plan["units"]), set(plan["groups"])
    if not units <= set(draw.units) or not groups <= set(draw.groups.rows):
        raise Wrong("方案提到不存在的单位或分组")
    types = {}
    for one in plan["types"]:
        one["mass"] = decimal(one["share"], "plan.share")
        one["split"] = [(name, decimal(mass, "plan.seats")) for name, mass in one["seats"]]
        types[(*one["place"], tuple(one["specialties"]), one["tier"], one["fixed"])] = one
    if len(types) != len(plan["types"]):
        raise Wrong("方案中的类别重复")
    counts = dict.fromkeys(types, 0)
    for person in draw.people:
        around = [name for name in draw.groups.above[person.unit] if name in groups]
        place = (
            ("unit", person.unit) if person.unit in units else ("group", around[0]) if around else ("hub", "")
        )
        key = (*place, person.specialties, person.tier, person.id if person.id in draw.fixed else "")
        if key not in types:
            raise Wrong(f"方案没有涵盖专家「{person.id}」")
        counts[key] += 1
        person.type, person.share = types[key], types[key]["mass"]
    if any(types[key]["count"] != count or not count for key, count in counts.items()):
        raise Wrong("方案中的类别人数与名单不符")


def check_sums(draw: Draw, plan: dict[str, Any]) -> list[str]:
    """Every chance, seat, unit and group within its bounds."""
    problems: list[str] = []
    seats = dict.fromkeys(draw.active, 0)
    for one in plan["types"]:
        check_split(one)
        if one["mass"] > draw.scale or (one["fixed"] and one["mass"] != draw.scale):
            problems.append("方案中的概率超出范围")
        for name, mass in one["split"]:
            seats[name] += mass
    if sum(seats.values()) != draw.size * draw.scale:
        problems.append("方案的席位总数与专家组人数不符")
    staff = {unit: sum(one.share for one in people) for unit, people in draw.staff.items()}
    return problems + [f"方案中{what}超出范围" for what in draw.exceeded(seats, staff, draw.scale)]


def check_split(one: dict[str, Any]) -> None:
    """A type's seats are of its own specialties and add up to its chances."""
    names = [name for name, _ in one["split"]]
    if names != sorted(set(names)) or not set(names) <= set(one["specialties"]):
        raise Wrong("方案把席位分给了不具备该专业的专家")
    if sum(mass for _, mass in one["split"]) != one["mass"] * one["count"]:
        raise Wrong("方案中某类专家的席位之和与概率不符")


class Arc:
    """One arc of the flow network with the plan's flow on it."""

    def __init__(
        self, tail: Any, head: Any, low: int, high: int, flow: int, kind: dict[str, Any] | None = None
    ) -> None:
        self.tail, self.head, self.low, self.high, self.flow, self.type = tail, head, low, high, flow, kind


def arcs_of(draw: Draw, plan: dict[str, Any]) -> list[Arc]:
    """hub → named groups → named units → types → specialties → categories → root → hub."""
    scale, named = draw.scale, set(plan["groups"])
    total = draw.size * scale
    arcs = [Arc("root", "hub", total, total, total)]

    def place(names: list[str]) -> Any:
        inner = [name for name in names if name in named]
        return ("group", inner[0]) if inner else "hub"

    for name in plan["groups"]:
        members, low, high = draw.groups.rows[name]
        mass = sum(one.share for unit in members for one in draw.staff[unit])
        outer = outer_sets(draw.groups, name)
        arcs.append(Arc(place(outer), ("group", name), low * scale, high * scale, mass))
    for unit in plan["units"]:
        mass = sum(one.share for one in draw.staff[unit])
        arcs.append(Arc(place(draw.groups.above[unit]), ("unit", unit), 0, draw.cap(unit) * scale, mass))
    seats = dict.fromkeys(draw.active, 0)
    for index, one in enumerate(plan["types"]):
        size = one["count"] * scale
        home = "hub" if one["place"][0] == "hub" else tuple(one["place"])
        arcs.append(
            Arc(home, ("type", index), size if one["fixed"] else 0, size, one["mass"] * one["count"], one)
        )
        split = dict(one["split"])
        for name in one["specialties"]:
            arcs.append(Arc(("type", index), ("specialty", name), 0, size, split.get(name, 0)))
            seats[name] += split.get(name, 0)
    return arcs + seat_arcs(draw, seats)


def outer_sets(nesting: Nesting, name: str) -> list[str]:
    """The sets around a set, innermost first."""
    outer = []
    parent = nesting.parent[name]
    while parent is not None:
        outer.append(parent)
        parent = nesting.parent[parent]
    return outer


def seat_arcs(draw: Draw, seats: dict[str, int]) -> list[Arc]:
    """From the specialties through the categories to the root."""
    arcs = []
    for name, mass in seats.items():
        low, high = draw.quota[name]
        around = draw.categories.above[name]
        head = ("category", around[0]) if around else "root"
        arcs.append(Arc(("specialty", name), head, low * draw.scale, high * draw.scale, mass))
    for name in draw.categories.order:
        members, low, high = draw.categories.rows[name]
        parent = draw.categories.parent[name]
        head = "root" if parent is None else ("category", parent)
        mass = sum(seats[one] for one in members)
        arcs.append(Arc(("category", name), head, low * draw.scale, high * draw.scale, mass))
    return arcs


def check_fairest(draw: Draw, plan: dict[str, Any]) -> list[str]:
    """Nobody can get more unless somebody with no more gets less; and the tiers are exhausted first."""
    arcs = arcs_of(draw, plan)
    for tier in range(draw.tiers):
        if not pin_tier(arcs, tier):
            return [f"方案没有优先用足第 {tier + 1} 顺位地域的专家"]
    free = [arc for arc in arcs if arc.type is not None and arc.low < arc.high]
    highest = {id(arc): arc.high for arc in free}
    for level in sorted({arc.type["mass"] for arc in free if arc.type}):
        for arc in free:
            assert arc.type is not None
            above = arc.type["mass"] >= level
            arc.low = level * arc.type["count"] if above else arc.flow
            arc.high = highest[id(arc)] if above else arc.flow
        part = strong_parts(arcs)
        for arc in free:
            assert arc.type is not None
            if arc.type["mass"] == level and arc.flow < arc.high and part[arc.tail] == part[arc.head]:
                return [
                    f"方案不是最公平的：专业为「{'、'.join(arc.type['specialties'])}」的专家概率还可以提高"
                ]
    return []


def neighbors(arcs: list[Arc]) -> tuple[dict[Any, list[Any]], dict[Any, list[Any]]]:
    """Where the flow could still be moved to, and from."""
    onward: dict[Any, list[Any]] = {}
    back: dict[Any, list[Any]] = {}
    for arc in arcs:
        for node in (arc.tail, arc.head):
            onward.setdefault(node, [])
            back.setdefault(node, [])
        if arc.flow < arc.high:
            onward[arc.tail].append(arc.head)
            back[arc.head].append(arc.tail)
        if arc.flow > arc.low:
            onward[arc.head].append(arc.tail)
            back[arc.tail].append(arc.head)
    return onward, back


def strong_parts(arcs: list[Arc]) -> dict[Any, Any]:
    """Strongly connected parts (Kosaraju): nodes between which flow can be moved round."""
    onward, back = neighbors(arcs)
    finished: list[Any] = []
    seen: set[Any] = set()
    for start in onward:
        if start in seen:
            continue
        seen.add(start)
        walk = [(start, iter(onward[start]))]
        while walk:
            node, rest = walk[-1]
            following = next((one for one in rest if one not in seen), None)
            if following is None:
                finished.append(node)
                walk.pop()
            else:
                seen.add(following)
                walk.append((following, iter(onward[following])))
    part: dict[Any, Any] = {}
    for start in reversed(finished):
        waiting = [start] if start not in part else []
        while waiting:
            node = waiting.pop()
            if node not in part:
                part[node] = start
                waiting += [one for one in back[node] if one not in part]
    return part


def pin_tier(arcs: list[Arc], tier: int) -> bool:
    """Whether no change raises the number from the first tiers; then fix what all best choices share."""
    best = {node: 0 for arc in arcs for node in (arc.tail, arc.head)}
    gain = {id(arc): int(arc.type is not None and arc.type["tier"] <= tier) for arc in arcs}
    for _ in range(len(best) + 1):
        changed = False
        for arc in arcs:
            worth = gain[id(arc)]
            if arc.flow < arc.high and best[arc.tail] + worth > best[arc.head]:
                best[arc.head], changed = best[arc.tail] + worth, True
            if arc.flow > arc.low and best[arc.head] - worth > best[arc.tail]:
                best[arc.tail], changed = best[arc.head] - worth, True
        if not changed:
            break
    else:
        return False
    for arc in arcs:
        if best[arc.tail] + gain[id(arc)] != best[arc.head]:
            arc.low = arc.high = arc.flow
    return True


# --- the draw itself ----------------------------------------------------------------------------------


class Dice:
    """The stream of random bytes that the seed determines."""

    def __init__(self, seed: bytes, name: str = "sha256") -> None:
        self.seed, self.hash = seed, HASHES[name]
        self.blocks, self.bytes = 0, bytearray()

    def below(self, bound: int) -> int:
        """A whole number from 0 to bound - 1."""
        if bound == 1:
            return 0
        bits = (bound - 1).bit_length()
        length = -(-bits // 8)
        while True:
            while len(self.bytes) < length:
                text = b"EXPERT-DRAW/1 stream\0" + self.seed + self.blocks.to_bytes(8, "big")
                self.bytes += self.hash(text)
                self.blocks += 1
            value = int.from_bytes(self.bytes[:length], "big") % (1 << bits)
            del self.bytes[:length]
            if value < bound:
                return value

    def mix(self, items: list[Any]) -> None:
        """Shuffle in place."""
        for last in reversed(range(1, len(items))):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]

    def choose(self, weights: list[int]) -> int:
        """An index by weight."""
        value, index = self.below(sum(weights)), 0
        while value >= weights[index]:
            value -= weights[index]
            index += 1
        return index


Level = tuple[str, "str | None"]
"""("group", name) or ("unit", name); without a name it is the hub."""


class Node:
    """An opened group or unit: bins and further nodes hang under it."""

    def __init__(self, parent: Node | None) -> None:
        self.parent = parent
        self.path: list[Node] = [self, *(parent.path if parent else [])]


class Bundle:
    """People who are packed together: a group, a unit, one expert, or several of these because of a conflict."""

    def __init__(self, parts: list[list[Person]], inner: Level | None = None) -> None:
        self.parts = sorted(parts, key=lambda people: (people[0].unit, people[0].id))
        self.people = [one for people in self.parts for one in people]
        self.mass = sum(one.share for one in self.people)
        self.inner = inner

    def first(self) -> tuple[str, str]:
        """What bundles are sorted by."""
        return self.people[0].unit, self.people[0].id


class Bundles:
    """The bundles of every level: directly under the hub, in a group, in a unit."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.left: list[tuple[Person, Person]] = []
        self.known: dict[Level, list[Bundle]] = {}

    def left_over(self) -> list[tuple[Person, Person]]:
        """The pairs in conflict that may still be drawn together."""
        waiting: list[Level] = [("group", None)] if self.draw.conflicts else []
        while waiting:
            bundles = self.at(waiting.pop())
            waiting += [one.inner for one in bundles if one.inner and one.mass > self.draw.scale]
        return self.left

    def at(self, level: Level) -> list[Bundle]:
        """The bundles of a level in order."""
        if level not in self.known:
            self.known[level] = self.joined(sorted(self.single(level), key=Bundle.first))
        return list(self.known[level])

    def single(self, level: Level) -> list[Bundle]:
        """What lies directly in a level."""
        kind, name = level
        if kind == "unit" and name is not None:
            return [Bundle([[one]]) for one in self.draw.staff[name]]
        nesting, staff = self.draw.groups, self.draw.staff
        units = [unit for unit in self.draw.units if (nesting.above[unit] or [None])[0] == name]
        inner = [
            (group, sorted(members))
            for group, (members, _, _) in nesting.rows.items()
            if members and nesting.parent[group] == name
        ]
        return [Bundle([staff[unit]], ("unit", unit)) for unit in units] + [
            Bundle([[one for unit in members for one in staff[unit]]], ("group", group))
            for group, members in inner
        ]

    def joined(self, bundles: list[Bundle]) -> list[Bundle]:
        """Whoever is in conflict shares a bundle if it weighs no more than one seat."""
        if not self.draw.conflicts:
            return bundles
        holder = {id(one): bundle for bundle in bundles for one in bundle.people}
        for one, other in self.draw.conflicts:
            mine, theirs = holder.get(id(one)), holder.get(id(other))
            if mine is None or theirs is None or mine is theirs:
                continue
            if mine.mass + theirs.mass > self.draw.scale:
                self.left.append((one, other))
                continue
            both = Bundle(mine.parts + theirs.parts)
            holder.update({id(person): both for person in both.people})
        unique = {id(bundle): bundle for bundle in holder.values()}
        return sorted(unique.values(), key=Bundle.first)


class Replay:
    """The draw, step by step, from plan and seed."""

    def __init__(self, draw: Draw, dice: Dice) -> None:
        self.draw, self.dice = draw, dice
        self.bundles = Bundles(draw)
        self.nodes: list[Node] = []
        self.bins: list[tuple[Node, list[Person]]] = []

    def panel(self) -> list[list[str]]:
        """The seats in the order of call."""
        top = Node(None)
        self.nodes.append(top)
        self.fill(top, ("group", None))
        table = self.masses()
        flow, cells = self.small_flow(table)
        round_flow(flow, self.draw.scale, self.dice)
        seats = []
        for (index, name), position in cells.items():
            if flow[position][2] == self.draw.scale:
                pieces = table[index][name]
                person, _ = pieces[self.dice.choose([mass for _, mass in pieces])]
                seats.append([person.id, name])
        self.dice.mix(seats)
        return seats

    def fill(self, node: Node, level: Level) -> None:
        """Pack the bundles of a level into bins under a node, opening whatever weighs more than one seat."""
        bundles = self.bundles.at(level)
        self.dice.mix(bundles)
        room = 0
        current: list[Person] = []
        for bundle in bundles:
            if bundle.mass > self.draw.scale:
                assert bundle.inner is not None
                inner = Node(node)
                self.nodes.append(inner)
                self.fill(inner, bundle.inner)
                continue
            if bundle.mass > room:
                current = []
                self.bins.append((node, current))
                room = self.draw.scale
            current += [one for one in bundle.people if one.share]
            room -= bundle.mass

    def masses(self) -> list[dict[str, list[tuple[Person, int]]]]:
        """Per bin and specialty the people and their mass; each type hands out its seats in order."""
        left = {id(one.type): [list(entry) for entry in one.type["split"]] for one in self.draw.people}
        table = []
        for _, people in self.bins:
            row: dict[str, list[tuple[Person, int]]] = {}
            for person in people:
                need = person.share
                while need:
                    entry = next(entry for entry in left[id(person.type)] if entry[1])
                    part = min(need, entry[1])
                    entry[1] -= part
                    need -= part
                    row.setdefault(entry[0], []).append((person, part))
            table.append(dict(sorted(row.items())))
        return table

    def small_flow(self, table: list[dict[str, Any]]) -> tuple[list[list[int]], dict[tuple[int, str], int]]:
        """[tail, head, mass] of every arc in the specified order; the place of each bin and seat."""
        active, categories = self.draw.active, self.draw.categories
        nodes: list[Any] = [*self.nodes, *(("bin", index) for index in range(len(table)))]
        nodes += [("specialty", name) for name in active]
        nodes += [("category", name) for name in categories.order] + ["root"]
        numbers = {node: index for index, node in enumerate(nodes)}
        sums = [{name: sum(part for _, part in pieces) for name, pieces in row.items()} for row in table]
        arcs: list[tuple[Any, Any, int]] = []
        for node in self.nodes[1:]:
            under = [
                sum(row.values())
                for (holder, _), row in zip(self.bins, sums, strict=True)
                if node in holder.path
            ]
            arcs.append((node.parent, node, sum(under)))
        for index, row in enumerate(sums):
            arcs.append((self.bins[index][0], ("bin", index), sum(row.values())))
        cells = [(index, name) for index, row in enumerate(sums) for name in row]
        places = {cell: len(arcs) + place for place, cell in enumerate(cells)}
        arcs += [(("bin", index), ("specialty", name), sums[index][name]) for index, name in cells]
        seats = {name: sum(row.get(name, 0) for row in sums) for name in active}
        arcs += [(arc.tail, arc.head, arc.flow) for arc in seat_arcs(self.draw, seats)]
        return [[numbers[tail], numbers[head], mass] for tail, head, mass in arcs], places


def round_flow(flow: list[list[int]], scale: int, dice: Dice) -> None:
    """Turn the masses into whole seats by pushing along cycles, each time by a coin of the right weight."""
    while True:
        broken = [index for index, arc in enumerate(flow) if arc[2] % scale]
        if not broken:
            return
        node = min(min(flow[index][:2]) for index in broken)
        trail: list[tuple[int, int]] = []
        visited: list[int] = []
        last = -1
        while node not in visited:
            visited.append(node)
            last = next(index for index in broken if index != last and node in flow[index][:2])
            sign = 1 if flow[last][0] == node else -1
            trail.append((last, sign))
            node = flow[last][1 if sign > 0 else 0]
        cycle = trail[visited.index(node) :]
        up = min(-sign * flow[index][2] % scale for index, sign in cycle)
        down = min(sign * flow[index][2] % scale for index, sign in cycle)
        step = up if dice.choose([down, up]) == 0 else -down
        for index, sign in cycle:
            flow[index][2] += sign * step


def replayed(draw: Draw, seed: bytes) -> tuple[list[list[str]], int]:
    """The panel and how many panels before it were thrown away for a conflict."""
    panel = Replay(draw, Dice(seed, draw.hash)).panel()
    redraws = 0
    while in_conflict(draw, {identity for identity, _ in panel}):
        redraws += 1
        again = hashed("redraw", seed, redraws.to_bytes(8, "big"), name=draw.hash)
        panel = Replay(draw, Dice(again, draw.hash)).panel()
    return panel, redraws


def in_conflict(draw: Draw, chosen: set[str]) -> bool:
    """Whether both of a pair are among these."""
    return any(one.id in chosen and other.id in chosen for one, other in draw.conflicts)


def check_result(draw: Draw, document: dict[str, Any]) -> list[str]:
    """The replay gives this panel, and the panel obeys every rule (looked at without any theory)."""
    problems = []
    panel, redraws = replayed(draw, bytes.fromhex(document["seed"]))
    if panel != document["result"]:
        problems.append("重新计算的结果与记录的名单不一致")
    if redraws != document["redraws"]:
        problems.append("重抽次数与记录不符")
    people = {one.id: one for one in draw.people}
    chosen = [identity for identity, _ in document["result"]]
    if len(chosen) != draw.size or len(set(chosen)) != len(chosen) or not set(chosen) <= set(people):
        return [*problems, "名单人数不符、有人重复，或有人不在可抽取的名单中"]
    if not draw.fixed <= set(chosen):
        problems.append("已确定人选不在结果中")
    if in_conflict(draw, set(chosen)):
        problems.append("有利害关系的专家同在名单中")
    if any(name not in people[identity].specialties for identity, name in document["result"]):
        problems.append("有人坐在不属于自己专业的席位上")
    seats = {name: sum(1 for _, seat in document["result"] if seat == name) for name in draw.active}
    units = {unit: sum(1 for identity in chosen if people[identity].unit == unit) for unit in draw.units}
    return problems + [f"结果中{what}超出范围" for what in draw.exceeded(seats, units, 1)]


# --- the program --------------------------------------------------------------------------------------


def examine(document: Any) -> list[str]:
    """All problems of a transcript; raises `Malformed` if it is none."""
    conform(document, SHAPE, "记录")
    rules = document["rules"]
    if (document["format"], rules["algorithm"]) != ("lunheng-draw/1", "leximin/1") or rules[
        "hash"
    ] not in HASHES:
        raise Malformed("不认识的记录版本或算法")
    problems = check_hashes(document)
    try:
        # the checks below note numbers beside the plan's own; the caller's document stays as it is
        copy = json.loads(canonical(document))
        draw = Draw(copy)
        plan_problems = check_plan(draw, copy["plan"])
        problems += plan_problems or check_result(draw, copy)
    except Wrong as wrong:
        problems.append(str(wrong))
    return problems


def verify(document: Any) -> list[str]:
    """The problems of a transcript in Chinese; empty if everything holds."""
    try:
        return examine(document)
    except Malformed as malformed:
        return [f"不是有效的抽取记录：{malformed}"]


def _refuse(text: str) -> Any:
    raise Malformed(f"记录中不允许出现 {text}")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise Malformed("同一栏目出现两次")
    return dict(pairs)


def read(text: str) -> Any:
    """The document in a file; raises `Malformed`."""
    try:
        return json.loads(text, parse_float=_refuse, parse_constant=_refuse, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise Malformed("文件不是 JSON") from None


def chain_place(document: dict[str, Any], anchor: str) -> int | None:
    """Which link after a published anchor the record's link is; None when no link of it leads there."""
    step = HASHES[document["rules"]["hash"]]
    kinds = [kind for _, kind, _ in document["contributors"]]
    for kind, (_, text) in zip(kinds, document["reveals"], strict=True):
        value, place = bytes.fromhex(text), 0
        while kind == "link" and place < LONGEST_CHAIN:
            value, place = step(value), place + 1
            if value.hex() == anchor:
                return place
    return None


def options(arguments: list[str]) -> dict[str, str] | None:
    """The options after the file by name; None when they cannot be read."""
    told = dict(zip(arguments[1::2], arguments[2::2], strict=False))
    is_whole = len(arguments) == 1 + 2 * len(told) and set(told) <= {"--commit", "--anchor"}
    return {name: value.lower() for name, value in told.items()} if is_whole else None


def main(arguments: list[str]) -> int:
    """Check one file and say what was found."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:  # a terminal may lack our letters
        reconfigure(errors="backslashreplace")
    told = options(arguments)
    if told is None:
        print("用法：python verify_draw.py 抽取记录.json [--commit 承诺值] [--anchor 随机数链锚点]")
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            document = read(file.read())
        problems = examine(document)
    except (OSError, UnicodeDecodeError) as error:
        print(f"无法读取文件：{error}")
        return 2
    except Malformed as malformed:
        print(f"不是有效的抽取记录：{malformed}")
        return 2
    return conclude(document, problems, told)


def conclude(document: dict[str, Any], problems: list[str], told: dict[str, str]) -> int:
    """What was told beforehand is compared, and the verdict said."""
    if document["commit"] != told.get("--commit", document["commit"]):
        problems.append("记录的承诺值与事先公布的不同")
    place = chain_place(document, told["--anchor"]) if "--anchor" in told else 0
    if place is None:
        problems.append("记录中没有哪一方的随机数出自以此为锚点的链")
    for problem in problems:
        print(f"不符：{problem}")
    if problems:
        return 1
    print(f"核验通过：名单共 {len(document['result'])} 人，与种子、方案和规则完全一致。")
    print(f"承诺值 {document['commit']}（请与抽取前公布的数值核对）")
    if place:
        print(f"随机数链：记录中的一环是该锚点之后的第 {place} 环")
    for hint in hints(document):
        print(f"提示：{hint}")
    return 0


def hints(document: dict[str, Any]) -> list[str]:
    """What the check cannot say of where the seed came from."""
    contributors = document["contributors"]
    if not contributors:
        return ["种子系直接给定，没有各方事先承诺，本核验不能说明种子是否经过挑选。"]
    found = []
    if [kind for _, kind, _ in contributors] == ["link"]:
        found.append(f"只有「{contributors[0][0]}」一方提供随机数，掌握其随机数链的人可以事先算出结果。")
    for (_, kind, promise), (_, value) in zip(contributors, document["reveals"], strict=True):
        if kind == "beacon":
            found.append(f"请自行核对公开随机数「{promise}」的公布数值是否为 {value}。")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
