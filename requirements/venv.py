"""Make .venv, or bring it up to date, from the hash-pinned lists here: `python3 requirements/venv.py base|demo|dev`.

Standard library only: this runs before anything is installed. A stamp inside .venv names the list it was made from; it
is written last, so a .venv without one is half made (an interrupted install) and is made again.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE.parent / ".venv"
STAMP = VENV / ".made-from"
LISTS = {name: ("build.txt", f"{name}.txt") for name in ("base", "demo", "dev")}
SERVED_BY = {
    "base": ("base", "demo", "dev"),
    "demo": ("demo", "dev"),
    "dev": ("dev",),
}  # each holds all of the one before


def fingerprint(name: str) -> str:
    """Return what the stamp of a complete .venv says: the list, this Python, and a hash of the pinned files."""
    digest = hashlib.sha256()
    for file in LISTS[name]:
        digest.update((HERE / file).read_bytes())
    return f"{name} {sys.version_info.major}.{sys.version_info.minor} {digest.hexdigest()}"


def stop(words: str) -> None:
    sys.exit(f"Cannot make .venv: {words}")


def run(*command: str, failed: str) -> None:
    if subprocess.run(command).returncode:
        stop(failed)


def create() -> None:
    if VENV.exists():
        print("The folder .venv is half made (an earlier install did not finish): making it again.")
        shutil.rmtree(VENV)
    run(sys.executable, "-m", "venv", str(VENV), failed="`python3 -m venv` failed; on Debian install python3-venv.")


def install(name: str) -> None:
    """Install the pinned lists, hashes required; the build tool first, since one dependency is built from source."""
    pip = (str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    pinned = ("--require-hashes", "--no-build-isolation", "--use-pep517")
    for file in LISTS[name]:
        run(*pip, *pinned, "-r", str(HERE / file), failed=f"pip could not install requirements/{file}; see above.")


def made_from() -> str:
    return STAMP.read_text() if STAMP.exists() else ""


def main(name: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  this script is what tells the owner of an older Python
        stop(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}.")
    with_lock = os.open(HERE, os.O_RDONLY)
    fcntl.flock(with_lock, fcntl.LOCK_EX)  # `make demo` and `make test` may be started side by side
    stamp = made_from()
    if stamp in {fingerprint(served) for served in SERVED_BY[name]}:
        return
    print(f"Installing requirements/{name}.txt into .venv ...", flush=True)
    if not stamp or stamp.split()[1] != f"{sys.version_info.major}.{sys.version_info.minor}":
        create()
    STAMP.unlink(missing_ok=True)
    install(name)
    STAMP.write_text(fingerprint(name))


if __name__ == "__main__":
    main(sys.argv[1])
