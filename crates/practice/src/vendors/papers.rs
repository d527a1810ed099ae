//! The signed papers of a vendor: handed in as PDF, sealed, and shown with their SHA-256, so that anybody can
//! see later that it is the paper that was signed (45 CFR 164.316(b)).

use super::pages::{draw_with, typed_of};
use super::store;
use crate::ids::VendorId;
use crate::signed_reports::proof::sha256;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use keep::{Entry, KeepError, Object, Owner, Row, Tx, Viewing, args};
use people::patients::Names;
use policy::{Act, Facts};
use vocabulary::{FileId, PersonId, Principal, UnixMillis};
use web::{Ctx, Failure, Faults, Upload, see_other};

/// A scanned agreement of a hundred pages.
pub const PAPER_MAX_BYTES: usize = 10 * 1024 * 1024;
/// The newest ones of a vendor's page.
const SHOWN: i64 = 20;
const PDF: &[u8] = b"%PDF-";

pub struct Paper {
    pub id: FileId,
    pub sha256: String,
    pub bytes: i64,
    pub at: UnixMillis,
    pub by: PersonId,
}

/// One line of the page.
pub(super) struct Line {
    pub href: String,
    pub sha256: String,
    pub kilobytes: i64,
    pub at: String,
    pub by: String,
}

pub(super) async fn put(
    ctx: Ctx,
    Path(id): Path<String>,
    Upload(bytes): Upload<PAPER_MAX_BYTES>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeVendors, &Facts::default()).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let id = VendorId::parse(&id).ok_or(Failure::NotFound)?;
    let action = format!("/practice/vendors/{}", id.text());
    let mut tx = ctx.keep.begin().await?;
    let vendor = store::one(&mut tx, &access, id).await?;
    if !bytes.starts_with(PDF) {
        drop(tx);
        let mut faults = Faults::default();
        faults.add("file", ctx.words.t("vendor-fault-file"));
        let typed = typed_of(&ctx, &vendor);
        return draw_with(&ctx, &access, (id, typed), faults, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let hash = sha256(&bytes);
    // Handed in twice, it is one paper.
    if !of(&mut tx, id).await?.iter().any(|paper| paper.sha256 == hash) {
        file(&mut tx, (id, person), bytes, &hash).await?;
        let entry = Entry::new(Object::of("vendor", id.text())).detail("agreement_sha256", hash);
        tx.commit(&access, entry).await?;
    }
    Ok(see_other(&action))
}

pub(super) async fn get(ctx: Ctx, Path((id, paper)): Path<(String, String)>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let id = VendorId::parse(&id).ok_or(Failure::NotFound)?;
    let paper = FileId::parse(&paper).ok_or(Failure::NotFound)?;
    let mut view = ctx.keep.view(&access, Object::of("vendor_agreement", paper.text())).await?;
    if !of(&mut view, id).await?.iter().any(|one| one.id == paper) {
        return Err(Failure::NotFound);
    }
    let bytes = view.file(&access, paper).await?;
    let kind = HeaderValue::from_static("application/pdf");
    let name = HeaderValue::from_static("attachment; filename=\"agreement.pdf\"");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes.to_vec()).into_response())
}

pub(super) async fn lines(ctx: &Ctx, view: &mut Viewing, id: VendorId) -> Result<Vec<Line>, KeepError> {
    let names = ctx.plugged::<Names>();
    let line = |paper: Paper| Line {
        href: format!("/practice/vendors/{}/agreement/{}", id.text(), paper.id.text()),
        sha256: paper.sha256,
        kilobytes: paper.bytes / 1024 + 1,
        at: ctx.words.day_and_time(paper.at, ctx.zone()),
        by: names.staff(paper.by).map(|name| name.reveal().to_owned()).unwrap_or_default(),
    };
    Ok(of(view, id).await?.into_iter().map(line).collect())
}

async fn of(open: &mut keep::Conn, id: VendorId) -> Result<Vec<Paper>, KeepError> {
    let sql = "SELECT id, sha256, bytes, filed_at, filed_by FROM vendor_agreement WHERE vendor = $1
               ORDER BY filed_at DESC, id DESC LIMIT $2";
    open.rows(sql, args![id.text(), SHOWN]).await?.iter().map(read).collect()
}

async fn file(
    tx: &mut Tx,
    (vendor, by): (VendorId, PersonId),
    bytes: Vec<u8>,
    hash: &str,
) -> Result<(), KeepError> {
    let size = i64::try_from(bytes.len()).map_err(|_| KeepError::Shape("bytes"))?;
    let id = tx.put_file(Owner::Practice, "agreement", bytes).await?;
    tx.run(
        "INSERT INTO vendor_agreement (id, vendor, sha256, bytes, filed_at, filed_by)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![id, vendor.text(), hash, size, tx.now(), by],
    )
    .await
    .map(|_| ())
}

fn read(row: &Row) -> Result<Paper, KeepError> {
    Ok(Paper {
        id: row.parsed("id", FileId::parse)?,
        sha256: row.text("sha256")?.to_owned(),
        bytes: row.int("bytes")?,
        at: row.time("filed_at")?,
        by: row.parsed("filed_by", PersonId::parse)?,
    })
}
