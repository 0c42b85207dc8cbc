"""What the console's first page leads to besides the boxes, for whom it concerns."""

from __future__ import annotations

from backend.domain.identity import NEVER_HOLDERS, Identity
from backend.domain.ledger_scopes import reads_ledgers
from backend.domain.vocabulary import Role
from backend.queries.exports import exports_waiting
from backend.queries.follow_ups import is_caller
from backend.queries.imports import import_kinds
from backend.queries.leads import has_leads
from backend.queries.reviews import reviews_waiting
from backend.services.administering import READERS as CHANGE_READERS
from backend.services.imports import imports_waiting
from backend.services.reply_templates import READERS
from backend.services.unit_records import RECORDERS
from backend.services.work import Work

Links = list[tuple[str, str]]
"""`(address, words)`."""


def console_links(work: Work, identity: Identity) -> Links:
    """The links of this person, in order."""
    links: Links = []
    if identity.holds(Role.SYSADMIN):
        links.append(("/staff/organisation", "单位、岗位和人员"))
    if identity.holds(*CHANGE_READERS):
        links.append(("/staff/organisation/changes", "组织变动记录"))
    if reads_ledgers(identity):
        links.append(("/staff/ledger", "台账"))
        asked = exports_waiting(work, identity)
        links.append(("/staff/exports", f"台账的导出（{asked} 件待批准）" if asked else "台账的导出"))
    if import_kinds(identity) or identity.holds(Role.OVERSEER):
        brought = imports_waiting(work, identity)
        links.append(("/staff/imports", f"批量导入（{brought} 件待同意）" if brought else "批量导入"))
    if is_caller(work, identity):
        links.append(("/staff/follow-ups", "电话回访"))
    if has_leads(work, identity):
        links.append(("/staff/leads", "问责线索"))
    waiting = reviews_waiting(work, identity)
    if waiting is not None:
        links.append(("/staff/reviews", f"内容复核（{waiting} 件待看）" if waiting else "内容复核"))
    if identity.sections_with(*READERS):
        links.append(("/staff/templates", "回复模板"))
    if not identity.holds(*NEVER_HOLDERS):
        links.append(("/staff/absences", "不在岗和替岗"))
    if identity.unit_id in identity.units_with(*RECORDERS):
        links.append(("/staff/records", "本单位的实施细则和鼓励激励"))
    if work.tools.wechat_app_id is not None:
        links.append(("/staff/wechat", "绑定微信"))
    links.append(("/staff/password", "改密码"))
    return links
