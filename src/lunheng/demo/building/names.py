"""Names that nobody could take for real ones: every one carries 虚, 拟, 演 or 假."""

from lunheng.demo.building.chance import Chance

MARKS = "虚拟演假"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = "真明华建国志强伟文海涛平宁军林峰磊洋波东辉健康宇晨博思远诚信义达安和川岭山河岳松柏桦桐楠玉珍兰芳敏静秀英慧雅琴梅霞丽颖"
RARE = ("王䶮拟", "李喆演", "陈堃虚", "张珺拟", "赵演䶮")
FIRST_PARTS = (
    "穆罕默德",
    "阿卜杜",
    "艾合买提",
    "吐尔逊",
    "阿不力孜",
    "库尔班",
    "帕提古丽",
    "阿依努尔",
    "热依汗",
    "古丽娜尔",
)
LAST_PARTS = ("买买提", "阿卜杜拉", "吾守尔", "依明", "玉素甫", "热合曼", "卡德尔", "司马义")
LONG = "穆罕默德拟·买买提演·阿卜杜拉虚"
PLACES = "海云星岭川泽原河山江松柏林泉石峰岳湖洲溪沧澜渤华禾谷岩屿帆舟鲸鹤雁鹿"
TRADES = (
    ("建筑设计院有限公司", 5),
    ("岩土勘察有限公司", 4),
    ("市政工程设计研究院有限公司", 4),
    ("建设集团有限公司", 6),
    ("建筑工程有限公司", 6),
    ("轨道交通工程有限公司", 2),
    ("工程监理有限公司", 4),
    ("工程咨询有限公司", 3),
    ("工程检测有限公司", 2),
    ("起重设备安装有限公司", 2),
    ("基础工程有限公司", 3),
    ("建筑科学研究院有限公司", 1),
)


def person(chance: Chance) -> str:
    """A name of a person."""
    mark, other = chance.one(MARKS), chance.one(GIVEN)
    return chance.one(SURNAMES) + (mark + other if chance.below(2) else other + mark)


def western_person(chance: Chance) -> str:
    """A name of two parts, as many have in the far west."""
    return f"{chance.one(FIRST_PARTS)}{chance.one(MARKS)}·{chance.one(LAST_PARTS)}{chance.one(MARKS)}"


def unit(chance: Chance, city: str, taken: set[str]) -> str:
    """A name of a unit that is not taken yet."""
    trades, weights = zip(*TRADES, strict=True)
    while True:
        name = f"虚构{city}{chance.one(PLACES)}{chance.one(PLACES)}{chance.weighted(trades, weights)}"
        if name not in taken:
            taken.add(name)
            return name
