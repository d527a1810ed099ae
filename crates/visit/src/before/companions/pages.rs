//! Inviting a supporter or an interpreter from the visit page, their link again, and taking somebody off.

use super::rules::{self, Companion, Typed};
use super::{letters, store};
use crate::before::booking::{
    Dress, add_participant, invitation_ends, invitation_link, load_for, visit_page_with_companion,
};
use crate::before::identity::seats::{self, Checks};
use crate::before::rules::{ParticipantEvent, ParticipantState};
use crate::before::store::{ParticipantRow, VisitRow, participants, set_participant, still_of};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Conn, Entry, Hint, KeepError, Object, Tx};
use people::invitations::{EntryCode, Stranger, issue_with_code, withdraw as withdraw_invitations};
use people::patients::Names;
use people::representatives::refused_by;
use people::staff;
use policy::{Access, Act, Facts};
use serde::Deserialize;
use vocabulary::{Health, ParticipantId, Secret};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// The forms on the visit page, as they were typed.
#[derive(Default)]
pub(crate) struct Card {
    pub may_invite: bool,
    /// May also ask somebody who acts for the patient.
    pub may_act: bool,
    /// Nobody else fits.
    pub full: bool,
    pub typed: Typed,
    pub faults: Faults,
    /// Who may be named as deputy: id and name, oneself first.
    pub colleagues: Vec<(String, String)>,
}

pub(crate) async fn card(
    ctx: &Ctx,
    conn: &mut Conn,
    (visit, facts): (&VisitRow, &Facts),
    (typed, faults): (Typed, Faults),
) -> Result<Card, KeepError> {
    let may_invite = !visit.state.is_over() && ctx.allowed(Act::InviteCompanion, facts);
    if !may_invite {
        return Ok(Card::default());
    }
    let people = participants(conn, visit.id).await?;
    let checks = seats::of_visit(conn, visit.id).await?;
    let colleagues = colleagues(ctx, conn, (visit, &people, &checks)).await?;
    let may_act = ctx.allowed(Act::SeeRepresentatives, facts);
    Ok(Card {
        may_invite,
        may_act,
        full: !rules::has_room(states(&people, &checks)),
        typed,
        faults,
        colleagues,
    })
}

async fn colleagues(
    ctx: &Ctx,
    conn: &mut Conn,
    (visit, people, checks): (&VisitRow, &[ParticipantRow], &Checks),
) -> Result<Vec<(String, String)>, KeepError> {
    let names = ctx.plugged::<Names>();
    let mut all = Vec::new();
    for person in staff::list(conn).await? {
        let is_there = person.id == visit.clinician
            || people.iter().any(|row| row.is_deputy(person.id) && !checks.is_for_check(row.id));
        if is_there || !super::deputies::may_lead(&person) {
            continue;
        }
        let name = names.staff(person.id).map(|name| name.reveal().to_owned()).unwrap_or_default();
        all.push((!super::deputies::is_self(ctx, person.id), name, person.id.text()));
    }
    all.sort();
    Ok(all.into_iter().map(|(_, name, id)| (id, name)).collect())
}

/// `POST /visits/{id}/companions`
pub(super) async fn invite(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (visit, access) = load_for(&ctx, &id, Act::InviteCompanion).await?;
    let new = match rules::read(&typed) {
        Ok(new) => new,
        Err(wrong) => {
            let mut faults = Faults::default();
            wrong.into_iter().for_each(|(field, key)| faults.add(field, ctx.words.t(key)));
            return visit_page_with_companion(&ctx, visit.id, (typed, faults)).await;
        }
    };
    let mut tx = ctx.keep.begin().await?;
    let named = (new.name.as_str(), new.email.as_deref());
    let Some((participant, sent)) = add(&ctx, &mut tx, (&visit, &access), &new).await? else {
        let by = refused_by(&mut tx, &access, visit.patient, named).await?;
        drop(tx);
        let whom = by.and_then(|by| ctx.plugged::<Names>().staff(by));
        let whom = whom.map(|name| name.reveal().to_owned()).unwrap_or_default();
        let mut faults = Faults::default();
        faults.add("name", ctx.words.with("companion-fault-refused", &[("name", whom.into())]));
        return visit_page_with_companion(&ctx, visit.id, (typed, faults)).await;
    };
    tx.hint(Hint::Visit(visit.id));
    let entry = entry(&visit, participant).detail("part", new.part.code());
    tx.commit(&access, entry.detail("mailed", sent.mailed.to_string())).await?;
    let Companion { name, part, .. } = new;
    Ok(sent.page(&ctx, &visit, (Health::new(name), part.word())))
}

/// One more person who comes by a link and a code of their own. None when the patient refused them (R76).
pub(crate) async fn add(
    ctx: &Ctx,
    tx: &mut Tx,
    (visit, access): (&VisitRow, &Access),
    new: &Companion,
) -> Result<Option<(ParticipantId, Sent)>, Failure> {
    refuse_when_over_or_full(tx, visit).await?;
    let named = (new.name.as_str(), new.email.as_deref());
    if refused_by(tx, access, visit.patient, named).await?.is_some() {
        return Ok(None);
    }
    let participant = add_participant(tx, visit.id, new.part, None).await?;
    store::insert(tx, (participant, visit.patient), new).await?;
    let sent = send(ctx, tx, access, (visit, participant)).await?;
    Ok(Some((participant, sent)))
}

/// `POST /visits/{id}/companions/{participant}/link`: the old link and code open nothing any more.
pub(super) async fn again(
    ctx: Ctx,
    Path((id, participant)): Path<(String, String)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let (visit, access) = load_for(&ctx, &id, Act::InviteCompanion).await?;
    let mut tx = ctx.keep.begin().await?;
    let row = one_of(&mut tx, &visit, &participant).await?;
    if visit.state.is_over() || !row.part.comes_by_code() {
        return Err(too_late());
    }
    let name = store::name(&mut tx, &access, (row.id, visit.patient)).await?.ok_or(Failure::NotFound)?;
    if !letters::may_hear(&mut tx, &access, (&visit, row.id)).await? {
        return Err(Failure::told(StatusCode::CONFLICT, "companion-refused"));
    }
    withdraw_invitations(&mut tx, row.id).await?;
    let sent = send(&ctx, &mut tx, &access, (&visit, row.id)).await?;
    tx.commit(&access, entry(&visit, row.id).detail("mailed", sent.mailed.to_string())).await?;
    Ok(sent.page(&ctx, &visit, (name, row.part.word())))
}

/// `POST /visits/{id}/participants/{participant}/withdraw`: also out of the lobby and the room.
pub(super) async fn withdraw(
    ctx: Ctx,
    Path((id, participant)): Path<(String, String)>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let (visit, access) = load_for(&ctx, &id, Act::WithdrawParticipant).await?;
    let mut tx = ctx.keep.begin().await?;
    let row = one_of(&mut tx, &visit, &participant).await?;
    if visit.state.is_over() || !row.part.can_be_withdrawn() {
        return Err(too_late());
    }
    let state = row.state.step(ParticipantEvent::Remove).map_err(|_| too_late())?;
    let now = tx.now();
    set_participant(&mut tx, &row, state, now).await?;
    withdraw_invitations(&mut tx, row.id).await?;
    tx.hint(Hint::Visit(visit.id));
    tx.commit(&access, entry(&visit, row.id).detail("part", row.part.code())).await?;
    Ok(see_other(&format!("/visits/{}?done=withdrawn", visit.id.text())))
}

/// A link and a code, made just now.
pub(crate) struct Sent {
    secret: Secret,
    code: EntryCode,
    pub mailed: bool,
}

pub(super) async fn send(
    ctx: &Ctx,
    tx: &mut Tx,
    access: &Access,
    (visit, participant): (&VisitRow, ParticipantId),
) -> Result<Sent, KeepError> {
    still_of(tx, (visit.id, visit.patient)).await?;
    let ends = invitation_ends(visit.starts_at, visit.length_min);
    let lang = store::lang_of(tx, participant).await?.unwrap_or_default();
    let of = Stranger { visit: visit.id, participant, patient: visit.patient, lang };
    let (secret, code) = issue_with_code(tx, &of, ends).await?;
    let mailed = letters::post_link(tx, access, (visit, participant), &secret, Dress::of(ctx)).await?;
    Ok(Sent { secret, code, mailed })
}

impl Sent {
    /// The only time that link and code are shown.
    pub(crate) fn page(&self, ctx: &Ctx, visit: &VisitRow, (name, part): (Health, &'static str)) -> Response {
        let page = Handed {
            id: visit.id.text(),
            name,
            part,
            link: invitation_link(&ctx.settings.face, &self.secret),
            code: self.code.spoken(),
            mailed: self.mailed,
        };
        ctx.page(Page::new(ctx.words.t("companion-invited")).rail("rail-day"), &page)
    }
}

async fn one_of(conn: &mut Conn, visit: &VisitRow, participant: &str) -> Result<ParticipantRow, Failure> {
    let id = ParticipantId::parse(participant).ok_or(Failure::NotFound)?;
    let all = participants(conn, visit.id).await?;
    all.into_iter().find(|row| row.id == id && row.is_expected()).ok_or(Failure::NotFound)
}

pub(crate) async fn refuse_when_over_or_full(conn: &mut Conn, visit: &VisitRow) -> Result<(), Failure> {
    if visit.state.is_over() {
        return Err(too_late());
    }
    let checks = seats::of_visit(conn, visit.id).await?;
    if !rules::has_room(states(&participants(conn, visit.id).await?, &checks)) {
        return Err(Failure::told(StatusCode::CONFLICT, "companion-full"));
    }
    Ok(())
}

/// Whoever is there for a check alone takes nobody's place.
fn states(people: &[ParticipantRow], checks: &Checks) -> impl Iterator<Item = ParticipantState> {
    people.iter().map(|row| if checks.is_for_check(row.id) { ParticipantState::Removed } else { row.state })
}

pub(super) fn entry(visit: &VisitRow, participant: ParticipantId) -> Entry {
    Entry::new(Object::of("participant", participant.text()).patient(visit.patient).visit(visit.id))
}

fn too_late() -> Failure {
    Failure::told(StatusCode::CONFLICT, "visit-too-late")
}

#[derive(Template)]
#[template(path = "before/companions/handed.html")]
struct Handed {
    id: String,
    name: Health,
    part: &'static str,
    link: String,
    code: String,
    mailed: bool,
}
