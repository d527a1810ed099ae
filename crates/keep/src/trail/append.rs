//! Appending: leaves, the new root and its signature, inside the transaction they belong to.

use super::entry::Body;
use super::form;
use super::tree::{Frontier, Hash, leaf_hash};
use crate::store::{Changed, Conn, Row};
use crate::vault::{Held, Owner, Place, Purpose, Vault};
use crate::{KeepError, args};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vocabulary::UnixMillis;
use zeroize::Zeroizing;

/// What a transaction did: its entries, the sealed values it wrote and the rows it changed.
#[derive(Default)]
pub(crate) struct Work {
    pub entries: Vec<Body>,
    pub touched: Vec<Touched>,
}

/// What the transaction wrote: a sealed value, by the hash of its ciphertext, or with an empty column what
/// the row itself says, by the hash of that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Touched {
    pub table: String,
    pub column: String,
    pub row: String,
    pub version: i64,
    pub sha256: Hash,
    /// Of a row that was changed: what it said before. Nothing is known of it for a sealed value.
    pub was: Option<Hash>,
}

/// The newest checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub epoch: i64,
    pub at: UnixMillis,
    pub tree: Frontier,
}

/// Appends the entries in order; what was touched is committed to by the last.
pub(crate) async fn append(
    conn: &mut Conn,
    vault: &Vault,
    fresh: &mut Vec<Held>,
    work: Work,
    now: UnixMillis,
) -> Result<Head, KeepError> {
    let Work { entries, touched } = work;
    let mut head =
        Head::load(conn).await?.unwrap_or(Head { epoch: FIRST_EPOCH, at: now, tree: Frontier::default() });
    head.at = now;
    let last = entries.len().saturating_sub(1);
    for (place, body) in entries.into_iter().enumerate() {
        let touched: &[Touched] = if place == last { &touched } else { &[] };
        let leaf = Leaf::seal(&head, vault, fresh, body, &encode(touched))?;
        let hash = leaf.hash(vault.installation(), head.epoch);
        leaf.insert(conn, hash).await?;
        head.tree.push(hash);
    }
    head.save(conn, vault).await?;
    Ok(head)
}

/// The oldest entry as it is sealed.
pub(crate) async fn first_body(conn: &mut Conn) -> Result<Option<Vec<u8>>, KeepError> {
    let row = conn.row("SELECT body FROM trail_leaf ORDER BY idx LIMIT 1", args![]).await?;
    row.map(|row| Ok(row.blob("body")?.to_vec())).transpose()
}

/// One row of the trail.
pub(super) struct Leaf {
    pub idx: i64,
    pub at: UnixMillis,
    pub owner: Owner,
    pub body: Vec<u8>,
    pub touched: Vec<u8>,
    /// Hash of the body in the clear: whoever is shown the text can check it without any key.
    pub said: Hash,
}

impl Leaf {
    fn seal(
        head: &Head,
        vault: &Vault,
        fresh: &mut Vec<Held>,
        mut body: Body,
        touched: &[u8],
    ) -> Result<Leaf, KeepError> {
        form::check(&body).map_err(KeepError::Shape)?;
        body.at = head.at.0;
        body.salt = STANDARD.encode(vault.random16());
        body.touched = STANDARD.encode(sha256(touched));
        let owner = body.patient.map_or(Owner::Practice, Owner::Patient);
        let idx = i64::try_from(head.tree.size()).map_err(|_| KeepError::TooLarge("the trail"))?;
        let text =
            serde_json::to_vec(&body).map_err(|_| KeepError::Shape("an entry that JSON cannot hold"))?;
        let row = idx.to_string();
        let said = sha256(&text);
        let body = vault.seal(Purpose::Trail, &body_place(&row, head.epoch, owner), &text, fresh)?;
        Ok(Leaf { idx, at: head.at, owner, body, touched: touched.to_vec(), said })
    }

    pub fn read(row: &Row) -> Result<Leaf, KeepError> {
        Ok(Leaf {
            idx: row.int("idx")?,
            at: row.time("at")?,
            owner: row.parsed("owner", Owner::parse)?,
            body: row.blob("body")?.to_vec(),
            touched: row.blob("touched")?.to_vec(),
            said: row.blob("said")?.try_into().map_err(|_| KeepError::Shape("said"))?,
        })
    }

    /// The sealed part in the clear. `Ok(None)` once the owner's trail key was shredded.
    pub fn open(&self, vault: &Vault, epoch: i64) -> Result<Option<Body>, KeepError> {
        let Some(text) = self.text(vault, epoch)? else { return Ok(None) };
        let body: Body = serde_json::from_slice(&text).map_err(|_| KeepError::Shape("an entry's body"))?;
        let whole = body.at == self.at.0 && body.touched == STANDARD.encode(sha256(&self.touched));
        if whole { Ok(Some(body)) } else { Err(KeepError::Sealed) }
    }

    /// The body's text, of which `said` is the hash.
    pub fn text(&self, vault: &Vault, epoch: i64) -> Result<Option<Zeroizing<Vec<u8>>>, KeepError> {
        if !vault.holds(Purpose::Trail, self.owner) {
            return Ok(None);
        }
        let row = self.idx.to_string();
        let text =
            vault.open_sealed(Purpose::Trail, &body_place(&row, epoch, self.owner), &self.body, &[])?;
        if sha256(&text) == self.said { Ok(Some(text)) } else { Err(KeepError::Sealed) }
    }

    pub fn hash(&self, installation: &[u8; 16], epoch: i64) -> Hash {
        leaf_hash(&self.bytes(installation, epoch))
    }

    /// What is hashed: every part with its length in front.
    pub fn bytes(&self, installation: &[u8; 16], epoch: i64) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.body.len() + self.touched.len() + 200);
        let owner = self.owner.text();
        let parts: [&[u8]; 9] = [
            b"alcove/1 leaf",
            installation,
            &epoch.to_be_bytes(),
            &self.idx.to_be_bytes(),
            &self.at.0.to_be_bytes(),
            owner.as_bytes(),
            &self.body,
            &self.touched,
            &self.said,
        ];
        parts.iter().for_each(|part| push(&mut bytes, part));
        bytes
    }

    async fn insert(&self, conn: &mut Conn, hash: Hash) -> Result<(), KeepError> {
        conn.run(
            "INSERT INTO trail_leaf (idx, at, owner, body, touched, said, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            args![self.idx, self.at, self.owner.text(), &self.body, &self.touched, &self.said[..], &hash[..]],
        )
        .await?;
        Ok(())
    }
}

impl Head {
    pub async fn load(conn: &mut Conn) -> Result<Option<Head>, KeepError> {
        let found = conn.row("SELECT epoch, size, at, frontier FROM trail_head WHERE id = 'head'", args![]);
        let Some(row) = found.await? else { return Ok(None) };
        let size = u64::try_from(row.int("size")?).map_err(|_| KeepError::Shape("size"))?;
        let tree = Frontier::read(size, row.blob("frontier")?).ok_or(KeepError::Shape("frontier"))?;
        Ok(Some(Head { epoch: row.int("epoch")?, at: row.time("at")?, tree }))
    }

    pub fn mark(&self) -> (u64, Hash) {
        (self.tree.size(), self.tree.root())
    }

    /// What is signed: the form of a C2SP checkpoint, with the time as an extension line.
    pub fn text(&self, installation: &[u8; 16]) -> String {
        let origin: String = installation.iter().map(|byte| format!("{byte:02x}")).collect();
        let root = STANDARD.encode(self.tree.root());
        format!("alcove/{origin}/{}\n{}\n{root}\nat {}\n", self.epoch, self.tree.size(), self.at.0)
    }

    async fn save(&self, conn: &mut Conn, vault: &Vault) -> Result<(), KeepError> {
        let signature = vault.sign(self.text(vault.installation()).as_bytes());
        let size = i64::try_from(self.tree.size()).map_err(|_| KeepError::TooLarge("the trail"))?;
        conn.run(
            "INSERT INTO trail_head (id, epoch, size, at, frontier, root, signature)
             VALUES ('head', $1, $2, $3, $4, $5, $6)
             ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, size = excluded.size, at = excluded.at,
                 frontier = excluded.frontier, root = excluded.root, signature = excluded.signature",
            args![self.epoch, size, self.at, self.tree.bytes(), &self.tree.root()[..], signature],
        )
        .await?;
        Ok(())
    }
}

impl Touched {
    pub fn new(place: &Place<'_>, sealed: &[u8]) -> Touched {
        Touched {
            table: place.table.into(),
            column: place.column.into(),
            row: place.row.into(),
            version: place.version,
            sha256: sha256(sealed),
            was: None,
        }
    }
}

impl Touched {
    /// No value has this hash, so it says: nothing is here any more.
    pub fn emptied(place: &Place<'_>) -> Touched {
        Touched { sha256: EMPTIED, ..Touched::new(place, b"") }
    }

    /// What a row said and what it says now; nothing, where there was or is none.
    pub fn row(changed: Changed) -> Touched {
        let said = |text: Option<String>| text.map_or(EMPTIED, |text| sha256(text.as_bytes()));
        Touched {
            table: changed.table,
            column: ROW.into(),
            row: changed.row,
            version: 0,
            was: Some(said(changed.was)),
            sha256: said(changed.is),
        }
    }

    pub fn is_emptied(&self) -> bool {
        self.sha256 == EMPTIED
    }
}

/// Reads what `encode` wrote.
pub(super) fn decode(bytes: &[u8]) -> Option<Vec<Touched>> {
    let mut rest = bytes;
    let mut found = Vec::new();
    while !rest.is_empty() {
        let mut text = || -> Option<String> { String::from_utf8(pull(&mut rest)?.to_vec()).ok() };
        let (table, column, row) = (text()?, text()?, text()?);
        let version = i64::from_be_bytes(pull(&mut rest)?.try_into().ok()?);
        let (first, second) = pull(&mut rest)?.split_at_checked(HASH)?;
        let was = if second.is_empty() { None } else { Some(first.try_into().ok()?) };
        let sha256 = if second.is_empty() { first } else { second }.try_into().ok()?;
        found.push(Touched { table, column, row, version, sha256, was });
    }
    Some(found)
}

fn encode(touched: &[Touched]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for one in touched {
        push(&mut bytes, one.table.as_bytes());
        push(&mut bytes, one.column.as_bytes());
        push(&mut bytes, one.row.as_bytes());
        push(&mut bytes, &one.version.to_be_bytes());
        let hashes: Vec<u8> = one.was.iter().chain([&one.sha256]).flatten().copied().collect();
        push(&mut bytes, &hashes);
    }
    bytes
}

fn push(bytes: &mut Vec<u8>, part: &[u8]) {
    bytes.extend(u32::try_from(part.len()).expect("a part of a leaf is below 4 GiB").to_be_bytes());
    bytes.extend(part);
}

fn pull<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk::<4>()?;
    let (part, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    *rest = after;
    Some(part)
}

pub(super) fn sha256(bytes: &[u8]) -> Hash {
    digest(&SHA256, bytes).as_ref().try_into().expect("SHA-256 gives 32 bytes")
}

fn body_place(row: &str, epoch: i64, owner: Owner) -> Place<'_> {
    Place { table: "trail_leaf", column: "body", row, version: epoch, owner }
}

/// The column of a row itself.
pub(super) const ROW: &str = "";

const HASH: usize = 32;
pub(super) const EMPTIED: Hash = [0; HASH];
const FIRST_EPOCH: i64 = 1;
