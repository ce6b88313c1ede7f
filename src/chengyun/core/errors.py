"""Errors for users, named by what the reader does next.

UserError        4xx; the words or the input are wrong, nothing was changed
├── NotAllowed   403; somebody else may
├── NotFound     404; there is no such thing, or it is not yours to see
├── Conflict     409; somebody was faster, look again
└── NotReady     503; it is being made, look again in some minutes
"""

from __future__ import annotations

from django.utils.functional import Promise


class UserError(Exception):
    status = 400

    def __init__(self, message: str | Promise, *, field: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(UserError):
    status = 403


class NotFound(UserError):
    status = 404


class Conflict(UserError):
    status = 409


class NotReady(UserError):
    status = 503
