"""Who can log in to the demo, and what there is to try."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.contrib.auth.hashers import is_password_usable
from django.db.models import QuerySet
from django.urls import reverse

from lunheng.accounts.models import Account, Seat
from lunheng.accounts.sessions import actor_in
from lunheng.cases.models import Case
from lunheng.core.actor import Role
from lunheng.core.policy import Law
from lunheng.core.workflow import ReviewState
from lunheng.demo.building.divisions import cities
from lunheng.demo.building.people import PASSWORD
from lunheng.jobs import clock
from lunheng.jurisdictions.territory import Tree
from lunheng.organizations.models import Organization
from lunheng.panels.models import Member
from lunheng.pools.models import Pool
from lunheng.pools.queries import law_of
from lunheng.procedures.models import Candidate
from lunheng.procedures.permissions import title_of
from lunheng.procedures.queries import waiting_for

S = ReviewState
LISTED = (
    "contractor", "technical_director", "chief_supervisor", "owner", "agency", "expert", "station", "district", "bureau",
)  # fmt: skip
"""Whom the terminal names: roles and positions; the log-in page has everybody."""


@dataclass(frozen=True)
class Person:
    """One log-in of the demo."""

    seat_id: int
    name: str
    role: str
    position: str
    organization: str
    phone: str


@dataclass(frozen=True)
class Trial:
    """Something to try: who does it (in a seat, or without one), where it begins, what to expect by which clause."""

    city: str
    title: str
    text: str
    clause: str
    seat: Seat | None
    path: str
    account: Account | None = None


def people() -> Mapping[str, list[Person]]:
    """Everybody who logs in to the demo by city; experts without a part in it are left out (two queries)."""
    names = {city.code: city.name for city in cities()}
    found: dict[str, list[Person]] = {name: [] for name in names.values()}
    tree = Tree.load()
    seats = Seat.objects.filter(is_active=True).select_related("account", "organization", "division")
    for seat in seats.exclude(account__password__startswith="!").order_by("pk"):
        place = seat.organization.division if seat.organization else seat.division
        places = () if place is None else tree.chain(place.code)
        name = next((names[code] for code in places if code in names), None)
        if name and is_password_usable(seat.account.password):
            found[name].append(_person(seat))
    return {city: listed for city, listed in found.items() if listed}


def _person(seat: Seat) -> Person:
    return Person(
        seat_id=seat.pk,
        name=seat.account.name,
        role=seat.role,
        position=seat.position,
        organization=seat.organization.name if seat.organization else str(seat.division or ""),
        phone=(seat.account.phone or "").removeprefix("+86"),
    )


def login_lines() -> list[str]:
    """What the terminal says about logging in."""
    lines = [
        "演示登录：/demo/login/（点姓名即可登录）",
        "演示说明：/demo/（可以试什么、调整演示时间） · 模拟短信：/demo/messages/",
    ]
    for city, listed in people().items():
        named = [one for one in listed if (one.position or one.role) in LISTED]
        if any(one.role == Role.EXPERT for one in named):
            lines.append(f"  {city}：" + "、".join(f"{one.name} {one.phone}" for one in named))
    return [*lines, f"以手机号码登录的，密码都是 {PASSWORD}（只在演示中有效）"]


def trials() -> list[Trial]:
    """What can be tried with the cases as they stand now; what is used up is not offered."""
    return [*_of_experts(), *_of_contractors(), *_of_applicants(), *_of_pools(), *_of_offices()]


def _of_experts() -> Iterator[Trial]:
    invited = Member.objects.filter(state=Member.State.INVITED).select_related("expert", "case__division")
    for member in invited.order_by("-pk")[:3]:
        text = "用手机窄屏打开：看倒计时、回避和不能参加的说明，然后确认。不答复则到时自动视为不参与并补抽。"
        yield Trial(
            city=member.case.division.name,
            title="以受邀专家身份答复邀请",
            text=text,
            clause=str(member.case.law.clause("confirmation.window")),
            seat=Seat.objects.select_related("account").get(expert=member.expert.reference),
            path=f"/my/invitations/{member.pk}/",
        )
    for case in _reviews("qingdao-2025", S.RECHECKING)[:1]:
        leader = Member.objects.select_related("expert").get(case=case, is_leader=True)
        yield Trial(
            city=case.division.name,
            title="以组长身份复核修改后的方案",
            text="组长同意之前监理单位不能批准；其他成员的意见不作数。",
            clause=str(case.law.clause("closure.leader_opinion")),
            seat=Seat.objects.select_related("account").get(expert=leader.expert.reference),
            path=f"/cases/{case.pk}/",
        )


BREACHES = (
    (
        "qingdao-2025",
        "故意只申请4名专家",
        "把专业人数改为合计4名后提交，看拒绝的条款和补救办法。",
        "panel.size",
    ),
    (
        "qingdao-2025",
        "想开远程会议",
        "会议形式只列出本市规则允许的现场会议，选不到远程会议。",
        "meeting.mode",
    ),
    ("nanning-2019", "故意少给送阅时间", "论证会时间选在明天后提交。", "plan.delivery"),
)


def _of_contractors() -> Iterator[Trial]:
    for pack, title, text, rule in BREACHES:
        for case in _reviews(pack, S.READY).filter(panel_requests__isnull=True)[:1]:
            path = f"/cases/{case.pk}/panel-request/"
            yield Trial(case.division.name, title, text, str(case.law.clause(rule)), _contractor(case), path)
    for case in _reviews("qingdao-2025", S.READY).filter(panel_requests__state="open")[:1]:
        text = "抽取后下载抽取记录，再到“核验”页面上传：用随记录公开的种子重新计算，结果逐人一致。"
        clause = str(case.law.clause("draw.by_hand"))
        path = f"/cases/{case.pk}/panel/"
        yield Trial(case.division.name, "抽取专家并核验", text, clause, _contractor(case), path)
    for case in _reviews("nanning-2019", S.CONFIRMING)[:1]:
        text = "登记各位专家同意后，只勾选4名或6名确认名单：名单须为5名以上单数，由不同单位、不同专业组成。"
        clause = str(case.law.clause("panel.size"))
        path = f"/cases/{case.pk}/panel/"
        yield Trial(case.division.name, "故意确认双数名单", text, clause, _contractor(case), path)


def _of_applicants() -> Iterator[Trial]:
    """The whole way into a pool begins with somebody who has no seat yet."""
    begun = Candidate.objects.filter(account__isnull=False).values("account")
    fresh = Account.objects.filter(verified_by="demo:nanning", seats__isnull=True).exclude(pk__in=begun)
    for pool, law in _pools("nanning"):
        for account in fresh[:1]:
            text = (
                "用手机窄屏打开并提交申请，再依次以质安中心身份审核、以市级主管部门身份公示和公布；"
                "公示期内任何人可以提出异议。"
            )
            clause = str(law.procedure_clause("admission", law.procedure("admission")))
            path = reverse("pools:open", args=(pool.key, "admission"))
            yield Trial(pool.division.name, "申请进入专家库", text, clause, None, path, account)


def _of_pools() -> Iterator[Trial]:
    """Matters of the pools that wait for an office, and the change of term, which an office begins."""
    offices = Seat.objects.filter(role__in=(Role.STATION, Role.BUREAU), is_active=True)
    for seat in offices.select_related("account", "division", "organization").order_by("pk"):
        for proceeding, step in waiting_for(actor_in(seat))[:1]:
            text = "这件事在工作台上等着办理：先看申请内容和证明材料，再办理，或故意不写理由就退回，看拒绝的条款。"
            title = f"办理{title_of(proceeding.case.law, step)}"
            path = reverse("procedures:proceeding", args=(proceeding.pk,))
            yield Trial(str(seat.division), title, text, str(proceeding.clause_of(step)), seat, path)
    for pool, law in _pools("qingdao"):
        for seat in offices.filter(role=Role.STATION, division=pool.division):
            text = "填写申报截止日和新聘期，启动后在库专家的工作台上出现申报；截止后确定续聘名单，一次办理。"
            clause = str(law.procedure_clause("term_change", law.procedure("term_change")))
            path = reverse("pools:open", args=(pool.key, "term_change"))
            yield Trial(pool.division.name, "启动专家换届", text, clause, seat, path)


def _pools(key: str) -> Iterator[tuple[Pool, Law]]:
    """The pool of a city of the demo with the rules by which it is kept today."""
    for pool in Pool.objects.filter(key=key).select_related("division"):
        law = law_of(pool, clock.now().date())
        if law is not None:
            yield pool, law


def _of_offices() -> Iterator[Trial]:
    for pack in ("qingdao-2025", "nanning-2019"):
        for case in _reviews(pack, S.UPLOADING).filter(breaches__isnull=False).distinct()[:1]:
            station = Seat.objects.select_related("account").filter(role=Role.STATION, division=case.division)
            yield Trial(
                city=case.division.name,
                title="以质安中心身份查看逾期",
                text="论证结果没有按时上传，平台已自动记录；补传仍然可以。",
                clause=str(case.law.clause("record.upload")),
                seat=station.get(),
                path=f"/cases/{case.pk}/",
            )


def _reviews(pack: str, state: ReviewState) -> QuerySet[Case]:
    found = Case.objects.filter(kind=Case.Kind.REVIEW, pack__pack_id=pack, state=state)
    return found.select_related("division", "pack").order_by("-is_city_run", "pk")


def _contractor(case: Case) -> Seat:
    firm = Organization.objects.filter(pk=case.review.contractor_id)
    seats = Seat.objects.filter(role=Role.CONTRACTOR, organization__in=firm, position="")
    return seats.select_related("account").get()
