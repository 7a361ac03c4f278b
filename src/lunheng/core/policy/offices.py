"""岗位与权力: the offices of an authority and what each of them may do, as its pack says it.

`offices.toml` of a layer holds `[offices.<id>]` and `[powers.<act>]`; a higher layer adds offices and says who may. What
no layer says is refused. Packs that were written before this table say most of it in their rules; it is read there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal

from pydantic import Field, ValidationError

from lunheng.core.clauses import Clause
from lunheng.core.policy.faults import Problem, fault_of
from lunheng.core.policy.pack import Pack, cite
from lunheng.core.policy.rules import Citation, Rule
from lunheng.core.policy.rules.base import Assumption, Model

FILE = "offices.toml"
LEVELS: Mapping[str, str] = MappingProxyType(
    {"nation": "国家", "region": "省、自治区、直辖市", "prefecture": "市、州、地区", "county": "区、县"}
)
"""Of offices and of divisions, widest first."""
POWERS: Mapping[str, str] = MappingProxyType(
    {
        "admit_member": "办理专家入库",
        "change_pool": "变更专家库",
        "publish_pool": "公布入库专家和通告",
        "read_pool": "查阅专家库",
        "contribute_chance": "登记和揭示主管部门随机数链",
        "register_project": "登记工程信息",
        "decide_sister": "判定兄弟单位",
        "report_loss": "登记专家不能到会",
        "remove_member": "把专家移出专家组",
        "file_leak": "登记泄密线索",
        "erase_content": "擦除存证内容",
        "decide_off_platform": "认定未通过平台抽取的论证",
    }
)
"""The closed vocabulary of what is in the power of an office alone."""
SUPERVISION = ("roles.supervision", ("city_run", "other", "overall"))
SAID_BY_RULES: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "admit_member": ("roles.pool", ("managers",)),
        "change_pool": ("roles.pool", ("managers",)),
        "publish_pool": ("roles.pool", ("publishers",)),
        "decide_off_platform": ("supervision.off_platform", ("deciders",)),
        "contribute_chance": ("roles.supervision", ("overall",)),
        **dict.fromkeys(
            (
                "read_pool",
                "register_project",
                "decide_sister",
                "report_loss",
                "remove_member",
                "file_leak",
                "erase_content",
            ),
            SUPERVISION,
        ),
    }
)
"""The rule and its fields that say who may, where no `[powers]` does: the first storey of packs, which stays valid."""
FIRM = frozenset({"admit_member", "change_pool", "publish_pool", "decide_off_platform"})
"""What has a rule of its own: a `[powers]` beside it must say the same, so that there are not two truths."""
Charge = Literal["city_run", "territory", "none"]
Layers = tuple[Pack, ...]


class Office(Model):
    """岗位: one office of an authority; `commissioned_by` is the office on whose behalf it acts, `charge` what it
    supervises: city-run projects, whatever lies in its territory, or nothing."""

    title: str = Field(min_length=1)
    level: Literal["nation", "region", "prefecture", "county"]
    function: Literal["authority", "center", "review_group", "observer"]
    commissioned_by: str = ""
    charge: Charge = "none"


class Powers(Model):
    """权力: who may do one thing; no office at all is nobody."""

    clause: str = Field(min_length=1)
    source: str = ""
    title: str = ""
    offices: tuple[str, ...]
    assumption: Assumption | None = None
    """What we chose where the text does not name the office."""


@dataclass(frozen=True)
class Power:
    """Who may do one thing, and the clause that says so."""

    label: str
    clause: Clause
    offices: tuple[str, ...]
    reading: str = ""


def offices_of(layers: Layers) -> dict[str, Office]:
    """Every office by identifier; a higher layer says it anew. Raises ValidationError for what `office_problems` tells."""
    tables = [_tables(layer, "offices") for layer in reversed(layers)]
    return {key: Office.model_validate(_strict(table)) for one in tables for key, table in one.items()}


def titles_of(layers: Layers) -> dict[str, str]:
    """What each office is called, as far as the tables can be read at all."""
    tables = [_tables(layer, "offices") for layer in reversed(layers)]
    named = {
        key: table.get("title") for one in tables for key, table in one.items() if isinstance(table, dict)
    }
    return {key: title for key, title in named.items() if isinstance(title, str) and title}


def power_of(layers: Layers, rules: Mapping[str, Rule], act: str) -> Power | None:
    """Who may do this: by the highest layer whose table says it, else by the rule that does; None when nobody says.

    Raises KeyError for an act that is no power.
    """
    label = POWERS[act]
    for place, layer in enumerate(layers):
        table = _tables(layer, "powers").get(act)
        if table is not None:
            said = Powers.model_validate(_strict(table))
            reading = said.assumption.reading if said.assumption else ""
            return Power(label, _cite(layers[place:], layer, said), said.offices, reading)
    key, fields = SAID_BY_RULES[act]
    if key not in rules:
        return None
    layer = next(one for one in layers if key in one.rules)
    return Power(label, _cite(layers, layer, rules[key]), _named(rules[key], fields))


def office_problems(layers: Layers, rules: Mapping[str, Rule]) -> Iterator[Problem]:
    """What does not fit in the tables of offices and powers."""
    malformed = [problem for layer in layers for problem in _malformed(layer)]
    if malformed:
        yield from malformed
        return
    offices = offices_of(layers)
    for layer in layers:
        yield from _of_offices(layer, offices)
        yield from _of_powers(layer, offices, rules, {key for one in layers for key in one.sources})
    yield from _of_charges(layers, offices, rules)


def _tables(layer: Pack, topic: str) -> dict[str, Any]:
    found = layer.current.get(FILE, {}).get(topic, {})
    return found if isinstance(found, dict) else {}


def _strict(table: Any) -> Any:
    """TOML has lists where the models have tuples."""
    if not isinstance(table, dict):
        return table
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def _cite(layers: Layers, layer: Pack, citation: Rule | Powers) -> Clause:
    sources = {key: source for one in reversed(layers) for key, source in one.sources.items()}
    given = Citation(clause=citation.clause, source=citation.source, title=citation.title)
    return cite(sources | layer.sources, layer.main_source, given)


def _named(rule: Rule, fields: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for field in fields:
        value = getattr(rule, field)
        found += [value] if isinstance(value, str) else value
    return tuple(dict.fromkeys(found))


def _malformed(layer: Pack) -> Iterator[Problem]:
    document = layer.current.get(FILE, {})
    for topic in sorted(document.keys() - {"offices", "powers"}):
        yield _problem(
            layer,
            "",
            f"offices.toml 只有 offices 和 powers 两组表，没有 {topic}",
            "改为 [offices.标识] 或 [powers.行为]",
        )
    for topic, model in (("offices", Office), ("powers", Powers)):
        for key, table in _tables(layer, topic).items():
            if topic == "powers" and key not in POWERS:
                yield _problem(layer, f"{topic}.{key}", f"不认识的行为 {key}", f"只能用：{'、'.join(POWERS)}")
                continue
            try:
                model.model_validate(_strict(table))
            except ValidationError as error:
                found = (fault_of(detail, FILE, f"{topic}.{key}", "") for detail in error.errors())
                yield from (replace(one, pack=layer.id) for one in found)


def _of_offices(layer: Pack, offices: Mapping[str, Office]) -> Iterator[Problem]:
    for key in _tables(layer, "offices"):
        above = offices[key].commissioned_by
        if above and (above not in offices or above == key):
            yield _problem(
                layer, f"offices.{key}", f"委托岗位 {above} 不在岗位表中", f"只能用：{_others(offices, key)}"
            )


def _of_powers(
    layer: Pack, offices: Mapping[str, Office], rules: Mapping[str, Rule], sources: set[str]
) -> Iterator[Problem]:
    for act, table in _tables(layer, "powers").items():
        said, place = Powers.model_validate(_strict(table)), f"powers.{act}"
        for office in said.offices:
            if office not in offices:
                yield _problem(layer, place, f"岗位 {office} 不在岗位表中", f"只能用：{'、'.join(offices)}")
        if said.source and said.source not in sources:
            yield _problem(layer, place, f"引用的文件 {said.source} 不在 sources.toml", "先登记该文件")
        key, fields = SAID_BY_RULES[act]
        if act in FIRM and key in rules and set(_named(rules[key], fields)) != set(said.offices):
            named = "、".join(_named(rules[key], fields))
            yield _problem(
                layer, place, f"与 {key} 所列的 {named} 不一致", f"只在一处写明，或与 {key} 写得相同"
            )


def _of_charges(
    layers: Layers, offices: Mapping[str, Office], rules: Mapping[str, Rule]
) -> Iterator[Problem]:
    """Whom the rule of supervision names must have that in charge; for packs that have offices at all."""
    rule = rules.get("roles.supervision")
    if rule is None or not any(_tables(layer, "offices") for layer in layers):
        return
    homes = {key: layer for layer in reversed(layers) for key in _tables(layer, "offices")}
    needed = {office: "territory" for office in _named(rule, ("other", "overall"))}
    needed = {office: "city_run" for office in _named(rule, ("city_run",))} | needed
    for office, charge in needed.items():
        if office not in offices:
            yield _problem(
                layers[0], "", f"roles.supervision 所列的 {office} 不在岗位表中", f"增加 [offices.{office}]"
            )
        elif offices[office].charge not in (charge, "territory"):
            remedy = f'改为 charge = "{charge}"，或改正 roles.supervision'
            yield _problem(
                homes[office], f"offices.{office}", "按 roles.supervision 负责监督，charge 却没有写明", remedy
            )


def _others(offices: Mapping[str, Office], key: str) -> str:
    return "、".join(one for one in offices if one != key) or "（没有其他岗位）"


def _problem(layer: Pack, key: str, message: str, remedy: str) -> Problem:
    return Problem(FILE, key, 0, message, remedy, layer.id)
