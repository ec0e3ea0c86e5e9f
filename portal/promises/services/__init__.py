"""Every change of a promise. All services run inside the caller's transaction, all may be repeated."""

from portal.promises.services.pause import promises_pause, promises_resume
from portal.promises.services.settle import promises_settle
from portal.promises.services.start import promise_start, promises_propose, promises_start
from portal.promises.services.sweep import promises_sweep

__all__ = [
    "promise_start",
    "promises_pause",
    "promises_propose",
    "promises_resume",
    "promises_settle",
    "promises_start",
    "promises_sweep",
]
