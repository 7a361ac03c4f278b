"""The programming interface: every public act, and the reads that a partner system needs, over the same code."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, cast

import structlog
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.security import APIKeyCookie
from pydantic import ConfigDict, create_model

from lunheng.accounts.throttle import Limit, TooManyAttempts, address_of, key_of, try_once
from lunheng.api import repeats
from lunheng.api.bounds import bounded
from lunheng.cases.acts import REGISTRY, ActSpec
from lunheng.cases.middleware import keep_refusal, refusal_data
from lunheng.cases.queries import open_deadlines, parties_of
from lunheng.cases.timeline import timeline
from lunheng.cases.views import actor_of, perform, viewable_case
from lunheng.core.errors import Refused
from lunheng.notices.permissions import OBJECTIONS_OF_AN_ADDRESS

log = structlog.get_logger(__name__)


class Reason(Schema):
    """One ground of a refusal."""

    clause: str
    document: str
    number: str
    message: str
    remedy: str
    value: str


class Refusal(Schema):
    """An act that was refused: nothing was changed, the attempt is kept."""

    outcome: str
    reasons: list[Reason]


class Malformed(Schema):
    """A request that could not be read."""

    message: str
    faults: list[dict[str, str]]


class Done(Schema):
    """An act that was performed; ``entry`` is its line in the ledger."""

    entry: str | None = None
    id: int | None = None


LIMITS: Mapping[str, Limit] = {"notices.file_objection": OBJECTIONS_OF_AN_ADDRESS}
"""Acts that anybody may perform without having logged in: so many from one address, whether by page or here."""


class SessionCookie(APIKeyCookie):
    """Whoever acts by the cookie of a session proves with the token that the page was ours (no forged requests from
    other sites); who that is and what it may, every act judges itself."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> bool:
        return True


interface = NinjaAPI(
    auth=SessionCookie(),
    title="论衡 Lunheng",
    version="1",
    description="每一个公开行为一个地址；拒绝时说明依据的条款。请求可带 Idempotency-Key：同一人、同一行为、同一个键只办理一次，"
    "重发得到同样的答复。",
    docs_url="docs/" if settings.MODE != "production" else None,
)
ANSWERS = {
    200: Done,
    403: Refusal,
    404: Malformed,
    409: Malformed,
    422: Malformed,
    429: Malformed,
    503: Malformed,
}


@interface.exception_handler(Refused)
def refuse(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The refusal with its reasons."""
    keep_refusal(request, refusal)
    return interface.create_response(request, refusal_data(refusal), status=403)


@interface.exception_handler(ValidationError)
def reject(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What could not be read, field by field."""
    faults = [
        {"field": ".".join(map(str, fault["loc"][2:] or fault["loc"][1:])), "fault": _in_words(fault)}
        for fault in error.errors
    ]
    return interface.create_response(
        request, {"message": "提交的内容不完整或格式不对", "faults": faults}, status=422
    )


@interface.exception_handler(HttpError)
def reject_unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is no JSON at all; or a session's cookie without the token of our own page."""
    if error.status_code == 403:
        message = {"message": "缺少防伪令牌（CSRF），请刷新页面后重试", "faults": []}
        return interface.create_response(request, message, status=403)
    return interface.create_response(
        request, {"message": "提交的内容无法读取，须为 JSON", "faults": []}, status=422
    )


@interface.exception_handler(TooManyAttempts)
def slow_down(request: HttpRequest, error: TooManyAttempts) -> HttpResponse:
    """Too many from one address; nothing was done."""
    told = {"message": "提交次数过多，请一小时后再试", "faults": []}
    answer = interface.create_response(request, told, status=429)
    answer["Retry-After"] = str(int(error.wait.total_seconds()) + 1)
    return answer


@interface.exception_handler(repeats.OtherContent)
def reject_other_content(request: HttpRequest, error: repeats.OtherContent) -> HttpResponse:
    """A key under which something else was sent before; nothing was done."""
    return interface.create_response(request, {"message": str(error), "faults": []}, status=409)


@interface.exception_handler(DataError)
def reject_oversized(request: HttpRequest, error: DataError) -> HttpResponse:
    """What no column of the database can hold; nothing was changed."""
    log.warning("data refused by the database", path=request.path, fault=str(error)[:200])
    return interface.create_response(
        request, {"message": "有内容超出允许的长度或范围", "faults": []}, status=422
    )


@interface.exception_handler(Http404)
@interface.exception_handler(ObjectDoesNotExist)
def miss(request: HttpRequest, error: Exception) -> HttpResponse:
    """A number that belongs to nothing, or not to what was named with it."""
    log.info("not found", path=request.path, fault=str(error)[:200])
    return interface.create_response(
        request, {"message": "没有这个编号的对象，请核对编号", "faults": []}, status=404
    )


WORDS = {
    "missing": "缺少“{name}”，请补上这一项后重新提交",
    "extra_forbidden": "不认识此项",
    "timezone_aware": "时间须写明时区，例如 2026-12-01T09:00:00+08:00",
    "string_pattern_mismatch": "含有不可用的控制字符",
    "string_too_long": "最多{max_length}字",
    "too_long": "最多{max_length}项",
}


def _in_words(fault: dict[str, Any]) -> str:
    kind, context = str(fault["type"]), fault.get("ctx") or {}
    if kind in WORDS:
        return WORDS[kind].format_map({**context, "name": fault["loc"][-1]})
    is_chinese = not str(fault.get("msg", "a")).isascii()
    return str(fault["msg"]) if is_chinese else f"格式不对（{kind}）"


def body_model(spec: ActSpec) -> type[Schema]:
    """The body of an act's request: its own parameters, nothing else."""
    fields: dict[str, Any] = {}
    hints = inspect.get_annotations(inspect.unwrap(spec.perform), eval_str=True)
    for name, parameter in spec.parameters.items():
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        fields[name] = (bounded(name, hints[name]), default)
    title = "".join(part.title() for part in spec.name.replace(".", "_").split("_"))
    return cast(type[Schema], create_model(f"{title}Body", __config__=ConfigDict(extra="forbid"), **fields))


def operation(spec: ActSpec) -> Callable[..., Any]:
    """The view of one act."""
    model = body_model(spec)

    def perform_act(request: HttpRequest, body: model) -> dict[str, Any]:  # type: ignore[valid-type]
        values = {name: getattr(body, name) for name in model.model_fields}
        if spec.name in LIMITS:
            try_once([(LIMITS[spec.name], key_of(address_of(request)))], request.at)  # type: ignore[attr-defined]
        return repeats.once(
            request, spec.name, values, lambda: repeats.told(perform(request, spec.name, **values))
        )

    perform_act.__name__ = spec.name.replace(".", "_")
    perform_act.__doc__ = inspect.getdoc(spec.perform)
    perform_act.__annotations__["body"] = model
    return perform_act


def mount() -> None:
    """One address for every public act."""
    for spec in sorted(REGISTRY.values(), key=lambda one: one.name):
        if spec.is_public:
            tag = spec.name.split(".", maxsplit=1)[0]
            interface.post(f"/acts/{spec.name}", response=ANSWERS, tags=[tag], operation_id=spec.name)(
                operation(spec)
            )


@interface.get(
    "/cases/{case_id}",
    response={200: dict[str, Any], 403: Refusal, 404: Malformed, 422: Malformed},
    tags=["cases"],
)
def read_case(request: HttpRequest, case_id: int) -> dict[str, Any]:
    """One case: state, pack and version, parties, open deadlines."""
    case = viewable_case(request, case_id)
    return {
        "id": case.pk,
        "reference": case.reference,
        "state": case.state,
        "state_label": case.state_label,
        "pack": case.pack.pack_id if case.pack else None,
        "version": case.pack.version if case.pack else None,
        "digest": case.pack_id,
        "previous": case.previous_id,
        "parties": [
            {"code": party.organization.code, "name": party.organization.name, "role": party.role}
            for party in parties_of(case)
        ],
        "deadlines": [
            {
                "name": one.name,
                "subject": one.subject,
                "due_at": one.due_at.isoformat(),
                "clause": one.clause,
                "steps": one.steps,
                "is_provisional": one.is_provisional,
            }
            for one in open_deadlines(case)
        ],
    }


@interface.get(
    "/cases/{case_id}/timeline",
    response={200: list[dict[str, Any]], 403: Refusal, 404: Malformed, 422: Malformed},
    tags=["cases"],
)
def read_timeline(request: HttpRequest, case_id: int) -> list[dict[str, Any]]:
    """Who did what, when and by which clause."""
    case = viewable_case(request, case_id)
    return [{**vars(line), "at": line.at.isoformat()} for line in timeline(case, actor_of(request))]


mount()
