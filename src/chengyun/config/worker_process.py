"""The WSGI application inside a process of `chengyun serve`, which ends when its server was killed.

Without this a killed server leaves processes that go on answering on its port, and a new server cannot start.
"""

import os
import signal
import threading
import time

from chengyun.config.wsgi import application

__all__ = ["application"]

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_TO_FINISH = 5


def end_with(server: int) -> None:
    while os.getppid() == server:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_FINISH)
    os._exit(1)


threading.Thread(target=end_with, args=(os.getppid(),), daemon=True, name="end-with-server").start()
