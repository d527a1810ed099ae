//! What answers while the practice is sealed: one page in both languages, the files it is drawn with, and a
//! health check that says so. Knows no key, no store and nobody's name.

use crate::armour::harden;
use crate::{assets, filters};
use askama::Template;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

/// The router of a program whose keys are still locked.
pub fn sealed(origin: String) -> Router {
    Router::new()
        .route("/a/{hash}/{*name}", get(assets::serve))
        .route("/favicon.svg", get(assets::mark))
        .route("/healthz", get(async || (StatusCode::SERVICE_UNAVAILABLE, "sealed\n")))
        .fallback(page)
        .layer(middleware::from_fn_with_state(origin, dress))
}

async fn page() -> Response {
    match (Sealed {}).render() {
        Ok(html) => (StatusCode::SERVICE_UNAVAILABLE, Html(html)).into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn dress(State(origin): State<String>, request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    harden(answer.headers_mut(), &origin);
    if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    answer
}

#[derive(Template)]
#[template(path = "sealed.html")]
struct Sealed {}
