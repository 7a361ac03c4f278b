"""What is being built in the demo, and what experts say of the plans."""

from collections.abc import Mapping
from dataclasses import dataclass, field

OPINIONS = (
    ("第4章 第5页", "支撑拆除条件未写明", "JGJ 120", "补充换撑顺序和混凝土强度要求"),
    ("第9章 第10页", "计算书未考虑坑边堆载", "JGJ 120", "按实际堆载复核支护结构稳定性"),
    ("第5章 第6页", "监测报警值缺少变化速率", "GB 50497", "补充变化速率报警值和应急联动措施"),
    ("第8章 第9页", "应急物资清单与现场不符", "建办质〔2018〕31号", "按现场实际核对并注明存放位置"),
    ("第3章 第4页", "雨季施工安排不明确", "建办质〔2018〕31号", "补充雨季排水和停工条件"),
)


@dataclass(frozen=True)
class Work:
    """One hazardous work with its project. ``specialties`` are those asked for, with the numbers of a direct draw."""

    number: int
    project: str
    name: str
    kind: str
    parameters: Mapping[str, str | bool] = field(default_factory=dict)
    specialties: Mapping[str, int] = field(default_factory=dict)
    project_kind: str = "municipal"

    @property
    def title(self) -> str:
        """The title of the plan."""
        return f"{self.name}专项施工方案"

    def needs(self, *, is_push: bool) -> list[tuple[str, int]]:
        """Specialties with numbers: five seats drawn directly, or ten candidates pushed."""
        if not is_push:
            return list(self.specialties.items())
        each, rest = divmod(10, len(self.specialties))
        return [(name, each + (index < rest)) for index, name in enumerate(self.specialties)]

    def opinion(self, order: int) -> dict[str, str | bool]:
        """One opinion on the plan."""
        place, problem, basis, advice = OPINIONS[(self.number + order) % len(OPINIONS)]
        return {
            "place": place,
            "problem": problem,
            "basis": basis,
            "advice": advice,
            "is_required": True,
        }


LIFT: Mapping[str, str | bool] = {
    "is_unconventional": True, "single_lift": "120", "uses_lifting_machinery": False,
    "installs_lifting_machinery": False, "rated_capacity": "0", "total_erected_height": "0", "base_elevation": "0",
}  # fmt: skip
KINDS: tuple[tuple[str, str, Mapping[str, str | bool], Mapping[str, int]], ...] = (
    ("深基坑支护及土方开挖", "deep_pit", {"depth": "8.5"}, {"geotechnics": 3, "monitoring": 1, "foundation": 1}),
    ("高大模板支撑", "formwork", {"support_height": "9", "support_span": "20", "total_load": "16", "line_load": "21", "projected_width": "12"}, {"formwork": 2, "structure": 3}),
    ("起重吊装", "lifting", LIFT, {"lifting": 3, "mechanical": 1, "bridge": 1}),
    ("连接通道暗挖", "tunnel", {}, {"tunnel": 3, "geotechnics": 2}),
    ("人工挖孔桩", "hand_dug_pile", {"pile_depth": "18"}, {"foundation": 2, "geotechnics": 3}),
    ("钢结构安装", "steel_structure", {"steel_span": "40"}, {"steel_structure": 2, "structure": 3}),
)  # fmt: skip
PLACES = (
    "虚构路地下通道", "拟建大道快速路", "演武河综合管廊", "虚岭污水处理厂", "拟海地铁示范线", "假山公园改造", "虚湾跨河桥",
    "演星隧道", "拟云立交", "虚谷水厂扩建", "演台枢纽广场", "拟林雨水调蓄池", "虚舟码头道路", "演湖泵站", "拟岳高架",
    "演谷过街天桥", "虚原变电站电缆沟", "演溪河道整治", "拟川换乘中心", "虚星停车楼", "假日广场地下车库", "虚禾学校连廊",
    "演帆会展配套", "拟渤给水干管", "拟鹤公交首末站", "虚屿排水箱涵",
)  # fmt: skip


BUILDINGS = ("车库", "停车楼", "连廊", "配套")


def work(city: str, number: int, kind: int) -> Work:
    """The work with this number; ``kind`` counts in the list of kinds."""
    name, key, parameters, specialties = KINDS[kind % len(KINDS)]
    place = PLACES[number % len(PLACES)]
    project_kind = "housing" if place.endswith(BUILDINGS) else "municipal"
    return Work(number, f"{city}{place}工程", f"{place}{name}", key, parameters, specialties, project_kind)
