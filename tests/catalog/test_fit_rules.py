"""FITS, DOES_NOT_FIT only when we know, else UNKNOWN."""

from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.fit import BillLine, FitResult, Listing, Serials, Verdict, fit_verdict

SEAL, SEAL_B, PUMP = 1, 2, 3
EARLY, LATE = Serials(None, 1000), Serials(1001, None)

bounds = st.none() | st.integers(1, 20)
ranges = st.builds(Serials, bounds, bounds)
bill = st.lists(
    st.builds(BillLine, st.integers(1, 4), st.integers(1, 2), st.sampled_from("12"), st.integers(0, 3), ranges),
    max_size=6,
)
applications = st.lists(
    st.builds(Listing, st.integers(1, 4), st.booleans(), st.none() | st.integers(1, 3), ranges), max_size=4
)


def fit(
    part: int, sequence: int | None, *entries: BillLine | Listing, places: dict[int, int] | None = None
) -> FitResult:
    lines = [entry for entry in entries if isinstance(entry, BillLine)]
    listings = [entry for entry in entries if isinstance(entry, Listing)]
    return fit_verdict(part, stands_in_for=places or {}, sequence=sequence, lines=lines, listings=listings)


def test_a_part_on_the_bill_of_the_serial_fits():
    result = fit(SEAL, 500, BillLine(SEAL, 7, "4", 2, EARLY))
    assert (result.verdict, result.line.label if result.line else "", result.pieces) == (Verdict.FITS, "4", 2)


def test_behind_a_serial_break_the_part_at_the_same_callout_is_named():
    result = fit(
        SEAL, 1500, BillLine(SEAL, 7, "4", 2, EARLY), BillLine(SEAL_B, 7, "4", 2, LATE), BillLine(PUMP, 7, "5")
    )
    assert (result.verdict, result.instead) == (Verdict.DOES_NOT_FIT, SEAL_B)


def test_absence_from_a_bill_is_unknown():
    assert fit(SEAL, 500, BillLine(PUMP, 7, "4")).verdict == Verdict.UNKNOWN
    assert fit(SEAL, 500).verdict == Verdict.UNKNOWN


def test_an_exclusion_beats_the_bill_and_names_what_fits():
    result = fit(SEAL, 500, BillLine(SEAL, 7, "4"), Listing(SEAL, fits=False, serials=EARLY, instead=SEAL_B))
    assert (result.verdict, result.instead) == (Verdict.DOES_NOT_FIT, SEAL_B)
    assert fit(SEAL, 1500, BillLine(SEAL, 7, "4"), Listing(SEAL, fits=False, serials=EARLY)).verdict == Verdict.FITS


def test_a_successor_fits_where_the_old_part_stands():
    result = fit(SEAL_B, 500, BillLine(SEAL, 7, "4", 2), places={SEAL: 2})
    assert (result.verdict, result.pieces) == (Verdict.FITS, 4)


def test_an_exclusion_of_the_old_part_says_nothing_about_its_successor():
    assert fit(SEAL_B, 500, BillLine(SEAL, 7, "4"), Listing(SEAL, fits=False), places={SEAL: 1}).verdict == Verdict.FITS


def test_a_successor_is_refused_only_when_the_callout_holds_another_part():
    early = BillLine(SEAL, 7, "4", serials=EARLY)
    assert fit(SEAL_B, 1500, early, places={SEAL: 1}).verdict == Verdict.UNKNOWN
    other = fit(SEAL_B, 1500, early, BillLine(PUMP, 7, "4", serials=LATE), places={SEAL: 1})
    assert (other.verdict, other.instead) == (Verdict.DOES_NOT_FIT, PUMP)


def test_without_a_serial_only_what_holds_for_all_is_known():
    assert fit(SEAL, None, BillLine(SEAL, 7, "4")).verdict == Verdict.FITS
    assert fit(SEAL, None, BillLine(SEAL, 7, "4", serials=EARLY)).verdict == Verdict.UNKNOWN
    assert fit(SEAL, None, Listing(SEAL, fits=False, serials=EARLY)).verdict == Verdict.UNKNOWN


def test_pieces_add_over_callouts_but_alternatives_at_one_callout_do_not():
    lines = (BillLine(SEAL, 7, "4", 2), BillLine(SEAL, 8, "1", 3), BillLine(SEAL_B, 7, "4", 2))
    assert fit(SEAL_B, 5, *lines, places={SEAL: 1}).pieces == 5


def test_a_bill_that_does_not_say_how_many_gives_no_number():
    assert fit(SEAL, 5, BillLine(SEAL, 7, "4", 0)).pieces is None
    assert fit(SEAL, 5, Listing(SEAL)).pieces is None


@given(st.none() | st.integers(0, 21), bill, applications)
def test_a_part_of_which_nothing_is_said_is_never_refused(
    sequence: int | None, lines: list[BillLine], listings: list[Listing]
):
    unknown = 99
    assert fit_verdict(unknown, stands_in_for={}, sequence=sequence, lines=lines, listings=listings) == FitResult(
        Verdict.UNKNOWN
    )


@given(st.none() | st.integers(0, 21), bill, applications)
def test_what_is_named_instead_fits_by_the_bill_or_by_word(
    sequence: int | None, lines: list[BillLine], listings: list[Listing]
):
    result = fit_verdict(SEAL, stands_in_for={SEAL_B: 1}, sequence=sequence, lines=lines, listings=listings)
    if result.instead:
        assert result.verdict == Verdict.DOES_NOT_FIT
        assert any(line.part == result.instead and line.serials.holds(sequence) for line in lines)


@given(st.integers(0, 21), bill, applications)
def test_a_refusal_always_has_a_known_ground(sequence: int, lines: list[BillLine], listings: list[Listing]):
    result = fit_verdict(SEAL, stands_in_for={}, sequence=sequence, lines=lines, listings=listings)
    said = [line.serials for line in lines if line.part == SEAL] + [row.serials for row in listings if row.part == SEAL]
    if result.verdict == Verdict.DOES_NOT_FIT:
        excluded = any(row.part == SEAL and not row.fits and row.serials.holds(sequence) for row in listings)
        assert excluded or (said and not any(line.part == SEAL and line.serials.holds(sequence) for line in lines))
