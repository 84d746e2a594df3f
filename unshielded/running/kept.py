"""Sound results that a run of this model may not take the place of: those of another model, or format."""

from __future__ import annotations

from pathlib import Path

from unshielded.model import digest
from unshielded.store.format.files import NewerFormat, StoreError
from unshielded.store.format.layout import FORMAT_VERSION
from unshielded.store.reading.read import open_run


class OtherModel(StoreError):
    """A sound result of another model, or of another format, lies where a run would write."""


def other(results: Path) -> str:
    """Say by what a result differs from one that would be made now.

    Returns
    -------
    str
        ``of the model …``, or the format; empty where there is no sound result, or one of this
        model and format.
    """
    if not results.is_file():
        return ""
    try:
        with open_run(results) as run:
            about = run.provenance()
            if about.get("model") != digest():
                version = about.get("unshielded", "an unknown version")
                return f"of the model {about.get('model')} (unshielded {version})"
            return f"of a format older than {FORMAT_VERSION}" if run.is_old else ""
    except NewerFormat:
        return f"of a format newer than {FORMAT_VERSION}"
    except StoreError:  # damaged: nothing is lost
        return ""


def keep(results: Path) -> None:
    """Refuse to take the place of a sound result that is of another model or format.

    Raises
    ------
    OtherModel
        If there is one.
    """
    if what := other(results):
        raise OtherModel(
            f"{results}: there is a sound result {what}; it is kept: compute into another folder "
            "(--out), or replace it with --force"
        )
