"""A carrier without a network: messages are read on a page, and delivered, failed or left open on request."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from lunheng.messaging.carriers import base
from lunheng.messaging.models import Message, SimulatedPhone

Manner = SimulatedPhone.Manner


class Simulator:
    """Delivers at once unless ``SMS_SIMULATOR_AUTO`` is off or the number is to be treated otherwise."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.options = options

    def send(self, message: Message) -> base.CarrierReference:
        delivered = {Manner.DELIVER: True, Manner.FAIL: False, Manner.SILENCE: None}[
            self._manner(message.phone)
        ]
        return base.CarrierReference(f"simulator-{message.pk}", delivered)

    def reports(self, body: bytes) -> Sequence[base.DeliveryReport]:
        return [base.DeliveryReport(**line) for line in json.loads(body)]

    def thanks(self) -> Mapping[str, Any]:
        return {"code": 0}

    def _manner(self, phone: str) -> Manner:
        chosen = SimulatedPhone.objects.filter(phone=phone).first()
        if chosen is not None:
            return Manner(chosen.manner)
        return Manner.DELIVER if getattr(settings, "SMS_SIMULATOR_AUTO", True) else Manner.SILENCE
