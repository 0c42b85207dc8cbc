"""The first tables: organisation, inquiries, ledger, delivery."""

from __future__ import annotations

from alembic import op
from sqlalchemy import JSON, Boolean, Date, Integer, String, Text, Time

from backend.migrations.tables import BYTES, MOMENT, column, id_column, index, ref, table, word
from backend.migrations.triggers import create_triggers, drop_triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MEASURES = "lu tan"
STATUSES = "awaiting_citizen closed confirmed filed in_handoff joint"


def upgrade() -> None:
    table(
        "blobs", id_column(), column("store", String(8)), column("locator", String(64)),
        column("size", Integer()), column("created_at", MOMENT),
        unique=("locator",),
        checks={"known_store": "store IN ('files', 'rows')"},
    )
    table(
        "calendar_days", column("day", Date()), column("is_workday", Boolean()),
        column("source", String(80)), column("note", String(80)), column("loaded_at", MOMENT),
        key=("day",),
    )
    table(
        "citizens", id_column(), word("kind", "company organisation person"),
        column("wrapped_key", BYTES, null=True), column("name_sealed", BYTES, null=True),
        column("org_name_sealed", BYTES, null=True),
        column("phone_sealed", BYTES, null=True), column("phone_index", String(64), null=True),
        column("phone_tail_index", String(64), null=True), column("created_at", MOMENT),
        column("erased_at", MOMENT, null=True),
    )
    index("citizens", "phone_index")
    index("citizens", "phone_tail_index")
    table(
        "schedule_slots", column("name", String(40)), column("slot", String(40)),
        column("taken_at", MOMENT),
        key=("name", "slot"),
    )
    table(
        "units", id_column(), ref("parent_id", "units", null=True), column("name", String(200)),
        word("organ_type", "administration congress court cppcc institution mass_organisation party"
                            " procuratorate state_company supervision"),
        word("measure", MEASURES), column("closes_at", Time(), null=True), column("address", String(300)),
        column("complaint_phone", String(40)), column("is_active", Boolean()),
        checks={"not_its_own_parent": "parent_id IS NULL OR parent_id <> id"},
    )
    table(
        "blob_chunks", ref("blob_id", "blobs"), column("position", Integer()), column("sealed", BYTES),
        key=("blob_id", "position"),
    )
    table(
        "ledger_heads", ref("unit_id", "units"), column("sequence", Integer()), column("hash", BYTES),
        column("signature", BYTES),
        key=("unit_id",),
    )
    table(
        "sections", id_column(), ref("unit_id", "units"), column("name", String(200)),
        word("kind", "agency office window"), column("is_dedicated", Boolean()),
        column("is_active", Boolean()),
    )
    index("sections", "unit_id", "name", unique=True)
    index("sections", "unit_id", name="uq_sections_one_dedicated", unique=True, where="is_dedicated")
    table(
        "staff", id_column(), ref("unit_id", "units"), ref("section_id", "sections", null=True),
        column("username", String(64)), column("name", String(200)),
        word("employment", "civil_servant contract managed other"), column("password_hash", String(200)),
        column("totp_sealed", BYTES, null=True),
        column("totp_last_step", Integer(), null=True), column("wrapped_key", BYTES),
        column("phone_index", String(64), null=True), column("is_active", Boolean()),
        unique=("username",),
    )
    index("staff", "phone_index")
    index("staff", "section_id")
    index("staff", "unit_id")
    table(
        "absences", id_column(), ref("staff_id", "staff"), column("starts_at", MOMENT),
        column("ends_at", MOMENT, null=True),
        checks={"ends_after_start": "ends_at IS NULL OR ends_at > starts_at"},
    )
    index("absences", "staff_id", "starts_at")
    table(
        "posts", id_column(), ref("unit_id", "units"), ref("section_id", "sections", null=True),
        word("kind", "discipline general oversight section"), column("location", String(200)),
        column("phone", String(40)), ref("holder_id", "staff", null=True), column("is_active", Boolean()),
        checks={"section_post_has_section": "(kind = 'section') = (section_id IS NOT NULL)"},
    )
    index("posts", "holder_id")
    index("posts", "section_id", name="uq_posts_one_a_section", unique=True,
           where="kind = 'section' AND is_active")
    index("posts", "unit_id", "kind", name="uq_posts_one_of_a_kind", unique=True,
           where="kind <> 'section' AND is_active")
    table(
        "role_grants", id_column(), ref("staff_id", "staff"),
        word("role", "auditor deputy_leader discipline general_post handler overseer post_holder"
                      " principal_leader section_head sysadmin"),
        ref("unit_id", "units"), ref("section_id", "sections", null=True),
        checks={
            "role_has_its_scope": (
                "(role IN ('deputy_leader', 'handler', 'post_holder', 'section_head'))"
                " = (section_id IS NOT NULL)"
            ),
        },
    )
    index("role_grants", "staff_id", "role", "section_id", unique=True)
    index("role_grants", "staff_id", name="uq_role_grants_split_powers", unique=True,
           where="role IN ('overseer', 'auditor', 'sysadmin')")
    index("role_grants", "staff_id", "role", "unit_id", name="uq_role_grants_unit_wide", unique=True,
           where="section_id IS NULL")
    table(
        "post_deputies", ref("post_id", "posts"), ref("staff_id", "staff"),
        column("position", Integer()),
        key=("post_id", "staff_id"),
    )
    index("post_deputies", "post_id", "position", unique=True)
    index("post_deputies", "staff_id")
    table(
        "signs", id_column(), column("code", String(16)), ref("post_id", "posts"),
        column("location", String(200)), column("issued_at", MOMENT),
        column("retired_at", MOMENT, null=True), ref("successor_id", "signs", null=True),
        unique=("code",),
        checks={
            "code_length": "length(code) = 16",
            "successor_only_when_retired": "successor_id IS NULL OR retired_at IS NOT NULL",
        },
    )
    index("signs", "post_id")
    table(
        "inquiries", id_column(), column("number", String(13)), word("status", STATUSES),
        column("version", Integer()), column("round", Integer()),
        word("category", "application complaint consult other report"),
        word("channel", "call hotline letter mailbox other visit"),
        word("source", "import miniprogram sign staff web"), word("measure", MEASURES),
        column("is_written", Boolean()), column("is_confidential", Boolean()),
        column("is_late_entry", Boolean()), ref("unit_id", "units"), ref("first_unit_id", "units"),
        ref("first_section_id", "sections", null=True), ref("first_post_id", "posts", null=True),
        ref("first_responder_id", "staff", null=True), ref("sign_id", "signs", null=True),
        ref("registered_by_id", "staff", null=True), ref("citizen_id", "citizens", null=True),
        word("about_kind", "other section sign_holder unit", null=True),
        ref("subject_staff_id", "staff", null=True), ref("subject_section_id", "sections", null=True),
        ref("subject_unit_id", "units", null=True),
        column("received_at", MOMENT), column("recorded_at", MOMENT),
        column("occurred_at", MOMENT, null=True), column("confirmed_at", MOMENT, null=True),
        column("closed_at", MOMENT, null=True),
        word("outcome", "answered completed guided refused transferred withdrawn", null=True),
        ref("closed_by_id", "staff", null=True), column("wrapped_key", BYTES, null=True),
        column("tracking_hash", String(64)), column("tracking_generation", Integer()),
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
    index("inquiries", "citizen_id")
    index("inquiries", "unit_id", "closed_at", "id", name="ix_inquiries_closed")
    index("inquiries", "first_unit_id", "received_at", "id")
    index("inquiries", "unit_id", "received_at", "id", name="ix_inquiries_open", where="status <> 'closed'")
    table(
        "holdings", id_column(), ref("inquiry_id", "inquiries"), ref("unit_id", "units"),
        ref("section_id", "sections", null=True), ref("post_id", "posts", null=True),
        ref("staff_id", "staff", null=True), column("round", Integer()), column("started_at", MOMENT),
        column("ended_at", MOMENT, null=True),
        checks={
            "a_person_or_a_post": "(post_id IS NULL) <> (staff_id IS NULL)",
            "ends_not_before_start": "ended_at IS NULL OR ended_at >= started_at",
        },
    )
    index("holdings", "inquiry_id", "started_at")
    index("holdings", "post_id", name="ix_holdings_live_post", where="ended_at IS NULL")
    index("holdings", "staff_id", name="ix_holdings_live_staff", where="ended_at IS NULL")
    index("holdings", "staff_id", "inquiry_id", name="ix_holdings_past_staff")
    index("holdings", "section_id", "inquiry_id", name="ix_holdings_section")
    index("holdings", "inquiry_id", name="uq_holdings_one_live", unique=True, where="ended_at IS NULL")
    table(
        "ledger_entries", id_column(), ref("unit_id", "units"), column("sequence", Integer()),
        ref("inquiry_id", "inquiries", null=True), column("event", String(40)), column("body", Text()),
        column("prev_hash", BYTES), column("hash", BYTES), column("signature", BYTES),
        column("recorded_at", MOMENT), column("is_mirror", Boolean()),
        checks={"sequence_from_one": "sequence >= 1"},
    )
    index("ledger_entries", "inquiry_id", "recorded_at")
    index("ledger_entries", "unit_id", "sequence", unique=True)
    table(
        "outbox", id_column(), column("kind", String(8)), column("topic", String(40)),
        ref("inquiry_id", "inquiries", null=True), column("recipient_kind", String(8), null=True),
        column("recipient_id", String(32), null=True), column("payload", JSON()),
        column("state", String(8)), column("attempts", Integer()), column("available_at", MOMENT),
        column("leased_until", MOMENT, null=True), column("lease_owner", String(64), null=True),
        column("created_at", MOMENT), column("finished_at", MOMENT, null=True),
        column("problem", String(200), null=True), column("dedup_key", String(120), null=True),
        unique=("dedup_key",),
        checks={
            "known_kind": "kind IN ('message', 'job')",
            "known_state": "state IN ('pending', 'leased', 'done', 'failed')",
            "messages_have_a_recipient": "kind = 'job' OR recipient_kind IS NOT NULL",
        },
    )
    index("outbox", "kind", "topic", "available_at", name="ix_outbox_claimable",
           where="state IN ('pending', 'leased')")
    index("outbox", "inquiry_id")
    table(
        "sessions", id_column(), column("kind", String(8)), column("token_hash", String(64)),
        ref("staff_id", "staff", null=True), ref("citizen_id", "citizens", null=True),
        ref("inquiry_id", "inquiries", null=True), column("created_at", MOMENT),
        column("expires_at", MOMENT), column("ended_at", MOMENT, null=True),
        unique=("token_hash",),
        checks={
            "belongs_to_someone": (
                "(kind = 'staff' AND staff_id IS NOT NULL)"
                " OR (kind = 'citizen' AND citizen_id IS NOT NULL)"
                " OR (kind = 'tracking' AND inquiry_id IS NOT NULL)"
            ),
        },
    )
    index("sessions", "expires_at")
    index("sessions", "staff_id")
    table(
        "texts", id_column(), ref("inquiry_id", "inquiries"), column("kind", String(32)),
        column("sealed", BYTES, null=True), column("salt", BYTES, null=True),
        column("created_at", MOMENT),
    )
    index("texts", "inquiry_id", "kind")
    table(
        "attachments", id_column(), ref("inquiry_id", "inquiries"), column("position", Integer()),
        column("media_type", String(40)), column("size", Integer()),
        ref("file_name_text_id", "texts", null=True), ref("blob_id", "blobs"),
        column("added_at", MOMENT),
        checks={
            "at_most_six": "position BETWEEN 1 AND 6",
            "known_type": "media_type IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')",
        },
    )
    index("attachments", "inquiry_id", "position", unique=True)
    table(
        "handoffs", id_column(), ref("inquiry_id", "inquiries"), word("kind", "section unit"),
        word("mode", "escort transfer"), word("state", "accepted cancelled lapsed offered returned"),
        column("is_written", Boolean()), ref("from_holding_id", "holdings"),
        ref("from_unit_id", "units"), ref("from_section_id", "sections", null=True),
        ref("to_unit_id", "units"), ref("to_section_id", "sections", null=True),
        ref("to_staff_id", "staff", null=True), ref("reason_text_id", "texts"),
        column("clause", String(120)), word("prior_status", STATUSES), ref("offered_by_id", "staff"),
        column("offered_at", MOMENT), column("served_at", MOMENT, null=True),
        column("lapses_at", MOMENT), column("decided_at", MOMENT, null=True),
        ref("decided_by_id", "staff", null=True), ref("return_reason_text_id", "texts", null=True),
        ref("return_clause_text_id", "texts", null=True),
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
    index("handoffs", "inquiry_id", "offered_at")
    index("handoffs", "lapses_at", name="ix_handoffs_lapsing", where="state = 'offered'")
    index("handoffs", "to_unit_id", "to_section_id", name="ix_handoffs_offered_to",
           where="state = 'offered'")
    index("handoffs", "inquiry_id", name="uq_handoffs_one_offer", unique=True, where="state = 'offered'")
    table(
        "idempotency_keys", column("owner", String(48)), column("key_hash", String(64)),
        column("operation", String(40)), column("fingerprint", String(64)), column("status", Integer()),
        ref("inquiry_id", "inquiries", null=True), ref("entry_id", "ledger_entries", null=True),
        column("resource_id", String(32), null=True), column("created_at", MOMENT),
        key=("owner", "key_hash"),
    )
    index("idempotency_keys", "created_at")
    table(
        "ratings", id_column(), ref("inquiry_id", "inquiries"), column("round", Integer()),
        word("kind", "follow_up own"), word("grade", "dissatisfied fair satisfied"),
        ref("comment_text_id", "texts", null=True),
        column("is_shared_with_section", Boolean()), column("source", String(20)),
        column("rated_at", MOMENT), column("changed_at", MOMENT, null=True),
    )
    index("ratings", "inquiry_id", "round", "kind", unique=True)
    table(
        "clocks", id_column(), ref("inquiry_id", "inquiries"), column("round", Integer()),
        column("duty", String(40)), word("measure", MEASURES), column("clause", String(120)),
        column("quote", Text()), word("strictness", "at_once must principle"),
        word("bearer_kind", "competent_authority first_responder first_unit holder"),
        ref("bearer_unit_id", "units"), ref("bearer_staff_id", "staff", null=True),
        ref("handoff_id", "handoffs", null=True), column("starts_at", MOMENT), column("due_at", MOMENT),
        column("due_soon_at", MOMENT, null=True), column("working_days", Integer(), null=True),
        column("is_provisional", Boolean()), ref("supersedes_id", "clocks", null=True),
        column("created_at", MOMENT), column("ended_at", MOMENT, null=True),
        word("end_kind", "cancelled met superseded", null=True), column("is_due_soon_noted", Boolean()),
        column("is_overdue_noted", Boolean()),
        checks={
            "due_after_start": "due_at > starts_at",
            "end_has_time": "(ended_at IS NULL) = (end_kind IS NULL)",
        },
    )
    index("clocks", "due_soon_at", name="ix_clocks_becoming_due_soon",
           where="ended_at IS NULL AND NOT is_due_soon_noted")
    index("clocks", "due_at", name="ix_clocks_becoming_overdue",
           where="ended_at IS NULL AND NOT is_overdue_noted")
    index("clocks", "inquiry_id")
    index("clocks", "inquiry_id", "due_at", name="ix_clocks_running", where="ended_at IS NULL")
    index("clocks", "supersedes_id", unique=True)
    table(
        "clock_facts", ref("clock_id", "clocks"), column("kind", String(16)), column("at", MOMENT),
        column("recorded_at", MOMENT), ref("bearer_unit_id", "units"),
        ref("bearer_staff_id", "staff", null=True), ref("holding_id", "holdings", null=True),
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
    for name in tables:
        op.drop_table(name)
