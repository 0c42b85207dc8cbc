"""更正首问类别: what may be changed, who may release a complaint, and which limits fall away with the category."""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.errors import FieldInvalid, IllegalTransition
from backend.domain.states import Step
from backend.domain.vocabulary import Category, Channel, PostKind, Role, Source, Status, Strictness

RELEASING_POSTS = frozenset({PostKind.DISCIPLINE, PostKind.GENERAL, PostKind.OVERSIGHT})
RELEASING_ROLES = frozenset({Role.DISCIPLINE, Role.GENERAL_POST, Role.OVERSEER, Role.PRINCIPAL_LEADER})
"""Who may say of a complaint that it is none: the posts that complaints go to, and the head they fall to last."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an inquiry is classified now."""

    category: Category
    channel: Channel
    source: Source
    status: Status


def check_change(now: Standing, category: Category, channel: Channel | None, *, names_subject: bool) -> None:
    """Whether the inquiry can be classified like this. `channel` None leaves it as it is.

    首问方式 is corrected only from 其他 to 来访, of what was filed by a sign: somebody stood there after all.
    Raises FieldInvalid, and IllegalTransition for a complaint out of a joint handling, which other units can read.
    """
    is_corrected = channel is not None and channel is not now.channel
    if category is now.category and not is_corrected:
        raise FieldInvalid("/category", "类别没有变化，请选择更正后的类别。")
    if is_corrected and not may_correct_channel(now.channel, now.source, to=channel):
        raise FieldInvalid("/channel", "首问方式只能把扫码提交的“其他”更正为“来访”。")
    if names_subject and not becomes_complaint(now.category, category):
        raise FieldInvalid("/about", "只有更正为投诉才填写投诉对象。")
    if becomes_complaint(now.category, category) and now.status is Status.JOINT:
        raise IllegalTransition(
            "其他单位正在共同办理，不能更正为投诉；请群众另行投诉。",
            status=now.status.value,
            step=Step.CLASSIFY.value,
        )


def may_correct_channel(channel: Channel, source: Source, *, to: Channel | None = Channel.VISIT) -> bool:
    """Whether 首问方式 may be corrected: from 其他 to 来访, of what was filed by scanning a sign."""
    return source is Source.SIGN and channel is Channel.OTHER and to is Channel.VISIT


def becomes_complaint(old: Category, new: Category) -> bool:
    """Whether the change makes it a complaint, and so confidential (design 4)."""
    return new is Category.COMPLAINT and old is not Category.COMPLAINT


def falls_away(strictness: Strictness, *, binds: bool) -> bool:
    """Whether a running limit ends when the category changes; `binds`: its duty binds the new category as well.

    No running must, and nothing 即时, is ever shed by classifying anew. A promise was made for its category alone.
    """
    if strictness is Strictness.PROMISE:
        return True
    return strictness is Strictness.PRINCIPLE and not binds
