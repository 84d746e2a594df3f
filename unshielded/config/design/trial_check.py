"""Whether a trial has the right shape, and whether each of its runs is a good config."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from unshielded.config.design.sweep import alone
from unshielded.config.design.sweep_check import NOT_SWEPT, Checker
from unshielded.config.design.trial_points import BATH, THERAPIES, Allocation, allocations
from unshielded.config.design.trial_variants import EXTENDS
from unshielded.config.findings import Finding, dotted, locate
from unshielded.config.json_schema import names
from unshielded.config.reading.errors import MOST_PROBLEMS, Mark, Problem, nearest, problem, show
from unshielded.config.reading.tree import Node, Path, child, items, mapping, plain, put, without
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.section import MOST_POINTS

_TRIAL: Final[Path] = ("trial",)

_NOT_HERE: Final = {
    **NOT_SWEPT,
    "seed": "list the seeds in 'trial.seeds'",
    "sweep": "a trial takes its place",
    "trial": "a trial has no trial inside",
}


def check(root: Node, known: Collection[Finding], catalogue: Catalogue) -> Iterator[Problem]:
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
    wrong = list(islice(shape(root, catalogue, known), MOST_PROBLEMS))
    yield from (locate(finding, root) for finding in wrong)
    if len(wrong) == MOST_PROBLEMS or any(finding.path == _TRIAL for finding in wrong):
        return  # nobody reads on, or there are too many runs to look at each
    left = _sound(root, [*known, *wrong])
    checker = Checker(alone(left.root), {(f.path, f.what) for f in known}, catalogue)
    yield from islice(_once_for_each_start(left, _runs(left, checker)), MOST_PROBLEMS)


def shape(root: Node, catalogue: Catalogue, known: Iterable[Finding] = ()) -> Iterator[Finding]:
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
        entries = enumerate(items(child(section, key)))
        listed = (repr(plain(node)) for n, node in entries if (*_TRIAL, key, n) not in bad)
        twice = [text for text, times in Counter(listed).items() if times > 1]
        if twice:
            yield Finding((*_TRIAL, key), f"{twice[0]} is listed twice", "each entry once")
    yield from _names(root, catalogue)
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
    name = "" if control is None else control.value
    if arms and isinstance(name, str) and name and name not in arms:
        hint = nearest(name, arms) or f"there are {', '.join(arms)}"
        what = f"there is no arm {show(name)}"
        yield Finding((*_TRIAL, "control"), what, "the name of an arm", hint)


def _names(root: Node, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield settings that there are not, or that no arm can change."""
    known = names(catalogue)
    allowed = known.settable(root)
    for kind in ("arms", "variants"):
        for where, settings in mapping(child(root, "trial", kind)).items():
            for name in mapping(settings):
                path: Path = (*_TRIAL, kind, where, name)
                if name == EXTENDS and kind == "variants":
                    continue  # a file that cannot be read: that was told where it was to be read
                if (first := name.partition(".")[0]) in _NOT_HERE:
                    what = f"'{name}' cannot be set here"
                    yield Finding(path, what, hint=_NOT_HERE[first], at_key=True)
                elif name not in allowed:
                    hint = known.hint_at_path(name)
                    yield Finding(path, f"there is no setting '{name}'", hint=hint, at_key=True)


@dataclass(frozen=True)
class _Sound:
    """A config whose trial can be looked at run by run.

    Attributes
    ----------
    root
        The config, the trial without its bad arms, variants, settings and starts.
    control
        None where it is no arm.
    timed
        Whether it is known when therapies begin that do not say so themselves.
    cut
        Arms and variants that lack a setting; what is the same without it may differ with it.
    """

    root: Node
    control: str | None
    timed: bool
    cut: frozenset[Path]

    def compares(self, each: Allocation) -> bool:
        """Whether a run is all that is written of it."""
        begins = any(path in (BATH, THERAPIES) for path, _ in each.settings)
        whole = self.cut.isdisjoint({("arms", each.arm), ("variants", each.variant)})
        return whole and (self.timed or not begins)


def _sound(root: Node, wrong: Iterable[Finding]) -> _Sound:
    """Return a config without what is wrong in its trial."""
    inside = [f for f in wrong if f.path[:1] == _TRIAL and len(f.path) > 2]
    variants = mapping(child(root, "trial", "variants"))
    bad: list[Path] = [f.path for f in inside if len(f.path) > 3 or not f.at_key]
    bad += [(*_TRIAL, "variants", name, EXTENDS) for name in variants]  # left where unreadable
    cut = {path[1:3] for path in bad if len(path) > 3 and child(root, *map(str, path))}
    left = without(root, bad)
    given, starts = child(root, "trial", "control"), child(left, "trial", "starts")
    named = given is not None and given.value in mapping(child(root, "trial", "arms"))
    once = list({repr(plain(node)): node for node in items(starts)}.values())
    if starts is not None and once:
        left = put(left, ("trial", "starts"), replace(starts, value=once))
    return _Sound(
        root=left,
        control=str(given.value) if given is not None and named else None,
        timed=named and (bool(once) or starts is None or starts.value is None),
        cut=frozenset(cut),
    )


def _runs(left: _Sound, checker: Checker) -> Iterator[Problem]:
    """Build every run, but for its seed, which no rule joins with anything."""
    seen: dict[str, Allocation] = {}
    for each in allocations(left.root, left.control):
        content, problems = checker.point(each.settings)
        yield from problems
        if content is None or not left.compares(each):
            continue
        if (first := seen.setdefault(content, each)) is not each:
            yield _twice(left.root, each, first)


def _twice(root: Node, each: Allocation, first: Allocation) -> Problem:
    where: tuple[str, ...] = ("starts",)
    other, what = first.start, f"'{each.start}' is"
    if first.arm != each.arm:
        where, other, what = ("arms", each.arm), first.arm, "is"
    elif first.variant != each.variant:
        where, other, what = ("variants", each.variant), first.variant, "is"
    node = child(root, "trial", *where)
    assert node is not None
    what, hint = f"{what} the same experiment as '{other}'", "remove one of them"
    return problem(node.key or node.mark, dotted((*_TRIAL, *where)), what, hint=hint)


def _once_for_each_start(left: _Sound, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Leave out what is told twice; of a start, what more than one arm makes of it."""
    starts = {node.mark for node in items(child(left.root, "trial", "starts"))}
    told: set[Mark | Problem] = set()
    for found in problems:
        what = found.mark if found.mark in starts else found
        if what not in told:
            told.add(what)
            yield found
