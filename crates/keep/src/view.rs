//! Reading with the right to open sealed values. A viewing leaves one entry per person, act and object in 15
//! minutes, written before the first value can be opened (R35).

use crate::store::Conn;
use crate::trail::{Actor, Entry, Object};
use crate::vault::{Fresh, Owner, Place, Purpose, Vault};
use crate::{Keep, KeepError};
use policy::Access;
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::{PoisonError, RwLock};
use vocabulary::{Health, MINUTE_MS, UnixMillis};
use zeroize::Zeroizing;

/// Looking again within this is the same look.
const SAME_LOOK_MS: i64 = 15 * MINUTE_MS;

/// Looks remembered at once. Beyond it all are forgotten, which costs entries and hides none.
const LOOKS: usize = 10_000;

/// A reader that may open sealed values. `Tx` is one too: a function that takes `&mut Viewing` serves both.
pub struct Viewing {
    pub(crate) conn: Conn,
    pub(crate) keep: Keep,
    /// Keys that the open transaction made; empty for a plain viewing.
    pub(crate) fresh: Vec<Fresh>,
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
        Ok(Viewing { conn: self.read_conn().await?, keep: self.clone(), fresh: Vec::new() })
    }
}

impl Viewing {
    /// Opens a sealed value in its place, for a patient that the proof covers.
    pub fn unseal(
        &self,
        access: &Access,
        place: &Place<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, KeepError> {
        covers(access, place.owner)?;
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

/// A proof about one patient opens nothing of another. A proof without a patient (a day's list) opens what its
/// act shows; policy decides who gets one.
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

#[derive(Default)]
pub(crate) struct Views {
    looks: RwLock<HashMap<Look, UnixMillis>>,
    writing: tokio::sync::Mutex<()>,
}

#[derive(PartialEq, Eq, Hash)]
struct Look {
    who: String,
    act: &'static str,
    kind: &'static str,
    id: String,
}

impl Look {
    fn of(access: &Access, object: &Object) -> Look {
        let Actor { kind, id, .. } = Actor::of(access.who());
        Look {
            who: format!("{kind} {id}"),
            act: access.act().code(),
            kind: object.kind,
            id: object.id.clone(),
        }
    }
}

impl Views {
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
