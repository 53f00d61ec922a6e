"""Migrations only add: processes of the version before go on with the tables of the next one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, inspect

from hub.db import schema, superseded
from hub.db.engine import connect, reading, writing

VERSIONS = Path(schema.MIGRATIONS) / "versions"
TAKING = {
    "drop_column", "drop_table", "drop_index", "drop_constraint", "alter_column", "rename_table",
    "drop_table_comment",
}  # fmt: skip
FILES = sorted(VERSIONS.glob("[0-9]*_*.py"))


def upgrading(path: Path) -> ast.Module:
    """A revision without its way back; what ``upgrade`` calls counts as well."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    back = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "downgrade"]
    return ast.Module([node for node in tree.body if node not in back], [])


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


def test_superseded_indexes_go_with_the_second_upgrade_and_a_new_database_has_none(database_url: str) -> None:
    engine = connect(database_url)
    try:
        schema.upgrade(engine)
        assert left(engine) == set()
        with writing(engine) as connection:
            connection.exec_driver_sql("CREATE INDEX ix_title_folded ON title (folded)")
            connection.exec_driver_sql("CREATE INDEX ix_party_ipi_name ON party (ipi_name)")
            if engine.dialect.name == "sqlite":
                trigrams = "CREATE VIRTUAL TABLE title_search USING fts5(folded, tokenize='trigram')"
            else:
                trigrams = "CREATE INDEX ix_title_search ON title (folded)"
            connection.exec_driver_sql(trigrams)
        assert {"ix_title_folded", "ix_party_ipi_name"} < left(engine)
        assert schema.check(engine) == []
        schema.upgrade(engine)
        assert left(engine) == set()
    finally:
        engine.dispose()


def left(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        found = inspect(connection)
        tables = set(found.get_table_names())
        indexes = {str(index["name"]) for table in tables for index in found.get_indexes(table)}
    return {name for name in tables if superseded.is_superseded(name, "table")} | {
        name for name in indexes if superseded.is_superseded(name, "index")
    }
