"""Files that people upload: kept in memory, and refused before they are read when too large."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler


class BoundedUploads(MemoryFileUploadHandler):
    """Takes no request larger than any other body may be: `MINGA_BODY_LIMIT_BYTES`."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Refuse before the first byte is read."""
        if content_length > settings.BODY_LIMIT_BYTES:
            raise RequestDataTooBig("The files are too large together.")
        super().handle_raw_input(input_data, META, content_length, boundary, encoding)
