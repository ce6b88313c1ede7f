"""Every change of a case, one verb per function."""
