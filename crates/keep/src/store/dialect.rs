//! The few words in which the two engines differ. Everything else is one SQL text for both: `$n`, the types
//! TEXT, BIGINT, DOUBLE PRECISION and BYTEA, and what `cargo xtask tidy` lets pass.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// Begins the transaction of the one writer.
    pub fn begin_write(self) -> &'static str {
        match self {
            // A deferred one would fail at its first write when it has read something old.
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN",
        }
    }

    /// Begins a transaction whose statements all see the same moment.
    pub fn begin_snapshot(self) -> &'static str {
        match self {
            Dialect::Sqlite => "BEGIN",
            Dialect::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// Every column there is, as `tab` and `col`.
    pub fn live_columns(self) -> &'static str {
        match self {
            Dialect::Sqlite => {
                "SELECT t.name AS tab, c.name AS col FROM sqlite_schema t JOIN pragma_table_info(t.name) c
                 WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'schema_step'"
            }
            Dialect::Postgres => {
                "SELECT CAST(t.relname AS TEXT) AS tab, CAST(c.attname AS TEXT) AS col
                 FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid
                 WHERE t.relnamespace = to_regnamespace(quote_ident(current_schema()))
                   AND t.relkind IN ('r', 'p')
                   AND c.attnum > 0 AND NOT c.attisdropped AND t.relname <> 'schema_step'"
            }
        }
    }

    /// What makes the engine itself refuse to change or delete a row of this table. Saying it twice is saying
    /// it once.
    pub fn append_only(self, table: &str) -> String {
        match self {
            Dialect::Sqlite => format!(
                "CREATE TRIGGER IF NOT EXISTS {table}_is_never_edited BEFORE UPDATE ON {table}
                 BEGIN SELECT RAISE(ABORT, 'append-only'); END;
                 CREATE TRIGGER IF NOT EXISTS {table}_is_never_deleted BEFORE DELETE ON {table}
                 BEGIN SELECT RAISE(ABORT, 'append-only'); END;"
            ),
            Dialect::Postgres => format!(
                "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN RAISE EXCEPTION 'append-only'; END $$;
                 CREATE OR REPLACE TRIGGER {table}_is_never_edited BEFORE UPDATE ON {table}
                 FOR EACH ROW EXECUTE FUNCTION append_only();
                 CREATE OR REPLACE TRIGGER {table}_is_never_deleted BEFORE DELETE ON {table}
                 FOR EACH ROW EXECUTE FUNCTION append_only();
                 CREATE OR REPLACE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
                 FOR EACH STATEMENT EXECUTE FUNCTION append_only();"
            ),
        }
    }
}
