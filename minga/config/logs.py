"""How the log writes a line."""

import logging
from datetime import UTC, datetime


class UtcFormatter(logging.Formatter):
    """Writes times in UTC, whatever zone pages are shown in."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        """When it was logged, as ISO 8601 in UTC."""
        at = datetime.fromtimestamp(record.created, UTC)
        return at.strftime(datefmt) if datefmt else at.isoformat(timespec="milliseconds")
