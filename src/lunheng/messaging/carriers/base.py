"""What every carrier can do, and how a request reaches it."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lunheng.messaging.models import Message
from lunheng.messaging.texts import TEXTS

TIMEOUT = 10
"""Seconds to wait for a carrier."""
FREE_TEMPLATE = "free"
"""Key of the carrier's one-field template, for texts that have no template of their own there."""


@dataclass(frozen=True)
class CarrierReference:
    """The carrier took the message; ``delivered`` is True or False where it knows the outcome at once."""

    reference: str
    delivered: bool | None = None


@dataclass(frozen=True)
class DeliveryReport:
    """What a carrier says of one message, found by the carrier's reference or by our key."""

    reference: str
    is_delivered: bool
    fault: str = ""
    key: str = ""


class CarrierFault(Exception):
    """The carrier did not take the message; a permanent fault is not tried again."""

    def __init__(self, fault: str, *, is_permanent: bool) -> None:
        super().__init__(fault)
        self.fault = fault
        self.is_permanent = is_permanent


class Carrier(Protocol):
    """Hands over one message, and reads the reports that come back."""

    def send(self, message: Message) -> CarrierReference:
        """Hand over the message under its key. Raises CarrierFault."""

    def reports(self, body: bytes) -> Sequence[DeliveryReport]:
        """The reports in the body of a callback. Raises ValueError for a body that is none."""

    def thanks(self) -> Mapping[str, Any]:
        """What the carrier wants to hear so that it does not report again."""


Transport = Callable[[str, Mapping[str, str], bytes], bytes]


def post(url: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """Send one request. Raises CarrierFault, not permanent, when nobody answers; permanent for an address that is
    not https."""
    if not url.startswith("https://"):
        raise CarrierFault(f"{url} 不是 https 地址", is_permanent=True)
    request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # nosec B310: https only
            return bytes(response.read())
    except urllib.error.HTTPError as error:
        return bytes(error.read())  # carriers explain their refusals in the body
    except OSError as error:
        raise CarrierFault(f"运营商接口没有应答：{error}", is_permanent=False) from error


def parse(content: bytes) -> dict[str, Any]:
    """The carrier's answer. Raises CarrierFault, not permanent, when it is no JSON object."""
    try:
        answer = json.loads(content)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise CarrierFault("运营商接口的应答无法识别", is_permanent=False)
    return answer


def template_code(options: Mapping[str, Any], template: str) -> str:
    """The carrier's code of a template, or of its one-field template. Raises CarrierFault when it has neither."""
    codes: Mapping[str, str] = options.get("templates", {})
    code = codes.get(template) or codes.get(FREE_TEMPLATE)
    if not code:
        raise CarrierFault(f"没有为 {template} 登记运营商短信模板", is_permanent=True)
    return code


def is_own_template(options: Mapping[str, Any], template: str) -> bool:
    """Whether the carrier has a template of exactly this name, with the fields that our own text has."""
    return template in TEXTS and template in options.get("templates", {})
