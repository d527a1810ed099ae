//! Serves the style guide alone, for designing: `cargo run -p web --example styleguide`, then
//! <http://localhost:8079/styleguide>. With `ALCOVE_ASSETS=crates/web/assets` a style sheet is read anew
//! each time.

use std::net::Ipv4Addr;
use vocabulary::Principal;
use web::{Routes, testing};

const PORT: u16 = 8079;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let (keep, _) = keep::testing::keep(&[]).await;
    let site = testing::site(keep, Principal::Anonymous, &[]).demo(true);
    let router = Routes::new().merge(web::routes()).into_router(site);
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, PORT)).await?;
    axum::serve(listener, router).await
}
