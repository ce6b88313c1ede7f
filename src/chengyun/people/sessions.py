"""Sessions in the database as Django keeps them, looked up by a statement put together once."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from chengyun.core.db.asked import Asked

BY_KEY = Asked(lambda key: Session.objects.filter(session_key=key), str)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        found = BY_KEY.first(self.session_key.replace("\x00", "")) if self.session_key else None
        if found is None or found.expire_date <= timezone.now():
            self._session_key = None
            return None
        return found
