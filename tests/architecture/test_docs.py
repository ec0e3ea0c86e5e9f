"""What the documents say is so."""

from __future__ import annotations

import ast
import re

from tests.architecture.source import ROOT, tree

DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()


def _variables() -> set[str]:
    """Names given to `env.<type>("NAME", ...)` in settings."""
    return {
        node.args[0].value
        for node in ast.walk(tree(ROOT / "portal" / "settings.py"))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_every_variable_of_the_environment_is_explained_and_no_other():
    explained = set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS, re.MULTILINE))
    assert explained == _variables()


def test_every_make_target_the_documents_name_exists():
    named = {
        target for path in DOCUMENTS for target in re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z-]+)", path.read_text())
    }
    assert named - _targets() == set()
    assert "demo" in _targets()


def test_every_make_target_is_phony():
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony is not None
    assert _targets() == set(phony[1].split())


def test_every_command_the_documents_name_exists():
    commands = {path.stem for path in (ROOT / "portal" / "management" / "commands").glob("[a-z]*.py")}
    django = {
        "migrate",
        "createsuperuser",
        "makemigrations",
        "makemessages",
        "compilemessages",
        "collectstatic",
        "createcachetable",
        "shell",
        "check",
    }
    named = {word for path in DOCUMENTS for word in re.findall(r"python -m portal ([a-z_]+)", path.read_text())}
    assert named - commands - django == set()


def test_every_link_between_documents_leads_somewhere():
    broken = [
        f"{path.relative_to(ROOT)} -> {target}"
        for path in DOCUMENTS
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text())
        if not (path.parent / target).exists()
    ]
    assert broken == []


def test_a_decision_fits_half_a_page():
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [path.name for path in decisions if len(path.read_text().splitlines()) > 30] == []
    numbers = [path.name[:4] for path in decisions]
    assert len(numbers) == len(set(numbers))
