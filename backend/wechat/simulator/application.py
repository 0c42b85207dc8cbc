"""The Flask application of the simulator: WeChat's addresses, the admin API, the phone pages."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from backend.wechat.simulator.admin import admin_routes
from backend.wechat.simulator.api import Api
from backend.wechat.simulator.phones import phone_routes
from backend.wechat.simulator.pushing import Pusher
from backend.wechat.simulator.serving import DROP, HANG_SECONDS, LARGEST_BODY
from backend.wechat.simulator.state import World


def create_simulator(world: World) -> Flask:
    """Put it together. Starts nothing."""
    app = Flask("backend.wechat.simulator", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    pusher = Pusher(world)
    api = Api(world, pusher)
    app.register_blueprint(admin_routes(world, pusher))
    app.register_blueprint(phone_routes(world, pusher))

    @app.route("/cgi-bin/<path:_rest>", methods=["GET", "POST"])
    @app.route("/sns/<path:_rest>", methods=["GET", "POST"])
    @app.route("/wxa/<path:_rest>", methods=["GET", "POST"])
    @app.route("/wxaapi/<path:_rest>", methods=["GET", "POST"])
    def wechat(_rest: str) -> Response:
        reply = api.handle(
            request.method,
            request.path,
            request.args.to_dict(),
            request.get_data(),
            request.remote_addr or "",
        )
        if reply.ends:
            request.environ[DROP] = reply.ends
            request.environ[HANG_SECONDS] = reply.hang_seconds
        return Response(reply.body, reply.status, reply.headers, content_type=reply.content_type)

    @app.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> Any:
        if request.path.startswith("/phones"):
            return render_template("error.html"), error.code or 500
        return jsonify(error=error.name), error.code or 500

    return app
