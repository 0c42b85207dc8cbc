"""A believable row for every table and column, revision by revision, as plain values: models are today's, these stay.

A new revision adds its entry: rows for new tables, and for new columns a row more. The tests refuse a column that no
row fills and a revision without an entry.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection, DateTime, MetaData, Table, inspect, text

Rows = list[tuple[str, dict[str, Any]]]

AT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
HASH = "ab" * 32


def _id(name: str) -> str:
    return name.ljust(32, "0")


UNIT, OTHER_UNIT = _id("unit1"), _id("unit2")
SECTION, OTHER_SECTION = _id("section1"), _id("section2")
CLERK, COLLEAGUE, INSPECTOR = _id("staff1"), _id("staff2"), _id("staff3")
POST, SIGN, OLD_SIGN = _id("post1"), _id("sign1"), _id("sign2")
CITIZEN, INQUIRY, COMPLAINT = _id("citizen1"), _id("inquiry1"), _id("inquiry2")
CONTENT, REASON, RETURN_REASON, RETURN_CLAUSE = (_id(f"text{n}") for n in range(1, 5))
GIVEN, HELD = _id("holding1"), _id("holding2")
HANDOFF, CLOCK, NEXT_CLOCK = _id("handoff1"), _id("clock1"), _id("clock2")
ENTRY, BLOB = _id("entry1"), _id("blob1")

_LAW = {
    "measure": "tan",
    "clause": "第七条第（一）项",
    "quote": "原则上2个工作日内予以答复",
    "strictness": "principle",
}

FIRST: Rows = [
    ("units", {"id": UNIT, "name": "某区住房局", "organ_type": "administration", "measure": "tan",
               "closes_at": time(17, 30), "address": "南环路1号", "complaint_phone": "0519-82880000", "is_active": True}),
    ("units", {"id": OTHER_UNIT, "parent_id": UNIT, "name": "某镇政府", "organ_type": "administration",
               "measure": "lu", "address": "", "complaint_phone": "", "is_active": True}),
    ("sections", {"id": SECTION, "unit_id": UNIT, "name": "物业科", "kind": "office", "is_dedicated": True,
                  "is_active": True}),
    ("sections", {"id": OTHER_SECTION, "unit_id": OTHER_UNIT, "name": "便民窗口", "kind": "window",
                  "is_dedicated": False, "is_active": True}),
    ("staff", {"id": CLERK, "unit_id": UNIT, "section_id": SECTION, "username": "clerk", "name": "王敏",
               "employment": "civil_servant", "password_hash": "$argon2id$", "wrapped_key": b"\x01",
               "totp_sealed": b"\x02", "totp_last_step": 59000000, "phone_index": HASH, "is_active": True}),
    ("staff", {"id": COLLEAGUE, "unit_id": OTHER_UNIT, "section_id": OTHER_SECTION, "username": "colleague",
               "name": "李强", "employment": "contract", "password_hash": "$argon2id$", "wrapped_key": b"\x01",
               "is_active": True}),
    ("staff", {"id": INSPECTOR, "unit_id": UNIT, "username": "inspector", "name": "赵云", "employment": "managed",
               "password_hash": "$argon2id$", "wrapped_key": b"\x01", "is_active": True}),
    ("absences", {"id": _id("absence1"), "staff_id": CLERK, "starts_at": AT, "ends_at": LATER}),
    ("posts", {"id": POST, "unit_id": UNIT, "section_id": SECTION, "kind": "section", "location": "二楼东",
               "phone": "0519-82880001", "holder_id": CLERK, "is_active": True}),
    ("post_deputies", {"post_id": POST, "staff_id": INSPECTOR, "position": 1}),
    ("role_grants", {"id": _id("grant1"), "staff_id": CLERK, "role": "handler", "unit_id": UNIT,
                     "section_id": SECTION}),
    ("role_grants", {"id": _id("grant2"), "staff_id": INSPECTOR, "role": "overseer", "unit_id": UNIT}),
    ("signs", {"id": SIGN, "code": "ABCDEFGHJKMNPQRS", "post_id": POST, "location": "门口", "issued_at": AT}),
    ("signs", {"id": OLD_SIGN, "code": "0123456789ABCDEF", "post_id": POST, "location": "门口", "issued_at": AT,
               "retired_at": LATER, "successor_id": SIGN}),
    ("calendar_days", {"day": date(2026, 10, 10), "is_workday": True, "source": "国务院办公厅", "note": "补班",
                       "loaded_at": AT}),
    ("citizens", {"id": CITIZEN, "kind": "person", "wrapped_key": b"\x01", "name_sealed": b"\x02",
                  "org_name_sealed": b"\x03", "phone_sealed": b"\x04", "phone_index": HASH,
                  "phone_tail_index": HASH, "created_at": AT, "erased_at": LATER}),
    ("inquiries", {"id": INQUIRY, "number": "2026ABCDEFGHX", "status": "closed", "version": 7, "round": 1,
                   "category": "consult", "channel": "visit", "source": "staff", "measure": "tan",
                   "is_written": False, "is_confidential": False, "is_late_entry": True, "unit_id": OTHER_UNIT,
                   "first_unit_id": UNIT, "first_section_id": SECTION, "first_post_id": POST,
                   "first_responder_id": CLERK, "sign_id": SIGN, "registered_by_id": CLERK,
                   "citizen_id": CITIZEN, "received_at": AT, "recorded_at": LATER, "occurred_at": AT,
                   "confirmed_at": AT, "closed_at": LATER, "outcome": "answered", "closed_by_id": COLLEAGUE,
                   "wrapped_key": b"\x01", "tracking_hash": HASH, "tracking_generation": 2}),
    ("inquiries", {"id": COMPLAINT, "number": "2026ABCDEFGHY", "status": "filed", "version": 1, "round": 1,
                   "category": "complaint", "channel": "other", "source": "sign", "measure": "tan",
                   "is_written": True, "is_confidential": True, "is_late_entry": False, "unit_id": UNIT,
                   "first_unit_id": UNIT, "about_kind": "section", "subject_staff_id": CLERK,
                   "subject_section_id": SECTION, "subject_unit_id": UNIT, "received_at": AT,
                   "recorded_at": AT, "tracking_hash": "cd" * 32, "tracking_generation": 1}),
    *(("texts", {"id": text, "inquiry_id": INQUIRY, "kind": kind, "sealed": b"\x01", "salt": b"\x02",
                 "created_at": AT})
      for text, kind in ((CONTENT, "content"), (REASON, "reason"), (RETURN_REASON, "reason"),
                         (RETURN_CLAUSE, "clause"))),
    ("holdings", {"id": GIVEN, "inquiry_id": INQUIRY, "unit_id": UNIT, "section_id": SECTION, "post_id": POST,
                  "round": 1, "started_at": AT, "ended_at": LATER}),
    ("holdings", {"id": HELD, "inquiry_id": INQUIRY, "unit_id": OTHER_UNIT, "section_id": OTHER_SECTION,
                  "staff_id": COLLEAGUE, "round": 1, "started_at": LATER}),
    ("handoffs", {"id": HANDOFF, "inquiry_id": INQUIRY, "kind": "unit", "mode": "transfer", "state": "returned",
                  "is_written": True, "from_holding_id": GIVEN, "from_unit_id": UNIT, "from_section_id": SECTION,
                  "to_unit_id": OTHER_UNIT, "to_section_id": OTHER_SECTION, "to_staff_id": COLLEAGUE,
                  "reason_text_id": REASON, "clause": "第六条第（四）项", "prior_status": "confirmed",
                  "offered_by_id": CLERK, "offered_at": AT, "served_at": AT, "lapses_at": LATER,
                  "decided_at": LATER, "decided_by_id": COLLEAGUE, "return_reason_text_id": RETURN_REASON,
                  "return_clause_text_id": RETURN_CLAUSE}),
    ("clocks", {"id": CLOCK, "inquiry_id": INQUIRY, "round": 1, "duty": "answer-consult", **_LAW,
                "bearer_kind": "first_responder", "bearer_unit_id": UNIT, "bearer_staff_id": CLERK,
                "starts_at": AT, "due_at": LATER, "due_soon_at": LATER, "working_days": 2,
                "is_provisional": False, "created_at": AT, "ended_at": LATER, "end_kind": "superseded",
                "is_due_soon_noted": True, "is_overdue_noted": True}),
    ("clocks", {"id": NEXT_CLOCK, "inquiry_id": INQUIRY, "round": 1, "duty": "accept-at-once", **_LAW,
                "bearer_kind": "competent_authority", "bearer_unit_id": OTHER_UNIT, "handoff_id": HANDOFF,
                "starts_at": AT, "due_at": LATER, "is_provisional": True, "supersedes_id": CLOCK,
                "created_at": AT, "is_due_soon_noted": False, "is_overdue_noted": False}),
    ("clock_facts", {"clock_id": CLOCK, "kind": "overdue", "at": LATER, "recorded_at": LATER,
                     "bearer_unit_id": UNIT, "bearer_staff_id": CLERK, "holding_id": GIVEN}),
    ("ratings", {"id": _id("rating1"), "inquiry_id": INQUIRY, "round": 1, "kind": "own", "grade": "fair",
                 "comment_text_id": CONTENT, "is_shared_with_section": True, "source": "tracking",
                 "rated_at": AT, "changed_at": LATER}),
    ("ratings", {"id": _id("rating2"), "inquiry_id": INQUIRY, "round": 1, "kind": "follow_up", "grade": "fair",
                 "is_shared_with_section": False, "source": "call", "rated_at": AT}),
    ("ledger_entries", {"id": ENTRY, "unit_id": UNIT, "sequence": 1, "inquiry_id": INQUIRY, "event": "filed",
                        "body": "{}", "prev_hash": bytes(32), "hash": b"\x01" * 32, "signature": b"\x02" * 64,
                        "recorded_at": AT, "is_mirror": False}),
    ("ledger_heads", {"unit_id": UNIT, "sequence": 1, "hash": b"\x01" * 32, "signature": b"\x02" * 64}),
    ("outbox", {"id": _id("outbox1"), "kind": "message", "topic": "accepted", "inquiry_id": INQUIRY,
                "recipient_kind": "citizen", "recipient_id": CITIZEN, "payload": {"number": "2026ABCDEFGHX"},
                "state": "done", "attempts": 2, "available_at": AT, "leased_until": LATER, "lease_owner": "w1",
                "created_at": AT, "finished_at": LATER, "problem": "timeout", "dedup_key": "accepted:1"}),
    ("schedule_slots", {"name": "deadlines", "slot": "2026-11-24T10:30", "taken_at": AT}),
    ("blobs", {"id": BLOB, "store": "rows", "locator": HASH, "size": 2048, "created_at": AT}),
    ("blob_chunks", {"blob_id": BLOB, "position": 0, "sealed": b"\x01"}),
    ("attachments", {"id": _id("attachment1"), "inquiry_id": INQUIRY, "position": 1, "media_type": "image/png",
                     "size": 1024, "file_name_text_id": CONTENT, "blob_id": BLOB, "added_at": AT}),
    ("sessions", {"id": _id("session1"), "kind": "staff", "token_hash": HASH, "staff_id": CLERK,
                  "created_at": AT, "expires_at": LATER, "ended_at": LATER}),
    ("sessions", {"id": _id("session2"), "kind": "tracking", "token_hash": "cd" * 32, "citizen_id": CITIZEN,
                  "inquiry_id": INQUIRY, "created_at": AT, "expires_at": LATER}),
    ("idempotency_keys", {"owner": "anonymous", "key_hash": HASH, "operation": "inquiries.file",
                          "fingerprint": HASH, "status": 201, "inquiry_id": INQUIRY, "entry_id": ENTRY,
                          "resource_id": INQUIRY, "created_at": AT}),
]  # fmt: skip

NOTICE, MATTER, EXTERNAL, DISPUTE, JOINT, LEAD = (
    _id(name) for name in ("notice1", "matter1", "external1", "dispute1", "joint1", "lead1")
)

SECOND: Rows = [
    ("unit_hours", {"unit_id": UNIT, "starts_on": "05-01", "closes_at": time(18, 0)}),
    ("unit_promises", {"id": _id("promise1"), "unit_id": UNIT, "category": "consult", "working_days": 1,
                       "basis": "实施细则第三条", "created_at": AT, "ended_at": LATER}),
    ("matters", {"id": MATTER, "unit_id": UNIT, "name": "食品经营许可", "regime": "permit",
                 "basis": "《食品经营许可和备案管理办法》", "legal_days": 20, "promised_days": 10,
                 "procedure": "申请、审查、决定", "documents": ["申请书"], "created_at": AT, "ended_at": LATER}),
    ("unit_records", {"id": _id("record1"), "unit_id": UNIT, "kind": "commendation", "title": "首问标兵",
                      "document_number": "〔2026〕1号", "dated_on": date(2026, 3, 1), "body": "办事快",
                      "section_id": SECTION, "staff_id": CLERK, "created_at": AT, "created_by_id": CLERK}),
    ("coordinators", {"scope_unit_id": UNIT, "unit_id": OTHER_UNIT}),
    ("notices", {"id": NOTICE, "inquiry_id": INQUIRY, "round": 1, "position": 1, "given_by_id": CLERK,
                 "given_at": AT, "basis_text_id": CONTENT, "limit_text_id": CONTENT,
                 "procedure_text_id": CONTENT, "limit_days": 20, "limit_kind": "legal", "matter_id": MATTER,
                 "received_at": LATER}),
    ("notice_documents", {"id": _id("document1"), "notice_id": NOTICE, "position": 1, "name_text_id": CONTENT,
                          "is_unlisted": True}),
    ("external_handoffs", {"id": EXTERNAL, "inquiry_id": INQUIRY, "round": 1, "state": "served",
                           "from_unit_id": UNIT, "from_section_id": SECTION, "name": "某省某局",
                           "address": "北京路1号", "phone": "025-83580000", "reason_text_id": REASON,
                           "clause": "第六条第（四）项", "made_by_id": CLERK, "made_at": AT, "served_at": AT,
                           "served_recorded_at": LATER, "served_by_id": CLERK, "served_how": "post",
                           "receipt_text_id": CONTENT, "result_text_id": CONTENT, "result_at": LATER,
                           "result_by_id": CLERK}),
    ("disputes", {"id": DISPUTE, "inquiry_id": INQUIRY, "round": 1, "handoff_id": HANDOFF, "level": "coordinator",
                  "arbiter_unit_id": UNIT, "state": "decided", "opened_at": AT, "decided_at": LATER,
                  "decided_by_id": INSPECTOR, "decision_text_id": REASON, "to_unit_id": OTHER_UNIT,
                  "to_section_id": OTHER_SECTION, "to_staff_id": COLLEAGUE}),
    ("joint_handlings", {"id": JOINT, "inquiry_id": INQUIRY, "round": 1, "lead_unit_id": UNIT, "state": "referred",
                         "matter_text_id": CONTENT, "found_at": AT, "started_by_id": CLERK, "reported_at": AT,
                         "plan_text_id": CONTENT, "planned_at": AT, "planned_by_id": CLERK,
                         "report_to": "government_office", "report_matter_text_id": CONTENT,
                         "report_positions_text_id": CONTENT, "report_opinion_text_id": CONTENT,
                         "referred_at": LATER, "referred_by_id": CLERK, "ended_at": LATER}),
    ("joint_units", {"id": _id("jointunit1"), "joint_id": JOINT, "unit_id": OTHER_UNIT, "asked_at": AT,
                     "cooperated_at": LATER, "task_text_id": CONTENT, "done_text_id": CONTENT, "done_at": LATER}),
    ("joint_opinions", {"id": _id("opinion1"), "joint_id": JOINT, "unit_id": OTHER_UNIT, "staff_id": COLLEAGUE,
                        "kind": "consultation", "text_id": CONTENT, "at": LATER}),
    ("reminders", {"id": _id("reminder1"), "inquiry_id": INQUIRY, "day": date(2026, 11, 25), "at": LATER,
                   "text_id": CONTENT}),
    ("supervisions", {"id": _id("supervision1"), "inquiry_id": INQUIRY, "kind": "instruction",
                      "staff_id": INSPECTOR, "text_id": CONTENT, "at": LATER}),
    ("clocks", {"id": _id("clock3"), "inquiry_id": INQUIRY, "round": 1, "duty": "handling-limit", **_LAW,
                "bearer_kind": "holder", "bearer_unit_id": UNIT, "starts_at": AT, "due_at": LATER,
                "working_days": 20, "anchor_at": AT, "anchor_days": 20, "is_provisional": False,
                "paused_at": AT, "remaining_days": 20, "basis_kind": "legal", "basis_text_id": CONTENT,
                "matter_id": MATTER, "notice_id": NOTICE, "supersedes_id": NEXT_CLOCK, "change_kind": "extension",
                "change_text_id": REASON, "created_at": AT, "is_due_soon_noted": False,
                "is_overdue_noted": False}),
    ("leads", {"id": LEAD, "inquiry_id": INQUIRY, "measure": "tan", "item": "第十条（一）2",
               "against": "first_responder", "ground": "breach", "clock_id": CLOCK, "notice_id": NOTICE,
               "note_text_id": CONTENT, "unit_id": UNIT, "staff_id": CLERK, "at": LATER, "recorded_at": LATER,
               "reported_by_id": INSPECTOR, "state": "decided"}),
    ("lead_elements", {"lead_id": LEAD, "element": "delay", "is_found": True, "text_id": CONTENT,
                       "found_by_id": INSPECTOR, "found_at": LATER}),
    ("lead_statements", {"id": _id("statement1"), "lead_id": LEAD, "staff_id": CLERK, "text_id": CONTENT,
                         "at": LATER}),
    ("lead_decisions", {"lead_id": LEAD, "decided_on": date(2026, 12, 1), "body": "机关党委",
                        "document": "〔2026〕2号", "text_id": CONTENT, "tolerance": "district",
                        "recorded_by_id": INSPECTOR, "recorded_at": LATER}),
    ("lead_measures", {"lead_id": LEAD, "measure": "criticism"}),
]  # fmt: skip

ACCOUNT = _id("account1")

THIRD: Rows = [
    ("wechat_accounts", {"id": ACCOUNT, "app_id": "wx0123456789abcdef", "openid_index": HASH,
                         "openid_sealed": b"\x01", "wrapped_key": b"\x01", "created_at": AT, "seen_at": LATER}),
    ("wechat_accounts", {"id": _id("account2"), "app_id": "wx0123456789abcdef", "created_at": AT, "seen_at": AT,
                         "erased_at": LATER}),
    ("staff_bindings", {"id": _id("binding1"), "staff_id": CLERK, "account_id": ACCOUNT, "bound_at": AT,
                        "ended_at": LATER}),
    ("binding_codes", {"id": _id("code1"), "staff_id": CLERK, "code_hash": HASH, "created_at": AT,
                       "expires_at": LATER, "used_at": LATER}),
    ("consents", {"id": _id("consent1"), "account_id": ACCOUNT, "template": "result", "source": "client",
                  "is_long_term": False, "granted_at": AT, "paired_at": AT, "spent_at": LATER}),
    ("consents", {"id": _id("consent2"), "account_id": ACCOUNT, "template": "result", "source": "event",
                  "is_long_term": True, "granted_at": AT, "voided_at": LATER}),
    ("follow_ups", {"id": _id("followup1"), "inquiry_id": INQUIRY, "round": 1, "layer": "census",
                    "method": "survey", "state": "answered", "unit_id": UNIT, "section_id": SECTION,
                    "account_id": ACCOUNT, "token_hash": HASH, "created_at": AT, "due_at": LATER,
                    "expires_at": LATER, "sent_at": AT, "reminded_at": LATER, "ended_at": LATER,
                    "staff_id": CLERK, "note_text_id": CONTENT, "rating_id": _id("rating1")}),
    ("content_checks", {"id": _id("check1"), "inquiry_id": INQUIRY, "unit_id": OTHER_UNIT, "text_id": CONTENT,
                        "account_id": ACCOUNT, "checked_by": "wechat", "state": "folded", "reason": "risky", "label": 20003,
                        "created_at": AT, "checked_at": AT, "decided_at": LATER, "decided_by_id": INSPECTOR,
                        "note_text_id": REASON}),
    ("content_checks", {"id": _id("check2"), "inquiry_id": INQUIRY, "unit_id": OTHER_UNIT,
                        "attachment_id": _id("attachment1"), "account_id": ACCOUNT, "checked_by": "wechat", "state": "waiting",
                        "trace_id": "60ae120f-371d5872-7941a05b", "created_at": AT}),
    ("wechat_events", {"id": _id("event1"), "dedup_hash": HASH, "event": "subscribe_msg_sent_event",
                       "wrapped_key": b"\x01", "sealed": b"\x02", "received_at": AT}),
    ("wechat_events", {"id": _id("event2"), "dedup_hash": "cd" * 32, "event": "subscribe_msg_change_event",
                       "received_at": AT, "handled_at": LATER}),
    ("channels", {"name": "wechat", "problem": "daily_quota", "since": AT, "paused_until": LATER}),
    ("units", {"id": _id("unit3"), "name": "某市某局", "organ_type": "administration", "measure": "lu",
               "address": "", "complaint_phone": "", "survey_replaces_call": True, "is_active": True}),
    ("attachments", {"id": _id("attachment2"), "inquiry_id": INQUIRY, "position": 2, "media_type": "image/png",
                     "size": 1024, "blob_id": BLOB, "added_at": AT, "erased_at": LATER}),
    ("sessions", {"id": _id("session3"), "kind": "staff", "token_hash": "ef" * 32, "staff_id": CLERK,
                  "account_id": ACCOUNT, "created_at": AT, "expires_at": LATER}),
    ("inquiries", {"id": _id("inquiry3"), "number": "2026ABCDEFGHZ", "status": "filed", "version": 1, "round": 1,
                   "category": "consult", "channel": "other", "source": "miniprogram", "measure": "lu",
                   "is_written": False, "is_confidential": False, "is_late_entry": False, "unit_id": UNIT,
                   "first_unit_id": UNIT, "account_id": ACCOUNT, "received_at": AT, "recorded_at": AT,
                   "tracking_hash": "ef" * 32, "tracking_generation": 1}),
    ("outbox", {"kind": "message", "topic": "closed", "inquiry_id": INQUIRY, "recipient_kind": "account",
                "recipient_id": ACCOUNT, "lane": f"account:{ACCOUNT}", "payload": {"number": "2026ABCDEFGHX"},
                "state": "done", "attempts": 1, "available_at": AT, "created_at": AT, "finished_at": LATER,
                "sent_with": "result", "message_id": "1700827132819554304", "unsure_since": AT,
                "confirmed_at": LATER}),
]  # fmt: skip

FOURTH: Rows = [
    ("ledger_rows", {"id": _id("row1"), "inquiry_id": INQUIRY, "unit_id": OTHER_UNIT, "section_id": OTHER_SECTION,
                     "kind": "own", "year": 2026, "received_at": AT, "taken_at": AT, "is_restricted": False,
                     "is_late_entry": True, "channel": "hotline", "source": "staff", "category": "consult",
                     "disposition": "other_unit", "first_responder_id": CLERK, "round": 1, "outcome": "answered",
                     "closed_at": LATER, "closed_by_id": COLLEAGUE, "closing_unit_id": UNIT, "followed_up_at": LATER,
                     "follow_up_result": "answered", "follow_up_grade": "satisfied", "own_grade": "fair",
                     "own_shared": False, "own_rated_at": LATER, "changed_grade": "satisfied",
                     "changed_shared": True, "changed_at": LATER, "texts": {"content": CONTENT},
                     "path": [{"at": "2026-11-24T10:30:00+08:00", "unit": UNIT, "section": None, "staff": CLERK}]}),
    ("opinions", {"id": _id("opinion1"), "inquiry_id": INQUIRY, "unit_id": UNIT, "section_id": SECTION, "round": 1,
                  "role": "section_head", "staff_id": CLERK, "text_id": CONTENT, "at": LATER,
                  "batch_id": _id("opinion1")}),
    ("external_numbers", {"inquiry_id": INQUIRY, "text_id": CONTENT, "number_index": HASH, "due_at": LATER,
                          "basis_text_id": REASON}),
    ("ledger_reports", {"id": _id("report1"), "kind": "submission", "unit_id": UNIT, "section_id": SECTION,
                        "period": "2026-11", "starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 30),
                        "at": LATER, "staff_id": CLERK, "row_count": 1, "rows_hash": HASH, "salt": b"\x01",
                        "counts": {"counted": 1}, "sections": [], "entry_id": ENTRY}),
]  # fmt: skip

IMPORT = _id("import1")

FIFTH: Rows = [
    ("organisation_changes", {"id": _id("change1"), "at": AT, "kind": "staff_moved", "by_id": INSPECTOR,
                              "unit_id": UNIT, "section_id": SECTION, "post_id": POST, "staff_id": CLERK,
                              "facts": {"section": ["物业科", "办公室"]}}),
    ("staff", {"id": _id("staff4"), "unit_id": UNIT, "username": "newcomer", "name": "钱多",
               "employment": "contract", "password_hash": "$argon2id$", "wrapped_key": b"\x01", "is_active": True,
               "password_is_initial": True}),
    ("imports", {"id": IMPORT, "kind": "ledger", "state": "done", "unit_id": UNIT, "created_by_id": CLERK,
                 "approved_by_id": INSPECTOR, "file_name": "2025年台账.xlsx", "file_index": HASH, "created_at": AT,
                 "finished_at": LATER, "row_count": 1, "done_count": 1, "counts": {"rows": 1},
                 "wrapped_key": b"\x01", "findings": b"\x02"}),
    ("imports", {"id": _id("import2"), "kind": "organisation", "state": "ready", "unit_id": UNIT,
                 "file_name": "人员.xlsx", "file_index": HASH, "created_at": AT, "row_count": 3, "done_count": 0,
                 "counts": {"staff": 3}, "wrapped_key": b"\x01", "sealed": b"\x02"}),
    ("imported_rows", {"row_index": HASH, "inquiry_id": INQUIRY, "import_id": IMPORT, "row_number": 3}),
]  # fmt: skip

EXPORT = _id("export1")

SIXTH: Rows = [
    ("export_requests", {"id": EXPORT, "unit_id": UNIT, "section_id": SECTION, "scope": "section", "year": 2026,
                         "format": "pdf", "is_full": True, "reason": "配合核查", "requested_by_id": CLERK,
                         "requested_at": AT, "row_count": 3, "state": "downloaded", "decided_by_id": INSPECTOR,
                         "decided_at": LATER, "note": "限本次核查使用", "expires_at": LATER, "downloaded_at": LATER,
                         "done_count": 3, "last_at": AT, "last_row_id": _id("row1"), "wrapped_key": b"\x01"}),
    ("export_requests", {"id": _id("export2"), "unit_id": UNIT, "scope": "unit", "year": 2026, "format": "docx",
                         "is_full": False, "requested_by_id": CLERK, "requested_at": AT, "row_count": 3000,
                         "state": "failed", "expires_at": LATER, "done_count": 1000, "problem": "template_broken"}),
    ("export_volumes", {"export_id": EXPORT, "position": 1, "blob_id": BLOB}),
]  # fmt: skip

SEVENTH: Rows = [
    ("closed_places", {"place": f"joint:{UNIT}", "closed_at": LATER, "inquiry_id": INQUIRY}),
    ("summary_terms", {"term": 2**51 + 7, "received_at": AT, "inquiry_id": INQUIRY}),
    ("drafts", {"staff_id": CLERK, "place": "2026ABCDEFGHX/closing", "sealed": b"\x01", "saved_at": AT}),
    ("reply_templates", {"id": _id("template1"), "section_id": SECTION, "title": "材料清单", "body": "请带身份证原件。",
                         "is_active": True, "changed_by_id": CLERK, "changed_at": AT}),
    ("notice_marks", {"staff_id": CLERK, "seen_at": AT}),
]  # fmt: skip

EIGHTH: Rows = [
    ("imports", {"id": _id("import3"), "kind": "ledger", "state": "running", "unit_id": UNIT,
                 "file_name": "2024年台账.xlsx", "file_index": HASH, "created_at": AT, "row_count": 3, "done_count": 1,
                 "counts": {"rows": 3}, "wrapped_key": b"\x01", "sealed": b"\x02", "planned": b"\x03",
                 "problem": "worker_died"}),
]  # fmt: skip

ROWS: dict[str, Rows] = {
    "0001": FIRST,
    "0002": SECOND,
    "0003": THIRD,
    "0004": FOURTH,
    "0005": FIFTH,
    "0006": SIXTH,
    "0007": SEVENTH,
    "0008": EIGHTH,
}
"""What each revision adds to the data, oldest revision first."""


def insert_rows(connection: Connection, rows: Rows) -> None:
    """Insert rows into the tables as they are now in the database."""
    tables = reflect(connection)
    for name, values in rows:
        table = tables[name]
        connection.execute(
            table.insert().values({c: _stored(table, c, value) for c, value in values.items()})
        )


def reflect(connection: Connection) -> dict[str, Table]:
    """The tables as they are in the database, without Alembic's own."""
    metadata = MetaData()
    metadata.reflect(connection)
    return {name: table for name, table in metadata.tables.items() if name != "alembic_version"}


def count_rows(connection: Connection) -> dict[str, int]:
    return {
        name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0
        for name in inspect(connection).get_table_names()
        if name != "alembic_version"
    }


def _stored(table: Table, column: str, value: Any) -> Any:
    """A moment as the column keeps it: SQLite's has no time zone."""
    kind = table.c[column].type
    return value.replace(tzinfo=None) if isinstance(kind, DateTime) and not kind.timezone else value
