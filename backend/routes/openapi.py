"""Complete the OpenAPI document: every refusal with its codes, the headers of writes, who may call."""

from __future__ import annotations

import re
from typing import Any

from apiflask import APIFlask

from backend.codes import CODES, FIELD_CODES
from backend.routes.documented import problems_by_status

BEARER = "bearer"
CITIZEN = "citizen"
TRACKING = ["tracking", CITIZEN]
"""Names of security schemes; of several one is enough: an inquiry opens to its capability and to who filed it."""
OPTIONAL_CITIZEN: list[str | dict[str, list[str]]] = [{}, CITIZEN]
"""Nobody in particular, or a citizen signed in."""

BINARY = {"type": "string", "format": "binary"}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "request_id", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "中文，说明接下来可以怎么做"},
        "code": {"type": "string", "enum": sorted(CODES)},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string", "enum": sorted(FIELD_CODES)},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def describe_api(app: APIFlask) -> None:
    """Register the finishing of the document."""
    app.config["AUTO_VALIDATION_ERROR_RESPONSE"] = False
    app.config["AUTO_AUTH_ERROR_RESPONSE"] = False
    app.config["AUTO_404_RESPONSE"] = False
    app.security_schemes = {
        BEARER: {"type": "http", "scheme": "bearer", "description": "工作人员的会话"},
        CITIZEN: {"type": "http", "scheme": "bearer", "description": "服务对象用微信登录的会话"},
        "tracking": {"type": "apiKey", "in": "header", "name": "X-Tracking-Token"},
    }

    @app.spec_processor
    def finish(spec: Any) -> Any:
        spec.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
        for rule in app.url_map.iter_rules():
            path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
            view = app.view_functions[rule.endpoint]
            for method in (rule.methods or set()) & {"GET", "POST", "PUT", "DELETE"}:
                operation = spec.get("paths", {}).get(path, {}).get(method.lower())
                if operation is not None:
                    _finish_operation(operation, view)
        return spec


def _finish_operation(operation: dict[str, Any], view: Any) -> None:
    for name, description, required in getattr(view, "header_parameters", ()):
        operation.setdefault("parameters", []).append(
            {
                "name": name,
                "in": "header",
                "required": required,
                "description": description,
                "schema": {"type": "string"},
            }
        )
    if hasattr(view, "bare_answer"):
        status, media = view.bare_answer
        content = {"content": {kind: {"schema": BINARY} for kind in media}} if media else {}
        operation["responses"] = {str(status): {"description": "Successful response", **content}}
        if getattr(view, "later_answer", None):
            schema = {"$ref": f"#/components/schemas/{view.later_answer}"}
            made_later = {
                "description": "由后台任务生成",
                "content": {"application/json": {"schema": schema}},
            }
            operation["responses"]["202"] = made_later
    for status, codes in problems_by_status(getattr(view, "problem_codes", ())).items():
        operation["responses"][str(status)] = {
            "description": "；".join(f"{code}（{CODES[code].title}）" for code in codes),
            "content": {
                "application/problem+json": {
                    "schema": {
                        "allOf": [
                            {"$ref": "#/components/schemas/Problem"},
                            {"type": "object", "properties": {"code": {"enum": codes}}},
                        ]
                    }
                }
            },
        }
