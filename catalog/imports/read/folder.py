"""Which file of a folder is which table, and whether the folder is whole."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

SUFFIXES = (".csv", ".csv.gz", ".tsv", ".xlsx", ".xlsm", ".xls")
# What programs add to a name while they copy or download.
_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".temp")


def stem_of(path: Path) -> str:
    """`parts` of parts.csv, parts.csv.gz and parts@their-file.csv (translated from it); "" when it is no table."""
    suffix = next((suffix for suffix in SUFFIXES if path.name.lower().endswith(suffix)), None)
    return path.name[: -len(suffix)].partition("@")[0] if suffix else ""


def file_of(folder: Path, stem: str) -> Path | None:
    """The file of a stem in a folder, plain csv first."""
    plain = (path for suffix in SUFFIXES if (path := folder / f"{stem}{suffix}").is_file())
    return next(itertools.chain(plain, sorted(folder.glob(f"{stem}@*.csv"))), None)


def unfinished(folder: Path, stems: Iterable[str]) -> list[tuple[Path, str]]:
    """Files of the named tables that are not there as a whole, or are there twice, each with the reason; nothing of such a folder should come in."""
    known, seen, found = set(stems), set[str](), list[tuple[Path, str]]()
    for path in sorted(one for one in folder.iterdir() if one.is_file()):
        begun = next((path.with_name(path.name[: -len(end)]) for end in _UNFINISHED if path.name.endswith(end)), None)
        stem = stem_of(begun or path)
        if stem not in known:
            continue
        if begun or not path.stat().st_size:
            found.append((path, "growing" if begun else "empty_file"))
        elif stem in seen:
            found.append((path, "file_twice"))
        seen.add(stem)
    return found
