from __future__ import annotations

import pytest

from tests.support import rows


@pytest.mark.parametrize("kind", ["staff", "citizen", "tracking", "guest"])
def test_a_session_belongs_to_someone(session, office, refused, kind):
    with refused("ck_sessions_belongs_to_someone"):
        rows.access_session(session, office.clerk, kind=kind, staff_id=None)


def test_a_token_opens_one_session(session, office, refused):
    first = rows.access_session(session, office.clerk)
    with refused("uq_sessions_token_hash", "sessions.token_hash"):
        rows.access_session(session, office.clerk, token_hash=first.token_hash)


def test_an_owner_uses_a_key_once(session, refused):
    first = rows.idempotency_key(session)
    session.expunge_all()
    with refused("pk_idempotency_keys", "idempotency_keys.owner, idempotency_keys.key_hash"):
        rows.idempotency_key(session, key_hash=first.key_hash)
    rows.idempotency_key(session, key_hash=first.key_hash, owner="someone else")
