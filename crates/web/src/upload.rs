//! One file from a form of this site, with the same guard as every other form.
//!
//! Refuses a form without its token before it looks at the file, a second file, and more bytes than the route
//! takes. Keeps neither the file's name nor the type it claims to be: both are words of whoever sent it.

use crate::form::{TOKEN_FIELD, is_token};
use crate::{Ctx, Failure, Site};
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header;

/// What a file may hold besides its bytes: the boundary lines and the token.
pub const UPLOAD_FRAME_BYTES: usize = 4 * 1024;

/// A token is 64 letters long.
const TOKEN_MAX_BYTES: u64 = 128;

/// The fields of one upload: its token and its file.
const FIELDS_MAX: usize = 2;

/// The bytes of the field `file`; empty when nothing was picked. At most `MAX` of them.
pub struct Upload<const MAX: usize>(pub Vec<u8>);

impl<const MAX: usize> FromRequest<Site> for Upload<MAX> {
    type Rejection = Failure;

    async fn from_request(request: Request, site: &Site) -> Result<Upload<MAX>, Failure> {
        let (mut parts, body) = request.into_parts();
        let ctx = Ctx::of(site, &mut parts).await?;
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let boundary = kind.and_then(|kind| multer::parse_boundary(kind).ok()).ok_or(Failure::BadInput)?;
        let limit = MAX + UPLOAD_FRAME_BYTES;
        let bytes = to_bytes(body, limit).await.map_err(|_| Failure::TooLarge)?;
        let limits = multer::SizeLimit::new()
            .whole_stream(limit as u64)
            .for_field(TOKEN_FIELD, TOKEN_MAX_BYTES)
            .for_field("file", MAX as u64);
        let constraints =
            multer::Constraints::new().allowed_fields(vec![TOKEN_FIELD, "file"]).size_limit(limits);
        let stream = Body::from(bytes).into_data_stream();
        let mut form = multer::Multipart::with_constraints(stream, boundary, constraints);
        let (mut guarded, mut file) = (false, None);
        for _ in 0..FIELDS_MAX {
            let Some(field) = form.next_field().await.map_err(|error| refused(&error))? else { break };
            let is_file = field.name() == Some("file");
            if is_file && (!guarded || file.is_some()) {
                return Err(Failure::StaleForm);
            }
            let bytes = field.bytes().await.map_err(|error| refused(&error))?;
            match is_file {
                true => file = Some(bytes.to_vec()),
                false => guarded = is_token(&bytes, &ctx.form_token()),
            }
        }
        match (guarded, file) {
            (false, _) => Err(Failure::StaleForm),
            (true, None) => Err(Failure::BadInput),
            (true, Some(file)) => Ok(Upload(file)),
        }
    }
}

fn refused(error: &multer::Error) -> Failure {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => {
            Failure::TooLarge
        }
        _ => Failure::BadInput,
    }
}
