"""The demo of `make run`: a 金坛 and a 泸州 tree with people, signs and inquiries in every state built so far."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import clock
from backend.database import unit_of_work
from backend.demo.building import Account, Builder, Offices
from backend.demo.offices import SHOWCASE, UNITS
from backend.demo.reporting import report_ledgers
from backend.demo.rules import put_rules_in_force
from backend.demo.stories import STORIES
from backend.demo.telling import Teller
from backend.domain.actors import SYSTEM
from backend.models import Sign, Unit
from backend.services.calendar import working_calendar
from backend.services.presence import is_staff_present
from backend.services.work import Tools, Work
from backend.settings import Settings

_OPENED_BEFORE = timedelta(days=40)


class DemoRefused(Exception):
    """Demo data were asked for in production, or beside data that are there already."""


def is_empty(session: Session) -> bool:
    """Whether the database has no unit yet, so that a demo harms nothing."""
    return session.scalar(select(Unit.id).limit(1)) is None


def build_demo(app: Flask) -> dict[str, Any]:
    """Fill an empty, migrated database with a seeded calendar, all in one unit of work. Raises DemoRefused.

    Returns `{"signs": [{code, url, unit, section}], "staff": [{username, password, totp_secret?, roles, unit,
    section}]}` (design 7): live signs and present, active accounts, those of the first sign's unit first. Nobody
    can find the passwords again afterwards. Needs an application context.
    """
    settings: Settings = app.extensions["shouwen_settings"]
    tools: Tools = app.extensions["shouwen_tools"]
    if settings.production:
        raise DemoRefused("no demo data in production")
    with unit_of_work() as session:
        if not is_empty(session):
            raise DemoRefused("the database holds data already")
        work = Work(session, SYSTEM, clock.now(), tools, working_calendar(session))
        offices = Builder(work, work.now - _OPENED_BEFORE).build(UNITS)
        put_rules_in_force(replace(work, now=work.now - _OPENED_BEFORE), offices)
        Teller(work, offices).tell(STORIES)
        report_ledgers(work, offices)
        return _hand_out(work, offices, settings)


def _hand_out(work: Work, offices: Offices, settings: Settings) -> dict[str, Any]:
    first = offices.units[SHOWCASE].id
    signs = sorted(offices.signs.values(), key=lambda sign: sign.post.unit_id != first)
    accounts = sorted(offices.accounts.values(), key=lambda account: account.staff.unit_id != first)
    return {
        "signs": [_sign(sign, settings) for sign in signs],
        "staff": [
            _account(account)
            for account in accounts
            if is_staff_present(work.session, account.staff.id, work.now)
        ],
    }


def _sign(sign: Sign, settings: Settings) -> dict[str, Any]:
    section = sign.post.section
    return {
        "code": sign.code,
        "url": f"{settings.base_url}/s/{sign.code}",
        "unit": sign.post.unit.name,
        "section": section.name if section else None,
    }


def _account(account: Account) -> dict[str, Any]:
    staff = account.staff
    secret = {"totp_secret": account.totp_secret} if account.totp_secret else {}
    return {
        "username": staff.username,
        "password": account.password,
        **secret,
        "roles": sorted({grant.role.value for grant in staff.grants}),
        "unit": staff.unit.name,
        "section": staff.section.name if staff.section else None,
    }
