"""The pages of a plan, as the people who use them see them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lunheng.panels.models import PanelRequest
from lunheng.plans.models import Approval, Entrustment, PlanVersion, Review
from tests.factories.files import a_pdf
from tests.factories.story import NINE_PARTS
from tests.plans.hand import Hand, reads


def get(hand: Hand, seat: str, path: str, **data: Any) -> str:
    """A page that opens."""
    response = hand.world.client(seat).get(path, **data)
    assert response.status_code == 200, response.status_code
    page: str = response.content.decode()
    return page


def post(hand: Hand, seat: str, path: str, status: int, **data: Any) -> str:
    """A form that is sent; the page that answers, with this status."""
    response = hand.world.client(seat).http.post(path, data)
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def pages(**others: Any) -> dict[str, Any]:
    """The form of a version with its nine pages."""
    return {**{f"part_{part}": page + 1 for page, part in enumerate(NINE_PARTS)}, **others}


def test_a_contractor_begins_a_review_from_the_works(qingdao: Hand) -> None:
    work = qingdao.work(qingdao.project())
    path = f"/works/{work.pk}/reviews/new/"
    assert "青岛市市政公用工程专项施工方案专家论证规则" in get(qingdao, "contractor", path)

    post(qingdao, "contractor", path, 302, title="深基坑专项施工方案")

    assert Review.objects.get().case.title == "深基坑专项施工方案"


@pytest.mark.clause("QD-一(二)a")
def test_the_page_of_a_housing_project_says_that_no_pack_covers_it(qingdao: Hand) -> None:
    work = qingdao.work(qingdao.project("housing"))

    assert "青岛市没有覆盖房屋建筑工程的政策包" in get(
        qingdao, "contractor", f"/works/{work.pk}/reviews/new/"
    )
    page = post(qingdao, "contractor", f"/works/{work.pk}/reviews/new/", 403, title="方案")
    assert "论证没有发起" in page


@pytest.mark.clause("QD-一(一)", "NN-一a")
def test_the_case_page_names_pack_and_version(qingdao: Hand) -> None:
    review = qingdao.review()

    page = get(qingdao, "contractor", f"/cases/{review.case_id}/plan/")

    assert "适用《青岛市市政公用工程专项施工方案专家论证规则》2025.1版" in page


def test_an_old_review_is_marked_and_found_by_the_station(qingdao: Hand) -> None:
    from datetime import date

    work = qingdao.work(qingdao.project())
    qingdao.act(
        "contractor",
        "plans.enter_legacy_review",
        work_id=work.pk,
        title="启用前的方案",
        requested_on=date(2024, 12, 20),
        meeting_on=date(2025, 1, 15),
        proof_document_id=qingdao.document("contractor", "proof"),
    )
    qingdao.review(work, title="平台上的方案")

    page = get(qingdao, "station", "/reviews/", legacy="on")

    assert ("启用前的方案" in page, "平台上的方案" in page) == (True, False)


def test_a_version_is_submitted_with_its_file_in_one_form_without_script(qingdao: Hand) -> None:
    review = qingdao.review()
    file = SimpleUploadedFile("方案.pdf", a_pdf())

    post(
        qingdao,
        "contractor",
        f"/cases/{review.case_id}/plan/submit/",
        302,
        **pages(file=file, has_site_statement="on", note="首版"),
    )

    version = PlanVersion.objects.get()
    assert (version.parts["overview"], version.note, version.documents.get().name) == (1, "首版", "方案.pdf")


def test_a_version_without_file_stays_on_the_page_with_what_was_typed(qingdao: Hand) -> None:
    review = qingdao.review()

    page = post(
        qingdao, "contractor", f"/cases/{review.case_id}/plan/submit/", 403, **pages(note="补充监测章节")
    )

    assert "抽取申请缺少：专项施工方案文件" in page
    assert "补充监测章节" in page


@pytest.mark.clause("QD-四(一)2a")
def test_the_side_of_the_page_says_what_is_still_missing(qingdao: Hand) -> None:
    review = qingdao.review()
    qingdao.version(review, parts={part: 1 for part in NINE_PARTS if part != "emergency"})

    page = get(qingdao, "contractor", f"/cases/{review.case_id}/plan/")

    assert "专项施工方案缺少：应急处置措施" in page
    assert "总监理工程师签字、加盖执业印章" in page


def test_the_chief_supervisor_reads_the_plan_beside_its_checklist_and_signs(qingdao: Hand) -> None:
    review = qingdao.review()
    qingdao.version(review)
    path = f"/cases/{review.case_id}/plan/review/"
    assert "施工安全保证措施" in get(qingdao, "chief_supervisor", path)

    given = {"kind": "chief_supervisor", "is_granted": "yes"}
    assert "同意方案须上传签字盖章的审批页" in post(qingdao, "chief_supervisor", path, 403, **given)
    post(qingdao, "chief_supervisor", path, 302, **given, file=SimpleUploadedFile("审批页.pdf", a_pdf()))

    assert Approval.objects.get().kind == "chief_supervisor"


def test_who_signs_nothing_finds_no_form_at_the_desk(qingdao: Hand) -> None:
    review = qingdao.review()
    qingdao.version(review)

    assert "你不是本方案的审批人" in get(qingdao, "owner", f"/cases/{review.case_id}/plan/review/")


def form(hand: Hand, **others: Any) -> dict[str, Any]:
    """The form of a lawful request."""
    return {
        "pool_key": hand.world.pool.key,
        "main_geotechnics": 5,
        "is_risk_confirmed": "on",
        "meeting_mode": "on_site",
        "meeting_at": (hand.now + timedelta(days=10)).strftime("%Y-%m-%dT%H:%M"),
        "meeting_place": "虚构路 1 号",
        **others,
    }


@pytest.mark.clause("QD-二(四)1b")
def test_the_request_page_shows_risk_specialties_and_the_depth_of_the_pool(qingdao: Hand) -> None:
    review = qingdao.ready()

    page = get(qingdao, "contractor", f"/cases/{review.case_id}/panel-request/")

    assert "已核对：所选专业和人数与工程风险等级（重大风险）相对应" in page
    assert "水文地质与降水（人）" in page
    assert "建筑幕墙工程（人）" not in page


def test_the_depth_answers_to_the_numbers_in_the_form(qingdao: Hand) -> None:
    review = qingdao.ready()
    path = f"/cases/{review.case_id}/panel-request/depth/"

    assert "按现在的人数可以抽出专家组" in post(qingdao, "contractor", path, 200, **form(qingdao))
    page = post(qingdao, "contractor", path, 200, **form(qingdao, main_geotechnics=40))
    assert "按现在的人数抽不出专家组" in page
    assert "「岩土工程」需要 40 个席位" in page


def test_a_request_is_sent_from_the_page(qingdao: Hand) -> None:
    review = qingdao.ready()

    post(qingdao, "contractor", f"/cases/{review.case_id}/panel-request/", 302, **form(qingdao))

    assert PanelRequest.objects.get().needs.get().count == 5


@pytest.mark.clause("QD-二(二)a")
def test_a_refused_request_stays_on_the_page_with_its_clause(qingdao: Hand) -> None:
    review = qingdao.ready()
    path = f"/cases/{review.case_id}/panel-request/"

    page = post(qingdao, "contractor", path, 403, **form(qingdao, main_geotechnics=4))

    assert "申请没有提交，没有抽取任何专家" in page
    assert "所涉专业专家不得少于5名，现为4名" in page
    assert PanelRequest.objects.count() == 0


def test_without_script_the_depth_is_asked_for_by_a_button(qingdao: Hand) -> None:
    review = qingdao.ready()
    path = f"/cases/{review.case_id}/panel-request/"

    page = post(qingdao, "contractor", path, 200, **form(qingdao, preview="1"))

    assert "按现在的人数可以抽出专家组" in page
    assert PanelRequest.objects.count() == 0


def test_an_extra_without_specialty_is_named_as_missing(qingdao: Hand) -> None:
    review = qingdao.ready()
    sent = form(qingdao, touches_other_specialties="on", extra_1_count=1)

    page = post(qingdao, "contractor", f"/cases/{review.case_id}/panel-request/", 403, **sent)

    assert "抽取申请缺少：专业类别" in page


def test_a_request_is_taken_back_on_a_page_of_its_own(qingdao: Hand) -> None:
    review = qingdao.ready()
    qingdao.act("contractor", "plans.request_panel", **qingdao.request(review))
    path = f"/cases/{review.case_id}/panel-request/cancel/"
    assert "撤回后可以重新申请" in get(qingdao, "contractor", path)

    post(qingdao, "contractor", path, 302, reason="会议改期")

    assert PanelRequest.objects.get().state == "cancelled"


@pytest.mark.clause("NN-二(一)b/self or agency")
def test_an_agency_accepts_on_the_page_and_is_shown_as_organizer(nanning: Hand) -> None:
    review = nanning.ready()
    path = f"/cases/{review.case_id}/entrustment/"
    post(nanning, "contractor", path, 302, agency_code=nanning.world.unit("agency").code)

    assert "接受委托" in get(nanning, "agency", path)
    post(nanning, "agency", f"{path}accept/", 302)

    page = get(nanning, "agency", f"/cases/{review.case_id}/plan/")
    assert "（委托单位）" in page
    assert f"{nanning.world.unit('agency').name}（论证机构）" in page


def test_an_agency_that_was_not_asked_does_not_see_the_case(nanning: Hand) -> None:
    review = nanning.ready()
    nanning.act(
        "contractor",
        "plans.entrust_agency",
        review_id=review.pk,
        agency_code=nanning.world.unit("agency").code,
    )

    assert nanning.world.client("agency_two").get(f"/cases/{review.case_id}/entrustment/").status_code == 403


def test_an_entrustment_ends_on_a_page_of_its_own(nanning: Hand) -> None:
    review = nanning.ready()
    code = nanning.world.unit("agency").code
    nanning.act("contractor", "plans.entrust_agency", review_id=review.pk, agency_code=code)
    path = f"/cases/{review.case_id}/entrustment/end/"
    assert "解除后由施工单位自行组织论证" in get(nanning, "contractor", path)

    post(nanning, "contractor", path, 302, reason="改为自行组织")

    assert Entrustment.objects.get().state == "ended"


@pytest.mark.clause("QD-四(一)2b")
def test_a_member_sees_statement_and_pages_after_the_commitment(qingdao: Hand) -> None:
    review = qingdao.ready()
    member = qingdao.member(review)
    path = f"/cases/{review.case_id}/plan/"
    assert "查阅方案前须签署廉洁与保密承诺" in get(qingdao, "expert:0", path)
    assert "施工工艺技术" not in get(qingdao, "expert:0", path)

    member.committed_at = qingdao.now
    member.save()

    assert "施工单位已声明：方案符合施工现场实际情况" in get(qingdao, "expert:0", path)


def test_reading_begins_with_a_button_that_keeps_the_time(qingdao: Hand) -> None:
    review = qingdao.ready()
    member = qingdao.member(review, committed_at=qingdao.now)

    post(qingdao, "expert:0", f"/cases/{review.case_id}/plan/open/", 302)

    assert member.deliveries.get().opened_at == qingdao.now


@pytest.mark.parametrize("seat", ["stranger", "expert:1", "other_district", "public"])
def test_others_do_not_open_the_plan(qingdao: Hand, seat: str) -> None:
    review = qingdao.ready()
    qingdao.member(review)

    assert qingdao.world.client(seat).get(f"/cases/{review.case_id}/plan/").status_code == 403


@pytest.mark.clause("QD-二(一)a")
def test_city_run_projects_are_the_stations_and_others_their_districts(qingdao: Hand) -> None:
    own = qingdao.review(qingdao.work(qingdao.project(is_city_run=False)))
    path = f"/cases/{own.case_id}/plan/"

    assert get(qingdao, "district", path)
    assert qingdao.world.client("other_district").get(path).status_code == 403
    assert qingdao.world.client("station").get(path).status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_reviews_takes_the_same_queries_for_one_and_for_thirty(qingdao: Hand, rows: int) -> None:
    work = qingdao.work(qingdao.project())
    for number in range(rows):
        qingdao.review(work, title=f"第{number}区基坑专项施工方案")
    queries, page = reads(qingdao.world.client("station"), "/reviews/", "plans_review")

    assert (queries, page.count('data-label="案号"')) == (2, min(rows, 25))
