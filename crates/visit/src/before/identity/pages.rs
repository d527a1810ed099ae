//! The page on which somebody's identity is written down, and the presses around it.

use super::rules::{self, DOCUMENTS, Facts, KNOWN, Outcome, PROMPTS, Said, Typed};
use super::seats;
use super::store::{self, Checked};
use crate::before::badges::Badge;
use crate::before::booking::load_for;
use crate::before::companions;
use crate::before::rules::{Part, ParticipantEvent, ParticipantState, VisitEvent};
use crate::before::store::{
    ParticipantRow, VisitRow, load_visit, participants, set_participant, set_visit_state, still_of,
};
use crate::during;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Conn, Entry, Hint, Object, Tx, Viewing};
use people::patients::Names;
use policy::{Access, Act};
use practice::findings::{self, Kind, Source};
use serde::Deserialize;
use vocabulary::{Health, ParticipantId, PersonId, Principal, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, Words, filters, see_other};

type At = Path<(String, String)>;

#[derive(Deserialize)]
pub(super) struct Nothing {}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Told {
    done: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Waived {
    reason: String,
}

/// `GET /visits/{id}/participants/{participant}/identity`
pub(super) async fn page(
    ctx: Ctx,
    Path((id, participant)): At,
    Query(told): Query<Told>,
) -> Result<Response, Failure> {
    let typed = Typed { prompt: drawn(&ctx), ..Typed::default() };
    draw(&ctx, (&id, &participant), (typed, Faults::default(), told.done == "saved")).await
}

/// What they are asked to do this time.
fn drawn(ctx: &Ctx) -> String {
    let mut random = [0];
    ctx.keep.entropy().fill(&mut random);
    PROMPTS[usize::from(random[0]) % PROMPTS.len()].to_owned()
}

/// `POST .../identity/open`: the room with this one person, for the host, and for a deputy before the host
/// was there. Anybody else becomes a deputy of this visit, who may write down what they see or hear.
pub(super) async fn open(
    ctx: Ctx,
    Path((id, participant)): At,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let (visit, seen) = load_for(&ctx, &id, Act::SeeVisit).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let mut conn = ctx.keep.read().await?;
    let who = guest_of(&mut conn, &visit, &participant).await?;
    let newest = store::newest(&mut conn, who.id).await?;
    drop(conn);
    let (is_host, may_check) = (visit.clinician == person, ctx.allowed(Act::CheckIdentity, seen.facts()));
    if is_host || (may_check && visit.started_at.is_none()) {
        // Before the host is there a deputy alone may look once more.
        if is_host && has_failed(newest.as_ref()) {
            return Err(Failure::told(StatusCode::CONFLICT, "identity-failed"));
        }
        if who.state != ParticipantState::Waiting {
            return Err(Failure::told(StatusCode::CONFLICT, "identity-not-waiting"));
        }
        return during::open_room(&ctx, &id, Some(who.id)).await;
    }
    if !may_check {
        let (visit, access) = load_for(&ctx, &id, Act::NameDeputy).await?;
        let mut tx = ctx.keep.begin().await?;
        let seat = seats::take(&mut tx, &visit, person).await?;
        tx.hint(Hint::Visit(visit.id));
        let object = Object::of("participant", seat.text()).patient(visit.patient).visit(visit.id);
        let entry = Entry::new(object).detail("person", person.text()).detail("for", "identity");
        tx.commit(&access, entry).await?;
    }
    Ok(see_other(&address(&visit, who.id)))
}

/// `POST .../identity`
pub(super) async fn save(
    ctx: Ctx,
    Path((id, participant)): At,
    Form(mut typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (visit, access) = load_for(&ctx, &id, Act::CheckIdentity).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let mut tx = ctx.keep.begin().await?;
    let who = guest_of(&mut tx, &visit, &participant).await?;
    let newest = store::newest(&mut tx, who.id).await?;
    let now = tx.now();
    let seen = seats::has_seen(&mut tx, (&visit, person), (&who, newest.as_ref()), now).await?;
    match rules::read(&typed, who.part, seen) {
        Ok(said) => keep_it(&ctx, tx, (&visit, &access), (&who, &said)).await,
        Err(wrong) => {
            drop(tx);
            if !PROMPTS.contains(&typed.prompt.as_str()) {
                // Nobody has done the new one yet.
                (typed.prompt, typed.prompt_done) = (drawn(&ctx), String::new());
            }
            let mut faults = Faults::default();
            wrong.into_iter().for_each(|(field, key)| faults.add(field, ctx.words.t(key)));
            draw(&ctx, (&id, &participant), (typed, faults, false)).await
        }
    }
}

/// `POST .../identity/waive`: the host alone goes on without a check, or after a failed one.
pub(super) async fn waive(
    ctx: Ctx,
    Path((id, participant)): At,
    Form(typed): Form<Waived>,
) -> Result<Response, Failure> {
    let (visit, access) = load_for(&ctx, &id, Act::WaiveIdentity).await?;
    let Some(said) = rules::waiver(&typed.reason) else {
        let mut faults = Faults::default();
        faults.add("reason", ctx.words.t("identity-fault-waive"));
        let typed = Typed { prompt: drawn(&ctx), reason: typed.reason, ..Typed::default() };
        return draw(&ctx, (&id, &participant), (typed, faults, false)).await;
    };
    let mut tx = ctx.keep.begin().await?;
    let who = guest_of(&mut tx, &visit, &participant).await?;
    keep_it(&ctx, tx, (&visit, &access), (&who, &said)).await
}

/// The row, its finding and its entry. The entry says what came of it and nothing of any document.
async fn keep_it(
    ctx: &Ctx,
    mut tx: Tx,
    (visit, access): (&VisitRow, &Access),
    (who, said): (&ParticipantRow, &Said),
) -> Result<Response, Failure> {
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    still_of(&mut tx, (visit.id, visit.patient)).await?;
    let now_is = load_visit(&mut tx, visit.id).await?;
    if !seats::is_open(&now_is, tx.now()) {
        return Err(Failure::told(StatusCode::CONFLICT, "visit-too-late"));
    }
    store::insert(&mut tx, (visit, who.id), said, person).await?;
    let found = match said.outcome {
        Outcome::Passed => None,
        Outcome::Failed => Some(Kind::IdentityFailed),
        Outcome::Waived => Some(Kind::IdentityWaived),
    };
    if let Some(kind) = found {
        findings::raise(&mut tx, kind, Source::Visit(visit.id)).await?;
    }
    seats::done(&mut tx, &now_is, person).await?;
    tx.hint(Hint::Visit(visit.id));
    let object = Object::of("participant", who.id.text()).patient(visit.patient).visit(visit.id);
    let mut entry = Entry::new(object).detail("identity", said.outcome.code());
    if said.outcome == Outcome::Waived {
        entry = entry.detail("reason", &said.facts.basis);
    } else {
        let flag = if said.flagged { "yes" } else { "no" };
        entry = entry.detail("level", said.level.code()).detail("flag", flag);
    }
    if said.outcome == Outcome::Failed && who.state.holds_a_place() && !now_is.state.is_over() {
        entry = entry.detail("state", back_outside(&mut tx, &now_is, who).await?.code());
    }
    tx.commit(access, entry).await?;
    Ok(see_other(&format!("{}?done=saved", address(visit, who.id))))
}

/// Whoever failed waits again at once, also while nobody else has a page of the visit open.
async fn back_outside(
    tx: &mut Tx,
    visit: &VisitRow,
    who: &ParticipantRow,
) -> Result<ParticipantState, Failure> {
    let now = tx.now();
    let state = who.state.step(ParticipantEvent::BackToLobby).map_err(|_| Failure::Changed)?;
    set_participant(tx, who, state, seats::counts_from((visit, who), state, now)).await?;
    let waits = visit.state.step(VisitEvent::Arrive).unwrap_or(visit.state);
    if waits != visit.state {
        set_visit_state(tx, visit, waits, now).await?;
    }
    Ok(state)
}

fn has_failed(newest: Option<&Checked>) -> bool {
    newest.is_some_and(|it| it.outcome == Outcome::Failed)
}

fn address(visit: &VisitRow, who: ParticipantId) -> String {
    format!("/visits/{}/participants/{}/identity", visit.id.text(), who.text())
}

/// Somebody who comes by a link, and is not taken off.
async fn guest_of(conn: &mut Conn, visit: &VisitRow, id: &str) -> Result<ParticipantRow, Failure> {
    let id = ParticipantId::parse(id).ok_or(Failure::NotFound)?;
    let all = participants(conn, visit.id).await?;
    let guest = |row: &ParticipantRow| row.id == id && row.person.is_none() && row.is_expected();
    all.into_iter().find(guest).ok_or(Failure::NotFound)
}

/// One word about somebody's identity, for the queue and this page.
pub(crate) fn badge(checked: Option<&Checked>, words: &Words) -> Badge {
    let (key, tone, icon) = match checked.map(|it| it.outcome) {
        None => ("badge-identity-open", "", "user"),
        Some(Outcome::Failed) => ("badge-identity-failed", "bad", "ban"),
        Some(Outcome::Waived) => ("badge-identity-waived", "warn", "hand"),
        Some(Outcome::Passed) => ("badge-identity", "ok", "user-check"),
    };
    let level = checked.map(|it| words.t(&level_word(it))).unwrap_or_default();
    Badge { kind: "identity", text: words.with(key, &[("level", level.into())]), tone, icon }
}

fn level_word(checked: &Checked) -> String {
    format!("identity-level-{}", checked.level.code().replace('_', "-"))
}

struct Past {
    badge: Badge,
    by: String,
    at: UnixMillis,
    /// What was seen, in words.
    facts: Vec<Health>,
    flagged: bool,
}

#[derive(Template)]
#[template(path = "before/identity/page.html")]
struct IdentityPage {
    base: String,
    visit: String,
    name: Health,
    part: &'static str,
    standing: Badge,
    /// They wait, for the host or for a look ahead of them: the room can be opened with them.
    may_open: bool,
    /// Becomes a deputy by one press, and may check then.
    may_begin: bool,
    may_check: bool,
    may_waive: bool,
    /// Both are in the room, where a document can be seen, or were not long ago; or one was typed.
    in_room: bool,
    /// The room is closed: what can be asked is asked by voice.
    by_phone: bool,
    documents: [&'static str; 6],
    /// The authority this part needs, empty for the patient.
    authority: &'static str,
    past: Vec<Past>,
    saved: bool,
    typed: Typed,
    faults: Faults,
}

async fn draw(
    ctx: &Ctx,
    (id, participant): (&str, &str),
    (typed, faults, saved): (Typed, Faults, bool),
) -> Result<Response, Failure> {
    let (visit, access) = load_for(ctx, id, Act::SeeVisit).await?;
    let known = *access.facts();
    let mut view = ctx.keep.view(&access, Object::of("visit", visit.id.text())).await?;
    let who = guest_of(&mut view, &visit, participant).await?;
    let name = match who.part {
        Part::Patient => Some(people::patients::name(&mut view, &access, visit.patient).await?),
        _ => companions::name(&mut view, &access, (who.id, visit.patient)).await?,
    };
    let name = name.unwrap_or_else(|| Health::new(ctx.words.t(who.part.word())));
    let checks = store::of_participant(&mut view, who.id).await?;
    let now = ctx.keep.clock().now();
    let (goes_on, failed) = (seats::is_open(&visit, now), has_failed(checks.first()));
    let by_phone = goes_on && visit.state.is_over();
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let is_host = person == visit.clinician;
    let may_check = ctx.allowed(Act::CheckIdentity, &known);
    let seen = seats::has_seen(&mut view, (&visit, person), (&who, checks.first()), now).await?;
    let page = IdentityPage {
        base: address(&visit, who.id),
        visit: visit.id.text(),
        part: who.part.word(),
        standing: badge(checks.first(), &ctx.words),
        may_open: goes_on
            && !by_phone
            && who.state == ParticipantState::Waiting
            && if is_host { !failed } else { may_check && visit.started_at.is_none() },
        may_begin: goes_on && !may_check && ctx.allowed(Act::NameDeputy, &known),
        may_check: goes_on && may_check,
        may_waive: goes_on && ctx.allowed(Act::WaiveIdentity, &known),
        // What was typed of a document is never lost, also where it is refused.
        in_room: seen || typed.route == rules::Route::Document.code(),
        by_phone,
        documents: DOCUMENTS,
        authority: rules::authority_of(who.part).unwrap_or(""),
        past: past(ctx, (&access, &view), (&visit, &checks))?,
        saved,
        typed,
        faults,
        name,
    };
    let status = if page.faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let frame = Page::new(ctx.words.t("identity-title")).rail("rail-day").status(status).script();
    Ok(ctx.page(frame, &page))
}

fn past(
    ctx: &Ctx,
    (access, view): (&Access, &Viewing),
    (visit, checks): (&VisitRow, &[Checked]),
) -> Result<Vec<Past>, Failure> {
    let mut all = Vec::new();
    for one in checks {
        let facts = store::facts(view, access, (one, visit.patient))?;
        all.push(Past {
            badge: badge(Some(one), &ctx.words),
            by: staff(ctx, one.by),
            at: one.at,
            facts: told(&facts, one.outcome, &ctx.words),
            flagged: one.flagged,
        });
    }
    Ok(all)
}

fn told(facts: &Facts, outcome: Outcome, words: &Words) -> Vec<Health> {
    let mut all = Vec::new();
    if !facts.kind.is_empty() {
        let kind = words.t(&format!("identity-kind-{}", facts.kind.replace('_', "-")));
        let known = [kind.as_str(), &facts.issuer, &facts.last4];
        all.push(known.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(", "));
        all.push(words.t(if facts.name_match { "identity-said-name" } else { "identity-said-other-name" }));
    }
    let known = KNOWN.iter().filter(|code| facts.known_by.iter().any(|it| it == *code));
    let known: Vec<String> =
        known.map(|code| words.t(&format!("identity-known-{}", code.replace('_', "-")))).collect();
    if !known.is_empty() {
        all.push(known.join(", "));
    }
    if !facts.authority.is_empty() {
        all.push(words.t(&format!("identity-authority-{}", facts.authority.replace('_', "-"))));
    }
    if outcome != Outcome::Waived && facts.prompt_done {
        all.push(words.t("identity-said-prompt"));
    }
    all.extend([&facts.basis, &facts.flag_why].into_iter().filter(|it| !it.is_empty()).cloned());
    all.into_iter().map(Health::new).collect()
}

fn staff(ctx: &Ctx, person: PersonId) -> String {
    let name = ctx.plugged::<Names>().staff(person);
    name.map(|name| name.reveal().to_owned()).unwrap_or_default()
}
