"""腾讯云短信 SendSms (2021-01-11), signed by TC3-HMAC-SHA256."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from lunheng.jobs import clock
from lunheng.messaging.carriers import base
from lunheng.messaging.models import Message
from lunheng.messaging.texts import fields_of

HOST = "sms.tencentcloudapi.com"
VERSION = "2021-01-11"
ALGORITHM = "TC3-HMAC-SHA256"
CONTENT_TYPE = "application/json; charset=utf-8"
PASSING = ("InternalError", "RequestLimitExceeded", "LimitExceeded", "FailedOperation.Timeout")
"""Codes after which trying again makes sense."""


class Tencent:
    """Options: ``key``, ``secret``, ``sign_name``, ``application``, ``region``, ``templates``."""

    def __init__(self, options: Mapping[str, Any], transport: base.Transport = base.post) -> None:
        self.options = options
        self.transport = transport

    def send(self, message: Message) -> base.CarrierReference:
        content = {
            "PhoneNumberSet": [message.phone],
            "SessionContext": message.key,
            "SignName": self.options["sign_name"],
            "SmsSdkAppId": self.options["application"],
            "TemplateId": base.template_code(self.options, message.template),
            "TemplateParamSet": self._fields(message),
        }
        body = json.dumps(content, ensure_ascii=False).encode()
        headers = {
            **signed_headers(self.options, host=HOST, service="sms", body=body, at=clock.now()),
            "X-TC-Action": "SendSms",
            "X-TC-Version": VERSION,
            "X-TC-Region": self.options.get("region", "ap-guangzhou"),
        }
        return _reference(base.parse(self.transport(f"https://{HOST}/", headers, body)).get("Response", {}))

    def reports(self, body: bytes) -> Sequence[base.DeliveryReport]:
        lines = json.loads(body)
        if not isinstance(lines, list):
            raise ValueError("not a list of reports")
        return [
            base.DeliveryReport(
                reference=str(line["sid"]),
                is_delivered=line["report_status"] == "SUCCESS",
                fault="" if line["report_status"] == "SUCCESS" else str(line.get("errmsg", "")),
                key=str(line.get("ext", "")),
            )
            for line in lines
        ]

    def thanks(self) -> Mapping[str, Any]:
        return {"result": 0, "errmsg": "OK"}

    def _fields(self, message: Message) -> list[str]:
        """The fields in the order of their names: the order in which they are registered with the carrier."""
        if not base.is_own_template(self.options, message.template):
            return [message.text]
        return [message.context[name] for name in sorted(fields_of(message.template))]


def _reference(answer: Mapping[str, Any]) -> base.CarrierReference:
    fault = answer.get("Error") or next(
        (status for status in answer.get("SendStatusSet", ()) if status.get("Code") != "Ok"), None
    )
    if fault is not None:
        code = str(fault.get("Code", ""))
        words = f"{code} {fault.get('Message', '')}".strip()
        raise base.CarrierFault(words, is_permanent=not code.startswith(PASSING))
    statuses = answer.get("SendStatusSet") or [{}]
    return base.CarrierReference(str(statuses[0].get("SerialNo", "")))


def signed_headers(
    options: Mapping[str, Any], *, host: str, service: str, body: bytes, at: datetime
) -> dict[str, str]:
    """The headers of a request with its signature (content type and host are signed)."""
    moment = at.astimezone(UTC)
    day, stamp = moment.strftime("%Y-%m-%d"), str(int(moment.timestamp()))
    hashed = hashlib.sha256(body).hexdigest()
    request = f"POST\n/\n\ncontent-type:{CONTENT_TYPE}\nhost:{host}\n\ncontent-type;host\n{hashed}"
    scope = f"{day}/{service}/tc3_request"
    text = f"{ALGORITHM}\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = _mac(_mac(_mac(b"TC3" + options["secret"].encode(), day), service), "tc3_request")
    signature = _mac(key, text).hex()
    proof = f"{ALGORITHM} Credential={options['key']}/{scope}, SignedHeaders=content-type;host, Signature={signature}"
    return {"Content-Type": CONTENT_TYPE, "Host": host, "X-TC-Timestamp": stamp, "Authorization": proof}


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
