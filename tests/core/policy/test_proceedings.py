"""Procedures as pack data: what may be written, and what a mistake is told."""

import pytest

from lunheng.core.policy import PackError, ResolvedPack, read_pack, resolve
from lunheng.core.policy.proceedings import END, Procedure, key_of
from tests.core.policy.small import CITY, FLOOR, NOTICE, ORDER, WORDS

HEAD = """
[procedure]
clause = "三"
title = "入库"
opened_by = "application"
[form.application]
title = "申请表"
fields = [
  { key = "name", label = "姓名", type = "text" },
  { key = "identity_number", label = "身份证号码", type = "identity" },
  { key = "organization_code", label = "单位", type = "unit" },
  { key = "title", label = "职称", type = "text" },
  { key = "specialties", label = "专业", type = "choices", vocabulary = "specialties" },
  { key = "years", label = "年限", type = "number" },
]
[[step]]
id = "application"
kind = "apply"
office = "applicant"
clause = "三（一）"
form = "application"
"""
LEVEL = """
[[step]]
id = "check"
kind = "check"
office = "station"
clause = "三（二）"
"""
LAST = """
[[step]]
id = "appointment"
kind = "effect"
clause = "三（三）"
effect = "appoint"
"""


def texts(procedure: str) -> dict[str, str]:
    """A small pack with this procedure."""
    return {
        "pack.toml": CITY,
        "sources.toml": NOTICE,
        "vocabulary.toml": WORDS,
        "procedures/admission.toml": procedure,
    }


def resolved(procedure: str) -> ResolvedPack:
    """The pack over an empty floor."""
    floor = read_pack({"pack.toml": FLOOR, "sources.toml": ORDER, "vocabulary.toml": WORDS})
    return resolve(read_pack(texts(procedure)), floor)


def read(procedure: str = HEAD + LEVEL + LAST) -> Procedure:
    """The procedure as read."""
    return resolved(procedure).procedures["admission"]


def faults(procedure: str) -> list[tuple[str, str, int, str]]:
    """File, key, line and message of every mistake; each has its remedy."""
    with pytest.raises(PackError) as refusal:
        resolved(procedure)
    assert all(problem.remedy for problem in refusal.value.problems)
    return [(one.file, one.key, one.line, one.message) for one in refusal.value.problems]


def line_of(text: str, words: str) -> int:
    """The line of the text that holds the words."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def test_the_key_is_the_name_of_the_file() -> None:
    assert key_of("procedures/term_change.toml") == "term_change"


def test_steps_follow_in_the_order_in_which_they_are_written_also_after_storing() -> None:
    pack = resolved(HEAD + LEVEL + LAST)

    stored = ResolvedPack.from_bytes(pack.to_bytes())

    assert [one.id for one in stored.procedures["admission"].steps] == ["application", "check", "appointment"]
    assert stored.procedures["admission"] == pack.procedures["admission"]
    assert stored.digest == pack.digest


def test_a_procedure_is_part_of_the_digest() -> None:
    assert resolved(HEAD + LEVEL + LAST).digest != resolved(HEAD + LAST).digest


@pytest.mark.parametrize(
    ("step", "outcome", "leads_to"),
    [
        ("application", "submit", "check"),
        ("check", "accept", "appointment"),
        ("check", "return", "application"),
        ("check", "refuse", END),
    ],
)
def test_an_outcome_leads_on_back_or_out(step: str, outcome: str, leads_to: str) -> None:
    assert read().after(step, outcome) == leads_to


def test_a_step_that_may_be_skipped_may_end_by_its_limit() -> None:
    level = LEVEL + 'no_skip = false\nlimit = { value = 5, unit = "working_days", late = "next" }\n'

    assert read(HEAD + level + LAST).by_id["check"].outcomes == ("accept", "return", "refuse", "skip")


def test_an_outcome_may_lead_elsewhere_by_its_word() -> None:
    level = LEVEL + 'on = { refuse = "application" }\n'

    assert read(HEAD + level + LAST).after("check", "refuse") == "application"


def test_a_level_of_vetting_is_five_lines() -> None:
    level = LEVEL.strip().replace('"check"\nkind', '"second"\nkind')
    assert len(level.splitlines()) == 5

    assert [one.id for one in read(HEAD + LEVEL + "\n" + level + "\n" + LAST).steps] == [
        "application",
        "check",
        "second",
        "appointment",
    ]


@pytest.mark.parametrize(
    ("change", "key", "where", "message"),
    [
        (('kind = "check"', 'kind = "vote"'), "step.check", 'id = "check"', "不认识的步骤种类 vote"),
        (
            ('effect = "appoint"', 'effect = "suspend"'),
            "step.appointment",
            'id = "appointment"',
            "效果 suspend 与本流程涉及的人不符",
        ),
        (
            ('effect = "appoint"', 'effect = "banish"'),
            "step.appointment",
            'id = "appointment"',
            "不认识的效果 banish",
        ),
        (('effect = "appoint"\n', ""), "step.appointment", 'id = "appointment"', "没有写明效果"),
        (('office = "station"\n', ""), "step.check", 'id = "check"', "没有写明由谁办理"),
        (('clause = "三（二）"\n', ""), "step.check", 'id = "check"', "缺少必填项 clause"),
        (
            ('clause = "三（二）"', 'clause = "三（二）"\nvote = 1'),
            "step.check",
            "vote = 1",
            "不认识的项 vote",
        ),
        (
            ('form = "application"\n', 'form = "letter"\n'),
            "step.application",
            'id = "application"',
            "没有表单 letter",
        ),
        (
            ('clause = "三（二）"', 'clause = "三（二）"\nmay = ["accept", "praise"]'),
            "step.check",
            'id = "check"',
            "check 没有结果 praise",
        ),
        (
            (
                'clause = "三（二）"',
                'clause = "三（二）"\nlimit = { value = 5, unit = "working_days", late = "next" }',
            ),
            "step.check",
            'id = "check"',
            "逾期即进入下一步等于略过本步骤，不办理不能当作已办理",
        ),
        (
            ('clause = "三（二）"', 'clause = "三（二）"\non = { refuse = "nowhere" }'),
            "step.check",
            'id = "check"',
            "没有步骤 nowhere",
        ),
        (
            ('clause = "三（二）"', 'clause = "三（二）"\nmay_return_to = ["appointment"]'),
            "step.check",
            'id = "check"',
            "只能退回到前面的步骤，appointment 不是",
        ),
        (
            (
                'clause = "三（二）"',
                'clause = "三（二）"\nneeds = [{ rule = "panel.size", facts = ["height"] }]',
            ),
            "step.check",
            'id = "check"',
            "条件 panel.size 的事实 height 不是已填表单的项",
        ),
        (
            ('{ key = "organization_code", label = "单位", type = "unit" },\n', "\n"),
            "step.appointment",
            'id = "appointment"',
            "效果 appoint 需要表单项 organization_code",
        ),
        (
            ('id = "check"', 'id = "application"'),
            "step.application",
            'id = "application"',
            "步骤 application 写了两次",
        ),
        (
            ('opened_by = "application"', 'opened_by = "office"'),
            "procedure",
            "[procedure]",
            "由机构启动的流程没有写明哪个机构",
        ),
        (
            ('kind = "apply"', 'kind = "certify"'),
            "procedure",
            "[procedure]",
            "依申请启动的流程第一步须为申请",
        ),
        (('type = "number"', 'type = "guess"'), "form.application", "fields = [", "fields"),
    ],
)
def test_a_mistake_is_told_with_file_key_line_and_remedy(
    change: tuple[str, str], key: str, where: str, message: str
) -> None:
    text = (HEAD + LEVEL + LAST).replace(*change)
    assert text != HEAD + LEVEL + LAST

    found = [one for one in faults(text) if one[3].startswith(message)]

    assert [(file, named) for file, named, _, _ in found[:1]] == [("procedures/admission.toml", key)]
    line = found[0][2]
    at = line_of(text, where)
    assert line in (at, at - 1)


@pytest.mark.parametrize(
    ("change", "key", "message"),
    [
        (('office = "station"', 'office = "palace"'), "step.check", "没有机构或身份 palace"),
        (
            ('clause = "三（二）"', 'clause = "三（二）"\nsource = "letter"'),
            "step.check",
            "引用的文件 letter 不在 sources.toml",
        ),
        (
            ('vocabulary = "specialties"', 'vocabulary = "colors"'),
            "form.application",
            "specialties 的词汇表 colors",
        ),
        (
            ('clause = "三（二）"', 'clause = "三（二）"\nneeds = [{ rule = "panel.seize" }]'),
            "step.check",
            "不认识的规则键 panel.seize",
        ),
        (
            ('clause = "三（二）"', 'clause = "三（二）"\nneeds = [{ rule = "panel.size" }]'),
            "step.check",
            "条件 panel.size 在哪一层都没有规定",
        ),
    ],
)
def test_what_no_layer_knows_is_told(change: tuple[str, str], key: str, message: str) -> None:
    text = (HEAD + LEVEL + LAST).replace(*change)
    assert text != HEAD + LEVEL + LAST

    assert [(file, named, told) for file, named, _, told in faults(text)] == [
        ("procedures/admission.toml", key, message)
    ]


def test_a_file_without_steps_is_told() -> None:
    assert faults('[procedure]\nclause = "三"\ntitle = "入库"\nopened_by = "application"\n') == [
        ("procedures/admission.toml", "step", 0, "没有任何步骤")
    ]


def test_a_table_that_nobody_knows_is_told() -> None:
    assert faults(HEAD + LEVEL + LAST + "\n[reward]\n")[0][3] == "不认识的表 reward"


MORE = """
[[step]]
id = "second"
kind = "check"
office = "bureau"
clause = "三（四）"
"""
EARLY = HEAD + LEVEL + LAST + MORE
"""A level of vetting behind an effect."""


@pytest.mark.parametrize(
    ("text", "key", "where", "message", "remedy"),
    [
        (
            HEAD + LEVEL + 'on = { accept = "appointment" }\n' + MORE + LAST,
            "step.check",
            "on = {",
            "accept 越过了不可略过的步骤 second",
            "改为先到 second；确可略过的，在 second 写明 no_skip = false",
        ),
        (
            HEAD + LEVEL + 'on = { accept = "end" }\n' + LAST,
            "step.check",
            "on = {",
            "accept 越过了不可略过的步骤 appointment",
            "改为先到 appointment；确可略过的，在 appointment 写明 no_skip = false",
        ),
        (
            EARLY + 'may_return_to = ["application"]\n',
            "step.second",
            "may_return_to = [",
            "application 在已生效的步骤 appointment 之前，不能再退回",
            "退回到 appointment 之后的步骤，或把 appointment 移到最后",
        ),
        (
            EARLY + 'on = { refuse = "check" }\nmay = ["accept", "refuse"]\n',
            "step.second",
            "on = { refuse",
            "check 在已生效的步骤 appointment 之前，不能再退回",
            "退回到 appointment 之后的步骤，或把 appointment 移到最后",
        ),
        (
            EARLY,
            "step.second",
            'id = "second"',
            "application 在已生效的步骤 appointment 之前，不能再退回",
            "退回到 appointment 之后的步骤，或把 appointment 移到最后",
        ),
    ],
)
def test_no_way_leads_past_a_duty_or_back_before_an_effect(
    text: str, key: str, where: str, message: str, remedy: str
) -> None:
    with pytest.raises(PackError) as refusal:
        resolved(text)

    (found,) = refusal.value.problems
    at = line_of(text, where)
    assert (found.file, found.key, found.message, found.remedy) == (
        "procedures/admission.toml", key, message, remedy,
    )  # fmt: skip
    assert found.line in (at, at - 1)


def test_who_is_turned_down_goes_a_way_of_his_own_and_a_step_that_may_be_skipped_may_be_passed() -> None:
    branch = MORE + 'may = ["accept", "refuse"]\n'
    level = LEVEL + 'on = { refuse = "second" }\n'
    assert read(HEAD + level + LAST + 'on = { done = "end" }\n' + branch).after("appointment", "done") == END

    passed = LEVEL + 'on = { accept = "appointment" }\n'
    assert read(HEAD + passed + MORE + "no_skip = false\n" + LAST).after("check", "accept") == "appointment"


STEP = """
[[step]]
id = "extra"
kind = "{kind}"
office = "{office}"
clause = "三（四）"
"""


@pytest.mark.parametrize(
    ("kind", "office", "given", "messages"),
    [
        ("sample", "station", "", ["没有写明从什么中抽查：空", "随机抽查没有写明比例"]),
        ("sample", "station", 'pick = "letters"\nshare = 5\n', ["没有写明从什么中抽查：letters"]),
        ("sample", "station", 'pick = "records"\nshare = 5\n', []),
        ("joint_review", "station", "", ["集中评审没有写明评审组最少几人"]),
        ("joint_review", "station", "group = 3\n", []),
        ("test", "station", "pass_mark = 60\n", ["测试考核的表单没有 score 这一项"]),
        ("test", "station", 'form = "score"\n', ["测试考核没有写明合格分数"]),
        ("test", "station", 'form = "score"\npass_mark = 60\n', []),
        ("statement", "applicant", "", ["陈述申辩没有写明期限，期满视为放弃"]),
        (
            "statement",
            "applicant",
            'limit = { value = 5, unit = "days", late = "next" }\n',
            [],
        ),
        (
            "statement",
            "applicant",
            'limit = { value = 5, unit = "days", late = "next", since = "name" }\n',
            ["起算日 name 不是已填表单的日期项"],
        ),
        ("serve", "station", "", ["送达的表单没有 served_on 这一项", "送达的表单没有 proof 这一项"]),
        ("serve", "station", 'form = "service"\n', []),
    ],
)
def test_a_step_of_each_kind_says_what_it_cannot_do_without(
    kind: str, office: str, given: str, messages: list[str]
) -> None:
    forms = """
[form.score]
title = "成绩"
fields = [{ key = "score", label = "得分", type = "number" }]
[form.service]
title = "送达回证"
fields = [{ key = "served_on", label = "送达日", type = "date" }, { key = "proof", label = "回证", type = "document" }]
"""
    text = HEAD + STEP.format(kind=kind, office=office) + given + LAST + forms
    if not messages:
        assert read(text).by_id["extra"].kind == kind
        return

    assert [(key, message) for _, key, _, message in faults(text)] == [
        ("step.extra", message) for message in messages
    ]


MEMBER = """
[procedure]
clause = "三"
title = "处理"
opened_by = "office"
office = "station"
concerns = "member"
form = "finding"
[form.finding]
title = "情况"
fields = [{ key = "evidence", label = "证据", type = "document" }]
[[step]]
id = "decision"
kind = "decide"
office = "station"
clause = "三（二）"
[[step]]
id = "effect"
kind = "effect"
clause = "三（三）"
"""


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        ('effect = "suspend"', []),
        ('effect = "restore"', []),
        ('effect = "bar"', ["效果 bar 须写明 period 或 for_life，只写一个"]),
        ('effect = "bar"\nfor_life = true\nperiod = { value = 3, unit = "years" }', [
            "效果 bar 须写明 period 或 for_life，只写一个",
        ]),
        ('effect = "bar"\nfor_life = true', []),
        ('effect = "record"', ["效果 record 没有写明 event"]),
        ('effect = "record"\nevent = "无故缺席"', []),
        ('effect = "points"\nevent = "无故缺席"', ["效果 points 没有写明 score"]),
        ('effect = "points"\nevent = "无故缺席"\nscore = -5', []),
        ('effect = "issue"', ["效果 issue 没有写明 document"]),
        ('effect = "issue"\ndocument = "letter"', []),
        ('effect = "refer"', ["效果 refer 需要表单项 recipient"]),
        ('effect = "refer"\narguments = { recipient = "evidence" }', []),
        ('effect = "invalidate"', ["效果 invalidate 与本流程涉及的人不符"]),
        ('effect = "appoint"', ["效果 appoint 与本流程涉及的人不符"]),
    ],
)  # fmt: skip
def test_an_effect_says_what_it_cannot_do_without(given: str, messages: list[str]) -> None:
    text = MEMBER + given + "\n"
    if not messages:
        assert read(text).by_id["effect"].effect in given
        return

    assert [message for _, _, _, message in faults(text)][: len(messages)] == messages


WHEN = 'when = { events = ["absent"], count = 3, within = { value = 1, unit = "years" } }\n'


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((WHEN, ""), "由数据启动的流程须写明 when，其他流程不写"),
        (('["absent"]', '["late"]'), "不认识的记录种类 late"),
        ((', within = { value = 1, unit = "years" }', ""), "写了次数，没有写明在多长时间之内"),
        (('concerns = "member"', 'concerns = "members"'), "由数据启动的流程涉及一名在库专家，没有启动表单"),
        (('office = "station"\nconcerns', "concerns"), "由数据启动的流程没有写明由哪个机构负责"),
        (('opened_by = "data"', 'opened_by = "office"'), "由数据启动的流程须写明 when，其他流程不写"),
    ],
)
def test_data_open_a_matter_by_what_the_pack_counts(change: tuple[str, str], message: str) -> None:
    whole = MEMBER.replace('opened_by = "office"', 'opened_by = "data"').replace('form = "finding"\n', WHEN)
    whole += 'effect = "suspend"\n'
    assert read(whole).when is not None
    text = whole.replace(*change)
    assert text != whole

    assert message in [told for _, _, _, told in faults(text)]
