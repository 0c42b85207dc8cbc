"""The WeChat door: accounts, bindings, consents, what WeChat pushed, follow-ups, content checks, ordered messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import JSON, BigInteger, Boolean, Integer, String

from backend.migrations.tables import BYTES, MOMENT, column, id_column, index, ref, table, word
from backend.migrations.triggers import create_triggers, drop_triggers

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NEW_TABLES = (
    "channels", "wechat_events", "content_checks", "follow_ups", "consents", "binding_codes", "staff_bindings",
)
OPEN = "ended_at IS NULL"
CLAIMABLE = "state IN ('pending', 'leased')"
TEMPLATE_REFUSED = "problem IN ('template_invalid', 'page_invalid', 'data_invalid', 'messages_banned')"
FREE = "spent_at IS NULL AND voided_at IS NULL"


def upgrade() -> None:
    drop_triggers(op)
    table(
        "wechat_accounts", id_column(), column("app_id", String(32)),
        column("openid_index", String(64), null=True), column("openid_sealed", BYTES, null=True),
        column("wrapped_key", BYTES, null=True), column("created_at", MOMENT), column("seen_at", MOMENT),
        column("erased_at", MOMENT, null=True),
        unique=("openid_index",),
        checks={
            "erased_wholly": (
                "(erased_at IS NULL) = (openid_index IS NOT NULL)"
                " AND (openid_index IS NULL) = (openid_sealed IS NULL)"
                " AND (openid_index IS NULL) = (wrapped_key IS NULL)"
            ),
        },
    )
    table(
        "staff_bindings", id_column(), ref("staff_id", "staff"), ref("account_id", "wechat_accounts"),
        column("bound_at", MOMENT), column("ended_at", MOMENT, null=True),
        checks={"ends_not_before_start": "ended_at IS NULL OR ended_at >= bound_at"},
    )
    index("staff_bindings", "staff_id", name="uq_staff_bindings_one_a_person", unique=True, where=OPEN)
    index("staff_bindings", "account_id", name="uq_staff_bindings_one_an_account", unique=True, where=OPEN)
    table(
        "binding_codes", id_column(), ref("staff_id", "staff"), column("code_hash", String(64)),
        column("created_at", MOMENT), column("expires_at", MOMENT), column("used_at", MOMENT, null=True),
        unique=("code_hash",),
    )
    index("binding_codes", "staff_id")
    index("binding_codes", "expires_at")
    table(
        "consents", id_column(), ref("account_id", "wechat_accounts"), column("template", String(32)),
        word("source", "client event"), column("is_long_term", Boolean()), column("granted_at", MOMENT),
        column("paired_at", MOMENT, null=True), column("spent_at", MOMENT, null=True),
        column("voided_at", MOMENT, null=True),
        checks={
            "spent_or_voided": "spent_at IS NULL OR voided_at IS NULL",
            "long_term_is_never_spent": "NOT is_long_term OR spent_at IS NULL",
        },
    )
    index("consents", "account_id", "template", "granted_at", name="ix_consents_free", where=FREE)
    index("consents", "account_id", "template", "granted_at")
    table(
        "follow_ups", id_column(), ref("inquiry_id", "inquiries"), column("round", Integer()),
        word("layer", "census sample"), word("method", "call survey"),
        word("state", "answered cancelled refused reminded sent silent undelivered unreachable waiting"),
        ref("unit_id", "units"), ref("section_id", "sections", null=True),
        ref("account_id", "wechat_accounts", null=True), column("token_hash", String(64), null=True),
        column("created_at", MOMENT), column("due_at", MOMENT), column("expires_at", MOMENT, null=True),
        column("sent_at", MOMENT, null=True), column("reminded_at", MOMENT, null=True),
        column("ended_at", MOMENT, null=True), ref("staff_id", "staff", null=True),
        ref("note_text_id", "texts", null=True), ref("rating_id", "ratings", null=True),
        unique=("token_hash",),
        checks={
            "only_surveys_have_a_token": "method = 'survey' OR token_hash IS NULL",
            "reminded_after_sent": "reminded_at IS NULL OR sent_at IS NOT NULL",
            "ended_when_over": "(ended_at IS NULL) = (state IN ('waiting', 'sent', 'reminded'))",
        },
    )
    index("follow_ups", "inquiry_id", "round", "layer", "method", unique=True)
    index("follow_ups", "method", "due_at", name="ix_follow_ups_due", where=OPEN)
    index("follow_ups", "unit_id", "section_id", "method", name="ix_follow_ups_open", where=OPEN)
    table(
        "content_checks", id_column(), ref("inquiry_id", "inquiries"), ref("unit_id", "units"),
        ref("text_id", "texts", null=True), ref("attachment_id", "attachments", null=True),
        ref("account_id", "wechat_accounts", null=True),
        word("checked_by", "wechat words"), word("state", "cleared folded passed review waiting"),
        word("reason", "doubtful risky unchecked", null=True), column("label", Integer(), null=True),
        column("trace_id", String(100), null=True), column("created_at", MOMENT),
        column("checked_at", MOMENT, null=True), column("decided_at", MOMENT, null=True),
        ref("decided_by_id", "staff", null=True), ref("note_text_id", "texts", null=True),
        unique=("text_id", "attachment_id", "trace_id"),
        checks={
            "a_text_or_a_file": "(text_id IS NULL) <> (attachment_id IS NULL)",
            "decided_by_someone": (
                "(state IN ('cleared', 'folded')) = (decided_at IS NOT NULL AND decided_by_id IS NOT NULL)"
            ),
            "review_has_a_reason": "state <> 'review' OR reason IS NOT NULL",
        },
    )
    index("content_checks", "inquiry_id")
    index(
        "content_checks", "unit_id", "created_at", "id", name="ix_content_checks_to_review",
        where="state = 'review'",
    )
    index("content_checks", "created_at", name="ix_content_checks_waiting", where="state = 'waiting'")
    table(
        "wechat_events", id_column(), column("dedup_hash", String(64)), column("event", String(60)),
        column("wrapped_key", BYTES, null=True), column("sealed", BYTES, null=True),
        column("received_at", MOMENT), column("handled_at", MOMENT, null=True),
        unique=("dedup_hash",),
        checks={
            "kept_until_handled": "(handled_at IS NULL) = (sealed IS NOT NULL)",
            "sealed_with_a_key": "(sealed IS NULL) = (wrapped_key IS NULL)",
        },
    )
    index("wechat_events", "received_at", name="ix_wechat_events_unhandled", where="handled_at IS NULL")
    index("wechat_events", "received_at")
    table(
        "channels", column("name", String(16)), column("problem", String(40)), column("since", MOMENT),
        column("paused_until", MOMENT),
        key=("name",),
    )
    _add("inquiries", ref("account_id", "wechat_accounts", null=True))
    index("inquiries", "account_id", "received_at", "id")
    index("ratings", "rated_at")
    _add("attachments", column("erased_at", MOMENT, null=True))
    op.add_column(
        "units", sa.Column("survey_replaces_call", Boolean(), nullable=False, server_default=sa.false())
    )
    _change_sessions(with_account=True)
    _remake_outbox(numbered=True)
    create_triggers(op)


def downgrade() -> None:
    drop_triggers(op)
    _remake_outbox(numbered=False)
    _change_sessions(with_account=False)
    op.drop_column("units", "survey_replaces_call")
    op.drop_column("attachments", "erased_at")
    op.drop_index("ix_ratings_rated_at", "ratings")
    op.drop_index("ix_inquiries_account_id_received_at_id", "inquiries")
    _drop_account_of_inquiries()
    for name in (*NEW_TABLES, "wechat_accounts"):
        op.drop_table(name)
    create_triggers(op)


def _add(name: str, made: sa.Column[object]) -> None:
    """Add a column that may be empty, with its reference; SQLite takes both in one statement without a rebuild."""
    target = made.info.get("target")
    sqlite = op.get_bind().dialect.name == "sqlite"
    if target and sqlite:
        op.execute(
            f"ALTER TABLE {name} ADD COLUMN {made.name} VARCHAR(32)"
            f" CONSTRAINT fk_{name}_{made.name}_{target} REFERENCES {target} (id)"
        )
        return
    op.add_column(name, sa.Column(made.name, made.type, nullable=True))
    if target:
        op.create_foreign_key(op.f(f"fk_{name}_{made.name}_{target}"), name, target, [made.name], ["id"])


def _drop_account_of_inquiries() -> None:
    op.drop_column("inquiries", "account_id")  # its reference goes with it


def _change_sessions(*, with_account: bool) -> None:
    """Sessions of citizens belong to a WeChat account. They are few and short-lived: made anew with what they hold."""
    columns = [
        id_column(), column("kind", String(8)), column("token_hash", String(64)),
        ref("staff_id", "staff", null=True), ref("citizen_id", "citizens", null=True),
        ref("inquiry_id", "inquiries", null=True),
    ]
    if with_account:
        columns.append(ref("account_id", "wechat_accounts", null=True))
    columns += [column("created_at", MOMENT), column("expires_at", MOMENT), column("ended_at", MOMENT, null=True)]
    owner = "account_id" if with_account else "citizen_id"
    kept = "id, kind, token_hash, staff_id, citizen_id, inquiry_id, created_at, expires_at, ended_at"
    # Who a citizen's session belongs to means nothing on the other side: they sign in again.
    op.execute("DELETE FROM sessions WHERE kind = 'citizen'")
    _remake(
        "sessions", columns, kept, kept, "id",
        unique=("token_hash",),
        checks={
            "belongs_to_someone": (
                "(kind = 'staff' AND staff_id IS NOT NULL)"
                f" OR (kind = 'citizen' AND {owner} IS NOT NULL)"
                " OR (kind = 'tracking' AND inquiry_id IS NOT NULL)"
            ),
        },
    )
    index("sessions", "expires_at")
    index("sessions", "staff_id")
    if with_account:
        index("sessions", "account_id")


def _remake_outbox(*, numbered: bool) -> None:
    """Rows get numbers in the order they were written, which an opaque id does not tell; or the other way round."""
    number = BigInteger().with_variant(Integer(), "sqlite")
    columns = [
        column("id", number) if numbered else id_column(), column("kind", String(8)),
        column("topic", String(40)), ref("inquiry_id", "inquiries", null=True),
        column("recipient_kind", String(8), null=True), column("recipient_id", String(32), null=True),
    ]
    if numbered:
        columns.append(column("lane", String(48), null=True))
    columns += [
        column("payload", JSON()), column("state", String(8)), column("attempts", Integer()),
        column("available_at", MOMENT), column("leased_until", MOMENT, null=True),
        column("lease_owner", String(64), null=True), column("created_at", MOMENT),
        column("finished_at", MOMENT, null=True), column("problem", String(200), null=True),
        column("dedup_key", String(120), null=True),
    ]
    if numbered:
        columns += [
            column("sent_with", String(32), null=True), column("message_id", String(32), null=True),
            column("unsure_since", MOMENT, null=True), column("confirmed_at", MOMENT, null=True),
        ]
    was = (
        "kind, topic, inquiry_id, recipient_kind, recipient_id, payload, state, attempts, available_at,"
        " leased_until, lease_owner, created_at, finished_at, problem, dedup_key"
    )
    if numbered:
        into, values = f"{was}, lane", f"{was}, recipient_kind || ':' || recipient_id"
    else:
        sqlite = op.get_bind().dialect.name == "sqlite"
        number_as_id = "printf('%032d', id)" if sqlite else "lpad(id::text, 32, '0')"
        into, values = f"id, {was}", f"{number_as_id}, {was}"
    _remake(
        "outbox", columns, into, values, "created_at, available_at, id",
        unique=("dedup_key",),
        checks={
            "known_kind": "kind IN ('message', 'job')",
            "known_state": "state IN ('pending', 'leased', 'done', 'failed')",
            "messages_have_a_recipient": "kind = 'job' OR recipient_kind IS NOT NULL",
        },
    )
    # Rows are taken in the order of their numbers; opaque ids have none.
    order = ("id",) if numbered else ("topic", "available_at")
    index("outbox", "kind", *order, name="ix_outbox_claimable", where=CLAIMABLE)
    index("outbox", "inquiry_id")
    if numbered:
        index("outbox", "lane", "id", name="ix_outbox_lane", where=CLAIMABLE)
        index("outbox", "lane", name="ix_outbox_under_way", where="state = 'leased'")
        refused = ("sent_with", "problem", "finished_at")
        index("outbox", *refused, name="ix_outbox_template_refused", where=TEMPLATE_REFUSED)
        index("outbox", "message_id")


def _remake(
    name: str,
    columns: list[sa.Column[object]],
    into: str,
    values: str,
    order: str,
    *,
    unique: tuple[str, ...],
    checks: dict[str, str],
) -> None:
    """A table nothing refers to, made anew with its rows: what SQLite cannot alter, and no slower on PostgreSQL."""
    op.execute(f"CREATE TEMPORARY TABLE {name}_kept AS SELECT * FROM {name}")
    op.drop_table(name)
    table(name, *columns, unique=unique, checks=checks)
    op.execute(f"INSERT INTO {name} ({into}) SELECT {values} FROM {name}_kept ORDER BY {order}")
    op.execute(f"DROP TABLE {name}_kept")
