"""What a procedure says against itself: a step that nobody can take, a way round a duty, an effect that lacks its facts."""

from collections.abc import Iterator

from lunheng.core.policy.proceedings import effects, kinds
from lunheng.core.policy.proceedings.kinds import FORWARD, OUT
from lunheng.core.policy.proceedings.model import END, ENGINE_FACTS, Procedure, Step

RECORDS = {
    "no_answer": "逾期未确认",
    "declined": "不参加",
    "recused": "回避",
    "no_prereview": "会前未上传审查意见",
    "absent": "已确认而缺席",
    "leak": "泄密线索",
    "finding": "检查发现",
    "measure": "处理措施",
    "rating": "委托单位评分",
}
"""What of a member's file may open a matter, by the kind of the record."""
Told = Iterator[tuple[str, str]]
Placed = Iterator[tuple[str, str, str]]
"""The field of the step at which it stands (none: the step as a whole), what is wrong, how to mend it."""


def of_procedure(procedure: Procedure) -> Told:
    """What is wrong with the head of a procedure."""
    if procedure.opened_by != "application" and not procedure.office:
        whose = "由数据启动的流程没有写明由哪个机构负责" if procedure.opened_by == "data" else ""
        yield whose or "由机构启动的流程没有写明哪个机构", '写明 office，例如 office = "station"'
    if procedure.opened_by == "application" and procedure.first.kind != "apply":
        yield "依申请启动的流程第一步须为申请", '第一个 [[step]] 写 kind = "apply"'
    if procedure.opened_by == "application" and procedure.concerns in ("members", "review"):
        yield "依申请启动的流程只涉及申请人本人", '[procedure] 写 concerns = "applicant" 或 "member"'
    if procedure.form and procedure.form not in procedure.forms:
        yield f"没有表单 {procedure.form}", f"新建 [form.{procedure.form}]，或改正 form"
    yield from _opened_by_data(procedure)


def _opened_by_data(procedure: Procedure) -> Told:
    if (procedure.opened_by == "data") != (procedure.when is not None):
        yield "由数据启动的流程须写明 when，其他流程不写", "when = { events = […], count = 3, within = {…} }"
        return
    if procedure.when is None:
        return
    if procedure.concerns != "member" or procedure.form:
        yield "由数据启动的流程涉及一名在库专家，没有启动表单", '写 concerns = "member"，去掉 form'
    for word in sorted(set(procedure.when.events) - RECORDS.keys()):
        yield f"不认识的记录种类 {word}", f"可用：{'、'.join(RECORDS)}"
    if procedure.when.count > 1 and procedure.when.within is None:
        yield "写了次数，没有写明在多长时间之内", 'within = { value = 1, unit = "years" }'


def of_step(procedure: Procedure, step: Step) -> Placed:
    """What is wrong with one step."""
    kind = kinds.KINDS[step.kind]
    if not kind.by_itself and not step.office:
        yield "", "没有写明由谁办理", '写明 office，例如 office = "station" 或 "applicant"'
    if step.form and step.form not in procedure.forms:
        yield "", f"没有表单 {step.form}", f"新建 [form.{step.form}]，或改正 form"
    yield from _outcomes(procedure, step)
    yield from _ways(procedure, step)
    yield from _limits(procedure, step)
    yield from _of_kind(procedure, step)
    for need in step.needs:
        missing = set(need.facts) - ENGINE_FACTS - _keys(procedure, procedure.forms_until(step.id))
        if missing:
            told = f"条件 {need.rule} 的事实 {'、'.join(sorted(missing))} 不是已填表单的项"
            yield "", told, "改为表单里的 key"
    if step.kind == "effect":
        yield from _effect(procedure, step)


def _limits(procedure: Procedure, step: Step) -> Placed:
    kind = kinds.KINDS[step.kind]
    may_end = step.kind == "apply" or kind.ends_by_limit or not step.no_skip
    if step.limit is not None and step.limit.late == "next" and not may_end:
        yield (
            "",
            "逾期即进入下一步等于略过本步骤，不办理不能当作已办理",
            '改为 late = "tell" 或 "lapse"；确可略过的写明 no_skip = false',
        )
    if kind.ends_by_limit and (step.limit is None or step.limit.late != "next"):
        yield (
            "limit",
            f"{kind.label}没有写明期限，期满视为放弃",
            'limit = { value = 5, unit = "working_days", late = "next" }',
        )
    if step.limit is not None and step.limit.since:
        dates = _dates(procedure, procedure.forms_until(step.id))
        if step.limit.since not in dates:
            known = "、".join(sorted(dates)) or "无"
            yield "limit", f"起算日 {step.limit.since} 不是已填表单的日期项", f"可用：{known}"
    if step.until and step.until not in _keys(procedure, (procedure.form,)):
        yield "", f"截止日 {step.until} 不是启动表单的项", "写启动表单里日期项的 key"


def _outcomes(procedure: Procedure, step: Step) -> Placed:
    kind = kinds.KINDS[step.kind]
    known = kind.outcomes
    told = "、".join(known) if not kind.by_itself else "无（由平台办理）"
    named = {*step.may, *(word for need in step.needs for word in need.on)}
    for word in sorted(named - known.keys()):
        yield "", f"{step.kind} 没有结果 {word}", f"可用：{told}"
    for word in sorted(step.on.keys() - known.keys() - {"skip", "upheld"}):
        yield "", f"{step.kind} 没有结果 {word}", f"可用：{told}"
    places = {one.id for one in procedure.steps} | {END}
    for place in sorted(set(step.on.values()) - places):
        yield "", f"没有步骤 {place}", f"写某个步骤的 id 或 {END}"
    earlier = {one.id for one in procedure.before(step.id)}
    for place in sorted(set(step.may_return_to) - earlier):
        choice = "、".join(sorted(earlier)) or "无"
        yield "", f"只能退回到前面的步骤，{place} 不是", f"可用：{choice}"
    has_application = any(one.kind == "apply" for one in procedure.before(step.id))
    if "return" in step.outcomes and not step.may_return_to and not has_application:
        yield "", "可以退回，但前面没有申请步骤", "写明 may_return_to，或从 may 中去掉 return"


def _ways(procedure: Procedure, step: Step) -> Placed:
    """A way forward passes no duty, and a way back no effect that has happened."""
    ids = [one.id for one in procedure.steps]
    here = ids.index(step.id)
    for word, place in step.on.items():
        if place not in {*ids, END}:
            continue
        target = len(ids) if place == END else ids.index(place)
        if target > here and _is_forward(step, word):
            passed = _on_the_way(procedure, here + 1, target)
            for one in [one.id for one in passed if one.no_skip]:
                remedy = f"改为先到 {one}；确可略过的，在 {one} 写明 no_skip = false"
                yield "on", f"{word} 越过了不可略过的步骤 {one}", remedy
        yield from _no_way_back("on", procedure, step, place)
    for place in {*step.may_return_to, *_by_default(procedure, step)}:
        yield from _no_way_back("may_return_to" if step.may_return_to else "may", procedure, step, place)


def _is_forward(step: Step, word: str) -> bool:
    return kinds.KINDS[step.kind].outcomes.get(word, FORWARD) == FORWARD and word != "upheld"


def _on_the_way(procedure: Procedure, first: int, target: int) -> list[Step]:
    """The steps between, up to the first that only those reach who were turned down: a branch of their own."""
    branches = {
        place
        for one in procedure.steps
        for word, place in one.on.items()
        if kinds.KINDS[one.kind].outcomes.get(word) == OUT
    }
    passed = []
    for one in procedure.steps[first:target]:
        if one.id in branches:
            break
        passed.append(one)
    return passed


def _by_default(procedure: Procedure, step: Step) -> set[str]:
    """Where a return leads that names no step."""
    has_application = any(one.kind == "apply" for one in procedure.before(step.id))
    is_silent = "return" in step.outcomes and not step.may_return_to and "return" not in step.on
    return {procedure.returns_to(step.id)} if is_silent and has_application else set()


def _no_way_back(field: str, procedure: Procedure, step: Step, place: str) -> Placed:
    ids = [one.id for one in procedure.steps]
    if place not in ids or ids.index(place) > ids.index(step.id):
        return
    between = procedure.steps[ids.index(place) : ids.index(step.id)]
    for one in between:
        if one.kind == "effect":
            remedy = f"退回到 {one.id} 之后的步骤，或把 {one.id} 移到最后"
            yield field, f"{place} 在已生效的步骤 {one.id} 之前，不能再退回", remedy


def _of_kind(procedure: Procedure, step: Step) -> Placed:
    kind = kinds.KINDS[step.kind]
    fields = (
        {one.key: one.type for one in procedure.fields_of(step.form)} if step.form in procedure.forms else {}
    )
    for key in kind.fields:
        if key not in fields:
            yield "form", f"{kind.label}的表单没有 {key} 这一项", f"在本步骤的表单中增加 {key}"
    if step.kind == "test" and step.pass_mark <= 0:
        yield "pass_mark", "测试考核没有写明合格分数", "写 pass_mark = 60"
    if step.kind == "sample":
        yield from _sample(procedure, step)
    if step.kind == "joint_review" and step.group < 1:
        yield "group", "集中评审没有写明评审组最少几人", "写 group = 3"
    if step.picks and step.kind != "decide":
        yield "picks", "名单只在决定步骤确定", '改为 kind = "decide"'


def _sample(procedure: Procedure, step: Step) -> Placed:
    files = {
        one.key
        for name in procedure.forms_until(step.id)
        if name in procedure.forms
        for one in procedure.fields_of(name)
        if one.type == "document"
    }
    known = files | {"records", "candidates"}
    if step.pick not in known:
        yield "pick", f"没有写明从什么中抽查：{step.pick or '空'}", f"pick 可用：{'、'.join(sorted(known))}"
    if step.share < 1:
        yield "share", "随机抽查没有写明比例", "写 share = 10（百分之几）"


def _effect(procedure: Procedure, step: Step) -> Placed:
    if not step.effect:
        yield "", "没有写明效果", f"写明 effect：{'、'.join(effects.EFFECTS)}"
        return
    effect = effects.EFFECTS[step.effect]
    if procedure.concerns not in effect.on:
        wanted = "、".join(f'"{one}"' for one in sorted(effect.on))
        yield "", f"效果 {step.effect} 与本流程涉及的人不符", f"[procedure] 的 concerns 须为 {wanted}"
    known = _keys(procedure, procedure.forms_until(step.id))
    for name in effect.needs:
        if step.arguments.get(name, name) not in known:
            remedy = f"在表单中增加 {name}，或用 arguments 指明是哪一项"
            yield "", f"效果 {step.effect} 需要表单项 {name}", remedy
    for key in effect.settings:
        if not getattr(step, key):
            yield "effect", f"效果 {step.effect} 没有写明 {key}", f"在本步骤写 {key}"
    if effect.one_of and sum(bool(getattr(step, key)) for key in effect.one_of) != 1:
        words = " 或 ".join(effect.one_of)
        yield (
            "effect",
            f"效果 {step.effect} 须写明 {words}，只写一个",
            'period = { value = 3, unit = "years" }',
        )


def _keys(procedure: Procedure, forms: tuple[str, ...]) -> set[str]:
    return {one.key for name in forms if name in procedure.forms for one in procedure.fields_of(name)}


def _dates(procedure: Procedure, forms: tuple[str, ...]) -> set[str]:
    named = [one for name in forms if name in procedure.forms for one in procedure.fields_of(name)]
    return {one.key for one in named if one.type == "date"}
