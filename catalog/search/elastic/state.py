"""How the server is, in short."""

from __future__ import annotations

from catalog.search.elastic.answers import answer
from catalog.search.elastic.client import ElasticError, asked
from catalog.search.elastic.queries import a_search


def state() -> ElasticError | None:
    """What is wrong with the server, None when it can serve; one short question, none while it is known to be away."""
    try:
        asked(lambda: answer(a_search().query("match_none").extra(size=0)))
    except ElasticError as error:
        return error
    return None
