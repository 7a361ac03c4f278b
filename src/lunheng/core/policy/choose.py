"""Which pack applies to a project: by place, kind of project and the day of the request."""

from collections.abc import Iterable, Sequence
from datetime import date

from lunheng.core.clauses import Clause
from lunheng.core.policy.pack import Pack, cite
from lunheng.core.policy.rules import Rule
from lunheng.core.policy.rules.scope import Coverage
from lunheng.core.verdict import Verdict, refused

COVERAGE, NO_PACK = "scope.coverage", "platform.coverage"


def choose(packs: Iterable[Pack], places: Sequence[str], project_kind: str, on: date) -> Pack | Verdict:
    """The pack in force for a request of that day, or the verdict that says why there is none.

    `places` are the division of the project and everything above it, narrowest first: core knows no tree.
    `packs` must hold the platform's own pack. Drafts are never chosen; the narrowest territory and then the
    latest first day precede. Raises LookupError when the platform's pack is missing.
    """
    known = tuple(packs)
    here = [pack for pack in known if pack.head.status == "in_force" and _covers(pack, places)]
    if not here:
        return _nobody(known, places[0])
    fitting = [pack for pack in here if project_kind in _coverage(pack).project_kinds]
    if not fitting:
        return _not_this_kind(known, here, project_kind)
    now = [pack for pack in fitting if _coverage(pack).is_in_force(on)]
    now = now or [pack for pack in fitting if _coverage(pack).takes_new_acts(on)]
    if not now:
        return _not_in_force(fitting, on)
    return max(now, key=lambda pack: (-places.index(_coverage(pack).territory), _coverage(pack).from_on))


def _coverage(pack: Pack) -> Coverage:
    rule = pack.rules[COVERAGE]
    assert isinstance(rule, Coverage)
    return rule


def _covers(pack: Pack, places: Sequence[str]) -> bool:
    return COVERAGE in pack.rules and _coverage(pack).is_inside(places)


def _own_clause(pack: Pack, rule: Rule) -> Clause:
    return cite(pack.sources, pack.main_source, rule)


def _nobody(packs: tuple[Pack, ...], division: str) -> Verdict:
    platform = next((pack for pack in packs if NO_PACK in pack.rules), None)
    if platform is None:
        raise LookupError("缺少平台自身的政策包")
    clause = _own_clause(platform, platform.rules[NO_PACK])
    message = "平台没有适用于该地区的政策包"
    return refused(clause, message, "请平台管理员先载入当地规则的政策包", f"行政区划 {division}")


def _not_this_kind(packs: tuple[Pack, ...], here: list[Pack], project_kind: str) -> Verdict:
    labels: dict[str, str] = {}
    for pack in packs:
        labels |= pack.labels.get("project_kinds", {})
    city = here[0].head.territory_title or here[0].head.title
    kind = labels.get(project_kind, project_kind)
    covered = "、".join(
        dict.fromkeys(labels.get(word, word) for pack in here for word in _coverage(pack).project_kinds)
    )
    return refused(
        _own_clause(here[0], _coverage(here[0])),
        f"{city}没有覆盖{kind}的政策包；现有规则只适用于{covered}",
        f"{kind}的论证请向{city}主管部门另行办理，不得套用本规则",
        kind,
    )


def _not_in_force(packs: list[Pack], on: date) -> Verdict:
    """Ended, with its days and what follows it; or not yet in force, with its first day."""
    ended = [pack for pack in packs if _coverage(pack).has_ended(on)]
    later = [pack for pack in packs if not _coverage(pack).has_ended(on)]
    coming = min(later, key=lambda pack: _coverage(pack).from_on, default=None)
    if not ended:
        assert coming is not None
        message = f"《{_title(coming)}》{_coverage(coming).period}施行，{on}提出的论证不适用"
        return refused(_from_clause(coming), message, "按申请当日有效的规定办理", str(on))
    last = max(ended, key=lambda pack: (_coverage(pack).to_on or on, _coverage(pack).from_on))
    message = (
        f"《{_title(last)}》{_coverage(last).period}施行，现已期满，{on}提出的论证不适用；{_follows(coming)}"
    )
    remedy = "待接替的规则施行后办理，或请主管部门明确期满后如何办理"
    return refused(_from_clause(last), message, remedy, str(on))


def _follows(pack: Pack | None) -> str:
    if pack is None:
        return "平台尚未载入接替的规则"
    return f"接替的《{_title(pack)}》{_coverage(pack).period}施行"


def _title(pack: Pack) -> str:
    return pack.sources[_coverage(pack).source or pack.main_source].title


def _from_clause(pack: Pack) -> Clause:
    return Clause(_title(pack), _coverage(pack).from_clause, "启用时间")
