"""科室负责人意见 and 分管领导意见 (泸 附件2): who signs which line. Nothing ever waits for them."""

from __future__ import annotations

from backend.domain.identity import NEVER_HOLDERS, Identity
from backend.domain.vocabulary import Role
from backend.domain.vocabulary_ledger import SignOffRole

MOST_AT_ONCE = 200
"""How many lines are signed at one stroke."""

_SIGNERS = (
    Role.SECTION_HEAD,
    Role.DEPUTY_LEADER,
    Role.PRINCIPAL_LEADER,
    Role.GENERAL_POST,
    Role.DISCIPLINE,
)


def signs_at_all(identity: Identity) -> bool:
    """Whether any line could be this person's to sign."""
    return identity.holds(*_SIGNERS) and not identity.holds(*NEVER_HOLDERS)


def may_sign(identity: Identity, role: SignOffRole, unit_id: str, section_id: str | None) -> bool:
    """Whether the person signs a line of this place in this role.

    A section's line: its head; the 分管领导 it is assigned to, in whose place the 主要领导 may sign. A line of the
    总台账 alone has no head: the general post and discipline, who keep it, sign there, and the 主要领导.
    """
    if role is SignOffRole.SECTION_HEAD:
        if section_id is None:
            return unit_id in identity.units_with(Role.GENERAL_POST, Role.DISCIPLINE)
        return section_id in identity.sections_with(Role.SECTION_HEAD)
    if section_id is not None and section_id in identity.sections_with(Role.DEPUTY_LEADER):
        return True
    return unit_id in identity.units_with(Role.PRINCIPAL_LEADER)
