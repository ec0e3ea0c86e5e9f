"""docs/api.md, docs/schema.graphql and docs/glossary.md say what is so."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from portal.accounts.models import Role
from portal.errors import Code
from portal.graphql import PAGE_CAP, PAGE_DEFAULT
from portal.graphql_limits import MAX_ALIASES, MAX_BODY, MAX_COST, MAX_DEPTH
from portal.management.commands.schema_print import schema_text
from portal.schema import schema_build

ROOT = Path(__file__).resolve().parents[2]
API = (ROOT / "docs/api.md").read_text()
GLOSSARY = (ROOT / "docs/glossary.md").read_text()
SCHEMA = schema_build(demo=True).graphql_schema


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    part = page.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in part.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def names(heading: str) -> list[str]:
    return [name for row in rows(API, heading) for name in re.findall(r"`(\w+)`", row[0])]


def test_the_committed_schema_is_the_schema() -> None:
    committed = (ROOT / "docs/schema.graphql").read_text()
    assert committed == schema_text(), (
        "renew it: python -m portal schema_print > docs/schema.graphql, and read what changed"
    )


def test_every_query_is_listed_once_and_no_other() -> None:
    assert SCHEMA.query_type is not None
    assert sorted(names("Queries")) == sorted(SCHEMA.query_type.fields)


def test_every_mutation_is_listed_once_and_no_other() -> None:
    assert SCHEMA.mutation_type is not None
    assert sorted(names("Mutations")) == sorted(SCHEMA.mutation_type.fields)


def test_the_roles_named_exist() -> None:
    named = {role for row in rows(API, "Mutations") for role in re.findall(r"\b[A-Z_]{5,}\b", row[1])}
    assert named <= set(Role.values)


def test_every_code_is_explained_once_and_no_other() -> None:
    assert sorted(names("Codes")) == sorted(Code)


def test_the_limits_are_these() -> None:
    told = {row[0]: row[1] for row in rows(API, "Limits")}
    assert told == {
        "depth": str(MAX_DEPTH),
        "aliases": str(MAX_ALIASES),
        "cost": f"{MAX_COST:,}",
        "body": f"{MAX_BODY // 1024 // 1024} MiB",
        "page": f"{PAGE_DEFAULT}, at most {PAGE_CAP}",
    }


def test_the_examples_are_valid_questions() -> None:
    from graphql import parse, validate

    examples = re.findall(r"```graphql\n(.*?)```", API, re.DOTALL)
    assert len(examples) >= 2
    assert [str(error) for one in examples for error in validate(SCHEMA, parse(one))] == []


def test_every_term_of_the_glossary_is_a_name_in_the_code() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    files = [ROOT / name for name in tracked] or sorted(ROOT.glob("*/**/*.py"))
    code = "\n".join(
        path.read_text() for path in files if path.exists() and "tests" not in path.parts and ".venv" not in path.parts
    )
    known = set(re.findall(r"\w+", code))
    terms = rows(GLOSSARY, "Terms")
    assert len(terms) >= 25
    assert {name for row in terms for name in re.findall(r"`(\w+)`", row[1]) if name not in known} == set()
    assert [row[0] for row in terms if not re.findall(r"`\w+`", row[1])] == []
    assert [row[0] for row in terms] == sorted((row[0] for row in terms), key=str.lower)
