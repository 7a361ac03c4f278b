"""The attacks on a draw, one by one as the threat table of docs/draw.md numbers them: performed, and seen or refused."""

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from itertools import count
from typing import Any

import pytest

from lunheng.core.actor import Actor
from lunheng.core.draw import completed, digest, links, nonce_commitment
from lunheng.core.draw.record import hash_of_parts
from lunheng.ledger.models import Entry
from lunheng.panels import queries
from lunheng.panels.models import Contribution, Draw, Member
from lunheng.pools.actions import anchor_authority, anchor_chains
from lunheng.pools.models import Chain, Membership
from lunheng.verifiers import verify_draw
from tests.factories.chance import PROMISE
from tests.panels.conftest import Scene, make

Tell = Callable[..., Scene]
AUTHORITY = links(b"authority".ljust(32, b"\0"), 8)
OTHER = bytes(32)
NUMBERS = count(1)
SHARES: dict[int, bytes] = {}
"""What the applicants' browsers keep."""


def commit(scene: Scene, **body: Any) -> Draw:
    value = sha256(f"share {next(NUMBERS)}".encode()).digest()
    draw = scene.act("commit_draw", request_id=scene.request_id, commitment=nonce_commitment(value), **body)
    assert isinstance(draw, Draw)
    SHARES[draw.pk] = value
    return draw


def reveal(
    scene: Scene, draw: Draw, value: bytes = b"", party: str = "applicant", seat: str = "contractor"
) -> Draw:
    scene.act("reveal_draw", seat, draw_id=draw.pk, party=party, value=(value or SHARES[draw.pk]).hex())
    draw.refresh_from_db()
    return draw


def two(qingdao: Tell) -> tuple[Scene, Scene]:
    """Two reviews of one city, half a year apart."""
    one = qingdao()
    later = one.clock.now() + timedelta(days=180)
    return one, make(one.world, one.clock, [("geotechnics", 5, False)], meeting_at=later)


def events(scene: Scene) -> list[str]:
    return list(
        Entry.objects.filter(subject=scene.case.reference)
        .order_by("subject_number")
        .values_list("event", flat=True)
    )


# T1: draw again until the result pleases


def test_a_second_draw_while_one_waits_is_refused(qingdao: Tell) -> None:
    scene = qingdao()
    commit(scene)
    assert scene.refused("commit_draw", request_id=scene.request_id, commitment=PROMISE) == ["第九条"]


def test_a_draw_that_nobody_revealed_stays_with_its_number(qingdao: Tell) -> None:
    scene = qingdao()
    commit(scene)
    scene.sweep(hours=1)
    assert [(draw.number, draw.state) for draw in Draw.objects.all()] == [(1, "withheld")]
    assert "draw.withheld/1" in events(scene)


def test_drawing_again_after_a_withheld_draw_needs_a_reason_that_everybody_reads(qingdao: Tell) -> None:
    scene = qingdao()
    commit(scene)
    scene.sweep(hours=1)
    assert scene.refused("commit_draw", request_id=scene.request_id, commitment=PROMISE) == ["第九条"]
    reveal(scene, commit(scene, reason="浏览器崩溃"))
    lines = [line["event"] for line in queries.transcript(scene.request)["events"]]
    told = [line["because"] for line in lines if line["event"] == "draw.committed/1"]
    assert told == ["", "浏览器崩溃"]


def test_the_platforms_links_leave_it_nothing_to_choose(qingdao: Tell) -> None:
    shares = []
    for scene in two(qingdao):
        draw = reveal(scene, commit(scene))
        shares.append(draw.contributions.get(party="platform"))
    first, second = shares
    assert (first.chain, first.link, second.link) == (second.chain, 1, 2)
    assert second.commitment == first.value


# T2: predict or back-door the generator


def test_whoever_knows_everything_but_the_applicants_share_cannot_tell_the_result(qingdao: Tell) -> None:
    scene = qingdao()
    values = [bytes([number]) * 32 for number in range(20)]
    draw = commit(scene)
    link = draw.contributions.select_related("chain").get(party="platform")
    assert link.chain is not None
    results = set()
    for value in values:
        guessed = {
            **draw.document,
            "contributors": [
                ["申请人", "nonce", nonce_commitment(value)],
                *draw.document["contributors"][1:],
            ],
        }
        del guessed["commit"]
        guessed["commit"] = digest(
            "commit",
            *(
                digest(
                    f"draw.{key}",
                    json.dumps(
                        guessed[key], ensure_ascii=False, sort_keys=True, separators=(",", ":")
                    ).encode(),
                )
                for key in sorted(guessed)
            ),
        ).hex()
        whole, _ = completed(guessed, [value, link.chain.link(link.link)])
        results.add(json.dumps(whole["result"]))
    assert len(results) > 15


def test_another_value_than_the_promised_one_is_refused(qingdao: Tell) -> None:
    scene = qingdao()
    draw = commit(scene)
    refused = scene.refused("reveal_draw", draw_id=draw.pk, party="applicant", value=OTHER.hex())
    assert (refused, scene.members()) == (["第九条"], [])


# T3: pool or exclusions edited just before, or between commit and reveal


def test_the_pool_of_a_committed_draw_cannot_be_changed_any_more(qingdao: Tell) -> None:
    scene = qingdao()
    draw = commit(scene)
    before = draw.document
    Membership.objects.filter(expert__in=[one.pk for one in scene.world.experts[:10]]).update(
        state="suspended"
    )
    after = reveal(scene, draw).document
    assert (after["snapshot"], after["commit"]) == (before["snapshot"], before["commit"])


def test_a_snapshot_edited_in_the_database_completes_nothing(qingdao: Tell) -> None:
    scene = qingdao()
    draw = commit(scene)
    draw.document["snapshot"].pop()
    draw.save()
    with pytest.raises(ValueError, match="not the one that was committed"):
        reveal(scene, draw)
    assert scene.members() == []


# T5: the last one to reveal chooses


def test_the_platforms_share_stays_hidden_until_everybody_else_has_revealed(qingdao: Tell) -> None:
    scene = qingdao()
    draw = commit(scene)
    link = draw.contributions.select_related("chain").get(party="platform")
    assert link.chain is not None
    page = scene.world.client("contractor").get(f"/cases/{scene.case_id}/panel/").content.decode()
    assert (link.value, link.chain.link(link.link).hex() in page) == ("", False)


def test_another_link_than_the_next_one_is_found_out(qingdao: Tell) -> None:
    scene = qingdao()
    document = reveal(scene, commit(scene)).document
    document["reveals"][1][1] = OTHER.hex()
    assert verify_draw.verify(document) != []


# T6: see a bad result and abort


def test_what_was_suppressed_can_be_computed_by_whoever_has_the_applicants_share(qingdao: Tell) -> None:
    scene = qingdao()
    draw = commit(scene)
    scene.sweep(hours=1)
    entry = Entry.objects.get(event="draw.withheld/1")
    shown = json.loads(entry.payload.content or "")["reveals"]
    whole, _ = completed(draw.document, [SHARES[draw.pk], bytes.fromhex(dict(shown)["平台"])])
    assert verify_draw.verify(whole) == []


def test_the_next_commit_publishes_a_withheld_link(qingdao: Tell) -> None:
    scene = qingdao()
    first = commit(scene)
    scene.sweep(hours=1)
    second = commit(scene, reason="再次抽取")
    withheld = first.contributions.get(party="platform")
    assert (second.contributions.get(party="platform").commitment, withheld.value != "") == (
        withheld.value,
        True,
    )


# T7: a faked decline to reach the next one


def test_a_decline_is_entered_before_its_round_is_committed_with_a_link_of_its_own(qingdao: Tell) -> None:
    scene = qingdao()
    one = scene.draw()[0]
    scene.act("decline_seat", scene.seat(one), member_id=one.pk, reason="出差")
    scene.sweep()
    told = events(scene)
    assert told.index("panel.seat_declined/1") < len(told) - 1 - told[::-1].index("draw.committed/1")
    first, second = Draw.objects.order_by("number")
    used = [draw.contributions.get(party="platform").link for draw in (first, second)]
    assert (used, second.document["previous"]) == ([1, 2], first.commit)
    assert verify_draw.verify(second.document) == []


# T8, T9: another result, another plan


def test_a_swapped_result_is_found_out(qingdao: Tell) -> None:
    document = reveal(scene := qingdao(), commit(scene)).document
    drawn = {name for name, _ in document["result"]}
    document["result"][0][0] = next(row[0] for row in document["snapshot"] if row[0] not in drawn)
    assert verify_draw.verify(document) != []


def test_a_plan_exchanged_after_the_commit_completes_nothing(qingdao: Tell) -> None:
    scene = qingdao()
    draw = commit(scene)
    draw.document["plan"]["denominator"] = str(2 * int(draw.document["plan"]["denominator"]))
    draw.save()
    with pytest.raises(ValueError, match="not the one that was committed"):
        reveal(scene, draw)


# T10: who is who


def test_nobody_can_be_followed_from_draw_to_draw(qingdao: Tell) -> None:
    documents = [reveal(scene, commit(scene)).document for scene in two(qingdao)]
    one, other = ({row[0] for row in document["snapshot"]} for document in documents)
    assert one & other == set()


def test_the_public_record_names_nobody(qingdao: Tell) -> None:
    scene = qingdao()
    scene.draw()
    text = json.dumps(queries.transcript(scene.request), ensure_ascii=False)
    experts = scene.world.experts
    secrets = [fact for one in experts for fact in (one.name, one.reference, one.phone, one.unit.code)]
    salts = list(Draw.objects.values_list("salt", flat=True))
    assert [fact for fact in (*secrets, *salts) if fact in text] == []


# T11: back-dating


@pytest.mark.parametrize("key", ["at", "round", "previous", "reference"])
def test_another_moment_or_number_is_another_commit(qingdao: Tell, key: str) -> None:
    document = reveal(scene := qingdao(), commit(scene)).document
    document[key] = {"at": "2026-01-01T00:00:00+08:00", "round": 7, "previous": "00" * 32}.get(key, "A/1")
    assert verify_draw.verify(document) != []


def test_the_commit_stands_in_the_ledger_before_its_result(qingdao: Tell) -> None:
    scene = qingdao()
    reveal(scene, commit(scene))
    assert events(scene)[-3:] == ["draw.committed/1", "draw.revealed/1", "draw.result/1"]


# T12: another program computes otherwise


def test_a_record_holds_nothing_that_programs_read_differently(qingdao: Tell) -> None:
    document = reveal(scene := qingdao(), commit(scene)).document
    names = [row[0] for row in document["snapshot"]] + [row[1] for row in document["snapshot"]]
    assert all(set(name) <= set("0123456789abcdef") and len(name) == 32 for name in names)
    assert "." not in "".join(json.dumps(document["plan"]).split('"')[::2])


# T13: the public value does not come


def test_without_the_declared_public_value_there_is_no_draw(qingdao: Tell) -> None:
    scene = qingdao()
    draw = reveal(scene, commit(scene, beacon="虚构彩票第2026001期"))
    assert (draw.state, scene.members()) == ("committed", [])
    scene.sweep(hours=1)
    draw.refresh_from_db()
    assert (draw.state, [one.party for one in draw.outstanding]) == ("withheld", ["beacon"])


# T14: everybody else colludes


def test_the_public_value_decides_even_when_all_others_collude(qingdao: Tell) -> None:
    seeds = []
    for scene, value in zip(two(qingdao), (b"\x01\x02", b"\x03\x04"), strict=True):
        draw = reveal(scene, commit(scene, beacon="虚构彩票第2026001期"))
        draw = reveal(scene, draw, value, "beacon", "bureau")
        assert verify_draw.verify(draw.document) == []
        seeds.append(draw.seed)
    assert len(set(seeds)) == 2


# The supervising authority takes part


@pytest.fixture
def watched(qingdao: Tell) -> Scene:
    """The authority has published its chain."""
    scene = qingdao()
    anchor_authority(
        pool_id=scene.world.pool.pk,
        anchor=AUTHORITY[0].hex(),
        length=8,
        actor=scene.world.actor("bureau"),
        at=scene.clock.now(),
    )
    return scene


def test_a_draw_waits_for_the_authoritys_link(watched: Scene) -> None:
    draw = reveal(watched, commit(watched))
    assert draw.state == "committed"
    wrong = watched.refused(
        "reveal_draw", "bureau", draw_id=draw.pk, party="authority", value=AUTHORITY[2].hex()
    )
    assert wrong == ["第九条"]
    draw = reveal(watched, draw, AUTHORITY[1], "authority", "bureau")
    assert (draw.state, verify_draw.verify(draw.document)) == ("done", [])


@pytest.mark.parametrize("seat", ["contractor", "station", "district", "supervisor"])
def test_nobody_but_the_authority_reveals_its_link(watched: Scene, seat: str) -> None:
    draw = reveal(watched, commit(watched))
    value = AUTHORITY[1].hex()
    assert watched.refused("reveal_draw", seat, draw_id=draw.pk, party="authority", value=value) != []


def test_a_backfill_waits_for_the_authority_and_is_committed_before(watched: Scene) -> None:
    draw = reveal(watched, reveal(watched, commit(watched)), AUTHORITY[1], "authority", "bureau")
    one = Member.objects.filter(draw=draw)[0]
    watched.act("decline_seat", watched.seat(one), member_id=one.pk, reason="出差")
    watched.sweep()
    second = Draw.objects.get(number=2)
    assert (second.state, len(watched.members("invited"))) == ("committed", 4)
    reveal(watched, second, AUTHORITY[2], "authority", "bureau")
    assert len(watched.members("invited")) == 5


def test_two_lost_seats_wait_for_each_other_and_are_both_refilled(watched: Scene) -> None:
    reveal(watched, reveal(watched, commit(watched)), AUTHORITY[1], "authority", "bureau")
    for one in watched.members("invited")[:2]:
        watched.act("decline_seat", watched.seat(one), member_id=one.pk, reason="出差")
    watched.sweep()
    for index in (2, 3):
        waiting = Draw.objects.get(state="committed")
        reveal(watched, waiting, AUTHORITY[index], "authority", "bureau")
        watched.sweep()
    assert (len(watched.members("invited")), Draw.objects.filter(state="committed").count()) == (5, 0)


def test_a_link_that_stayed_secret_serves_the_next_draw(watched: Scene) -> None:
    reveal(watched, commit(watched))
    watched.sweep(hours=1)
    draw = reveal(
        watched,
        reveal(watched, commit(watched, reason="主管部门未揭示")),
        AUTHORITY[1],
        "authority",
        "bureau",
    )
    assert (draw.state, Chain.objects.get(owner="authority").taken) == ("done", 1)


# Chains


def test_without_a_published_chain_nothing_is_drawn(qingdao: Tell) -> None:
    scene = qingdao()
    Chain.objects.all().update(taken=4096)
    assert scene.refused("commit_draw", request_id=scene.request_id, commitment=PROMISE) == ["第九条"]


def test_draws_that_wait_side_by_side_never_show_each_others_link(qingdao: Tell) -> None:
    one, other = map(commit, two(qingdao))
    shares = [draw.contributions.select_related("chain").get(party="platform") for draw in (one, other)]
    assert [share.chain and share.chain.number for share in shares] == [1, 2]
    assert [share.chain and share.chain.anchor for share in shares] == [share.commitment for share in shares]


@pytest.mark.parametrize("commitment", ["", "ab", "Z" * 64, "A" * 64])
def test_a_promise_has_the_form_of_a_hash(qingdao: Tell, commitment: str) -> None:
    scene = qingdao()
    assert scene.refused("commit_draw", request_id=scene.request_id, commitment=commitment) == ["第九条"]


def test_the_system_itself_contributes_for_nobody(qingdao: Tell) -> None:
    scene = qingdao()
    draw = commit(scene)
    assert (
        scene.refused(
            "reveal_draw",
            Actor.system(),
            draw_id=draw.pk,
            party=Contribution.Party.APPLICANT,
            value=SHARES[draw.pk].hex(),
        )
        != []
    )


# What an auditor tried besides


def test_a_suspended_expert_who_was_committed_is_drawn_and_replaced_at_once(qingdao: Tell) -> None:
    scene = qingdao()
    draw = commit(scene)
    kept = [one.pk for one in scene.world.experts if one.pk % 2]
    Membership.objects.exclude(expert__in=kept).update(state="suspended")
    reveal(scene, draw)
    scene.sweep()
    assert {one.expert.membership.state for one in scene.members("invited")} == {"active"}
    assert {one.ground.partition("（")[0] for one in scene.members("removed")} <= {"承诺之后不在聘期或已暂停"}


def test_a_row_exchanged_together_with_its_hash_completes_nothing(qingdao: Tell) -> None:
    scene = qingdao()
    draw, other = commit(scene), None
    other = {**draw.document, "at": "2026-11-24T00:00:00+08:00"}
    del other["commit"]
    draw.document = other | {"commit": hash_of_parts(other, "sha256").hex()}
    draw.save()
    value = SHARES[draw.pk].hex()
    assert scene.refused("reveal_draw", draw_id=draw.pk, party="applicant", value=value) == ["第九条"]


def test_a_chain_that_is_not_the_published_one_draws_nothing(qingdao: Tell, settings: Any) -> None:
    scene = qingdao()
    settings.CHANCE_KEY = "another key"
    assert scene.refused("commit_draw", request_id=scene.request_id, commitment=PROMISE) == ["第九条"]


def test_chains_of_a_lost_key_are_retired_in_public_when_new_ones_are_published(
    qingdao: Tell, settings: Any
) -> None:
    scene = qingdao()
    settings.CHANCE_KEY = "another key"
    anchor_chains(pool_id=scene.world.pool.pk, actor=scene.world.actor("station"), at=scene.clock.now())
    draw = reveal(scene, commit(scene))
    entry = Entry.objects.filter(event="pool.chains_anchored/1").latest("subject_number")
    assert (draw.state, json.loads(entry.payload.content or "")["retired"]) == ("done", list(range(1, 9)))


def test_a_reveal_after_the_hour_is_too_late_even_if_nobody_swept(qingdao: Tell) -> None:
    scene = qingdao()
    draw = commit(scene)
    scene.clock.advance(hours=1)
    value = SHARES[draw.pk].hex()
    assert scene.refused("reveal_draw", draw_id=draw.pk, party="applicant", value=value) == ["第九条"]


def test_a_share_that_was_revealed_once_is_no_promise_any_more(qingdao: Tell) -> None:
    one, other = two(qingdao)
    draw = reveal(one, commit(one))
    promise = nonce_commitment(SHARES[draw.pk])
    assert other.refused("commit_draw", request_id=other.request_id, commitment=promise) == ["第九条"]


def test_a_third_waiting_draw_of_one_organizer_is_refused(qingdao: Tell) -> None:
    one, other = two(qingdao)
    third = make(one.world, one.clock, [("geotechnics", 5, False)])
    commit(one), commit(other)
    assert third.refused("commit_draw", request_id=third.request_id, commitment=PROMISE) == ["第九条"]


def test_applicants_leave_a_lane_free_for_rounds_that_nobody_attends(qingdao: Tell) -> None:
    scene = qingdao()
    one = scene.draw()[0]
    Chain.objects.exclude(number=8).update(holder="draw:elsewhere")
    later = make(
        scene.world,
        scene.clock,
        [("geotechnics", 5, False)],
        meeting_at=scene.clock.now() + timedelta(days=90),
    )
    assert later.refused("commit_draw", request_id=later.request_id, commitment=PROMISE) == ["第九条"]
    scene.act("decline_seat", scene.seat(one), member_id=one.pk, reason="出差")
    scene.sweep()
    assert len(scene.members("invited")) == 5


def test_an_authority_whose_chain_is_used_up_is_not_left_out_in_silence(watched: Scene) -> None:
    Chain.objects.filter(owner="authority").update(taken=8)
    assert watched.refused("commit_draw", request_id=watched.request_id, commitment=PROMISE) == ["第九条"]


def test_a_chain_registered_after_the_request_does_not_count_for_it(qingdao: Tell) -> None:
    scene = qingdao()
    scene.clock.advance(minutes=1)
    anchor_authority(
        pool_id=scene.world.pool.pk,
        anchor=AUTHORITY[0].hex(),
        length=8,
        actor=scene.world.actor("bureau"),
        at=scene.clock.now(),
    )
    assert reveal(scene, commit(scene)).state == "done"


def test_the_authority_has_its_whole_hour_also_when_the_sweep_comes_late(watched: Scene) -> None:
    reveal(watched, reveal(watched, commit(watched)), AUTHORITY[1], "authority", "bureau")
    one = watched.members("invited")[0]
    watched.act("decline_seat", watched.seat(one), member_id=one.pk, reason="出差")
    watched.sweep(hours=3)
    assert [draw.state for draw in Draw.objects.order_by("number")] == ["done", "committed"]


def test_a_seat_is_not_asked_for_twice_while_its_round_waits(watched: Scene) -> None:
    reveal(watched, reveal(watched, commit(watched)), AUTHORITY[1], "authority", "bureau")
    one = watched.members("invited")[0]
    watched.act("decline_seat", watched.seat(one), member_id=one.pk, reason="出差")
    watched.sweep()
    request = watched.request
    request.case = watched.case
    request.retry_unfilled(watched.clock.now())
    watched.sweep(hours=1)
    assert [draw.state for draw in Draw.objects.order_by("number")] == ["done", "withheld", "committed"]


def test_an_applicant_without_script_draws_and_the_record_says_who_contributed(qingdao: Tell) -> None:
    scene = qingdao()
    draw = scene.act("commit_draw", request_id=scene.request_id, has_share=False)
    draw.refresh_from_db()
    assert (draw.state, len(scene.members("invited"))) == ("done", 5)
    assert verify_draw.hints(draw.document) == [
        "只有「平台」一方提供随机数，掌握其随机数链的人可以事先算出结果。"
    ]


def test_a_pushed_expert_whom_the_law_excludes_meanwhile_cannot_be_picked(nanning: Tell) -> None:
    scene = nanning()
    draw = commit(scene)
    Membership.objects.filter(expert__in=[one.pk for one in scene.world.experts[::2]]).update(
        state="suspended"
    )
    reveal(scene, draw)
    assert {one.expert.membership.state for one in scene.members("pushed")} == {"active"}
    assert {one.expert.membership.state for one in scene.members("removed")} <= {"suspended"}
