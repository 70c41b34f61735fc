"""Python that was changed, as trees with the numbers of the new file."""

import ast

from hypothesis import given
from hypothesis import strategies as st

from bot.diff import parse_patch
from bot.pull_request import ChangedFile
from bot.python_source import parse, units_of, walk

PATCH = """@@ -40,4 +40,9 @@ class Pool:
     size = 3
 
+    async def take(self):
+        item = await self.items.pop()
+        assert item.ready
+        return item
+
     other = 4
     third = 5"""


def test_a_fragment_keeps_the_files_line_numbers() -> None:
    """A function known only by its patch is parsed with the numbers of the new file."""
    diff = parse_patch(ChangedFile(path="pool.py", patch=PATCH))
    unit = next(iter(units_of(diff, None)))
    assert not unit.complete
    assert [(item.name, item.first_line, item.last_line) for item in unit.functions] == [("take", 42, 45)]
    assert unit.text(44) == "        assert item.ready"
    assert unit.function_at(44).name == "take"


def test_a_whole_file_is_one_unit() -> None:
    """Where the file is known whole, its tree is whole."""
    text = "import os\n\n\nclass A:\n    def f(self):\n        return os\n"
    diff = parse_patch(ChangedFile(path="a.py", patch="@@ -6 +6 @@\n-        return 1\n+        return os"))
    units = list(units_of(diff, text))
    assert [unit.complete for unit in units] == [True]
    assert units[0].functions[0].qualified_name == "A.f"
    assert units[0].adds(units[0].functions[0].node.body[0])


def test_broken_source_yields_nothing() -> None:
    """A text that is no Python is left out, and nothing is raised."""
    assert parse("def (") is None
    assert parse("\0") is None
    assert list(units_of(parse_patch(ChangedFile(path="a.py", patch="@@ -1 +1 @@\n-x\n+def (")), "def (")) == []


def test_walk_finds_what_ast_walk_finds() -> None:
    """The faster walk sees every node that has fields or a place, in the same order."""
    tree = ast.parse("def f(a, *b, c=1):\n    try:\n        pass\n    except E as e:\n        raise X from e\n")
    assert walk(tree) == [node for node in ast.walk(tree) if node._fields or node._attributes]


@given(
    st.lists(
        st.sampled_from(["def f():", "    x = 1", "    return (", "class A:", "", "@d", "  )", "'''"]), max_size=40
    )
)
def test_any_hunk_is_survived(lines: list[str]) -> None:
    """No order of lines makes the fragment parser raise, and every tree it yields lies inside the hunk."""
    patch = f"@@ -0,0 +10,{len(lines)} @@\n" + "\n".join(f"+{line}" for line in lines)
    diff = parse_patch(ChangedFile(path="a.py", patch=patch))
    for unit in units_of(diff, None):
        assert all(10 <= number < 10 + len(lines) for number in unit.lines)
