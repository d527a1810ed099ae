//! The card on the chart: who acts for this patient now, and who may not.

use super::store::{self, Refusal, Representative};
use crate::patients::Names;
use keep::Viewing;
use policy::{Access, Act, Facts};
use vocabulary::{PersonId, UnixMillis};
use web::{Ctx, Failure};

/// Drawn by `representatives/card.html`.
pub(crate) struct Card {
    pub path: String,
    pub rows: Vec<Line>,
    pub refused: Vec<Line>,
    pub may_change: bool,
}

/// One person, as the card and the page show them.
pub(crate) struct Line {
    pub id: String,
    pub name: String,
    /// Under the name, a line for each.
    pub under: Vec<String>,
    pub badge: String,
    pub tone: &'static str,
    /// Still to end, or to be taken back by the person who looks.
    pub open: bool,
}

/// Reads nobody's refusal in an emergency: it is for the care team and the officials.
pub(crate) async fn card(
    ctx: &Ctx,
    access: &Access,
    view: &mut Viewing,
    facts: &Facts,
) -> Result<Card, Failure> {
    let patient = access.patient().ok_or(Failure::NotFound)?;
    let rows = store::list(view, access, patient).await?;
    let now = rows.iter().filter(|one| one.ends_at > ctx.now);
    let refused = match access.is_emergency() {
        true => Vec::new(),
        false => store::refusals(view, access, patient).await?,
    };
    Ok(Card {
        path: format!("/patients/{}/representatives", patient.text()),
        rows: now.map(|one| Line::of(ctx, one)).collect(),
        refused: refused.iter().map(|one| Line::refused(ctx, one, false)).collect(),
        may_change: ctx.allowed(Act::ChangeRepresentatives, facts),
    })
}

impl Line {
    pub fn of(ctx: &Ctx, one: &Representative) -> Line {
        let word = |kind: &str, code: &str| ctx.words.t(&format!("rep-{kind}-{}", code.replace('_', "-")));
        let date = |at| ctx.words.date(at, ctx.zone());
        let covers: Vec<String> = one.scope.iter().map(|class| word("scope", class.code())).collect();
        let seen = [
            ("identity", word("identity", one.identity.code())),
            ("evidence", word("evidence", one.evidence.code())),
            ("name", colleague(ctx, one.seen_by)),
            ("at", date(one.seen_at)),
        ];
        let span = [("from", date(one.begins_at)), ("until", date(last_moment(one.ends_at)))];
        let (tone, badge) = match (one.begins_at <= ctx.now, one.ends_at > ctx.now) {
            (_, false) => ("", "rep-over"),
            (false, true) => ("warn", "rep-later"),
            (true, true) => ("ok", "rep-now"),
        };
        let under = [
            word("authority", one.authority.code()),
            said(ctx, "rep-covers", &[("what", covers.join(", "))]),
            said(ctx, "rep-span", &span),
            said(ctx, "rep-seen", &seen),
        ];
        let contact = one.contact.iter().map(|contact| contact.reveal().to_owned());
        Line {
            id: one.id.text(),
            name: one.name.reveal().to_owned(),
            under: under.into_iter().chain(contact).collect(),
            badge: ctx.words.t(badge),
            tone,
            open: one.ends_at > ctx.now,
        }
    }

    pub fn refused(ctx: &Ctx, one: &Refusal, may_lift: bool) -> Line {
        let by =
            [("name", colleague(ctx, one.refused_by)), ("at", ctx.words.date(one.refused_at, ctx.zone()))];
        let under = [one.reason.reveal().to_owned(), said(ctx, "rep-refused-by", &by)];
        let contact = one.contact.iter().map(|contact| contact.reveal().to_owned());
        Line {
            id: one.id.text(),
            name: one.name.reveal().to_owned(),
            under: under.into_iter().chain(contact).collect(),
            badge: ctx.words.t("rep-refused"),
            tone: "bad",
            open: may_lift,
        }
    }
}

pub(super) fn colleague(ctx: &Ctx, person: PersonId) -> String {
    let name = ctx.plugged::<Names>().staff(person);
    name.map(|name| name.reveal().to_owned()).unwrap_or_default()
}

pub(super) fn said(ctx: &Ctx, key: &str, values: &[(&'static str, String)]) -> String {
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.clone().into())).collect();
    ctx.words.with(key, &values)
}

/// People speak of the last day, not of the midnight after it.
fn last_moment(ends_at: UnixMillis) -> UnixMillis {
    ends_at.plus_ms(-1)
}
