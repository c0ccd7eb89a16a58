"""Writing very many rows at once, past the ORM: a world of names takes seconds instead of minutes.

Table and column names are constants of the callers, never input.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

ROWS_AT_ONCE = 20_000
IDS_AT_ONCE = 500


def insert_rows(
    table: str, *, columns: Sequence[str], rows: Sequence[Sequence[Any]], progress: Callable[[float], None]
) -> None:
    """Insert rows whose values stand in the order of ``columns``; call it inside a transaction."""
    names = ", ".join(columns)
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS_AT_ONCE):
            batch = rows[start : start + ROWS_AT_ONCE]
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in batch:
                        copy.write_row(row)
            else:
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", batch)  # noqa: S608 - named in our own code
            progress(min(1.0, (start + ROWS_AT_ONCE) / len(rows)))


def delete_all(table: str) -> None:
    """Empty a table that nothing refers to."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - named in our own code


def delete_by_id(table: str, *, column: str, ids: Sequence[int]) -> None:
    """Delete rows without fetching them; the database refuses what is still referred to."""
    with connection.cursor() as cursor:
        for start in range(0, len(ids), IDS_AT_ONCE):
            batch = ids[start : start + IDS_AT_ONCE]
            marks = ", ".join(["%s"] * len(batch))
            cursor.execute(f"DELETE FROM {table} WHERE {column} IN ({marks})", batch)  # noqa: S608 - named in our own code


def refresh_statistics(tables: Sequence[str]) -> None:
    """Tell the database's planner what the tables hold now."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {table}")
