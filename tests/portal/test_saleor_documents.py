"""Every document we send is used, is named as its file, and is good in both versions of the store we work with."""

from __future__ import annotations

import ast
import gzip
import re

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate
from graphql.validation import NoDeprecatedCustomRule, specified_rules

from portal.saleor.documents import FOLDER, document
from tests.architecture.source import PACKAGES, ROOT, files, tree

SCHEMAS = sorted((ROOT.parent / "shared" / "saleor").glob("schema-*.graphql.gz"))
NAMES = sorted(path.stem for path in FOLDER.glob("*.graphql"))


@pytest.fixture(scope="module", params=SCHEMAS, ids=lambda path: path.name)
def schema(request: pytest.FixtureRequest) -> GraphQLSchema:
    """The store's own schema."""
    return build_schema(gzip.decompress(request.param.read_bytes()).decode(), assume_valid=True)


@pytest.mark.skipif(not SCHEMAS, reason="the store's schemas are not on this machine")
def test_every_document_is_valid_and_uses_nothing_deprecated(schema: GraphQLSchema):
    found = {
        name: [error.message for error in validate(schema, parse(document(name).text), rules)]
        for name in NAMES
        for rules in [[*specified_rules, NoDeprecatedCustomRule]]
    }
    assert {name: errors for name, errors in found.items() if errors} == {}


def test_a_document_is_named_as_its_file():
    camel = {name: re.sub(r"(?:^|_)(.)", lambda letter: letter[1].upper(), name) for name in NAMES}
    assert {name: document(name).operation for name in NAMES} == camel


def test_every_document_is_used_and_every_one_used_exists():
    """A name reaches `call`, `pages` or `told` as it is written, so that a reader finds its uses."""
    used = {
        node.args[0].value
        for path in files(*PACKAGES)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
        in ("call", "pages", "told")
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }
    assert used == set(NAMES)
