"""Logs: one line per request and event, JSON in production, key=value at a desk; never a person's data."""

import logging
import logging.config
import re
from pathlib import Path
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured
from structlog.typing import EventDict, Processor, WrappedLogger

from chengyun.operations.logfiles import DailyFile

# A mobile number, also as people group it, and a citizen's identity number, wherever they stand in a text.
PERSONAL_NUMBERS = re.compile(r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|\d{17}[\dXx])(?!\d)")
# Databases quote the row that they refuse.
QUOTED_ROW = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)
NOT_PLAIN = re.compile(r"[^ -~]+")
PERSONAL_KEYS = frozenset({"phone", "reporter", "reporter_name", "reporter_phone", "id_number", "password", "token"})
FIRST_KEYS = ["timestamp", "level", "logger", "event"]
LEVELS = frozenset({"DEBUG", "INFO", "WARNING", "ERROR"})


def mask_personal(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    if str(event.get("logger", "")).startswith("django."):
        # Django's own lines quote whole paths; a name in one is Chinese.
        event["event"] = NOT_PLAIN.sub("·", str(event["event"]))
    for key, value in event.items():
        if key in PERSONAL_KEYS:
            event[key] = "***"
        elif isinstance(value, str):
            event[key] = PERSONAL_NUMBERS.sub("***", QUOTED_ROW.sub(r"\1: ***", value))
    return event


def _before_rendering() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask_personal,
    ]


def _renderer(json: bool) -> Processor:
    if json:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.processors.KeyValueRenderer(key_order=FIRST_KEYS, repr_native_str=False)


def logging_config(*, json: bool, level: str, directory: Path | None = None) -> dict[str, Any]:
    """`directory`: besides standard error a file a day in there (operations.logfiles)."""
    if level not in LEVELS:
        raise ImproperlyConfigured("环境变量 CHENGYUN_LOG_LEVEL 只能是 DEBUG、INFO、WARNING 或 ERROR。")
    handlers: dict[str, Any] = {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}}
    if directory is not None:
        handlers["files"] = {"()": DailyFile, "directory": directory, "formatter": "line"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(json)],
                "foreign_pre_chain": _before_rendering(),
            },
        },
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": level},
        "loggers": {
            # Their own lines repeat ours, and theirs carry query strings.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
        },
    }


def configure(*, json: bool, level: str, directory: Path | None = None) -> None:
    logging.config.dictConfig(logging_config(json=json, level=level, directory=directory))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_before_rendering(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
