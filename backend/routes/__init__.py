"""One table of what is served, where, and who may come in; even “anybody” is written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from apiflask import APIBlueprint, APIFlask

from backend.routes import (
    account,
    api,
    clock_explanations,
    health,
    inquiries,
    lookups,
    notices,
    reply_templates,
    signs,
    staff_exports,
    staff_follow_ups,
    staff_inquiries,
    staff_joints,
    staff_leads,
    staff_ledger,
    staff_ledger_files,
    staff_ledger_reports,
    staff_limits,
    staff_opinions,
    staff_reviews,
    staff_searches,
    staff_sessions,
    staff_wechat,
    subscriptions,
    surveys,
    transfers,
    unit_records,
    unit_rules,
    urging,
    wechat_callback,
    wechat_media,
    wechat_sessions,
)
from backend.routes.pages import register_pages

API = "/api/v1"


class Registration(NamedTuple):
    """A blueprint, its prefix, and the guards before each of its views: of the body, and of who is calling."""

    blueprint: APIBlueprint
    prefix: str
    guard: Callable[[], None]
    guard_body: Callable[[], None] = api.guard_body


TABLE = (
    Registration(health.bp, "", api.guard_public),
    Registration(signs.bp, API, api.guard_public),
    Registration(inquiries.filing, API, api.guard_visitor),
    Registration(inquiries.bp, API, api.guard_tracking),
    Registration(lookups.bp, API, api.guard_public),
    Registration(staff_sessions.bp, API, api.guard_public),
    Registration(staff_sessions.me, API, api.guard_staff),
    Registration(staff_inquiries.bp, API, api.guard_staff),
    Registration(notices.bp, API, api.guard_tracking),
    Registration(notices.staff, API, api.guard_staff),
    Registration(staff_joints.bp, API, api.guard_staff),
    Registration(transfers.bp, API, api.guard_staff),
    Registration(clock_explanations.bp, API, api.guard_tracking),
    Registration(clock_explanations.staff, API, api.guard_staff),
    Registration(staff_limits.bp, API, api.guard_staff),
    Registration(unit_rules.bp, API, api.guard_public),
    Registration(urging.citizen, API, api.guard_tracking),
    Registration(urging.staff, API, api.guard_staff),
    Registration(staff_leads.bp, API, api.guard_staff),
    Registration(unit_records.public, API, api.guard_public),
    Registration(unit_records.staff, API, api.guard_staff),
    Registration(surveys.bp, API, api.guard_public),
    Registration(staff_follow_ups.bp, API, api.guard_staff),
    Registration(wechat_sessions.bp, API, api.guard_public),
    Registration(wechat_sessions.current, API, api.guard_wechat),
    Registration(wechat_sessions.citizen, API, api.guard_citizen),
    Registration(staff_wechat.bp, API, api.guard_staff),
    Registration(subscriptions.bp, API, api.guard_wechat),
    Registration(account.bp, API, api.guard_citizen),
    Registration(staff_reviews.bp, API, api.guard_staff),
    Registration(staff_ledger.bp, API, api.guard_staff),
    Registration(staff_ledger_files.bp, API, api.guard_staff),
    Registration(staff_exports.bp, API, api.guard_staff),
    Registration(staff_ledger_reports.bp, API, api.guard_staff),
    Registration(staff_opinions.bp, API, api.guard_staff),
    Registration(staff_searches.bp, API, api.guard_staff),
    Registration(reply_templates.bp, API, api.guard_staff),
    Registration(wechat_callback.bp, "", wechat_callback.guard_push, wechat_callback.guard_body),
    Registration(wechat_media.bp, "", api.guard_public),
)


def register_routes(app: APIFlask) -> None:
    """Register every blueprint with its guard: body size and type first, then who is calling."""
    for row in TABLE:
        app.register_blueprint(row.blueprint, url_prefix=row.prefix or None)
        app.before_request_funcs.setdefault(row.blueprint.name, []).extend((row.guard_body, row.guard))
    register_pages(app)
