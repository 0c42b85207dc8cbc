"""The admin API: what a test or the supervisor does to the simulated world. The package's docstring lists it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from backend.wechat.simulator.accounts import new_code
from backend.wechat.simulator.content import PLATFORM
from backend.wechat.simulator.faults import new_fault
from backend.wechat.simulator.making import AskedWrongly, change_app, make_app
from backend.wechat.simulator.messages import PromptRefused, answer_prompt, withdraw
from backend.wechat.simulator.pushing import Push, Pusher, verification, verify_callback
from backend.wechat.simulator.state import App, Message, Person, World
from backend.wechat.simulator.tokens import spoil

LONGEST_WAIT = 30.0
DEFAULT_PHONE = "13800138000"
_LOCAL = frozenset({"127.0.0.1", "::1"})


def admin_routes(world: World, pusher: Pusher) -> Blueprint:
    """Routes under `/_admin`, for this machine only."""
    admin = Blueprint("admin", __name__, url_prefix="/_admin")

    @admin.before_request
    def only_from_here() -> None:
        if request.remote_addr not in _LOCAL or request.headers.get("Sec-Fetch-Site") == "cross-site":
            abort(403)

    @admin.errorhandler(ValueError)
    def refuse(error: ValueError) -> tuple[Response, int]:
        return jsonify(error=str(error)), 400

    @admin.errorhandler(PromptRefused)
    def refuse_prompt(error: PromptRefused) -> tuple[Response, int]:
        return jsonify(error=str(error), errCode=error.code), 400

    _app_routes(admin, world)
    _people_routes(admin, world, pusher)
    _record_routes(admin, world)
    _push_routes(admin, world, pusher)

    @admin.post("/clock")
    def set_clock() -> Any:
        asked = _asked("now", "offset_seconds")
        with world.changed:
            if "now" in asked:
                world.clock.stop_at(_moment(asked["now"]))
            else:
                world.clock.shift(float(asked.get("offset_seconds", 0)))
            return {"now": world.clock.now().isoformat()}

    return admin


def _app_routes(admin: Blueprint, world: World) -> None:
    @admin.post("/apps")
    def add_app() -> Any:
        app = make_app(_asked())
        with world.changed:
            world.add(app)
        return {
            "app_id": app.app_id,
            "secret": app.secret,
            "push_token": app.push_token,
            "aes_key": app.aes_key,
            "original_id": app.original_id,
            "templates": {template.key: template.id for template in app.templates.values()},
        }

    @admin.patch("/apps/<app_id>")
    def patch_app(app_id: str) -> Any:
        with world.changed:
            change_app(_app(world, app_id), _asked())
        return {}

    @admin.delete("/apps/<app_id>")
    def remove_app(app_id: str) -> Any:
        with world.changed:
            world.remove(_app(world, app_id))
        return {}

    @admin.post("/apps/<app_id>/tokens/expire")
    def expire_tokens(app_id: str) -> Any:
        asked = _asked("dead")
        with world.changed:
            spoil(_app(world, app_id), world, world.clock.now(), dead=bool(asked.get("dead")))
        return {}

    @admin.post("/apps/<app_id>/faults")
    def add_fault(app_id: str) -> Any:
        fault = new_fault(_asked())
        with world.changed:
            _app(world, app_id).faults.append(fault)
        return {}

    @admin.delete("/apps/<app_id>/faults")
    def clear_faults(app_id: str) -> Any:
        with world.changed:
            _app(world, app_id).faults.clear()
        return {}

    @admin.post("/apps/<app_id>/quotas")
    def set_quota(app_id: str) -> Any:
        asked = _asked("path", "minute", "day")
        with world.changed:
            limits = (int(asked.get("minute", 10**9)), int(asked.get("day", 10**9)))
            _app(world, app_id).limits[asked["path"]] = limits
        return {}


def _people_routes(admin: Blueprint, world: World, pusher: Pusher) -> None:
    def person_route(act: str) -> Callable[[Callable[[App, Person, dict[str, Any]], Any]], None]:
        def register(do: Callable[[App, Person, dict[str, Any]], Any]) -> None:
            def view(app_id: str, name: str) -> Any:
                asked = _asked()
                with world.changed:
                    app = _app(world, app_id)
                    return do(app, app.person(name), asked) or {}

            admin.add_url_rule(f"/apps/<app_id>/people/<name>/{act}", act, view, methods=["POST"])

        return register

    @person_route("login")
    def login(app: App, person: Person, _asked: dict[str, Any]) -> Any:
        person.last_visit = world.clock.now()
        return {"js_code": new_code(app.login_codes, person, world.clock.now())}

    @person_route("phone")
    def phone(app: App, person: Person, asked: dict[str, Any]) -> Any:
        person.phone = asked.get("phone") or person.phone or DEFAULT_PHONE
        return {"code": new_code(app.phone_codes, person, world.clock.now())}

    @person_route("visit")
    def visit(_app: App, person: Person, _asked: dict[str, Any]) -> None:
        person.last_visit = world.clock.now()

    @person_route("block")
    def block(_app: App, person: Person, asked: dict[str, Any]) -> None:
        person.is_blocked = bool(asked.get("blocked", True))

    @person_route("subscriptions")
    def subscriptions(app: App, person: Person, asked: dict[str, Any]) -> Any:
        answer_prompt(world, pusher, app, person, asked.get("results") or {})
        return {"errMsg": "requestSubscribeMessage:ok"} | asked["results"]

    @person_route("withdraw")
    def refuse(app: App, person: Person, asked: dict[str, Any]) -> None:
        withdraw(world, pusher, app, person, asked.get("templates") or list(app.templates))

    @admin.get("/apps/<app_id>/people/<name>")
    def show_person(app_id: str, name: str) -> Any:
        with world.changed:
            person = _app(world, app_id).person(name)
            wanted = request.args.get("messages", 0, int)
            world.changed.wait_for(lambda: len(person.messages) >= wanted, _patience())
            return {
                "openid": person.openid,
                "credits": {one: count for one, count in person.credits.items() if count},
                "long_term": sorted(person.long_term),
                "messages": [described(message) for message in person.messages],
            }


def _record_routes(admin: Blueprint, world: World) -> None:
    @admin.get("/apps/<app_id>/requests")
    def show_requests(app_id: str) -> Any:
        path = request.args.get("path")
        with world.changed:
            found = [entry for entry in _app(world, app_id).requests if path in {None, entry["path"]}]
            return jsonify(found)

    @admin.delete("/apps/<app_id>/requests")
    def forget_requests(app_id: str) -> Any:
        with world.changed:
            _app(world, app_id).requests.clear()
        return {}

    @admin.get("/apps/<app_id>/pushes")
    def show_pushes(app_id: str) -> Any:
        wanted = request.args.get("done", 0, int)
        with world.changed:
            app = _app(world, app_id)
            world.changed.wait_for(lambda: sum(push.is_done for push in app.pushes) >= wanted, _patience())
            return jsonify([push.described() for push in app.pushes])


def _push_routes(admin: Blueprint, world: World, pusher: Pusher) -> None:
    @admin.post("/apps/<app_id>/push")
    def push(app_id: str) -> Any:
        asked = _asked(
            "event", "person", "openid", "list", "fields", "times", "bad_signature", "at", "spaced_keys", "send", "replay"
        )  # fmt: skip
        with world.changed:
            app = _app(world, app_id)
            made = (
                _pushed_before(app, asked["replay"]) if "replay" in asked else _new_push(pusher, app, asked)
            )
        if asked.get("send", True):
            pusher.send(app, made, int(asked.get("times", 1)))
        with world.changed:
            return made.described()

    @admin.post("/apps/<app_id>/verify")
    def verify(app_id: str) -> Any:
        with world.changed:
            app = _app(world, app_id)
            query = verification(app, world.clock.now())
        return verify_callback(app, query)


def _new_push(pusher: Pusher, app: App, asked: dict[str, Any]) -> Push:
    if not asked.get("event"):
        raise AskedWrongly("a push has an event")
    openid = asked.get("openid") or (app.person(asked["person"]).openid if asked.get("person") else PLATFORM)
    return pusher.make(
        app,
        asked["event"],
        openid,
        asked.get("list"),
        asked.get("fields"),
        at=_moment(asked["at"]) if asked.get("at") else None,
        bad_signature=bool(asked.get("bad_signature")),
        spaced=bool(asked.get("spaced_keys")),
    )


def _pushed_before(app: App, push_id: str) -> Push:
    found = next((push for push in app.pushes if push.id == push_id), None)
    if found is None:
        raise AskedWrongly("no such push")
    return found


def described(message: Message) -> dict[str, Any]:
    """A message as the admin API shows it."""
    return {
        "id": message.id,
        "template_id": message.template_id,
        "title": message.title,
        "data": message.data,
        "page": message.page,
        "at": message.at.isoformat(),
        "state": message.state,
    }


def _app(world: World, app_id: str) -> App:
    found = world.apps.get(app_id)
    if found is None:
        abort(404)
    return found


def _asked(*known: str) -> dict[str, Any]:
    asked = request.get_json(force=True, silent=True) if request.get_data() else {}
    if not isinstance(asked, dict):
        raise AskedWrongly("a JSON object, please")
    if known and (unknown := set(asked) - set(known)):
        raise AskedWrongly(f"unknown: {', '.join(sorted(unknown))}")
    return asked


def _patience() -> float:
    return min(max(request.args.get("seconds", 0.0, float), 0.0), LONGEST_WAIT)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise AskedWrongly("a time with its offset, please")
    return moment
