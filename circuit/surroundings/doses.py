"""From a dose to the concentration where a drug acts: one proportionality for each drug.

What distributes and eliminates a drug is not modelled: a dose is a constant concentration, the mean over
the day. Most of these numbers are guesses from plasma levels and free fractions; a config may give a
concentration in place of a dose, and should where it matters.
"""

from __future__ import annotations

from typing import Final

from unshielded.mechanism import Parameter

_UNIT: Final = "uM*day/mg"


def _per_dose(name: str, stem: str, value: float, source: str, rationale: str) -> Parameter:
    return Parameter(
        f"{stem}_per_dose", value, _UNIT, f"{name} where it acts, per daily dose", "assumed",
        source=source, rationale=rationale, low=0.0, high=1.0,
    )  # fmt: skip


#: Name of a therapy → its proportionality.
PER_DOSE: Final = {
    "riluzole": _per_dose(
        "riluzole", "riluzole", 0.014, "Bellingham2011", "plasma 0.4 µM over a day "
        "(2257 ng·h/ml at 50 mg in the young, said to be what adults have at 100 mg: Abbara2011; the "
        "review gives 1–2 µM), brain three to four times plasma",
    ),
    "retigabine": _per_dose(
        "retigabine", "retigabine", 0.001, "Wainger2021", "0.9 µM free at the trial's 900 mg: "
        "some µM in plasma, of which a fifth is free",
    ),
    "diazepam": _per_dose(
        "diazepam", "diazepam", 0.003, "", "30 nM free at 10 mg: about 1 µM in plasma in the "
        "steady state, of which 2–3 % are free",
    ),
    "edaravone": _per_dose(
        "edaravone", "edaravone", 0.01, "", "0.6 µM over a day of 60 mg: a peak of several µM that "
        "is gone within hours",
    ),
    "olesoxime": _per_dose(
        "olesoxime", "olesoxime", 0.006, "Bordet2010", "3 µM at 500 mg: plasma peaks of 1.5–50 µM "
        "protected motor neurons in animals",
    ),
    "ceftriaxone": _per_dose(
        "ceftriaxone", "ceftriaxone", 0.0005, "Zhao2014", "cerebrospinal fluid stays above 1 µM "
        "with 2 and 4 g a day",
    ),
    "cyclosporin A": _per_dose(
        "cyclosporin A", "cyclosporin", 5e-5, "", "0.02 µM at 400 mg: hardly passes into the brain",
    ),
    "beta-hydroxybutyrate": _per_dose(
        "beta-hydroxybutyrate", "hydroxybutyrate", 0.01, "", "1 mM at 100 g a day, in several "
        "portions",
    ),
    "lipid precursor": _per_dose(
        "lipid precursor", "lipid_precursor", 0.005, "", "10 µM at 2 g a day; not measured",
    ),
}  # fmt: skip

#: By the name of the parameter.
DOSES: Final = {parameter.name: parameter for parameter in PER_DOSE.values()}
