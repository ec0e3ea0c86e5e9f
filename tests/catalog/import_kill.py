"""Run by tests in a process of its own: imports a folder and is killed right after the n-th statement, n = 1, 2, ... until it comes to its end.

Each child is the command as people run it, and goes on with what the killed one left. Prints how many children were killed.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import django


def child(after: int, folder: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    from tests.killing import Killer

    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    killer = Killer(after)

    def counted(execute: Any, *given: Any) -> Any:
        answer = execute(*given)
        killer.word()
        return answer

    with connection.execute_wrapper(counted):
        call_command("import_catalogue", folder)


def main(folder: str, step: int) -> int:
    """Kill after `step` statements more each time; the number of children killed."""
    from django.db import connections

    for number in range(1, 2000):
        connections.close_all()
        pid = os.fork()
        if pid == 0:
            code: Any = 1
            try:
                child(number * step, folder)
                code = 0
            finally:
                os._exit(code)
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if ended == 0:
            return number - 1
        if ended > 0:
            raise SystemExit(f"the import failed after {number - 1} kills")
    raise SystemExit("the import never came to its end")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    print(main(sys.argv[1], int(sys.argv[2])))
