"""核验存证: check receipts, checkpoints and the whole log from outside, with nothing but Python.

    python verify_ledger.py receipt FILE.tlog-proof --policy policy.txt [--payload p.json --salt HEX] [--file plan.pdf]
    python verify_ledger.py checkpoint URL|FILE --policy policy.txt [--age 秒]
    python verify_ledger.py extend --from old.ckpt --to new.ckpt URL|DIR --policy policy.txt
    python verify_ledger.py audit URL|DIR --policy policy.txt [--from N]
    python verify_ledger.py compare A.ckpt B.ckpt --policy policy.txt
    python verify_ledger.py case FILE.zip|DIR [--policy policy.txt]

Exit code 0: everything holds; 1: something is false; 2: the file is not of its format; 3: the policy is not met;
4: something needed for the check is missing. URL is the address of the log (…/ledger), DIR a copy of it.
The second tree of a log (SM3, SM2) lies below it, at …/ledger/sm3 or DIR/sm3, and is checked by the same commands.
This program shares no code with the one it checks; Ed25519, SM2 and where need be SM3 are computed here too, in plain
Python.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import http.client
import json
import re
import sys
import time
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple

FIELDS = {
    "v", "log", "id", "at", "tenant", "type", "subject", "n", "prev", "actor", "role", "auth", "req", "pay", "files", "refs",
}  # fmt: skip
TEXTS = FIELDS - {"v", "n", "files", "refs"}
FIRST = "0" * 64
WIDTH = 256
LAST_SECOND = 253_402_300_799
"""The end of the year 9999: no witness saw anything later."""
DEEPEST = 64
LARGEST = 2**53 - 1
LARGEST_FILE = 1 << 30
"""Bytes that are taken from a server, or out of a case file, at most."""
UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What would end a line, turn it round or command a terminal."""
BACKWARDS = 5 * 60 * 1_000_000
"""Microseconds by which an entry may precede the one before it."""
MOMENT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.([0-9]{6})Z")
Fetch = Callable[[str], bytes]
Digest = Callable[[bytes], bytes]
LOG, WITNESS, SM2_LOG = 1, 4, 255
KINDS = {LOG: b"\x01", WITNESS: b"\x04", SM2_LOG: b"\xffsm2-sm3/1"}
"""How keys write their algorithm: Ed25519 of a log, Ed25519 of a witness, SM2 of a log."""
PUBLIC = {LOG: 32, WITNESS: 32, SM2_LOG: 64}


class Problem(Exception):
    """Something that ends the check, with its exit code."""

    code = 1


class Wrong(Problem):
    """It is false."""


class Malformed(Problem):
    """It is not of its format."""

    code = 2


class Unmet(Problem):
    """Not signed by those whom the policy demands."""

    code = 3


class Incomplete(Problem):
    """Something is missing."""

    code = 4


# Ed25519 (RFC 8032), verification only: points in extended coordinates.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def ed25519_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature is that of the key under the message."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, point = _decoded_point(public), _decoded_point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or point is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    left, right = _times(scalar, BASE), _sum(point, _times(challenge, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % P == 0


def _decoded_point(raw: bytes) -> Point | None:
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _sum(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(scalar: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _sum(result, point)
        point = _sum(point, point)
        scalar >>= 1
    return result


_BASE = _decoded_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
assert _BASE is not None
BASE: Point = _BASE


# SM3 (GB/T 32905) and SM2 (GB/T 32918.2), verification only, with the default identity.

WORD = 2**32 - 1
SM2_P = 2**256 - 2**224 - 2**96 + 2**64 - 1
SM2_A = SM2_P - 3
SM2_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
SM2_ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
SM2_BASE = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
IDENTITY = b"1234567812345678"
Place = tuple[int, int] | None
"""A point of the curve; None is the one at infinity."""


def sha256(data: bytes) -> bytes:
    """The digest of the first tree."""
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    """The digest of the second tree, by the system's library where it has it."""
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3", data).digest()
    return sm3_in_python(data)


def sm3_in_python(data: bytes) -> bytes:
    """The same, step by step."""
    state = [
        0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
    ]  # fmt: skip
    message = data + b"\x80" + b"\x00" * ((55 - len(data)) % 64) + (len(data) * 8).to_bytes(8, "big")
    for start in range(0, len(message), 64):
        block = message[start : start + 64]
        words = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 64, 4)]
        state = [old ^ new for old, new in zip(state, _sm3_rounds(words, state), strict=True)]
    return b"".join(word.to_bytes(4, "big") for word in state)


def _sm3_rounds(w: list[int], state: list[int]) -> list[int]:
    for j in range(16, 68):
        mixed = w[j - 16] ^ w[j - 9] ^ _rotated(w[j - 3], 15)
        w.append(mixed ^ _rotated(mixed, 15) ^ _rotated(mixed, 23) ^ _rotated(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        if j < 16:
            constant, one, other = 0x79CC4519, a ^ b ^ c, e ^ f ^ g
        else:
            constant, one, other = 0x7A879D8A, (a & b) | (a & c) | (b & c), (e & f) | (~e & WORD & g)
        ss1 = _rotated((_rotated(a, 12) + e + _rotated(constant, j % 32)) & WORD, 7)
        tt1 = (one + d + (ss1 ^ _rotated(a, 12)) + (w[j] ^ w[j + 4])) & WORD
        tt2 = (other + h + ss1 + w[j]) & WORD
        a, b, c, d = tt1, a, _rotated(b, 9), c
        e, f, g, h = tt2 ^ _rotated(tt2, 9) ^ _rotated(tt2, 17), e, _rotated(f, 19), g
    return [a, b, c, d, e, f, g, h]


def _rotated(word: int, by: int) -> int:
    return ((word << by) | (word >> (32 - by))) & WORD


def sm2_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature (r, s) is that of the key (x, y) under the message."""
    numbers = sm2_numbers(public, signature)
    if numbers is None:
        return False
    x, y, r, s, total = numbers
    point = sm2_combined(s, total, (x, y))
    digest = int.from_bytes(sm3(_sm2_identity(public) + message), "big")
    return point is not None and (digest + point[0]) % SM2_ORDER == r


def sm2_numbers(public: bytes, signature: bytes) -> tuple[int, int, int, int, int] | None:
    """x, y, r, s and r + s, each in its range and the key on the curve (7.1, B1, B2 and B5); None otherwise."""
    if len(public) != 64 or len(signature) != 64:
        return None
    x, y = int.from_bytes(public[:32], "big"), int.from_bytes(public[32:], "big")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    is_on_curve = max(x, y) < SM2_P and (y * y - (x * x + SM2_A) * x - SM2_B) % SM2_P == 0
    total = (r + s) % SM2_ORDER
    if not is_on_curve or not (0 < r < SM2_ORDER and 0 < s < SM2_ORDER and total):
        return None
    return x, y, r, s, total


def sm2_combined(s: int, total: int, key: Place) -> Place:
    """The point s·G + total·K."""
    return _sm2_sum(_sm2_times(s, SM2_BASE), _sm2_times(total, key))


def _sm2_identity(public: bytes) -> bytes:
    curve = b"".join(value.to_bytes(32, "big") for value in (SM2_A, SM2_B, *SM2_BASE))
    return sm3((len(IDENTITY) * 8).to_bytes(2, "big") + IDENTITY + curve + public)


def _sm2_sum(one: Place, other: Place) -> Place:
    if one is None or other is None:
        return one or other
    if one[0] == other[0]:
        if (one[1] + other[1]) % SM2_P == 0:
            return None
        slope = (3 * one[0] * one[0] + SM2_A) * pow(2 * one[1], -1, SM2_P)
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, SM2_P)
    x = (slope * slope - one[0] - other[0]) % SM2_P
    return x, (slope * (one[0] - x) - one[1]) % SM2_P


def _sm2_times(scalar: int, point: Place) -> Place:
    result: Place = None
    while scalar:
        if scalar & 1:
            result = _sm2_sum(result, point)
        point = _sm2_sum(point, point)
        scalar >>= 1
    return result


# Notes, keys and policies.


class Key(NamedTuple):
    """Who may sign."""

    name: str
    algorithm: int
    public: bytes

    @property
    def identifier(self) -> bytes:
        """Four bytes that name it."""
        return sha256(self.name.encode() + b"\n" + KINDS[self.algorithm] + self.public)[:4]


class Signed(NamedTuple):
    """A checkpoint whose signatures were checked."""

    origin: str
    size: int
    root: bytes
    cosigned: dict[Key, int]
    text: str
    digest: Digest = sha256

    @property
    def log(self) -> str:
        """The log whose entries these are, as they name it."""
        return self.origin if self.digest is sha256 else self.origin.removesuffix("/sm3")


class Policy(NamedTuple):
    """Who is believed, and how many witnesses are enough."""

    logs: list[Key]
    witnesses: dict[str, Key]
    groups: dict[str, tuple[int, list[str]]]
    quorum: str

    def is_met(self, name: str, cosigned: Iterable[Key]) -> bool:
        """Whether the witness or the group of this name has cosigned."""
        if name == "none":
            return True
        if name in self.witnesses:
            return self.witnesses[name] in cosigned
        threshold, members = self.groups[name]
        return sum(self.is_met(member, cosigned) for member in members) >= threshold


def unbased(text: str) -> bytes:
    """Base64 in its one spelling."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise Malformed(f"不是有效的 base64：{text[:40]}") from None
    if base64.b64encode(raw).decode() != text:
        raise Malformed(f"base64 写法不规范：{text[:40]}")
    return raw


def number(text: str) -> int:
    """A size or an index in its shortest form."""
    if not re.fullmatch("0|[1-9][0-9]{0,18}", text):
        raise Malformed(f"不是有效的数：{text[:40]}")
    return int(text)


def read_key(line: str) -> Key:
    """A verification key."""
    parts = line.split("+", 2)
    raw = unbased(parts[2]) if len(parts) == 3 else b""
    found = [(kind, raw[len(head) :]) for kind, head in KINDS.items() if raw.startswith(head)]
    if not found or len(found[0][1]) != PUBLIC[found[0][0]]:
        raise Malformed(f"不是有效的公钥：{line[:60]}")
    key = Key(parts[0], *found[0])
    if key.identifier.hex() != parts[1]:
        raise Malformed(f"公钥标识不符：{key.name}")
    return key


def read_policy(text: str) -> Policy:
    """A policy file. Nobody counts twice: no key, name or member stands there again."""
    policy = Policy([], {}, {}, "")
    for line in text.split("\n"):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "quorum" and len(words) == 2:
            policy = _with_quorum(policy, words[1])
        else:
            _read_line(policy, words)
    if not policy.quorum:
        raise Malformed("策略文件应有且只有一行有效的 quorum")
    return policy


def _with_quorum(policy: Policy, name: str) -> Policy:
    if policy.quorum or name not in {"none", *policy.witnesses, *policy.groups}:
        raise Malformed("策略文件应有且只有一行有效的 quorum")
    return policy._replace(quorum=name)


def _read_line(policy: Policy, words: list[str]) -> None:
    if words[0] == "log" and len(words) in (2, 3):
        policy.logs.append(_new_key(policy, words[1], LOG, SM2_LOG))
    elif words[0] == "witness" and len(words) in (3, 4):
        _require_new(policy, words[1])
        policy.witnesses[words[1]] = _new_key(policy, words[2], WITNESS)
    elif words[0] == "group" and len(words) > 3:
        _read_group(policy, *words[1:])
    else:
        raise Malformed(f"策略文件中不认识的行：{' '.join(words)[:60]}")


def _read_group(policy: Policy, name: str, count: str, *members: str) -> None:
    _require_new(policy, name)
    threshold = number({"all": str(len(members)), "any": "1"}.get(count, count))
    taken = {member for _, others in policy.groups.values() for member in others}
    free = {*policy.witnesses, *policy.groups} - taken
    if not free.issuperset(members) or len(set(members)) < len(members) or not 1 <= threshold <= len(members):
        raise Malformed(f"策略文件的分组无效：{name}")
    policy.groups[name] = (threshold, list(members))


def _require_new(policy: Policy, name: str) -> None:
    if name in {"none", *policy.witnesses, *policy.groups}:
        raise Malformed(f"策略文件中的名称重复：{name}")


def _new_key(policy: Policy, line: str, *algorithms: int) -> Key:
    key = _of_kind(read_key(line), *algorithms)
    if key.public in {other.public for other in (*policy.logs, *policy.witnesses.values())}:
        raise Malformed(f"策略文件中的公钥重复：{key.name}")
    return key


def _of_kind(key: Key, *algorithms: int) -> Key:
    if key.algorithm not in algorithms:
        raise Malformed(f"公钥种类不符：{key.name}")
    return key


def read_checkpoint(raw: bytes, policy: Policy) -> Signed:
    """A checkpoint, its signatures checked; the log's own is required, cosignatures are collected with their times."""
    text, lines = _halves(raw)
    parts = text.split("\n")
    if len(parts) != 4 or parts[3] or len(unbased(parts[2])) != 32:
        raise Malformed("检查点应为来源、条数和树根三行")
    signed = Signed(parts[0], number(parts[1]), unbased(parts[2]), {}, text)
    known = {(key.name, key.identifier): key for key in (*policy.logs, *policy.witnesses.values())}
    seen: set[Key] = set()
    for name, raw_signature in lines:
        key = known.get((name, raw_signature[:4]))
        if key is None or (key.algorithm != WITNESS and key.name != signed.origin):
            continue
        if key in seen:
            raise Malformed(f"{key.name} 重复签名")
        seen.add(key)
        _check_signature(key, raw_signature[4:], signed)
    kinds = {key.algorithm for key in seen} - {WITNESS}
    if not kinds:
        raise Unmet("没有策略文件所列日志密钥的签名")
    if len(kinds) > 1:
        raise Malformed("两种算法的日志密钥签了同一个检查点")
    return signed._replace(digest=sm3 if SM2_LOG in kinds else sha256)


def _check_signature(key: Key, value: bytes, signed: Signed) -> None:
    if len(value) != (72 if key.algorithm == WITNESS else 64):
        raise Malformed(f"{key.name} 的签名长度不符")
    message, at = signed.text.encode(), 0
    if key.algorithm == WITNESS:
        at = int.from_bytes(value[:8], "big")
        if at > LAST_SECOND:
            raise Malformed(f"{key.name} 的见证时刻不对")
        message = f"cosignature/v1\ntime {at}\n".encode() + message
        signed.cosigned[key] = at
    holds = sm2_holds if key.algorithm == SM2_LOG else ed25519_holds
    if not holds(key.public, value[-64:], message):
        raise Wrong(f"{key.name} 的签名不成立")


def _halves(raw: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    try:
        note = raw.decode()
    except UnicodeDecodeError:
        raise Malformed("检查点不是 UTF-8 文本") from None
    text, separator, lines = note.rpartition("\n\n")
    if not separator or not lines.endswith("\n") or re.search("[\x00-\x09\x0b-\x1f\x7f]", note):
        raise Malformed("检查点应为正文、空行和签名行")
    signatures = []
    for line in lines[:-1].split("\n"):
        found = re.fullmatch("\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)", line)
        if not found or len(unbased(found[2])) < 5:
            raise Malformed("签名行格式不对")
        signatures.append((found[1], unbased(found[2])))
    return f"{text}\n", signatures


def require_quorum(signed: Signed, policy: Policy) -> None:
    """The witnesses that the policy demands have cosigned."""
    if not policy.is_met(policy.quorum, list(signed.cosigned)):
        raise Unmet(f"见证签名不足：策略要求 {policy.quorum}，现有 {len(signed.cosigned)} 个")


# The tree.


def leaf_hash(body: bytes, digest: Digest = sha256) -> bytes:
    """The leaf of an entry; in the chain of its file always that of the first tree."""
    return digest(b"\x00" + body)


def parent(left: bytes, right: bytes, digest: Digest = sha256) -> bytes:
    """The node over two others."""
    return digest(b"\x01" + left + right)


def folded(row: list[bytes], digest: Digest = sha256) -> bytes:
    """The root over a row of hashes, whatever their number: pairs first, the odd one goes up as it is."""
    if not row:
        return digest(b"")
    while len(row) > 1:
        odd = row[-1:] if len(row) % 2 else []
        row = [parent(row[at], row[at + 1], digest) for at in range(0, len(row) - 1, 2)] + odd
    return row[0]


def root_by_path(index: int, size: int, leaf: bytes, path: list[bytes], digest: Digest = sha256) -> bytes:
    """The root to which a path leads (RFC 9162, 2.1.3.2)."""
    if index >= size:
        raise Wrong(f"只有 {size} 条，没有第 {index} 号")
    node, last, value = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise Wrong("路径过长")
        if node & 1 or node == last:
            value = parent(sibling, value, digest)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            value = parent(value, sibling, digest)
        node, last = node >> 1, last >> 1
    if last:
        raise Wrong("路径过短")
    return value


def tile_address(level: int | str, index: int, width: int) -> str:
    """Where a tile lies."""
    digits = f"{index:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{name}" + ("" if width == WIDTH else f".p/{width}")


def widths(count: int) -> Iterator[tuple[int, int]]:
    """Index and width of the tiles of one level."""
    for index in range(-(-count // WIDTH)):
        yield index, min(WIDTH, count - index * WIDTH)


def read_tile(fetch: Fetch, level: int, index: int, width: int) -> list[bytes]:
    """The hashes of a tile."""
    address = tile_address(level, index, width)
    raw = fetch(address)
    if len(raw) != 32 * width:
        raise Malformed(f"{address} 长度不对")
    return [raw[at : at + 32] for at in range(0, len(raw), 32)]


def read_bundle(fetch: Fetch, index: int, width: int) -> list[bytes]:
    """The entries of a bundle."""
    address, bodies, at = tile_address("entries", index, width), [], 0
    raw = fetch(address)
    while at < len(raw):
        length = int.from_bytes(raw[at : at + 2], "big")
        bodies.append(raw[at + 2 : at + 2 + length])
        at += 2 + length
    if at != len(raw) or len(bodies) != width:
        raise Malformed(f"{address} 的条目不完整")
    return bodies


def source(place: str) -> Fetch:
    """How to read the log at an address or in a folder."""

    def fetch_file(name: str) -> bytes:
        try:
            return (Path(place) / name).read_bytes()
        except OSError:
            raise Incomplete(f"缺少 {name}") from None

    def fetch_address(name: str) -> bytes:
        return download(f"{place.rstrip('/')}/{name}")

    return fetch_address if is_address(place) else fetch_file


def is_address(place: str) -> bool:
    """Whether it is on the network."""
    return place.startswith(("https://", "http://"))


def download(address: str) -> bytes:
    """Bytes from the network."""
    try:
        with urllib.request.urlopen(address, timeout=30) as response:  # nosec B310
            content: bytes = response.read(LARGEST_FILE + 1)
            is_whole = not response.length
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Incomplete(f"无法取得 {address}：{error}") from None
    if len(content) > LARGEST_FILE:
        raise Incomplete(f"{address} 过大")
    if not is_whole:
        raise Incomplete(f"{address} 没有传完")
    return content


def content_of(place: str) -> bytes:
    """Bytes from a file or from the network."""
    if is_address(place):
        return download(place)
    try:
        return Path(place).read_bytes()
    except OSError as error:
        raise Malformed(f"无法读取文件：{error}") from None


# Entries.


def canonical(value: object) -> bytes:
    """The one spelling of a value."""
    _check_value(value, 0)
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise Malformed("字符无法编码") from None


def _check_value(value: object, depth: int) -> None:
    """Only what has one spelling in every language: ASCII keys in order, whole numbers below 2**53, no depths."""
    if depth > DEEPEST:
        raise Malformed("内容层次过深")
    if isinstance(value, float) or (isinstance(value, int) and abs(value) > LARGEST):
        raise Malformed("内容中的数不是允许的整数")
    if isinstance(value, dict):
        if not all(key.isascii() for key in value):
            raise Malformed("栏目名应为 ASCII")
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            _check_value(one, depth + 1)


def _no_number(name: str) -> None:
    raise ValueError(name)


def read_json(raw: bytes, complaint: str) -> Any:
    """A value of a file in UTF-8; NaN and Infinity are none."""
    try:
        return json.loads(raw.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Malformed(complaint) from None


def read_body(raw: bytes) -> dict[str, Any]:
    """The fields of an entry."""
    fields = read_json(raw, "存证正文不是 JSON")
    if not isinstance(fields, dict) or set(fields) != FIELDS or canonical(fields) != raw:
        raise Malformed("存证正文不是规范格式")
    is_typed = all(isinstance(fields[name], str) for name in TEXTS) and isinstance(fields["files"], list)
    if (
        not is_typed
        or not isinstance(fields["refs"], list)
        or (type(fields["v"]), fields["v"], type(fields["n"])) != (int, 1, int)
    ):
        raise Malformed("存证正文字段类型不对")
    return fields


def moment(text: str) -> int:
    """Microseconds since 1970 of a moment as entries state it."""
    found = MOMENT.fullmatch(text)
    if not found:
        raise Malformed(f"时刻格式不对：{text[:40]}")
    year, month, day, hour, minute, second, fraction = map(int, found.groups())
    is_day = 1 <= month <= 12 and day >= 1 and _days(year, month, day) < _days(year, month + 1, 1)
    if not is_day or hour > 23 or minute > 59 or second > 59:
        raise Malformed(f"没有这个时刻：{text}")
    return ((_days(year, month, day) * 24 + hour) * 60 + minute) * 60_000_000 + second * 1_000_000 + fraction


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970; month 13 is the next January."""
    year, month = (year + 1, 1) if month == 13 else (year, month)
    year -= month <= 2
    shifted = (month + 9) % 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * shifted + 2) // 5 + day - 719_469


# Commands.


def check_receipt(options: argparse.Namespace, policy: Policy) -> list[str]:
    """A receipt, and what is said to belong to it."""
    body, index, path, checkpoint = read_receipt(content_of(options.place))
    signed = read_checkpoint(checkpoint, policy)
    leaf = leaf_hash(body, signed.digest)
    if root_by_path(index, signed.size, leaf, path, signed.digest) != signed.root:
        raise Wrong("路径不通向检查点的树根：这条存证不在日志中")
    fields = read_body(body)
    if fields["log"] != signed.log:
        raise Wrong("存证正文属于另一日志")
    moment(fields["at"])
    lines = [
        f"存证成立：第 {index} 号，共 {signed.size} 条，案件 {fields['subject']} 第 {fields['n']} 条，{fields['type']}，{fields['at']}"
    ]
    lines += _check_payload(options, fields) + _check_file(options, fields)
    require_quorum(signed, policy)
    return lines + _bounds(signed)


def read_receipt(raw: bytes) -> tuple[bytes, int, list[bytes], bytes]:
    """Body, index, path and checkpoint."""
    head, separator, checkpoint = raw.partition(b"\n\n")
    if not separator or not head.isascii():
        raise Malformed("回执缺少检查点")
    lines = head.decode().split("\n")
    if len(lines) < 3 or lines[0] != "c2sp.org/tlog-proof@v1":
        raise Malformed("不是存证回执")
    if not lines[1].startswith("extra ") or not lines[2].startswith("index "):
        raise Malformed("回执缺少正文或序号")
    path = [unbased(line) for line in lines[3:]]
    if len(path) > 63 or any(len(one) != 32 for one in path):
        raise Malformed("回执的路径格式不对")
    return unbased(lines[1][6:]), number(lines[2][6:]), path, checkpoint


def _check_payload(options: argparse.Namespace, fields: dict[str, Any]) -> list[str]:
    if not options.payload:
        return []
    payload, salt = read_json(content_of(options.payload), "内容或盐不是有效格式"), options.salt
    if salt is None and isinstance(payload, dict) and {"salt", "content"} <= set(payload):
        salt, content = read_salted(payload)  # one file with both, as the site and the case file give them
        if content is None:
            raise Incomplete("内容已按规定擦除，不能再与承诺核对")
        payload = read_json(content.encode(errors="surrogatepass"), "内容或盐不是有效格式")
    if commitment_of(payload, salt or "") != fields["pay"]:
        raise Wrong("内容与存证的承诺不符")
    return ["内容与存证的承诺一致"]


def commitment_of(payload: object, salt: str) -> str:
    """What an entry says of its content: an HMAC under a salt of its own."""
    try:
        key = bytes.fromhex(salt)
    except ValueError:
        raise Malformed("内容或盐不是有效格式") from None
    return hmac.new(key, b"ledger-payload/1\n" + canonical(payload), hashlib.sha256).hexdigest()


def _check_file(options: argparse.Namespace, fields: dict[str, Any]) -> list[str]:
    if not options.file:
        return []
    digest = hashlib.sha256(content_of(options.file)).hexdigest()
    if digest not in [file.get("sha256") for file in fields["files"] if isinstance(file, dict)]:
        raise Wrong(f"文件不是存证所列文件（SHA-256 {digest}）")
    return ["文件与存证一致"]


def _bounds(signed: Signed) -> list[str]:
    times = sorted(signed.cosigned.values())
    if not times:
        return ["提示：没有见证签名，只能说明日志运营方自己签过名"]
    shown = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(times[0]))
    return [f"见证 {len(times)} 个，最早 {shown} UTC：此前已在日志中"]


def check_checkpoint(options: argparse.Namespace, policy: Policy) -> list[str]:
    """A checkpoint: signatures, quorum, age."""
    is_log = re.search("/ledger(/sm3)?/?$", options.place)
    place = options.place.rstrip("/") + "/checkpoint" if is_log else options.place
    signed = read_checkpoint(content_of(place), policy)
    require_quorum(signed, policy)
    if options.age is not None:
        newest = max(signed.cosigned.values(), default=0)
        if time.time() - newest > options.age:
            raise Unmet(f"最近的见证签名已超过 {options.age} 秒")
    return [f"检查点成立：{signed.origin} 共 {signed.size} 条，树根 {signed.root.hex()}", *_bounds(signed)]


def check_extend(options: argparse.Namespace, policy: Policy) -> list[str]:
    """The newer checkpoint goes on from the older one; shown by the hashes of the tiles."""
    old = read_checkpoint(content_of(options.old), policy)
    new = read_checkpoint(content_of(options.new), policy)
    _require_one_log(old, new)
    if old.size > new.size:
        raise Wrong(f"日志变短了：从 {old.size} 条到 {new.size} 条，这两个检查点就是证据")
    leaves = leaf_row(source(options.place), new)
    for signed in (old, new):
        if folded(leaves[: signed.size], signed.digest) != signed.root:
            raise Wrong(f"{signed.size} 条的树根与公布的散列不符：日志被改写，两个检查点就是证据")
    return [f"新检查点（{new.size} 条）延续旧检查点（{old.size} 条）"]


def leaf_row(fetch: Fetch, signed: Signed) -> list[bytes]:
    """Every leaf hash that the log publishes."""
    return [leaf for index, width in widths(signed.size) for leaf in read_tile(fetch, 0, index, width)]


def _require_one_log(one: Signed, other: Signed) -> None:
    if one.origin != other.origin:
        raise Malformed(f"两个检查点属于不同日志：{one.origin}、{other.origin}")


def check_compare(options: argparse.Namespace, policy: Policy) -> list[str]:
    """Two checkpoints that two people were shown."""
    one = read_checkpoint(content_of(options.place), policy)
    other = read_checkpoint(content_of(options.other), policy)
    _require_one_log(one, other)
    if one.size != other.size:
        raise Incomplete("两个检查点条数不同，须用 extend 核验")
    if one.root != other.root:
        raise Wrong(
            f"同为 {one.size} 条却有两个树根，均有日志签名：\n{one.text}{other.text}这两个检查点就是分裂视图的证据"
        )
    return [f"两个检查点一致：{one.size} 条"]


def check_audit(options: argparse.Namespace, policy: Policy) -> list[str]:
    """Every entry, every tile, every chain."""
    fetch = source(options.place)
    signed = read_checkpoint(fetch("checkpoint"), policy)
    audit = Audit(signed, is_whole=options.first < WIDTH)
    leaves = []
    for index, width in widths(signed.size):
        tile = read_tile(fetch, 0, index, width)
        if (index + 1) * WIDTH > options.first:
            for place, body in enumerate(read_bundle(fetch, index, width)):
                audit.examine(index * WIDTH + place, body, tile[place])
        leaves += tile
    if folded(leaves, signed.digest) != signed.root:
        audit.problems.append("全部散列的树根与检查点不符")
    _audit_upper(fetch, leaves, audit)
    if audit.problems:
        raise Wrong("\n".join(map(one_line, audit.problems)))
    require_quorum(signed, policy)
    hints = [f"提示：{audit.backwards} 处时刻早于前一条五分钟以上"] if audit.backwards else []
    return [
        f"日志完整：{signed.size} 条，{len(audit.chains)} 个案件，树根 {signed.root.hex()}",
        *hints,
        *_bounds(signed),
    ]


def _audit_upper(fetch: Fetch, row: list[bytes], audit: Audit) -> None:
    """The tiles above the leaves hold the roots of the full tiles below them."""
    level = 1
    while len(row) >= WIDTH:
        row = [folded(row[at : at + WIDTH], audit.digest) for at in range(0, len(row) - WIDTH + 1, WIDTH)]
        for index, width in widths(len(row)):
            if read_tile(fetch, level, index, width) != row[index * WIDTH : index * WIDTH + width]:
                audit.problems.append(f"{tile_address(level, index, width)} 与下层散列不符")
        level += 1


class Audit:
    """What was seen so far, and what does not hold."""

    def __init__(self, signed: Signed, *, is_whole: bool) -> None:
        self.log = signed.log
        self.digest = signed.digest
        self.is_whole = is_whole
        self.problems: list[str] = []
        self.chains: dict[str, tuple[int, str]] = {}
        self.latest = 0
        self.backwards = 0

    def examine(self, place: int, body: bytes, published: bytes) -> None:
        """One entry at its place in the log."""
        if leaf_hash(body, self.digest) != published:
            self.problems.append(f"第 {place} 号：正文与散列不符")
        try:
            fields = read_body(body)
            at = moment(fields["at"])
        except Malformed as malformed:
            self.problems.append(f"第 {place} 号：{malformed}")
            return
        if fields["log"] != self.log:
            self.problems.append(f"第 {place} 号：属于另一日志")
        self._chain(place, fields, leaf_hash(body).hex())
        self.backwards += at < self.latest - BACKWARDS
        self.latest = max(self.latest, at)

    def _chain(self, place: int, fields: dict[str, Any], leaf: str) -> None:
        subject = fields["subject"]
        count, previous = self.chains.get(subject, (0, FIRST))
        is_begun_before = subject not in self.chains and not self.is_whole
        if not is_begun_before and (fields["n"], fields["prev"]) != (count + 1, previous):
            self.problems.append(f"第 {place} 号：案件 {subject} 的链在第 {count + 1} 条断开")
        self.chains[subject] = (fields["n"], leaf)


# A case file: one ZIP with a manifest of digests.


def check_case(options: argparse.Namespace, policy: Policy) -> list[str]:
    """A case file: digests, the chain of the case, the contents that the entries commit to, and its receipts."""
    place = Path(options.place)
    members = read_folder(place) if place.is_dir() else read_members(content_of(options.place))
    if "manifest.json" not in members:
        raise Malformed("ZIP 中没有 manifest.json，不是案件归档文件")
    manifest = read_manifest(members.pop("manifest.json"))
    case_file = CaseFile(manifest["case"], manifest["files"], members)
    case_file.check_digests()
    case_file.check_chain()
    case_file.check_receipts(policy if options.policy else None)
    if case_file.problems:
        raise Wrong("\n".join(map(one_line, case_file.problems)))
    absent = [one for one in case_file.files if one["path"] not in members]
    missing = [one["path"] for one in absent if not one.get("withheld")]
    if missing:
        raise Incomplete(one_line(f"目录所列文件不在 ZIP 中：{'、'.join(missing)}"))
    reference, count = case_file.case["reference"], len(case_file.files) - len(absent)
    if options.policy:
        for signed in case_file.signed.values():
            require_quorum(signed, policy)
    lines = [f"归档文件前后一致：案件 {reference}，存证 {case_file.entries} 条，文件 {count} 个"]
    return lines + case_file.told_of_receipts(with_policy=bool(options.policy))


def read_folder(folder: Path) -> dict[str, bytes]:
    """The members of a case file that was unpacked; what systems put beside files does not count."""
    found = (file for file in sorted(folder.rglob("*")) if file.is_file())
    litter = {"__MACOSX", "__pycache__", ".DS_Store", "Thumbs.db", "desktop.ini"}
    try:
        return {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for file in found
            if litter.isdisjoint(file.relative_to(folder).parts)
        }
    except OSError as error:
        raise Malformed(f"无法读取文件夹：{error}") from None


def read_members(raw: bytes) -> dict[str, bytes]:
    """The members of a ZIP by name."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            infos = archive.infolist()
            if len({info.filename for info in infos}) < len(infos):
                raise Malformed("ZIP 文件不完整或不是本平台的写法")
            if not {info.compress_type for info in infos} <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise Malformed("ZIP 文件不完整或不是本平台的写法")
            if sum(info.file_size for info in infos) > LARGEST_FILE:
                raise Malformed("ZIP 解开后超过 1 GB")
            return {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError):
        raise Malformed("ZIP 文件不完整或不是本平台的写法") from None


def read_manifest(raw: bytes) -> dict[str, Any]:
    """What a case file says that it holds."""
    manifest = read_json(raw, "manifest.json 不是 JSON")
    is_manifest = (
        isinstance(manifest, dict)
        and manifest.get("format") == "lunheng-case-file/1"
        and isinstance(manifest.get("case"), dict)
        and isinstance(manifest["case"].get("reference"), str)
        and isinstance(manifest.get("files"), list)
        and all(isinstance(one, dict) and isinstance(one.get("path"), str) for one in manifest["files"])
    )
    if not is_manifest:
        raise Malformed("manifest.json 不是案件归档文件的目录")
    found: dict[str, Any] = manifest
    return found


class CaseFile:
    """What was seen of a case file, and what does not hold."""

    def __init__(self, case: dict[str, Any], files: list[dict[str, Any]], members: dict[str, bytes]) -> None:
        self.case = case
        self.files = files
        self.members = members
        self.problems: list[str] = []
        self.entries = 0
        self.previous = FIRST
        self.receipts = 0
        self.signed: dict[bytes, Signed] = {}

    def check_digests(self) -> None:
        """Every member is listed, with its digest."""
        listed = {one["path"] for one in self.files}
        self.problems += [f"{name} 不在目录中" for name in self.members if name not in listed]
        for one in self.files:
            content = self.members.get(one["path"])
            if content is not None and hashlib.sha256(content).hexdigest() != one.get("sha256"):
                self.problems.append(f"{one['path']} 与目录所列摘要不符")

    def check_chain(self) -> None:
        """The entries follow each other, and none is missing."""
        for one in self.files:
            if one.get("kind") == "entry":
                self._check_entry(one["path"], one.get("leaf"))
        is_last = not self.entries or self.case.get("last_leaf") == self.previous
        if self.case.get("entries") != self.entries or not is_last:
            self.problems.append("存证的条数或末条与目录不符")

    def check_receipts(self, policy: Policy | None) -> None:
        """Every receipt is of the entry beside it; with a policy, it also leads to a checkpoint that the log signed."""
        for one in self.files:
            raw = self.members.get(one["path"])
            if one.get("kind") == "receipt" and raw is not None:
                self._check_receipt(one["path"], raw, policy)

    def _check_receipt(self, path: str, raw: bytes, policy: Policy | None) -> None:
        body, index, hashes, checkpoint = read_receipt(raw)
        self.receipts += 1
        if body != self.members.get(re.sub(r"tlog-proof$", "body.json", path)):
            self.problems.append(f"{path} 不是同号存证的回执")
        if policy is None:
            return
        if checkpoint not in self.signed:  # the receipts of one export stand under one checkpoint
            self.signed[checkpoint] = read_checkpoint(checkpoint, policy)
        signed = self.signed[checkpoint]
        leaf = leaf_hash(body, signed.digest)
        if root_by_path(index, signed.size, leaf, hashes, signed.digest) != signed.root:
            self.problems.append(f"{path}：路径不通向检查点的树根，这条存证不在日志中")
        if read_body(body)["log"] != signed.log:
            self.problems.append(f"{path}：存证正文属于另一日志")

    def told_of_receipts(self, *, with_policy: bool) -> list[str]:
        """What was checked of the receipts, in words."""
        if not self.receipts:
            return []
        if with_policy:
            return [
                f"回执 {self.receipts} 张全部成立",
                *(line for one in self.signed.values() for line in _bounds(one)),
            ]
        return [f"回执 {self.receipts} 张与存证对应；给出 --policy 策略文件，才能核验签名"]

    def _check_entry(self, path: str, leaf: object) -> None:
        body = self.members.get(path)
        if body is None:
            self.problems.append(f"缺少存证 {path}")
            return
        fields, own = read_body(body), leaf_hash(body).hex()
        self.entries += 1
        if own != leaf:
            self.problems.append(f"{path} 的散列与目录不符")
        if fields["subject"] != self.case.get("reference"):
            self.problems.append(f"{path} 属于另一案件")
        if (fields["n"], fields["prev"]) != (self.entries, self.previous):
            self.problems.append(f"{path}：案件的链在第 {self.entries} 条断开")
        self.previous = own
        self._check_content(path, fields)

    def _check_content(self, path: str, fields: dict[str, Any]) -> None:
        raw = self.members.get(re.sub(r"body\.json$", "payload.json", path))
        if raw is None:
            return
        salted = read_json(raw, f"{path} 的内容不是 JSON")
        salt, content = read_salted(salted)
        if content is None:
            return
        payload = read_json(content.encode(errors="surrogatepass"), f"{path} 的内容不是 JSON")
        if commitment_of(payload, salt) != fields["pay"]:
            self.problems.append(f"{path}：内容与存证的承诺不符")


def read_salted(value: Any) -> tuple[str, str | None]:
    """Salt and content as a case file gives them; no content when it was erased."""
    if not isinstance(value, dict) or not {"salt", "content"} <= set(value):
        raise Malformed("不是存证的内容和盐")
    salt, content = value["salt"], value["content"]
    if salt is None and content is None:
        return "", None
    if not isinstance(salt, str) or not isinstance(content, str):
        raise Malformed("不是存证的内容和盐")
    return salt, content


COMMANDS = {
    "receipt": check_receipt,
    "checkpoint": check_checkpoint,
    "extend": check_extend,
    "audit": check_audit,
    "compare": check_compare,
    "case": check_case,
}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="verify_ledger.py", description="核验存证：回执、检查点和整个日志")
    commands = top.add_subparsers(dest="command", required=True, metavar="命令")
    helps = {
        "receipt": "核验一条存证的回执",
        "checkpoint": "核验检查点的签名和见证",
        "extend": "核验新检查点延续旧检查点",
        "audit": "重算整个日志",
        "compare": "比较两个检查点",
        "case": "核验案件归档文件",
    }
    made = {name: commands.add_parser(name, help=text) for name, text in helps.items()}
    for name, command in made.items():
        command.add_argument("place", metavar="文件或地址")
        if name == "case":
            command.add_argument("--policy", help="策略文件：相信谁；给出则一并核验其中的回执")
        else:
            command.add_argument("--policy", required=True, help="策略文件：相信谁")
    made["receipt"].add_argument("--payload", help="存证内容（JSON）")
    made["receipt"].add_argument("--salt", help="内容的盐（十六进制）")
    made["receipt"].add_argument("--file", help="存证所列的文件")
    made["checkpoint"].add_argument("--age", type=int, help="最近的见证签名至多多少秒以前")
    made["extend"].add_argument("--from", dest="old", required=True, help="旧检查点")
    made["extend"].add_argument("--to", dest="new", required=True, help="新检查点")
    made["audit"].add_argument("--from", dest="first", type=int, default=0, help="从第几号开始核对正文")
    made["compare"].add_argument("other", metavar="另一文件")
    return top


def one_line(text: str) -> str:
    """The text without anything that a stranger's name could do to the lines around it."""
    return UNSHOWN.sub("\ufffd", text)


def main(arguments: list[str]) -> int:
    """Check and say what was found."""
    if isinstance(sys.stdout, TextIOWrapper):  # a terminal may lack our letters
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        options = parser().parse_args(arguments)
    except SystemExit as end:
        return 0 if end.code == 0 else Malformed.code
    try:
        trusted = content_of(options.policy).decode(errors="replace") if options.policy else "quorum none"
        policy = read_policy(trusted)
        lines = COMMANDS[options.command](options, policy)
    except Problem as problem:
        kinds = {1: "不符", 2: "格式不对", 3: "未达到策略要求", 4: "材料不全"}
        print("\n".join(map(one_line, f"{kinds[problem.code]}：{problem}".split("\n"))))
        return problem.code
    print("\n".join(map(one_line, lines)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
