from __future__ import annotations

from chengyun.taxonomy import registers

DECLARATIONS: list[object] = [*registers.DECLARATIONS]
