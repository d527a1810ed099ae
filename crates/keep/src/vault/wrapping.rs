//! Keys under keys: how they lie wrapped in `keys.db`, and how they are read from it at start.

use super::envelope::{Key, KeyId, Seal, derive};
use super::ring::{FIRST, Held, Purpose, Ring, Vault};
use super::{Owner, Place};
use crate::store::{Around, Conn, Engine, Row};
use crate::{KeepError, Schema, Step, args};
use aws_lc_rs::signature::Ed25519KeyPair;
use std::sync::{Arc, RwLock};

pub(super) const KEYS: Schema =
    Schema { owner: "vault", steps: &[Step { number: 1, name: "first", sql: include_str!("keys.sql") }] };

/// One key at work over others.
#[derive(Clone)]
pub(super) struct Wrapping {
    installation: [u8; 16],
    pub id: KeyId,
    key: Key,
}

impl Wrapping {
    pub fn of(installation: &[u8; 16], held: &Held) -> Wrapping {
        Wrapping { installation: *installation, id: held.id, key: held.key.clone() }
    }

    /// The root key has no row and no random id: it is named by a hash of itself.
    pub fn root(installation: &[u8; 16], root: &Key) -> Wrapping {
        let mut id = [0; 16];
        derive(root, &[], &[b"alcove/1 root name"], &mut id);
        Wrapping { installation: *installation, id, key: root.clone() }
    }

    pub fn wrap(&self, held: &Held, around: &Around) -> Vec<u8> {
        let row = key_row(held.purpose, &hex(&held.id));
        self.seal(&key_place(&row, held.owner)).close(held.key.bytes(), &*around.entropy)
    }

    pub async fn write(&self, tx: &mut Conn, keys: &[Held], around: &Around) -> Result<(), KeepError> {
        for held in keys {
            let (id, under, wrapped) = (hex(&held.id), hex(&self.id), self.wrap(held, around));
            tx.run(
                "INSERT INTO vault_key (id, purpose, owner, nth, under, wrapped, made_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                args![
                    id,
                    held.purpose.text(),
                    held.owner.text(),
                    held.nth,
                    under,
                    wrapped,
                    around.clock.now()
                ],
            )
            .await?;
        }
        Ok(())
    }

    fn read(&self, row: &Row) -> Result<Held, KeepError> {
        let purpose = row.parsed("purpose", Purpose::parse)?;
        let owner = row.parsed("owner", Owner::parse)?;
        let name = key_row(purpose, row.text("id")?);
        let plain = self.seal(&key_place(&name, owner)).open(row.blob("wrapped")?).map_err(|_| damaged())?;
        let key = Key::from_slice(&plain).ok_or_else(damaged)?;
        Ok(Held { id: row.parsed("id", unhex)?, purpose, owner, nth: row.int("nth")?, key })
    }

    fn seal<'a>(&'a self, place: &'a Place<'a>) -> Seal<'a> {
        Seal { installation: &self.installation, key_id: self.id, key: &self.key, place }
    }
}

/// All first keys or none, in one transaction.
pub(super) async fn begin_practice(
    engine: &Engine,
    root: &Key,
    around: &Around,
) -> Result<[u8; 16], KeepError> {
    let mut installation = [0; 16];
    around.entropy.fill(&mut installation);
    let wrap = Held::new(Purpose::Wrap, Owner::Practice, FIRST, around);
    let first = [Purpose::Blind, Purpose::Sign, Purpose::Data, Purpose::Trail]
        .map(|purpose| Held::new(purpose, Owner::Practice, FIRST, around));
    let mut tx = engine.begin().await?;
    let under_root = Wrapping::root(&installation, root);
    under_root.write(&mut tx, std::slice::from_ref(&wrap), around).await?;
    Wrapping::of(&installation, &wrap).write(&mut tx, &first, around).await?;
    tx.run(
        "INSERT INTO vault_installation (id, installation, made_at) VALUES ('this', $1, $2)",
        args![&installation[..], around.clock.now()],
    )
    .await?;
    tx.commit().await?;
    Ok(installation)
}

pub(super) async fn load(
    engine: Engine,
    installation: [u8; 16],
    root: &Key,
    around: Arc<Around>,
) -> Result<Vault, KeepError> {
    let mut conn = engine.read().await?;
    let sql = "SELECT id, purpose, owner, nth, under, wrapped FROM vault_key ORDER BY nth, id";
    let rows = conn.rows(sql, args![]).await?;
    let gone = conn.rows("SELECT owner FROM vault_shredded", args![]).await?;
    drop(conn);
    let root = Wrapping::root(&installation, root);
    let (wraps, others): (Vec<&Row>, Vec<&Row>) =
        rows.iter().partition(|row| row.text("purpose") == Ok(Purpose::Wrap.text()));
    let own = wraps.iter().find(|row| row.text("under") == Ok(&hex(&root.id)));
    let wrap = root.read(own.ok_or_else(wrong_root)?)?;
    let under_wrap = Wrapping::of(&installation, &wrap);
    let mut ring = Ring::new(wrap);
    for row in others {
        ring.add(under_wrap.read(row)?);
    }
    for row in &gone {
        ring.shredded.insert(row.parsed("owner", Owner::parse)?);
    }
    let own = |purpose| ring.newest(purpose, Owner::Practice).map(|held| held.key.clone());
    let seed = own(Purpose::Sign).ok_or_else(damaged)?;
    let signer = Ed25519KeyPair::from_seed_unchecked(seed.bytes()).map_err(|_| damaged())?;
    let blind = own(Purpose::Blind).ok_or_else(damaged)?;
    let (ring, writing) = (RwLock::new(ring), tokio::sync::Mutex::default());
    let vault = Vault { installation, blind, signer, ring, engine, around, writing };
    // A change of the root key was cut short: only the one that is in use stays.
    if wraps.len() > 1 {
        vault.forget_other_roots(&root.id).await?;
    }
    Ok(vault)
}

/// What a wrapped key's place is called. It names the purpose, so that one key cannot be passed off as
/// another.
fn key_row(purpose: Purpose, id: &str) -> String {
    format!("{} {id}", purpose.text())
}

/// A key is wrapped anew for another place in the tree of keys, never changed, so its version is always 1.
fn key_place(row: &str, owner: Owner) -> Place<'_> {
    Place { table: "vault_key", column: "wrapped", row, version: 1, owner }
}

pub(super) fn wrong_root() -> KeepError {
    KeepError::Setup(
        "this root key does not open this practice's keys: use the one it was set up with".into(),
    )
}

fn damaged() -> KeepError {
    KeepError::Setup("the file of the keys is damaged: restore keys.db from its own newest backup".into())
}

pub(super) fn hex(id: &KeyId) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn unhex(text: &str) -> Option<KeyId> {
    u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)
}
