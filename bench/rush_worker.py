"""One process of buyers, a connection for each thread: reads its work, says `ready`, waits for `go`, tells what was sold."""

from __future__ import annotations

import importlib
import json
import sys
import threading
import time

import django

from bench import database


def main(url: str) -> None:
    """See above."""
    database.environment(url)
    django.setup()
    kinds = importlib.import_module("bench.buyers").KINDS  # models cannot be imported before the set-up
    work = json.loads(sys.stdin.readline())
    jobs, levels = work["jobs"], work["levels"]
    sold, moments = [0] * len(jobs), [0.0] * len(jobs)
    gate = threading.Barrier(len(jobs) + 1)

    def buyer(place: int) -> None:
        slot = work["first"] + place * 1000
        with kinds[work["kind"]](url, slot) as buy:
            gate.wait()  # everybody is connected
            gate.wait()  # go
            for number in jobs[place]:
                sold[place] += buy(number, levels[place])
            moments[place] = time.time()

    threads = [threading.Thread(target=buyer, args=[place]) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    gate.wait()
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.time()
    gate.wait()
    for thread in threads:
        thread.join()
    print(json.dumps({"sold": sum(sold), "began": began, "ended": max(moments)}))


if __name__ == "__main__":
    main(sys.argv[1])
