"""Who may upload, and who may open a file: the case's own rule, and for plans the signed commitment."""

from lunheng.cases.permissions import NO_CITY_RULE, may_view
from lunheng.core.actor import OFFICES, Actor, Role
from lunheng.core.verdict import Verdict, allowed, combine, refused
from lunheng.documents.models import Document

NOBODY = "public"
"""Who asks without having logged in; a person who applies has an account and no seat yet."""
PLAN_KINDS = frozenset({Document.Kind.PLAN, Document.Kind.CALCULATION, Document.Kind.DRAWING})
"""What the plan consists of: opens to an expert only after the commitment."""


def may_upload(actor: Actor) -> Verdict:
    """Whoever is logged in may hand in files; what they are used for is judged by the act that names them."""
    if actor.role == Role.SYSTEM or actor.reference == NOBODY:
        return refused(NO_CITY_RULE, "请先登录并选择身份后再上传文件", "登录后重新上传", actor.role.label)
    return allowed(NO_CITY_RULE, "已登录")


def may_open(actor: Actor, document: Document) -> Verdict:
    """Whether the actor may see or download the file.

    An unbound file is its uploader's alone. A bound one follows the case; an expert opens plans and secret
    files only after signing the commitment, and what is secret only as a member of the panel.
    """
    if document.case is None:
        if document.is_uploaded_by(actor):
            return allowed(NO_CITY_RULE, "本人或本单位上传")
        return refused(
            NO_CITY_RULE, "该文件尚未提交，仅上传人可以查看", "请联系上传单位", f"文件 {document.pk}"
        )
    verdict = may_view(actor, document.case)
    if verdict.is_allowed and actor.role == Role.EXPERT:
        return combine(verdict, _commitment(actor, document))
    return verdict


def may_read_views(actor: Actor, document: Document) -> bool:
    """Whether the actor, who may open the file, sees who looked at it: whoever handed it in, and the authority."""
    return actor.role in OFFICES or document.is_uploaded_by(actor)


def _commitment(actor: Actor, document: Document) -> Verdict:
    assert document.case is not None
    case = document.case
    is_own = document.uploaded_by == actor.reference
    if is_own or case.pack_id is None or not (document.is_secret or document.kind in PLAN_KINDS):
        return allowed(NO_CITY_RULE, "无须承诺即可查看")
    seats = case.participants.filter(expert=actor.expert, left_at__isnull=True)
    verdict = case.law.judge("security.plan_access", signed=seats.filter(committed_at__isnull=False).exists())
    if not document.is_secret:
        return verdict
    # Who was asked and has not been confirmed is nobody's confidant yet, commitment or not.
    return combine(
        case.law.judge("security.secrecy", is_party=seats.filter(is_member=True).exists()), verdict
    )
