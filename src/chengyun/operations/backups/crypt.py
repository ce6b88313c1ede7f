"""Encryption of a backup's files with a passphrase: scrypt, then AES-256-GCM in numbered pieces.

Each piece of a megabyte has its own nonce (7 random bytes of the file, a counter, a mark of the last), as in STREAM
(Hoang, Reyhanitabar, Rogaway, Vizár 2015): pieces cannot be changed, exchanged, repeated or cut off unnoticed.
"""

from __future__ import annotations

import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _

from chengyun.operations.backups.manifest import BackupFault

PIECE = 1024 * 1024
TAG = 16
PREFIX = 7
LEAST_PASSPHRASE = 12
COST = {"n": 2**15, "r": 8, "p": 1}
CHECK = b"chengyun backup"


class WrongPassphrase(BackupFault):
    pass


class Cipher:
    """`parameters` go into the manifest; they hold no secret."""

    def __init__(self, passphrase: str, parameters: dict[str, Any]) -> None:
        salt = b64decode(parameters["salt"])
        key = Scrypt(salt=salt, length=32, **parameters["cost"]).derive(passphrase.encode())
        self.parameters = parameters
        self._aead = AESGCM(key)

    @classmethod
    def new(cls, passphrase: str) -> Cipher:
        if len(passphrase) < LEAST_PASSPHRASE:
            raise BackupFault(
                _("备份口令太短，CHENGYUN_BACKUP_PASSPHRASE 至少 %(n)d 个字符。") % {"n": LEAST_PASSPHRASE}
            )
        made = cls(passphrase, {"salt": b64encode(secrets.token_bytes(16)).decode(), "cost": COST})
        nonce = secrets.token_bytes(12)
        check = nonce + made._aead.encrypt(nonce, CHECK, b"check")
        made.parameters = {**made.parameters, "check": b64encode(check).decode()}
        return made

    @classmethod
    def of(cls, passphrase: str, parameters: dict[str, Any]) -> Cipher:
        """Raises WrongPassphrase when this is not the passphrase that made the backup."""
        made, check = cls(passphrase, parameters), b64decode(parameters["check"])
        try:
            made._aead.decrypt(check[:12], check[12:], b"check")
        except InvalidTag as error:
            raise WrongPassphrase(_("备份口令不对，请检查 CHENGYUN_BACKUP_PASSPHRASE。")) from error
        return made

    def encrypt(self, source: IO[bytes], target: IO[bytes]) -> None:
        prefix = secrets.token_bytes(PREFIX)
        target.write(prefix)
        self._each_piece(source, target, PIECE, prefix, self._aead.encrypt)

    def decrypt(self, source: IO[bytes], target: IO[bytes]) -> None:
        prefix = source.read(PREFIX)
        try:
            self._each_piece(source, target, PIECE + TAG, prefix, self._aead.decrypt)
        except (InvalidTag, ValueError) as error:
            raise BackupFault(_("备份内容已损坏或被改动，不能解密。")) from error

    def _each_piece(
        self,
        source: IO[bytes],
        target: IO[bytes],
        size: int,
        prefix: bytes,
        work: Callable[[bytes, bytes, None], bytes],
    ) -> None:
        number, piece = 0, source.read(size)
        while True:
            following = source.read(size)
            nonce = prefix + number.to_bytes(4, "big") + bytes([not following])
            target.write(work(nonce, piece, None))
            if not following:
                return
            number, piece = number + 1, following


def copy(source: Path, target: Path, transform: Callable[[IO[bytes], IO[bytes]], None]) -> None:
    """Through `transform` into `target`, which appears whole and durable or not at all."""
    draft = target.with_name(target.name + ".part")
    with source.open("rb") as content, os.fdopen(_create(draft), "wb") as out:
        transform(content, out)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(target)


def plainly(source: IO[bytes], target: IO[bytes]) -> None:
    while piece := source.read(PIECE):
        target.write(piece)


def _create(file: Path) -> int:
    return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
