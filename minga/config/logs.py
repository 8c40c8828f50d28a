"""How the log writes a line."""

import logging
import re
from datetime import UTC, datetime

# A link that a form's token failed for is live still, and so is a key that a program put in a path.
SECRET = re.compile(r"(/sign-in/|minga_)[A-Za-z0-9_-]{16,}")


class UtcFormatter(logging.Formatter):
    """Writes times in UTC, whatever zone pages are shown in, and no secret that opens a door."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, with links and keys cut after what tells that they were there."""
        return SECRET.sub(r"\1…", super().format(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        """When it was logged, as ISO 8601 in UTC."""
        at = datetime.fromtimestamp(record.created, UTC)
        return at.strftime(datefmt) if datefmt else at.isoformat(timespec="milliseconds")
