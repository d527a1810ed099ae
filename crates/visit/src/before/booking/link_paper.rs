//! The link of a visit to hand over: what staff read once on the screen, and the paper that the patient takes
//! home, in the patient's language.
//!
//! Refuses the paper more than a message may say: a time, a link, and how to know what is ours. Neither the
//! patient's name, nor a reason, nor with whom; for whoever wants nothing named, neither the practice nor a
//! time (R102, R105).

use super::change::name;
use super::letters::invitation_link;
use crate::before::store::VisitRow;
use askama::Template;
use axum::response::Response;
use keep::{KeepError, Tx};
use people::patients::contact;
use policy::Access;
use vocabulary::{Health, Lang, Secret};
use web::{Ctx, Page, filters};

/// A new link, and whom its paper speaks to. Opens a door, so it has no `Debug`.
pub(crate) struct Handed {
    link: String,
    /// Opens the same when it is typed at `/join`.
    code: String,
    lang: Lang,
    /// Neither the practice nor a time is named.
    bare: bool,
    /// Their messages carry words of their own.
    has_phrase: bool,
}

impl Handed {
    /// In the transaction that made the secret.
    pub(crate) async fn of(
        tx: &mut Tx,
        ctx: &Ctx,
        access: &Access,
        (visit, secret): (&VisitRow, &Secret),
    ) -> Result<Handed, KeepError> {
        let reached = contact(tx, access, visit.patient).await?;
        Ok(Handed {
            link: invitation_link(&ctx.settings.face, secret),
            code: people::invitations::join_code(tx, secret).await?,
            lang: reached.lang,
            bare: reached.asked.bare,
            has_phrase: reached.check_phrase.is_some(),
        })
    }
}

/// The link, shown once. `unreached`: how many who come along get no letter of a new time.
pub(crate) fn link_page(
    ctx: &Ctx,
    access: &Access,
    visit: &VisitRow,
    handed: Handed,
    unreached: usize,
) -> Response {
    let face = &ctx.settings.face;
    let words = ctx.words.in_lang(handed.lang);
    let join = format!("{}/join", face.origin);
    let when = words.on_paper(visit.starts_at, &face.zone);
    let called = [("practice", face.name.as_str().into()), ("phone", face.phone.as_str().into())];
    let (lead, questions) = match handed.bare {
        true => (words.t("link-paper-bare"), "mail-bare-phone"),
        false => {
            let given = [("practice", face.name.as_str().into()), ("when", when.as_str().into())];
            (words.with("link-paper-lead", &given), "mail-phone")
        }
    };
    let paper = Paper {
        lang: handed.lang.code(),
        practice: if handed.bare { String::new() } else { face.name.clone() },
        lead,
        type_it: words.with("link-paper-code", &[("join", join.as_str().into())]),
        picture: people::proofs::qr::picture(&handed.link, &words.t("link-picture")),
        has_phrase: handed.has_phrase,
        questions: if face.phone.is_empty() { String::new() } else { words.with(questions, &called) },
    };
    let page = LinkPage {
        id: visit.id.text(),
        name: name(ctx, access, visit),
        link: handed.link,
        mail_is_off: !ctx.settings.house_rules.send_mail,
        call_companions: unreached > 0,
        join,
        code: handed.code,
        paper,
    };
    ctx.page(Page::new(ctx.words.t("link-title")).rail("rail-day").script(), &page)
}

#[derive(Template)]
#[template(path = "before/booking/link.html")]
struct LinkPage {
    id: String,
    name: Health,
    link: String,
    /// The house sends no mail: somebody calls or prints.
    mail_is_off: bool,
    /// Somebody who comes along gets no letter of the new time.
    call_companions: bool,
    join: String,
    code: String,
    paper: Paper,
}

/// What is printed, said in the patient's language.
struct Paper {
    lang: &'static str,
    /// Empty where nothing is to be named.
    practice: String,
    lead: String,
    /// Where the code is typed.
    type_it: String,
    /// The link as a QR code.
    picture: String,
    has_phrase: bool,
    /// Whom to call; empty while the practice has given no number.
    questions: String,
}
