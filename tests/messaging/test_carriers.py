"""The carriers' interfaces: signatures as their vendors publish them, faults told apart, reports read."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import Settings

from lunheng.jobs.clock import FixedClock
from lunheng.messaging.carriers import (
    Aliyun,
    CarrierFault,
    CarrierReference,
    DeliveryReport,
    Simulator,
    Tencent,
    aliyun,
    carrier,
    tencent,
)
from lunheng.messaging.models import Message

OPTIONS = {
    "key": "key",
    "secret": "secret",
    "sign_name": "论衡",
    "application": "1400000000",
    "templates": {"panel.invitation": "T1", "free": "T0"},
}


def message(template: str = "panel.invitation") -> Message:
    """A message that was never saved."""
    context = {"title": "深基坑", "meeting_at": "周二", "place": "虚构路", "organizer": "虚构集团"} | {
        "contact": "139",
        "limit": "尽快",
        "otherwise": "。",
    }
    return Message(key="k1", phone="+8619900000001", template=template, context=context, text="【论衡】全文")


class Wire:
    """Keeps what was sent, and answers."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.url = ""
        self.body = b""

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> bytes:
        self.url, self.body = url, body
        return self.answer if isinstance(self.answer, bytes) else json.dumps(self.answer).encode()


def test_aliyun_signs_as_its_manual_shows() -> None:
    headers = aliyun.signed_headers(
        {"key": "YourAccessKeyId", "secret": "YourAccessKeySecret"},
        host="ecs.cn-shanghai.aliyuncs.com",
        action="RunInstances",
        version="2014-05-26",
        query={
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            "RegionId": "cn-shanghai",
        },
        at=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
        nonce="3156853299f313e23d1673dc12e1703d",
    )
    assert headers["Authorization"].rpartition("=")[2] == (
        "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_tencent_signs_as_its_manual_shows() -> None:
    headers = tencent.signed_headers(
        {"key": "AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******", "secret": "Gu5t9xGARNpq86cd98joQYCN3*******"},
        host="cvm.tencentcloudapi.com",
        service="cvm",
        body=b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
        at=datetime(2019, 2, 25, 16, 44, 25, tzinfo=UTC),
    )
    assert headers["Authorization"].rpartition("=")[2] == (
        "2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c"
    )


def test_aliyun_is_told_number_key_and_fields(clock: FixedClock) -> None:
    wire = Wire({"Code": "OK", "BizId": "900619746936498440^0"})
    assert Aliyun(OPTIONS, wire).send(message()) == CarrierReference("900619746936498440^0")
    assert wire.url == (
        "https://dysmsapi.aliyuncs.com/?OutId=k1&PhoneNumbers=19900000001&SignName=%E8%AE%BA%E8%A1%A1&TemplateCode=T1"
        "&TemplateParam=%7B%22contact%22%3A%20%22139%22%2C%20%22limit%22%3A%20%22%E5%B0%BD%E5%BF%AB%22%2C%20%22meeting_at%22%3A%20%22%E5%91%A8%E4%BA%8C%22%2C%20%22organizer%22%3A%20%22%E8%99%9A%E6%9E"
        "%84%E9%9B%86%E5%9B%A2%22%2C%20%22otherwise%22%3A%20%22%E3%80%82%22%2C%20%22place%22%3A%20%22%E8%99%9A%E6%9E%84%E8%B7%AF%22%2C%20%22title%22%3A%20%22%E6"
        "%B7%B1%E5%9F%BA%E5%9D%91%22%7D"
    )


def test_tencent_is_told_number_key_and_fields(clock: FixedClock) -> None:
    wire = Wire({"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": "5000:1"}]}})
    assert Tencent(OPTIONS, wire).send(message()) == CarrierReference("5000:1")
    assert json.loads(wire.body) == {
        "PhoneNumberSet": ["+8619900000001"],
        "SessionContext": "k1",
        "SignName": "论衡",
        "SmsSdkAppId": "1400000000",
        "TemplateId": "T1",
        "TemplateParamSet": ["139", "尽快", "周二", "虚构集团", "。", "虚构路", "深基坑"],
    }


def test_a_text_without_a_template_of_its_own_goes_as_a_whole(clock: FixedClock) -> None:
    wire = Wire({"Response": {"SendStatusSet": [{"Code": "Ok", "SerialNo": "1"}]}})
    Tencent(OPTIONS, wire).send(message("meeting_planned"))
    sent = json.loads(wire.body)
    assert (sent["TemplateId"], sent["TemplateParamSet"]) == ("T0", ["【论衡】全文"])


FAULTS: list[tuple[type[Aliyun] | type[Tencent], object, bool]] = [
    (Aliyun, {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "x"}, True),
    (Aliyun, {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "x"}, False),
    (Aliyun, b"<html>", False),
    (Tencent, {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure", "Message": "x"}}}, True),
    (Tencent, {"Response": {"Error": {"Code": "RequestLimitExceeded", "Message": "x"}}}, False),
    (
        Tencent,
        {"Response": {"SendStatusSet": [{"Code": "InvalidParameterValue.IncorrectPhoneNumber"}]}},
        True,
    ),
]


@pytest.mark.parametrize(("adapter", "answer", "is_permanent"), FAULTS)
def test_a_refusal_is_tried_again_only_where_that_helps(
    adapter: type[Aliyun] | type[Tencent], answer: object, is_permanent: bool, clock: FixedClock
) -> None:
    with pytest.raises(CarrierFault) as caught:
        adapter(OPTIONS, Wire(answer)).send(message())
    assert caught.value.is_permanent == is_permanent


@pytest.mark.parametrize("adapter", [Aliyun, Tencent])
def test_a_template_that_the_carrier_does_not_know_is_a_permanent_fault(
    adapter: type[Aliyun] | type[Tencent], clock: FixedClock
) -> None:
    with pytest.raises(CarrierFault) as caught:
        adapter({**OPTIONS, "templates": {}}, Wire({})).send(message())
    assert (caught.value.is_permanent, caught.value.fault) == (
        True,
        "没有为 panel.invitation 登记运营商短信模板",
    )


REPORTS: dict[str, tuple[Any, list[dict[str, Any]]]] = {
    "aliyun": (
        Aliyun,
        [
            {"biz_id": "1", "out_id": "k1", "success": True, "err_code": "DELIVERED"},
            {"biz_id": "2", "out_id": "k2", "success": False, "err_code": "MOBILE_NOT_ON_SERVICE"},
        ],
    ),
    "tencent": (
        Tencent,
        [
            {"sid": "1", "ext": "k1", "report_status": "SUCCESS", "errmsg": "DELIVRD"},
            {"sid": "2", "ext": "k2", "report_status": "FAIL", "errmsg": "MOBILE_NOT_ON_SERVICE"},
        ],
    ),
}


@pytest.mark.parametrize("name", REPORTS)
def test_reports_are_read(name: str) -> None:
    adapter, lines = REPORTS[name]
    assert adapter(OPTIONS).reports(json.dumps(lines).encode()) == [
        DeliveryReport("1", True, "", "k1"),
        DeliveryReport("2", False, "MOBILE_NOT_ON_SERVICE", "k2"),
    ]


@pytest.mark.parametrize("adapter", [Aliyun, Tencent])
def test_what_is_no_list_is_no_report(adapter: type[Aliyun] | type[Tencent]) -> None:
    with pytest.raises(ValueError, match="not a list"):
        adapter(OPTIONS).reports(b"{}")


@pytest.mark.parametrize(
    ("name", "adapter"), [("simulator", Simulator), ("aliyun", Aliyun), ("tencent", Tencent)]
)
def test_the_site_chooses_its_carrier(name: str, adapter: type, settings: Settings) -> None:
    settings.SMS_BACKEND = name
    assert type(carrier()) is adapter


@pytest.mark.django_db
def test_a_simulator_told_not_to_deliver_waits(settings: Settings) -> None:
    settings.SMS_SIMULATOR_AUTO = False
    assert Simulator({}).send(message()).delivered is None
