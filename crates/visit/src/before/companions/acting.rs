//! Somebody who acts for the patient comes to the visit: with a link and a code of their own, within the
//! scope of their authority and until its end (R74).
//!
//! Owns the table `acting` and `/visits/{id}/representatives`. Refuses whom the practice has refused, and
//! whose authority ends before the visit begins. Whoever may not decide for the patient comes as a supporter.

use super::pages::{entry, refuse_when_over_or_full, send};
use super::rules::Companion;
use super::store;
use crate::before::booking::{add_participant, load_for};
use crate::before::rules::Part;
use crate::before::store::VisitRow;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{BoxFuture, Conn, Hint, KeepError, Object, Tx, args};
use people::invitations::{self, From};
use people::patients::lang_of;
use people::patients::rules::is_email;
use people::portal_keys::{self, Typed, WaysIn};
use people::representatives::{self, Representative, refused_by};
use policy::{Access, Act, Facts, RecordClass};
use serde::Deserialize;
use vocabulary::{
    Health, Lang, ParticipantId, PatientId, Principal, Relations, RepresentativeId, UnixMillis,
};
use web::{Ctx, Failure, Form, Page, filters};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Picked {
    representative: String,
    lang: String,
}

/// `GET /visits/{id}/representatives`
pub(super) async fn list(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let (visit, access) = load_for(&ctx, &id, Act::SeeRepresentatives).await?;
    let mut view = ctx.keep.view(&access, Object::of("representatives", visit.patient.text())).await?;
    let lang = lang_of(&mut view, visit.patient).await?;
    let mut rows = Vec::new();
    for one in in_force(&mut view, &access, &visit, ctx.now).await? {
        rows.push(Row {
            id: one.id.text(),
            authority: ctx.words.t(&format!("rep-authority-{}", one.authority.code().replace('_', "-"))),
            part: part_of(&one).word(),
            until: ctx.words.date(one.ends_at.plus_ms(-1), ctx.zone()),
            name: one.name,
        });
    }
    let page = List { id: visit.id.text(), patient: visit.patient.text(), rows, spanish: lang == Lang::Es };
    Ok(ctx.page(Page::new(ctx.words.t("acting-title")).rail("rail-day"), &page))
}

/// `POST /visits/{id}/representatives`
pub(super) async fn invite(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(picked): Form<Picked>,
) -> Result<Response, Failure> {
    let one = RepresentativeId::parse(&picked.representative).ok_or(Failure::NotFound)?;
    let lang = Lang::parse(&picked.lang).ok_or(Failure::BadInput)?;
    let (visit, seeing) = load_for(&ctx, &id, Act::SeeRepresentatives).await?;
    let (_, access) = load_for(&ctx, &id, Act::InviteCompanion).await?;
    let mut tx = ctx.keep.begin().await?;
    refuse_when_over_or_full(&mut tx, &visit).await?;
    let all = in_force(&mut tx, &seeing, &visit, ctx.now).await?;
    let one = all.into_iter().find(|known| known.id == one).ok_or(Failure::NotFound)?;
    let contact = one.contact.as_ref().map(|contact| contact.reveal());
    let named = (one.name.reveal(), contact);
    if refused_by(&mut tx, &seeing, visit.patient, named).await?.is_some() {
        return Err(Failure::told(StatusCode::CONFLICT, "companion-refused"));
    }
    let part = part_of(&one);
    let email = contact.filter(|contact| is_email(contact)).map(str::to_owned);
    let new = Companion { part, name: one.name.reveal().to_owned(), lang, email };
    let participant = add_participant(&mut tx, visit.id, part, None).await?;
    store::insert(&mut tx, (participant, visit.patient), &new).await?;
    insert(&mut tx, participant, (visit.patient, one.id)).await?;
    let sent = send(&ctx, &mut tx, &access, (&visit, participant)).await?;
    tx.hint(Hint::Visit(visit.id));
    let entry = entry(&visit, participant).detail("part", part.code());
    let entry = entry.detail("representative", one.id.text()).detail("mailed", sent.mailed.to_string());
    tx.commit(&access, entry).await?;
    Ok(sent.page(&ctx, &visit, (Health::new(new.name), part.word())))
}

/// `POST /g/{door}/acting`: from the visit into the patient's portal, on behalf of the patient.
pub(super) async fn portal(
    ctx: Ctx,
    from: From,
    Path(door): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let Principal::Guest { participant, .. } = ctx.who else { return Err(Failure::NotFound) };
    let known = of(&mut *ctx.keep.read().await?, participant).await?;
    let (_, one) = known.ok_or(Failure::NotFound)?;
    portal_keys::come_from_visit((ctx, from), &format!("/g/{door}/acting"), (&door, typed), Some(one)).await
}

/// For whom and by which authority this participant came; `None` of whoever comes by none.
async fn of(
    conn: &mut Conn,
    participant: ParticipantId,
) -> Result<Option<(PatientId, RepresentativeId)>, KeepError> {
    let sql = "SELECT patient, representative FROM acting WHERE participant = $1";
    let Some(row) = conn.row(sql, args![participant]).await? else { return Ok(None) };
    let patient = row.parsed("patient", PatientId::parse)?;
    Ok(Some((patient, row.parsed("representative", RepresentativeId::parse)?)))
}

/// Where representatives sit in visits. Plugged into the site with `people::portal_keys::Elsewhere`.
pub struct Seats;

impl WaysIn for Seats {
    fn end<'a>(
        &'a self,
        tx: &'a mut Tx,
        representative: RepresentativeId,
    ) -> BoxFuture<'a, Result<(), KeepError>> {
        Box::pin(async move {
            let sql = "SELECT participant FROM acting WHERE representative = $1 ORDER BY participant";
            for row in &tx.rows(sql, args![representative]).await? {
                invitations::withdraw(tx, row.parsed("participant", ParticipantId::parse)?).await?;
            }
            Ok(())
        })
    }
}

/// By which authority everybody came to this patient's visits who came by one.
pub(crate) async fn all_of(
    conn: &mut Conn,
    patient: PatientId,
) -> Result<Vec<(ParticipantId, RepresentativeId)>, KeepError> {
    let sql = "SELECT participant, representative FROM acting WHERE patient = $1 ORDER BY participant";
    let rows = conn.rows(sql, args![patient]).await?;
    let read = |row: &keep::Row| {
        let participant = row.parsed("participant", ParticipantId::parse)?;
        Ok((participant, row.parsed("representative", RepresentativeId::parse)?))
    };
    rows.iter().map(read).collect()
}

/// What this participant's authority gives at this moment: `None` for whoever comes by none, and facts
/// without any relation once it is over.
pub(crate) async fn facts_of(
    conn: &mut Conn,
    participant: ParticipantId,
    now: UnixMillis,
) -> Result<Option<Facts>, KeepError> {
    let Some(authority) = of(conn, participant).await? else { return Ok(None) };
    people::standing::of_representative(conn, authority, now).await.map(Some)
}

/// Whether their authority holds now and still when the visit begins; of whoever comes by none, always.
pub(super) async fn may_come(
    conn: &mut Conn,
    participant: ParticipantId,
    (now, starts_at): (UnixMillis, UnixMillis),
) -> Result<bool, KeepError> {
    for at in [now, starts_at] {
        if facts_of(conn, participant, at).await?.is_some_and(|facts| facts.relations == Relations::NONE) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Now and still when the visit begins.
async fn in_force(
    view: &mut keep::Viewing,
    access: &Access,
    visit: &VisitRow,
    now: UnixMillis,
) -> Result<Vec<Representative>, KeepError> {
    let mut all = representatives::list(view, access, visit.patient).await?;
    all.retain(|one| one.begins_at <= now && now < one.ends_at && visit.starts_at < one.ends_at);
    Ok(all)
}

/// Who decides for the patient signs for the patient; anybody else hears and helps.
fn part_of(one: &Representative) -> Part {
    if one.scope.has(RecordClass::Consent) { Part::Representative } else { Part::Supporter }
}

async fn insert(
    tx: &mut Tx,
    participant: ParticipantId,
    (patient, one): (PatientId, RepresentativeId),
) -> Result<(), KeepError> {
    let sql = "INSERT INTO acting (participant, patient, representative) VALUES ($1, $2, $3)";
    tx.run_one(sql, args![participant, patient, one]).await
}

struct Row {
    id: String,
    name: Health,
    authority: String,
    part: &'static str,
    until: String,
}

#[derive(Template)]
#[template(path = "before/companions/acting.html")]
struct List {
    id: String,
    patient: String,
    rows: Vec<Row>,
    /// The patient's language is the first guess at theirs.
    spanish: bool,
}
