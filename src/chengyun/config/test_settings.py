"""Settings of the test suite: the product's own, with a cheap password hash and a throw-away data directory."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Always a fresh directory: a test run must not touch an installation's files.
_data = tempfile.mkdtemp(prefix="chengyun-test-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
os.environ["CHENGYUN_DATA"] = _data
os.environ["CHENGYUN_LOG_LEVEL"] = "WARNING"
for _name in ("CHENGYUN_MODE", "CHENGYUN_DEBUG", "CHENGYUN_HTTPS", "CHENGYUN_SECRET_KEY", "CHENGYUN_SEAL_KEY"):
    os.environ.pop(_name, None)

# A process of its own server each, where several are given: the outbox reads below the oldest transaction of a server.
_servers = os.environ.get("CHENGYUN_TEST_SERVERS", "").split()
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if _servers and _worker:
    os.environ["CHENGYUN_DATABASE"] = _servers[int(_worker.removeprefix("gw"))]

from chengyun.config.settings import *  # noqa: E402, F403
from chengyun.config.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
STATIC_URL = "/static/"
STATIC_ROOT = Path(_data) / "static"
STATIC_ROOT.mkdir()
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0

if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file, not memory: threads of a test then lock each other as they do in production.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_data) / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
