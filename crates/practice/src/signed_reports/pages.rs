//! A past report: who signed it, whether it still is what was signed, and its files to take along.

use super::proof::{File, Proof, sha256};
use super::store;
use crate::risk::store::analyses;
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use keep::{Object, Viewing};
use policy::{Access, Act, Facts};
use vocabulary::{FileId, Principal, Role, UnixMillis};
use web::{Ctx, Failure, Page, filters};

/// A signed analysis: its files, and what proves them.
struct Kept {
    html: FileId,
    pdf: Option<FileId>,
    sha256: String,
    at: UnixMillis,
    /// None for an analysis from before reports had statements.
    proof: Option<Proof>,
    /// The proof's key is a report key of this practice.
    known: bool,
}

impl Kept {
    /// Whether these are the bytes that were signed as this file of this analysis.
    fn fits(&self, file: File, bytes: &[u8]) -> bool {
        match &self.proof {
            Some(proof) => self.known && proof.check(bytes) == Ok(file),
            None => file == File::Html && sha256(bytes) == self.sha256,
        }
    }

    async fn bytes(&self, view: &mut Viewing, access: &Access, file: File) -> Result<Vec<u8>, Failure> {
        let id = match file {
            File::Html => self.html,
            File::Pdf => self.pdf.ok_or(Failure::NotFound)?,
        };
        let bytes = view.file(access, id).await?;
        if !self.fits(file, &bytes) {
            return Err(Failure::broken("a signed report is not the one that was signed"));
        }
        Ok(bytes.to_vec())
    }

    /// The proof as the file that goes along.
    fn proof_text(&self) -> Result<Option<Vec<u8>>, Failure> {
        let Some(proof) = &self.proof else { return Ok(None) };
        let text = serde_json::to_string_pretty(proof).map_err(|_| Failure::broken("a proof is no JSON"))?;
        Ok(Some((text + "\n").into_bytes()))
    }
}

pub(super) async fn past(ctx: Ctx, Path(number): Path<i64>) -> Result<Response, Failure> {
    let (access, mut view) = look(&ctx, number).await?;
    let kept = kept(&mut view, &access, number).await?;
    let signed = kept.proof.as_ref();
    let mut files = vec![Shown {
        word: "signed-page",
        icon: "file-text",
        href: format!("/practice/analysis/signed/{number}"),
        state: state(&mut view, &access, &kept, (File::Html, kept.html)).await,
        sha256: kept.sha256.clone(),
    }];
    if let (Some(id), Some(pdf)) = (kept.pdf, signed.and_then(|proof| proof.pdf.as_ref())) {
        files.push(Shown {
            word: "signed-pdf",
            icon: "download",
            href: format!("/practice/analysis/signed/{number}/pdf"),
            state: state(&mut view, &access, &kept, (File::Pdf, id)).await,
            sha256: pdf.sha256.clone(),
        });
    }
    let page = Past {
        number,
        at: kept.at,
        by: signed.map(|proof| proof.signed_as.clone()).unwrap_or_default(),
        key: signed.map(|proof| proof.public_key.clone()).unwrap_or_default(),
        files,
        earlier: number > 1,
        has_proof: signed.is_some(),
        may_replace: matches!(&ctx.who, Principal::Staff { roles, .. } if roles.has(Role::PrivacyOfficial)),
    };
    let title = ctx.words.with("risk-report-title", &[("n", number.into())]);
    Ok(ctx.page(Page::new(title).rail("rail-practice"), &page))
}

async fn state(view: &mut Viewing, access: &Access, kept: &Kept, (file, id): (File, FileId)) -> State {
    let bytes = view.file(access, id).await;
    match bytes.is_ok_and(|bytes| kept.fits(file, &bytes)) {
        false => State::Broken,
        true if kept.proof.is_some() => State::Valid,
        true => State::Unsigned,
    }
}

/// The same bytes as on the day of the signature; anything else is an error and no page.
pub(super) async fn html(ctx: Ctx, Path(number): Path<i64>) -> Result<Response, Failure> {
    let (access, mut view) = look(&ctx, number).await?;
    let bytes = kept(&mut view, &access, number).await?.bytes(&mut view, &access, File::Html).await?;
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], bytes).into_response())
}

pub(super) async fn pdf(ctx: Ctx, Path(number): Path<i64>) -> Result<Response, Failure> {
    let (access, mut view) = look(&ctx, number).await?;
    let bytes = kept(&mut view, &access, number).await?.bytes(&mut view, &access, File::Pdf).await?;
    Ok(attached(number, "pdf", "application/pdf", bytes))
}

/// What `alcove report verify` wants beside a downloaded report.
pub(super) async fn proof(ctx: Ctx, Path(number): Path<i64>) -> Result<Response, Failure> {
    let (access, mut view) = look(&ctx, number).await?;
    let text = kept(&mut view, &access, number).await?.proof_text()?.ok_or(Failure::NotFound)?;
    Ok(attached(number, "proof.json", "application/json", text))
}

/// Page, PDF and proof of a signed analysis under the names they have as downloads.
pub async fn files(
    view: &mut Viewing,
    access: &Access,
    number: i64,
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let kept = kept(view, access, number).await?;
    let page = kept.bytes(view, access, File::Html).await?;
    let mut files = vec![(format!("risk-analysis-{number}.html"), page)];
    if kept.pdf.is_some() {
        let pdf = kept.bytes(view, access, File::Pdf).await?;
        files.push((format!("risk-analysis-{number}.pdf"), pdf));
    }
    if let Some(proof) = kept.proof_text()? {
        files.push((format!("risk-analysis-{number}.proof.json"), proof));
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
    let (Some(html), Some(sha256), Some(at)) =
        (analysis.report, analysis.report_sha256.clone(), analysis.signed_at)
    else {
        return Err(Failure::NotFound);
    };
    let (proof, pdf) = store::signed(view, access, &analysis).await?.unzip();
    let known = match &proof {
        Some(proof) => store::is_key(view, &proof.public_key).await?,
        None => false,
    };
    Ok(Kept { html, pdf: pdf.flatten(), sha256, at, proof, known })
}

fn attached(number: i64, end: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"risk-analysis-{number}.{end}\"");
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static(kind);
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response()
}

#[derive(PartialEq)]
enum State {
    Valid,
    /// The same bytes, from before reports were signed.
    Unsigned,
    Broken,
}

struct Shown {
    /// The key of its words.
    word: &'static str,
    icon: &'static str,
    href: String,
    state: State,
    sha256: String,
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
    /// This official may have another key made.
    may_replace: bool,
}
