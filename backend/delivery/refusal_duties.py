"""Templates that WeChat refuses: every message made with one is lost until somebody corrects it."""

from __future__ import annotations

from threading import Event

from backend import clock
from backend.database import reading
from backend.delivery.calendar_duties import people_asked
from backend.delivery.doing import system_work
from backend.domain.times import local_date
from backend.queries.readiness import refused_templates
from backend.services.outbox import notify_office


def tell_of_refusals(_stop: Event) -> None:
    """Tell the office once a day while there is one."""
    now = clock.now()
    with reading() as session:
        is_refused = bool(refused_templates(session, now))
    if is_refused:
        with system_work() as work:
            people = people_asked(work.session, now)
            notify_office(work, "template_refused", people, once=local_date(now).isoformat())
