"""身份: who has several roles may look at the lists of one at a time. What they may do is always all of it together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Response, redirect, request

from backend.domain.identity import Identity
from backend.domain.vocabulary import Role
from backend.routes.installation import settings

COOKIE = "shouwen_acting"
ALL = "all"


def chosen_role(identity: Identity) -> Role | None:
    """The role whose lists this browser shows; None for all, and for one the person does not hold any more."""
    name = request.cookies.get(COOKIE)
    return next((role for role in roles_of(identity) if role.value == name), None)


def narrowed(identity: Identity) -> Identity:
    """The person as the lists see them. Only lists: every page and every act goes by the whole of their rights."""
    role = chosen_role(identity)
    if role is None:
        return identity
    return replace(identity, grants=tuple(grant for grant in identity.grants if grant.role is role))


def roles_of(identity: Identity) -> list[Role]:
    """The roles a person holds, each once."""
    held = {grant.role for grant in identity.grants}
    return [role for role in Role if role in held]


def role_links(identity: Identity) -> list[dict[str, Any]]:
    """What the switch offers; nothing to whoever has one role only."""
    roles = roles_of(identity)
    if len(roles) < 2:
        return []
    chosen = chosen_role(identity)
    one_by_one = [{"label": role.label, "value": role.value, "current": role is chosen} for role in roles]
    choices = [{"label": "全部", "value": ALL, "current": chosen is None}, *one_by_one]
    return [choice | {"href": f"/staff?{urlencode({'acting': choice['value']})}"} for choice in choices]


def switch() -> Response | None:
    """`?acting=` is remembered and leads back to the lists; whatever is no role means all of them."""
    name = request.args.get("acting")
    if name is None:
        return None
    response = redirect("/staff", 303)
    if name in {role.value for role in Role}:
        response.set_cookie(
            COOKIE, name, secure=settings().cookie_secure, httponly=True, samesite="Lax", path="/staff"
        )
    else:
        response.delete_cookie(
            COOKIE, secure=settings().cookie_secure, httponly=True, samesite="Lax", path="/staff"
        )
    return response  # type: ignore[return-value]
