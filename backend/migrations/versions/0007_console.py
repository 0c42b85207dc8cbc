"""The console: lists of what is closed, keyed words of summaries, drafts, reply templates, notices taken note of."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Boolean, String, Text

from backend.migrations.tables import BYTES, MOMENT, column, id_column, index, ref, table
from backend.migrations.triggers import create_triggers, drop_triggers

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

HELD = ("unit_id", "section_id", "post_id", "staff_id")


def upgrade() -> None:
    drop_triggers(op)
    table(
        "closed_places", column("place", String(40)), column("closed_at", MOMENT), ref("inquiry_id", "inquiries"),
        key=("place", "closed_at", "inquiry_id"),
    )
    table(
        "summary_terms", column("term", BigInteger()), column("received_at", MOMENT),
        ref("inquiry_id", "inquiries"),
        key=("term", "received_at", "inquiry_id"),
    )
    table(
        "drafts", ref("staff_id", "staff"), column("place", String(64)), column("sealed", BYTES),
        column("saved_at", MOMENT),
        key=("staff_id", "place"),
    )
    index("drafts", "saved_at")
    table(
        "reply_templates", id_column(), ref("section_id", "sections"), column("title", String(200)),
        column("body", Text()), column("is_active", Boolean()), ref("changed_by_id", "staff"),
        column("changed_at", MOMENT),
        checks={"title_length": "length(title) BETWEEN 1 AND 60"},
    )
    index("reply_templates", "section_id", "title")
    table("notice_marks", ref("staff_id", "staff"), column("seen_at", MOMENT), key=("staff_id",))
    index("outbox", "recipient_id", "created_at", name="ix_outbox_to_staff", where="recipient_kind = 'staff'")
    _list_what_is_closed()
    for name in ("closed_places", "summary_terms"):
        index(name, "inquiry_id")
    create_triggers(op)


def _list_what_is_closed() -> None:
    """Everything closed until now, in the lists of all who held it, were asked first or took part."""
    inquiry = "SELECT {place}, i.closed_at, i.id FROM inquiries i"
    of_inquiry = [f"{inquiry.format(place=f'i.{c}')} WHERE i.closed_at IS NOT NULL" for c in ("unit_id", "first_unit_id")]
    of_holdings = [
        f"{inquiry.format(place=f'h.{c}')} JOIN holdings h ON h.inquiry_id = i.id"
        f" WHERE i.closed_at IS NOT NULL AND h.{c} IS NOT NULL"
        for c in HELD
    ]
    of_joints = (
        f"{inquiry.format(place=chr(39) + 'joint:' + chr(39) + ' || u.unit_id')}"
        " JOIN joint_handlings j ON j.inquiry_id = i.id JOIN joint_units u ON u.joint_id = j.id"
        " WHERE i.closed_at IS NOT NULL"
    )
    op.execute(
        "INSERT INTO closed_places (place, closed_at, inquiry_id) "
        + " UNION ".join([*of_inquiry, *of_holdings, of_joints])
    )


def downgrade() -> None:
    drop_triggers(op)
    op.drop_index("ix_outbox_to_staff", "outbox")
    for name in ("notice_marks", "reply_templates", "drafts", "summary_terms", "closed_places"):
        op.drop_table(name)
    create_triggers(op)
