//! `/portal/opened`: who opened one's own record, when and for what, read from the trail (R41).

use super::pages::own;
use crate::before::companions::acting;
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use keep::Object;
use keep::trail::{Body, Event, Filter, Outcome, Search, search};
use people::merges::formerly;
use people::patients::Names;
use people::representatives::{self, Representative};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::{ParticipantId, PersonId, RepresentativeId, UnixMillis};
use web::{Ctx, Failure, Page, filters};

/// Lines on one page.
const SHOWN: u32 = 50;

#[derive(Deserialize)]
pub(super) struct From {
    before: Option<u64>,
}

pub(super) async fn list(ctx: Ctx, Query(from): Query<From>) -> Result<Response, Failure> {
    let (patient, access) = own(&ctx, Act::SeeOwnTrail).await?;
    let mut view = ctx.keep.view(&access, Object::of("trail", patient.text())).await?;
    let (mut events, mut more) = (Vec::new(), false);
    // The record may have been two: what was done with the other one is told here too.
    for id in [vec![patient], formerly(&mut view, patient).await?].concat() {
        let of = ctx.decide(Act::SeeOwnTrail, &Facts { patient: Some(id), ..*access.facts() }).await?;
        let asked = Search { patient: Some(id), before: from.before, limit: SHOWN };
        let found = search(&mut view, &of, asked, &Filter::default()).await?;
        more |= found.next.is_some();
        events.extend(found.events);
    }
    events.sort_by_key(|event| std::cmp::Reverse(event.index));
    more |= events.len() > SHOWN as usize;
    events.truncate(SHOWN as usize);
    let next = events.last().map(|event| event.index).filter(|_| more);
    let acting = Acting {
        people: representatives::list(&mut view, &access, patient).await?,
        seats: acting::all_of(&mut view, patient).await?,
    };
    let looks = events.iter().filter_map(|event| look(&ctx, &acting, event));
    let page = Opened { looks: together(looks), next };
    Ok(ctx.page(Page::new(ctx.words.t("opened-title")), &page))
}

/// Everybody who acts or acted for the patient, and by which seats they came to visits.
struct Acting {
    people: Vec<Representative>,
    seats: Vec<(ParticipantId, RepresentativeId)>,
}

impl Acting {
    /// In a visit the trail knows them by their seat; coming from there into the portal, by both.
    fn name(&self, body: &Body) -> Option<String> {
        let seat = self.seats.iter().find(|(participant, _)| participant.text() == body.who.id);
        let id = match (body.details.get("representative"), seat) {
            (Some(id), _) => id.to_owned(),
            (None, Some((_, one))) => one.text(),
            (None, None) => body.who.id.clone(),
        };
        let known = self.people.iter().find(|one| one.id.text() == id);
        known.map(|one| one.name.reveal().to_owned())
    }
}

/// One line. What the program does by itself, and what patients and guests do, is no opening by others; what
/// somebody did on behalf of the patient is.
fn look(ctx: &Ctx, acting: &Acting, event: &Event) -> Option<Look> {
    let body = event.body.as_ref()?;
    let (who, role) = match body.who.kind.as_str() {
        "staff" => staff(ctx, body)?,
        "guest" | "representative" if body.grounds == "representative" => {
            (acting.name(body).unwrap_or_else(|| ctx.words.t("opened-proxy")), ctx.words.t("opened-acts"))
        }
        _ => return None,
    };
    let urgent = body.act == "chart.break_glass";
    Some(Look { at: event.at, who, role, what: word(body), urgent, times: 1 })
}

fn staff(ctx: &Ctx, body: &Body) -> Option<(String, String)> {
    let person = PersonId::parse(&body.who.id)?;
    let name = ctx.plugged::<Names>().staff(person).map(|name| name.reveal().to_owned());
    let role = body.who.standing.split([' ', ',']).next().unwrap_or_default().replace('_', "-");
    let role = if role.is_empty() { role } else { ctx.words.t(&format!("role-{role}")) };
    Some((name.unwrap_or_else(|| ctx.words.t("opened-somebody")), role))
}

/// The same person doing the same thing again and again is one line with a count.
fn together(looks: impl Iterator<Item = Look>) -> Vec<Look> {
    let mut lines: Vec<Look> = Vec::new();
    for look in looks {
        match lines.last_mut() {
            Some(last) if (&last.who, last.what) == (&look.who, look.what) => last.times += 1,
            _ => lines.push(look),
        }
    }
    lines
}

fn word(body: &Body) -> &'static str {
    if body.outcome == Outcome::Refused {
        return "opened-refused";
    }
    match body.act.as_str() {
        "chart.open" => "opened-chart",
        "chart.break_glass" => "opened-emergency",
        "summary.read" => "opened-summary",
        "summary.write" => "opened-wrote",
        "visit.reason" => "opened-reason",
        "visit.see" | "lobby.queue" => "opened-visit",
        "visit.book" | "visit.move" | "visit.cancel" | "invitation.send" => "opened-planned",
        "patient.add" => "opened-added",
        "trail.read" | "trail.export" => "opened-trail",
        "portal.open" => "opened-portal",
        "portal_key.see" | "portal_key.change" => "opened-keys",
        "consent.give" | "consent.withdraw" => "opened-signed",
        act if act.starts_with("room.") || act.starts_with("lobby.") => "opened-met",
        _ => "opened-other",
    }
}

struct Look {
    at: UnixMillis,
    who: String,
    role: String,
    what: &'static str,
    urgent: bool,
    times: u32,
}

#[derive(Template)]
#[template(path = "after/portal/opened.html")]
struct Opened {
    looks: Vec<Look>,
    next: Option<u64>,
}
