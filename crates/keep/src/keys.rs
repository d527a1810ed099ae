//! New keys for old ones while the house goes on: the root key, the practice key, and the data keys of
//! patients, whose values are sealed anew a few at a time.
//!
//! A re-encryption that was cut short, by a crash or a restart, goes on where it was: an envelope names its
//! key, so what is left to do can be read from the values themselves. Until the last one is done both keys
//! open, and only then the old one is destroyed.

use crate::store::{Class, Row};
use crate::trail::{self, Entry, Object};
use crate::vault::{KeyId, Owner, Place, Purpose, RootKey, key_id, read_root};
use crate::{Keep, KeepError, args};
use policy::Access;
use std::collections::{HashMap, HashSet};

/// Values looked at in one step.
const LOOKED_AT: i64 = 1_000;

/// Values sealed anew in one transaction. Everybody who writes waits for it.
const SEALED_AT_ONCE: usize = 100;

/// What a re-encryption did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Renewed {
    /// Owners that have a new key now.
    pub owners: u64,
    /// Values sealed anew.
    pub values: u64,
    /// Old keys that are destroyed.
    pub retired: u64,
    /// Values that did not open: they stay as they are, and their old keys stay too.
    pub damaged: u64,
}

/// A sealed value, with the key its envelope names.
pub(crate) struct Found {
    pub table: String,
    pub column: String,
    pub row: String,
    pub sealed: Vec<u8>,
    pub key: KeyId,
}

impl Keep {
    /// A new root key in the file of the old one. A recovery kit for the old one is void.
    pub async fn rotate_root_key(&self, access: &Access, why: &str) -> Result<(), KeepError> {
        self.say(access, "root", "begun", why).await?;
        let config = self.config();
        self.vault().rotate_root(&config.root_key, &config.folder).await?;
        self.say(access, "root", "done", why).await
    }

    /// Writes the file of the root key again, from a key that opens this practice. An existing file stays.
    pub async fn restore_root_key(
        &self,
        access: &Access,
        root: &RootKey,
        why: &str,
    ) -> Result<(), KeepError> {
        self.vault().restore_root(root, &self.config().root_key).await?;
        self.say(access, "root", "restored", why).await
    }

    /// A new practice key. Gives how many keys it wraps.
    pub async fn rotate_practice_key(&self, access: &Access, why: &str) -> Result<u64, KeepError> {
        self.say(access, "practice", "begun", why).await?;
        let config = self.config();
        let wrapped = self.vault().rotate_wrap(&read_root(&config.root_key, &config.folder)?).await?;
        self.say(access, "practice", "done", why).await?;
        Ok(wrapped)
    }

    /// New data keys for these owners, and every value of theirs sealed anew.
    pub async fn renew_data_keys(
        &self,
        access: &Access,
        owners: &[Owner],
        why: &str,
    ) -> Result<Renewed, KeepError> {
        let mut renewed = Renewed::default();
        for owner in owners {
            renewed.owners += u64::from(self.begin_renewal(access, *owner, why).await?);
        }
        self.finish_renewals(access, renewed).await
    }

    /// Goes on with what was cut short. Does nothing when nothing was.
    pub async fn resume_renewals(&self, access: &Access) -> Result<Renewed, KeepError> {
        self.finish_renewals(access, Renewed::default()).await
    }

    /// Everybody who has a data key: the practice, and each patient something was sealed for.
    pub fn data_owners(&self) -> Vec<Owner> {
        self.vault().owners()
    }

    async fn begin_renewal(&self, access: &Access, owner: Owner, why: &str) -> Result<bool, KeepError> {
        let mut tx = self.begin().await?;
        let Some(key) = self.vault().next_data_key(owner) else { return Ok(false) };
        tx.holds(key);
        let entry = Entry::new(about(owner)).detail("stage", "begun").detail("why", why);
        tx.commit(access, entry).await?;
        Ok(true)
    }

    async fn finish_renewals(&self, access: &Access, before: Renewed) -> Result<Renewed, KeepError> {
        let mut renewed = before;
        let old: HashMap<KeyId, Owner> = self.vault().outdated().into_iter().collect();
        if old.is_empty() {
            return Ok(renewed);
        }
        let mut work = Work { keep: self, access, old: &old, stuck: HashSet::new() };
        // What a writer began before the new key was there may commit during the first walk, so a second one
        // has the last word.
        for _ in 0..2 {
            renewed.values += work.walk().await?;
        }
        let stuck = work.stuck;
        renewed.damaged = stuck.len() as u64;
        let kept: HashSet<KeyId> = stuck.iter().map(|(key, ..)| *key).collect();
        let done: Vec<KeyId> = old.keys().filter(|id| !kept.contains(*id)).copied().collect();
        if done.is_empty() {
            return Ok(renewed);
        }
        let mut tx = self.begin().await?;
        let owners: HashSet<Owner> = done.iter().map(|id| old[id]).collect();
        let mut owners: Vec<Owner> = owners.into_iter().collect();
        owners.sort();
        let entry = |owner| Entry::new(about(owner)).detail("stage", "done");
        let (last, others) = owners.split_last().expect("a key has an owner");
        others.iter().for_each(|owner| tx.note(access, entry(*owner)));
        tx.commit(access, entry(*last)).await?;
        self.vault().retire(&done).await?;
        renewed.retired = done.len() as u64;
        Ok(renewed)
    }

    pub(crate) fn sealed_columns(&self) -> Vec<(String, String)> {
        let sealed = self.register().columns().filter(|(_, _, column)| column.class == Class::Sealed);
        let data = sealed.filter(|(table, ..)| *table != "trail_leaf");
        data.map(|(table, column, _)| (table.to_owned(), column.to_owned())).collect()
    }

    /// The next sealed values of a column, and the row to go on after; `None` at the end.
    pub(crate) async fn sealed_after(
        &self,
        table: &str,
        column: &str,
        after: &str,
    ) -> Result<Option<(Vec<Found>, String)>, KeepError> {
        let name = self.register().row_name(table).ok_or(KeepError::Shape("a table without columns"))?;
        let sql = format!(
            "SELECT {name} AS name, {column} AS value FROM {table} WHERE {name} > $1 ORDER BY {name} LIMIT $2"
        );
        let rows = self.read_conn().await?.rows_by_register(sql, args![after, LOOKED_AT]).await?;
        let Some(last) = rows.last() else { return Ok(None) };
        let last = last.text("name")?.to_owned();
        let read = |row: &Row| -> Result<Option<Found>, KeepError> {
            let Some(sealed) = row.opt_blob("value")? else { return Ok(None) };
            // Emptied on purpose, or damaged: neither names a key.
            let Ok(key) = key_id(sealed) else { return Ok(None) };
            let (table, column) = (table.to_owned(), column.to_owned());
            Ok(Some(Found { table, column, row: row.text("name")?.to_owned(), sealed: sealed.to_vec(), key }))
        };
        let found: Result<Vec<Option<Found>>, KeepError> = rows.iter().map(read).collect();
        Ok(Some((found?.into_iter().flatten().collect(), last)))
    }

    async fn say(&self, access: &Access, key: &str, stage: &str, why: &str) -> Result<(), KeepError> {
        let entry = Entry::new(Object::of("key", key)).detail("stage", stage).detail("why", why);
        self.begin().await?.commit(access, entry).await.map(|_| ())
    }
}

/// A walk over every sealed value that seals anew what lies under an old key.
struct Work<'a> {
    keep: &'a Keep,
    access: &'a Access,
    old: &'a HashMap<KeyId, Owner>,
    /// What did not open: its key, table, column and row.
    stuck: HashSet<(KeyId, String, String, String)>,
}

impl Work<'_> {
    async fn walk(&mut self) -> Result<u64, KeepError> {
        let versions = trail::versions(self.keep).await?;
        let mut values = 0;
        for (table, column) in self.keep.sealed_columns() {
            let mut after = String::new();
            while let Some((found, last)) = self.keep.sealed_after(&table, &column, &after).await? {
                after = last;
                let due: Vec<Found> =
                    found.into_iter().filter(|one| self.old.contains_key(&one.key)).collect();
                for some in due.chunks(SEALED_AT_ONCE) {
                    values += self.seal_anew(some, &versions).await?;
                }
            }
        }
        Ok(values)
    }

    async fn seal_anew(&mut self, due: &[Found], versions: &trail::Versions) -> Result<u64, KeepError> {
        let mut tx = self.keep.begin().await?;
        let mut values = 0;
        for one in due {
            let Found { table, column, row, sealed, key } = one;
            let name = self.keep.register().row_name(table);
            let name = name.ok_or(KeepError::Shape("a table without columns"))?;
            let version = versions.of(table, column, row).unwrap_or_default();
            let place = Place { table, column, row, version, owner: self.old[key] };
            let Ok(plain) = self.keep.vault().open_sealed(Purpose::Data, &place, sealed, &[]) else {
                self.stuck.insert((*key, table.clone(), column.clone(), row.clone()));
                continue;
            };
            let anew = tx.seal_again(&place, &plain)?;
            let sql = format!("UPDATE {table} SET {column} = $1 WHERE {name} = $2 AND {column} = $3");
            // Changed meanwhile by somebody who sealed under the new key: then there is nothing to do here.
            if tx.run_by_register(sql, args![anew, row, sealed]).await? == 1 {
                values += 1;
            } else {
                tx.takes_back_last();
            }
        }
        if values == 0 {
            return Ok(0);
        }
        let entry = Entry::new(Object::of("key", "data")).detail("stage", "sealed_anew");
        tx.commit(self.access, entry.detail("values", values.to_string())).await?;
        Ok(values)
    }
}

fn about(owner: Owner) -> Object {
    let object = Object::of("key", "data");
    match owner {
        Owner::Practice => object,
        Owner::Patient(patient) => object.patient(patient),
    }
}
