"""Whether a trial has the right shape, and whether each of its runs is a good config."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, islice
from typing import Final

from unshielded.config.design.sweep import Names, child, items, mapping, without_sweep
from unshielded.config.design.sweep_check import NOT_SWEPT, Checker, settable
from unshielded.config.design.trial_points import BATH, THERAPIES, Participant, allocations
from unshielded.config.design.trial_sound import Sound, sound
from unshielded.config.design.trial_variants import EXTENDS
from unshielded.config.findings import Finding, did_you_mean_path, dotted, locate
from unshielded.config.json_schema import Schema
from unshielded.config.reading.errors import MOST_PROBLEMS, Mark, Problem, nearest, problem, show
from unshielded.config.reading.tree import Node, Path, plain
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.section import MOST_POINTS

_TRIAL: Final[Path] = ("trial",)

_NOT_HERE: Final = {
    **NOT_SWEPT,
    "seed": "list the seeds in 'trial.seeds'",
    "sweep": "a trial takes its place",
    "trial": "a trial has no trial inside",
}


def check(
    root: Node, known: Collection[Finding], catalogue: Catalogue, schema: Schema
) -> Iterator[Problem]:
    """Yield what is wrong with a trial and its runs, at the values that make it wrong.

    What is wrong in one place hides nothing that is wrong in another: the runs are looked at
    without it.

    Parameters
    ----------
    root
        The whole config.
    known
        What validation found, of the trial and of all else; not repeated.
    """
    wrong = list(islice(shape(root, schema, known), MOST_PROBLEMS))
    yield from (locate(finding, root) for finding in wrong)
    if len(wrong) == MOST_PROBLEMS or any(finding.path == _TRIAL for finding in wrong):
        return  # nobody reads on, or there are too many runs to look at each
    left = sound(root, chain(known, wrong))
    seen = {(f.path, f.what) for f in known}
    checker = Checker(without_sweep(left.root), seen, catalogue, schema)
    yield from islice(_once_for_each_start(left, _runs(left, checker)), MOST_PROBLEMS)


def shape(root: Node, schema: Schema, known: Iterable[Finding] = ()) -> Iterator[Finding]:
    """Yield what is wrong with a trial whatever its values are.

    Parameters
    ----------
    root
        The whole config.
    known
        What is wrong with single settings of the trial.
    """
    section = child(root, "trial")
    if (sweep := child(root, "sweep")) is not None and sweep.value is not None:
        what, hint = "there is a 'trial' too", "remove one of them; variants do what a grid does"
        yield Finding(("sweep",), what, "one or the other", hint, at_key=True)
    yield from _arms(section)
    bad = {finding.path for finding in known}
    for key in ("starts", "seeds"):
        listed = (
            repr(plain(node))
            for place, node in enumerate(items(child(section, key)))
            if (*_TRIAL, key, place) not in bad
        )
        twice = [text for text, times in Counter(listed).items() if times > 1]
        if twice:
            yield Finding((*_TRIAL, key), f"{twice[0]} is listed twice", "each entry once")
    allowed = settable(root, schema)
    for kind in ("arms", "variants"):
        for name, node in mapping(child(section, kind)).items():
            yield from _names(node, (*_TRIAL, kind, name), allowed, schema)
    control, seeds = child(section, "control"), items(child(section, "seeds"))
    runs = allocations(root, None if control is None else str(control.value))
    if sum(1 for _ in islice(runs, MOST_POINTS + 1)) * max(len(seeds), 1) > MOST_POINTS:
        what = f"has more than {MOST_POINTS} runs"
        yield Finding(_TRIAL, what, "fewer", "leave out seeds, starts or variants")


def _arms(section: Node | None) -> Iterator[Finding]:
    """Yield what is wrong with the number of arms, and with the name of the control."""
    given, control = child(section, "arms"), child(section, "control")
    arms = mapping(given)
    if given is not None and isinstance(given.value, dict) and len(arms) < 2:
        what = f"{len(arms)} arm{'' if arms else 's'}"
        yield Finding((*_TRIAL, "arms"), what, "the control and at least one other arm")
    if arms and control is not None and isinstance(control.value, str):
        if control.value in arms:
            return
        hint = nearest(control.value, arms) or f"there are {', '.join(arms)}"
        what = f"there is no arm {show(control.value)}"
        yield Finding((*_TRIAL, "control"), what, "the name of an arm", hint)


def _names(settings: Node, where: Path, allowed: set[str], schema: Schema) -> Iterator[Finding]:
    """Yield settings that there are not, or that no arm can change."""
    for name in mapping(settings):
        if name == EXTENDS and where[1] == "variants":
            continue  # a file that cannot be read: that was told where it was to be read
        path = (*where, name)
        if (first := name.partition(".")[0]) in _NOT_HERE:
            what = f"'{name}' cannot be set here"
            yield Finding(path, what, hint=_NOT_HERE[first], at_key=True)
        elif name not in allowed:
            hint = did_you_mean_path(name, schema)
            yield Finding(path, f"there is no setting '{name}'", hint=hint, at_key=True)


def _runs(left: Sound, checker: Checker) -> Iterator[Problem]:
    """Build every run, but for its seed, which no rule joins with anything."""
    section = child(left.root, "trial")
    seen: dict[str, Participant] = {}
    for each in allocations(left.root, left.control):
        content, problems = checker.point(each.settings, set())
        yield from problems
        begins = any(path in (BATH, THERAPIES) for path, _ in each.settings)
        if content is None or not left.whole(each) or (begins and not left.timed):
            continue
        if (first := seen.setdefault(content, each)) is not each:
            yield _twice(section, each, first)


def _twice(section: Node | None, each: Participant, first: Participant) -> Problem:
    where: Names = ("starts",)
    other = first.start
    if first.arm != each.arm:
        where, other = ("arms", each.arm), first.arm
    elif first.variant != each.variant:
        where, other = ("variants", each.variant), first.variant
    what = f"is the same experiment as '{other}'"
    if where == ("starts",):
        what = f"'{each.start}' {what}"
    node = section
    for key in where:
        node = child(node, key)
    assert node is not None
    place = dotted((*_TRIAL, *where))
    return problem(node.key or node.mark, place, what, hint="remove one of them")


def _once_for_each_start(left: Sound, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Leave out what is told twice; of a start, what more than one arm makes of it."""
    starts = {node.mark for node in items(child(child(left.root, "trial"), "starts"))}
    told: set[Mark | Problem] = set()
    for found in problems:
        place = Mark(found.file, found.line, found.column)
        what: Mark | Problem = place if place in starts else found
        if what not in told:
            told.add(what)
            yield found
