"""Every errcode of the calls we make has a word and a remedy, the one its endpoint means."""

from __future__ import annotations

import re

import pytest

from backend.wechat.gateway import endpoints
from backend.wechat.gateway.errcodes import AT_MINI_CODE, AT_PHONE, AT_TOKEN, ERRCODES, UNKNOWN
from backend.wechat.gateway.problems import Remedy

DOCUMENTED = {
    endpoints.TOKEN: {
        Remedy.LATER: [-1],
        Remedy.OPERATOR: [
            40001, 40002, 40013, 40125, 40164, 40243, 41002, 41004, 43002, 50004, 50007, 89503, 89506, 89507, 77777
        ],
        Remedy.NEXT_MINUTE: [45011],
        Remedy.NEXT_DAY: [45009],
    },
    endpoints.SIGN_IN: {
        Remedy.LATER: [-1, 77777],
        Remedy.SIGN_IN_AGAIN: [40029, 40163, 41008],
        Remedy.PERMANENT: [40226],
        Remedy.OPERATOR: [40013, 40125, 40164, 41002, 50007],
        Remedy.NEXT_MINUTE: [45011],
    },
    endpoints.PHONE: {
        Remedy.LATER: [-1, 40001, 40014, 42001],
        Remedy.SIGN_IN_AGAIN: [40013, 40029, 40163],
        Remedy.NEXT_MINUTE: [45011],
        Remedy.OPERATOR: [48001],
    },
    endpoints.SEND: {
        Remedy.LATER: [-1, 40001, 40014, 41001, 42001, 43107, 43108, 77777],
        Remedy.CONSENT: [43101],
        Remedy.PERMANENT: [40003, 40037, 41030, 45168, 47001, 47003],
        Remedy.OPERATOR: [40013, 40164, 48001, 50007],
        Remedy.NEXT_MINUTE: [45011, 44991],
        Remedy.NEXT_DAY: [45009],
    },
    endpoints.MINI_CODE: {
        Remedy.LATER: [-1, 40001],
        Remedy.PERMANENT: [40097, 40129, 40169, 41030, 85096],
        Remedy.NEXT_MINUTE: [45009],
    },
    endpoints.CHECK_TEXT: {
        Remedy.LATER: [-1, 40001],
        Remedy.PERMANENT: [40003, 40129, 43002, 43104, 44002, 45002, 47001, 61010],
        Remedy.NEXT_MINUTE: [44991],
        Remedy.NEXT_DAY: [45009],
    },
    endpoints.CHECK_MEDIA: {
        Remedy.LATER: [-1, 40001],
        Remedy.PERMANENT: [40003, 40004, 43104, 61010, 87020],
        Remedy.NEXT_MINUTE: [44991],
        Remedy.NEXT_DAY: [45009],
    },
}  # fmt: skip


@pytest.mark.parametrize("endpoint", DOCUMENTED, ids=lambda endpoint: endpoint.path)
def test_an_errcode_asks_for_what_its_endpoint_means(endpoint):
    remedies = DOCUMENTED[endpoint]
    assert {code: endpoint.meaning(code)[1] for codes in remedies.values() for code in codes} == {
        code: remedy for remedy, codes in remedies.items() for code in codes
    }


def test_our_words_are_words_and_each_has_one_remedy():
    table = [*ERRCODES.values(), *AT_TOKEN.values(), *AT_PHONE.values(), *AT_MINI_CODE.values(), UNKNOWN]
    assert [word for word, _ in table if not re.fullmatch(r"[a-z]+(_[a-z]+)*", word)] == []
    assert len(dict(table)) == len(set(table))


def test_no_errcode_leaves_in_doubt_what_wechat_has_answered():
    assert Remedy.UNSURE not in {remedy for _, remedy in ERRCODES.values()}


def test_only_the_call_for_a_token_turns_the_unknown_into_the_operators_matter():
    assert {endpoint.path for endpoint in DOCUMENTED if endpoint.unknown != UNKNOWN} == {endpoints.TOKEN.path}
