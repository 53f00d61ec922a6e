"""Migrations only add: processes of the version before go on with the tables of the next one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect

from hub.db import schema
from hub.db.engine import connect, reading, writing

VERSIONS = Path(schema.MIGRATIONS) / "versions"
TAKING = {
    "drop_column", "drop_table", "drop_index", "drop_constraint", "alter_column", "rename_table",
    "drop_table_comment",
}  # fmt: skip
FILES = sorted(VERSIONS.glob("[0-9]*_*.py"))


def upgrading(path: Path) -> ast.FunctionDef:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "upgrade")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_upgrade_takes_nothing_away(path: Path) -> None:
    called = {
        node.func.attr
        for node in ast.walk(upgrading(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert called & TAKING == set(), "add beside it, and let a later version stop using it"
    for node in ast.walk(upgrading(path)):
        # A column that is added must have a value where the version before writes a row without it.
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "add_column":
            column = node.args[-1]
            assert isinstance(column, ast.Call)
            given = {word.arg: word.value for word in column.keywords}
            nullable = given.get("nullable")
            assert "server_default" in given or (isinstance(nullable, ast.Constant) and nullable.value)


def test_revisions_follow_each_other_without_a_gap() -> None:
    numbers = [path.name.partition("_")[0] for path in FILES]
    assert numbers == [f"{number:04}" for number in range(1, len(FILES) + 1)]


def test_every_step_keeps_the_columns_of_the_step_before(database_url: str) -> None:
    engine = connect(database_url)
    before: dict[str, set[str]] = {}
    try:
        for path in FILES:
            config = schema._config()
            with writing(engine) as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, path.name.partition("_")[0])
            with reading(engine) as connection:
                found = inspect(connection)
                after = {
                    table: {str(column["name"]) for column in found.get_columns(table)}
                    for table in found.get_table_names()
                    if "_search" not in table
                }
            for table, columns in before.items():
                assert columns <= after.get(table, set()), (path.name, table)
            before = after
        assert schema.check(engine) == []
    finally:
        engine.dispose()
