"""沉默: the keys on which no layer of a pack speaks: holes that stop a pack, and what is left to people or to nobody."""

from collections.abc import Iterator

from lunheng.core.policy.faults import Problem
from lunheng.core.policy.offices import SAID_BY_RULES, power_of
from lunheng.core.policy.resolve import ResolvedPack
from lunheng.core.policy.rules import RULES, Rule, Silence
from lunheng.core.policy.rules.roles import PoolKeepers

HOLES = frozenset({Silence.FLOOR, Silence.REFUSE})
"""What somebody must say before a case can be judged."""


def holes(pack: ResolvedPack) -> Iterator[Problem]:
    """Every key that must be spoken on and is not: the file where it belongs, the key, and the remedy."""
    titles = "".join(f"《{layer.head.title}》" for layer in pack.layers)
    for kind in _silent(pack):
        if kind.silence in HOLES and not _is_said_by_powers(pack, kind):
            yield Problem(
                _file(pack, kind),
                kind.key,
                0,
                f"{titles}都没有规定“{kind.heading}”，有关事项一律不得办理",
                f"对照原文写 [{kind.key}]（可写的项见 docs/packs.md）；原文没有写的，选定读法并写 assumption",
            )


def unsaid(pack: ResolvedPack, silence: Silence) -> list[str]:
    """The keys of one kind of silence on which no layer speaks, each with what it is about."""
    return [f"{kind.heading}（{kind.key}）" for kind in _silent(pack) if kind.silence is silence]


def _silent(pack: ResolvedPack) -> Iterator[type[Rule]]:
    return (kind for key, kind in RULES.items() if key not in pack.rules)


def _is_said_by_powers(pack: ResolvedPack, kind: type[Rule]) -> bool:
    """Who keeps the pool may stand in the table of powers instead of a rule of its own."""
    acts = [act for act, (key, _) in SAID_BY_RULES.items() if key == kind.key]
    return kind is PoolKeepers and all(power_of(pack.layers, pack.rules, act) for act in acts)


def _file(pack: ResolvedPack, kind: type[Rule]) -> str:
    """The file of the pack that holds the topic, or the one that would."""
    topic = kind.key.partition(".")[0]
    documents = pack.layers[0].documents
    return next((name for name, document in documents.items() if topic in document), f"{topic}.toml")
