"""What gunicorn's processes do besides serving: share memory, and end their live streams."""

import gc
import signal
from types import FrameType
from typing import Any


def when_ready(_server: Any) -> None:
    """Leave what was loaded out of the collector's rounds; workers share it untouched."""
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """Close the streams on SIGTERM, so that a worker need not wait for browsers to leave."""
    from hotline.web.live import close_streams

    def stop(number: int, frame: FrameType | None) -> None:
        close_streams(worker.wsgi)
        worker.handle_exit(number, frame)

    signal.signal(signal.SIGTERM, stop)
