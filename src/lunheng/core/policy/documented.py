"""The table of the rule kinds in ``docs/packs.md``, as the classes have it: ``python -m lunheng.core.policy.documented``."""

from lunheng.core.policy.facts import facts_of
from lunheng.core.policy.rules import RULES, Rule, Timed


def row(kind: type[Rule]) -> str:
    """One kind of rule: key, what it is about, what its silence means, what may be written, and the facts."""
    shared = set((Timed if issubclass(kind, Timed) else Rule).model_fields)
    own = [
        f"**{name}**" if field.is_required() else name
        for name, field in kind.model_fields.items()
        if name not in shared
    ]
    fields = " ".join([*(["期限"] if issubclass(kind, Timed) else []), *own]) or "—"
    return f"| {kind.key} | {kind.heading} | {kind.silence.label} | {fields} | {' '.join(facts_of(kind)) or '—'} |"


def main() -> None:
    """Print the table."""
    for kind in RULES.values():
        print(row(kind))


if __name__ == "__main__":
    main()
