"""Processes that are killed on purpose, at each point where what lasts may have changed.

Reading changes nothing: killed after a SELECT a process leaves what it would have left before it. So the points are every statement that
writes, every COMMIT, and every word with another system.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|COPY|TRUNCATE)\b|\s*WITH\b.*\b(INSERT|UPDATE|DELETE)\b", re.I | re.S)


class Killer:
    """Kills its own process right after the n-th point, with the answer already there; `after=0`: never, it only counts."""

    def __init__(self, after: int) -> None:
        self.after, self.points = after, 0

    def word(self) -> None:
        """A point."""
        self.points += 1
        if self.points == self.after:
            os.kill(os.getpid(), signal.SIGKILL)

    def at(self, connection: BaseDatabaseWrapper) -> None:
        """Watch this connection for the rest of the process."""
        connection.execute_wrappers.append(self._statement)
        commit = connection._commit

        def committed() -> Any:
            answer = commit()
            self.word()
            return answer

        connection._commit = committed

    def _statement(self, execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        answer = execute(sql, *given)
        if WRITES.match(sql):
            self.word()
        return answer


def killed_child(work: Callable[[], object], killer: Killer) -> bool:
    """Do the work in a child that is killed at the killer's point; answers whether it was, False when the work came to its end first.

    Raises RuntimeError when the child failed by itself.
    """
    from django.db import connection, connections

    connections.close_all()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            connection.ensure_connection()
            killer.at(connection)
            work()
            code = 0
        finally:
            os._exit(code)
    ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if ended > 0:
        raise RuntimeError(f"the child failed before its point {killer.after}")
    return ended == -signal.SIGKILL
