"""A city of one page: packs small enough to read in the test that uses them."""

from collections.abc import Mapping

from lunheng.core.calendar import WorkCalendar
from lunheng.core.policy import Law, Pack, ResolvedPack, read_pack, resolve

CITY = """
id = "example-2026"
title = "示例市规则"
version = "1"
status = "in_force"
territory_title = "示例市"
"""

NOTICE = """
[notice]
main = true
title = "示例市专家论证办法"
issuer = "示例市住房和城乡建设局"
"""

FLOOR = """
id = "cn"
title = "国家规定"
version = "1"
status = "in_force"
"""

ORDER = """
[order]
main = true
title = "危险性较大的分部分项工程安全管理规定"
issuer = "住房和城乡建设部"
"""

WORDS = """
[roles]
contractor = "施工单位"
agency = "论证机构"
station = "监督站"
district = "区主管部门"
bureau = "市局"
[parties]
owner = "建设单位"
tester = "检测单位"
[project_kinds]
municipal = "市政工程"
housing = "房屋建筑工程"
[conclusions]
approved = "通过"
approved_if_revised = "修改后通过"
not_approved = "不通过"
[plan_parts]
overview = "工程概况"
basis = "编制依据"
[approvals]
technical_director = "技术负责人审批"
chief_supervisor = "总监审批"
[attendees]
owner_manager = "建设单位项目负责人"
plan_author = "方案编制人员"
[relations]
control = "上下级关系"
sibling = "兄弟单位关系"
interest = "利害关系"
[meeting_modes]
on_site = "现场会议"
remote = "视频会议"
[work_kinds]
deep_pit = "基坑工程"
blast = "爆破作业"
[specialties]
geotechnics = "岩土工程"
tunnel = "隧道工程"
[activities]
plan_review = "方案论证"
[check_points]
writing = "编制"
"""


def files(rules: str = "", *, head: str = CITY, sources: str = NOTICE, words: str = WORDS) -> dict[str, str]:
    """The texts of a small pack with these rules in rules.toml."""
    return {"pack.toml": head, "sources.toml": sources, "vocabulary.toml": words, "rules.toml": rules}


def city(rules: str, **texts: str) -> Pack:
    """A city's layer with these rules."""
    return read_pack(files(rules, **texts))


def floor(rules: str) -> Pack:
    """A national layer with these rules."""
    return read_pack(files(rules, head=FLOOR, sources=ORDER))


def law(rules: str, national: str = "") -> Law:
    """The law of a small city over a small national floor, with a calendar of plain weeks."""
    return Law(resolved(rules, national), lambda: WorkCalendar({}))


def resolved(rules: str, national: str = "") -> ResolvedPack:
    """The two layers laid over each other."""
    return resolve(city(rules), floor(national))


def without(texts: Mapping[str, str], name: str) -> dict[str, str]:
    """The same texts but one."""
    return {key: text for key, text in texts.items() if key != name}
