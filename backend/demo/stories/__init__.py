"""The inquiries of the demo, each told from its filing to where it stands now."""

from __future__ import annotations

from backend.demo.stories.jintan_closed import JINTAN_CLOSED
from backend.demo.stories.jintan_open import JINTAN_OPEN
from backend.demo.stories.jintan_statute import JINTAN_STATUTE
from backend.demo.stories.luzhou import LUZHOU

STORIES = (*JINTAN_OPEN, *JINTAN_CLOSED, *JINTAN_STATUTE, *LUZHOU)
