"""The ``trial`` section: arms of treatment, when treatment starts, on which circuits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, WithJsonSchema

from unshielded.config.findings import Finding, wrong
from unshielded.config.reading.errors import show
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.circuit import Circuit
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


#: Settings by which a variant may have other populations than the config; or a file of its own.
_POPULATED: Final = ("circuit", "culture", "extends")

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


def check(trial: Trial, circuit: Circuit, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield a trial without what it counts: motor neurons of the limb that can die.

    Where a variant, or an arm, changes populations, they may come from there.
    """
    pools = [name for name, each in catalogue.populations.items() if each.muscle == "limb"]
    there = any(
        circuit.populations[name].size and circuit.populations[name].carries_calcium
        for name in pools
    )
    changed = [
        path
        for settings in (*trial.arms.values(), *(trial.variants or {}).values())
        if isinstance(settings, dict)
        for path in settings
    ]
    if pools and not there and not any(path.startswith(_POPULATED) for path in changed):
        yield wrong(
            "trial",
            "there are no motor neurons that could die, and a trial counts those",
            f"cells of {', '.join(pools)}",
            "give them a size in 'circuit.populations' or in 'culture'",
            ("circuit", "culture"),
            at_key=True,
        )
