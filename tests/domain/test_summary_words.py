"""What of a summary can be looked for."""

from __future__ import annotations

import pytest

from backend.domain.summary_words import contains, folded, pairs


def test_spaces_and_signs_do_not_count_and_wide_and_capital_forms_are_one() -> None:
    assert folded("咨询 ＡＢＣ（1２）号、证") == "咨询abc12号证"


def test_every_two_neighbours_once_in_order() -> None:
    assert pairs("开面馆，开面") == ["开面", "面馆", "馆开"]


@pytest.mark.parametrize("text", ["", "证", "？！", "证。"])
def test_fewer_than_two_characters_give_nothing_to_look_for(text: str) -> None:
    assert pairs(text) == []


def test_the_wanted_characters_stand_one_after_the_other() -> None:
    assert contains("咨询开面馆的执照材料", "面馆 的执照")
    assert not contains("咨询开面馆的执照材料", "面馆执照")
