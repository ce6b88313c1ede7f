"""Personal data as those see it who need not know it (DESIGN §8)."""

from __future__ import annotations


def masked_name(name: str) -> str:
    """张三丰 → 张**"""
    return name[:1] + "*" * (len(name) - 1)


def masked_phone(phone: str) -> str:
    """13812345678 → 138****5678; shorter numbers keep their last two digits."""
    if len(phone) >= 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(len(phone) - 2, 0) + phone[-2:]
