"""Statements that try to get at more than the datasets which they were given."""

from pathlib import Path

import pytest
from tests.services.data.statements import answer, numbers

from datalab.contracts.errors import PlatformError

ATTEMPTS = (
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM '{file}'",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_csv_auto('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM read_ndjson_objects('/etc/passwd')",
    "SELECT * FROM read_parquet('{file}')",
    "SELECT * FROM parquet_scan('{file}')",
    "SELECT * FROM parquet_metadata('{file}')",
    "SELECT * FROM parquet_schema('{file}')",
    "SELECT * FROM parquet_kv_metadata('{file}')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT read_text('/etc/passwd')",
    "SELECT '/etc/passwd'.read_text()",
    "SELECT main.read_text('/etc/passwd')",
    "SELECT system.main.read_text('/etc/passwd')",
    "SELECT * FROM system.main.read_text('/etc/passwd')",
    "SELECT getenv('HOME')",
    "SELECT current_setting('allowed_paths')",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_views()",
    "SELECT * FROM duckdb_tables",
    "SELECT * FROM duckdb_databases()",
    "SELECT * FROM duckdb_logs()",
    "SELECT * FROM duckdb_external_file_cache()",
    "SELECT * FROM duckdb_temporary_files()",
    "SELECT * FROM pragma_database_list",
    "SELECT * FROM pragma_table_info('numbers')",
    "SELECT * FROM pragma_storage_info('numbers')",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM main.sqlite_master",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM pg_catalog.pg_class",
    "SELECT * FROM system.information_schema.tables",
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM query_table('numbers')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    "SELECT json_serialize_plan('SELECT * FROM numbers')",
    "SELECT * FROM seq_scan('numbers')",
    "SELECT * FROM which_secret('s3://x', 's3')",
    "SELECT * FROM test_all_types()",
    "SELECT write_log('x')",
    "SELECT getvariable('x')",
    "SELECT pg_get_viewdef(1)",
    "SELECT sleep_ms(1)",
    "SELECT nextval('s')",
    "WITH sqlite_master AS (SELECT * FROM sqlite_master) SELECT * FROM sqlite_master",
    "SELECT * FROM (WITH duckdb_views AS (SELECT 1) SELECT 1), duckdb_views",
    "SELECT (SELECT sql FROM duckdb_views LIMIT 1)",
    "SELECT * FROM numbers WHERE EXISTS (SELECT * FROM duckdb_settings())",
    "SELECT * FROM numbers ORDER BY (SELECT count(*) FROM read_text('/etc/passwd'))",
    "SELECT * FROM numbers LIMIT (SELECT count(*) FROM glob('/etc/*'))",
    "SELECT list_transform([1], lambda x: (SELECT content FROM read_text('/etc/passwd')))",
    "FROM (SUMMARIZE FROM read_csv('/etc/passwd'))",
    "DESCRIBE SELECT * FROM read_csv('/etc/passwd')",
    "FROM numbers PIVOT (count(*) FOR word IN (SELECT content FROM read_text('/etc/passwd')))",
    "SHOW ALL TABLES",
    "ATTACH ':memory:' AS other",
    "ATTACH '/tmp/other.db' AS other",
    "DETACH memory",
    "USE memory",
    "COPY numbers TO '/tmp/stolen.csv'",
    "COPY (SELECT 1) TO '{file}'",
    "COPY numbers FROM '/etc/passwd'",
    "EXPORT DATABASE '/tmp/stolen'",
    "IMPORT DATABASE '/tmp/stolen'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "RESET lock_configuration",
    "PRAGMA database_list",
    "PRAGMA enable_profiling",
    "CALL pragma_version()",
    "CREATE TABLE t AS SELECT 1",
    "CREATE MACRO f(x) AS x",
    "CREATE SECRET s (TYPE s3)",
    "CREATE VIEW v AS SELECT * FROM read_text('/etc/passwd')",
    "DROP VIEW numbers",
    "INSERT INTO numbers VALUES (1, 'x')",
    "UPDATE numbers SET n = 1",
    "DELETE FROM numbers",
    "EXPLAIN SELECT * FROM numbers",
    "EXPLAIN ANALYZE SELECT * FROM numbers",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "CHECKPOINT",
    "VACUUM",
    "BEGIN",
    "SELECT 1; DROP VIEW numbers",
    "SELECT 1; SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM statement",
    "SELECT * FROM arguments",
    "SELECT * FROM arrow_scan(1, 2, 3)",
    "SELECT * FROM pandas_scan(1)",
    "SELECT * FROM python_map_function(1)",
    "SELECT * FROM 'http://127.0.0.1:1/x.parquet'",
    "SELECT * FROM 's3://bucket/x.parquet'",
    "SELECT filename FROM numbers",
    "SELECT file_row_number FROM numbers",
)


@pytest.mark.parametrize("sql", ATTEMPTS)
def test_an_escape_is_refused_without_telling_where_files_are(sql: str, tmp_path: Path):
    view = numbers(tmp_path)
    with pytest.raises(PlatformError) as refused:
        answer(sql.replace("{file}", view.files[0]), view)
    told = refused.value.detail.replace(sql.replace("{file}", view.files[0]), "")
    assert str(tmp_path) not in told.replace(f"'{view.files[0]}'", "")


def test_a_file_that_vanished_is_not_named(tmp_path: Path):
    view = numbers(tmp_path)
    absent = view.model_copy(update={"files": (str(tmp_path / "secret.parquet"),)})
    with pytest.raises(PlatformError) as failed:
        answer("SELECT * FROM numbers", absent)
    assert "secret" not in failed.value.detail


def test_a_statement_sees_no_variables_of_the_worker():
    with pytest.raises(PlatformError):
        answer("SELECT * FROM relation")


def test_one_statement_leaves_nothing_for_the_next(tmp_path: Path):
    view = numbers(tmp_path)
    assert answer("SELECT count(*) FROM numbers", view).rows == [[10]]
    with pytest.raises(PlatformError, match="numbers"):
        answer("SELECT count(*) FROM numbers")
