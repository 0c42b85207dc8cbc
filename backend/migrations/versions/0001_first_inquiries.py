"""The first tables: organisation, inquiries, ledger, delivery.

Names follow the convention of backend/database.py, repeated here because a revision imports no models:
pk_<table>, fk_<table>_<column>_<target>, uq_<table>_<column>, ck_<table>_<name>, ix_<table>_<columns>.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy import JSON, Boolean, Date, Integer, String, Text, Time

from backend.migrations.triggers import create_triggers, drop_triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
BYTES = sa.LargeBinary()
MEASURES = "lu tan"
STATUSES = "awaiting_citizen closed confirmed filed in_handoff joint"


def _column(name: str, kind: sa.types.TypeEngine[object], *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=null)


def _id() -> sa.Column[object]:
    return _column("id", String(32))


def _word(name: str, words: str, *, null: bool = False) -> sa.Column[object]:
    """A column that takes one of these words only."""
    rule = f"{name} IN ({', '.join(map(repr, words.split()))})"
    return sa.Column(name, String(32), nullable=null, info={"rule": rule})


def _ref(name: str, target: str, *, null: bool = False) -> sa.Column[object]:
    """A column that points to another table's id."""
    return sa.Column(name, String(32), nullable=null, info={"target": target})


def _table(
    name: str,
    *columns: sa.Column[object],
    key: Sequence[str] = ("id",),
    unique: Sequence[str] = (),
    checks: Mapping[str, str] | None = None,
) -> None:
    rules = {f"known_{c.name}": c.info["rule"] for c in columns if "rule" in c.info} | dict(checks or {})
    op.create_table(
        name,
        *columns,
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
        *(
            sa.ForeignKeyConstraint(
                [column.name], [f"{target}.id"], name=op.f(f"fk_{name}_{column.name}_{target}")
            )
            for column in columns
            if (target := column.info.get("target"))
        ),
        *(sa.UniqueConstraint(column, name=op.f(f"uq_{name}_{column}")) for column in unique),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{name}_{what}")) for what, rule in rules.items()),
    )


def _index(table: str, *columns: str, name: str = "", unique: bool = False, where: str = "") -> None:
    condition = sa.text(where) if where else None
    op.create_index(
        op.f(name or f"ix_{table}_{'_'.join(columns)}"),
        table,
        columns,
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def upgrade() -> None:
    _table(
        "blobs", _id(), _column("store", String(8)), _column("locator", String(64)),
        _column("size", Integer()), _column("created_at", MOMENT),
        unique=("locator",),
        checks={"known_store": "store IN ('files', 'rows')"},
    )
    _table(
        "calendar_days", _column("day", Date()), _column("is_workday", Boolean()),
        _column("source", String(80)), _column("note", String(80)), _column("loaded_at", MOMENT),
        key=("day",),
    )
    _table(
        "citizens", _id(), _word("kind", "company organisation person"),
        _column("wrapped_key", BYTES, null=True), _column("name_sealed", BYTES, null=True),
        _column("org_name_sealed", BYTES, null=True),
        _column("phone_sealed", BYTES, null=True), _column("phone_index", String(64), null=True),
        _column("phone_tail_index", String(64), null=True), _column("created_at", MOMENT),
        _column("erased_at", MOMENT, null=True),
    )
    _index("citizens", "phone_index")
    _index("citizens", "phone_tail_index")
    _table(
        "schedule_slots", _column("name", String(40)), _column("slot", String(40)),
        _column("taken_at", MOMENT),
        key=("name", "slot"),
    )
    _table(
        "units", _id(), _ref("parent_id", "units", null=True), _column("name", String(200)),
        _word("organ_type", "administration congress court cppcc institution mass_organisation party"
                            " procuratorate state_company supervision"),
        _word("measure", MEASURES), _column("closes_at", Time(), null=True), _column("address", String(300)),
        _column("complaint_phone", String(40)), _column("is_active", Boolean()),
        checks={"not_its_own_parent": "parent_id IS NULL OR parent_id <> id"},
    )
    _table(
        "blob_chunks", _ref("blob_id", "blobs"), _column("position", Integer()), _column("sealed", BYTES),
        key=("blob_id", "position"),
    )
    _table(
        "ledger_heads", _ref("unit_id", "units"), _column("sequence", Integer()), _column("hash", BYTES),
        _column("signature", BYTES),
        key=("unit_id",),
    )
    _table(
        "sections", _id(), _ref("unit_id", "units"), _column("name", String(200)),
        _word("kind", "agency office window"), _column("is_dedicated", Boolean()),
        _column("is_active", Boolean()),
    )
    _index("sections", "unit_id", "name", unique=True)
    _index("sections", "unit_id", name="uq_sections_one_dedicated", unique=True, where="is_dedicated")
    _table(
        "staff", _id(), _ref("unit_id", "units"), _ref("section_id", "sections", null=True),
        _column("username", String(64)), _column("name", String(200)),
        _word("employment", "civil_servant contract managed other"), _column("password_hash", String(200)),
        _column("totp_sealed", BYTES, null=True),
        _column("totp_last_step", Integer(), null=True), _column("wrapped_key", BYTES),
        _column("phone_index", String(64), null=True), _column("is_active", Boolean()),
        unique=("username",),
    )
    _index("staff", "phone_index")
    _index("staff", "section_id")
    _index("staff", "unit_id")
    _table(
        "absences", _id(), _ref("staff_id", "staff"), _column("starts_at", MOMENT),
        _column("ends_at", MOMENT, null=True),
        checks={"ends_after_start": "ends_at IS NULL OR ends_at > starts_at"},
    )
    _index("absences", "staff_id", "starts_at")
    _table(
        "posts", _id(), _ref("unit_id", "units"), _ref("section_id", "sections", null=True),
        _word("kind", "discipline general oversight section"), _column("location", String(200)),
        _column("phone", String(40)), _ref("holder_id", "staff", null=True), _column("is_active", Boolean()),
        checks={"section_post_has_section": "(kind = 'section') = (section_id IS NOT NULL)"},
    )
    _index("posts", "holder_id")
    _index("posts", "section_id", name="uq_posts_one_a_section", unique=True,
           where="kind = 'section' AND is_active")
    _index("posts", "unit_id", "kind", name="uq_posts_one_of_a_kind", unique=True,
           where="kind <> 'section' AND is_active")
    _table(
        "role_grants", _id(), _ref("staff_id", "staff"),
        _word("role", "auditor deputy_leader discipline general_post handler overseer post_holder"
                      " principal_leader section_head sysadmin"),
        _ref("unit_id", "units"), _ref("section_id", "sections", null=True),
        checks={
            "role_has_its_scope": (
                "(role IN ('deputy_leader', 'handler', 'post_holder', 'section_head'))"
                " = (section_id IS NOT NULL)"
            ),
        },
    )
    _index("role_grants", "staff_id", "role", "section_id", unique=True)
    _index("role_grants", "staff_id", name="uq_role_grants_split_powers", unique=True,
           where="role IN ('overseer', 'auditor', 'sysadmin')")
    _index("role_grants", "staff_id", "role", "unit_id", name="uq_role_grants_unit_wide", unique=True,
           where="section_id IS NULL")
    _table(
        "post_deputies", _ref("post_id", "posts"), _ref("staff_id", "staff"),
        _column("position", Integer()),
        key=("post_id", "staff_id"),
    )
    _index("post_deputies", "post_id", "position", unique=True)
    _index("post_deputies", "staff_id")
    _table(
        "signs", _id(), _column("code", String(16)), _ref("post_id", "posts"),
        _column("location", String(200)), _column("issued_at", MOMENT),
        _column("retired_at", MOMENT, null=True), _ref("successor_id", "signs", null=True),
        unique=("code",),
        checks={
            "code_length": "length(code) = 16",
            "successor_only_when_retired": "successor_id IS NULL OR retired_at IS NOT NULL",
        },
    )
    _index("signs", "post_id")
    _table(
        "inquiries", _id(), _column("number", String(13)), _word("status", STATUSES),
        _column("version", Integer()), _column("round", Integer()),
        _word("category", "application complaint consult other report"),
        _word("channel", "call hotline letter mailbox other visit"),
        _word("source", "import miniprogram sign staff web"), _word("measure", MEASURES),
        _column("is_written", Boolean()), _column("is_confidential", Boolean()),
        _column("is_late_entry", Boolean()), _ref("unit_id", "units"), _ref("first_unit_id", "units"),
        _ref("first_section_id", "sections", null=True), _ref("first_post_id", "posts", null=True),
        _ref("first_responder_id", "staff", null=True), _ref("sign_id", "signs", null=True),
        _ref("registered_by_id", "staff", null=True), _ref("citizen_id", "citizens", null=True),
        _word("about_kind", "other section sign_holder unit", null=True),
        _ref("subject_staff_id", "staff", null=True), _ref("subject_section_id", "sections", null=True),
        _ref("subject_unit_id", "units", null=True),
        _column("received_at", MOMENT), _column("recorded_at", MOMENT),
        _column("occurred_at", MOMENT, null=True), _column("confirmed_at", MOMENT, null=True),
        _column("closed_at", MOMENT, null=True),
        _word("outcome", "answered completed guided refused transferred withdrawn", null=True),
        _ref("closed_by_id", "staff", null=True), _column("wrapped_key", BYTES, null=True),
        _column("tracking_hash", String(64)), _column("tracking_generation", Integer()),
        unique=("number", "tracking_hash"),
        checks={
            "closed_has_outcome": "(status = 'closed') = (outcome IS NOT NULL)",
            "closed_has_time": "(status = 'closed') = (closed_at IS NOT NULL)",
            "complaints_are_confidential": "(category = 'complaint') = is_confidential",
            "received_not_after_recorded": "received_at <= recorded_at",
            "round_positive": "round >= 1",
            "version_positive": "version >= 1",
        },
    )
    _index("inquiries", "citizen_id")
    _index("inquiries", "unit_id", "closed_at", "id", name="ix_inquiries_closed")
    _index("inquiries", "first_unit_id", "received_at", "id")
    _index("inquiries", "unit_id", "received_at", "id", name="ix_inquiries_open", where="status <> 'closed'")
    _table(
        "holdings", _id(), _ref("inquiry_id", "inquiries"), _ref("unit_id", "units"),
        _ref("section_id", "sections", null=True), _ref("post_id", "posts", null=True),
        _ref("staff_id", "staff", null=True), _column("round", Integer()), _column("started_at", MOMENT),
        _column("ended_at", MOMENT, null=True),
        checks={
            "a_person_or_a_post": "(post_id IS NULL) <> (staff_id IS NULL)",
            "ends_not_before_start": "ended_at IS NULL OR ended_at >= started_at",
        },
    )
    _index("holdings", "inquiry_id", "started_at")
    _index("holdings", "post_id", name="ix_holdings_live_post", where="ended_at IS NULL")
    _index("holdings", "staff_id", name="ix_holdings_live_staff", where="ended_at IS NULL")
    _index("holdings", "staff_id", "inquiry_id", name="ix_holdings_past_staff")
    _index("holdings", "section_id", "inquiry_id", name="ix_holdings_section")
    _index("holdings", "inquiry_id", name="uq_holdings_one_live", unique=True, where="ended_at IS NULL")
    _table(
        "ledger_entries", _id(), _ref("unit_id", "units"), _column("sequence", Integer()),
        _ref("inquiry_id", "inquiries", null=True), _column("event", String(40)), _column("body", Text()),
        _column("prev_hash", BYTES), _column("hash", BYTES), _column("signature", BYTES),
        _column("recorded_at", MOMENT), _column("is_mirror", Boolean()),
        checks={"sequence_from_one": "sequence >= 1"},
    )
    _index("ledger_entries", "inquiry_id", "recorded_at")
    _index("ledger_entries", "unit_id", "sequence", unique=True)
    _table(
        "outbox", _id(), _column("kind", String(8)), _column("topic", String(40)),
        _ref("inquiry_id", "inquiries", null=True), _column("recipient_kind", String(8), null=True),
        _column("recipient_id", String(32), null=True), _column("payload", JSON()),
        _column("state", String(8)), _column("attempts", Integer()), _column("available_at", MOMENT),
        _column("leased_until", MOMENT, null=True), _column("lease_owner", String(64), null=True),
        _column("created_at", MOMENT), _column("finished_at", MOMENT, null=True),
        _column("problem", String(200), null=True), _column("dedup_key", String(120), null=True),
        unique=("dedup_key",),
        checks={
            "known_kind": "kind IN ('message', 'job')",
            "known_state": "state IN ('pending', 'leased', 'done', 'failed')",
            "messages_have_a_recipient": "kind = 'job' OR recipient_kind IS NOT NULL",
        },
    )
    _index("outbox", "kind", "topic", "available_at", name="ix_outbox_claimable",
           where="state IN ('pending', 'leased')")
    _index("outbox", "inquiry_id")
    _table(
        "sessions", _id(), _column("kind", String(8)), _column("token_hash", String(64)),
        _ref("staff_id", "staff", null=True), _ref("citizen_id", "citizens", null=True),
        _ref("inquiry_id", "inquiries", null=True), _column("created_at", MOMENT),
        _column("expires_at", MOMENT), _column("ended_at", MOMENT, null=True),
        unique=("token_hash",),
        checks={
            "belongs_to_someone": (
                "(kind = 'staff' AND staff_id IS NOT NULL)"
                " OR (kind = 'citizen' AND citizen_id IS NOT NULL)"
                " OR (kind = 'tracking' AND inquiry_id IS NOT NULL)"
            ),
        },
    )
    _index("sessions", "expires_at")
    _index("sessions", "staff_id")
    _table(
        "texts", _id(), _ref("inquiry_id", "inquiries"), _column("kind", String(32)),
        _column("sealed", BYTES, null=True), _column("salt", BYTES, null=True),
        _column("created_at", MOMENT),
    )
    _index("texts", "inquiry_id", "kind")
    _table(
        "attachments", _id(), _ref("inquiry_id", "inquiries"), _column("position", Integer()),
        _column("media_type", String(40)), _column("size", Integer()),
        _ref("file_name_text_id", "texts", null=True), _ref("blob_id", "blobs"),
        _column("added_at", MOMENT),
        checks={
            "at_most_six": "position BETWEEN 1 AND 6",
            "known_type": "media_type IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')",
        },
    )
    _index("attachments", "inquiry_id", "position", unique=True)
    _table(
        "handoffs", _id(), _ref("inquiry_id", "inquiries"), _word("kind", "section unit"),
        _word("mode", "escort transfer"), _word("state", "accepted cancelled lapsed offered returned"),
        _column("is_written", Boolean()), _ref("from_holding_id", "holdings"),
        _ref("from_unit_id", "units"), _ref("from_section_id", "sections", null=True),
        _ref("to_unit_id", "units"), _ref("to_section_id", "sections", null=True),
        _ref("to_staff_id", "staff", null=True), _ref("reason_text_id", "texts"),
        _column("clause", String(120)), _word("prior_status", STATUSES), _ref("offered_by_id", "staff"),
        _column("offered_at", MOMENT), _column("served_at", MOMENT, null=True),
        _column("lapses_at", MOMENT), _column("decided_at", MOMENT, null=True),
        _ref("decided_by_id", "staff", null=True), _ref("return_reason_text_id", "texts", null=True),
        _ref("return_clause_text_id", "texts", null=True),
        checks={
            "decided_has_time": "(state = 'offered') = (decided_at IS NULL)",
            "has_a_target": (
                "(kind = 'section' AND to_section_id IS NOT NULL AND to_unit_id = from_unit_id)"
                " OR (kind = 'unit' AND to_unit_id <> from_unit_id)"
            ),
            "return_has_reason_and_clause": (
                "state <> 'returned'"
                " OR (return_reason_text_id IS NOT NULL AND return_clause_text_id IS NOT NULL)"
            ),
            "to_a_unit_in_writing": "kind = 'section' OR (is_written AND served_at IS NOT NULL)",
        },
    )
    _index("handoffs", "inquiry_id", "offered_at")
    _index("handoffs", "lapses_at", name="ix_handoffs_lapsing", where="state = 'offered'")
    _index("handoffs", "to_unit_id", "to_section_id", name="ix_handoffs_offered_to",
           where="state = 'offered'")
    _index("handoffs", "inquiry_id", name="uq_handoffs_one_offer", unique=True, where="state = 'offered'")
    _table(
        "idempotency_keys", _column("owner", String(48)), _column("key_hash", String(64)),
        _column("operation", String(40)), _column("fingerprint", String(64)), _column("status", Integer()),
        _ref("inquiry_id", "inquiries", null=True), _ref("entry_id", "ledger_entries", null=True),
        _column("resource_id", String(32), null=True), _column("created_at", MOMENT),
        key=("owner", "key_hash"),
    )
    _index("idempotency_keys", "created_at")
    _table(
        "ratings", _id(), _ref("inquiry_id", "inquiries"), _column("round", Integer()),
        _word("kind", "follow_up own"), _word("grade", "dissatisfied fair satisfied"),
        _ref("comment_text_id", "texts", null=True),
        _column("is_shared_with_section", Boolean()), _column("source", String(20)),
        _column("rated_at", MOMENT), _column("changed_at", MOMENT, null=True),
    )
    _index("ratings", "inquiry_id", "round", "kind", unique=True)
    _table(
        "clocks", _id(), _ref("inquiry_id", "inquiries"), _column("round", Integer()),
        _column("duty", String(40)), _word("measure", MEASURES), _column("clause", String(120)),
        _column("quote", Text()), _word("strictness", "at_once must principle"),
        _word("bearer_kind", "competent_authority first_responder first_unit holder"),
        _ref("bearer_unit_id", "units"), _ref("bearer_staff_id", "staff", null=True),
        _ref("handoff_id", "handoffs", null=True), _column("starts_at", MOMENT), _column("due_at", MOMENT),
        _column("due_soon_at", MOMENT, null=True), _column("working_days", Integer(), null=True),
        _column("is_provisional", Boolean()), _ref("supersedes_id", "clocks", null=True),
        _column("created_at", MOMENT), _column("ended_at", MOMENT, null=True),
        _word("end_kind", "cancelled met superseded", null=True), _column("is_due_soon_noted", Boolean()),
        _column("is_overdue_noted", Boolean()),
        checks={
            "due_after_start": "due_at > starts_at",
            "end_has_time": "(ended_at IS NULL) = (end_kind IS NULL)",
        },
    )
    _index("clocks", "due_soon_at", name="ix_clocks_becoming_due_soon",
           where="ended_at IS NULL AND NOT is_due_soon_noted")
    _index("clocks", "due_at", name="ix_clocks_becoming_overdue",
           where="ended_at IS NULL AND NOT is_overdue_noted")
    _index("clocks", "inquiry_id")
    _index("clocks", "inquiry_id", "due_at", name="ix_clocks_running", where="ended_at IS NULL")
    _index("clocks", "supersedes_id", unique=True)
    _table(
        "clock_facts", _ref("clock_id", "clocks"), _column("kind", String(16)), _column("at", MOMENT),
        _column("recorded_at", MOMENT), _ref("bearer_unit_id", "units"),
        _ref("bearer_staff_id", "staff", null=True), _ref("holding_id", "holdings", null=True),
        key=("clock_id", "kind"),
        checks={"known_kind": "kind IN ('due_soon', 'overdue')"},
    )

    create_triggers(op)


def downgrade() -> None:
    drop_triggers(op)
    tables = (
        "clock_facts", "clocks", "ratings", "idempotency_keys", "handoffs", "attachments", "texts",
        "sessions", "outbox", "ledger_entries", "holdings", "inquiries", "signs", "post_deputies",
        "role_grants", "posts", "absences", "staff", "sections", "ledger_heads", "blob_chunks", "units",
        "schedule_slots", "citizens", "calendar_days", "blobs",
    )
    for table in tables:
        op.drop_table(table)
