"""Which tables the ledger vouches for, cell by cell; and every exception with its reason, here and nowhere else.

Whatever is not named here is covered: a new model is, without anybody remembering it.
"""

from collections.abc import Mapping
from functools import cache

from django.apps import apps
from django.db.models import Model

OWN_CHECK = "存证自身的表，由散列链、散列树和内容承诺核对"
NOT_COVERED: Mapping[str, str] = {
    "accounts_attempt": "登录限速的计数，到期即删",
    "accounts_resetcode": "找回密码的一次性验证码，到期即删",
    "procedures_draft": "尚未提交的草稿，提交或过期即删，不是办理",
    "demo_mark": "演示数据是否建好的标记",
    "documents_audit": "每日复核存储文件的进度，每轮重写",
    "documents_damagedfile": "存储文件的复核结果，文件恢复后改写",
    "jobs_tick": "后台任务下一次运行的时刻",
    "messaging_simulatedphone": "演示用的短信模拟器",
    "ledger_finding": "核对本身的结果，每夜重写",
    "ledger_touched": "同一事务内写入又取走的记事",
    "ledger_entry": OWN_CHECK,
    "ledger_payload": OWN_CHECK,
    "ledger_pending": OWN_CHECK,
    "ledger_rowstate": OWN_CHECK,
    "ledger_sequence": OWN_CHECK,
    "ledger_tally": "未登录的访问和尝试只计数，不逐条保存",
    "ledger_tile": OWN_CHECK,
}
NOT_COVERED_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "accounts_account": {
        "password": "登录凭证，框架会自行重算；更换另有访问记录",
        "last_login": "登录时刻，另有访问记录",
        "has_large_type": "本人的显示偏好",
    },
    "cases_case": {
        "entry_count": "由案件的存证链核对",
        "last_leaf": "由案件的存证链核对",
    },
    "cases_deadline": {
        "attempts": "计时器重试的次数",
        "retry_at": "计时器下次重试的时刻",
        "fault": "计时器上次失败的原因",
    },
    "messaging_message": {
        "state": "发送程序和运营商回执改写；有案件的送达结果另有存证",
        "send_after": "发送程序改写",
        "claimed_at": "发送程序改写",
        "first_sent_at": "发送程序改写",
        "sent_at": "发送程序改写",
        "delivered_at": "运营商回执改写；有案件的送达结果另有存证",
        "failed_at": "运营商回执改写；有案件的送达结果另有存证",
        "read_at": "收信人打开站内信时改写",
        "attempts": "发送程序改写",
        "carrier_reference": "发送程序改写",
        "fault": "发送程序和运营商回执改写",
    },
}
WITHOUT_CASE: Mapping[str, str] = {
    "documents_document": "已上传而尚未用于案件的文件；用于案件的行为记下整行",
    "messaging_message": "与案件无关的短信（验证码）",
}
"""Tables whose rows need no entry as long as their ``case_id`` is empty."""
APPENDED = ("ledger_access", "ledger_checkpoint", "ledger_cosignature", "ledger_refusedattempt")
"""Written outside acts and never changed: what came in is entered in the platform's own file once an hour."""
OURS = "lunheng."


@cache
def models() -> Mapping[str, type[Model]]:
    """Every table of the product's own apps, those between two models included."""
    found = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in found if model.__module__.startswith(OURS)}


@cache
def covered() -> Mapping[str, tuple[str, ...]]:
    """Every covered table with its covered columns; the key is among them."""
    return {
        table: tuple(
            str(field.column)
            for field in model._meta.concrete_fields
            if field.column not in NOT_COVERED_COLUMNS.get(table, {})
        )
        for table, model in sorted(models().items())
        if table not in NOT_COVERED
    }


@cache
def watched() -> tuple[str, ...]:
    """The covered tables whose changes the acts enter; what is only ever added is entered by the hour."""
    return tuple(table for table in covered() if table not in APPENDED)


@cache
def key_of(table: str) -> str:
    """The column of a table's primary key."""
    return str(models()[table]._meta.pk.column)
