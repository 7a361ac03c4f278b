"""What a stored site answers: ``python -m tests.upgrade.answers`` migrates the database of ``LUNHENG_DATABASE`` and prints it.

Asked from outside as far as possible, so that the releases before and after can be asked alike: every case over the
interface (its state, the digest of its law, parties, deadlines, the steps of its file), which seat may open which case
and page, and what the desk of each seat says is to be done, by the case and the address.
"""

import json
import re
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tests.harness import environment

NOW = datetime.fromisoformat("2026-11-20T15:00:00+08:00")
"""The moment at which the stored site stood, and at which it is asked."""
OFFICES = ("station", "bureau", "district")
PARTIES = ("contractor", "subcontractor", "supervisor", "owner", "agency")
WALKERS = ("contractor", "agency", "station", "expert")
"""Who walks through all pages of a case."""
DUTY = re.compile(r'class="btn btn-primary" href="(/[^"]*\d/[^"]*)"')


def clients() -> dict[str, Any]:
    """A browser for every office and party of the told cities, and for some experts who sit in a case."""
    from lunheng.accounts.models import Seat
    from lunheng.panels.models import Member

    cities = (
        Member.objects.order_by("case__division_id").values_list("case__division_id", flat=True).distinct()
    )
    sitting = Member.objects.filter(state__in=("confirmed", "invited", "picked")).order_by("case_id", "pk")
    first = {member.case_id: member.expert.reference for member in sitting.select_related("expert")[::-1]}
    seats = list(Seat.objects.select_related("account", "organization").order_by("-pk"))
    prefixes = tuple(code[:4] for code in cities)
    offices = {
        (seat.role, seat.division_id): seat
        for seat in seats
        if seat.role in OFFICES and (seat.division_id or "").startswith(prefixes)
    }
    parties = {(seat.role, seat.organization_id): seat for seat in seats if seat.role in PARTIES}
    experts = [seat for seat in seats if seat.role == "expert" and seat.expert in set(first.values())]
    chosen = sorted([*offices.values(), *parties.values(), *experts[::3]], key=lambda seat: seat.pk)
    return {f"{seat.pk} {seat.role}": _browser(seat) for seat in chosen}


def _browser(seat: Any) -> Any:
    from django.test import Client

    from lunheng.accounts.middleware import SEAT_KEY

    client = Client()
    client.force_login(seat.account, "lunheng.accounts.authentication.PhoneBackend")
    session = client.session
    session[SEAT_KEY] = seat.pk
    session.save()
    return client


def pages(case_id: int) -> list[str]:
    """Every address that needs nothing but the case. What is packed of uploaded files is left out: they are not stored."""
    from tests.access.routes import PARAMETER, all_routes

    routes = [route for route in all_routes() if PARAMETER.findall(route.pattern) == ["case_id"]]
    paths = {route.path({"case_id": case_id}) for route in routes}
    return sorted(path for path in paths if not path.endswith(".zip"))


def case_answers(number: int, browsers: dict[str, Any]) -> dict[str, Any]:
    """One case as the seats that may open it see it."""
    address = f"/api/cases/{number}"
    answered = {seat: client.get(address) for seat, client in browsers.items()}
    may = [seat for seat, answer in answered.items() if answer.status_code == 200]
    told = {json.dumps(answered[seat].json(), sort_keys=True) for seat in may}
    reader = min(may, key=lambda seat: (seat.split()[1] not in OFFICES, int(seat.split()[0])))
    steps = browsers[reader].get(f"{address}/timeline").json()
    return {
        "seats": may,
        "told": [json.loads(one) for one in sorted(told)],
        "steps": [[step["number"], step["event"], step["at"], step["clause"]] for step in steps],
    }


def page_answers(number: int, seats: Iterable[str], browsers: dict[str, Any]) -> dict[str, dict[str, int]]:
    """How each page of the case answers to a seat of each kind."""
    by_role = {seat.split()[1]: seat for seat in reversed(list(seats))}
    return {
        seat: {path: browsers[seat].get(path).status_code for path in pages(number)}
        for role, seat in by_role.items()
        if role in WALKERS
    }


def answers(*, of_pages: int = 12) -> dict[str, Any]:
    """Everything; the pages of every ``of_pages``-th case."""
    from lunheng.cases.models import Case

    browsers = clients()
    numbers = list(Case.objects.filter(kind="review").order_by("pk").values_list("pk", flat=True))
    cases = {str(number): case_answers(number, browsers) for number in numbers}
    return {
        "cases": cases,
        "pages": {
            number: page_answers(int(number), one["seats"], browsers)
            for number, one in list(cases.items())[::of_pages]
        },
        "desks": {
            seat: sorted(set(DUTY.findall(client.get("/desk/").content.decode())))
            for seat, client in browsers.items()
        },
    }


def main() -> int:
    """Migrate, ask, print."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from lunheng.jobs import clock

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    clock.install(clock.FixedClock(NOW))
    json.dump(answers(), sys.stdout, ensure_ascii=False, indent=1, sort_keys=True)
    return 0


if __name__ == "__main__":
    assert environment.scratch
    raise SystemExit(main())
