"""The HTML pages: citizens' portal and staff console. One table of what is served and who may come in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from apiflask import APIBlueprint
from flask import Flask

from backend.routes.pages import clocks, guards, unit_records, unit_rules, wechat_verification
from backend.routes.pages.filing import bp as filing_bp
from backend.routes.pages.follow import bp as follow_bp
from backend.routes.pages.frame import init_frame
from backend.routes.pages.home import bp as home_bp
from backend.routes.pages.joint_report import bp as joint_report_bp
from backend.routes.pages.letters import bp as letters_bp
from backend.routes.pages.lookup import bp as lookup_bp
from backend.routes.pages.refusals import answer_refusal
from backend.routes.pages.staff_door import bp as staff_door_bp
from backend.routes.pages.staff_exports import bp as staff_exports_bp
from backend.routes.pages.staff_follow_ups import bp as staff_follow_ups_bp
from backend.routes.pages.staff_imports import bp as staff_imports_bp
from backend.routes.pages.staff_inquiry import bp as staff_inquiry_bp
from backend.routes.pages.staff_leads import bp as staff_leads_bp
from backend.routes.pages.staff_ledger import bp as staff_ledger_bp
from backend.routes.pages.staff_ledger_reports import bp as staff_ledger_reports_bp
from backend.routes.pages.staff_list import bp as staff_list_bp
from backend.routes.pages.staff_organisation import bp as staff_organisation_bp
from backend.routes.pages.staff_password import bp as staff_password_bp
from backend.routes.pages.staff_register import bp as staff_register_bp
from backend.routes.pages.staff_reviews import bp as staff_reviews_bp
from backend.routes.pages.staff_search import bp as staff_search_bp
from backend.routes.pages.staff_standing_in import bp as staff_standing_in_bp
from backend.routes.pages.staff_templates import bp as staff_templates_bp
from backend.routes.pages.staff_wechat import bp as staff_wechat_bp
from backend.routes.pages.surveys import bp as surveys_bp

Guard = Callable[[], Any]


class Registration(NamedTuple):
    """A blueprint and the guard before each of its views."""

    blueprint: APIBlueprint
    guard: Guard


TABLE = (
    Registration(home_bp, guards.let_anybody_in),
    Registration(wechat_verification.bp, guards.let_anybody_in),
    Registration(filing_bp, guards.let_anybody_in),
    Registration(lookup_bp, guards.let_anybody_in),
    Registration(follow_bp, guards.let_capability_in),
    Registration(staff_door_bp, guards.let_anybody_in),
    Registration(staff_list_bp, guards.let_staff_in),
    Registration(staff_search_bp, guards.let_staff_in),
    Registration(staff_ledger_bp, guards.let_staff_in),
    Registration(staff_ledger_reports_bp, guards.let_staff_in),
    Registration(staff_templates_bp, guards.let_staff_in),
    Registration(staff_register_bp, guards.let_staff_in),
    Registration(staff_inquiry_bp, guards.let_staff_in),
    Registration(joint_report_bp, guards.let_staff_in),
    Registration(letters_bp, guards.let_staff_in),
    Registration(clocks.bp, guards.let_capability_in),
    Registration(clocks.staff, guards.let_staff_in),
    Registration(unit_rules.bp, guards.let_anybody_in),
    Registration(unit_records.public, guards.let_anybody_in),
    Registration(unit_records.staff, guards.let_staff_in),
    Registration(staff_leads_bp, guards.let_staff_in),
    Registration(staff_wechat_bp, guards.let_staff_in),
    Registration(staff_reviews_bp, guards.let_staff_in),
    Registration(surveys_bp, guards.let_anybody_in),
    Registration(staff_exports_bp, guards.let_staff_in),
    Registration(staff_follow_ups_bp, guards.let_staff_in),
    Registration(staff_organisation_bp, guards.let_staff_in),
    Registration(staff_standing_in_bp, guards.let_staff_in),
    Registration(staff_password_bp, guards.let_staff_in),
    Registration(staff_imports_bp, guards.let_staff_in),
)


def register_pages(app: Flask) -> None:
    """Register every page: who is calling first, then whether a form came from a page of ours."""
    guards.csrf.init_app(app)
    init_frame(app)
    for row in TABLE:
        app.register_blueprint(row.blueprint)
        before = app.before_request_funcs.setdefault(row.blueprint.name, [])
        before.extend((guards.limit_body, row.guard, guards.ensure_own_form))
        app.error_handler_spec[row.blueprint.name][None][Exception] = answer_refusal
