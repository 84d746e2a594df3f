"""Text files are UTF-8 wherever the package opens one, whatever the locale."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "unshielded"

#: A lock, what programs say, and C++ in ASCII; their texts are part of the model's digest.
LEFT = {"engine/build.py", "engine/program.py", "engine/generate.py"}


def without_encoding(text: str) -> Iterator[int]:
    """Yield the lines of calls that open, read or write text and name no encoding."""
    for call in ast.walk(ast.parse(text)):
        if not isinstance(call, ast.Call) or any(k.arg == "encoding" for k in call.keywords):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
        of = ast.unparse(call.func)
        if name in ("read_text", "write_text"):
            yield call.lineno
        if name in ("open", "fdopen") and of != "os.open":
            modes = [a.value for a in call.args if isinstance(a, ast.Constant)]
            modes += [k.value.value for k in call.keywords if k.arg == "mode"]  # type: ignore[attr-defined]
            if not any(isinstance(m, str) and "b" in m for m in modes):
                yield call.lineno


def test_the_check_sees_what_it_looks_for() -> None:
    lines = (
        "path.open()", "path.open('w', newline='')", "open(path, 'a')", "p.read_text()",
        "p.write_text(t)", "path.open('rb')", "path.open(encoding='utf-8')", "os.open(p, 1)",
    )  # fmt: skip
    assert list(without_encoding("\n".join(lines))) == [1, 2, 3, 4, 5]


def test_every_text_file_has_an_encoding() -> None:
    found = {
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in PACKAGE.rglob("*.py")
        if str(path.relative_to(PACKAGE)) not in LEFT
        for line in without_encoding(path.read_text(encoding="utf-8"))
    }
    assert found == set()
