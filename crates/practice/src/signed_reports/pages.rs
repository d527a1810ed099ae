//! A past report: who signed it, whether it still is what was signed, and its files to take along.

use super::proof::{FORMAT, Proof, Sealed, is_valid, sha256};
use super::store::{self, Signed};
use crate::risk::store::analyses;
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use keep::{Object, Viewing};
use policy::{Access, Act, Facts};
use vocabulary::{FileId, UnixMillis};
use web::{Ctx, Failure, Page, filters};

/// A signed analysis with its page, and how it was signed.
struct Kept {
    file: FileId,
    sha256: String,
    at: UnixMillis,
    signed: Option<Signed>,
}

pub(super) async fn past(ctx: Ctx, Path(number): Path<i64>) -> Result<Response, Failure> {
    let (access, mut view) = look(&ctx, number).await?;
    let kept = kept(&mut view, &access, number).await?;
    let html = check(&mut view, &access, (kept.file, &kept.sha256), kept.page_seal()).await?;
    let pdf = match kept.signed.as_ref().and_then(|signed| Some((signed, signed.pdf.as_ref()?))) {
        Some((signed, (file, sha256, signature))) => {
            Some(check(&mut view, &access, (*file, sha256), Some((&signed.public_key, signature))).await?)
        }
        None => None,
    };
    let page = Past {
        number,
        at: kept.at,
        by: kept.signed.as_ref().map(|signed| signed.signed_as.clone()).unwrap_or_default(),
        key: kept.signed.as_ref().map(|signed| signed.public_key.clone()).unwrap_or_default(),
        files: [Some(("signed-page", "file-text", html)), pdf.map(|file| ("signed-pdf", "download", file))]
            .into_iter()
            .flatten()
            .map(|(word, icon, file)| Shown { word, icon, href: href(number, word), file })
            .collect(),
        earlier: number > 1,
        has_proof: kept.signed.is_some(),
    };
    let title = ctx.words.with("risk-report-title", &[("n", number.into())]);
    Ok(ctx.page(Page::new(title).rail("rail-practice"), &page))
}

fn href(number: i64, word: &str) -> String {
    let end = if word == "signed-pdf" { "/pdf" } else { "" };
    format!("/practice/analysis/signed/{number}{end}")
}

/// The same bytes as on the day of the signature; anything else is an error and no page.
pub(super) async fn html(ctx: Ctx, Path(number): Path<i64>) -> Result<Response, Failure> {
    let (access, mut view) = look(&ctx, number).await?;
    let kept = kept(&mut view, &access, number).await?;
    let bytes = view.file(&access, kept.file).await?;
    intact(&bytes, &kept.sha256, kept.page_seal())?;
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], bytes.to_vec()).into_response())
}

pub(super) async fn pdf(ctx: Ctx, Path(number): Path<i64>) -> Result<Response, Failure> {
    let (access, mut view) = look(&ctx, number).await?;
    let signed = kept(&mut view, &access, number).await?.signed.ok_or(Failure::NotFound)?;
    let (file, hash, signature) = signed.pdf.ok_or(Failure::NotFound)?;
    let bytes = view.file(&access, file).await?;
    intact(&bytes, &hash, Some((&signed.public_key, &signature)))?;
    Ok(attached(number, "pdf", "application/pdf", bytes.to_vec()))
}

/// What `alcove report verify` wants beside a downloaded report.
pub(super) async fn proof(ctx: Ctx, Path(number): Path<i64>) -> Result<Response, Failure> {
    let (access, mut view) = look(&ctx, number).await?;
    let kept = kept(&mut view, &access, number).await?;
    let text = proof_of(&ctx, number, kept)?.ok_or(Failure::NotFound)?;
    Ok(attached(number, "proof.json", "application/json", text.into_bytes()))
}

fn proof_of(ctx: &Ctx, number: i64, kept: Kept) -> Result<Option<String>, Failure> {
    let Some(signed) = kept.signed else { return Ok(None) };
    let at = Timestamp::from_millisecond(kept.at.0).map(|at| at.to_string()).unwrap_or_default();
    let proof = Proof {
        format: FORMAT.into(),
        report: number,
        practice: ctx.settings.face.name.clone(),
        signed_as: signed.signed_as,
        signed_at: at,
        public_key: signed.public_key,
        html: Sealed { sha256: kept.sha256, signature: signed.html_signature },
        pdf: signed.pdf.map(|(_, sha256, signature)| Sealed { sha256, signature }),
    };
    let text = serde_json::to_string_pretty(&proof).map_err(|_| Failure::broken("a proof is no JSON"))?;
    Ok(Some(text + "\n"))
}

/// Page, PDF and proof of a signed analysis under the names they have as downloads.
pub async fn files(
    ctx: &Ctx,
    view: &mut Viewing,
    access: &Access,
    number: i64,
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let kept = kept(view, access, number).await?;
    let page = view.file(access, kept.file).await?;
    intact(&page, &kept.sha256, kept.page_seal())?;
    let mut files = vec![(format!("risk-analysis-{number}.html"), page.to_vec())];
    if let Some((file, hash, _)) = kept.signed.as_ref().and_then(|signed| signed.pdf.clone()) {
        let pdf = view.file(access, file).await?;
        intact(&pdf, &hash, None)?;
        files.push((format!("risk-analysis-{number}.pdf"), pdf.to_vec()));
    }
    if let Some(proof) = proof_of(ctx, number, kept)? {
        files.push((format!("risk-analysis-{number}.proof.json"), proof.into_bytes()));
    }
    Ok(files)
}

async fn look(ctx: &Ctx, number: i64) -> Result<(Access, Viewing), Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let view = ctx.keep.view(&access, Object::of("analysis", number.to_string())).await?;
    Ok((access, view))
}

async fn kept(view: &mut Viewing, access: &Access, number: i64) -> Result<Kept, Failure> {
    let all = analyses::list(view).await?;
    let analysis = all.into_iter().find(|analysis| analysis.number == number).ok_or(Failure::NotFound)?;
    let (Some(file), Some(sha256), Some(at)) =
        (analysis.report, analysis.report_sha256.clone(), analysis.signed_at)
    else {
        return Err(Failure::NotFound);
    };
    let signed = store::signed(view, access, &analysis).await?;
    Ok(Kept { file, sha256, at, signed })
}

impl Kept {
    /// Key and signature of the page.
    fn page_seal(&self) -> Option<(&str, &str)> {
        let signed = self.signed.as_ref()?;
        Some((signed.public_key.as_str(), signed.html_signature.as_str()))
    }
}

fn intact(bytes: &[u8], hash: &str, seal: Option<(&str, &str)>) -> Result<(), Failure> {
    let signed = seal.is_none_or(|(key, signature)| is_valid(key, bytes, signature));
    if sha256(bytes) == hash && signed {
        return Ok(());
    }
    Err(Failure::broken("a signed report is not the one that was signed"))
}

async fn check(
    view: &mut Viewing,
    access: &Access,
    (file, hash): (FileId, &str),
    seal: Option<(&str, &str)>,
) -> Result<Checked, Failure> {
    let bytes = view.file(access, file).await.ok();
    let same = bytes.as_ref().is_some_and(|bytes| sha256(bytes) == hash);
    let valid = seal
        .map(|(key, signature)| bytes.as_ref().is_some_and(|bytes| same && is_valid(key, bytes, signature)));
    Ok(Checked { same, valid, sha256: hash.to_owned() })
}

fn attached(number: i64, end: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"risk-analysis-{number}.{end}\"");
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static(kind);
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response()
}

struct Checked {
    same: bool,
    /// None where there is no signature to check.
    valid: Option<bool>,
    sha256: String,
}

struct Shown {
    /// The key of its words.
    word: &'static str,
    icon: &'static str,
    href: String,
    file: Checked,
}

#[derive(Template)]
#[template(path = "signed_reports/past.html")]
struct Past {
    number: i64,
    at: UnixMillis,
    by: String,
    key: String,
    files: Vec<Shown>,
    /// There is one before it to compare with.
    earlier: bool,
    has_proof: bool,
}
