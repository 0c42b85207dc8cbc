from __future__ import annotations

import pytest

from backend.domain import vocabulary_contact as v
from tests.support import rows, wechat_rows
from tests.support.rows import DAY, NOW


def test_an_openid_is_one_account(session, refused):
    wechat_rows.account(session, openid_index="a" * 64)
    with refused("uq_wechat_accounts_openid_index", "wechat_accounts.openid_index"):
        wechat_rows.account(session, openid_index="a" * 64)


def test_an_erased_account_keeps_nothing_of_the_person(session, refused):
    wechat_rows.account(session, openid_index=None, openid_sealed=None, wrapped_key=None, erased_at=NOW)
    with refused("ck_wechat_accounts_erased_wholly"):
        wechat_rows.account(session, openid_index=None, erased_at=NOW)


def test_a_person_and_a_wechat_are_bound_to_one_another_only(session, office, refused):
    account = wechat_rows.account(session)
    wechat_rows.binding(session, office.clerk, account, bound_at=NOW - DAY, ended_at=NOW)
    wechat_rows.binding(session, office.clerk, account)
    with refused("uq_staff_bindings_one_a_person", "staff_bindings.staff_id"):
        wechat_rows.binding(session, office.clerk, wechat_rows.account(session))
    with refused("uq_staff_bindings_one_an_account", "staff_bindings.account_id"):
        wechat_rows.binding(session, rows.staff(session, office.unit), account)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("ck_consents_spent_or_voided", {"spent_at": NOW, "voided_at": NOW}),
        ("ck_consents_long_term_is_never_spent", {"is_long_term": True, "spent_at": NOW}),
    ],
)
def test_a_voucher_is_used_in_one_way(session, refused, constraint, change):
    with refused(constraint):
        wechat_rows.consent(session, wechat_rows.account(session), **change)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        (
            "ck_follow_ups_only_surveys_have_a_token",
            {"method": v.FollowUpMethod.CALL, "token_hash": "a" * 64},
        ),
        ("ck_follow_ups_reminded_after_sent", {"reminded_at": NOW}),
        ("ck_follow_ups_ended_when_over", {"ended_at": None}),
    ],
)
def test_a_follow_up_holds_together(session, office, refused, constraint, change):
    with refused(constraint):
        wechat_rows.follow_up(session, office.inquiry, **change)


def test_a_round_is_followed_up_once_by_each_method(session, office, refused):
    wechat_rows.follow_up(session, office.inquiry)
    with refused(
        "ix_follow_ups_inquiry_id_round_layer_method",
        "follow_ups.inquiry_id, follow_ups.round, follow_ups.layer, follow_ups.method",
    ):
        wechat_rows.follow_up(session, office.inquiry)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("ck_content_checks_decided_by_someone", {"state": v.CheckState.FOLDED}),
        ("ck_content_checks_review_has_a_reason", {"reason": None}),
        ("ck_content_checks_a_text_or_a_file", {"text_id": None}),
    ],
)
def test_a_content_check_holds_together(session, office, refused, constraint, change):
    text = rows.inquiry_text(session, office.inquiry)
    with refused(constraint):
        wechat_rows.content_check(session, text, **change)


def test_an_event_is_taken_once_and_kept_until_it_was_handled(session, refused):
    wechat_rows.wechat_event(session, dedup_hash="a" * 64)
    with refused("uq_wechat_events_dedup_hash", "wechat_events.dedup_hash"):
        wechat_rows.wechat_event(session, dedup_hash="a" * 64)
    wechat_rows.wechat_event(session, handled_at=NOW, sealed=None, wrapped_key=None)
    with refused("ck_wechat_events_kept_until_handled"):
        wechat_rows.wechat_event(session, handled_at=NOW)
