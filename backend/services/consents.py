"""Keep the vouchers: what people agreed to receive, what was used up, and what WeChat says is not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from backend.domain.consents import PAIRED_WITHIN, Told, Voucher, is_accepted, twin_of
from backend.domain.vocabulary_contact import ConsentSource
from backend.models import Consent, WechatAccount
from backend.models.types import new_id
from backend.services.work import Work

# Written out, not bound: only then can the partial index be used (performance.md section 3).
_FREE = "spent_at IS NULL AND voided_at IS NULL"


def record_results(
    work: Work,
    account_id: str,
    results: Mapping[str, str],
    source: ConsentSource,
    long_term: frozenset[str],
    *,
    at: datetime | None = None,
) -> None:
    """Write down what somebody answered to WeChat's prompt, by our key of the template; `at` is when, else now.

    The mini program and WeChat tell of the same tap: the second report is paired with the first and counts no more.
    A long-term consent stands once. Only acceptance changes anything; a refusal in the settings is `void_free`.
    """
    moment = at or work.now
    accepted = sorted(key for key, result in results.items() if is_accepted(result))
    if not accepted:
        return
    # One after the other for one person, so that two reports at once cannot both be the first.
    work.session.get_one(WechatAccount, account_id, with_for_update={"key_share": True})
    lasting = _lasting(work.session, account_id, accepted)
    for key in accepted:
        twin = twin_of(source, moment, _told(work.session, account_id, key, moment))
        if twin is not None:
            work.session.execute(update(Consent).where(Consent.id == twin.id).values(paired_at=moment))
        elif key not in long_term or key not in lasting:
            work.session.add(
                Consent(
                    id=new_id(),
                    account_id=account_id,
                    template=key,
                    source=source,
                    is_long_term=key in long_term,
                    granted_at=moment,
                )
            )
    work.session.flush()


def free_vouchers(
    session: Session, account_ids: Iterable[str], long_term: frozenset[str]
) -> dict[str, dict[str, list[Voucher]]]:
    """What can be used, by account and template, oldest first; one statement.

    A template that became long-term, or stopped being so, is another template to WeChat: older consents do not count.
    """
    rows = session.execute(
        select(Consent.account_id, Consent.id, Consent.template, Consent.is_long_term)
        .where(Consent.account_id.in_(set(account_ids)), text(_FREE))
        .order_by(Consent.granted_at, Consent.id)
    )
    found: dict[str, dict[str, list[Voucher]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.is_long_term == (row.template in long_term):
            found[row.account_id][row.template].append(Voucher(row.id, row.template, row.is_long_term))
    return found


def spend(session: Session, consent_ids: Iterable[str], now: datetime) -> None:
    """These vouchers were used by messages that went out. One that is void meanwhile, or long-term, stays as it is."""
    session.execute(
        update(Consent)
        .where(Consent.id.in_(set(consent_ids)), text(_FREE), ~Consent.is_long_term)
        .values(spent_at=now)
        .execution_options(synchronize_session=False)
    )


def void_free(session: Session, account_id: str, template_key: str, now: datetime) -> None:
    """Nothing is left of this template: refused in the settings, or WeChat answered 43101."""
    session.execute(
        update(Consent)
        .where(Consent.account_id == account_id, Consent.template == template_key, text(_FREE))
        .values(voided_at=now)
        .execution_options(synchronize_session=False)
    )


def messages_left(
    session: Session, account_id: str, templates: Iterable[str], long_term: frozenset[str]
) -> dict[str, int]:
    """How many messages may still be sent by each of these templates; a long-term consent counts as one."""
    free = free_vouchers(session, [account_id], long_term).get(account_id, {})
    return {key: len(free.get(key, ())) for key in templates}


def _lasting(session: Session, account_id: str, templates: Iterable[str]) -> set[str]:
    """Those of the templates that a live long-term consent stands for."""
    rows = session.scalars(
        select(Consent.template).where(
            Consent.account_id == account_id,
            Consent.template.in_(templates),
            Consent.is_long_term,
            text(_FREE),
        )
    )
    return set(rows)


def _told(session: Session, account_id: str, template: str, at: datetime) -> list[Told]:
    """What only one side has reported around this moment."""
    rows = session.execute(
        select(Consent.id, Consent.source, Consent.granted_at).where(
            Consent.account_id == account_id,
            Consent.template == template,
            Consent.granted_at.between(at - PAIRED_WITHIN, at + PAIRED_WITHIN),
            Consent.paired_at.is_(None),
        )
    )
    return [Told(row.id, row.source, row.granted_at) for row in rows]
