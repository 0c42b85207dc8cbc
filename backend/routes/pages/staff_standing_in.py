"""`/staff/absences`: AB岗 of the own posts: who is away, who stands in."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, g, redirect
from marshmallow import Schema
from werkzeug.wrappers import Response as Redirect

from backend.models import Post, Staff
from backend.queries.organisation import absences_of, people_groups, people_options
from backend.queries.people import place_name, ref
from backend.routes.pages import forms_organisation as forms
from backend.routes.pages.forms import FormKind, Refusal, blank, kept_words, refused, submission
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import open_reading
from backend.routes.unit_writes import UnitWrite, carry_out_unit
from backend.schemas.fields import Id, In
from backend.schemas.organisation import AbsenceIn
from backend.services import standing_in
from backend.services.administering import chosen_staff
from backend.services.work import Work

bp = APIBlueprint("staff_standing_in_pages", __name__, enable_openapi=False)

HOME = "/staff/absences"
ABSENCE = FormKind(("staff", *forms.ABSENCE.fields), {**forms.ABSENCE.asks, "staff": "请选择谁不在岗。"})
DEPUTIES = FormKind(("deputy_1", "deputy_2"), names={"/deputies": "deputy_1"})


class OwnAbsenceIn(AbsenceIn):
    staff = Id(required=True)


class DeputiesIn(In):
    deputy_1 = Id()
    deputy_2 = Id()


class BackIn(In):
    pass


@bp.get(HOME)
def show() -> Response:
    return standing_in_page()


@bp.get(f"{HOME}/posts/<post_id>")
def show_post(post_id: str) -> Response:
    """The same page with the deputies of one post to choose."""
    return standing_in_page(post_id)


def standing_in_page(
    name: str | None = None, kind: FormKind | None = None, refusal: Refusal | None = None
) -> Response:
    """Who is away now or soon, and the deputies of each post within reach; the refused form as it was filled in.

    `name` is the form that is shown or was refused: of a post, whose deputies only then can be chosen.
    """
    with open_reading(access().actor) as work:
        own = standing_in.own_posts(work, identity())
        posts = [_post(one) for one in own]
        chosen = next((one for one in own if one.id == name and _is_chosen_by_me(one)), None)
        choices = people_options(work, chosen.unit, chosen.holder) if chosen else []
        people = standing_in.people_of(work, identity())
        absences = absences_of(work, [one.id for one in people])
    away = [_away(one, absences[one.id]) for one in people if absences[one.id]]
    page_forms = {"absence": blank()} | {
        post["id"]: _deputies(post) for post in posts if post["id"] == name and post["may_choose"]
    }
    page_forms |= {f"back-{one['id']}": blank() for one in away}
    page_forms |= {f"cancel-{plan['id']}": blank() for one in away for plan in one["absences"]}
    is_open = name in page_forms
    if refusal is not None and name is not None and kind is not None and is_open:
        page_forms[name] = refused(kind, refusal)
    return render(
        "staff/absences.html",
        refusal.status if refusal else 200,
        at=HOME,
        me=g.me,
        forms=page_forms,
        posts=posts,
        choices=choices,
        people=people_groups(people),
        away=away,
        kept=kept_words() if refusal is not None and not is_open else [],
        problem=refusal.problem if refusal is not None and not is_open else None,
        form_actions={"absence": HOME, "logout": "/staff/logout"},
    )


def _absence_again(refusal: Refusal) -> Response:
    return standing_in_page("absence", ABSENCE, refusal)


@bp.post(HOME)
@shown_again_by(_absence_again)
def enter() -> Redirect:
    def act(work: Work, data: dict[str, Any]) -> str:
        return standing_in.enter_absence(
            work, identity(), data["staff"], starts_at=data["starts_at"], ends_at=data.get("ends_at")
        ).id

    carry_out_unit(_write("enter_absence", OwnAbsenceIn, act), submission(forms.sent(ABSENCE, posted())))
    return redirect(f"{HOME}#away-title", 303)


def _back_again(refusal: Refusal, staff_id: str) -> Response:
    return standing_in_page(f"back-{staff_id}", forms.NONE, refusal)


@bp.post(f"{HOME}/people/<staff_id>/back")
@shown_again_by(_back_again)
def come_back(staff_id: str) -> Redirect:
    def act(work: Work, _data: dict[str, Any]) -> str:
        return standing_in.enter_return(work, identity(), staff_id).id

    carry_out_unit(_write("enter_return", BackIn, act), submission({}))
    return redirect(f"{HOME}#away-title", 303)


def _cancel_again(refusal: Refusal, absence_id: str) -> Response:
    return standing_in_page(f"cancel-{absence_id}", forms.NONE, refusal)


@bp.post(f"{HOME}/plans/<absence_id>/cancel")
@shown_again_by(_cancel_again)
def cancel(absence_id: str) -> Redirect:
    """A planned absence will not be."""

    def act(work: Work, _data: dict[str, Any]) -> str:
        return standing_in.take_back_absence(work, identity(), absence_id).id

    carry_out_unit(_write("take_back_absence", BackIn, act), submission({}))
    return redirect(f"{HOME}#away-title", 303)


def _deputies_again(refusal: Refusal, post_id: str) -> Response:
    return standing_in_page(post_id, DEPUTIES, refusal)


@bp.post(f"{HOME}/posts/<post_id>")
@shown_again_by(_deputies_again)
def choose(post_id: str) -> Redirect:
    def act(work: Work, data: dict[str, Any]) -> str:
        post = standing_in.find_own_post(work, identity(), post_id)
        named = (chosen_staff(work, post.unit_id, data.get(name), f"/{name}") for name in DEPUTIES.fields)
        standing_in.choose_deputies(work, identity(), post, [one for one in named if one is not None])
        return post.id

    carry_out_unit(_write("choose_deputies", DeputiesIn, act), submission(forms.sent(DEPUTIES, posted())))
    return redirect(f"{HOME}#posts-title", 303)


@bp.get(f"{HOME}/<path:rest>")
def back(rest: str) -> Redirect:
    """Where a form was sent is no page."""
    del rest
    return redirect(HOME, 303)


def _write(name: str, schema: type[Schema], act: Any) -> UnitWrite:
    return UnitWrite(name, schema, act, lambda _work, _row_id: {}, lambda _work: None)


def _is_chosen_by_me(post: Post) -> bool:
    return standing_in.may_choose_deputies(identity(), post)


def _post(post: Post) -> dict[str, Any]:
    return {
        "id": post.id,
        "label": f"{post.section.name} {post.kind.label}" if post.section else post.kind.label,
        "holder": ref(post.holder),
        "deputies": [ref(one.staff) for one in post.deputies],
        "may_choose": _is_chosen_by_me(post),
    }


def _away(staff: Staff, absences: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": staff.id,
        "name": staff.name,
        "where": place_name(staff.unit, staff.section),
        "absences": absences,
        "is_away": any(one["runs"] for one in absences),
    }


def _deputies(post: dict[str, Any]) -> dict[str, Any]:
    named = {f"deputy_{place}": one["id"] for place, one in enumerate(post["deputies"][:2], 1)}
    return blank(None, **named)
