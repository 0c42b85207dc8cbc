"""Keep the number another system gave, sealed, and found again by a blind index."""

from __future__ import annotations

from backend.domain.external_numbers import ExternalGiven, fold_external
from backend.models import ExternalNumber, Inquiry, InquiryText
from backend.services.texts import store_text
from backend.services.work import Tools, Work

INDEX = "external_no"


def external_index(tools: Tools, number: str) -> str:
    """The blind index of a number as anybody may write it."""
    return tools.index.index(INDEX, fold_external(number))


def keep_external(work: Work, inquiry: Inquiry, given: ExternalGiven) -> dict[str, tuple[InquiryText, str]]:
    """Seal number and basis. Returns the texts with their commitments, for the entry of the filing."""
    texts = {"external_no": store_text(work, inquiry, "external_no", given.number)}
    if given.basis is not None:
        texts["external_basis"] = store_text(work, inquiry, "external_basis", given.basis)
    basis = texts.get("external_basis")
    work.session.add(
        ExternalNumber(
            inquiry_id=inquiry.id,
            text_id=texts["external_no"][0].id,
            number_index=external_index(work.tools, given.number),
            due_at=given.due_at,
            basis_text_id=basis[0].id if basis else None,
        )
    )
    work.session.flush()
    return texts
