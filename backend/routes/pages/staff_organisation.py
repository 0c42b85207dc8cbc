"""`/staff/organisation`: the unit tree, units, sections, posts and people, for their administrator alone (design 1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as Redirect

from backend.domain.errors import FieldInvalid, NotFound
from backend.domain.identity import Identity
from backend.domain.vocabulary import Employment, Measure, OrganType, PostKind, Role, SectionKind, Word
from backend.models import Staff, Unit
from backend.queries import organisation as shown
from backend.queries.five_levels import five_levels
from backend.queries.people import ref
from backend.routes.operations.organisation import ACTS, acting
from backend.routes.pages import forms_organisation as forms
from backend.routes.pages.forms import Form, Refusal, blank, kept_words, refused, submission
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import open_reading, tools
from backend.routes.unit_writes import carry_out_unit
from backend.services import administering as admin
from backend.services.staff_accounts import make_first_password
from backend.services.work import Work

bp = APIBlueprint("staff_organisation_pages", __name__, enable_openapi=False)

ROOT = "/staff/organisation"
MOST_WORDS = 40
LOGOUT = {"logout": "/staff/logout"}
Forms = dict[str, Form]
Target = Callable[[Work, Identity, str], tuple[str, dict[str, Any], Forms]]
"""The template of a page, its words, and a form for each act, filled with what there is."""


@bp.get(ROOT)
def tree() -> Response:
    """Every unit within reach, or the people who are looked for. Raises NotFound for who administers nothing."""
    admin.ensure_administrator(identity())
    words = "".join(one for one in request.args.get("find", "") if one.isprintable()).strip()[:MOST_WORDS]
    with open_reading(access().actor) as work:
        found = shown.find_people(work, identity(), words) if words else []
        units = [] if words else shown.unit_tree(work, identity())
    return render(
        "staff/organisation/tree.html",
        me=g.me,
        units=units,
        words=words,
        find=blank(find=words),
        found=found[: shown.PAGE],
        is_more=len(found) > shown.PAGE,
        form_actions=LOGOUT,
    )


@bp.get(f"{ROOT}/changes")
def changes() -> Response:
    """What was changed, newest first; for the auditor too. Raises NotFound, CursorInvalid."""
    if not identity().holds(*admin.READERS):
        raise NotFound()
    with open_reading(access().actor) as work:
        units = admin.administered(work, identity(), *admin.READERS)
        page = shown.change_list(work, units, request.args.get("cursor"))
    more = page["next_cursor"]
    return render(
        "staff/organisation/changes.html",
        me=g.me,
        items=page["items"],
        is_administrator=identity().holds(Role.SYSADMIN),
        next_url=f"{ROOT}/changes?{urlencode({'cursor': more})}" if more else None,
        form_actions=LOGOUT,
    )


@bp.get(f"{ROOT}/<any(units,sections,posts,staff):kind>/<target>")
def show(kind: str, target: str) -> Response:
    """A unit, a section, a post or a person. Raises NotFound outside this administrator's reach."""
    return target_page(kind, target)


def target_page(kind: str, target: str, act: str | None = None, refusal: Refusal | None = None) -> Response:
    """The page as it is now; the refused form as it was filled in."""
    admin.ensure_administrator(identity())
    with open_reading(access().actor) as work:
        template, words, page_forms = _PAGES[kind](work, identity(), target)
    is_open = act is not None and act in page_forms
    if refusal is not None and act is not None and is_open:
        page_forms[act] = refused(forms.kind_of(kind, act), refusal)
    return render(
        template,
        refusal.status if refusal else 200,
        at=f"{ROOT}/{kind}/{target}",
        me=g.me,
        forms=page_forms,
        kept=kept_words() if refusal is not None and not is_open else [],
        problem=refusal.problem if refusal is not None and not is_open else None,
        address=f"{ROOT}/{kind}/{target}",
        form_actions=LOGOUT,
        **words,
    )


def _again(refusal: Refusal, kind: str, target: str, act: str) -> Response:
    return target_page(kind, target, act, refusal)


@bp.post(f"{ROOT}/<any(units,sections,posts,staff):kind>/<target>/<act>")
@shown_again_by(_again)
def do(kind: str, target: str, act: str) -> Redirect:
    """Carry out an act; leads to the page of what it made, or back. Raises NotFound for no act of ours."""
    admin.ensure_administrator(identity())
    wanted = ACTS.get((kind, act))
    if wanted is None:
        raise NotFound()
    first = make_first_password(tools()) if wanted.takes_password else None
    sent = submission(forms.sent(forms.kind_of(kind, act), posted()))
    done = carry_out_unit(acting(kind, act, target, identity(), first), sent)
    place = "#secrets-title" if wanted.takes_password else ""
    return redirect(f"{ROOT}/{wanted.leads_to}/{done.resource_id}{place}", 303)


@bp.get(f"{ROOT}/<any(units,sections,posts,staff):kind>/<target>/<path:rest>")
def back(kind: str, target: str, rest: str) -> Redirect:
    """Where a form was sent is no page."""
    del rest
    return redirect(f"{ROOT}/{kind}/{target}", 303)


def _unit(work: Work, who: Identity, target: str) -> tuple[str, dict[str, Any], Forms]:
    unit = admin.find_unit(work, who, target)
    words = {
        "unit": {
            "id": unit.id,
            "name": unit.name,
            "organ_label": unit.organ_type.label,
            "measure": unit.measure.value,
            "measure_label": unit.measure.label,
            "parent": ref(unit.parent),
            "address": unit.address,
            "complaint_phone": unit.complaint_phone,
            "is_active": unit.is_active,
        },
        "is_hung": admin.is_hung_by(work, who, unit),
        "levels": five_levels(work, unit),
        "disabled": shown.disabled_people(work, unit),
        "units": shown.unit_options(work, who, unit),
        "all_units": shown.unit_options(work, who),
        "sections": shown.section_options(work, unit),
        "people": shown.people_options(work, unit),
        "words": _words(may_lead=admin.may_make_lead_office(unit, admin.administered(work, who))),
    }
    filled = {
        "name": unit.name,
        "organ_type": unit.organ_type.value,
        "parent": unit.parent_id or "",
        "closes_at": f"{unit.closes_at:%H:%M}" if unit.closes_at else "",
        "address": unit.address,
        "complaint_phone": unit.complaint_phone,
    }
    page_forms = {"change": blank(None, **filled), "add": blank(parent=unit.id, measure=unit.measure.value)}
    page_forms |= {name: blank() for name in ("close", "section", "post", "staff")}
    return "staff/organisation/unit.html", words, page_forms if unit.is_active else {}


def _section(work: Work, who: Identity, target: str) -> tuple[str, dict[str, Any], Forms]:
    section = admin.find_section(work, who, target)
    words = {"section": shown.section_shape(work, section), "words": _words()}
    change = blank(name=section.name, kind=section.kind.value)
    if section.is_dedicated:
        change["values"]["is_dedicated"] = "true"
    page_forms = {"change": change, "close": blank()} if section.is_active else {}
    return "staff/organisation/section.html", words, page_forms


def _post(work: Work, who: Identity, target: str) -> tuple[str, dict[str, Any], Forms]:
    post = admin.find_post(work, who, target)
    words = {"post": shown.post_shape(work, post), "people": shown.people_options(work, post.unit)}
    keepers = {"holder": post.holder_id or ""}
    keepers |= {f"deputy_{place}": one.staff_id for place, one in enumerate(post.deputies[:2], 1)}
    page_forms = {
        "place": blank(location=post.location, phone=post.phone),
        "keepers": blank(None, **keepers),
        "sign": blank(location=post.location),
        "retire": blank(),
        "close": blank(),
    }
    return "staff/organisation/post.html", words, page_forms if post.is_active else {}


def _staff(work: Work, who: Identity, target: str) -> tuple[str, dict[str, Any], Forms]:
    staff = admin.find_staff(work, who, target)
    is_oneself = staff.id == who.staff_id
    moving_to = _moving_to(work, who, staff)
    words = {
        "person": shown.staff_shape(work, staff),
        "is_oneself": is_oneself,
        "units": shown.unit_options(work, who),
        "to": blank(to=moving_to.id),
        "is_moving": "to" in request.args,
        "places": shown.place_options(work, moving_to),
        "heirs": shown.people_options(work, staff.unit, staff),
        "sections": shown.section_options(work, staff.unit),
        "words": _words(may_lead=admin.may_make_lead_office(staff.unit, admin.administered(work, who))),
    }
    page_forms: Forms = {}
    if staff.is_active:
        page_forms = {name: blank() for name in ("reset", "absence", "back", "cancel")}
        page_forms["change"] = blank(name=staff.name, employment=staff.employment.value)
    if not is_oneself:
        others = ("move", "disable", "grant", "revoke") if staff.is_active else ("restore",)
        page_forms |= {name: blank() for name in others}
    return "staff/organisation/person.html", words, page_forms


def _moving_to(work: Work, who: Identity, staff: Staff) -> Unit:
    """The unit that was chosen for a move, or that a refused form names; until then the one the person is in."""
    named = request.args.get("to") or posted().get("place", "").partition("/")[0]
    try:
        return admin.chosen_unit(work, who, named, "/to")
    except FieldInvalid:
        return staff.unit


_PAGES: Mapping[str, Target] = {"units": _unit, "sections": _section, "posts": _post, "staff": _staff}


def _words(*, may_lead: bool = False) -> dict[str, Any]:
    """Every vocabulary of these pages as options; what makes a lead office only for who may."""
    return {
        "organ_types": _options(OrganType),
        "measures": [{"value": one.value, "label": one.label} for one in Measure],
        "section_kinds": [{"value": one.value, "label": one.label} for one in SectionKind],
        "post_kinds": _options(PostKind, None if may_lead else PostKind.OVERSIGHT),
        "employments": _options(Employment),
        "roles": _options(Role, None if may_lead else Role.OVERSEER),
    }


def _options(word: type[Word], but: Word | None = None) -> list[shown.Group]:
    return [(None, [(one.value, one.label) for one in word if one is not but])]
