//! The notice of privacy practices: its versions, the page that posts it, and what came of handing it out.
//!
//! Owns the table `privacy_notice` and `/privacy-notice`. Refuses to let a first visit begin before the
//! notice was shown and either acknowledged, or the reason why not was written down
//! (45 CFR 164.520(c)(2)-(3), R73).

mod pages;
mod store;
#[cfg(test)]
mod tests;
pub mod texts;

pub use store::{NoticeRow, Outcome, newest, record};

use crate::before::translations;
use askama::Template;
use keep::{Conn, KeepError};
use practice::set_up;
use web::{Ctx, Routes, Rule, filters};

pub fn routes() -> Routes {
    let posted = Rule::Public("45 CFR 164.520(c)(3)(i): everybody can read the notice");
    Routes::new().get("/privacy-notice", posted, pages::page)
}

/// The whole notice as it reads today, for a page's own frame.
pub(crate) async fn article(ctx: &Ctx, conn: &mut Conn) -> Result<(String, &'static texts::Text), KeepError> {
    let text = translations::notice(conn, ctx, ctx.lang).await?;
    let said = set_up::said(conn).await?;
    let words = ctx.words.in_lang(text.lang);
    let nobody_named = words.t("privacy-official");
    // Never earlier than the posting: until somebody was shown it, it counts from the day it is read.
    let since = store::first_shown(conn).await?.unwrap_or(ctx.now);
    let effective = words.date(since, ctx.zone());
    let filling = texts::Filling {
        practice: &ctx.settings.face.name,
        phone: if said.complaints_phone.is_empty() {
            &ctx.settings.face.phone
        } else {
            &said.complaints_phone
        },
        official: if said.complaints_to.is_empty() { &nobody_named } else { &said.complaints_to },
        effective: &effective,
        part_2: said.part_2 == "yes",
    };
    Ok((text.fill(&filling), text))
}

#[derive(Template)]
#[template(path = "before/privacy_notice/page.html")]
pub(crate) struct NoticePage {
    pub article: String,
    pub lang: &'static str,
    pub translated: bool,
    pub demo_approved: bool,
    pub version: &'static str,
    pub phone: String,
}
