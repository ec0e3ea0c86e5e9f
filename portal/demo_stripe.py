"""A demo's fake Stripe: localstripe, in a process of its own.

localstripe's own command listens on every address and keeps its state in the machine's temporary folder, as a pickle
anybody could put there; here it stays on loopback and in the data folder.
"""

from __future__ import annotations

import importlib.util
import pickle
from pathlib import Path


def available() -> bool:
    """Is it installed? A production list does not have it."""
    return importlib.util.find_spec("localstripe") is not None


def serve(port: int, folder: Path, *, tell: str = "", secret: str = "") -> None:
    """Serve until told to stop; what an earlier run knew is known again. Events go to the address `tell`, signed with `secret`."""
    from aiohttp import web  # noqa: PLC0415  not installed in production
    from localstripe.resources import Store, store  # noqa: PLC0415
    from localstripe.server import app  # noqa: PLC0415
    from localstripe.webhooks import register_webhook  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "localstripe.pickle"

    def dump(everything: Store) -> None:
        part = kept.with_suffix(".part")
        part.write_bytes(pickle.dumps(dict(everything), protocol=pickle.HIGHEST_PROTOCOL))
        part.rename(kept)

    if kept.exists():
        dict.update(store, pickle.loads(kept.read_bytes()))  # noqa: S301  written by ourselves, in our own folder
    Store.dump_to_disk = dump
    if tell:
        register_webhook("portal", tell, secret, None)
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)
