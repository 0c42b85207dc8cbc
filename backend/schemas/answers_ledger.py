"""The 台账 as every client and every print has it: the cover, the lines of 附件2, the totals."""

from __future__ import annotations

from marshmallow import fields

from backend.domain.ledger_scopes import LedgerScope
from backend.domain.vocabulary import Category, Channel, Disposition, Outcome
from backend.domain.vocabulary_ledger import LineKind
from backend.schemas.fields import Out

TIME = {"format": "date-time"}


class LedgerPostOut(Out):
    label = fields.String()
    holder_name = fields.String(allow_none=True)


class LedgerColumnOut(Out):
    id = fields.String()
    label = fields.String()


class BoxOut(Out):
    value = fields.String()
    label = fields.String()
    ticked = fields.Boolean()


class LedgerCitizenOut(Out):
    """服务对象; `text` is what the form shows, masked."""

    kind = fields.String(allow_none=True)
    kind_label = fields.String(allow_none=True)
    name = fields.String(allow_none=True)
    org_name = fields.String(allow_none=True)
    erased = fields.Boolean()
    text = fields.String()


class LedgerOpinionOut(Out):
    """What an old ledger had there names nobody and no day: whatever it says of them is in the text."""

    text = fields.String()
    by = fields.String(allow_none=True)
    at = fields.String(allow_none=True, metadata=TIME)
    at_text = fields.String(allow_none=True)


class ExternalNumberOut(Out):
    """The number another system gave, and 其他系统交办的期限: beside ours, and no limit of the measure."""

    number = fields.String()
    due_at = fields.String(allow_none=True, metadata=TIME)
    due_text = fields.String(allow_none=True)
    basis = fields.String(allow_none=True)
    limit_label = fields.String(allow_none=True)
    label = fields.String()


class ExternalLimitOut(ExternalNumberOut):
    """The same as it stands now; of a closed inquiry, as it stood then."""

    overdue = fields.Boolean()


class LedgerLineOut(Out):
    """One 登记表 of 附件2. `counted` is false for a 承接 line; `restricted` is a complaint in the 总台账."""

    id = fields.String()
    number = fields.String()
    display_number = fields.String()
    kind = fields.String(metadata={"enum": [kind.value for kind in LineKind]})
    kind_label = fields.String()
    counted = fields.Boolean()
    restricted = fields.Boolean()
    late_entry = fields.Boolean()
    unit = fields.Nested("RefOut")
    section = fields.Nested("RefOut", allow_none=True)
    first_unit = fields.Nested("RefOut")
    first_section = fields.Nested("RefOut", allow_none=True)
    taken_at = fields.String(metadata=TIME)
    taken_text = fields.String()
    received_at = fields.String(metadata=TIME)
    received_text = fields.String()
    first_responder = fields.Nested("RefOut", allow_none=True)
    citizen = fields.Nested(LedgerCitizenOut)
    contact = fields.String(allow_none=True)
    channel = fields.String(metadata={"enum": [word.value for word in Channel]})
    channel_label = fields.String()
    channel_boxes = fields.List(fields.Nested(BoxOut))
    source = fields.String()
    source_label = fields.String()
    category = fields.String(metadata={"enum": [word.value for word in Category]})
    category_label = fields.String()
    category_boxes = fields.List(fields.Nested(BoxOut))
    content = fields.String()
    disposition = fields.String(metadata={"enum": [word.value for word in Disposition]})
    disposition_label = fields.String()
    disposition_boxes = fields.List(fields.Nested(BoxOut))
    handling = fields.String(metadata={"description": "具体办理情况"})
    round = fields.Integer()
    outcome = fields.String(allow_none=True, metadata={"enum": [*(word.value for word in Outcome), None]})
    outcome_label = fields.String(allow_none=True)
    closed_at = fields.String(allow_none=True, metadata=TIME)
    closed_text = fields.String(allow_none=True)
    followed_up_at = fields.String(allow_none=True, metadata=TIME)
    followed_up_text = fields.String(allow_none=True)
    follow_up_result = fields.String(allow_none=True)
    follow_up_result_label = fields.String(allow_none=True)
    grade = fields.String(allow_none=True)
    grade_label = fields.String(allow_none=True)
    grade_boxes = fields.List(fields.Nested(BoxOut))
    grade_note = fields.String(allow_none=True)
    section_head_opinion = fields.Nested(LedgerOpinionOut, allow_none=True)
    deputy_leader_opinion = fields.Nested(LedgerOpinionOut, allow_none=True)
    external = fields.Nested(ExternalNumberOut, allow_none=True)
    remarks = fields.List(fields.String())
    remark = fields.String()


class LedgerTotalsOut(Out):
    """Figures of the counted lines; `continued` counts the 承接 lines apart. Grades as this copy shows them."""

    counted = fields.Integer()
    continued = fields.Integer()
    open = fields.Integer()
    closed = fields.Integer()
    late_entries = fields.Integer()
    channel = fields.Dict(keys=fields.String(), values=fields.Integer())
    category = fields.Dict(keys=fields.String(), values=fields.Integer())
    disposition = fields.Dict(keys=fields.String(), values=fields.Integer())
    outcome = fields.Dict(keys=fields.String(), values=fields.Integer())
    followed_up = fields.Dict(keys=fields.String(), values=fields.Integer())
    grade = fields.Dict(keys=fields.String(), values=fields.Integer())


class LedgerBookOut(Out):
    """The cover: `label` is 本系统提供 where the unit's measure asks for no ledger."""

    scope = fields.String(metadata={"enum": [scope.value for scope in LedgerScope]})
    scope_label = fields.String()
    year = fields.Integer()
    unit = fields.Nested("RefOut")
    section = fields.Nested("RefOut", allow_none=True)
    post = fields.Nested(LedgerPostOut, allow_none=True)
    title = fields.String()
    form_title = fields.String()
    label = fields.String(allow_none=True)
    columns = fields.List(fields.Nested(LedgerColumnOut))


class LedgerOut(LedgerBookOut):
    items = fields.List(fields.Nested(LedgerLineOut))
    totals = fields.Nested(
        LedgerTotalsOut, allow_none=True, metadata={"description": "只随第一页给出，后面各页为 null"}
    )
    next_cursor = fields.String(allow_none=True)


class LedgerYearsOut(Out):
    """The years that have a line, newest first, and which ledgers are open to the caller at all."""

    scope = fields.String(metadata={"enum": [scope.value for scope in LedgerScope]})
    unit = fields.Nested("RefOut")
    section = fields.Nested("RefOut", allow_none=True)
    years = fields.List(fields.Integer())
    this_year = fields.Integer()
    scopes = fields.List(fields.String(metadata={"enum": [scope.value for scope in LedgerScope]}))
    sections = fields.List(fields.Nested("RefOut"), metadata={"description": "可以查看分台账的科室"})
