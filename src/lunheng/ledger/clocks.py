"""What the clocks of signer and witnesses say of the server's: an act that ours would date wrongly is refused."""

from datetime import UTC, datetime, timedelta

import structlog
from django.db import connection

from lunheng.core.clauses import Clause
from lunheng.core.errors import Refused
from lunheng.core.ledger.bounds import IN_TIME, OtherClocks, deviation
from lunheng.core.verdict import refused

CLAUSE = Clause("论衡平台运行规则", "第十二条", "存证时刻")
"""``platform.clock`` of the platform's own pack."""
REMEDY = "请通知运维人员：先校准服务器时钟（核对时间同步服务），再运行 lunheng ledger status 确认告警已消除，然后重新办理。"
# The last checkpoint, the latest cosignature under it, and the last time that witnesses were asked over the network.
QUERY = """
SELECT signed_at,
       (SELECT MAX(witnessed_at) FROM ledger_cosignature WHERE checkpoint_id = newest.id),
       (SELECT MAX(witnessed_at) FROM ledger_cosignature WHERE asked_at IS NOT NULL AND checkpoint_id = heard.id),
       (SELECT MIN(asked_at) FROM ledger_cosignature WHERE asked_at IS NOT NULL AND checkpoint_id = heard.id)
FROM (SELECT id, signed_at FROM ledger_checkpoint WHERE tree = 'sha256' ORDER BY size DESC LIMIT 1) AS newest,
     (SELECT MAX(checkpoint_id) AS id FROM ledger_cosignature WHERE asked_at IS NOT NULL) AS heard
"""
log = structlog.get_logger(__name__)


FRESH = timedelta(seconds=1)
"""How near a moment that was found in bounds has to be: bounds of minutes need not be asked for by every act."""
_found: list[datetime] = []
"""The last moment that this process found in bounds, if any."""


def require_in_bounds(recorded_at: datetime) -> None:
    """Let an entry be recorded at this moment.

    Raises:
        Refused: our clock is more than five minutes behind the last checkpoint, or more than two ahead of a witness.
    """
    if _found and abs(recorded_at - _found[0]) < FRESH:
        return
    forget()
    fault = fault_at(recorded_at)
    if fault:
        log.error("server clock out of bounds", fault=fault, recorded_at=recorded_at.isoformat())
        raise Refused(refused(CLAUSE, "服务器时钟超出存证允许的范围，本次办理未记录", REMEDY, fault))
    _found[:] = [recorded_at]


def forget() -> None:
    """Ask again before the next entry, whatever its moment."""
    _found.clear()


def fault_at(recorded_at: datetime) -> str:
    """What is wrong with our clock, in words; empty when nothing is."""
    found = deviation(recorded_at, known())
    if found == IN_TIME:
        return ""
    if found > IN_TIME:
        return f"服务器时钟比见证方快 {_length(found)}"
    return f"服务器时钟比最近的检查点早 {_length(-found)}"


def known() -> OtherClocks:
    """What other clocks said last."""
    with connection.cursor() as cursor:
        cursor.execute(QUERY)
        row = cursor.fetchone()
    return OtherClocks(*map(_moment, row)) if row else OtherClocks()


def _moment(value: datetime | str | None) -> datetime | None:
    """SQLite answers columns without a zone and maxima as text, both in UTC."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _length(duration: timedelta) -> str:
    minutes, seconds = divmod(int(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "天"), (hours, "小时"), (minutes, "分"), (seconds, "秒")]
    return "".join(f"{count}{unit}" for count, unit in parts if count)
