"""What the import pages send beside the file itself."""

from __future__ import annotations

from backend.domain.vocabulary_organisation import ImportKind
from backend.schemas.fields import Choice, In, Line


class ImportIn(In):
    kind = Choice(ImportKind, required=True)
    sha256 = Line(64)


class NothingIn(In):
    pass
