"""Chengyun 城运: the platform from which a Chinese county runs its streets."""

__version__ = "0.2.0.dev0"
