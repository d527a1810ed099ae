//! Page shell, request context, forms, failures as pages, assets, design system, words and mail.
//!
//! Everything a slice needs to answer a browser, and nothing about visits, people or the practice. Every
//! response leaves through `armour`, whatever happened inside; every route names its access rule (`Routes`);
//! every page is drawn from the shells in `templates/` and the one style sheet in `assets/`. Nothing here
//! loads from another origin.
//!
//! A slice answers a browser like this; the template extends `shell.html` or `staff.html`:
//!
//! ```text
//! pub const WORDS: Locale = Locale { owner: "visit", en: include_str!(..), es: include_str!(..) };
//!
//! pub fn routes() -> Routes {
//!     Routes::new()
//!         .get("/day", Rule::Act(Act::SeeDay), day)
//!         .post("/day/note", Rule::Act(Act::BookVisit), note)
//! }
//!
//! #[derive(Template)]
//! #[template(path = "before/day.html")]  // {{ "day-count"|with("n", count) }}, {{ at|time }}
//! struct Day { count: usize, at: UnixMillis }
//!
//! async fn day(ctx: Ctx) -> Result<Response, Failure> {
//!     let access = ctx.decide(Act::SeeDay, &Facts::default()).await?;
//!     let count = store::count(&ctx.keep, &access).await?;
//!     Ok(ctx.page(Page::new(ctx.words.t("day-title")).rail("rail-day"), &Day { count, at: ctx.now }))
//! }
//!
//! async fn note(ctx: Ctx, Form(note): Form<Note>) -> Result<Response, Failure> {
//!     let access = ctx.decide(Act::BookVisit, &note.facts()).await?; // before `begin`: one writer
//!     let mut tx = ctx.keep.begin().await?;
//!     ..
//!     Ok(see_other("/day"))
//! }
//! ```

// Templates of every crate name `web::`, this one's too.
extern crate self as web;

mod armour;
pub mod assets;
mod ctx;
mod failure;
pub mod fetch;
pub mod filters;
mod form;
mod language;
pub mod mail;
mod own_pages;
mod page;
pub mod room_page;
mod routes;
mod sealed;
mod simple;
mod site;
mod styleguide;
pub mod testing;
mod upload;
mod words;

pub use ctx::Ctx;
pub use failure::{Failure, Problem};
pub use form::{Faults, Form, form_token};
pub use keep::BoxFuture;
pub use language::is_own_path;
pub use own_pages::routes;
pub use page::{Frame, Page, RailItem, see_other};
pub use routes::{Pages, Route, Routes, Rule};
pub use sealed::sealed;
pub use simple::simple_cookie;
pub use site::{Found, SignIn, Site};
pub use upload::{UPLOAD_FRAME_BYTES, Upload};
pub use words::{Argument, Catalog, Gaps, Locale, Value, Words};

/// What the shells and failures of this crate say.
pub const WORDS: Locale = Locale {
    owner: "web",
    en: concat!(include_str!("../locales/en/web.ftl"), include_str!("../locales/en/mail.ftl")),
    es: concat!(include_str!("../locales/es/web.ftl"), include_str!("../locales/es/mail.ftl")),
};
