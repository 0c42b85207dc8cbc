"""The local WeChat of `make run`: what it is told, where it is, and what the web server and the worker get to know.

It stands in for the real one only while no WECHAT_APP_ID is set. Its identity is made once and kept in
DATA_DIR/simulator.json, so that people keep their openid from one start to the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from backend.handout import read_handout, write_handout
from backend.preparing import Refused
from backend.settings import Settings
from backend.wechat.simulator.making import IDENTITY
from backend.wechat.simulator.starting import COMMAND
from backend.wechat.simulator.state import new_identity, template_id_of
from backend.wechat.templates import load_templates

APPS_FILE = "simulator.json"
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound to


@dataclass(frozen=True)
class Simulation:
    """The simulator as a child process. `environment` is for the others and holds the app's secrets."""

    command: tuple[str, ...]
    settings: Settings
    """Those of the installation, with the simulator's port."""
    url: str
    """Where people reach it."""
    phones_url: str
    environment: dict[str, str] = field(repr=False)


def simulate(settings: Settings) -> Simulation | None:
    """Write what the simulator is told at this start; None where a WeChat is set up. DATA_DIR is held by the caller.

    Raises Refused when there is no port after PORT.
    """
    if settings.wechat is not None:
        return None
    if settings.port == 65535:
        raise Refused("PORT 要小于 65535：模拟微信用它后面的一个端口")
    port = settings.port + 1
    path = settings.data_dir / APPS_FILE
    identity = _kept(read_handout(path)) or new_identity()
    templates = [
        {
            "key": template.key,
            "title": template.title,
            "fields": {each.key: each.keyword for each in template.fields},
            "id": template_id_of(identity["app_id"], template.key),
        }
        for template in load_templates().values()
    ]
    app = identity | {
        "callback_url": f"{_local(settings, settings.port)}/wechat/callback",
        "portal_url": settings.base_url,
        "mode": "safe",
        "format": "json",
        "templates": templates,
    }
    write_handout(path, {"apps": [app]})
    command = [*COMMAND, "--host", settings.host, "--port", str(port), "--apps", str(path)]
    if settings.clock_file:
        command += ["--clock-file", str(settings.clock_file)]
    url = _for_people(settings, port)
    return Simulation(
        tuple(command),
        replace(settings, port=port),
        url,
        f"{url}/phones/{identity['app_id']}",
        {
            "WECHAT_APP_ID": identity["app_id"],
            "WECHAT_APP_SECRET": identity["secret"],
            "WECHAT_PUSH_TOKEN": identity["push_token"],
            "WECHAT_AES_KEY": identity["aes_key"],
            "WECHAT_ORIGINAL_ID": identity["original_id"],
            "WECHAT_API_URL": _local(settings, port),
            "WECHAT_TEMPLATES": ",".join(f"{each['key']}={each['id']}" for each in templates),
        },
    )


def _kept(written: dict[str, object] | None) -> dict[str, str] | None:
    """The identity of the starts before; None when the file does not hold a whole one."""
    match written:
        case {"apps": [dict() as app]} if all(isinstance(app.get(name), str) for name in IDENTITY):
            return {name: app[name] for name in IDENTITY}
    return None


def _local(settings: Settings, port: int) -> str:
    host = _EVERYWHERE.get(settings.host, settings.host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _for_people(settings: Settings, port: int) -> str:
    """Beside the portal where that is reached without a proxy, else on this machine."""
    base = urlsplit(settings.base_url)
    if base.scheme == "http" and base.port == settings.port and base.hostname:
        host = f"[{base.hostname}]" if ":" in base.hostname else base.hostname
        return f"http://{host}:{port}"
    return _local(settings, port)
