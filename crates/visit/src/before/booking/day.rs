//! `/day`: the people of one day. Who waits, with what is known and one action; who is in the room; who comes
//! later; who was here. A clinician sees their own visits, the desk sees all.

use super::store::{self, Mailed};
use super::visit_page::state_badge;
use super::when;
use crate::before::badges::{Badge, badges, consent_badge, load_seen, need_badges};
use crate::before::check_in;
use crate::before::consent::{self, Lapse};
use crate::before::delegates;
use crate::before::interpreting;
use crate::before::lateness;
use crate::before::lobby_messages::unanswered;
use crate::before::rules::{Kind, Part, ParticipantState, VisitState};
use crate::before::schedule::{Asked, Bar, Filter, Listed, StripDay, bar, strip, visits_of};
use crate::before::staff_readiness;
use crate::before::store::{ParticipantRow, VisitRow, participants};
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use keep::{Object, Viewing};
use people::patients::Names;
use policy::{Access, Act, Facts};
use vocabulary::{HOUR_MS, Health, MINUTE_MS, Principal, Relation, Relations, UnixMillis};
use web::{Ctx, Failure, Page, filters};

pub(super) async fn page(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let day = load(&ctx, &asked).await?;
    Ok(ctx.page(Page::new(day.title.clone()).rail("rail-day").script(), &DayPage { day }))
}

/// The part of the page that changes, for the live refresh.
pub(super) async fn queue(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let day = load(&ctx, &asked).await?;
    Ok(ctx.page(Page::new(day.title.clone()), &QueuePart { day }))
}

#[derive(Template)]
#[template(path = "before/booking/day.html")]
struct DayPage {
    day: Day,
}

#[derive(Template)]
#[template(path = "before/booking/queue.html")]
struct QueuePart {
    day: Day,
}

struct Day {
    title: String,
    counts: String,
    /// `2026-11-21`, as it stands in addresses.
    iso: String,
    previous: String,
    next: String,
    is_today: bool,
    /// Visits of several hosts stand in the list.
    shows_hosts: bool,
    may_book: bool,
    may_hours: bool,
    /// What the list is narrowed to, for addresses.
    query: String,
    /// More visits than fit stand on this day.
    cut: bool,
    strip: Vec<StripDay>,
    bar: Bar,
    /// One's own devices and place, before the first visit.
    own: Option<staff_readiness::Card>,
    late: lateness::Card,
    waiting: Vec<Waiting>,
    in_room: Vec<Later>,
    later: Vec<Later>,
    past: Vec<Later>,
}

struct Waiting {
    visit: String,
    participant: String,
    starts_at: UnixMillis,
    name: Health,
    badges: Vec<Badge>,
    minutes: i64,
    /// Nobody has looked yet who they are.
    unknown: bool,
    /// Seen by the host alone: opens the room and admits.
    may_admit: bool,
    with: String,
}

struct Later {
    visit: String,
    starts_at: UnixMillis,
    name: Health,
    kind: &'static str,
    language: String,
    /// Interpreter and aids.
    needs: Vec<Badge>,
    with: String,
    badge: Badge,
    /// Only when the visit goes on without a consent, or it was taken back on the way to it.
    consent: Option<Badge>,
    /// Only when mail to them does not get through.
    mail: Option<Badge>,
    may_change: bool,
    may_open: bool,
}

/// How far beyond its midnights a day looks for whoever waits now.
const AROUND_MS: i64 = 6 * HOUR_MS;

async fn load(ctx: &Ctx, asked: &Asked) -> Result<Day, Failure> {
    let access = ctx.decide(Act::SeeDay, &Facts::default()).await?;
    let zone = ctx.zone();
    let broken = |_| Failure::broken("the practice's time zone is not known to this machine");
    let today = when::day_of(ctx.now, zone).map_err(broken)?;
    let day = when::read_day(&asked.day).unwrap_or(today);
    let (from, until) = when::span_of(day, zone).map_err(broken)?;
    let mut view = ctx.keep.view(&access, Object::of("day", day.to_string())).await?;
    let filter = Filter::of(ctx, asked);
    let Listed { visits, cut } = visits_of(&mut view, &filter, ((from, until), 1)).await?;
    let (previous, next) = when::neighbours(day);
    let text = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut shown = Day {
        title: ctx.words.day(from, zone),
        counts: String::new(),
        iso: day.to_string(),
        previous: text(previous),
        next: text(next),
        is_today: day == today,
        shows_hosts: !filter.own_only,
        query: filter.query(),
        cut,
        strip: strip(ctx, &mut view, ("/day", day), &filter).await?,
        bar: bar(ctx, &mut view, ("/day", day), &filter).await?,
        late: lateness::card(ctx, &mut view, &filter, day).await?,
        may_book: may_book_for_somebody(ctx),
        may_hours: ctx.allowed(Act::ChangeAvailability, &Facts::default()),
        own: staff_readiness::card(ctx, &mut view, day == today).await?,
        waiting: Vec::new(),
        in_room: Vec::new(),
        later: Vec::new(),
        past: Vec::new(),
    };
    for visit in &visits {
        place(ctx, (&access, &mut view), (visit, false), &mut shown).await?;
    }
    if shown.is_today {
        // Who waits or is in the room around midnight is of now, whichever day their visit is of.
        for span in [(from.plus_ms(-AROUND_MS), from), (until, until.plus_ms(AROUND_MS))] {
            for visit in &visits_of(&mut view, &filter, (span, 1)).await?.visits {
                place(ctx, (&access, &mut view), (visit, true), &mut shown).await?;
            }
        }
        shown.waiting.sort_by_key(|one| one.starts_at);
    }
    shown.counts = counts(ctx, visits.len(), &shown);
    Ok(shown)
}

/// A clinician may book whoever's care team they are on; the search finds no others.
pub(crate) fn may_book_for_somebody(ctx: &Ctx) -> bool {
    let own = Facts { relations: Relations::NONE.with(Relation::CareTeam), ..Facts::default() };
    ctx.allowed(Act::BookVisit, &own)
}

async fn place(
    ctx: &Ctx,
    (access, view): (&Access, &mut Viewing),
    (visit, of_another_day): (&VisitRow, bool),
    day: &mut Day,
) -> Result<(), Failure> {
    let people = participants(view, visit.id).await?;
    let Some(patient) = people.iter().find(|row| row.part == Part::Patient) else { return Ok(()) };
    let waiting = patient.state == ParticipantState::Waiting && !visit.state.is_over();
    if waiting {
        day.waiting.push(waiting_card(ctx, (access, view), visit, patient).await?);
        return Ok(());
    }
    if of_another_day && visit.state != VisitState::Live {
        return Ok(());
    }
    let row = later_row(ctx, (access, view), visit, patient).await?;
    match visit.state {
        VisitState::Live => day.in_room.push(row),
        state if state.is_over() => day.past.push(row),
        _ => day.later.push(row),
    }
    Ok(())
}

async fn waiting_card(
    ctx: &Ctx,
    (access, view): (&Access, &mut Viewing),
    visit: &VisitRow,
    patient: &ParticipantRow,
) -> Result<Waiting, Failure> {
    let seen = load_seen(view, access, (visit, patient), (&ctx.settings.house_rules, ctx.now)).await?;
    let since = patient.arrived_at.unwrap_or(ctx.now);
    let mut badges = badges(&seen, &ctx.words);
    let unread = unanswered(view, visit.id).await?;
    if unread > 0 {
        let text = ctx.words.with("day-messages", &[("n", unread.into())]);
        badges.insert(0, Badge { kind: "message", text, tone: "warn", icon: "message-circle" });
    }
    let delegates = delegates::names_of(view, visit.clinician, (&ctx.plugged::<Names>(), ctx.now)).await?;
    if !delegates.is_empty() {
        let text = ctx.words.with("badge-delegates", &[("names", delegates.join(", ").into())]);
        badges.push(Badge { kind: "delegate", text, tone: "", icon: "users" });
    }
    Ok(Waiting {
        visit: visit.id.text(),
        participant: patient.id.text(),
        starts_at: visit.starts_at,
        name: name(ctx, access, visit),
        badges,
        unknown: seen.identity.is_none(),
        minutes: (ctx.now.since(since) / MINUTE_MS).max(0),
        may_admit: is_host(ctx, visit),
        with: host_name(ctx, visit),
    })
}

async fn later_row(
    ctx: &Ctx,
    (access, view): (&Access, &mut Viewing),
    visit: &VisitRow,
    patient: &ParticipantRow,
) -> Result<Later, Failure> {
    let lang = people::patients::lang_of(view, visit.patient).await?;
    let needs = people::needs::of_patient(view, access, visit.patient).await?.unwrap_or_default();
    let interpreted = interpreting::covers(view, access, (visit.id, &needs.tongue)).await?;
    let consent = consent::for_visit(view, visit, (&ctx.settings.house_rules, ctx.now)).await?;
    let taken_back = patient.state == ParticipantState::Refused && consent.lapse == Some(Lapse::Withdrawn);
    let told = !visit.state.is_over() && (consent.is_emergency() || taken_back);
    Ok(Later {
        needs: need_badges(&needs, interpreted, &ctx.words),
        visit: visit.id.text(),
        starts_at: visit.starts_at,
        name: name(ctx, access, visit),
        kind: visit.kind.word(),
        language: ctx.words.t(&format!("lang-{}", lang.code())),
        with: host_name(ctx, visit),
        badge: standing(ctx, view, (visit, patient)).await?,
        consent: told.then(|| consent_badge(consent, &ctx.words)),
        mail: mail_badge(ctx, store::mailed(view, visit.patient).await?).filter(|_| !visit.state.is_over()),
        may_change: visit.state.can_move() && ctx.allowed(Act::MoveVisit, &Facts::default()),
        may_open: is_host(ctx, visit) && !visit.state.is_over(),
    })
}

/// How far somebody is who does not wait, in one badge.
async fn standing(
    ctx: &Ctx,
    view: &mut Viewing,
    (visit, patient): (&VisitRow, &ParticipantRow),
) -> Result<Badge, Failure> {
    let badge = state_badge(ctx, visit, patient);
    let checks_in = matches!(patient.state, ParticipantState::Invited | ParticipantState::CheckingIn);
    let who = (&ctx.settings.house_rules, ctx.now);
    if checks_in && !visit.state.is_over() && consent::wants_paper(view, visit, who).await? {
        let text = ctx.words.t("day-state-paper");
        return Ok(Badge { text, tone: "warn", icon: "file-text", ..badge });
    }
    if visit.state.is_over() || patient.state != ParticipantState::CheckingIn {
        return Ok(badge);
    }
    let (now, of) = check_in::how_far(view, visit, patient, (&ctx.settings.house_rules, ctx.now)).await?;
    let text = ctx.words.with("day-state-step", &[("now", now.into()), ("of", of.into())]);
    Ok(Badge { text, ..badge })
}

fn mail_badge(ctx: &Ctx, mailed: Mailed) -> Option<Badge> {
    let (key, tone) = match mailed {
        Mailed::Well => return None,
        Mailed::Delayed => ("day-mail-delayed", "warn"),
        Mailed::Bounced => ("day-mail-bounced", "bad"),
        Mailed::TextLost => ("day-text-lost", "bad"),
    };
    Some(Badge { kind: "mail", text: ctx.words.t(key), tone, icon: "mail-warning" })
}

fn name(ctx: &Ctx, access: &Access, visit: &VisitRow) -> Health {
    let known = ctx.plugged::<Names>().patient(access, visit.patient);
    known.unwrap_or_else(|| Health::new(ctx.words.t("day-name-unknown")))
}

fn host_name(ctx: &Ctx, visit: &VisitRow) -> String {
    let name = ctx.plugged::<Names>().staff(visit.clinician);
    name.map(|name| name.reveal().to_owned()).unwrap_or_default()
}

fn is_host(ctx: &Ctx, visit: &VisitRow) -> bool {
    matches!(ctx.who, Principal::Staff { person, .. } if person == visit.clinician)
}

fn counts(ctx: &Ctx, visits: usize, day: &Day) -> String {
    let mut parts = vec![ctx.words.with("day-count", &[("n", visits.into())])];
    if !day.waiting.is_empty() {
        parts.push(ctx.words.with("day-count-waiting", &[("n", day.waiting.len().into())]));
    }
    if !day.in_room.is_empty() {
        parts.push(ctx.words.with("day-count-room", &[("n", day.in_room.len().into())]));
    }
    parts.join(", ")
}

impl Kind {
    /// The key of its word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::First => "kind-first",
            Kind::FollowUp => "kind-follow-up",
            Kind::Urgent => "kind-urgent",
            Kind::Group => "kind-group",
        }
    }
}
