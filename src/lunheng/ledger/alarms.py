"""What of the log is overdue. Acts never wait for the log, so somebody has to be told when it stands still."""

from datetime import datetime, timedelta

from lunheng.core.ledger.quorum import Policy
from lunheng.ledger import clocks, log, trees
from lunheng.ledger.models import Checkpoint, Finding, Pending, Sequence, Tree

NUMBERED_WITHIN = timedelta(seconds=60)
SIGNED_WITHIN = timedelta(minutes=15)
COSIGNED_WITHIN = timedelta(minutes=10)


def alarms(at: datetime, policy: Policy) -> list[str]:
    """Each thing that is overdue at ``at``, in words, and whether tables and ledger differ; empty when all is well."""
    return [alarm for alarm in (_different(), *delays(at, policy)) if alarm]


def delays(at: datetime, policy: Policy) -> list[str]:
    """Each thing that is overdue at ``at``, in words."""
    found = [_unnumbered(at), _misdated(at)]
    for tree in trees.in_use():
        checkpoint = log.published(tree)
        overdue = (_unsigned(at, checkpoint), _uncosigned(at, tree, policy))
        found += [f"{tree.label}：{alarm}" if alarm and tree != Tree.SHA256 else alarm for alarm in overdue]
    return [alarm for alarm in found if alarm]


def _misdated(at: datetime) -> str:
    fault = clocks.fault_at(at)
    return f"{fault}，现有办理一律拒绝：请校准服务器时钟" if fault else ""


def _different() -> str:
    found = Finding.objects.count()
    return f"最近一次核对发现表与存证有 {found} 处出入：请运行 lunheng ledger reconcile 查看" if found else ""


def _unnumbered(at: datetime) -> str:
    waiting = Pending.objects.filter(entry__recorded_at__lt=at - NUMBERED_WITHIN).count()
    return f"{waiting} 条存证超过 60 秒未编号：请检查后台任务是否在运行" if waiting else ""


def _unsigned(at: datetime, checkpoint: Checkpoint | None) -> str:
    first = (
        Sequence.objects.filter(number=checkpoint.size if checkpoint else 0).select_related("entry").first()
    )
    if first is None or first.entry.recorded_at >= at - SIGNED_WITHIN:
        return ""
    return f"第 {first.number} 号起的存证超过 15 分钟未签名：请检查签名程序"


def _uncosigned(at: datetime, tree: Tree, policy: Policy) -> str:
    """Neither the newest checkpoint that is due nor any after it: a log that grows all the time has none at rest."""
    due = Checkpoint.objects.filter(tree=tree, signed_at__lt=at - COSIGNED_WITHIN).first()
    if due is None or log.accepted(policy, tree, size=due.size):
        return ""
    return f"检查点（{due.size} 条）超过 10 分钟未得到策略要求的见证签名"
