"""The ledger as a Word file from a template an office can edit. Only a printing process loads this."""

from __future__ import annotations

import io
from typing import Any
from zipfile import BadZipFile

from docx.exceptions import PythonDocxError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from backend.exports.printing_terms import TemplateBroken
from backend.exports.word_mark import marked

_BROKEN = (TemplateError, PythonDocxError, BadZipFile, SyntaxError, ValueError, KeyError, OSError)
"""What a file that is no Word file, or says what cannot be filled in, comes to."""


class _Template(ImmutableSandboxedEnvironment):
    """What a template names is what the document has under that name, never a method of Python's (`cover.copy`)."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


def book(document: dict[str, Any], template: bytes) -> bytes:
    """The filled template. What strangers wrote is text in it, whatever it looks like. Raises TemplateBroken."""
    # A template comes from the office, yet it is a program of a kind: it can look at the document and at nothing else.
    environment = _Template(autoescape=True, undefined=StrictUndefined)
    try:
        shown = _clean(document)
        word = DocxTemplate(io.BytesIO(marked(template) if shown["mark"] else template))
        word.render(shown, environment, autoescape=True)
        out = io.BytesIO()
        word.save(out)
    except _BROKEN as error:
        raise TemplateBroken(type(error).__name__) from error
    return out.getvalue()


def _clean(value: Any) -> Any:
    """Every text without what XML cannot hold or the template's library takes for a command (bell, form feed)."""
    if isinstance(value, str):
        return "".join(c for c in value if c in "\n\t" or (c >= " " and c not in "\ufffe\uffff\x7f"))
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return value
