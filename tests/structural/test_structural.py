"""Reading other languages by structure: functions, test regions, hunks, and what cannot be read."""

from __future__ import annotations

import pytest

from bot.diff import parse_patch
from bot.kinds import FileKind
from bot.pull_request import ChangedFile, FileStatus
from bot.structural import StructuralUnit, by_language, units_of
from bot.structural_rules import own_rules

RULES = by_language(own_rules())


def _new(path: str, text: str, kind: FileKind = FileKind.PRODUCTION) -> list[StructuralUnit]:
    lines = text.split("\n")
    patch = f"@@ -0,0 +1,{len(lines)} @@\n" + "\n".join(f"+{line}" for line in lines)
    file = ChangedFile(path=path, status=FileStatus.ADDED, patch=patch, additions=len(lines))
    return list(units_of(parse_patch(file), text, kind, RULES))


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "a.ts",
            "function f(a: A, {b}: B, ...c) {\n}\nclass K { m(x) {} }\nconst g = (y) => y",
            [("f", 3), ("m", 1), ("g", 1)],
        ),
        ("a.js", "const o = { key: function (a, b = 1) {} }", [("key", 2)]),
        ("a.tsx", "export const V = ({ a, b }) => <p/>", [("V", 1)]),
        ("a.go", "package a\nfunc (s *S) F(a, b int, c string) {}\nfunc G(xs ...int) {}", [("F", 3), ("G", 1)]),
        ("a.rs", "impl A { fn f(&self, a: u8, b: u8) {} }", [("f", 2)]),
        ("A.java", "class A { A(int a) {} void f(int a, String... b) {} }", [("A", 1), ("f", 2)]),
        ("a.rb", "def f(a, b = 1, *c, d:, **e, &g)\nend\ndef self.h\nend", [("f", 6), ("h", 0)]),
    ],
)
def test_functions(path: str, text: str, expected: list[tuple[str, int]]) -> None:
    """Functions are told by name with the parameters that they declare, without receivers."""
    (unit,) = _new(path, text)
    assert [(function.name, function.parameters) for function in unit.functions] == expected


def test_rust_test_module_is_test() -> None:
    """What stands in a module or function marked as a test counts as test, whatever the file."""
    text = "fn f() { dbg!(a); }\n#[cfg(test)]\n#[allow(x)]\nmod tests {\n  #[test]\n  fn t() { dbg!(b); }\n}\n"
    (unit,) = _new("src/lib.rs", text)
    assert [(hit.line, hit.function, hit.in_test) for hit in unit.hits] == [(1, "f", False), (6, "t", True)]


def test_hunks_keep_their_numbers() -> None:
    """Where only the patch is known each hunk is read on its own, and lines keep the numbers of the new file."""
    patch = "@@ -10,2 +10,3 @@ f\n a();\n+debugger;\n b();\n@@ -50,1 +51,2 @@\n c();\n+d = e as any;"
    units = list(units_of(parse_patch(ChangedFile(path="a.ts", patch=patch)), None, FileKind.PRODUCTION, RULES))
    assert [(unit.complete, hit.line, hit.kind) for unit in units for hit in unit.hits] == [
        (False, 11, "print_left"),
        (False, 52, "any_escape"),
    ]


def test_only_added_lines() -> None:
    """A match on a line that was there before is no hit."""
    patch = "@@ -1,1 +1,2 @@\n debugger;\n+a();"
    units = list(
        units_of(parse_patch(ChangedFile(path="a.ts", patch=patch)), "debugger;\na();\n", FileKind.PRODUCTION, RULES)
    )
    assert [unit.hits for unit in units] == [()]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 50_000,
        "{" * 5_000 + "try { a } catch {}",
        "\ud800",
        "\x00\x01",
        "a" * 30_000,
        "try {} catch {" * 2_000,
        "",
    ],
    ids=["parens", "braces", "surrogate", "control", "one line", "unclosed", "empty"],
)
@pytest.mark.parametrize("path", ["a.ts", "a.js", "a.go", "a.rs", "A.java", "a.rb"])
def test_hostile_text_is_left_out(path: str, text: str) -> None:
    """Whatever the text, reading it ends and never raises (law 2)."""
    assert all(unit.path == path for unit in _new(path, text))
