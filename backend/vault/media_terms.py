"""What the media cleaner and its child process agree on: limits, refusals and the frame of an answer.

Like ``media_child``, ``media_picture`` and ``media_pdf`` it imports nothing of ours, so that the child stays small.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

TYPE_NOT_ALLOWED: Final = "type_not_allowed"
IMAGE_TOO_LARGE: Final = "image_too_large"
MEDIA_DAMAGED: Final = "media_damaged"
PDF_ENCRYPTED: Final = "pdf_encrypted"
MEDIA_TOO_COMPLEX: Final = "media_too_complex"
REFUSALS: Final = frozenset(
    {TYPE_NOT_ALLOWED, IMAGE_TOO_LARGE, MEDIA_DAMAGED, PDF_ENCRYPTED, MEDIA_TOO_COMPLEX}
)

# The child's answer: magic, whether it is a refusal, length of what follows (the code or the clean bytes).
FRAME: Final = struct.Struct(">4s?I")
MAGIC: Final = b"SWM1"
EXIT_NOT_READY: Final = 3


class MediaRefused(Exception):
    """The file is not taken; ``code`` is one of ``REFUSALS``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """What one file may cost. Sizes in bytes, times in seconds, edges in pixels.

    ``memory_bytes`` is the child's whole address space. WebP has a limit of its own because its decoder holds four
    copies of the picture.
    """

    max_pixels: int = 50_000_000
    max_webp_pixels: int = 24_000_000
    max_edge: int = 4096
    max_pages: int = 200
    max_inflated_bytes: int = 512 * 1024 * 1024
    max_output_bytes: int = 16 * 1024 * 1024
    memory_bytes: int = 512 * 1024 * 1024
    cpu_seconds: int = 8
    wall_seconds: float = 10.0
    patience_seconds: float = 5.0


DEFAULT = MediaLimits()
