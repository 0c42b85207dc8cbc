"""What WeChat pushes, written as JSON or XML: JSON flattens and its `List` of one is an object, XML nests and repeats."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

WRAPPERS = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
    "subscribe_msg_sent_event": "SubscribeMsgSentEvent",
}
Items = Sequence[Mapping[str, str]]


def event_json(
    head: Mapping[str, Any], items: Items | None, fields: Mapping[str, Any], *, spaced: bool = False
) -> bytes:
    """A JSON body. `spaced`: keys with a space before them, as in some of WeChat's own."""
    whole: dict[str, Any] = {**head, **fields}
    if items is not None:
        whole["List"] = dict(items[0]) if len(items) == 1 else [dict(item) for item in items]
    if spaced:
        whole = {f" {key}": value for key, value in whole.items()}
    return json.dumps(whole, ensure_ascii=False).encode()


def event_xml(head: Mapping[str, Any], items: Items | None, fields: Mapping[str, Any]) -> bytes:
    """An XML body; the items of a subscription event stand within an element named for the event."""
    inner = _elements({**head, **fields})
    if items is not None:
        wrapper = WRAPPERS.get(str(head.get("Event")), "Event")
        inner += f"<{wrapper}>{''.join(f'<List>{_elements(item)}</List>' for item in items)}</{wrapper}>"
    return f"<xml>{inner}</xml>".encode()


def _elements(fields: Mapping[str, Any]) -> str:
    return "".join(_element(key, value) for key, value in fields.items())


def _element(key: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return f"<{key}>{_elements(value)}</{key}>"
    if isinstance(value, list | tuple):
        return "".join(_element(key, one) for one in value)
    if isinstance(value, int):
        return f"<{key}>{value}</{key}>"
    text = str(value)
    return f"<{key}><![CDATA[{text}]]></{key}>" if "]]>" not in text else f"<{key}>{escape(text)}</{key}>"
