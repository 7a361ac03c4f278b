"""阿里云短信 SendSms (2017-05-25), signed by ACS3-HMAC-SHA256."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from lunheng.jobs import clock, entropy
from lunheng.messaging.carriers import base
from lunheng.messaging.models import Message
from lunheng.messaging.texts import fields_of

HOST = "dysmsapi.aliyuncs.com"
VERSION = "2017-05-25"
ALGORITHM = "ACS3-HMAC-SHA256"
PASSING = (
    "isv.BUSINESS_LIMIT_CONTROL",
    "Throttling",
    "ServiceUnavailable",
    "InternalError",
    "isp.SYSTEM_ERROR",
)
"""Codes after which trying again makes sense."""


class Aliyun:
    """Options: ``key``, ``secret``, ``sign_name``, ``templates``."""

    def __init__(self, options: Mapping[str, Any], transport: base.Transport = base.post) -> None:
        self.options = options
        self.transport = transport

    def send(self, message: Message) -> base.CarrierReference:
        query = {
            "OutId": message.key,
            "PhoneNumbers": message.phone.removeprefix("+86"),
            "SignName": self.options["sign_name"],
            "TemplateCode": base.template_code(self.options, message.template),
            "TemplateParam": json.dumps(self._fields(message), ensure_ascii=False, sort_keys=True),
        }
        headers = signed_headers(
            self.options,
            host=HOST,
            action="SendSms",
            version=VERSION,
            query=query,
            at=clock.now(),
            nonce=entropy.seed().hex(),
        )
        answer = base.parse(self.transport(f"https://{HOST}/?{canonical_query(query)}", headers, b""))
        if answer.get("Code") != "OK":
            code = str(answer.get("Code", ""))
            fault = f"{code} {answer.get('Message', '')}".strip()
            raise base.CarrierFault(fault, is_permanent=not code.startswith(PASSING))
        return base.CarrierReference(str(answer["BizId"]))

    def reports(self, body: bytes) -> Sequence[base.DeliveryReport]:
        lines = json.loads(body)
        if not isinstance(lines, list):
            raise ValueError("not a list of reports")
        return [
            base.DeliveryReport(
                reference=str(line["biz_id"]),
                is_delivered=bool(line["success"]),
                fault="" if line["success"] else str(line.get("err_code", "")),
                key=str(line.get("out_id", "")),
            )
            for line in lines
        ]

    def thanks(self) -> Mapping[str, Any]:
        return {"code": 0, "msg": "成功"}

    def _fields(self, message: Message) -> dict[str, str]:
        if not base.is_own_template(self.options, message.template):
            return {"text": message.text}
        return {name: message.context[name] for name in sorted(fields_of(message.template))}


def canonical_query(query: Mapping[str, str]) -> str:
    """The query sorted by name, with every character escaped but the unreserved ones of RFC 3986."""
    return "&".join(f"{quote(name, safe='~')}={quote(query[name], safe='~')}" for name in sorted(query))


def signed_headers(
    options: Mapping[str, Any],
    *,
    host: str,
    action: str,
    version: str,
    query: Mapping[str, str],
    at: datetime,
    nonce: str,
) -> dict[str, str]:
    """The headers of a request without body, with its signature."""
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = f"POST\n/\n{canonical_query(query)}\n{lines}\n{names}\n{headers['x-acs-content-sha256']}"
    text = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(options["secret"].encode(), text.encode(), hashlib.sha256).hexdigest()
    proof = f"{ALGORITHM} Credential={options['key']},SignedHeaders={names},Signature={signature}"
    return {**headers, "Authorization": proof}
