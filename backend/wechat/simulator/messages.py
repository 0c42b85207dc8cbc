"""Subscription messages: who has agreed to what, and a send that is refused for every reason WeChat has."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from backend.wechat.simulator.calls import Call
from backend.wechat.simulator.fields import check_data
from backend.wechat.simulator.pushing import Pusher
from backend.wechat.simulator.state import LONG_TERM, App, Message, Person, Refused, Template, World

STATES = frozenset({"formal", "trial", "developer"})
LANGUAGES = frozenset({"zh_CN", "en_US", "zh_HK", "zh_TW"})
_EXAMPLES = {"thing": "办理事项", "time": "2019年10月1日 15:01", "date": "2019年10月1日", "phrase": "已受理"}


class PromptRefused(Exception):
    """`wx.requestSubscribeMessage` fails on the phone; `code` is its errCode."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"requestSubscribeMessage:fail {text}")
        self.code = code


def answer_prompt(world: World, pusher: Pusher, app: App, person: Person, results: Mapping[str, str]) -> None:
    """The person taps through one prompt. Raises PromptRefused for a prompt the phone would not show."""
    if not results:
        raise PromptRefused(10001, "TmplIds can't be empty")
    if len(results) > app.options.prompt_limit:
        raise PromptRefused(20003, "Templates count out of max bounds")
    if unknown := [one for one in results if one not in app.templates]:
        raise PromptRefused(20001, f"No template data return, verify the template id exist {unknown[0]}")
    if len({app.templates[one].type for one in results}) > 1:
        raise PromptRefused(20002, "Templates type must be same")
    for one, result in results.items():
        if result == "accept":
            if app.templates[one].type == LONG_TERM:
                person.long_term.add(one)
            else:
                person.credits[one] += 1
        elif result != "reject":
            raise PromptRefused(10004, "a result is accept or reject")
    world.changed.notify_all()
    items = [
        {"TemplateId": one, "SubscribeStatusString": result, "PopupScene": "0"}
        for one, result in results.items()
    ]
    pusher.later(app, "subscribe_msg_popup_event", person.openid, items)


def withdraw(world: World, pusher: Pusher, app: App, person: Person, templates: Sequence[str]) -> None:
    """The person refuses templates in WeChat's settings; what was agreed to before is void."""
    for one in templates:
        person.credits.pop(one, None)
        person.long_term.discard(one)
    world.changed.notify_all()
    items = [{"TemplateId": one, "SubscribeStatusString": "reject"} for one in templates]
    pusher.later(app, "subscribe_msg_change_event", person.openid, items)


def send(call: Call, pusher: Pusher) -> dict[str, Any]:
    """`/cgi-bin/message/subscribe/send`. Gives up the world's lock while WeChat takes its time."""
    app, body = call.app, call.body
    person = app.of_openid(call.text("touser"))
    if person is None:
        raise Refused(40003, "invalid openid")
    template = app.templates.get(call.text("template_id"))
    if template is None:
        raise Refused(40037, "invalid template_id")
    data = check_data(tuple(template.fields), body.get("data"), template.enums)
    if any(word in text for text in data.values() for word in app.options.sensitive_words):
        raise Refused(45168, "sensitive word")
    page, state = call.text("page"), call.text("miniprogram_state") or "formal"
    if page and app.options.check_page and page.partition("?")[0].lstrip("/") not in app.options.pages:
        raise Refused(41030, "invalid page")
    if state not in STATES or (call.text("lang") or "zh_CN") not in LANGUAGES:
        raise Refused(40097, "invalid args")
    if app.options.send_banned or template.id in app.options.banned_templates:
        raise Refused(43107, "the template or the ability to send is banned")
    if person.is_being_sent_to:
        raise Refused(43108, "concurrent send to the same user")
    _take_time(call, person, app.options.send_seconds + call.delay_seconds)
    if template.id not in person.long_term:
        if person.credits[template.id] <= 0:
            raise Refused(43101, "user refuse to accept the msg")
        person.credits[template.id] -= 1
    number = call.world.next_number()
    person.messages.append(
        Message(
            str(number), template.id, template.title, data, page.lstrip("/"), call.world.clock.now(), state
        )
    )
    call.world.changed.notify_all()
    error = app.options.sent_error
    item = {
        "TemplateId": template.id,
        "MsgID": str(number),
        "ErrorCode": error,
        "ErrorStatus": "success" if error == "0" else "failed",
    }
    pusher.later(app, "subscribe_msg_sent_event", person.openid, [item])
    return {"msgid": number} if app.options.returns_msgid else {}


def _take_time(call: Call, person: Person, seconds: float) -> None:
    if seconds <= 0:
        return
    person.is_being_sent_to = True
    call.world.changed.release()
    try:
        time.sleep(seconds)
    finally:
        call.world.changed.acquire()
        person.is_being_sent_to = False


def list_templates(call: Call) -> dict[str, Any]:
    """`/wxaapi/newtmpl/gettemplate`."""
    return {"data": [_described(template) for template in call.app.templates.values()]}


def _described(template: Template) -> dict[str, Any]:
    lines = [(label, key) for key, label in template.fields.items()]
    shown: dict[str, Any] = {
        "priTmplId": template.id,
        "title": template.title,
        "content": "".join(f"{label}:{{{{{key}.DATA}}}}\n" for label, key in lines),
        "example": "".join(
            f"{label}:{_EXAMPLES.get(key.rstrip('0123456789'), '1')}\n" for label, key in lines
        ),
        "type": template.type,
    }
    if template.enums:
        shown["keywordEnumValueList"] = [
            {"keywordCode": f"{key}.DATA", "enumValueList": values} for key, values in template.enums.items()
        ]
    return shown
