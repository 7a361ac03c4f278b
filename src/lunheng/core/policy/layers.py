"""层: city → prefecture → province → cn → platform, a chain of any length in which `parent` names the next."""

from collections.abc import Callable

from lunheng.core.policy.faults import PackError, Problem
from lunheng.core.policy.pack import Pack

NATION, PLATFORM = "cn", "platform"


class NoPack(LookupError):
    """There is no pack of this name."""


def chain(pack: Pack, read: Callable[[str], Pack]) -> tuple[Pack, ...]:
    """The layers of a pack, highest first, ending in the real `cn` and `platform`.

    `read` gives the pack of a name; it raises NoPack when there is none. Raises PackError for a chain that does not end
    so, with one problem. The platform's own rules are read over the national ones.
    """
    layers = [pack]
    last = NATION if pack.id == PLATFORM else PLATFORM
    while len(layers) == 1 or layers[-1].id != last:
        layers.append(_read(layers, _below(layers[-1]), read))
    return tuple(layers)


def require_named(pack: Pack, folder: str) -> Pack:
    """The pack itself, when its identifier is the name of its folder. Raises PackError."""
    if pack.id == folder:
        return pack
    message = f"标识 {pack.id} 与文件夹名 {folder} 不同"
    raise PackError((_fault(pack, "id", message, f'写 id = "{folder}"，或把文件夹改名为 {pack.id}'),))


def _below(pack: Pack) -> str:
    """The name of the next layer. Raises PackError for a layer that names none, or a wrong one."""
    parent = pack.head.parent
    if pack.id in (NATION, PLATFORM):
        _require_base(pack)
        return PLATFORM if pack.id == NATION else NATION
    if not parent:
        message = "没有写上层 parent；各层必须以国家规定 cn 和平台规则 platform 为底"
        raise PackError((_fault(pack, "parent", message, '写 parent = "cn"，或上一级规则的标识'),))
    if parent == PLATFORM:
        message = "上层 parent 越过了国家规定 cn"
        raise PackError((_fault(pack, "parent", message, '写 parent = "cn"，或上一级规则的标识'),))
    return parent


def _require_base(pack: Pack) -> None:
    if pack.head.parent:
        message = f"{pack.head.title}是各层的底，不能再有上层 {pack.head.parent}"
        raise PackError((_fault(pack, "parent", message, "删去 parent"),))


def _read(layers: list[Pack], name: str, read: Callable[[str], Pack]) -> Pack:
    above = layers[-1]
    if name in [layer.id for layer in layers]:
        message = f"上层循环：{' → '.join([*(layer.id for layer in layers), name])}"
        raise PackError((_fault(above, "parent", message, "改为上一级规则的标识，最终到 cn"),))
    try:
        found = require_named(read(name), name)
    except NoPack:
        problem = _fault(above, "parent", f"没有政策包 {name}", "补上缺少的上层政策包")
        raise PackError((problem,)) from None
    except PackError as error:
        message = f"上层政策包 {name} 有 {len(error.problems)} 处错误，本包无法检查"
        raise PackError((_fault(above, "parent", message, f"先改正 {name}（检查该文件夹）"),)) from error
    if found.head.status == "draft" and above.head.status == "in_force":
        message = f"上层政策包 {name} 还是草案（draft），其上的规则不能施行"
        raise PackError((_fault(above, "parent", message, "待上层施行，或把本包也写为 draft"),))
    return found


def _fault(pack: Pack, key: str, message: str, remedy: str) -> Problem:
    return Problem("pack.toml", key, 0, message, remedy, pack.id)
