"""What `chengyun doctor` looks at. A check yields findings; each says one thing and, where it is wrong, one remedy."""

from chengyun.operations.checks.finding import Finding, Level
from chengyun.operations.checks.rounds import examine

__all__ = ["Finding", "Level", "examine"]
