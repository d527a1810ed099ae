//! The routes a room document passes files by. Who asks says the token of the page's own socket, in a header:
//! never a cookie, so no other page of the browser can ask, and never the address.

use super::super::live::Live;
use super::super::problem::Trouble;
use super::{Ask, Size, Told};
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use keep::KeepError;
use keep::files::PIECE_BYTES_AT_MOST;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use vocabulary::FileId;
use web::{Ctx, Failure};

/// `POST /room/files`
pub async fn begin(ctx: Ctx, headers: HeaderMap, size: Json<Size>) -> Result<Response, Failure> {
    match ask(&ctx, &headers, Ask::Begin(size.0)).await? {
        Told::Place(place) => Ok(Json(serde_json::json!({ "place": place })).into_response()),
        _ => Err(Failure::broken("a shelf gave no place")),
    }
}

/// `POST /room/files/{place}/{at}`
pub async fn put(
    ctx: Ctx,
    Path((place, at)): Path<(String, usize)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let place = FileId::parse(&place).ok_or(Failure::NotFound)?;
    let live = ctx.plugged::<Live>();
    // So many pieces are in memory at once, and no more.
    let _permit = live.file_permit().ok_or(Failure::Busy)?;
    ask(&ctx, &headers, Ask::MayPut(place, at)).await?;
    let bytes = match timeout(PIECE_WITHIN, to_bytes(body, PIECE_BYTES_AT_MOST)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return Err(Failure::TooLarge),
        Err(_) => return Err(Failure::told(StatusCode::REQUEST_TIMEOUT, Trouble::TooSlow.code())),
    };
    let piece = match ctx.keep.pass_through(bytes.into()).await {
        Ok(piece) => Arc::new(piece),
        Err(KeepError::Busy) => return Err(told(Trouble::FilesFull)),
        Err(error) => return Err(error.into()),
    };
    ask(&ctx, &headers, Ask::Put(place, at, piece)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /room/files/{place}/{at}`
pub async fn take(
    ctx: Ctx,
    Path((place, at)): Path<(String, usize)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let place = FileId::parse(&place).ok_or(Failure::NotFound)?;
    let live = ctx.plugged::<Live>();
    let _permit = live.file_permit().ok_or(Failure::Busy)?;
    let Told::Piece(piece) = ask(&ctx, &headers, Ask::Take(place, at)).await? else {
        return Err(Failure::broken("a shelf gave no piece"));
    };
    let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
    Ok((kind, piece.bytes().await?).into_response())
}

/// `POST /room/files/{place}/withdraw`
pub async fn withdraw(ctx: Ctx, Path(place): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    let place = FileId::parse(&place).ok_or(Failure::NotFound)?;
    ask(&ctx, &headers, Ask::Withdraw(place)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn ask(ctx: &Ctx, headers: &HeaderMap, ask: Ask) -> Result<Told, Failure> {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = shown.and_then(|text| text.strip_prefix("Bearer ")).ok_or(Failure::SignIn)?;
    let live = ctx.plugged::<Live>();
    let pass = live.by_resume(token).await.map_err(told)?;
    live.file(pass, ask).await.map_err(told)
}

fn told(trouble: Trouble) -> Failure {
    let status = match trouble {
        Trouble::ResumeOver | Trouble::SignedOut => StatusCode::UNAUTHORIZED,
        Trouble::FileGone => StatusCode::GONE,
        Trouble::FileTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Trouble::FilesFull => StatusCode::INSUFFICIENT_STORAGE,
        Trouble::Malformed => StatusCode::BAD_REQUEST,
        Trouble::TryAgain => return Failure::broken("a file could not be passed on"),
        _ => StatusCode::FORBIDDEN,
    };
    Failure::told(status, trouble.code())
}

/// One mebibyte at 70 kbit/s, slower than a visit can be.
const PIECE_WITHIN: Duration = Duration::from_secs(120);
