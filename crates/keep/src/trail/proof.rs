//! Proofs for people outside: that an entry is in the trail (inclusion), that a trail only grew since an
//! older checkpoint (consistency), and the whole trail as lines of JSON. Forms: C2SP tlog-proof and signed
//! notes, RFC 6962 section 2.1. `docs/verify_trail.py` checks all three with nothing of this program.

use super::append::{Head, Leaf};
use super::note;
use super::tree::{Frontier, Hash, consistency, inclusion};
use super::verify::{TrailError, verify};
use crate::store::Conn;
use crate::{Entry, Keep, KeepError, Object, args};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use policy::Access;
use serde_json::json;
use std::io::Write;
use std::ops::Range;

/// Leaves held in memory at once.
const BATCH: i64 = 500;

/// The newest checkpoint as a signed note: give it to somebody outside, and ask for it again later.
pub async fn checkpoint(keep: &Keep) -> Result<String, TrailError> {
    let verified = verify(keep).await?;
    Ok(note::checkpoint(keep.vault(), &verified.checkpoint, &verified.signature))
}

/// The key that proofs verify under, in one line.
pub fn key_line(keep: &Keep) -> String {
    note::key_line(keep.vault())
}

/// That this entry is in the trail, and what it says: a file of the form C2SP tlog-proof whose extra data is
/// JSON with the leaf's bytes and the entry's text. Proving is an act, and comes into the trail first.
pub async fn prove(keep: &Keep, access: &Access, index: u64) -> Result<String, TrailError> {
    leave(keep, access, "entry", &index.to_string()).await?;
    let note = checkpoint(keep).await?;
    let mut conn = keep.snapshot().await?;
    let head = Head::load(&mut conn).await?.ok_or(KeepError::NotFound)?;
    let wanted = inclusion(index, head.tree.size()).ok_or(KeepError::NotFound)?;
    let hashes = roots(&mut conn, wanted).await?;
    let sql = "SELECT idx, at, owner, body, touched, said FROM trail_leaf WHERE idx = $1";
    let idx = i64::try_from(index).map_err(|_| KeepError::NotFound)?;
    let row = conn.row(sql, args![idx]).await?.ok_or(KeepError::NotFound)?;
    let extra = shown(keep, &Leaf::read(&row)?, head.epoch, true)?;
    let extra = STANDARD.encode(extra.to_string());
    Ok(format!("c2sp.org/tlog-proof@v1\nextra {extra}\nindex {index}\n{}\n{note}", lines(&hashes)))
}

/// That the trail of `older` (how many entries it had) is the beginning of today's.
pub async fn prove_growth(keep: &Keep, access: &Access, older: u64) -> Result<String, TrailError> {
    leave(keep, access, "growth", &older.to_string()).await?;
    let note = checkpoint(keep).await?;
    let mut conn = keep.snapshot().await?;
    let head = Head::load(&mut conn).await?.ok_or(KeepError::NotFound)?;
    let wanted = consistency(older, head.tree.size()).ok_or(KeepError::NotFound)?;
    Ok(format!("old {older}\n{}\n{note}", lines(&roots(&mut conn, wanted).await?)))
}

/// Every leaf as a line of JSON, after a line with the checkpoint. `opened` adds what the entries say.
pub async fn export(
    keep: &Keep,
    access: &Access,
    opened: bool,
    out: &mut (dyn Write + Send),
) -> Result<u64, TrailError> {
    leave(keep, access, "export", if opened { "opened" } else { "sealed" }).await?;
    let note = checkpoint(keep).await?;
    let mut conn = keep.snapshot().await?;
    let head = Head::load(&mut conn).await?.ok_or(KeepError::NotFound)?;
    let size = i64::try_from(head.tree.size()).unwrap_or(i64::MAX);
    let mut write = |line: serde_json::Value| {
        writeln!(out, "{line}").map_err(|_| keep.broken("an export could not be written"))
    };
    write(json!({ "form": "alcove/1 trail export", "checkpoint": note }))?;
    let mut from = 0;
    while from < size {
        let sql = "SELECT idx, at, owner, body, touched, said FROM trail_leaf
                   WHERE idx >= $1 AND idx < $2 ORDER BY idx LIMIT $3";
        let rows = conn.rows(sql, args![from, size, BATCH]).await?;
        for row in &rows {
            write(shown(keep, &Leaf::read(row)?, head.epoch, opened)?)?;
        }
        from += i64::try_from(rows.len()).unwrap_or(BATCH);
        if rows.is_empty() {
            return Err(TrailError::Missing(u64::try_from(from).unwrap_or(0)));
        }
    }
    Ok(head.tree.size())
}

async fn leave(keep: &Keep, access: &Access, what: &'static str, of: &str) -> Result<(), KeepError> {
    let entry = Entry::new(Object::of("trail", what)).detail("of", of);
    keep.begin().await?.commit(access, entry).await.map(|_| ())
}

fn shown(keep: &Keep, leaf: &Leaf, epoch: i64, opened: bool) -> Result<serde_json::Value, KeepError> {
    let bytes = STANDARD.encode(leaf.bytes(keep.vault().installation(), epoch));
    let text = if opened { leaf.text(keep.vault(), epoch)? } else { None };
    Ok(match text {
        None => json!({ "leaf": bytes }),
        Some(text) => {
            let text = std::str::from_utf8(&text).map_err(|_| KeepError::Shape("an entry's body"))?;
            json!({ "leaf": bytes, "says": text })
        }
    })
}

fn lines(hashes: &[Hash]) -> String {
    hashes.iter().map(|hash| STANDARD.encode(hash) + "\n").collect()
}

/// The roots of these ranges of leaves, each a subtree, in one walk over the trail.
async fn roots(conn: &mut Conn, wanted: Vec<Range<u64>>) -> Result<Vec<Hash>, KeepError> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|at| wanted[*at].start);
    let mut roots = vec![[0; 32]; wanted.len()];
    for at in order {
        let (mut tree, range) = (Frontier::default(), &wanted[at]);
        let mut from = range.start;
        while from < range.end {
            let sql = "SELECT hash FROM trail_leaf WHERE idx >= $1 AND idx < $2 ORDER BY idx LIMIT $3";
            let bound = |index: u64| i64::try_from(index).unwrap_or(i64::MAX);
            let rows = conn.rows(sql, args![bound(from), bound(range.end), BATCH]).await?;
            for row in &rows {
                tree.push(row.blob("hash")?.try_into().map_err(|_| KeepError::Shape("hash"))?);
            }
            if rows.is_empty() {
                return Err(KeepError::NotFound);
            }
            from += rows.len() as u64;
        }
        roots[at] = tree.root();
    }
    Ok(roots)
}
