//! The card on the page of an account: which roles, by whose word, when and why, and when somebody is to look
//! at them again.

use super::store::{self, Grant, Kind};
use crate::care_team::rules::{self, Due};
use crate::patients::Names;
use crate::staff::Person;
use keep::{KeepError, Viewing};
use policy::Access;
use vocabulary::{Roles, UnixMillis};
use web::Ctx;

/// Drawn by `grants/card.html`.
pub(crate) struct Card {
    pub path: String,
    pub lines: Vec<Line>,
    /// When to look at the roles again; empty while that is far away.
    pub badge: String,
    pub tone: &'static str,
    pub may_confirm: bool,
}

pub(crate) struct Line {
    pub what: String,
    pub roles: String,
    pub under: String,
    pub why: String,
}

pub(crate) async fn card(
    ctx: &Ctx,
    access: &Access,
    view: &mut Viewing,
    (person, may_confirm): (&Person, bool),
) -> Result<Card, KeepError> {
    let grants = store::of(view, access, person.id).await?;
    let (tone, badge) = grants.first().map(|newest| due_badge(ctx, newest.at)).unwrap_or_default();
    Ok(Card {
        path: format!("/staff/{}/roles/confirm", person.id.text()),
        lines: grants.iter().map(|grant| Line::of(ctx, grant)).collect(),
        badge,
        tone,
        may_confirm,
    })
}

/// How long ago somebody looked, in the colour of it; no words while it is not long.
pub(crate) fn due_badge(ctx: &Ctx, newest: UnixMillis) -> (&'static str, String) {
    let at = ctx.words.date(rules::due_at(newest), ctx.zone());
    let say = |key: &str| ctx.words.with(key, &[("at", at.clone().into())]);
    match rules::due(newest, ctx.now) {
        Due::Later => ("", String::new()),
        Due::Soon => ("warn", say("team-soon")),
        Due::Overdue => ("bad", say("team-overdue")),
    }
}

impl Line {
    fn of(ctx: &Ctx, grant: &Grant) -> Line {
        let by = match grant.approver {
            Some(by) => {
                let name = ctx.plugged::<Names>().staff(by).map(|name| name.reveal().to_owned());
                ctx.words.with("team-approved", &[("name", name.unwrap_or_default().into())])
            }
            None => ctx.words.t("grant-by-nobody"),
        };
        let at = ctx.words.date(grant.at, ctx.zone());
        Line {
            what: ctx.words.t(&format!("grant-{}", grant.kind.code())),
            roles: match grant.kind {
                Kind::Suspended => String::new(),
                _ => role_words(ctx, grant.roles),
            },
            under: format!("{at} · {by}"),
            why: grant.why.as_ref().map(|why| why.reveal().to_owned()).unwrap_or_default(),
        }
    }
}

fn role_words(ctx: &Ctx, roles: Roles) -> String {
    let word = |role: vocabulary::Role| ctx.words.t(&format!("role-{}", role.code().replace('_', "-")));
    roles.iter().map(word).collect::<Vec<_>>().join(", ")
}
