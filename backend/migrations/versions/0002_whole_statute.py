"""The whole statute: stated and paused limits, notices, letters, disputes, joint handling, urging, leads, 实施细则."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import JSON, Boolean, Date, Integer, String, Text, Time

from backend.migrations.tables import MOMENT, column, id_column, index, ref, table, word
from backend.migrations.triggers import create_triggers, drop_triggers

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEW_TABLES = (
    "lead_measures", "lead_decisions", "lead_statements", "lead_elements", "leads", "supervisions",
    "reminders", "joint_opinions", "joint_units", "joint_handlings", "disputes", "external_handoffs",
    "notice_documents", "notices", "coordinators", "unit_records", "matters", "unit_promises", "unit_hours",
)
OPEN = "ended_at IS NULL"


def upgrade() -> None:
    drop_triggers(op)
    table(
        "unit_hours", ref("unit_id", "units"), column("starts_on", String(5)), column("closes_at", Time()),
        key=("unit_id", "starts_on"),
    )
    table(
        "unit_promises", id_column(), ref("unit_id", "units"),
        word("category", "application complaint consult other report"), column("working_days", Integer()),
        column("basis", String(300)), column("created_at", MOMENT), column("ended_at", MOMENT, null=True),
        checks={
            "some_days": "working_days BETWEEN 1 AND 90",
        },
    )
    index("unit_promises", "unit_id", "category",
          name="uq_unit_promises_one_live", unique=True, where="ended_at IS NULL")
    table(
        "matters", id_column(), ref("unit_id", "units"), column("name", String(200)),
        word("regime", "disclosure other permit petition reconsideration", null=True),
        column("basis", String(500)), column("legal_days", Integer(), null=True),
        column("promised_days", Integer(), null=True), column("procedure", Text()),
        column("documents", JSON()), column("created_at", MOMENT), column("ended_at", MOMENT, null=True),
        checks={
            "a_promise_never_weakens_the_law": "promised_days <= legal_days",
            "legal_days_in_range": "legal_days BETWEEN 1 AND 366",
            "promised_days_in_range": "promised_days BETWEEN 1 AND 366",
            "some_limit": "legal_days IS NOT NULL OR promised_days IS NOT NULL",
        },
    )
    index("matters", "unit_id", "name", name="uq_matters_one_live", unique=True, where="ended_at IS NULL")
    table(
        "unit_records", id_column(), ref("unit_id", "units"),
        word("kind", "commendation rules simplification"), column("title", String(200)),
        column("document_number", String(80)), column("dated_on", Date()), column("body", Text()),
        ref("section_id", "sections", null=True), ref("staff_id", "staff", null=True),
        column("created_at", MOMENT), ref("created_by_id", "staff", null=True),
        checks={
            "only_honours_name_people": "kind = 'commendation' OR (section_id IS NULL AND staff_id IS NULL)",
        },
    )
    index("unit_records", "unit_id", "kind", "dated_on")
    table(
        "coordinators", ref("scope_unit_id", "units"), ref("unit_id", "units"),
        key=("scope_unit_id",),
    )
    table(
        "notices", id_column(), ref("inquiry_id", "inquiries"), column("round", Integer()),
        column("position", Integer()), ref("given_by_id", "staff"), column("given_at", MOMENT),
        ref("basis_text_id", "texts"), ref("limit_text_id", "texts"), ref("procedure_text_id", "texts"),
        column("limit_days", Integer(), null=True), word("limit_kind", "legal promised", null=True),
        ref("matter_id", "matters", null=True), column("received_at", MOMENT, null=True),
        checks={
            "days_have_a_kind": "(limit_days IS NULL) = (limit_kind IS NULL)",
            "limit_days_in_range": "limit_days BETWEEN 1 AND 366",
            "position_positive": "position >= 1",
        },
    )
    index("notices", "inquiry_id", "round", "position", unique=True)
    table(
        "notice_documents", id_column(), ref("notice_id", "notices"), column("position", Integer()),
        ref("name_text_id", "texts"), column("is_unlisted", Boolean()),
        checks={
            "position_in_range": "position BETWEEN 1 AND 30",
        },
    )
    index("notice_documents", "notice_id", "position", unique=True)
    table(
        "external_handoffs", id_column(), ref("inquiry_id", "inquiries"), column("round", Integer()),
        word("state", "cancelled drafted served"), ref("from_unit_id", "units"),
        ref("from_section_id", "sections", null=True), column("name", String(200)),
        column("address", String(300)), column("phone", String(40)), ref("reason_text_id", "texts"),
        column("clause", String(120)), ref("made_by_id", "staff"), column("made_at", MOMENT),
        column("served_at", MOMENT, null=True), column("served_recorded_at", MOMENT, null=True),
        ref("served_by_id", "staff", null=True),
        word("served_how", "electronic in_person other post", null=True),
        ref("receipt_text_id", "texts", null=True), ref("result_text_id", "texts", null=True),
        column("result_at", MOMENT, null=True), ref("result_by_id", "staff", null=True),
        checks={
            "result_after_service": "result_at IS NULL OR state = 'served'",
            "result_has_text": "(result_at IS NULL) = (result_text_id IS NULL)",
            "served_before_recorded": "served_at IS NULL OR served_at <= served_recorded_at",
            "served_with_proof": (
                "(state = 'served') = (served_at IS NOT NULL AND served_how IS NOT NULL AND "
                "served_recorded_at IS NOT NULL AND served_by_id IS NOT NULL AND receipt_text_id IS "
                "NOT NULL)"
            ),
        },
    )
    index("external_handoffs", "inquiry_id", "made_at")
    index("external_handoffs", "inquiry_id",
          name="uq_external_handoffs_one_open", unique=True, where="state = 'drafted'")
    table(
        "disputes", id_column(), ref("inquiry_id", "inquiries"), column("round", Integer()),
        ref("handoff_id", "handoffs"), word("level", "coordinator general_post unit_head"),
        ref("arbiter_unit_id", "units"), word("state", "decided dropped open"),
        column("opened_at", MOMENT), column("decided_at", MOMENT, null=True),
        ref("decided_by_id", "staff", null=True), ref("decision_text_id", "texts", null=True),
        ref("to_unit_id", "units", null=True), ref("to_section_id", "sections", null=True),
        ref("to_staff_id", "staff", null=True),
        checks={
            "decided_has_time": "(state = 'open') = (decided_at IS NULL)",
            "decided_with_reason_and_target": (
                "(state = 'decided') = (decided_by_id IS NOT NULL AND decision_text_id IS NOT NULL "
                "AND to_unit_id IS NOT NULL)"
            ),
        },
    )
    index("disputes", "arbiter_unit_id", "level", name="ix_disputes_waiting", where="state = 'open'")
    index("disputes", "inquiry_id", name="uq_disputes_one_open", unique=True, where="state = 'open'")
    table(
        "joint_handlings", id_column(), ref("inquiry_id", "inquiries"), column("round", Integer()),
        ref("lead_unit_id", "units"), word("state", "planned referred reported"),
        ref("matter_text_id", "texts"), column("found_at", MOMENT), ref("started_by_id", "staff"),
        column("reported_at", MOMENT), ref("plan_text_id", "texts", null=True),
        column("planned_at", MOMENT, null=True), ref("planned_by_id", "staff", null=True),
        word("report_to", "government_office party_office", null=True),
        ref("report_matter_text_id", "texts", null=True),
        ref("report_positions_text_id", "texts", null=True),
        ref("report_opinion_text_id", "texts", null=True), column("referred_at", MOMENT, null=True),
        ref("referred_by_id", "staff", null=True), column("ended_at", MOMENT, null=True),
        checks={
            "found_before_reported": "found_at <= reported_at",
            "plan_is_whole": (
                "(plan_text_id IS NULL) = (planned_at IS NULL) AND (planned_at IS NULL) = "
                "(planned_by_id IS NULL)"
            ),
            "report_has_its_three_parts": (
                "(referred_at IS NULL) = (report_to IS NULL) AND (referred_at IS NULL) = "
                "(referred_by_id IS NULL) AND (referred_at IS NULL) = (report_matter_text_id IS NULL)"
                " AND (referred_at IS NULL) = (report_positions_text_id IS NULL) AND (referred_at IS "
                "NULL) = (report_opinion_text_id IS NULL)"
            ),
        },
    )
    index("joint_handlings", "inquiry_id", "reported_at")
    index("joint_handlings", "inquiry_id",
          name="uq_joint_handlings_one_live", unique=True, where="ended_at IS NULL")
    table(
        "joint_units", id_column(), ref("joint_id", "joint_handlings"), ref("unit_id", "units"),
        column("asked_at", MOMENT), column("cooperated_at", MOMENT, null=True),
        ref("task_text_id", "texts", null=True), ref("done_text_id", "texts", null=True),
        column("done_at", MOMENT, null=True),
        checks={
            "done_has_text": "(done_text_id IS NULL) = (done_at IS NULL)",
        },
    )
    index("joint_units", "joint_id", "unit_id", unique=True)
    index("joint_units", "unit_id")
    table(
        "joint_opinions", id_column(), ref("joint_id", "joint_handlings"), ref("unit_id", "units"),
        ref("staff_id", "staff"), word("kind", "consultation opinion"), ref("text_id", "texts"),
        column("at", MOMENT),
    )
    index("joint_opinions", "joint_id", "at")
    table(
        "reminders", id_column(), ref("inquiry_id", "inquiries"), column("day", Date()),
        column("at", MOMENT), ref("text_id", "texts", null=True),
    )
    index("reminders", "inquiry_id", "day", unique=True)
    table(
        "supervisions", id_column(), ref("inquiry_id", "inquiries"),
        word("kind", "instruction supervision"), ref("staff_id", "staff"), ref("text_id", "texts"),
        column("at", MOMENT),
    )
    index("supervisions", "inquiry_id", "at")
    table(
        "leads", id_column(), ref("inquiry_id", "inquiries"), word("measure", "lu tan"),
        column("item", String(40)), word("against", "first_responder unit_head"),
        word("ground", "breach later_demand reported shirking"), ref("clock_id", "clocks", null=True),
        ref("notice_id", "notices", null=True), ref("note_text_id", "texts", null=True),
        ref("unit_id", "units"), ref("staff_id", "staff", null=True), column("at", MOMENT),
        column("recorded_at", MOMENT), ref("reported_by_id", "staff", null=True),
        word("state", "decided dismissed open"),
        checks={
            "a_breach_names_its_clock": "ground <> 'breach' OR clock_id IS NOT NULL",
            "a_demand_names_its_notice": "ground <> 'later_demand' OR notice_id IS NOT NULL",
            "a_report_says_what": "ground <> 'reported' OR note_text_id IS NOT NULL",
        },
    )
    index("leads", "inquiry_id")
    index("leads", "staff_id")
    index("leads", "unit_id", "state", "at")
    index("leads", "clock_id", "item", name="uq_leads_one_a_breach", unique=True, where="ground = 'breach'")
    table(
        "lead_elements", ref("lead_id", "leads"), column("element", String(40)),
        column("is_found", Boolean()), ref("text_id", "texts"), ref("found_by_id", "staff"),
        column("found_at", MOMENT),
        key=("lead_id", "element"),
    )
    table(
        "lead_statements", id_column(), ref("lead_id", "leads"), ref("staff_id", "staff"),
        ref("text_id", "texts"), column("at", MOMENT),
    )
    index("lead_statements", "lead_id", "at")
    table(
        "lead_decisions", ref("lead_id", "leads"), column("decided_on", Date()),
        column("body", String(200)), column("document", String(120)), ref("text_id", "texts"),
        word("tolerance", "central city district province", null=True), ref("recorded_by_id", "staff"),
        column("recorded_at", MOMENT),
        key=("lead_id",),
    )
    table(
        "lead_measures", ref("lead_id", "leads"),
        word("measure", "administrative_discipline admonition circular contract"
             " criticism dismissal law party_discipline reorganisation self_examination"),
        key=("lead_id", "measure"),
    )
    index("calendar_days", "loaded_at")
    _change_clocks(_clocks(new=True), _was(), added=True)
    create_triggers(op)


def downgrade() -> None:
    drop_triggers(op)
    # What 0001 had no word for keeps its place under the nearest one.
    op.execute("UPDATE clocks SET strictness = 'principle' WHERE strictness = 'promise'")
    _change_clocks(_clocks(new=False), _was(), added=False)
    op.drop_index("ix_calendar_days_loaded_at", "calendar_days")
    for name in NEW_TABLES:
        op.drop_table(name)
    create_triggers(op)


def _clocks(*, new: bool) -> tuple[list[sa.Column[object]], dict[str, str]]:
    """The columns and checks of `clocks`, as this revision makes them or as they were."""
    strictness = "at_once must principle promise" if new else "at_once must principle"
    bearers = "competent_authority first_responder first_unit holder"
    columns = [
        id_column(), ref("inquiry_id", "inquiries"), column("round", Integer()), column("duty", String(40)),
        word("measure", "lu tan"), column("clause", String(120)), column("quote", Text()),
        word("strictness", strictness),
        word("bearer_kind", f"{bearers} other_units unit" if new else bearers),
        ref("bearer_unit_id", "units"), ref("bearer_staff_id", "staff", null=True),
        ref("handoff_id", "handoffs", null=True), column("starts_at", MOMENT), column("due_at", MOMENT),
        column("due_soon_at", MOMENT, null=True), column("working_days", Integer(), null=True),
    ]
    columns += [
        column("is_provisional", Boolean()), ref("supersedes_id", "clocks", null=True),
        column("created_at", MOMENT), column("ended_at", MOMENT, null=True),
        word("end_kind", "cancelled met superseded", null=True), column("is_due_soon_noted", Boolean()),
        column("is_overdue_noted", Boolean()),
    ]
    if new:
        columns += [
            column("anchor_at", MOMENT), column("anchor_days", Integer(), null=True),
            column("paused_at", MOMENT, null=True), column("remaining_days", Integer(), null=True),
            word("basis_kind", "legal promised", null=True), ref("basis_text_id", "texts", null=True),
            ref("matter_id", "matters", null=True), ref("notice_id", "notices", null=True),
            word("change_kind", "calendar extension pause resume takeover", null=True),
            ref("change_text_id", "texts", null=True),
        ]
    checks = {
        "due_after_start": "due_at > starts_at",
        "end_has_time": "(ended_at IS NULL) = (end_kind IS NULL)",
    }
    if new:
        checks |= {
            "paused_with_days_left": "(paused_at IS NULL) = (remaining_days IS NULL)",
            "changed_from_something": "change_kind IS NULL OR supersedes_id IS NOT NULL",
            "extended_with_reason": "change_kind <> 'extension' OR change_text_id IS NOT NULL",
        }
    return columns, checks


def _was() -> list[str]:
    """What every row of `clocks` has before and after."""
    return [c.name for c in _clocks(new=False)[0]]


def _change_clocks(
    wanted: tuple[list[sa.Column[object]], dict[str, str]], kept: list[str], *, added: bool
) -> None:
    """Bring `clocks` to these columns and checks; rows keep what both shapes have."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(*wanted, kept, added=added)
    else:
        _alter(*wanted, added=added)
    paused = " AND paused_at IS NULL" if added else ""
    index("clocks", "due_soon_at", name="ix_clocks_becoming_due_soon",
          where=f"{OPEN} AND NOT is_due_soon_noted{paused}")
    index("clocks", "due_at", name="ix_clocks_becoming_overdue",
          where=f"{OPEN} AND NOT is_overdue_noted{paused}")
    if added:
        index("clocks", "inquiry_id", name="ix_clocks_provisional", where=f"{OPEN} AND is_provisional")


def _rebuild(
    columns: list[sa.Column[object]], checks: dict[str, str], kept: list[str], *, added: bool
) -> None:
    """SQLite cannot change a check: the table is made anew and its rows are carried over."""
    table("clocks", *columns, checks=checks, created_as="clocks_next")
    names = ", ".join(kept)
    more, values = (", anchor_at, anchor_days", ", starts_at, working_days") if added else ("", "")
    op.execute(f"INSERT INTO clocks_next ({names}{more}) SELECT {names}{values} FROM clocks")
    op.drop_table("clocks")
    op.rename_table("clocks_next", "clocks")
    index("clocks", "inquiry_id")
    index("clocks", "inquiry_id", "due_at", name="ix_clocks_running", where=OPEN)
    index("clocks", "supersedes_id", unique=True)


def _alter(columns: list[sa.Column[object]], checks: dict[str, str], *, added: bool) -> None:
    for name in ("ix_clocks_becoming_due_soon", "ix_clocks_becoming_overdue"):
        op.drop_index(name, "clocks")
    if not added:
        op.drop_index("ix_clocks_provisional", "clocks")
    rules = {f"known_{c.name}": c.info["rule"] for c in columns if "rule" in c.info}
    old = {c.name: c for c in _clocks(new=not added)[0]}
    new = {c.name: c for c in columns}
    for name in ("strictness", "bearer_kind"):
        op.drop_constraint(op.f(f"ck_clocks_known_{name}"), "clocks", type_="check")
        op.create_check_constraint(op.f(f"ck_clocks_known_{name}"), "clocks", rules[f"known_{name}"])
    for name in (name for name in new if name not in old):
        made = new[name]
        op.add_column("clocks", sa.Column(name, made.type, nullable=True))
        if "target" in made.info:
            target = made.info["target"]
            op.create_foreign_key(op.f(f"fk_clocks_{name}_{target}"), "clocks", target, [name], ["id"])
        if "rule" in made.info:
            op.create_check_constraint(op.f(f"ck_clocks_known_{name}"), "clocks", made.info["rule"])
    if added:
        op.execute("UPDATE clocks SET anchor_at = starts_at, anchor_days = working_days")
        op.alter_column("clocks", "anchor_at", nullable=False)
        for what in ("paused_with_days_left", "changed_from_something", "extended_with_reason"):
            op.create_check_constraint(op.f(f"ck_clocks_{what}"), "clocks", checks[what])
    for name in (name for name in old if name not in new):
        op.drop_column("clocks", name)  # its checks and its reference go with it
