//! Reading with the right to open sealed values. A viewing leaves one entry per person, act and object in 15
//! minutes, written before the first value can be opened (R35).

use crate::store::Conn;
use crate::trail::{Actor, Entry, Object, Outcome};
use crate::vault::{Held, Owner, Place, Purpose, Vault};
use crate::{Keep, KeepError};
use policy::Access;
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError, RwLock};
use vocabulary::{Health, MINUTE_MS, UnixMillis};
use zeroize::Zeroizing;

/// Looking again within this is the same look.
const SAME_LOOK_MS: i64 = 15 * MINUTE_MS;

/// Refusals of strangers that get an entry each, in one minute. More would let anybody keep the one writer
/// busy.
pub(crate) const STRANGERS_A_MINUTE: u32 = 120;

/// Looks remembered at once. Beyond it all are forgotten, which costs entries and hides none.
const LOOKS: usize = 10_000;

/// A reader that may open sealed values. `Tx` is one too: a function that takes `&mut Viewing` serves both.
pub struct Viewing {
    pub(crate) conn: Conn,
    pub(crate) keep: Keep,
    /// Keys that the open transaction made; empty for a plain viewing.
    pub(crate) fresh: Vec<Held>,
    /// Only in a transaction: what was opened before there is an entry.
    pub(crate) opened: Option<Opened>,
}

impl Keep {
    /// The view is in the trail before the viewing is handed out. Do not call it while holding a `Tx`.
    pub async fn view(&self, access: &Access, object: Object) -> Result<Viewing, KeepError> {
        let look = Look::of(access, &object);
        if !self.views().recent(&look, self.clock().now()) {
            let _one_at_a_time = self.views().writing.lock().await;
            if !self.views().recent(&look, self.clock().now()) {
                self.begin().await?.commit(access, Entry::new(object)).await?;
                self.views().remember(look, self.clock().now());
            }
        }
        Ok(Viewing::new(self.clone(), self.read_conn().await?))
    }
}

impl Viewing {
    pub(crate) fn new(keep: Keep, conn: Conn) -> Viewing {
        Viewing { conn, keep, fresh: Vec::new(), opened: None }
    }

    /// Opens a sealed value in its place, for a patient that the proof covers.
    pub fn unseal(
        &self,
        access: &Access,
        place: &Place<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, KeepError> {
        covers(access, place.owner)?;
        if let Some(opened) = &self.opened {
            opened.remember(access, place.owner);
        }
        let opened = self.vault().open_sealed(Purpose::Data, place, sealed, &self.fresh);
        if opened.is_err() {
            // A value out of its place is damage or an attack; the place names no content.
            tracing::error!(
                table = place.table,
                column = place.column,
                "a sealed value did not open in its place"
            );
        }
        opened
    }

    pub fn unseal_text(
        &self,
        access: &Access,
        place: &Place<'_>,
        sealed: &[u8],
    ) -> Result<Health, KeepError> {
        let mut bytes = self.unseal(access, place, sealed)?;
        match String::from_utf8(std::mem::take(&mut *bytes)) {
            Ok(text) => Ok(Health::new(text)),
            Err(not_text) => {
                drop(Zeroizing::new(not_text.into_bytes()));
                Err(KeepError::Shape("sealed bytes that are not text"))
            }
        }
    }

    pub(crate) fn vault(&self) -> &Vault {
        self.keep.vault()
    }
}

/// A proof about one patient opens nothing of another. A proof without a patient (a day's list) opens what
/// its act shows; policy decides who gets one.
pub(crate) fn covers(access: &Access, owner: Owner) -> Result<(), KeepError> {
    match (access.patient(), owner) {
        (Some(proven), Owner::Patient(asked)) if proven != asked => Err(KeepError::Proof),
        _ => Ok(()),
    }
}

impl Deref for Viewing {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Viewing {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

/// A transaction opens values before its entry exists. Dropped without a commit, the looks are written after
/// it.
pub(crate) struct Opened {
    keep: Keep,
    looks: Mutex<Vec<(Access, Owner)>>,
}

impl Opened {
    pub fn new(keep: Keep) -> Opened {
        Opened { keep, looks: Mutex::default() }
    }

    /// The commit's entry is the trace.
    pub fn has_its_entry(self) {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn remember(&self, access: &Access, owner: Owner) {
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        let known = looks.iter().any(|(before, of)| *of == owner && before.act() == access.act());
        if !known && looks.len() < LOOKS {
            looks.push((access.clone(), owner));
        }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        let looks = std::mem::take(self.looks.get_mut().unwrap_or_else(PoisonError::into_inner));
        if looks.is_empty() {
            return;
        }
        let keep = self.keep.clone();
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            keep.broken("an uncommitted look could not be written: the program is ending");
            return;
        };
        runtime.spawn(async move {
            if let Err(error) = write_looks(&keep, looks).await {
                tracing::error!(%error, "an uncommitted look could not be written to the trail");
            }
        });
    }
}

async fn write_looks(keep: &Keep, looks: Vec<(Access, Owner)>) -> Result<(), KeepError> {
    let mut tx = keep.begin().await?;
    let entry = |owner: Owner| {
        let object = match owner {
            Owner::Practice => Object::of("practice", "practice"),
            Owner::Patient(id) => Object::of("patient", id.text()).patient(id),
        };
        Entry::new(object).outcome(Outcome::Failed).detail("stage", "opened, then not committed")
    };
    let Some(((last, of), before)) = looks.split_last() else { return Ok(()) };
    before.iter().for_each(|(access, owner)| tx.note(access, entry(*owner)));
    tx.commit(last, entry(*of)).await.map(|_| ())
}

#[derive(Default)]
pub(crate) struct Views {
    looks: RwLock<HashMap<Look, UnixMillis>>,
    writing: tokio::sync::Mutex<()>,
    strangers: Mutex<Strangers>,
}

#[derive(Default)]
struct Strangers {
    minute: i64,
    written: u32,
    silent: u64,
}

#[derive(PartialEq, Eq, Hash)]
struct Look {
    who: String,
    act: &'static str,
    grounds: &'static str,
    kind: &'static str,
    id: String,
}

impl Look {
    fn of(access: &Access, object: &Object) -> Look {
        let Actor { kind, id, .. } = Actor::of(access.who());
        Look {
            who: format!("{kind} {id}"),
            act: access.act().code(),
            grounds: access.grounds(),
            kind: object.kind,
            id: object.id.clone(),
        }
    }
}

impl Views {
    /// Whether this refusal gets an entry, and how many before it got none.
    pub fn stranger(&self, now: UnixMillis) -> Option<u64> {
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now.0.div_euclid(MINUTE_MS);
        if strangers.minute != minute {
            *strangers = Strangers { minute, written: 0, silent: strangers.silent };
        }
        if strangers.written >= STRANGERS_A_MINUTE {
            strangers.silent += 1;
            return None;
        }
        strangers.written += 1;
        Some(std::mem::take(&mut strangers.silent))
    }

    fn recent(&self, look: &Look, now: UnixMillis) -> bool {
        let looks = self.looks.read().unwrap_or_else(PoisonError::into_inner);
        looks.get(look).is_some_and(|at| (0..SAME_LOOK_MS).contains(&now.since(*at)))
    }

    fn remember(&self, look: Look, now: UnixMillis) {
        let mut looks = self.looks.write().unwrap_or_else(PoisonError::into_inner);
        if looks.len() >= LOOKS {
            looks.retain(|_, at| (0..SAME_LOOK_MS).contains(&now.since(*at)));
        }
        if looks.len() >= LOOKS {
            looks.clear();
        }
        looks.insert(look, now);
    }
}
