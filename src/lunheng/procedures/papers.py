"""What a finished procedure hands out, as an official document: letter, certificate or list."""

import hmac
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TypedDict

from django.conf import settings
from django.urls import reverse

from lunheng.cases.models import Deadline
from lunheng.core.deadlines import CHINA
from lunheng.core.policy.proceedings import Step
from lunheng.documents.papers import Form
from lunheng.documents.proofs import printed_proof
from lunheng.procedures import answers as sheets
from lunheng.procedures import permissions
from lunheng.procedures.models import Candidate, Proceeding


@dataclass(frozen=True)
class Issuing:
    """The document that a step asks for, about one candidate or all of them."""

    proceeding: Proceeding
    candidate: Candidate
    step: Step
    deadline: Deadline

    @property
    def number(self) -> str:
        """Of the document: the matter's, the step's place, the candidate's."""
        reference = self.proceeding.case.reference
        place = [one.id for one in self.proceeding.rule.steps].index(self.step.id) + 1
        return f"{reference}-{place}" + ("" if self.step.document == "list" else f"-{self.candidate.number}")

    @property
    def code(self) -> str:
        """Sixteen signs that nobody guesses, the same whenever the document is drawn up again."""
        text = f"issued|{self.deadline.pk}|{self.deadline.opened_by}"
        digits = hmac.new(settings.SECRET_KEY.encode(), text.encode(), sha256).hexdigest()[:16].upper()
        return "-".join(digits[place : place + 4] for place in range(0, 16, 4))


class IssuedData(TypedDict):
    """载明的人员、制发机关、核验码. Title, clause and code in the corner are the step's own."""

    title: str
    clause: str
    proof: dict[str, str]
    number: str
    form: str
    lines: list[list[str]]
    code: str
    check: str
    issuer: str
    rule: str
    on: date


def issued_data(issuing: Issuing) -> IssuedData:
    """What the document shows."""
    proceeding, step = issuing.proceeding, issuing.step
    law = proceeding.case.law
    people = proceeding.candidates.all() if step.document == "list" else [issuing.candidate]
    fields = [field for sheet in proceeding.rule.forms.values() for field in sheet.fields if field.public]
    lines = [
        [
            one.name,
            "；".join(f"{field.label}：{words}" for field, words in sheets.shown(fields, one.data, law)),
        ]
        for one in people
    ]
    opened = list(proceeding.steps_taken.filter(kind__in=("decide", "publish")))
    issuer = next((proceeding.rule.by_id[one.step].office for one in reversed(opened)), "")
    proof = printed_proof(issuing.deadline.opened_by).get("proof", {})
    address = f"{settings.SITE_ADDRESS}{reverse('portal:certificates')}?code={issuing.code}"
    return {
        "title": permissions.title_of(law, step),
        "clause": str(permissions.clause_of(proceeding, step)),
        "proof": {**proof, "address": address},
        "number": issuing.number,
        "form": step.document,
        "lines": lines,
        "code": issuing.code,
        "check": address,
        "issuer": permissions.office_name(law, issuer) if issuer else "",
        "rule": law.title,
        "on": issuing.deadline.due_at.astimezone(CHINA).date(),
    }


ISSUED = Form[Issuing](
    key="issued",
    title="文书",
    rule="roles.pool",
    data=IssuedData,
    fill=issued_data,
    case_of=lambda issuing: issuing.proceeding.case,
    called=lambda issuing: permissions.title_of(issuing.proceeding.case.law, issuing.step),
    number_of=lambda issuing: issuing.number,
)
