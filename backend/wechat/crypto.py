"""What WeChat pushes to us: its signatures, its encryption, its JSON and XML. Raises PushRefused and nothing else."""

from __future__ import annotations

import base64
import hmac
import json
import re
import secrets
from typing import Any, Final
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.crypto import WeChatCipher
from wechatpy.crypto.pkcs7 import PKCS7Encoder
from wechatpy.utils import WeChatSigner

BLOCK: Final = 32
"""Bytes WeChat pads to, though the cipher's own block is 16."""
_RANDOM: Final = 16
_LENGTH: Final = 4
_XML: Final = re.compile(r"\s*(?:<\?xml[^<>]*\?>)?\s*<xml>")
"""How a push begins. A document type can only stand before the first element, so there is none behind this."""


class PushRefused(Exception):
    """What arrived is not from WeChat, not for us, or not what it should be. Says nothing of its content."""


def signature(token: str, *parts: str) -> str:
    """WeChat's signature: SHA-1 over the sorted parts and the push token, in hexadecimal."""
    signer = WeChatSigner()
    signer.add_data(token, *parts)
    return str(signer.signature)


def verify(given: str | None, token: str, *parts: str | None) -> None:
    """Compare a signature with what it should be, in constant time. Raises PushRefused, also without a token."""
    if not token or not isinstance(given, str) or not all(isinstance(part, str) and part for part in parts):
        raise PushRefused("not signed")
    try:
        expected = signature(token, *(part for part in parts if part))
        same = hmac.compare_digest(expected.encode(), given.encode())
    except UnicodeEncodeError:
        same = False
    if not same:
        raise PushRefused("wrong signature")


class PushCipher:
    """Opens and seals pushes of one mini program; raises PushRefused when the EncodingAESKey is none."""

    def __init__(self, app_id: str, token: str, aes_key: str) -> None:
        key = _from_base64(aes_key + "=")
        if len(key) != BLOCK:
            raise PushRefused("no EncodingAESKey")
        self._app_id = app_id.encode()
        self._token = token
        self._cipher = WeChatCipher(key)

    def __repr__(self) -> str:
        return f"<PushCipher {self._app_id.decode()}>"

    def open(self, encrypt: str, timestamp: str, nonce: str, msg_signature: str) -> bytes:
        """The message inside, once its signature and its addressee are right. Raises PushRefused."""
        verify(msg_signature, self._token, timestamp, nonce, encrypt)
        sealed = _from_base64(encrypt)
        if not sealed or len(sealed) % BLOCK:
            raise PushRefused("not whole blocks")
        content = _unpadded(self._cipher.decrypt(sealed))
        start = _RANDOM + _LENGTH
        end = start + int.from_bytes(content[_RANDOM:start])
        # The rest must be the addressee, so a length that is cut off or points anywhere else is refused with it.
        if not hmac.compare_digest(content[end:], self._app_id):
            raise PushRefused("for another mini program")
        return content[start:end]

    def seal(self, plain: bytes, timestamp: str, nonce: str) -> tuple[str, str]:
        """The encrypted message and its signature, as WeChat would send or read them."""
        content = secrets.token_bytes(_RANDOM) + len(plain).to_bytes(_LENGTH) + plain + self._app_id
        encrypt = base64.b64encode(self._cipher.encrypt(PKCS7Encoder.encode(content))).decode()
        return encrypt, signature(self._token, timestamp, nonce, encrypt)


def parse_push(body: bytes, content_type: str = "") -> dict[str, Any]:
    """The fields of a push in JSON or XML (what stands inside `<xml>`), names without the spaces WeChat leaves.

    XML comes with every number as text, and one item of a list as itself. Raises PushRefused for anything else.
    """
    try:
        text = body.decode()
        is_xml = "xml" in content_type.lower() or text.lstrip().startswith("<")
        fields = _stripped(_from_xml(text) if is_xml else json.loads(text))
    except (ValueError, ExpatError, RecursionError):
        fields = None  # raised below: the parsers quote what they were given
    if not isinstance(fields, dict):
        raise PushRefused("not to be read")
    return fields


def _from_xml(text: str) -> object:
    if not _XML.match(text):
        raise ValueError("not a push")
    return xmltodict.parse(text)["xml"]


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key.strip(): _stripped(inner) for key, inner in value.items()}
    return [_stripped(inner) for inner in value] if isinstance(value, list) else value


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def _unpadded(padded: bytes) -> bytes:
    """PKCS#7 in blocks of 32. Raises PushRefused."""
    count = padded[-1]
    if not 1 <= count <= BLOCK or padded[-count:] != bytes([count]) * count:
        raise PushRefused("wrong padding")
    return padded[:-count]
