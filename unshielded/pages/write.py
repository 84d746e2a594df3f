"""Write all pages about the model into a folder."""

from __future__ import annotations

from pathlib import Path

from unshielded.pages.mechanism_page import page
from unshielded.pages.overview import overview
from unshielded.pages.places import places


def write(folder: Path) -> None:
    """Write the overview, ``index.rst``, and one page for each file of mechanisms.

    Parameters
    ----------
    folder
        It is made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.rst").write_text(overview(), encoding="utf-8")
    for place in places():
        (folder / f"{place.slug}.rst").write_text(page(place), encoding="utf-8")
