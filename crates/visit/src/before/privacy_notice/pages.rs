//! `/privacy-notice`: the notice, for everybody.

use super::{NoticePage, article};
use axum::response::Response;
use web::{Ctx, Failure, Page};

pub(super) async fn page(ctx: Ctx) -> Result<Response, Failure> {
    let mut read = ctx.keep.read().await?;
    let (article, text) = article(&ctx, &mut read).await?;
    let page = NoticePage {
        article,
        lang: text.lang.code(),
        translated: text.lang == ctx.lang,
        demo_approved: ctx.site.demo && text.approved_by.is_demo(),
        version: text.version,
        phone: ctx.settings.face.phone.clone(),
    };
    Ok(ctx.page(Page::new(ctx.words.t("privacy-title")), &page))
}
