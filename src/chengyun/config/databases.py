"""Django's settings for a database, from its address."""

from typing import Any

from chengyun.config import environment


def settings_for(url: str) -> dict[str, Any]:
    """Django's settings for `sqlite:PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME`."""
    address = environment.database_address(url)
    if address.engine == "sqlite":
        return {
            "ENGINE": "chengyun.core.db.sqlite",
            "NAME": address.name,
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.name,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": address.port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c jit=off"},
    }
