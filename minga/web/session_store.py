"""Where sessions are kept: a row each, found by a hash of the cookie, gone after 30 idle minutes.

Django's own store of sessions in the database, but for three things: the table holds no cookie
that still opens something, a session nobody used for `SESSION_IDLE_SECONDS` is over, and the row
says whose it is, so that he can see his sessions and end them.
"""

from __future__ import annotations

import contextlib
import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.db import transaction

from minga.core.problems import StorageFull
from minga.store import world
from minga.store.people.models import Session

SEEN_IS_NOTED_EVERY = timedelta(minutes=1)
ABOUT = "about"
"""Where a session's data say whose it is and since when: the values of the row's columns."""


def row_of(cookie: str) -> str:
    """The key of the row for this cookie."""
    return hashlib.blake2b(cookie.encode(), digest_size=20).hexdigest()


class SessionStore(db.SessionStore):
    """One browser's session."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table of sessions."""
        return Session

    def exists(self, session_key: str) -> bool:
        """Whether this cookie has a row, even one that is over."""
        return Session.objects.filter(session_key=row_of(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        """End the session of this cookie, or this one."""
        cookie = session_key or self.session_key
        if cookie is not None:
            Session.objects.filter(session_key=row_of(cookie)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row as it is to be stored. Whoever is writing is seen now."""
        about = dict(data.get(ABOUT, {}))
        begun = about.pop("begun_at", None)
        if begun is not None:
            about["begun_at"] = datetime.fromisoformat(begun)
        cookie = self._get_or_create_session_key()  # type: ignore[attr-defined] # not in the stubs
        return Session(
            session_key=row_of(cookie),
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            **about,
        )

    def cycle_key(self) -> None:
        """The same session under another cookie. For a moment both rows stand: ids differ too."""
        if ABOUT in self:
            self[ABOUT] = {**self[ABOUT], "uuid": str(world.random_uuid())}
        super().cycle_key()

    def note_seen(self) -> None:
        """Remember that the session is in use, once a minute at most."""
        row, now = self.row, world.now()
        if row is None or now - row.seen_at < SEEN_IS_NOTED_EVERY:
            return
        with contextlib.suppress(StorageFull), transaction.atomic():
            Session.objects.filter(pk=row.pk).update(seen_at=now)
        row.seen_at = now

    def _get_session_from_db(self) -> Session | None:
        now = world.now()
        idle_since = now - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
        self.row = Session.objects.filter(
            session_key=row_of(self.session_key or ""), expire_date__gt=now, seen_at__gt=idle_since
        ).first()
        if self.row is None:
            self._session_key = None
        return self.row
