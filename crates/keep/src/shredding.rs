//! The end of a patient's sealed values: their data keys are destroyed, and a certificate says so.
//!
//! The order is an act and commits first; carrying it out comes after, and again at the next start when the
//! program was killed between the two. Rows and ciphertexts stay, so the trail still verifies. The keys of
//! the trail are never destroyed here: who did what must be readable for as long as the trail is kept (R40).

use crate::store::Row;
use crate::trail::{Entry, Object};
use crate::vault::{KeyId, Owner, Place};
use crate::{Keep, KeepError, Tx, args};
use aws_lc_rs::digest::{Context, SHA256, digest};
use policy::{Access, Act, Facts, decide};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use vocabulary::{DAY_MS, PatientId, Principal, UnixMillis};

/// How long backups of the keys are kept: until the last older one is gone, it still opens what is in a
/// backup of the data.
pub const KEY_BACKUPS_KEPT_DAYS: i64 = 35;

/// Whose values, and why. `by` is what the person who ordered it is called outside, such as an account of the
/// machine; who they are inside comes from the proof.
#[derive(Clone, Copy, Debug)]
pub struct Shredding<'a> {
    pub patient: PatientId,
    pub by: &'a str,
    pub why: &'a str,
}

/// What was destroyed, when, by whom: a signed note that verifies under the trail's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    pub text: String,
    pub at: UnixMillis,
}

/// What the order was, as it is kept.
#[derive(Serialize, Deserialize)]
struct Ordered {
    who: String,
    by: String,
    why: String,
    keys: Vec<String>,
    /// Sealed values by table and column.
    values: BTreeMap<String, u64>,
    /// Over table, column, row and ciphertext hash of each, in the order of the register and the rows.
    digest: String,
}

impl Tx {
    /// Commits the order together with whatever this transaction did for it, and carries it out.
    pub async fn shred(mut self, access: &Access, order: Shredding<'_>) -> Result<Certificate, KeepError> {
        let keep = self.keep.clone();
        let owner = Owner::Patient(order.patient);
        if keep.vault().is_shredded(owner) {
            return Err(KeepError::Conflict);
        }
        let ordered = keep.survey(access, order).await?;
        let row = owner.text();
        let text = serde_json::to_vec(&ordered).map_err(|_| KeepError::Shape("an order JSON cannot hold"))?;
        let statement = self.seal(&statement_place(&row), &text)?;
        let now = self.now();
        let sql = "INSERT INTO shredding (owner, ordered_at, statement) VALUES ($1, $2, $3)";
        self.run(sql, args![&row, now, statement]).await?;
        let entry = Entry::new(about(order.patient)).detail("stage", "ordered").detail("why", order.why);
        self.commit(access, entry.detail("by", order.by)).await?;
        keep.finish_shredding().await?;
        keep.certificate(order.patient).await?.ok_or(KeepError::NotFound)
    }
}

impl Keep {
    /// The certificate of a shredding that is done. It reads the same each time.
    pub async fn certificate(&self, patient: PatientId) -> Result<Option<Certificate>, KeepError> {
        let sql = "SELECT owner, ordered_at, done_at, statement FROM shredding WHERE owner = $1";
        let row = self.read_conn().await?.row(sql, args![patient]).await?;
        let Some(row) = row else { return Ok(None) };
        let Some(done) = row.opt_time("done_at")? else { return Ok(None) };
        Ok(Some(Certificate { text: self.certify(&row, done)?, at: done }))
    }

    /// Carries out every order that is still open.
    pub(crate) async fn finish_shredding(&self) -> Result<(), KeepError> {
        let sql = "SELECT owner, ordered_at, statement FROM shredding WHERE done_at IS NULL ORDER BY owner";
        let rows = self.read_conn().await?.rows(sql, args![]).await?;
        for row in &rows {
            let owner = row.parsed("owner", Owner::parse)?;
            let Owner::Patient(patient) = owner else { return Err(KeepError::Shape("shredding.owner")) };
            self.vault().shred(owner).await?;
            let facts = Facts { patient: Some(patient), ..Facts::default() };
            let access = decide(&Principal::System, &facts, Act::ShredKeys).map_err(|_| KeepError::Proof)?;
            let mut tx = self.begin().await?;
            let now = tx.now();
            let sha256 = hex(digest(&SHA256, self.certify(row, now)?.as_bytes()).as_ref());
            let sql = "UPDATE shredding SET done_at = $2 WHERE owner = $1 AND done_at IS NULL";
            tx.run_one(sql, args![owner.text(), now]).await?;
            let entry = Entry::new(about(patient)).detail("stage", "done").detail("certificate", sha256);
            tx.commit(&access, entry).await?;
        }
        Ok(())
    }

    /// What there is to destroy. Read while the writer is held, so that nothing is added meanwhile.
    async fn survey(&self, access: &Access, order: Shredding<'_>) -> Result<Ordered, KeepError> {
        let keys: HashSet<KeyId> =
            self.vault().data_keys_of(Owner::Patient(order.patient)).into_iter().collect();
        if keys.is_empty() {
            return Err(KeepError::NotFound);
        }
        let (mut values, mut all) = (BTreeMap::new(), Context::new(&SHA256));
        for (table, column) in self.sealed_columns() {
            let mut after = String::new();
            while let Some((found, last)) = self.sealed_after(&table, &column, &after).await? {
                after = last;
                for one in found.iter().filter(|one| keys.contains(&one.key)) {
                    *values.entry(format!("{table}.{column}")).or_default() += 1;
                    for part in [table.as_bytes(), column.as_bytes(), one.row.as_bytes()] {
                        all.update(&(part.len() as u64).to_be_bytes());
                        all.update(part);
                    }
                    all.update(digest(&SHA256, &one.sealed).as_ref());
                }
            }
        }
        let mut keys: Vec<String> = keys.iter().map(|id| hex(id)).collect();
        keys.sort();
        let (by, why) = (one_line(order.by), one_line(order.why));
        let digest = hex(all.finish().as_ref());
        Ok(Ordered { who: crate::trail::actor_line(access.who()), by, why, keys, values, digest })
    }

    fn certify(&self, row: &Row, done: UnixMillis) -> Result<String, KeepError> {
        let owner = row.text("owner")?;
        let sealed = row.blob("statement")?;
        let plain =
            self.vault().open_sealed(crate::vault::Purpose::Data, &statement_place(owner), sealed, &[])?;
        let ordered: Ordered =
            serde_json::from_slice(&plain).map_err(|_| KeepError::Shape("shredding.statement"))?;
        let mut text = String::from("alcove/1 certificate of shredding\n");
        let mut line = |name: &str, value: &str| writeln!(text, "{name}: {value}").expect("a string grows");
        line("installation", &hex(self.vault().installation()));
        line("patient", owner);
        line("ordered", &row.time("ordered_at")?.0.to_string());
        line("done", &done.0.to_string());
        line("by", &format!("{} ({})", ordered.who, ordered.by));
        line("why", &ordered.why);
        ordered.keys.iter().for_each(|key| line("key destroyed", key));
        ordered
            .values
            .iter()
            .for_each(|(of, count)| line("values that open no more", &format!("{of} {count}")));
        line("values, sha256", &ordered.digest);
        line(
            "method",
            "wrapped keys deleted from keys.db, pages overwritten, log emptied; keys in memory wiped",
        );
        let last = done.plus_ms(KEY_BACKUPS_KEPT_DAYS * DAY_MS);
        line("older backups of keys.db must be gone by", &last.0.to_string());
        Ok(crate::trail::sign_note(self.vault(), &text))
    }
}

fn about(patient: PatientId) -> Object {
    Object::of("shredding", patient.text()).patient(patient)
}

fn statement_place(row: &str) -> Place<'_> {
    Place { table: "shredding", column: "statement", row, version: 1, owner: Owner::Practice }
}

/// A line break would let a reason look like another line of the certificate.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LINE_CHARS).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const LINE_CHARS: usize = 500;
