"""The simulated phones, for people: messages that open their page, templates to accept or refuse. No JavaScript."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, quote

from flask import Blueprint, Response, abort, redirect, render_template, request, send_from_directory, url_for
from werkzeug.wrappers import Response as Redirect

import backend.portal
from backend.wechat.simulator.accounts import new_code
from backend.wechat.simulator.messages import PromptRefused, answer_prompt
from backend.wechat.simulator.pushing import Pusher
from backend.wechat.simulator.state import LONG_TERM, App, Person, World

LONGEST_NAME = 20
PORTAL_STYLES = ("tokens.css", "portal.css", "chevron.svg", "favicon.svg")
_PORTAL_STATIC = f"{next(iter(backend.portal.__path__))}/static"
HEADERS = {
    # A tap leads to the portal, another origin.
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def phone_routes(world: World, pusher: Pusher) -> Blueprint:
    """Pages under `/phones`."""
    phones = Blueprint("phones", __name__, url_prefix="/phones")

    @phones.before_request
    def only_own_forms() -> None:
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
            abort(403)

    @phones.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    @phones.get("/static/<name>")
    def static(name: str) -> Response:
        folder = _PORTAL_STATIC if name in PORTAL_STYLES else f"{phones.root_path}/static"
        return send_from_directory(folder, name)

    @phones.get("/<app_id>")
    def show_all(app_id: str) -> str:
        return _list_of(_app(world, app_id))

    @phones.post("/<app_id>")
    def add(app_id: str) -> Redirect | tuple[str, int]:
        name = request.form.get("name", "").strip()
        with world.changed:
            app = _app(world, app_id)
            if not 0 < len(name) <= LONGEST_NAME or "/" in name:
                return _list_of(app, f"请写 1 到 {LONGEST_NAME} 个字，不要有斜杠"), 422
            app.person(name)
        return redirect(url_for("phones.show", app_id=app_id, name=name), 303)

    @phones.get("/<app_id>/<name>")
    def show(app_id: str, name: str) -> str:
        with world.changed:
            app = _app(world, app_id)
            return _phone(app, _person(app, name))

    @phones.post("/<app_id>/<name>/<any(accept, reject):result>")
    def answer(app_id: str, name: str, result: str) -> Redirect:
        with world.changed:
            app = _app(world, app_id)
            try:
                chosen = {request.form.get("template", ""): result}
                answer_prompt(world, pusher, app, _person(app, name), chosen)
            except PromptRefused:
                abort(404)
        return redirect(url_for("phones.show", app_id=app_id, name=name, _anchor="templates"), 303)

    @phones.post("/<app_id>/<name>/login")
    def login(app_id: str, name: str) -> str:
        with world.changed:
            app = _app(world, app_id)
            person = _person(app, name)
            person.last_visit = world.clock.now()
            return _phone(app, person, new_code(app.login_codes, person, world.clock.now()))

    return phones


def page_address(app: App, page: str) -> str | None:
    """Where the portal shows what this page of the mini program shows; None when it has nothing like it."""
    path, _, query = page.partition("?")
    target = app.options.pages.get(path)
    if target is None or not app.portal_url:
        return None
    given = {key: quote(values[0], safe="") for key, values in parse_qs(query).items()}
    try:
        return app.portal_url + target.format_map(given)
    except KeyError:
        return None


def moment(at: datetime) -> str:
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def _list_of(app: App, error: str = "") -> str:
    people = [
        {"name": person.name, "count": len(person.messages), "url": _url(app, person)}
        for person in app.people.values()
    ]
    return render_template("phones.html", app=app, people=people, error=error)


def _phone(app: App, person: Person, js_code: str = "") -> str:
    messages = [
        {
            "title": message.title,
            "lines": [
                (app.templates[message.template_id].fields[key], text) for key, text in message.data.items()
            ],
            "at": moment(message.at),
            "iso": message.at.isoformat(),
            "url": page_address(app, message.page),
        }
        for message in reversed(person.messages)
    ]
    templates: list[dict[str, Any]] = [
        {
            "id": template.id,
            "title": template.title,
            "is_long_term": template.type == LONG_TERM,
            "is_allowed": template.id in person.long_term,
            "credits": person.credits[template.id],
        }
        for template in app.templates.values()
    ]
    return render_template(
        "phone.html", app=app, person=person, messages=messages, templates=templates, js_code=js_code
    )


def _url(app: App, person: Person) -> str:
    return url_for("phones.show", app_id=app.app_id, name=person.name)


def _app(world: World, app_id: str) -> App:
    found = world.apps.get(app_id)
    if found is None:
        abort(404)
    return found


def _person(app: App, name: str) -> Person:
    found = app.people.get(name)
    if found is None:
        abort(404)
    return found
