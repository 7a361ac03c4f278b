"""统一社会信用代码 (GB 32100-2015): eighteen signs, the last a check character (MOD 31).

The first sign is the registrar (digits, and letters such as A, N, Y, G), the second the kind; six digits of the place of
registration, which may have been dissolved since; nine signs of the unit.
"""

import re

from lunheng.core.identity.faults import Masked, Unfit
from lunheng.core.identity.signs import MASKS, canonical

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WHOLE = re.compile(rf"[{_SIGNS}]{{2}}[0-9]{{6}}[{_SIGNS}]{{10}}")
WRONG = "统一社会信用代码不正确"
CHECK_IT = "核对营业执照或登记证书上的18位代码"


def credit_code(given: object) -> str:
    """The code in its one spelling.

    Raises:
        Masked: part of it is hidden.
        Unfit: it is no code of a unit.
    """
    code = canonical(given)
    if not code:
        raise Unfit("没有填写统一社会信用代码", CHECK_IT, "未填写")
    if not MASKS.isdisjoint(code):
        raise Masked("统一社会信用代码不完整，部分字符被遮盖", "填写完整代码", f"{len(code)}位")
    if len(code) != 18:
        raise Unfit(WRONG, f"{CHECK_IT}；旧的15位注册号、9位组织机构代码已停止使用", f"{len(code)}位")
    if not _WHOLE.fullmatch(code):
        raise Unfit(WRONG, f"{CHECK_IT}；代码只有数字和大写字母，不用I、O、Z、S、V", "18位")
    if check_character(code[:17]) != code[17]:
        raise Unfit(WRONG, f"{CHECK_IT}；末位校验码不符", "18位")
    return code


def check_character(body: str) -> str:
    """The last sign of a code from the seventeen before it."""
    total = sum(_SIGNS.index(sign) * pow(3, index, 31) for index, sign in enumerate(body))
    return _SIGNS[-total % 31]
