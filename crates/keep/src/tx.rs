//! The single writer, and the only commit there is: it takes a proof and an entry.

use crate::bus::Hint;
use crate::files::Written;
use crate::settings::Settings;
use crate::store::{Arg, Class, Conn};
use crate::trail::{self, Body, Entry, Touched, Work};
use crate::vault::{Held, Place, Purpose};
use crate::view::{Opened, Viewing};
use crate::{Keep, KeepError, args};
use policy::Access;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use vocabulary::{Entropy, UnixMillis};

/// Values sealed in one transaction; more would be a loop that lost its end.
const TOUCHED_AT_MOST: usize = 10_000;

/// Plain columns only.
pub struct Reader(Conn);

/// A transaction. Reads see its own writes; nobody else does before the commit. One failed statement ends it.
pub struct Tx {
    viewing: Viewing,
    work: Work,
    hints: Vec<Hint>,
    settings: Option<Settings>,
    pub(crate) written: Written,
}

impl Reader {
    pub(crate) fn new(conn: Conn) -> Reader {
        Reader(conn)
    }
}

impl Tx {
    pub(crate) fn new(keep: Keep, conn: Conn) -> Tx {
        let mut viewing = Viewing::new(keep, conn);
        viewing.opened = Some(Opened::new(viewing.keep.clone()));
        Tx { viewing, work: Work::default(), hints: Vec::new(), settings: None, written: Written::default() }
    }

    /// The time of this transaction.
    pub fn now(&self) -> UnixMillis {
        self.viewing.keep.clock().now()
    }

    /// The settings as they stand before this transaction.
    pub fn settings(&self) -> Arc<Settings> {
        self.viewing.keep.settings()
    }

    /// Randomness for the ids and secrets this transaction makes.
    pub fn entropy(&self) -> &dyn Entropy {
        self.viewing.keep.entropy()
    }

    /// As [`Keep::blind`], for what this transaction writes.
    pub fn blind(&self, table: &str, column: &str, normalised: &str) -> Vec<u8> {
        self.viewing.keep.blind(table, column, normalised)
    }

    /// Gives the number of rows changed.
    pub async fn run(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<u64, KeepError> {
        self.viewing.conn.run(sql, args).await
    }

    /// For a change that must meet exactly one row, such as `... WHERE id = $1 AND version = $2`: anything
    /// else is a conflict.
    pub async fn run_one(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<(), KeepError> {
        match self.run(sql, args).await? {
            1 => Ok(()),
            _ => Err(KeepError::Conflict),
        }
    }

    /// Seals a value for its place. The place is bound into it and into the trail.
    pub fn seal(&mut self, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>, KeepError> {
        if self.viewing.keep.register().class(place.table, place.column) != Some(Class::Sealed) {
            return Err(KeepError::Shape("a sealed value for a column that is not registered as sealed"));
        }
        self.seal_again(place, plain)
    }

    /// As `seal`, for a place that was read from the register itself.
    pub(crate) fn seal_again(&mut self, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>, KeepError> {
        if self.work.touched.len() >= TOUCHED_AT_MOST {
            return Err(KeepError::TooLarge("10,000 sealed values in one transaction"));
        }
        let Viewing { keep, fresh, .. } = &mut self.viewing;
        let sealed = keep.vault().seal(Purpose::Data, place, plain, fresh)?;
        self.work.touched.push(Touched::new(place, &sealed));
        Ok(sealed)
    }

    pub fn seal_text(&mut self, place: &Place<'_>, plain: &str) -> Result<Vec<u8>, KeepError> {
        self.seal(place, plain.as_bytes())
    }

    /// The sealed value in this place is emptied or deleted by this transaction, so nobody misses it later.
    pub fn empties(&mut self, place: &Place<'_>) {
        self.work.touched.push(Touched::emptied(place));
    }

    /// The value sealed last was not written after all.
    pub(crate) fn takes_back_last(&mut self) {
        self.work.touched.pop();
    }

    /// A key that becomes its owner's newest with this transaction.
    pub(crate) fn holds(&mut self, key: Held) {
        self.viewing.fresh.push(key);
    }

    /// Published when, and only when, the transaction commits.
    pub fn hint(&mut self, hint: Hint) {
        if !self.hints.contains(&hint) {
            self.hints.push(hint);
        }
    }

    /// One more entry, for a transaction that is several acts.
    pub fn note(&mut self, access: &Access, entry: Entry) {
        let mut body = Body::allowed(access, &entry);
        let keep = &self.viewing.keep;
        keep.callers().fill(&mut body);
        if let Some(text) = &entry.query {
            body.query = trail::query_hash(&keep.blind("trail_leaf", "query", &text.trim().to_lowercase()));
        }
        self.work.entries.push(body);
    }

    /// Makes the transaction last, together with its entry. Gives the entry's index in the trail. Runs to its
    /// end even when the caller is dropped, so a closed browser never leaves a commit without its
    /// consequences.
    pub async fn commit(mut self, access: &Access, entry: Entry) -> Result<u64, KeepError> {
        self.note(access, entry);
        self.finish().await
    }

    /// A refusal changes nothing but the trail, so it needs no proof.
    pub(crate) async fn commit_refusal(mut self, body: Body) -> Result<(), KeepError> {
        self.work.entries.push(body);
        self.finish().await.map(|_| ())
    }

    pub(crate) fn changes_settings(&mut self, settings: Settings) {
        self.settings = Some(settings);
        self.hint(Hint::Settings);
    }

    async fn finish(self) -> Result<u64, KeepError> {
        let keep = self.viewing.keep.clone();
        let ended = tokio::spawn(self.last()).await;
        ended.unwrap_or_else(|_| Err(keep.broken("a commit panicked or its runtime ended")))
    }

    async fn last(self) -> Result<u64, KeepError> {
        let Tx { viewing, mut work, hints, settings, written } = self;
        let Viewing { mut conn, keep, mut fresh, opened } = viewing;
        work.touched.extend(conn.changed().await?.into_iter().map(Touched::row));
        let head = trail::append(&mut conn, keep.vault(), &mut fresh, work, keep.clock().now()).await?;
        keep.vault().store(&fresh).await?;
        let committed = conn.commit().await;
        // Where the answer of a server is lost nobody knows whether the commit lasted: a sealed file too many
        // is harmless, one too few is a loss.
        written.stays();
        committed?;
        if let Some(opened) = opened {
            opened.has_its_entry();
        }
        keep.saw_trail(&head);
        if let Some(settings) = settings {
            keep.set_settings(settings);
        }
        hints.into_iter().for_each(|hint| keep.bus().publish(hint));
        Ok(head.tree.size() - 1)
    }
}

impl Keep {
    /// Raises a sign of life to now, for rows that are named by their table's first column. The one write
    /// without an entry: that somebody is still there is state and no act, and an entry a minute for each of
    /// them would bury the acts. It can lower nothing and reach no column of another class.
    pub async fn alive(&self, table: &str, column: &str, rows: &[String]) -> Result<(), KeepError> {
        let name = self.register().row_name(table);
        let name = name.filter(|_| self.register().class(table, column) == Some(Class::State));
        let name =
            name.ok_or(KeepError::Shape("a sign of life for a column that is not registered as state"))?;
        let now = self.clock().now();
        let mut conn = self.write_conn().await?;
        for row in rows.iter().take(TOUCHED_AT_MOST) {
            let sql = format!("UPDATE {table} SET {column} = $2 WHERE {name} = $1 AND {column} < $2");
            conn.run_by_register(sql, args![row, now]).await?;
        }
        conn.commit().await
    }
}

impl Deref for Reader {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

impl Deref for Tx {
    type Target = Viewing;

    fn deref(&self) -> &Viewing {
        &self.viewing
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Viewing {
        &mut self.viewing
    }
}
