//! The records of a practice from its folder to a server, or back. Keys and files stay where they are.
//!
//! One transaction fills the target and is held against the source, table by table, before it commits: a
//! copy that was cut short has left nothing, and is begun again. Refuses a target that holds anything, and a
//! practice that is open.

use crate::keep::lock;
use crate::store::{Arg, Around, Conn, Engine, Null, Register, Watch, register};
use crate::{Config, KeepError, Schema, Server, args, holds_practice, schema};
use aws_lc_rs::digest::{Context, SHA256};
use std::sync::Arc;
use vocabulary::{Clock, Entropy};

/// Rows held at once. With the widest table this stays below the 32,766 arguments that SQLite takes.
const ROWS_AT_ONCE: i64 = 200;

/// What lies in a table: how many rows, and a digest of every value in the order of the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    pub table: String,
    pub rows: u64,
    pub sha256: [u8; 32],
}

/// Copies every record of the practice to `to`; without a server that is the folder's own file.
pub async fn transfer(
    from: &Config,
    to: Option<Server>,
    schemas: &[Schema],
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<Vec<Copied>, KeepError> {
    let to = Config { database: to, ..from.clone() };
    if from.records() == to.records() {
        return Err(KeepError::Setup("the records are there already: name another place".into()));
    }
    if !holds_practice(from) {
        return Err(KeepError::Setup(format!("{} holds no practice to copy", from.folder.display())));
    }
    let _alone = lock(&from.folder)?;
    let around = Arc::new(Around { clock, entropy });
    let all: Vec<Schema> = schema::OWN.into_iter().chain(schemas.iter().copied()).collect();
    let source = Engine::open(&from.records(), &all, Watch::Nothing, around.clone()).await?;
    let target = Engine::open(&to.records(), &all, Watch::Nothing, around).await?;
    let copied = fill(&source, &target, &register(&all)?).await;
    source.close().await;
    target.close().await;
    copied
}

async fn fill(source: &Engine, target: &Engine, register: &Register) -> Result<Vec<Copied>, KeepError> {
    let (mut from, mut to) = (source.snapshot().await?, target.begin().await?);
    if from.row("SELECT idx FROM trail_leaf LIMIT 1", args![]).await?.is_none() {
        return Err(KeepError::Setup("there are no records to copy: look at --from".into()));
    }
    let tables: Vec<Table> = register.tables().map(|name| Table::of(register, name)).collect();
    for table in &tables {
        if !table.some(&mut to, None, 1).await?.is_empty() {
            return Err(KeepError::Setup(format!(
                "the target is not empty, it has a `{}`: name a new database, or take the old one away",
                table.name
            )));
        }
    }
    let mut copied = Vec::new();
    for table in &tables {
        let read = table.walk(&mut from, Some(&mut to)).await?;
        if table.walk(&mut to, None).await? != read {
            return Err(KeepError::Setup(format!(
                "`{}` does not read as it was written: nothing was copied; look at the target's disk and log",
                table.name
            )));
        }
        copied.push(read);
    }
    to.commit().await?;
    Ok(copied)
}

/// A table as the register knows it. Its first column names its rows.
struct Table {
    name: String,
    columns: Vec<(String, Null)>,
}

impl Table {
    fn of(register: &Register, name: &str) -> Table {
        let row_name = register.row_name(name).expect("a table of the register has a column");
        let mut columns: Vec<(String, Null)> = register
            .columns()
            .filter(|(table, ..)| *table == name)
            .map(|(_, column, about)| (column.to_owned(), about.kind))
            .collect();
        columns.sort_by_key(|(column, _)| column != row_name);
        Table { name: name.to_owned(), columns }
    }

    /// Reads every row, in order, and writes it to `into` when there is one.
    async fn walk(&self, from: &mut Conn, mut into: Option<&mut Conn>) -> Result<Copied, KeepError> {
        let (mut rows, mut all, mut after) = (0, Context::new(&SHA256), None);
        loop {
            let some = self.some(from, after.take(), ROWS_AT_ONCE).await?;
            let Some(last) = some.last() else { break };
            after = last.first().cloned();
            rows += some.len() as u64;
            some.iter().flatten().for_each(|value| take(&mut all, value));
            if let Some(into) = into.as_deref_mut() {
                self.put(into, some).await?;
            }
        }
        let sha256 = all.finish().as_ref().try_into().expect("SHA-256 gives 32 bytes");
        Ok(Copied { table: self.name.clone(), rows, sha256 })
    }

    async fn some(
        &self,
        from: &mut Conn,
        after: Option<Arg>,
        limit: i64,
    ) -> Result<Vec<Vec<Arg>>, KeepError> {
        let (names, key) = (self.names(), &self.columns[0].0);
        let mut args = args![limit];
        let beyond = if after.is_some() { format!("WHERE {key} > $2 ") } else { String::new() };
        args.extend(after);
        let sql = format!("SELECT {names} FROM {} {beyond}ORDER BY {key} LIMIT $1", self.name);
        let kinds: Vec<Null> = self.columns.iter().map(|(_, kind)| *kind).collect();
        from.rows_by_register(sql, args).await?.into_iter().map(|row| row.into_args(&kinds)).collect()
    }

    async fn put(&self, into: &mut Conn, rows: Vec<Vec<Arg>>) -> Result<(), KeepError> {
        let wide = self.columns.len();
        let marks = |row: usize| {
            let marks: Vec<String> = (1..=wide).map(|column| format!("${}", row * wide + column)).collect();
            format!("({})", marks.join(", "))
        };
        let values: Vec<String> = (0..rows.len()).map(marks).collect();
        let sql = format!("INSERT INTO {} ({}) VALUES {}", self.name, self.names(), values.join(", "));
        into.run_by_register(sql, rows.into_iter().flatten().collect()).await.map(|_| ())
    }

    fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// Every value with its kind and its length in front, so that no two tables read alike.
fn take(all: &mut Context, value: &Arg) {
    let mut put = |kind: u8, bytes: &[u8]| {
        all.update(&[kind]);
        all.update(&(bytes.len() as u64).to_be_bytes());
        all.update(bytes);
    };
    match value {
        Arg::Null(_) => put(0, &[]),
        Arg::Int(number) => put(1, &number.to_be_bytes()),
        Arg::Real(number) => put(2, &number.to_bits().to_be_bytes()),
        Arg::Text(text) => put(3, text.as_bytes()),
        Arg::Blob(bytes) => put(4, bytes),
    }
}
