"""What must be right before a server or worker may start."""

import shutil
from pathlib import Path

from chengyun.config import environment

# Below both, SQLite's log and uploads soon fail in the middle of somebody's work.
LEAST_FREE_BYTES = 512 * 1024 * 1024
LEAST_FREE_SHARE = 0.03


def secret_faults(secret_key: str, seal_key: str) -> list[str]:
    faults = []
    if secret_key == environment.DEFAULT_SECRET_KEY or len(secret_key) < 32:
        faults.append("生产环境不能使用默认或过短的 CHENGYUN_SECRET_KEY，请设置至少 32 个字符的随机值。")
    if seal_key == environment.DEFAULT_SEAL_KEY or len(seal_key) < 32:
        faults.append("生产环境不能使用默认或过短的 CHENGYUN_SEAL_KEY，请设置至少 32 个字符的随机值并在本机之外留存。")
    return faults


def disk_faults(directory: Path) -> list[str]:
    """An almost full disk, named with its place and what is left."""
    existing = next(folder for folder in (directory, *directory.parents) if folder.exists())
    usage = shutil.disk_usage(existing)
    if usage.free >= LEAST_FREE_BYTES and usage.free >= usage.total * LEAST_FREE_SHARE:
        return []
    return [f"磁盘快满了：{directory} 所在磁盘只剩 {usage.free // 1024 // 1024} MB，请先清理再启动。"]
