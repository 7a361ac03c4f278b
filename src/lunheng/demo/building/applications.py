"""People who want to enter a pool: in Nanning one in the public notice with an objection to answer, one waiting for the
center, one who has yet to apply; in Qingdao one whom the station has asked to mend the application."""

from typing import Any

from django.contrib.auth.hashers import make_password

from lunheng.accounts.models import Account
from lunheng.core.actor import Actor, Role
from lunheng.demo.building import papers
from lunheng.demo.building.chance import Chance
from lunheng.demo.building.identities import identity_number, phone
from lunheng.demo.building.people import PASSWORD, People
from lunheng.demo.building.stage import Stage, Story
from lunheng.documents import store
from lunheng.documents.models import Document
from lunheng.notices.models import Notice
from lunheng.pools.models import Pool
from lunheng.procedures.models import Proceeding

FIRST_PHONE = 90_000
NEIGHBOR = Actor("public", Role.PUBLIC)
WORDS = "申请人填报的从业年限包含在外地分公司任职的两年，请核实该段经历是否从事本专业工作。"


class Applicant:
    """Somebody with an account and no seat yet."""

    def __init__(self, stage: Stage, people: People, number: int, name: str, years: int) -> None:
        self.stage, self.people, self.years = stage, people, years
        code = people.city.code
        self.birth, self.region = f"19{70 + number}0{number + 1}1{number}", sorted(people.city.districts)[0]
        self.account = Account.objects.create(
            reference=Chance("applicant", code, str(number)).take(16).hex(),
            phone=phone(FIRST_PHONE + int(code[:2]) * 10 + number),
            name=f"{name}（申请入库）",
            verified_by=f"demo:{people.city.key}",
            password=make_password(PASSWORD),
            created_at=stage.clock.now(),
        )
        self.name = name

    @property
    def actor(self) -> Actor:
        """The person at the pages of the engine."""
        return Actor(self.account.reference, Role.PUBLIC, name=self.name, auth="demo")

    def apply(self) -> Proceeding:
        """Hand the application in, with its proof."""
        key = self.people.city.key
        data: dict[str, Any] = {
            "name": self.name,
            "identity_number": identity_number(self.region, self.birth, is_woman=True),
            "organization_code": self.people.units.employers[0][0].code,
            "title": "高级工程师",
            "has_senior_title": True,
            "years": self.years,
            "specialties": ["geotechnics"],
            "registration": "注册土木工程师（岩土）",
            "evidence": [self._proof()],
            "is_voluntary" if key == "nanning" else "is_true": True,
        }
        pool = Pool.objects.get(key=key)
        made: Proceeding = self.stage.act(
            "pools.open_proceeding", self.actor, pool_id=pool.pk, procedure="admission", data=data
        )
        return made

    def _proof(self) -> int:
        content = papers.sheet(
            "高级工程师职称证书", [f"姓名：{self.name}", "专业：岩土工程", "编号：虚构0001"]
        )
        return Document.objects.create(
            sha256=store.put(content),
            name="职称证书（虚构）.pdf",
            media_type="application/pdf",
            size=len(content),
            kind=Document.Kind.PROOF,
            pages=1,
            uploaded_by=self.account.reference,
            uploaded_at=self.stage.clock.now(),
        ).pk


def applications(stage: Stage, people: People) -> list[Story]:
    """Every application of a city."""
    if people.city.key == "nanning":
        return [noticed(stage, people), applied(stage, people), coming(stage, people)]
    return [returned(stage, people)]


def _step(
    stage: Stage, people: People, part: str, matter: Proceeding, step: str, outcome: str, **given: Any
) -> None:
    stage.act(
        "procedures.take_step",
        people.actor(part),
        proceeding_id=matter.pk,
        step=step,
        outcome=outcome,
        **given,
    )


def noticed(stage: Stage, people: People) -> Story:
    """公示: accepted by the center, shown by the bureau; somebody has objected, and the bureau has to answer."""
    yield stage.day(-6, "10:00")
    matter = Applicant(stage, people, 1, "韦拟申", 17).apply()
    yield stage.day(-4, "15:30")
    _step(stage, people, "station", matter, "approval", "accept", data={"has_rich_experience": False})
    yield stage.day(-3, "09:30")
    last_day = (stage.day(3)).date()
    _step(stage, people, "bureau", matter, "notice", "post", last_day=last_day)
    yield stage.day(-1, "16:20")
    notice = Notice.objects.get(case=matter.case)
    told = {"name": "陆拟议", "phone": "199 0000 0000", "text": WORDS}
    stage.act("notices.file_objection", NEIGHBOR, notice_id=notice.pk, **told)


def applied(stage: Stage, people: People) -> Story:
    """审核: handed in yesterday; the years fall short of fifteen, so that the proof of experience must be looked at."""
    yield stage.day(-1, "11:10")
    Applicant(stage, people, 2, "覃拟报", 13).apply()


def coming(stage: Stage, people: People) -> Story:
    """还没有申请: an account alone, for whoever tries the whole way."""
    yield stage.day(-1, "12:00")
    Applicant(stage, people, 4, "莫拟新", 16)


def returned(stage: Stage, people: People) -> Story:
    """退回: the station asks for what is missing."""
    yield stage.day(-3, "09:00")
    matter = Applicant(stage, people, 3, "宋拟申", 18).apply()
    yield stage.day(-2, "14:00")
    reason = "请补充近五年社保缴纳记录，证明在现单位从事岩土工程工作。"
    _step(stage, people, "station", matter, "approval", "return", reason=reason)
