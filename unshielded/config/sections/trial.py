"""The ``trial`` section: arms of treatment, when treatment starts, on which circuits."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, WithJsonSchema

from unshielded.config.reading.errors import show
from unshielded.config.sections.quantity import Quantity, config_error
from unshielded.config.sections.section import Section, Seed

LONGEST_NAME: Final = 64

#: Of a start; what a run can last is checked where the start is used.
_TIME: Final = Quantity("s", low=0, high=1e10)
_SHARE: Final = Quantity("", above=0, high=1)


def _name(name: str) -> str:
    """Refuse a name of an arm or a variant that no table or figure can show."""
    shown = name.strip() and name.isprintable() and not name.startswith("_")
    if not shown or len(name) > LONGEST_NAME:
        expected = f"1 to {LONGEST_NAME} printed characters, the first no '_'"
        raise config_error(f"{show(name)} is not a usable name", expected, "rename it")
    return name


def _start(value: Any) -> Any:
    """Check a start, and keep it as written: it is the `from` or the `after` of therapies."""
    if isinstance(value, dict):
        if set(value) != {"lost"}:
            raise config_error("found a mapping", "a time such as '5 min', or {lost: 0.1}")
        _SHARE.read(value["lost"])
    else:
        _TIME.read(value)
    return value


def _arm(value: Any) -> Any:
    if not isinstance(value, (list, dict)):
        expected = "a list of therapies ([] for none), or a mapping of settings by path"
        raise config_error(f"found {show(value)}", expected)
    return value


Name = Annotated[str, AfterValidator(_name)]
Arm = Annotated[Any, WithJsonSchema({"type": ["array", "object"]}), AfterValidator(_arm)]
Start = Annotated[Any, WithJsonSchema({"type": ["string", "object"]}), AfterValidator(_start)]


class Trial(Section):
    """Arms of treatment against a control, on the same circuits with the same random numbers.

    What joins several of its settings is in :mod:`unshielded.config.design.trial_check`.
    """

    control: str = Field(description="the arm that all others are compared with")
    arms: dict[Name, Arm] = Field(
        description="name → what is given in this arm: therapies; or settings by path, therapies "
        "among them"
    )
    starts: tuple[Start, ...] | None = Field(
        default=None,
        strict=False,
        min_length=1,
        description="when what an arm gives begins, where the arm does not say: times, or "
        "{lost: share of motor neurons}",
    )
    variants: dict[Name, dict[str, Any]] | None = Field(
        default=None,
        min_length=1,
        description="name → settings by path, and 'extends: file'; all arms are run on each",
    )
    seeds: tuple[Seed, ...] | None = Field(
        default=None,
        strict=False,
        min_length=1,
        description="replicates: every arm is run with each",
    )
