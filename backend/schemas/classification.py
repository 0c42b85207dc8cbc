"""What staff send to correct 首问类别."""

from __future__ import annotations

from backend.domain.vocabulary import Category, Channel
from backend.schemas.fields import Choice, In, Inner, Paragraphs
from backend.schemas.inquiries import TEXT_LIMIT, AboutIn


class ClassificationIn(In):
    """The category it should have, and why. 首问方式 is corrected to 来访 only; `about` only for a complaint."""

    category = Choice(Category, required=True)
    channel = Choice(Channel, only=(Channel.VISIT, Channel.OTHER))
    reason = Paragraphs(TEXT_LIMIT, required=True)
    about = Inner(AboutIn)
