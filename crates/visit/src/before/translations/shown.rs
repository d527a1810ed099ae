//! Which language of a critical text this reader is shown.

use super::store;
use super::texts::{EMERGENCY, NOTICE, all};
use crate::before::consent::{Scope, texts};
use crate::before::privacy_notice::texts as notice_texts;
use keep::{Conn, KeepError};
use vocabulary::Lang;
use web::{Ctx, Failure, Value, Words};

/// Whether this text may be shown in that language: the original always, a translation once somebody
/// qualified has approved exactly these words.
async fn usable(conn: &mut Conn, ctx: &Ctx, code: &str, lang: Lang) -> Result<bool, KeepError> {
    if lang == Lang::En {
        return Ok(true);
    }
    let text = all(&ctx.site.catalog).into_iter().find(|text| text.code == code);
    match text {
        Some(text) => store::is_approved(conn, &text).await,
        None => Ok(false),
    }
}

pub(crate) async fn consent(
    conn: &mut Conn,
    ctx: &Ctx,
    scope: Scope,
    lang: Lang,
) -> Result<&'static texts::Text, KeepError> {
    Ok(texts::shown(scope, lang, usable(conn, ctx, scope.code(), lang).await?))
}

pub(crate) async fn notice(
    conn: &mut Conn,
    ctx: &Ctx,
    lang: Lang,
) -> Result<&'static notice_texts::Text, KeepError> {
    Ok(notice_texts::shown(lang, usable(conn, ctx, NOTICE, lang).await?))
}

/// A sentence with its language, for `lang` on the element around it.
#[derive(Clone)]
pub(crate) struct Sentence {
    pub lang: &'static str,
    pub text: String,
}

/// The words for sentences about emergencies.
pub(crate) struct Siren(Words);

impl Siren {
    /// `key` is one of `texts::EMERGENCY_KEYS`.
    pub fn say(&self, key: &str, given: &[(&str, Value<'_>)]) -> Sentence {
        Sentence { lang: self.0.lang().code(), text: self.0.with(key, given) }
    }
}

/// English where the reader's language has none that is approved.
pub(crate) async fn emergency(ctx: &Ctx) -> Result<Siren, Failure> {
    let approved = usable(&mut *ctx.keep.read().await?, ctx, EMERGENCY, ctx.lang).await?;
    let lang = if approved { ctx.lang } else { Lang::En };
    Ok(Siren(ctx.words.in_lang(lang)))
}
