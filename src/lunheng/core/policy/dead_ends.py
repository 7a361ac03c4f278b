"""死路: rules of one city that, taken together, leave a lawful review without a next step."""

from collections.abc import Iterator, Mapping

from lunheng.core.policy.rules import Rule
from lunheng.core.policy.rules.closures import LeaderOpinion
from lunheng.core.policy.rules.draws import DrawMode, ExpertGrade, Risk
from lunheng.core.policy.rules.meetings import MeetingMode
from lunheng.core.policy.rules.panels import ConfirmedList, Headcount, Leader
from lunheng.core.policy.rules.reports import Compiler, Signature, Upload, Validity
from lunheng.core.policy.rules.roles import Organiser

Told = tuple[str, str, str]
"""The key of the rule to be mended, what is wrong, and what to write instead."""
Rules = Mapping[str, Rule]


def dead_ends(rules: Rules) -> Iterator[Told]:
    """Every pair of rules of which one asks for what the other does not let happen."""
    yield from _leaders(rules)
    yield from _compositions(rules)
    yield from _numbers(rules)
    yield from _signatures(rules)
    yield from _organizers(rules)
    yield from _grades(rules)


def _leaders(rules: Rules) -> Iterator[Told]:
    """Whoever asks for a leader needs a rule by which there is one."""
    compiler, closure = rules.get("report.compiler"), rules.get("closure.leader_opinion")
    confirmed = rules.get("panel.confirmed_list")
    asking = {
        "report.compiler": isinstance(compiler, Compiler) and compiler.by == "leader",
        "closure.leader_opinion": isinstance(closure, LeaderOpinion) and closure.leader_required,
        "panel.confirmed_list": isinstance(confirmed, ConfirmedList) and confirmed.leader,
    }
    if "panel.leader" not in rules:
        for key in (key for key, is_asking in asking.items() if is_asking):
            yield key, "要求有组长，而没有规则 panel.leader 产生组长", _REMEDIES[key]


_REMEDIES = {
    "report.compiler": '增加 panel.leader，或改为 by = "any_member"、by = "organiser"',
    "closure.leader_opinion": "增加 panel.leader，或改为 leader_required = false，需要时写 members",
    "panel.confirmed_list": "增加 panel.leader，或改为 leader = false",
}


def _compositions(rules: Rules) -> Iterator[Told]:
    """A list that is confirmed before anybody could be elected asks for no leader."""
    mode, confirmed, leader = (
        rules.get(key) for key in ("draw.mode", "panel.confirmed_list", "panel.leader")
    )
    is_early = isinstance(mode, DrawMode) and mode.is_picked
    is_asking = isinstance(confirmed, ConfirmedList) and confirmed.leader
    if is_early and is_asking and isinstance(leader, Leader) and leader.mode == "elected":
        message = "确认最终名单时须有组长，而组长在名单确认之后才由组员选出"
        yield "panel.confirmed_list", message, '改为 leader = false，或把 panel.leader 改为 mode = "named"'


def _numbers(rules: Rules) -> Iterator[Told]:
    """No more members are asked for than there must be, and a valid report has no fewer than a lawful panel."""
    size, mode = rules.get("panel.size"), rules.get("draw.mode")
    closure, validity = rules.get("closure.leader_opinion"), rules.get("report.validity")
    if not isinstance(size, Headcount):
        return
    if isinstance(closure, LeaderOpinion) and closure.members > size.minimum:
        message = f"要求{closure.members}名专家确认，而专家组可以只有{size.minimum}名"
        yield "closure.leader_opinion", message, f"改为 members 不大于 {size.minimum}"
    if isinstance(mode, DrawMode) and mode.candidates is not None and mode.candidates < size.minimum:
        message = f"只推送{mode.candidates}名，而专家组须有{size.minimum}名"
        yield "draw.mode", message, f"改为 candidates 不小于 {size.minimum}"
    fault = validity.loosens(size) if isinstance(validity, Validity) else None
    if fault is not None:
        yield "report.validity", f"宽于专家组人数的规则 panel.size：{fault}", "改为与 panel.size 相同"


def _signatures(rules: Rules) -> Iterator[Told]:
    """A report of every lawful form of meeting can be signed."""
    modes, signature = rules.get("meeting.mode"), rules.get("report.signature")
    is_remote = isinstance(modes, MeetingMode) and "remote" in modes.modes
    if is_remote and isinstance(signature, Signature) and signature.remote is None:
        message = "可以召开远程视频会议，而没有规定其论证报告如何签名"
        yield "report.signature", message, "写明 remote，或从 meeting.mode 中删去 remote"


def _organizers(rules: Rules) -> Iterator[Told]:
    """Whoever names the leader or uploads the result can be the organizing body."""
    organiser, leader = rules.get("roles.organiser"), rules.get("panel.leader")
    if not isinstance(organiser, Organiser):
        return
    able = {*organiser.initiators, *(("agency",) if organiser.agency_allowed else ())}
    remedy = f"写上能够组织论证的单位：{'、'.join(sorted(able))}"
    if isinstance(leader, Leader) and leader.mode == "named" and able.isdisjoint(leader.namers):
        yield "panel.leader", "确定组长的单位都不能组织论证", remedy
    for key in ("record.upload", "record.scan"):
        rule = rules.get(key)
        if isinstance(rule, Upload) and able.isdisjoint(rule.by):
            yield key, "上传资料的单位都不能组织论证", remedy


def _grades(rules: Rules) -> Iterator[Told]:
    """A grade of experts is asked for at levels of risk that there are: another word would ask for nothing."""
    grade, risk = rules.get("draw.grade"), rules.get("draw.risk")
    if not isinstance(grade, ExpertGrade):
        return
    known = list(risk.levels.values()) if isinstance(risk, Risk) else []
    unknown = [level for level in grade.at_least if level not in known]
    if unknown:
        message = f"按风险等级要求专家等级，而 draw.risk 没有这些风险等级：{'、'.join(unknown)}"
        yield "draw.grade", message, f"改为 draw.risk 中的风险等级：{'、'.join(known) or '先写 draw.risk'}"
