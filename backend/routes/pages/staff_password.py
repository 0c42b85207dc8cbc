"""`/staff/password`: choose one's own password; whoever signed in with a first one sees nothing else before."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, g, redirect
from werkzeug.wrappers import Response as Redirect

from backend.domain.errors import FieldInvalid
from backend.models import Staff
from backend.routes.pages import forms_organisation as forms
from backend.routes.pages.forms import Refusal, blank, refused, submission
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import open_reading, open_work
from backend.schemas.organisation import PasswordIn
from backend.services.signing_in import CredentialsWrong, check_password
from backend.services.staff_accounts import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    choose_password,
    ensure_good_password,
)
from backend.vault.passwords import hash_password

bp = APIBlueprint("staff_password_pages", __name__, enable_openapi=False)


def password_page(refusal: Refusal | None = None) -> Response:
    return render(
        "staff/password.html",
        refusal.status if refusal else 200,
        at="/staff/password",
        me=g.me,
        form=refused(forms.PASSWORD, refusal) if refusal else blank(),
        is_initial=access().must_choose_password,
        shortest=SHORTEST_PASSWORD,
        longest=LONGEST_PASSWORD,
        form_actions={"choose": "/staff/password", "logout": "/staff/logout"},
    )


@bp.get("/staff/password")
def ask() -> Response:
    return password_page()


@bp.post("/staff/password")
@shown_again_by(password_page)
def choose() -> Redirect:
    """Both passwords are hashed outside the writer's turn. Raises FieldInvalid."""
    data = PasswordIn().load(submission(forms.sent(forms.PASSWORD, posted())).data)
    if data["new_password"] != data["again"]:
        raise FieldInvalid("/again", "两遍写的不一样。")
    if data["new_password"] == data["old_password"]:
        raise FieldInvalid("/new_password", "新密码要和现在的不一样。")
    with open_reading(access().actor) as work:
        staff = work.session.get_one(Staff, identity().staff_id)
        ensure_good_password(staff, data["new_password"])
        try:
            check_password(work, username=staff.username, password=data["old_password"])
        except CredentialsWrong:
            raise FieldInvalid("/old_password", "现在的密码不对。") from None
    hashed = hash_password(data["new_password"])
    with open_work(access().actor) as work:
        staff = work.session.get_one(Staff, identity().staff_id)
        choose_password(work, staff, hashed, session_id=access().session_id)
    return redirect("/staff", 303)
