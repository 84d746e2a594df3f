"""The valid part of a trial: without what is known to be wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from unshielded.config.design.sweep import child, items, mapping
from unshielded.config.design.trial_points import Participant
from unshielded.config.design.trial_variants import EXTENDS
from unshielded.config.findings import Finding
from unshielded.config.reading.tree import Node, plain


@dataclass(frozen=True)
class Sound:
    """A config whose trial can be looked at run by run.

    Attributes
    ----------
    root
        The config, the trial without its bad arms, variants, settings and starts.
    control
        None where it is not an arm.
    timed
        Whether it is known when therapies begin that do not say so themselves.
    cut
        Arms and variants that lack a setting; what is the same without it may differ with it.
    """

    root: Node
    control: str | None
    timed: bool
    cut: frozenset[tuple[str, str]]

    def whole(self, each: Participant) -> bool:
        """Whether a run is all that is written of it."""
        return self.cut.isdisjoint({("arms", each.arm), ("variants", each.variant)})


def sound(root: Node, wrong: Iterable[Finding]) -> Sound:
    """Return a config without what is wrong in its trial."""
    section = child(root, "trial")
    assert section is not None
    cut: set[tuple[str, str]] = set()
    left = {kind: dict(mapping(child(section, kind))) for kind in ("arms", "variants")}
    starts = dict(enumerate(items(child(section, "starts"))))
    begun = not starts
    for name, variant in left["variants"].items():
        if EXTENDS in mapping(variant):  # its file cannot be read
            cut.add(("variants", name))
            left["variants"][name] = _without(variant, EXTENDS)
    for finding in wrong:
        match finding.path:
            case ("trial", "arms" | "variants" as kind, str() as name) if not finding.at_key:
                left[kind].pop(name, None)
            case ("trial", "arms" | "variants" as kind, str() as name, str() as setting):
                cut.add((kind, name))
                if name in left[kind]:
                    left[kind][name] = _without(left[kind][name], setting)
            case ("trial", "starts", int() as place):
                starts.pop(place, None)
            case ("trial", "starts"):
                begun = False
    once = {repr(plain(node)): node for node in starts.values()}  # of the same, one
    changed: dict[str, dict[str, Node] | list[Node]] = {**left, "starts": list(once.values())}
    kept = {
        key: replace(node, value=changed[key]) if key in changed else node
        for key, node in mapping(section).items()
    }
    given = child(section, "control")
    named = given is not None and given.value in mapping(child(section, "arms"))
    trial = replace(section, value=kept)
    return Sound(
        root=replace(root, value={**mapping(root), "trial": trial}),
        control=str(given.value) if given is not None and named else None,
        timed=named and (begun or bool(once)),
        cut=frozenset(cut),
    )


def _without(node: Node, name: str) -> Node:
    return replace(node, value={k: v for k, v in mapping(node).items() if k != name})
