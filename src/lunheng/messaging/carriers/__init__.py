"""The carriers of short messages: one protocol, three adapters."""

from django.conf import settings

from lunheng.messaging.carriers.aliyun import Aliyun
from lunheng.messaging.carriers.base import Carrier, CarrierFault, CarrierReference, DeliveryReport
from lunheng.messaging.carriers.simulator import Simulator
from lunheng.messaging.carriers.tencent import Tencent

__all__ = [
    "Aliyun",
    "Carrier",
    "CarrierFault",
    "CarrierReference",
    "DeliveryReport",
    "Simulator",
    "Tencent",
    "carrier",
]

CARRIERS: dict[str, type[Simulator] | type[Aliyun] | type[Tencent]] = {
    "simulator": Simulator,
    "aliyun": Aliyun,
    "tencent": Tencent,
}


def carrier() -> Carrier:
    """The carrier of this site (``SMS_BACKEND``), with its options (``SMS_OPTIONS``)."""
    return CARRIERS[settings.SMS_BACKEND](getattr(settings, "SMS_OPTIONS", {}))
