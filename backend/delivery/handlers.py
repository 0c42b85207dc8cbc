"""Who carries out which topic of the outbox.

A topic without a handler is never taken: its rows wait, in order, until a handler comes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backend.delivery import content_checks, destroying, exporting, importing, wechat_events
from backend.delivery.leases import Leased
from backend.services.content_checks import CHECK_FILE, CHECK_TEXT
from backend.services.exports import PRINT_LEDGER
from backend.services.imports import CHECK, RUN
from backend.services.sealed_files import DESTROY_FILE
from backend.services.wechat_events import JOB

Handler = Callable[[Leased], None]
"""Does the work, in an application context and in units of work of its own. May be called twice for one row; whatever
it raises is an attempt that failed."""

Handlers = Mapping[tuple[str, str], Handler]
"""By kind (`message`, `job`) and topic."""

ASKING = frozenset({CHECK_TEXT, CHECK_FILE})
"""Topics whose handlers wait for WeChat."""

HANDLERS: Handlers = {
    ("job", JOB): wechat_events.handle_event,
    ("job", CHECK_TEXT): content_checks.check_text,
    ("job", CHECK_FILE): content_checks.check_file,
    ("job", DESTROY_FILE): destroying.destroy_file,
    ("job", PRINT_LEDGER): exporting.print_volume,
    ("job", CHECK): importing.check_import,
    ("job", RUN): importing.run_import,
}
