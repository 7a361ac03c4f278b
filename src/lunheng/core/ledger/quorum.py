"""Policy files (C2SP tlog-policy): which logs are known, which witnesses, and how many of them must have cosigned."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from lunheng.core.ledger.note import COSIGNATURE, OF_LOGS, Key, NoteError, parse_key, parse_size

NONE = "none"


class PolicyError(ValueError):
    """The file is no policy; the message names the line."""


@dataclass(frozen=True)
class Party:
    """A log or a witness and where it is reached (empty: not at all, its cosignatures come by file)."""

    key: Key
    address: str = ""


@dataclass
class Policy:
    """Whom to believe, and when."""

    logs: list[Party] = field(default_factory=list)
    witnesses: dict[str, Party] = field(default_factory=dict)
    groups: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    quorum: str = ""

    def is_met(self, cosigned: Collection[Key]) -> bool:
        """Whether the witnesses with these keys are enough."""
        return self.quorum == NONE or self._has(self.quorum, cosigned)

    def _has(self, name: str, cosigned: Collection[Key]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name].key in cosigned
        threshold, members = self.groups[name]
        return sum(self._has(member, cosigned) for member in members) >= threshold

    def is_defined(self, name: str) -> bool:
        """Whether a witness or a group has this name."""
        return name in self.witnesses or name in self.groups


def parse_policy(text: str) -> Policy:
    """Read a policy file.

    Raises:
        PolicyError: an unknown line, a name that is not defined before, a key given twice, no or two quorums.
    """
    policy, used = Policy(), set[str]()
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.strip(" \t").split()
        if not words or words[0].startswith("#"):
            continue
        try:
            READERS[words[0]](policy, words[1:], used)
        except (KeyError, IndexError, ValueError) as error:
            raise PolicyError(f"line {number}: {line.strip()!r}: {error}") from error
    if not policy.quorum:
        raise PolicyError("the policy names no quorum")
    return policy


def _read_log(policy: Policy, words: list[str], used: set[str]) -> None:
    policy.logs.append(_party(policy, words, OF_LOGS))


def _read_witness(policy: Policy, words: list[str], used: set[str]) -> None:
    _check_new(policy, words[0])
    policy.witnesses[words[0]] = _party(policy, words[1:], (COSIGNATURE,))


def _party(policy: Policy, words: list[str], algorithms: tuple[int, ...]) -> Party:
    key = parse_key(words[0])
    if key.algorithm not in algorithms:
        raise NoteError("the key is of another algorithm")
    if key.public in {party.key.public for party in (*policy.logs, *policy.witnesses.values())}:
        raise NoteError("the key stands here already")
    if len(words) > 2:
        raise NoteError("too many words")
    return Party(key, words[1].rstrip("/") if len(words) == 2 else "")


def _read_group(policy: Policy, words: list[str], used: set[str]) -> None:
    name, count, *members = words
    _check_new(policy, name)
    for member in members:
        if not policy.is_defined(member) or member in used:
            raise ValueError(f"{member} is not defined before, or is a member already")
        used.add(member)
    threshold = {"all": len(members), "any": 1}.get(count) or parse_size(count)
    if not 1 <= threshold <= len(members):
        raise ValueError("the threshold is not between one and the number of members")
    policy.groups[name] = (threshold, tuple(members))


def _read_quorum(policy: Policy, words: list[str], used: set[str]) -> None:
    (name,) = words
    if policy.quorum or not (name == NONE or policy.is_defined(name)):
        raise ValueError("the quorum is given twice, or its name is not defined before")
    policy.quorum = name


def _check_new(policy: Policy, name: str) -> None:
    if name == NONE or policy.is_defined(name):
        raise ValueError(f"{name} is taken")


READERS: dict[str, Callable[[Policy, list[str], set[str]], None]] = {
    "log": _read_log,
    "witness": _read_witness,
    "group": _read_group,
    "quorum": _read_quorum,
}
