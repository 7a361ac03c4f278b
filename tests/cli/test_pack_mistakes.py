"""``lunheng packs check`` on every kind of mistake: each is told once, in Chinese, with its place and its remedy."""

import argparse
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from lunheng.cli import packs
from lunheng.core.policy import RULES, read_pack

STORED = Path(__file__).parents[2] / "packs"


@dataclass(frozen=True)
class Mistake:
    """One text replaced in one file (a file added or taken away), and what the check of `pack` must say."""

    situation: str
    pack: str
    file: str
    written: str | None
    changed: str | None
    where: str
    line: str
    message: str
    remedy: str


MISTAKES = [
    Mistake(
        "the layer below is not named",
        "qingdao-2025",
        "qingdao-2025/pack.toml",
        'parent = "cn"\n',
        "",
        "qingdao-2025/pack.toml [parent]",
        'id = "qingdao-2025"',
        "没有写上层 parent；各层必须以国家规定 cn 和平台规则 platform 为底",
        '写 parent = "cn"，或上一级规则的标识',
    ),
    Mistake(
        "the layer below is not there",
        "qingdao-2025",
        "qingdao-2025/pack.toml",
        'parent = "cn"',
        'parent = "province"',
        "qingdao-2025/pack.toml [parent]",
        'parent = "province"',
        "没有政策包 province",
        "补上缺少的上层政策包",
    ),
    Mistake(
        "the chain steps over the nation",
        "qingdao-2025",
        "qingdao-2025/pack.toml",
        'parent = "cn"',
        'parent = "platform"',
        "qingdao-2025/pack.toml [parent]",
        'parent = "platform"',
        "上层 parent 越过了国家规定 cn",
        '写 parent = "cn"，或上一级规则的标识',
    ),
    Mistake(
        "a pack stands on itself",
        "qingdao-2025",
        "qingdao-2025/pack.toml",
        'parent = "cn"',
        'parent = "qingdao-2025"',
        "qingdao-2025/pack.toml [parent]",
        'parent = "qingdao-2025"',
        "上层循环：qingdao-2025 → qingdao-2025",
        "改为上一级规则的标识，最终到 cn",
    ),
    Mistake(
        "the identifier is not the folder's",
        "qingdao-2025",
        "qingdao-2025/pack.toml",
        'id = "qingdao-2025"',
        'id = "qingdao-2026"',
        "qingdao-2025/pack.toml [id]",
        'id = "qingdao-2026"',
        "标识 qingdao-2026 与文件夹名 qingdao-2025 不同",
        '写 id = "qingdao-2025"，或把文件夹改名为 qingdao-2026',
    ),
    Mistake(
        "two packs have one identifier",
        "qingdao-2025",
        "qingdao-2025/pack.toml",
        'id = "qingdao-2025"',
        'id = "nanning-2019"',
        "qingdao-2025/pack.toml [id]",
        'id = "nanning-2019"',
        "标识 nanning-2019 已由文件夹 nanning-2019 使用，两个政策包不能同名",
        '写 id = "qingdao-2025"',
    ),
    Mistake(
        "the nation names a layer below",
        "cn",
        "cn/pack.toml",
        'id = "cn"',
        'parent = "qingdao-2025"\nid = "cn"',
        "cn/pack.toml [parent]",
        'parent = "qingdao-2025"',
        "国家规定是各层的底，不能再有上层 qingdao-2025",
        "删去 parent",
    ),
    Mistake(
        "an identifier in Chinese",
        "qingdao-2025",
        "qingdao-2025/pack.toml",
        'id = "qingdao-2025"',
        'id = "青岛"',
        "qingdao-2025/pack.toml [id]",
        'id = "青岛"',
        "id 的值“青岛”写法不对",
        "只用小写英文字母、数字和连字符，与文件夹同名",
    ),
    Mistake(
        "a status that does not exist",
        "qingdao-2025",
        "qingdao-2025/pack.toml",
        '"in_force"',
        '"soon"',
        "qingdao-2025/pack.toml [status]",
        'status = "soon"',
        "status 的值“soon”不在许可范围",
        '只能写 "in_force"、"draft"',
    ),
    Mistake(
        "a head without version",
        "qingdao-2025",
        "qingdao-2025/pack.toml",
        'version = "2025.1"\n',
        "",
        "qingdao-2025/pack.toml [version]",
        'id = "qingdao-2025"',
        "缺少必填项 version",
        "补写 version = …（取值见 docs/packs.md）",
    ),
    Mistake(
        "a head with a word too many",
        "qingdao-2025",
        "qingdao-2025/pack.toml",
        'parent = "cn"',
        'parent = "cn"\nmayor = "市长"',
        "qingdao-2025/pack.toml [mayor]",
        'mayor = "市长"',
        "不认识的项 mayor",
        "删去，或核对拼写；本规则可写的项见 docs/packs.md",
    ),
    Mistake(
        "a format of the future",
        "qingdao-2025",
        "qingdao-2025/pack.toml",
        'parent = "cn"',
        'parent = "cn"\nformat = 99',
        "qingdao-2025/pack.toml [format]",
        "format = 99",
        "格式 99 不是本程序认识的格式",
        "写不大于 1 的格式号，或升级程序",
    ),
    Mistake(
        "no head at all",
        "qingdao-2025",
        "qingdao-2025/pack.toml",
        None,
        None,
        "qingdao-2025/pack.toml",
        "",
        "缺少 pack.toml",
        "新建 pack.toml，写明 id、title、version、status、parent",
    ),
    Mistake(
        "a document without issuer",
        "qingdao-2025",
        "qingdao-2025/sources.toml",
        'issuer = "青岛市住房和城乡建设局"\n',
        "",
        "qingdao-2025/sources.toml [notice]",
        "[notice]",
        "缺少必填项 issuer",
        "补写 issuer = …（取值见 docs/packs.md）",
    ),
    Mistake(
        "no main document",
        "qingdao-2025",
        "qingdao-2025/sources.toml",
        "main = true\n",
        "",
        "qingdao-2025/sources.toml [main]",
        "[notice]",
        "主文件必须恰有一个",
        "在一份文件的表里写 main = true",
    ),
    Mistake(
        "a day that is no day",
        "qingdao-2025",
        "qingdao-2025/sources.toml",
        "issued_on = 2025-01-08",
        'issued_on = "去年"',
        "qingdao-2025/sources.toml [notice]",
        'issued_on = "去年"',
        "issued_on 的值不合要求（须为日期，如 2025-01-08）",
        "核对类型：文字加引号，数字、日期和真假值不加引号",
    ),
    Mistake(
        "a quotation mark left open",
        "qingdao-2025",
        "qingdao-2025/panels.toml",
        'title = "不少于5名所涉专业专家"',
        'title = "不少于5名所涉专业专家',
        "qingdao-2025/panels.toml",
        'title = "不少于5名所涉专业专家',
        "不是合法的 TOML",
        "检查这一行的引号、括号、等号和重复的键",
    ),
    Mistake(
        "a rule without clause",
        "qingdao-2025",
        "qingdao-2025/panels.toml",
        '[panel.size]\nclause = "二（二）"\n',
        "[panel.size]\n",
        "qingdao-2025/panels.toml [panel.size]",
        "[panel.size]",
        "缺少必填项 clause",
        '写上原文的条款号，例如 clause = "二（二）"',
    ),
    Mistake(
        "an empty clause",
        "qingdao-2025",
        "qingdao-2025/panels.toml",
        '[panel.size]\nclause = "二（二）"',
        '[panel.size]\nclause = ""',
        "qingdao-2025/panels.toml [panel.size]",
        'clause = ""',
        "clause 不得为空",
        '写上原文的条款号，例如 clause = "二（二）"',
    ),
    Mistake(
        "a rule that nobody knows",
        "qingdao-2025",
        "qingdao-2025/panels.toml",
        "[panel.size]",
        "[panel.sise]",
        "qingdao-2025/panels.toml [panel.sise]",
        "[panel.sise]",
        "不认识的规则键 panel.sise",
        "是否应为 panel.size？",
    ),
    Mistake(
        "a field that nobody knows",
        "qingdao-2025",
        "qingdao-2025/panels.toml",
        "minimum = 5",
        "minimum = 5\nmost = 9",
        "qingdao-2025/panels.toml [panel.size]",
        "most = 9",
        "不认识的项 most",
        "删去，或核对拼写；本规则可写的项见 docs/packs.md",
    ),
    Mistake(
        "a number written as text",
        "qingdao-2025",
        "qingdao-2025/panels.toml",
        "minimum = 5",
        'minimum = "五"',
        "qingdao-2025/panels.toml [panel.size]",
        'minimum = "五"',
        "minimum 的值不合要求（须为整数）",
        "核对类型：文字加引号，数字、日期和真假值不加引号",
    ),
    Mistake(
        "a number too small",
        "qingdao-2025",
        "qingdao-2025/panels.toml",
        "minimum = 5",
        "minimum = 0",
        "qingdao-2025/panels.toml [panel.size]",
        "minimum = 0",
        "minimum 的值不合要求（不得小于 1）",
        "把 minimum 改为合乎要求的值",
    ),
    Mistake(
        "a truth written as text",
        "qingdao-2025",
        "qingdao-2025/scope.toml",
        "agency_allowed = false",
        'agency_allowed = "不可"',
        "qingdao-2025/scope.toml [roles.organiser]",
        'agency_allowed = "不可"',
        "agency_allowed 的值不合要求（须为 true 或 false）",
        "核对类型：文字加引号，数字、日期和真假值不加引号",
    ),
    Mistake(
        "one word where a list belongs",
        "qingdao-2025",
        "qingdao-2025/scope.toml",
        'overall = ["bureau"]',
        'overall = "bureau"',
        "qingdao-2025/scope.toml [roles.supervision]",
        'overall = "bureau"',
        "overall 的值不合要求（须为方括号中的一列）",
        "核对类型：文字加引号，数字、日期和真假值不加引号",
    ),
    Mistake(
        "an empty list",
        "qingdao-2025",
        "qingdao-2025/scope.toml",
        'managers = ["station"]',
        "managers = []",
        "qingdao-2025/scope.toml [roles.pool]",
        "managers = []",
        "managers 的值不合要求（至少写 1 项）",
        "把 managers 改为合乎要求的值",
    ),
    Mistake(
        "a value outside the closed list",
        "qingdao-2025",
        "qingdao-2025/panels.toml",
        'parity = "any"',
        'parity = "even"',
        "qingdao-2025/panels.toml [panel.size]",
        'parity = "even"',
        "parity 的值“even”不在许可范围",
        '只能写 "any"、"odd"',
    ),
    Mistake(
        "a time limit without unit",
        "qingdao-2025",
        "qingdao-2025/reviews.toml",
        'unit = "days"\n',
        "",
        "qingdao-2025/reviews.toml [record.upload]",
        "[record.upload]",
        "缺少必填项 unit",
        '写明单位：unit = "hours" | "days" | "working_days" | "months" | "years"',
    ),
    Mistake(
        "a place that is no code",
        "qingdao-2025",
        "qingdao-2025/scope.toml",
        'territory = "370200"',
        'territory = "青岛"',
        "qingdao-2025/scope.toml [scope.coverage]",
        'territory = "青岛"',
        "territory 的值“青岛”写法不对",
        "写六位数字的行政区划代码，例如 370200",
    ),
    Mistake(
        "one rule in two files",
        "qingdao-2025",
        "qingdao-2025/zz.toml",
        "",
        '[panel.size]\nclause = "二（二）"\nminimum = 5\ncounted = "main"\nparity = "any"\n',
        "qingdao-2025/zz.toml [panel.size]",
        "[panel.size]",
        "同一规则写了两次",
        "只保留一处",
    ),
    Mistake(
        "a line outside every table",
        "qingdao-2025",
        "qingdao-2025/zz.toml",
        "",
        "minimum = 5\n",
        "qingdao-2025/zz.toml",
        "minimum = 5",
        "“minimum”不在任何规则表内",
        "放到形如 [panel.size] 的表头之下",
    ),
    Mistake(
        "a source that is not registered",
        "qingdao-2025",
        "qingdao-2025/scope.toml",
        "[roles.pool]",
        '[roles.pool]\nsource = "circular"',
        "qingdao-2025/scope.toml [roles.pool]",
        "[roles.pool]",
        "引用的文件 circular 不在 sources.toml",
        "改为 platform、…",
    ),
    Mistake(
        "a word outside the vocabulary",
        "qingdao-2025",
        "qingdao-2025/scope.toml",
        'managers = ["station"]',
        'managers = ["mayor"]',
        "qingdao-2025/scope.toml [roles.pool]",
        "[roles.pool]",
        "词 mayor 不在词汇表 roles",
        "只能用：…",
    ),
    Mistake(
        "a word without a Chinese name",
        "qingdao-2025",
        "qingdao-2025/vocabulary.toml",
        'contractor = "施工单位"',
        "contractor = 5",
        "qingdao-2025/vocabulary.toml [roles]",
        "[roles]",
        "词汇表须为“标识 = 中文名称”",
        '逐行写 identifier = "中文"',
    ),
    Mistake(
        "a word of a vocabulary that no layer has",
        "qingdao-2025",
        "cn/vocabulary.toml",
        "[check_points]",
        "[checks]",
        "qingdao-2025/security.toml [supervision.checks]",
        "[supervision.checks]",
        "词 implementation 不在词汇表 check_points",
        "各层都没有词汇表 check_points：先在 vocabulary.toml 中登记",
    ),
    Mistake(
        "a rule looser than the nation's",
        "qingdao-2025",
        "qingdao-2025/panels.toml",
        "minimum = 5",
        "minimum = 4",
        "qingdao-2025/panels.toml [panel.size]",
        "[panel.size]",
        "《关于启用青岛市市政公用工程专家评审管理服务平台规范专项施工方案专家论证工作的通知》二（二） 放宽了国家规定 《危险性较大的分部分项工程安全管理规定》第十二条：最低人数 4 少于国家规定的 5",
        "地方规定只能增加或从严，请按国家规定改正",
    ),
    Mistake(
        "pits from thirty metres",
        "qingdao-2025",
        "qingdao-2025/works.toml",
        "",
        'document = "本市办法"\ntitle = "本市补充范围"\n[[works]]\nid = "PIT-1"\nkind = "deep_pit"\nname = "基坑"\nhazardous = { clause = "第三条", all = [{ parameter = "depth", at_least = "3" }] }\nover_scale = { clause = "第四条", all = [{ parameter = "depth", at_least = "30" }] }\n',
        "qingdao-2025/works.toml [PIT-1]",
        'id = "PIT-1"',
        "《本市办法》第四条 放宽了国家规定 《建办质〔2018〕31号》附件二第一项：“超过一定规模”改为“开挖深度30m及以上”，窄于“开挖深度5m及以上”",
        "只能增加或从严：照写或放宽“超过一定规模”的范围，不得缩小",
    ),
    Mistake(
        "an entry of the nation struck out",
        "qingdao-2025",
        "qingdao-2025/works.toml",
        "",
        'document = "本市办法"\ntitle = "本市补充范围"\n[[works]]\nid = "PIT-1"\nkind = "deep_pit"\nname = "基坑"\nhazardous = { clause = "第三条", all = [{ parameter = "depth", at_least = "3" }] }\n',
        "qingdao-2025/works.toml [PIT-1]",
        'id = "PIT-1"',
        "《本市办法》第三条 放宽了国家规定 《建办质〔2018〕31号》附件二第一项：删去了“超过一定规模”的条件",
        "只能增加或从严：照写或放宽“超过一定规模”的范围，不得缩小",
    ),
    Mistake(
        "a row of an unknown kind",
        "qingdao-2025",
        "qingdao-2025/works.toml",
        "",
        'document = "本市办法"\ntitle = "本市补充范围"\n[[works]]\nid = "QD-1"\nkind = "cave"\nname = "基坑"\nhazardous = { clause = "第三条", all = [{ parameter = "depth", at_least = "3" }] }\n',
        "qingdao-2025/works.toml [QD-1]",
        'id = "QD-1"',
        "QD-1所属的工程类别“cave”不存在",
        "只能用：…",
    ),
    Mistake(
        "a row that asks for an unknown quantity",
        "qingdao-2025",
        "qingdao-2025/works.toml",
        "",
        'document = "本市办法"\ntitle = "本市补充范围"\n[[works]]\nid = "QD-1"\nkind = "deep_pit"\nname = "基坑"\nhazardous = { clause = "第三条", all = [{ parameter = "width", at_least = "3" }] }\n',
        "qingdao-2025/works.toml [QD-1]",
        'id = "QD-1"',
        "QD-1引用的参数“width”不存在",
        "核对拼写，或先在 parameters 表中登记该参数",
    ),
    Mistake(
        "a row whose number is no text",
        "qingdao-2025",
        "qingdao-2025/works.toml",
        "",
        'document = "本市办法"\ntitle = "本市补充范围"\n[[works]]\nid = "QD-1"\nkind = "deep_pit"\nname = "基坑"\nhazardous = { clause = "第三条", all = [{ parameter = "depth", at_least = 3 }] }\n',
        "qingdao-2025/works.toml [QD-1]",
        'id = "QD-1"',
        "数值须写成字符串，以免失真",
        "按提示改正",
    ),
    Mistake(
        "a row whose test nobody knows",
        "qingdao-2025",
        "qingdao-2025/works.toml",
        "",
        'document = "本市办法"\ntitle = "本市补充范围"\n[[works]]\nid = "QD-1"\nkind = "deep_pit"\nname = "基坑"\nhazardous = { clause = "第三条", all = [{ parameter = "depth", about = "3" }] }\n',
        "qingdao-2025/works.toml [QD-1]",
        'id = "QD-1"',
        "hazardous.all 不是认识的检验",
        "只能写 parameter 和 at_least、above、at_most、below、exceeds、is 之一，或写 yes",
    ),
    Mistake(
        "a row compares what has no unit",
        "qingdao-2025",
        "qingdao-2025/works.toml",
        "",
        'document = "本市办法"\ntitle = "本市补充范围"\n[[works]]\nid = "QD-1"\nkind = "deep_pit"\nname = "基坑"\nhazardous = { clause = "第三条", all = [{ parameter = "is_tool_type", at_least = "3" }] }\n',
        "qingdao-2025/works.toml [QD-1]",
        'id = "QD-1"',
        "QD-1的检验与参数“is_tool_type”的类型不符",
        "有单位的参数比较数值，没有单位的写 yes 或 is",
    ),
    Mistake(
        "a row that says nothing",
        "qingdao-2025",
        "qingdao-2025/works.toml",
        "",
        'document = "本市办法"\ntitle = "本市补充范围"\n[[works]]\nid = "QD-1"\nkind = "deep_pit"\nname = "基坑"\n',
        "qingdao-2025/works.toml [QD-1]",
        'id = "QD-1"',
        "须写明 hazardous 或 over_scale",
        "按提示改正",
    ),
    Mistake(
        "a row written twice",
        "qingdao-2025",
        "qingdao-2025/works.toml",
        "",
        'document = "本市办法"\ntitle = "本市补充范围"\n[[works]]\nid = "QD-1"\nkind = "deep_pit"\nname = "基坑"\nhazardous = { clause = "第三条", all = [{ parameter = "depth", at_least = "3" }] }\n[[works]]\nid = "QD-1"\nkind = "deep_pit"\nname = "基坑"\nhazardous = { clause = "第三条", all = [{ parameter = "depth", at_least = "3" }] }\n',
        "qingdao-2025/works.toml [QD-1]",
        'id = "QD-1"',
        "“QD-1”写了两次",
        "只保留一处",
    ),
    Mistake(
        "a kind that no vocabulary has",
        "qingdao-2025",
        "qingdao-2025/works.toml",
        "",
        'document = "本市办法"\ntitle = "本市补充范围"\n[kinds]\nbog = "泥塘"\n[[works]]\nid = "QD-1"\nkind = "deep_pit"\nname = "基坑"\nhazardous = { clause = "第三条", all = [{ parameter = "depth", at_least = "3" }] }\n',
        "qingdao-2025/works.toml [bog]",
        'bog = "泥塘"',
        "词 bog 不在词汇表 work_kinds",
        "只能用：…",
    ),
    Mistake(
        "a national quantity renamed",
        "qingdao-2025",
        "qingdao-2025/works.toml",
        "",
        'document = "本市办法"\ntitle = "本市补充范围"\n[parameters]\ndepth = { label = "坑深", unit = "m" }\n[[works]]\nid = "QD-1"\nkind = "deep_pit"\nname = "基坑"\nhazardous = { clause = "第三条", all = [{ parameter = "depth", at_least = "3" }] }\n',
        "qingdao-2025/works.toml [depth]",
        'depth = { label = "坑深", unit = "m" }',
        "“depth”已有规定，只能增加，不能改动",
        "换一个标识，或照原样写",
    ),
    Mistake(
        "a severe defect reworded",
        "qingdao-2025",
        "qingdao-2025/defects.toml",
        "",
        'document = "本市清单"\ntitle = "清单"\n[[chapters]]\nnumber = "一"\nname = "通用"\nevery_kind = true\n[chapters.defects]\nSD-G-01 = "概况可以从简"\n',
        "qingdao-2025/defects.toml [SD-G-01]",
        'SD-G-01 = "概况可以从简"',
        "《本市清单》附表第一章第1项 放宽了国家规定 《建办质〔2024〕63号》附表第一章第1项：改动了“未说明工程概况和周边环境情况”",
        "只能增加或从严：照原文写，新的要求另立一项",
    ),
    Mistake(
        "a defect of an unknown kind of works",
        "qingdao-2025",
        "qingdao-2025/defects.toml",
        "",
        'document = "本市清单"\ntitle = "清单"\n[[chapters]]\nnumber = "十二"\nname = "海洋"\nkinds = ["sea"]\n[chapters.defects]\nQD-1 = "未说明潮位"\n',
        "qingdao-2025/defects.toml [十二]",
        'number = "十二"',
        "词 sea 不在词汇表 work_kinds",
        "只能用：…",
    ),
    Mistake(
        "a hazard listed twice",
        "qingdao-2025",
        "qingdao-2025/hazards.toml",
        "",
        'document = "本市标准"\ntitle = "标准"\n[[articles]]\nnumber = "第二条"\nname = "海洋"\nhazards = { a-1 = "未观测潮位" }\n[[articles]]\nnumber = "第三条"\nname = "海洋"\nhazards = { a-1 = "未观测风浪" }\n',
        "qingdao-2025/hazards.toml [a-1]",
        'hazards = { a-1 = "未观测潮位" }',
        "“a-1”重复",
        "只保留一处",
    ),
    Mistake(
        "a hidden specialty that nobody has",
        "qingdao-2025",
        "qingdao-2025/vocabulary.toml",
        "[roles]",
        '[hidden]\nspecialties = ["cooking"]\n[roles]',
        "qingdao-2025/vocabulary.toml [hidden]",
        "[hidden]",
        "词 cooking 不在词汇表 specialties",
        "只能用：…",
    ),
    Mistake(
        "a specialty hidden and used",
        "qingdao-2025",
        "qingdao-2025/vocabulary.toml",
        "[roles]",
        '[hidden]\nspecialties = ["underwater"]\n[roles]',
        "qingdao-2025/draws.toml [draw.match]",
        "[draw.match]",
        "词 underwater 已由 hidden 隐藏",
        "从 hidden 中删去，或不用这个专业",
    ),
    Mistake(
        "a worked case that no longer holds",
        "qingdao-2025",
        "qingdao-2025/panels.toml",
        "maximum = 2",
        "maximum = 3",
        "qingdao-2025/cases/panels.toml [panel.extras]",
        'situation = "增选3名"',
        "算例“增选3名”不成立：应为拒绝（二（二）；提示0条），实为准许（二（二）；提示0条）：增选人数符合规定（当前：增选3名）［《关于启用青岛市市政公用工程专家评审管理服务平台规范专项施工方案专家论证工作的通知》二（二）］",
        "改正规则或算例",
    ),
    Mistake(
        "a worked case of an unknown rule",
        "qingdao-2025",
        "qingdao-2025/cases/zz.toml",
        "",
        '[[case]]\nsituation = "甲"\nkey = "panel.sise"\noutcome = "refused"\nclauses = ["一"]\n',
        "qingdao-2025/cases/zz.toml [panel.sise]",
        'situation = "甲"',
        "算例“甲”不成立：规则不接受这些事实（没有规则键 panel.sise，或没有写这条规则；规则键见 docs/packs.md）",
        "改正规则或算例",
    ),
    Mistake(
        "a worked case with unknown facts",
        "qingdao-2025",
        "qingdao-2025/cases/zz.toml",
        "",
        '[[case]]\nsituation = "甲"\nkey = "panel.size"\nfacts = { much = 5 }\noutcome = "refused"\nclauses = ["一"]\n',
        "qingdao-2025/cases/zz.toml [panel.size]",
        'situation = "甲"',
        "算例“甲”不成立：规则不接受这些事实（much；panel.size 应有的事实见 docs/packs.md）",
        "改正规则或算例",
    ),
    Mistake(
        "a worked case without outcome",
        "qingdao-2025",
        "qingdao-2025/cases/zz.toml",
        "",
        '[[case]]\nsituation = "甲"\nkey = "panel.size"\nclauses = ["一"]\n',
        "qingdao-2025/cases/zz.toml [outcome]",
        "[[case]]",
        "算例写法有误：缺少必填项 outcome",
        "补写 outcome = …（取值见 docs/packs.md）",
    ),
    Mistake(
        "worked cases that are no TOML",
        "qingdao-2025",
        "qingdao-2025/cases/zz.toml",
        "",
        "[[case\n",
        "qingdao-2025/cases/zz.toml",
        "[[case",
        "算例写法有误：不是合法的 TOML",
        "检查这一行的引号、括号、等号和重复的键",
    ),
    Mistake(
        "the layer below has mistakes",
        "qingdao-2025",
        "cn/panels.toml",
        "minimum = 5",
        'minimum = "五"',
        "qingdao-2025/pack.toml [parent]",
        'parent = "cn"',
        "上层政策包 cn 有 1 处错误，本包无法检查",
        "先改正 cn（检查该文件夹）",
    ),
    Mistake(
        "the layer below is a draft",
        "qingdao-2025",
        "cn/pack.toml",
        'status = "in_force"',
        'status = "draft"',
        "qingdao-2025/pack.toml [parent]",
        'parent = "cn"',
        "上层政策包 cn 还是草案（draft），其上的规则不能施行",
        "待上层施行，或把本包也写为 draft",
    ),
]
"""`written` is empty where the whole file is new, None where it is taken away."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the packs that a test may spoil."""
    copy = tmp_path / "packs"
    shutil.copytree(STORED, copy)
    monkeypatch.setattr(packs, "root", lambda: copy)
    return copy


def spoil(folder: Path, mistake: Mistake) -> None:
    path = folder / mistake.file
    if mistake.written is None or mistake.changed is None:
        path.unlink()
    elif not mistake.written:
        path.write_text(mistake.changed, "utf-8")
    else:
        text = path.read_text("utf-8")
        assert mistake.written in text
        path.write_text(text.replace(mistake.written, mistake.changed, 1), "utf-8")


def placed(folder: Path, told: str) -> tuple[str, str]:
    """What was told without its line number, and the text of that line in the file."""
    found = re.match(r"(\S+)( 第(\d+)行)?", told)
    assert found is not None
    if found[3] is None:
        return told, ""
    lines = (folder / found[1]).read_text("utf-8").splitlines()
    return told.replace(found[2], "", 1), lines[int(found[3]) - 1]


def test_there_are_more_than_forty_kinds_of_mistakes() -> None:
    assert len({mistake.situation for mistake in MISTAKES}) == len(MISTAKES) >= 40


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.situation.replace(" ", "-"))
def test_a_mistake_is_told_once_with_its_place_and_its_remedy(
    folder: Path, capsys: pytest.CaptureFixture[str], mistake: Mistake
) -> None:
    spoil(folder, mistake)

    code = packs.run_check(argparse.Namespace(path=folder / mistake.pack))

    told, place = placed(folder, capsys.readouterr().out)
    assert place == mistake.line
    remedy, end, _ = mistake.remedy.partition("…")
    if end and remedy.endswith(("：", "、")):  # a list of lawful words goes on
        assert re.fullmatch(
            rf"{re.escape(f'{mistake.where}：{mistake.message}。改法：{remedy}')}[^\n]+\n共 1 处错误\n", told
        )
    else:
        assert told == f"{mistake.where}：{mistake.message}。改法：{mistake.remedy}\n共 1 处错误\n"
    assert code == 1


FOREIGN = re.compile(
    r"\b([Ii]nput|should|valid|error|expected|[Ff]ield|required|must|None|True|False|dict|tuple|object|or|and|the|got|"
    r"argument|unexpected|line|column|\w*Error)\b|[\[(]'|[{(]\"|只能(用|写)：?\s*(。|$)"
)
"""English, the texts of libraries, the written form of Python's values, and a list of nothing."""


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.situation.replace(" ", "-"))
def test_no_mistake_is_told_in_english_or_in_python(mistake: Mistake) -> None:
    assert FOREIGN.findall(f"{mistake.message}。{mistake.remedy}") == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.situation.replace(" ", "-"))
def test_every_mistake_has_a_line_unless_its_file_is_missing(mistake: Mistake) -> None:
    assert re.fullmatch(r"\S+\.toml( \[\S+\])?", mistake.where)
    assert (mistake.line != "") is (mistake.written is not None)


def test_every_rule_tells_a_missing_clause(folder: Path) -> None:
    path = folder / "qingdao-2025" / "zz.toml"
    cited = read_pack(packs.texts(folder / "qingdao-2025")).rules

    for key in RULES.keys() - cited.keys():
        path.write_text(f"[{key}]\n", "utf-8")
        told = [str(problem) for problem in packs.check(folder / "qingdao-2025")]
        assert f"qingdao-2025/zz.toml 第1行 [{key}]：缺少必填项 clause" in told[0]
        assert [text for text in told if FOREIGN.search(text.partition("：")[2])] == []
