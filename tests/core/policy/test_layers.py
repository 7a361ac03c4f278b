"""A chain of layers of any length, each adding or tightening, with the real nation and the platform at its foot."""

import pytest

from lunheng.core.clauses import Clause
from lunheng.core.policy import Pack, PackError, Problem, ResolvedPack, read_pack, resolve
from lunheng.core.policy.layers import NoPack, chain, require_named
from tests.core.policy.small import FLOOR, NOTICE, ORDER, WORDS, files

SIZE = '[panel.size]\nclause = "{clause}"\nminimum = {minimum}\ncounted = "all"\nparity = "any"\n'


def head(identifier: str, parent: str = "", status: str = "in_force") -> str:
    return (
        f'id = "{identifier}"\ntitle = "{identifier}的规则"\nversion = "1"\nstatus = "{status}"\n'
        f'parent = "{parent}"\n'
    )


def notice(title: str) -> str:
    return NOTICE.replace("示例市专家论证办法", title)


def layer(
    identifier: str, parent: str, rules: str = "", *, status: str = "in_force", words: str = WORDS
) -> Pack:
    texts = files(
        rules, head=head(identifier, parent, status), sources=notice(f"{identifier}办法"), words=words
    )
    return read_pack(texts)


CN = read_pack(files(SIZE.format(clause="第十二条", minimum=5), head=FLOOR, sources=ORDER))
PLATFORM = read_pack(files(head=head("platform"), sources=notice("平台规则")))
PROVINCE = layer("province", "cn", SIZE.format(clause="第八条", minimum=7))
PREFECTURE = layer("prefecture", "province")
CITY = layer("city", "prefecture")


def chained(pack: Pack, *others: Pack) -> tuple[Pack, ...]:
    known = {one.id: one for one in (CN, PLATFORM, PROVINCE, PREFECTURE, *others)}

    def read(name: str) -> Pack:
        if name not in known:
            raise NoPack(name)
        return known[name]

    return chain(pack, read)


def laid(pack: Pack, *others: Pack) -> ResolvedPack:
    return resolve(*chained(pack, *others))


def only(pack: Pack, *others: Pack) -> Problem:
    with pytest.raises(PackError) as caught:
        laid(pack, *others)
    (problem,) = caught.value.problems
    return problem


def names(layers: tuple[Pack, ...]) -> list[str]:
    return [one.id for one in layers]


def test_a_city_stands_on_its_prefecture_its_province_the_nation_and_the_platform() -> None:
    assert names(chained(CITY)) == ["city", "prefecture", "province", "cn", "platform"]


def test_the_nation_stands_on_the_platform_alone() -> None:
    assert names(chained(CN)) == ["cn", "platform"]


def test_the_platform_is_read_over_the_nation() -> None:
    assert names(chained(PLATFORM)) == ["platform", "cn"]


def test_what_the_city_leaves_out_comes_from_the_nearest_layer_that_speaks_under_its_own_document() -> None:
    pack = laid(CITY)

    assert pack.cite("panel.size", pack.rules["panel.size"]) == Clause("province办法", "第八条")
    assert pack.source_of("panel.size", pack.rules["panel.size"]).title == "province办法"


def test_a_city_that_loosens_its_province_is_told_both_clauses() -> None:
    looser = layer("city", "prefecture", SIZE.format(clause="三", minimum=5))

    assert only(looser) == Problem(
        "rules.toml",
        "panel.size",
        0,
        "《city办法》三 放宽了上层规定 《province办法》第八条：最低人数 5 少于上层规定的 7",
        "只能增加或从严，请按上层规定改正",
        "city",
    )


def test_a_province_that_loosens_the_nation_is_told_in_its_own_file() -> None:
    looser = layer("province", "cn", SIZE.format(clause="第八条", minimum=3))

    problem = only(CITY, looser)

    assert (problem.pack, problem.message) == (
        "province",
        "《province办法》第八条 放宽了国家规定 《危险性较大的分部分项工程安全管理规定》第十二条："
        "最低人数 3 少于国家规定的 5",
    )


def test_a_city_that_tightens_its_province_is_accepted() -> None:
    assert (
        laid(layer("city", "province", SIZE.format(clause="三", minimum=9))).rules["panel.size"].clause
        == "三"
    )


def test_a_chain_that_names_no_layer_below_is_one_mistake() -> None:
    problem = only(layer("city", "", SIZE.format(clause="三", minimum=3)))

    assert (problem.file, problem.key, problem.message, problem.remedy) == (
        "pack.toml",
        "parent",
        "没有写上层 parent；各层必须以国家规定 cn 和平台规则 platform 为底",
        '写 parent = "cn"，或上一级规则的标识',
    )


def test_a_soft_copy_of_the_nation_is_no_foot_of_a_chain() -> None:
    soft = layer("cn-soft", "", SIZE.format(clause="第十二条", minimum=1))

    problem = only(layer("city", "cn-soft"), soft)

    assert (problem.pack, problem.key, problem.message) == (
        "cn-soft",
        "parent",
        "没有写上层 parent；各层必须以国家规定 cn 和平台规则 platform 为底",
    )


def test_a_soft_copy_in_a_folder_of_its_own_does_not_pass_as_the_nation() -> None:
    with pytest.raises(PackError, match="标识 cn 与文件夹名 cn-soft 不同"):
        require_named(CN, "cn-soft")


def test_a_layer_found_under_another_name_is_refused() -> None:
    def read(name: str) -> Pack:
        return {"cn-soft": CN, "platform": PLATFORM}[name]

    with pytest.raises(PackError, match="上层政策包 cn-soft 有 1 处错误，本包无法检查"):
        chain(layer("city", "cn-soft"), read)


def test_a_chain_does_not_step_over_the_nation() -> None:
    assert only(layer("city", "platform")).message == "上层 parent 越过了国家规定 cn"


def test_a_circle_is_refused() -> None:
    one, other = layer("one", "other"), layer("other", "one")

    assert only(one, other).message == "上层循环：one → other → one"


def test_a_layer_that_is_not_there_is_told() -> None:
    problem = only(layer("city", "county"))

    assert (problem.key, problem.message, problem.remedy) == (
        "parent",
        "没有政策包 county",
        "补上缺少的上层政策包",
    )


def test_the_foot_of_all_chains_names_nothing_below() -> None:
    nation = read_pack(files(head=head("cn", "province"), sources=ORDER))

    assert only(nation).message == "cn的规则是各层的底，不能再有上层 province"


def test_a_rule_in_force_does_not_stand_on_a_draft() -> None:
    draft = layer("province", "cn", status="draft")

    assert only(CITY, draft, layer("prefecture", "province")).message == (
        "上层政策包 province 还是草案（draft），其上的规则不能施行"
    )
    assert names(chained(layer("city", "province", status="draft"), draft))[:2] == ["city", "province"]


HIDING = '[hidden]\nspecialties = ["tunnel"]\n' + WORDS


def test_a_city_may_hide_a_specialty_that_it_does_not_use() -> None:
    pack = laid(layer("city", "cn", words=HIDING.replace('tunnel = "隧道工程"\n', "")))

    assert pack.choices("specialties") == {"geotechnics": "岩土工程"}
    assert pack.labels["specialties"]["tunnel"] == "隧道工程"
    assert pack.choices("roles") == pack.labels["roles"]


def test_a_layer_above_may_use_it_again() -> None:
    quiet = WORDS.replace('tunnel = "隧道工程"\n', "")
    province = layer("province", "cn", words='[hidden]\nspecialties = ["tunnel"]\n' + quiet)

    assert "tunnel" not in laid(layer("city", "province", words=quiet), province).choices("specialties")
    assert "tunnel" in laid(layer("city", "province", words=WORDS), province).choices("specialties")


def test_a_rule_does_not_name_a_hidden_specialty() -> None:
    hiding = HIDING.replace('tunnel = "隧道工程"\n', "")
    rule = '[draw.match]\nclause = "一"\nspecialties = { deep_pit = ["tunnel"] }\n'

    assert only(layer("city", "cn", rule, words=hiding)).message == "词 tunnel 已由 hidden 隐藏"


def test_only_a_known_specialty_can_be_hidden() -> None:
    problem = only(layer("city", "cn", words=HIDING.replace('["tunnel"]', '["cooking"]')))

    assert (problem.key, problem.message, problem.remedy) == (
        "hidden",
        "词 cooking 不在词汇表 specialties",
        "只能用：geotechnics、tunnel",
    )


@pytest.mark.parametrize("hidden", ['roles = ["station"]', 'specialties = "tunnel"', ""])
def test_nothing_but_specialties_can_be_hidden(hidden: str) -> None:
    with pytest.raises(PackError, match="只能隐藏专业类别"):
        layer("city", "cn", words=f"[hidden]\n{hidden}\n" + WORDS)
