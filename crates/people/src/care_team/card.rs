//! The care team on the chart: who, by whose word, since when, and until when it is to be confirmed.

use super::rules::{self, Due};
use super::store::{self, Member};
use crate::patients::Names;
use crate::staff;
use keep::Viewing;
use policy::{Access, Act, Facts};
use vocabulary::{PersonId, Principal, Role};
use web::{Ctx, Failure};

/// Drawn by `care_team/card.html`.
pub(crate) struct Card {
    /// Where the forms are sent, below the chart.
    pub path: String,
    pub rows: Vec<Row>,
    pub may_change: bool,
    /// Colleagues who could be added.
    pub others: Vec<(String, String)>,
}

pub(crate) struct Row {
    pub person: String,
    pub name: String,
    pub under: String,
    /// Empty while it is not due for long.
    pub badge: String,
    pub tone: &'static str,
    pub may_confirm: bool,
}

/// The names of colleagues stand on every page: they need no proof of their own.
pub(crate) async fn card(
    ctx: &Ctx,
    access: &Access,
    view: &mut Viewing,
    facts: &Facts,
) -> Result<Card, Failure> {
    let patient = access.patient().ok_or(Failure::NotFound)?;
    let members = store::members(view, patient, ctx.now).await?;
    let may_change = ctx.allowed(Act::ChangeCareTeam, facts);
    let mut others = Vec::new();
    if may_change {
        for person in staff::list(view).await? {
            let carries = person.roles.has_any(&[Role::Clinician, Role::Assistant]);
            let known = members.iter().any(|member| member.person == person.id);
            if carries && !known && person.state == staff::State::Active {
                others.push((person.id.text(), name(ctx, person.id)));
            }
        }
    }
    let path = format!("/patients/{}/team", patient.text());
    Ok(Card { path, rows: members.iter().map(|one| Row::of(ctx, one)).collect(), may_change, others })
}

impl Row {
    pub fn of(ctx: &Ctx, member: &Member) -> Row {
        let date = |at| ctx.words.date(at, ctx.zone());
        let say = |key: &str, what: &str, value: String| ctx.words.with(key, &[(what, value.into())]);
        let under = [
            say("team-since", "at", date(member.since)),
            say("team-approved", "name", name(ctx, member.approver)),
            say("team-until", "at", date(member.ends_at)),
        ];
        let due = date(rules::due_at(member.confirmed_at));
        let (tone, badge) = match rules::due(member.confirmed_at, ctx.now) {
            Due::Later => ("", String::new()),
            Due::Soon => ("warn", say("team-soon", "at", due)),
            Due::Overdue => ("bad", say("team-overdue", "at", due)),
        };
        let by = match ctx.who {
            Principal::Staff { person, .. } => rules::may_confirm(member.person, person),
            _ => false,
        };
        let person = member.person.text();
        let name = name(ctx, member.person);
        Row { person, name, under: under.join(" · "), badge, tone, may_confirm: by }
    }
}

fn name(ctx: &Ctx, id: PersonId) -> String {
    ctx.plugged::<Names>().staff(id).map(|name| name.reveal().to_owned()).unwrap_or_default()
}
