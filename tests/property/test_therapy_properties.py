"""What holds of therapies whatever their settings: bounds, order, and that nothing comes of nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from unshielded.assemble.therapies import knockdown
from unshielded.config.sections.therapies import Aso

DAY = 86400.0

days = st.floats(0.0, 20_000.0)
shares = st.floats(0.0, 0.99)
oligonucleotides = st.builds(
    lambda k, t, h: Aso.model_construct(
        target="toxic_gain", knockdown=k, interval=t * DAY, half_life=h * DAY, pretreatment=0.0
    ),
    shares,
    st.floats(1.0, 400.0),
    st.floats(1.0, 400.0),
)


@given(oligonucleotides, days, days)
def test_a_knockdown_is_a_share_and_fades_after_the_end(
    drug: Aso, time: float, since: float
) -> None:
    now = knockdown(drug, time * DAY, since * DAY)
    assert 0.0 <= now < 1.0
    assert knockdown(drug, time * DAY, (since + 1.0) * DAY) <= now


@given(oligonucleotides, st.integers(0, 200))
def test_it_builds_up_from_dose_to_dose(drug: Aso, dose: int) -> None:
    # Just after each dose; equal within rounding once it is in its steady state.
    first, second = (knockdown(drug, (n + 1e-6) * drug.interval) for n in (dose, dose + 1))
    assert second >= first * (1 - 1e-9)


@settings(max_examples=50)
@given(oligonucleotides, days)
def test_a_stronger_drug_takes_away_more(drug: Aso, time: float) -> None:
    stronger = drug.model_copy(update={"knockdown": drug.knockdown + 0.005})
    assert knockdown(stronger, time * DAY) > knockdown(drug, time * DAY)
