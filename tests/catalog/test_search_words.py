"""Search by words: measures, compounds, synonyms, variants, kits of one, and what comes first of several."""

import re
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Part, PartRelation
from catalog.search import search_parts, suggest_parts
from catalog.search.forms import Typed, forms_of
from catalog.search.synonyms import groups, synonyms
from catalog.search.words import terms_count
from tests.factories import make_assembly, make_callout, make_cross_reference, make_model, make_part, make_supersession

pytestmark = pytest.mark.django_db


def found(query: str) -> list[int]:
    terms_count()
    return [hit.part_id for hit in search_parts(query, actor_market="KR").hits]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Plate 1 x 2 × 6", "plate 1x2x6"),
        ("Front 3 2/3 x 1½", "front 3.667x1.5"),
        ("Mast 1 & 2/3", "mast 1.667"),
        ("Bolt M 8 x 20, 12 V", "bolt m8x20 12v"),
        ("Ｐｌａｔｅ　２×４", "plate 2x4"),
        ("Belt .50 mm", "belt 0.5mm"),
        ("Règle 2,5 mm", "regle 2.5mm"),
        ("Angle 45°", "angle 45 degree"),
        ("Resistor 10 kΩ ±5 %", "resistor 10kohm 5pct"),
        ("Resistor 10k ohm", "resistor 10kohm"),
        ("Capacitor 4.7µF 50V", "capacitor 4.7uf 50v"),
        ("Supply 12V 5A", "supply 12v 5a"),
        ("Supply 12 V / 5 A", "supply 12v 5a"),
        ("Shaft Ø20", "shaft dia 20"),
        ("Brkt w/o bolts", "brkt without bolts"),
        ("Brkt w/bolts", "brkt with bolts"),
        ("ﾎﾟﾝﾌﾟ", "ポンプ"),
    ],
)
def test_a_measure_is_one_word_however_it_is_written(written: str, words: str):
    with connection.cursor() as cursor:
        cursor.execute("SELECT catalog_words(%s)", [written])
        assert cursor.fetchone()[0] == words


def test_a_measure_in_another_order_is_found_behind_the_same_one():
    turned, same = make_part(name="Windscreen 12 x 6 x 2"), make_part(name="Windscreen 6 x 12 x 2")
    make_part(name="Windscreen 3 x 5 x 8")
    assert found("windscreen 6 x 12 x 2")[:2] == [same.pk, turned.pk]


def test_a_compound_is_found_split_and_joined():
    split, joined = make_part(name="Plate with axle hole"), make_part(name="Gear with axlehole")
    assert split.pk in found("axleholes plate")
    assert joined.pk in found("gear axle hole")


def test_words_of_the_trade_that_mean_the_same_find_the_part_behind_the_word_itself():
    other, itself = make_part(name="Wrench 12 mm"), make_part(name="Spanner 12 mm")
    assert found("spanner 12mm") == [itself.pk, other.pk]


def test_every_group_of_synonyms_has_two_words_and_stems_of_its_own():
    assert all(len(words) >= 2 for _, words in groups("en"))
    assert groups("xx") == ()
    assert "center" in synonyms("en")["centr"][0]


def test_a_measure_asks_for_itself_before_one_that_shares_two_sides():
    forms = forms_of(0, [Typed("2x1x6", "2x1x6")], {})
    assert (forms.full, forms.near, forms.far, forms.faint) == (
        ("'2x1x6'",),
        ("'=1x2x6'",),
        ("'=1x2'", "'=1x6'", "'=2x6'"),
        ("'~1x2'", "'~1x6'", "'~2x6'"),
    )


def test_a_print_comes_after_the_plain_part_unless_prints_are_asked_for():
    printed, plain = make_part("A100P1", name="Tile red"), make_part("A100", name="Tile red")
    PartRelation.objects.create(part=printed, other=plain, kind="VARIANT", note="print of")
    assert found("tile red") == [plain.pk, printed.pk]


def test_a_part_is_found_by_the_words_its_variants_share():
    plain = make_part("B200", name="Musical instrument")
    for suffix, colour in (("P01", "red"), ("P02", "blue"), ("P03", "green"), ("P04", "black")):
        make_part(f"B200{suffix}", name=f"Guitar {colour}")
    assert plain.pk in found("guitar")
    assert plain.pk not in found("blue")  # one of four


def test_a_kit_of_one_piece_leads_to_the_piece_and_a_kit_of_two_does_not():
    piece, one, two = make_part(name="Beam thick"), make_part(name="Liftarm"), make_part(name="Toolbox")
    PartRelation.objects.create(part=one, other=piece, kind="COMPONENT", quantity=1)
    PartRelation.objects.create(part=two, other=piece, kind="COMPONENT", quantity=2)
    assert piece.pk in found("liftarm")
    assert piece.pk not in found("toolbox")


def test_a_part_is_found_by_the_name_of_what_it_replaced():
    old, new = make_part(name="Carburettor"), make_part(name="Fuel unit")
    make_supersession(old, new)
    assert new.pk in found("carburettor")


def test_of_two_alike_the_one_used_in_more_machines_comes_first():
    rare, common = make_part("A-1", name="Pump seal"), make_part("B-1", name="Pump seal")
    for _ in range(3):
        make_callout(make_assembly(make_model()), common)
    assert found("pump seal") == [common.pk, rare.pk]


def test_a_bare_record_of_a_maker_who_fills_in_his_comes_last_and_of_one_who_does_not_is_as_good_as_any():
    bare, filled, longer = (
        make_part("A-1", name="Pump seal"),
        make_part("B-1", name="Pump seal"),
        make_part("C-1", name="Pump seal kit"),
    )
    Part.objects.update(group=None, material="", weight_g=0, hs_code="")
    Part.objects.filter(pk=longer.pk).update(material="NBR")
    assert found("pump seal") == [bare.pk, filled.pk, longer.pk]  # one of three: a habit of nobody
    Part.objects.filter(pk=filled.pk).update(material="NBR")
    assert found("pump seal") == [filled.pk, longer.pk, bare.pk]


def test_a_name_that_begins_with_what_was_asked_comes_before_one_that_mentions_it():
    mentions, is_one = make_part("A-1", name="Ring, seal"), make_part("B-1", name="Seal, ring")
    make_part("C-1", name="Plate")
    assert found("seal") == [is_one.pk, mentions.pk]


def test_a_measure_nobody_asked_for_and_another_than_was_asked_come_behind():
    plain = make_part("B-1", name="Grommet black")
    sized = make_part("A-1", name="Grommet 2 x 4")
    assert found("grommet") == [plain.pk, sized.pk]


def test_abbreviations_of_the_trade_find_the_words_they_stand_for():
    left, right = make_part(name="Bracket assembly left"), make_part(name="Bracket assembly right")
    cylinder = make_part(name="Hydraulic cylinder")
    assert found("brkt assy LH")[0] == left.pk
    assert found("brkt. assy. RH")[0] == right.pk
    assert found("hyd cyl") == [cylinder.pk]


def test_words_so_common_that_not_all_names_are_looked_at_still_find_the_shortest_name_and_what_fits_the_machine():
    model, wanted = make_model(), make_part(name="Bolt zinc hexagon flange coarse long blue")
    make_callout(make_assembly(model), wanted)
    plain = make_part(name="Bolt zinc")
    for at in range(30):
        make_part(name=f"Bolt zinc hexagon flange coarse {'x' * at}")
    with patch("catalog.search.weigh._MOST", 5), patch("catalog.search.weigh._ENOUGH", 3):
        assert found("bolt zinc")[0] == plain.pk
        terms_count()
        hits = search_parts("bolt zinc", actor_market="KR", model_id=model.pk).hits
        assert [hit.part_id for hit in hits] == [wanted.pk]


def test_a_name_that_calls_itself_obsolete_comes_last():
    obsolete, current = (
        make_part("A-1", name="Pump seal (obsolete)"),
        make_part("B-1", name="Pump seal with long description"),
    )
    assert found("pump seal") == [current.pk, obsolete.pk]


def test_no_and_off_are_words_that_tell_parts_apart():
    make_part(name="Valve shut on")
    off = make_part(name="Valve shut off")
    assert found("valve shut off")[0] == off.pk


def counted() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT known::text, xmin::text FROM catalog_searchpart known ORDER BY part_id")
        parts = cursor.fetchall()
        cursor.execute("SELECT word, stem, documents FROM catalog_searchterm ORDER BY word")
        return parts + cursor.fetchall()


def test_counting_twice_changes_nothing():
    make_part("C300", name="Hose clamp")
    make_part("C300P1", name="Hose clamp printed")
    first = terms_count()
    before = counted()
    assert terms_count() == first
    assert counted() == before


def test_counting_only_what_changed_comes_to_the_same_as_counting_all():
    rest = [make_part(name=f"Bracket number {at}") for at in range(40)]
    plain, piece, old = make_part("C300", name="Hose clamp"), make_part(name="Beam"), make_part(name="Carburettor")
    make_supersession(old, piece)
    terms_count()
    changed = [make_part("C300P1", name="Worm clamp printed"), make_part(name="Liftarm"), rest[0], old]
    PartRelation.objects.create(part=changed[1], other=piece, kind="COMPONENT", quantity=1)
    rest[0].names.update(name="Bracket (replaced) entirely")
    old.names.all().delete()
    terms_count([part.pk for part in changed])
    few = counted()
    assert len(few) > 0
    assert plain.pk in [hit.part_id for hit in search_parts("worm", actor_market=None).hits]
    assert piece.pk in [hit.part_id for hit in search_parts("liftarm", actor_market=None).hits]
    terms_count()
    assert _without_weights(counted()) == _without_weights(few)


def _without_weights(rows: list[tuple]) -> list[object]:
    """A part's weight stands on the rarity of words everywhere, which only a whole count brings up to date."""
    return [row if len(row) == 3 else re.sub(r"[\d.]+,[\d.]+(?=,\w*,[tf],)", "", row[0]) for row in rows]


def test_one_letter_of_a_language_without_spaces_is_found_anywhere_in_a_name():
    pump = make_part()
    pump.names.create(language="ja", name="油圧ポンプ")
    for letter in ("油", "ン", "プ", "油圧", "ﾎﾟﾝﾌﾟ"):
        assert found(letter) == [pump.pk], letter
    assert found("圧油") == []


def test_two_letters_without_spaces_are_looked_up_in_the_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT part_id FROM catalog_partname WHERE vector @@ '''油圧'''::tsquery")
        assert "part_name_vector" in str(cursor.fetchall())


def test_suggestions_name_numbers_that_begin_so_and_words_that_lead_somewhere():
    part = make_part("HS-1042", name="Hydraulic pump")
    make_part("HS-20", name="Hydrant purple")
    terms_count()
    assert [(one.text, one.part_id) for one in suggest_parts("hs 10")] == [("HS-1042", part.pk)]
    assert [one.text for one in suggest_parts("hydraulic pu")] == ["hydraulic pump"]
    assert {one.text for one in suggest_parts("hyd")} == {"hydraulic", "hydrant"}
    assert suggest_parts("h") == []


def test_suggestions_forgive_a_slip_in_the_number_or_the_word():
    part = make_part("HS-1042", name="Hydraulic pump")
    make_part("KX-77", name="Hydraulic hose")
    terms_count()
    for typed in ("HS-1O42", "hs1402", "hs10042"):
        assert [one.part_id for one in suggest_parts(typed)] == [part.pk], typed
    assert [one.text for one in suggest_parts("hydrualic")] == ["hydraulic"]
    assert [one.text for one in suggest_parts("hydraulic upmp")] == ["hydraulic pump"]


@pytest.mark.parametrize("text", ["", "  ", "%%", "'; --", "\x00\x00", "a & !", "___", "x" * 500])
def test_no_text_breaks_suggestions(text: str):
    make_part(name="Hydraulic pump")
    terms_count()
    assert suggest_parts(text) == []


def test_a_number_that_is_known_also_shows_the_few_it_could_have_been():
    part, near = make_part("HS-1042"), make_part("HS-1043")
    hits = search_parts("HS-1042", actor_market=None).hits
    assert [(hit.part_id, hit.found_as) for hit in hits] == [(part.pk, "EXACT"), (near.pk, "NEAR")]


def test_a_number_that_is_ours_and_anothers_shows_both_meanings_ours_first():
    ours, theirs = make_part("HS-1042"), make_part("ZZ-9")
    make_cross_reference(theirs, "HS 1042")
    hits = search_parts("HS-1042", actor_market=None).hits
    assert [(hit.part_id, hit.found_as) for hit in hits] == [(ours.pk, "EXACT"), (theirs.pk, "FOREIGN")]


@pytest.mark.parametrize(
    ("typed", "meant"), [("HS-1OO2-I", "HS-1002-1"), ("5B8O1", "58801"), ("ＨＳ１００２１", "HS-1002-1")]
)
def test_letters_read_for_digits_all_along_a_number_are_forgiven(typed: str, meant: str):
    part = make_part(meant)
    make_part("HS-9999-9")
    assert [hit.part_id for hit in search_parts(typed, actor_market=None).hits] == [part.pk]


@pytest.mark.parametrize(("query", "most"), [("pump seal", 4), ("pump 2 x 4 x 6 seal", 4), ("hydrualic pump seal", 5)])
def test_a_search_by_words_is_few_questions_however_many_words(query: str, most: int):
    make_part(name="Hydraulic pump seal 2 x 4 x 6")
    make_part(name="Hydraulic pump")
    terms_count()
    search_parts("warm", actor_market="KR")  # synonyms are read once for each process
    with CaptureQueriesContext(connection) as seen:
        assert search_parts(query, actor_market="KR").total
    assert len(seen) <= most
