"""The secrets of authenticators at rest: encrypted under a key made from the installation's secret.

Whoever steals the database alone (a backup, a replica) gets no codes out of it. Django's own key is not used itself:
HKDF gives one of its own for this purpose. A changed CHENGYUN_SECRET_KEY makes the stored secrets unreadable; the
security administrator then removes the second factor of whoever has one (docs/operations.md).
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(secret: bytes) -> bytes:
    return _box().encrypt(secret)


def unseal(sealed: bytes | memoryview) -> bytes | None:
    """None when it was sealed under another installation's secret."""
    try:
        return _box().decrypt(bytes(sealed))
    except InvalidToken:
        return None


def _box() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"chengyun second factor").derive(
        settings.SECRET_KEY.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))
