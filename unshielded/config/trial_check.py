"""Whether a trial has the right shape, and whether each of its runs is a good config."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from unshielded.config.catalogue import Catalogue
from unshielded.config.errors import MOST_PROBLEMS, Mark, Problem, problem, show
from unshielded.config.findings import Finding, did_you_mean_path, mark_of
from unshielded.config.json_schema import Schema
from unshielded.config.section import MOST_POINTS
from unshielded.config.sweep import child, mapping, without_sweep
from unshielded.config.sweep_check import NOT_SWEPT, Checker, settable
from unshielded.config.tree import Node
from unshielded.config.trial import Trial
from unshielded.config.trial_points import Participant, allocations

_NOT_HERE: Final = {
    **NOT_SWEPT,
    "seed": "list the seeds in 'trial.seeds'",
    "sweep": "a trial takes its place",
    "trial": "a trial has no trial inside",
}


def check(
    root: Node, trial: Trial, known: Iterable[Finding], catalogue: Catalogue, schema: Schema
) -> Iterator[Problem]:
    """Yield what is wrong with a trial and its runs, at the values that make it wrong.

    Parameters
    ----------
    root
        The whole config.
    trial
        Its trial section without what is wrong in it.
    known
        What is wrong without the trial; not repeated.
    """
    wrong = list(islice(shape(root, trial, schema), MOST_PROBLEMS))
    yield from wrong
    if not wrong:
        known = list(known)
        seen = {(f.path, f.what) for f in known}
        # a start that is wrong by itself is so in every run
        told = {mark_of(f.path, root) for f in known if f.path[:1] == ("trial",)}
        checker = Checker(without_sweep(root), seen, catalogue, schema)
        found = dict.fromkeys(_runs(root, trial, checker))
        fresh = (p for p in found if Mark(p.file, p.line, p.column) not in told)
        yield from islice(fresh, MOST_PROBLEMS)


def shape(root: Node, trial: Trial, schema: Schema) -> Iterator[Problem]:
    """Yield what is wrong with a trial whatever its values are."""
    section = child(root, "trial")
    assert section is not None
    if (sweep := child(root, "sweep")) is not None and sweep.value is not None:
        what, hint = "there is a 'trial' too", "remove one of them; variants do what a grid does"
        yield problem(sweep.key or sweep.mark, "sweep", what, "one or the other", hint)
    arms = mapping(child(section, "arms"))
    if (control := child(section, "control")) is not None and trial.control not in arms:
        near = difflib.get_close_matches(trial.control, list(arms), n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(arms)}"
        what = f"there is no arm {show(trial.control)}"
        yield problem(control.mark, "trial.control", what, "the name of an arm", hint)
    allowed = settable(root, schema)
    for kind in ("arms", "variants"):
        for name, node in mapping(child(section, kind)).items():
            yield from _names(node, f"trial.{kind}.{name}", allowed, schema)
    several = sum(1 for _ in islice(allocations(root, trial), MOST_POINTS + 1))
    if several * len(trial.seeds or (0,)) > MOST_POINTS:
        what = f"has more than {MOST_POINTS} runs"
        yield problem(section.mark, "trial", what, "fewer", "leave out seeds, starts or variants")


def _names(settings: Node, where: str, allowed: set[str], schema: Schema) -> Iterator[Problem]:
    """Yield settings that there are not, or that no arm can change."""
    for name, node in mapping(settings).items():
        place, mark = f"{where}.{name}", node.key or node.mark
        if (first := name.partition(".")[0]) in _NOT_HERE:
            yield problem(mark, place, f"'{name}' cannot be set here", hint=_NOT_HERE[first])
        elif name not in allowed:
            hint = did_you_mean_path(name, schema)
            yield problem(mark, place, f"there is no setting '{name}'", hint=hint)


def _runs(root: Node, trial: Trial, checker: Checker) -> Iterator[Problem]:
    """Build every run, but for its seed, which no rule joins with anything."""
    section = child(root, "trial")
    assert section is not None
    arms = mapping(child(section, "arms"))
    seen: dict[str, Participant] = {}
    for each in allocations(root, trial):
        content, problems = checker.point(each.settings, set())
        yield from problems
        if content is None or (first := seen.setdefault(content, each)) is each:
            continue
        if first.arm != each.arm:
            place, node, other = f"arms.{each.arm}", arms[each.arm], first.arm
        elif first.variant != each.variant:
            variant = mapping(child(section, "variants"))[each.variant]
            place, node, other = f"variants.{each.variant}", variant, first.variant
        else:
            place, node, other = "starts", child(section, "starts") or section, first.start
        what = f"is the same experiment as '{other}'"
        if place == "starts":
            what = f"'{each.start}' {what}"
        mark = node.key or node.mark
        yield problem(mark, f"trial.{place}", what, hint="remove one of them")
