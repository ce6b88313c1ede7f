"""Refresh or check the third-party front-end files in `ui/static/vendor/`.

    python scripts/vendor.py            take the locked versions from npm and verify every hash
    python scripts/vendor.py --accept   after editing a version in vendor.lock: record the new hashes
    python scripts/vendor.py --check    verify the files that are here; touches no network

`vendor.lock` names for each package its version, licence and files. A file is kept byte for byte, except that the
`sourceMappingURL` line is dropped (the maps are not kept, and hashed static files may not point at a missing one).
The Tabler icons become one SVG sprite of the icons listed in the lock.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).resolve().parent.parent / "src/chengyun/ui/static/vendor"
LOCK = VENDOR / "vendor.lock"
SOURCE_MAP = re.compile(rb"\n?(//|/\*)# sourceMappingURL=[^\n]*")


def main() -> None:
    lock = json.loads(LOCK.read_text())
    if "--check" in sys.argv:
        finish(changed_files(lock))
    accept = "--accept" in sys.argv
    wrong = [fault for package in lock["packages"] for fault in refresh(package, accept=accept)]
    if accept:
        LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")
    finish(wrong)


def finish(wrong: list[str]) -> None:
    for fault in wrong:
        print(fault, file=sys.stderr)
    sys.exit(1 if wrong else 0)


def changed_files(lock: dict[str, Any]) -> list[str]:
    """What differs between the lock and the files that are here."""
    wrong = []
    for entry in (entry for package in lock["packages"] for entry in package["files"]):
        path = VENDOR / entry["file"]
        if not path.is_file():
            wrong.append(f"{entry['file']}: missing")
        elif sha256(path.read_bytes()) != entry["sha256"]:
            wrong.append(f"{entry['file']}: differs from vendor.lock")
    return wrong


def refresh(package: dict[str, Any], *, accept: bool) -> list[str]:
    """Write the files of one package; a file whose hash is not the locked one is left alone and reported."""
    with tempfile.TemporaryDirectory() as folder:
        root = unpack(package, Path(folder))
        wrong = []
        for entry in package["files"]:
            content = sprite(root, package["icons"]) if "icons" in package and not entry["from"] else kept(root, entry)
            digest = sha256(content)
            if accept:
                entry["sha256"] = digest
            elif digest != entry["sha256"]:
                wrong.append(f"{wanted(package)} {entry['file']}: hash {digest} is not the locked one")
                continue
            target = VENDOR / entry["file"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    return wrong


def unpack(package: dict[str, Any], folder: Path) -> Path:
    """npm checks the archive against the registry's integrity hash; ours are checked by `refresh`."""
    subprocess.run(["npm", "pack", "--silent", wanted(package)], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as content:
        content.extractall(folder, filter="data")
    return folder / "package"


def wanted(package: dict[str, Any]) -> str:
    return f"{package['name']}@{package['version']}"


def kept(root: Path, entry: dict[str, str]) -> bytes:
    return SOURCE_MAP.sub(b"", (root / entry["from"]).read_bytes())


def sprite(root: Path, icons: list[str]) -> bytes:
    """One SVG with a <symbol> per outline icon, drawn with the colour of the text around it."""
    symbols = [symbol(name, (root / "icons/outline" / f"{name}.svg").read_text()) for name in sorted(icons)]
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n").encode()


def symbol(name: str, svg: str) -> str:
    strokes = re.findall(r"<(?:path|circle|rect|line|polyline|ellipse)[^>]*/>", svg)
    drawn = "".join(" ".join(stroke.split()) for stroke in strokes if 'stroke="none" d="M0 0h24v24H0z"' not in stroke)
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        f' stroke-linecap="round" stroke-linejoin="round">{drawn}</symbol>'
    )


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    main()
