"""The uploaded files. Each lies under its hash and never changes: one that an earlier backup holds is linked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from chengyun.core.files.storing import original_path
from chengyun.operations.backups import crypt
from chengyun.operations.backups.crypt import Cipher
from chengyun.operations.backups.manifest import Kept, kept

FOLDER = "files"
ENCRYPTED = ".enc"


class Keeper:
    """Puts originals into a backup. `earlier`: folders of other backups on the same disk, and what is known of them."""

    def __init__(self, folder: Path, earlier: Iterable[Path], known: dict[str, Kept], cipher: Cipher | None) -> None:
        self.folder = folder
        self.earlier = list(earlier)
        self.known = known
        self.cipher = cipher
        self.missing: list[str] = []

    def keep(self, hashes: Iterable[str]) -> Iterator[Kept]:
        for sha256 in sorted(hashes):
            path = path_of(sha256, encrypted=self.cipher is not None)
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if target.exists() or self._link(path, target) or self._copy(sha256, target):
                yield self.known.get(path) or kept(self.folder, path)

    def _link(self, path: str, target: Path) -> bool:
        for folder in self.earlier:
            try:
                os.link(folder / path, target)
            except OSError:  # not there, or another disk, or one that knows no links
                continue
            return True
        return False

    def _copy(self, sha256: str, target: Path) -> bool:
        try:
            crypt.copy(original_path(sha256), target, self.cipher.encrypt if self.cipher else crypt.plainly)
        except FileNotFoundError:
            self.missing.append(sha256)
            return False
        return True


def path_of(sha256: str, *, encrypted: bool) -> str:
    return f"{FOLDER}/{sha256[:2]}/{sha256}{ENCRYPTED if encrypted else ''}"


def hash_of(path: str) -> str:
    return Path(path).name.removesuffix(ENCRYPTED)


def original_in(media: Path, sha256: str) -> Path:
    """Where another installation, with its files under `media`, looks for it."""
    return media / "originals" / sha256[:2] / sha256[2:4] / sha256
