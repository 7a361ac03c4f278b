"""Why a panel is impossible, in words people can check (specification 8.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .flow import circulate, lacking
from .instance import Instance, canonical
from .model import Candidate, Request, UnitSupply
from .network import Network, build

_SEAT_SIDE = frozenset({"size", "specialty", "category"})
_DEMANDS = {
    "size": "专家组共 {amount} 人",
    "specialty": "专业「{name}」至少 {amount} 席",
    "category": "专业大类「{name}」至少 {amount} 席",
    "group": "单位分组「{name}」至少 {amount} 人",
    "type": "已确定人选「{name}」必须参加",
}
_LIMITS = {
    "size": "专家组只有 {amount} 人",
    "specialty": "专业「{name}」至多 {amount} 席",
    "category": "专业大类「{name}」至多 {amount} 席",
    "group": "单位分组「{name}」至多 {amount} 人",
}


@dataclass(frozen=True, slots=True)
class Cut:
    """Arcs whose lower bounds demand more of some nodes than the arcs into them can bring.

    Demands are (kind, index, least), limits (kind, index, most); `short` are the specialties among the nodes.
    """

    demands: tuple[tuple[str, int, int], ...]
    limits: tuple[tuple[str, int, int], ...]
    short: tuple[int, ...]

    def touches(self, kind: str, index: int) -> bool:
        """Whether a bound of this specialty, category or group takes part."""
        return any((own, at) == (kind, index) for own, at, _ in (*self.demands, *self.limits))

    @property
    def capped_units(self) -> frozenset[int]:
        """Units whose cap takes part."""
        return frozenset(index for kind, index, _ in self.limits if kind == "unit")

    def sums(self) -> tuple[int, int]:
        """What is needed and what there is.

        With short specialties both are told in seats for these: seats that others may take lessen the need,
        people who must sit elsewhere lessen the supply.
        """
        need = sum(amount for _, _, amount in self.demands)
        supply = sum(amount for _, _, amount in self.limits)
        if not self.short:
            return need, supply
        elsewhere = sum(amount for kind, _, amount in self.limits if kind in _SEAT_SIDE)
        elsewhere += sum(amount for kind, _, amount in self.demands if kind not in _SEAT_SIDE)
        return need - elsewhere, supply - elsewhere


def capped_network(instance: Instance) -> Network:
    """The network with every cap that can bind."""
    units = {unit for unit, span in enumerate(instance.members) if instance.cap(unit) < len(span)}
    return build(instance, units, set(range(len(instance.groups))))[0]


def is_feasible(candidates: Iterable[Candidate], request: Request) -> bool:
    """Whether at least one panel satisfies the request."""
    network = capped_network(canonical(candidates, request))
    return not circulate(network.graph(), network.lower, network.upper, [0] * len(network.tails))


def violated_cut(instance: Instance) -> Cut | None:
    """The smallest contradiction between demands and what can be brought; None if a panel exists."""
    network = capped_network(instance)
    graph, flow = network.graph(), [0] * len(network.tails)
    if not circulate(graph, network.lower, network.upper, flow):
        return None
    inside = lacking(graph, network.lower, network.upper, flow)
    demands, limits = [], []
    for arc, (tail, head) in enumerate(zip(network.tails, network.heads, strict=True)):
        kind, index = network.what[arc]
        if tail in inside and head not in inside and network.lower[arc]:
            demands.append((kind, _label(network, kind, index), network.lower[arc]))
        if tail not in inside and head in inside:
            limits.append((kind, _label(network, kind, index), network.upper[arc]))
    # ranges that contradict each other have no short specialty: no pool could help
    by_people = not limits or any(kind not in _SEAT_SIDE for kind, _, _ in (*demands, *limits))
    short = tuple(index for index in range(len(instance.specialties)) if by_people and 2 + index in inside)
    return Cut(tuple(demands), tuple(limits), short)


def _label(network: Network, kind: str, index: int) -> int:
    """A fixed expert is better known by his own number than by that of his type."""
    return network.kinds[index][3] if kind == "type" and network.kinds[index][3] >= 0 else index


def shortage_texts(instance: Instance, cut: Cut) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The demands and the limits of a cut in plain Chinese."""
    demands = tuple(
        _DEMANDS[kind].format(name=_name(instance, kind, index), amount=amount)
        for kind, index, amount in cut.demands
    )
    return demands, tuple(_limit_texts(instance, cut))


def _name(instance: Instance, kind: str, index: int) -> str:
    names = {"specialty": instance.specialties, "type": instance.ids}
    if kind in names:
        return names[kind][index]
    nests = {"category": instance.categories, "group": instance.groups}
    return nests[kind][index].name if kind in nests else ""


def _limit_texts(instance: Instance, cut: Cut) -> Iterator[str]:
    for kind, index, amount in cut.limits:
        if kind in _LIMITS:
            yield _LIMITS[kind].format(name=_name(instance, kind, index), amount=amount)
    if cut.capped_units:
        yield f"其中 {len(cut.capped_units)} 家单位受“同一单位至多 {instance.per_unit} 人”限制"
    people = sum(amount for kind, _, amount in cut.limits if kind in ("type", "seat"))
    if people:
        yield f"不受单位上限影响的合格专家 {people} 人"


def unit_supplies(instance: Instance, cut: Cut) -> Iterator[UnitSupply]:
    """The units that have someone for the short specialties, or whose cap takes part."""
    mask = sum(1 << specialty for specialty in cut.short)
    for unit, span in enumerate(instance.members):
        count = sum(1 for expert in span if instance.masks[expert] & mask)
        if not cut.short and unit in cut.capped_units:
            count = len(span)
        if count:
            yield UnitSupply(instance.units[unit], count, min(count, instance.cap(unit)))
