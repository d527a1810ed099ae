//! The second fact, asked once on the device the link is bound to: the birth date, or the entry code of a
//! guest whose birth date is on no file.

use super::code::{CODE_INDEX, EntryCode};
use super::limits::{From, Limits};
use super::pages::{closed, facts, object, seat, way_in, with_cookies};
use super::rules::{self, Proof, Purpose, Refused, State};
use super::store::{self, Invitation};
use crate::patients::{self, BirthDate};
use crate::sessions::{self, How, Jar, pace};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, KeepError, Outcome, Tx};
use policy::{Access, Act};
use serde::Deserialize;
use vocabulary::Principal;
use web::{Ctx, Failure, Faults, Form, Page, filters};

#[derive(Deserialize, Default)]
pub(super) struct Typed {
    #[serde(default)]
    code: String,
    #[serde(default)]
    month: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    year: String,
}

pub(super) async fn ask(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let found = store::by_door(&mut *ctx.keep.read().await?, &door).await?;
    let invitation = found.ok_or(Failure::NotFound)?;
    if let Err(why) = rules::stands(&invitation.standing, ctx.now) {
        return Ok(closed(&ctx, why));
    }
    if is_known(&ctx) {
        return Ok(web::see_other(&way_in(&invitation)));
    }
    ctx.decide(Act::ProveSecondFact, &facts(&invitation)).await?;
    Ok(question(&ctx, &invitation, Faults::default(), Typed::default()))
}

/// A second fact as it was typed, well formed.
pub(crate) enum Fact {
    Born(BirthDate),
    Code(EntryCode),
}

impl Fact {
    /// Entry code, month, day and year, as typed; the error is a sentence.
    pub(crate) fn read(ctx: &Ctx, invitation: &Invitation, typed: [&str; 4]) -> Result<Fact, String> {
        let [code, month, day, year] = typed;
        if invitation.entry_code.is_some() {
            return EntryCode::read(code).map(Fact::Code).ok_or_else(|| ctx.words.t("entry-code-slip"));
        }
        let date = BirthDate::read(month, day, year, today(ctx));
        date.map(Fact::Born).map_err(|slip| ctx.words.t(&format!("birth-{}", slip.code())))
    }

    /// The field it is typed into.
    pub(crate) fn field(invitation: &Invitation) -> &'static str {
        if invitation.entry_code.is_some() { "code" } else { "month" }
    }
}

pub(super) async fn prove(
    ctx: Ctx,
    from: From,
    Path(door): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let mut tx = ctx.keep.begin().await?;
    let invitation = store::by_door(&mut tx, &door).await?.ok_or(Failure::NotFound)?;
    if is_known(&ctx) {
        return Ok(web::see_other(&way_in(&invitation)));
    }
    let given = match Fact::read(&ctx, &invitation, [&typed.code, &typed.month, &typed.day, &typed.year]) {
        Ok(given) => given,
        // Not a date, or not six digits, is a slip, not a guess: it costs no try.
        Err(slip) => return Ok(question(&ctx, &invitation, wrong(&invitation, slip), typed)),
    };
    let access = policy::decide(&ctx.who, &facts(&invitation), Act::ProveSecondFact)?;
    if let Err(why) = rules::stands(&invitation.standing, ctx.now) {
        return Ok(closed(&ctx, why));
    }
    let right = is_right(&mut tx, &access, &invitation, &given).await?;
    match rules::prove(&invitation.standing, right, ctx.settings.house_rules.second_fact_tries, ctx.now) {
        Err(why) => Ok(closed(&ctx, why)),
        Ok(Proof::Right) => let_in(&ctx, tx, &access, (&invitation, Entry::new(object(&invitation)))).await,
        Ok(Proof::Wrong { left }) => {
            count(&ctx, tx, (&access, &invitation), false).await?;
            let sentence = ctx.words.with("who-wrong", &[("left", left.into())]);
            Ok(question(&ctx, &invitation, wrong(&invitation, sentence), typed))
        }
        Ok(Proof::NowLocked) => {
            count(&ctx, tx, (&access, &invitation), true).await?;
            let cleared = Jar::Guest(invitation.door).clear();
            Ok(with_cookies(closed(&ctx, Refused::Locked), [cleared]))
        }
    }
}

/// Why a birth date that is asked once more leads nowhere.
pub(crate) enum Missed {
    Wrong { left: i64 },
    Shut(Refused),
}

/// The birth date once more, from a device that proved it a while ago. A wrong one costs the invitation a
/// try, which is committed here; a right one gives the transaction back.
pub(crate) async fn prove_again(
    ctx: &Ctx,
    tx: Tx,
    of: (&Access, &Invitation),
    born: BirthDate,
) -> Result<Result<Tx, Missed>, Failure> {
    prove_fact(ctx, tx, of, &Fact::Born(born)).await
}

/// The same with whichever second fact belongs to the invitation.
pub(crate) async fn prove_fact(
    ctx: &Ctx,
    mut tx: Tx,
    (access, invitation): (&Access, &Invitation),
    fact: &Fact,
) -> Result<Result<Tx, Missed>, Failure> {
    let right = is_right(&mut tx, access, invitation, fact).await?;
    let limit = ctx.settings.house_rules.second_fact_tries;
    Ok(match rules::prove(&invitation.standing, right, limit, ctx.now) {
        Ok(Proof::Right) => Ok(tx),
        Ok(Proof::Wrong { left }) => {
            count(ctx, tx, (access, invitation), false).await?;
            Err(Missed::Wrong { left })
        }
        Ok(Proof::NowLocked) => {
            count(ctx, tx, (access, invitation), true).await?;
            Err(Missed::Shut(Refused::Locked))
        }
        Err(why) => Err(Missed::Shut(why)),
    })
}

async fn is_right(
    tx: &mut Tx,
    access: &Access,
    invitation: &Invitation,
    given: &Fact,
) -> Result<bool, KeepError> {
    Ok(match given {
        Fact::Born(date) => patients::birth_date(tx, access, invitation.patient).await? == *date,
        Fact::Code(code) => {
            let index = tx.blind(CODE_INDEX.0, CODE_INDEX.1, &code.with(invitation.id));
            invitation.entry_code.as_ref() == Some(&index)
        }
    })
}

/// Beside the field that was asked.
fn wrong(invitation: &Invitation, sentence: String) -> Faults {
    let mut faults = Faults::default();
    faults.add(Fact::field(invitation), sentence);
    faults
}

/// Proved it already, in another tab or by going back.
fn is_known(ctx: &Ctx) -> bool {
    matches!(ctx.who, Principal::Guest { known: true, .. })
}

/// A new token on this device, as at every step up; the one from before the second fact is worthless.
pub(crate) async fn let_in(
    ctx: &Ctx,
    mut tx: Tx,
    access: &Access,
    (invitation, entry): (&Invitation, Entry),
) -> Result<Response, Failure> {
    let house = &ctx.settings.house_rules;
    if let Some(before) = invitation.opened_session {
        sessions::end(&mut tx, before).await?;
    }
    let guest = sessions::start_guest(&mut tx, house, &seat(invitation, true)).await?;
    // Whose birth date was asked is the patient; whoever comes by a code has no needs on record.
    if invitation.entry_code.is_none() {
        pace::put(&mut tx, access, (guest.session, invitation.patient)).await?;
    } else {
        pace::begin(&mut tx, guest.session, false).await?;
    }
    store::bind(&mut tx, invitation, State::Proven, guest.session).await?;
    let response = web::see_other(&way_in(invitation));
    match invitation.purpose {
        Purpose::Visit => {
            tx.commit(access, entry).await?;
            Ok(with_cookies(response, [guest.cookie()]))
        }
        Purpose::Portal => {
            let patient =
                sessions::start_patient(&mut tx, house, invitation.patient, How::Invitation).await?;
            pace::put(&mut tx, access, (patient.session, invitation.patient)).await?;
            tx.commit(access, entry.detail("session", patient.session.text())).await?;
            Ok(with_cookies(response, [guest.cookie(), patient.cookie()]))
        }
    }
}

async fn count(
    ctx: &Ctx,
    mut tx: Tx,
    (access, invitation): (&Access, &Invitation),
    locks: bool,
) -> Result<(), Failure> {
    store::count_wrong(&mut tx, invitation, locks).await?;
    if locks {
        ctx.plugged::<Limits>().locked(&mut tx, invitation.visit).await?;
    }
    let why = if locks { "wrong, now locked" } else { "wrong" };
    tx.commit(access, Entry::new(object(invitation)).outcome(Outcome::Refused).detail("why", why)).await?;
    Ok(())
}

fn question(ctx: &Ctx, invitation: &Invitation, faults: Faults, typed: Typed) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let by_code = invitation.entry_code.is_some();
    let page = Question { door: &invitation.door, by_code, faults, typed };
    ctx.page(Page::new(ctx.words.t("who-title")).status(status), &page)
}

fn today(ctx: &Ctx) -> jiff::civil::Date {
    patients::day_in(ctx.now, ctx.zone())
}

#[derive(Template)]
#[template(path = "invitations/who.html")]
struct Question<'a> {
    door: &'a str,
    /// The code is asked, not the birth date.
    by_code: bool,
    faults: Faults,
    typed: Typed,
}
