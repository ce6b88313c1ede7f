"""Copies of a living installation: made while it works, checked before they are trusted, laid out elsewhere.

A backup is a folder `chengyun-YYYYMMDDTHHMMSSZ` that appears whole, by one rename, or not at all.
"""

from chengyun.operations.backups.crypt import WrongPassphrase
from chengyun.operations.backups.making import back_up
from chengyun.operations.backups.manifest import BackupFault, Manifest
from chengyun.operations.backups.store import complete, moment_of, newest

__all__ = ["BackupFault", "Manifest", "WrongPassphrase", "back_up", "complete", "moment_of", "newest"]
