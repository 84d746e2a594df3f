"""What cannot be read as a config at all: no YAML, too much of it, files that are not there."""

from pathlib import Path

import pytest

from tests.synthetic_catalogue import CATALOGUE
from tests.unit.bad_configs import HEAD, Said, check, problems_of

#: The config, and what is said about it.
CORPUS: dict[str, tuple[str, tuple[Said, ...]]] = {
    "empty": ("", ((1, 1, "the file is empty, expected a mapping"),)),
    "only a comment": ("# nothing\n", ((1, 1, "the file is empty"),)),
    "a list": ("- 1\n", ((1, 1, "found a list, expected a mapping"),)),
    "a text": ("hello\n", ((1, 1, "found 'hello'"),)),
    "duplicate key": (
        "name: a\nduration: 1 s\nname: b\n",
        ((3, 1, "the key 'name' is given twice; remove one; the first is at line 1"),),
    ),
    "python tag": (
        "name: !!python/object/apply:os.system [ls]\nduration: 1 s\n",
        ((1, 7, "the tag tag:yaml.org,2002:python/object/apply:os.system is not supported"),),
    ),
    "plain tag": ("name: !!str 1\nduration: 1 s\n", ((1, 7, "the tag"),)),
    "alias": (
        "name: &n a\nduration: 1 s\ndescription: *n\n",
        ((1, 7, "the anchor &n"), (3, 14, "the alias *n")),
    ),
    "merge key": (HEAD + "drive: {<<: {level: 1}}\n", ((3, 9, "there is no setting '<<'"),)),
    "list as a key": (HEAD + "? [1]\n: 2\n", ((3, 3, "not usable as a key"),)),
    "two documents": (HEAD + "---\nname: b\n", ((3, 1, "second document"),)),
    "bad indent": ("name: a\n duration: 1 s\n", ((2, 10, "is not YAML: mapping values"),)),
    "tab": ("name: a\ndrive:\n\tlevel: 1\n", ((3, 1, "is not YAML"),)),
    "unclosed": ("name: a\ndrive: {level: 1\n", ((3, 1, "is not YAML"),)),
    "bad escape": ('name: "\\UFFFFFFFF"\n', ((1, 1, "is not YAML"),)),
    "surrogate": ('name: "\\uD800"\nduration: 1 s\n', ((1, 7, "half a surrogate pair"),)),
    "control character": ("name: a\nduration: 1\x00s\n", ((2, 12, "'\\x00' is not allowed"),)),
    "deep": (
        HEAD + f"drive: {'[' * 40}\n",
        ((3, 40, "is nested deeper than 32 levels"),),
    ),
    "extends a list": (HEAD + "extends: [a]\n", ((3, 10, "found a list"),)),
    "extends nothing": (HEAD + "extends: none.yaml\n", ((3, 10, "there is no file"),)),
    "extends a URL": (HEAD + "extends: https://a.b/c.yaml\n", ((3, 10, "there is no file"),)),
    "extends a long name": (HEAD + f"extends: {'a' * 300}\n", ((3, 10, "there is no file"),)),
    "extends a folder": (HEAD + "extends: .\n", ((3, 10, "there is no file"),)),
    "extends from the root": (HEAD + "extends: /etc/hosts\n", ((3, 10, "absolute path"),)),
    "extends itself": (HEAD + "extends: bad.yaml\n", ((3, 10, "without a cycle"),)),
}


@pytest.mark.parametrize("case", CORPUS)
def test_bad_config(case: str, tmp_path: Path) -> None:
    text, expected = CORPUS[case]
    check(problems_of(text, tmp_path, CATALOGUE), expected)
