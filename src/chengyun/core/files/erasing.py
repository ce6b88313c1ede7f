"""Files in history: a commitment to their content, and erasing them without breaking the chain."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction

from chengyun.core.file_models import StoredFile
from chengyun.core.files.storing import forget_content, open_original, original_path
from chengyun.core.history.personal import Held, PersonalHolder, commitments


def commitments_of(files: Sequence[StoredFile]) -> dict[str, dict[str, str]]:
    """What a chained row keeps of files in its `data["commitments"]`."""
    return {file.key: commitments(file.salt, {"sha256": file.sha256}) for file in files}


def read(keys: Sequence[str]) -> Mapping[str, Held]:
    numbers = [int(key.partition(":")[2]) for key in keys]
    return {file.key: (file.salt, _values(file)) for file in StoredFile.objects.filter(pk__in=numbers)}


def remove(key: str) -> None:
    file = StoredFile.objects.select_for_update().get(pk=int(key.partition(":")[2]))
    file.salt = file.name = file.device = ""
    file.lon = file.lat = file.taken_at = None
    file.save(update_fields=["salt", "name", "device", "lon", "lat", "taken_at"])
    # Bytes go last and only when the erasure is certain; left-over bytes are no harm, lost ones are.
    transaction.on_commit(lambda: forget_content(file.sha256))


def damaged() -> Iterator[StoredFile]:
    """Files whose bytes are lost or are not those of their hash; reads every file, so it takes its time."""
    for file in StoredFile.objects.exclude(salt="").order_by("id").iterator(chunk_size=500):
        if not original_path(file.sha256).exists() or _hash_of(file) != file.sha256:
            yield file


def _hash_of(file: StoredFile) -> str:
    with open_original(file) as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _values(file: StoredFile) -> dict[str, str]:
    is_there = not file.is_erased and original_path(file.sha256).exists()
    return {"sha256": file.sha256} if is_there else {}


HOLDER = PersonalHolder("file", read, remove)
