"""Formulas of a page as MathML, which browsers draw themselves: no script, no network, no images.

A formula that cannot be translated is a warning, and so an error of ``make docs``.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging

_LOG = logging.getLogger(__name__)

#: What the translator leaves of a command or an alignment that it does not know.
_UNTRANSLATED = re.compile(r"<m[io]>(\\[^<]*|&)</m[io]>")


def mathml(latex: str, *, display: bool) -> str:
    r"""Return a formula as MathML.

    Parameters
    ----------
    latex
        Without dollar signs. Rows that are separated by ``\\\\`` are aligned at ``&``.
    display
        Whether it stands on its own.

    Raises
    ------
    ValueError
        If it has a command that is not known.
    """
    latex = re.sub(r"\\\\\[[^]]*\]", r"\\\\", latex.strip())
    if ("\\\\" in latex or "&" in latex) and r"\begin" not in latex:
        latex = rf"\begin{{align*}}{latex}\end{{align*}}"
    made: str = convert(latex, display="block" if display else "inline")
    unknown = _UNTRANSLATED.findall(made)
    if unknown:
        raise ValueError(f"no MathML for {unknown[0]!r} in {latex!r}")
    return made


def _translated(node: nodes.Element, *, display: bool) -> str:
    try:
        return mathml(node.astext(), display=display)
    except Exception as error:  # of the translator, which has a dozen unrelated types
        _LOG.warning("formula: %s", error, location=node)
        return ""


def _inline(self: Any, node: nodes.math) -> None:
    self.body.append(_translated(node, display=False))
    raise nodes.SkipNode


def _block(self: Any, node: nodes.math_block) -> None:
    self.body.append(f'<div class="formula">{_translated(node, display=True)}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Make this the way in which HTML shows formulas."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
