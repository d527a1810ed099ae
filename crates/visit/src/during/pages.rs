//! The two presses that lead into `/room/`: the host's from the practice's pages, the guest's from the lobby
//! page.
//!
//! Each commits its act, then answers with a ticket in the fragment, which no server and no log sees again.
//! The room document itself is static and served by `web`.

use super::live::Live;
use super::problem::Trouble;
use super::way_in::{self, Opened};
use crate::before::asked;
use crate::before::check_in::{enter_lobby, load_guest};
use crate::before::delegates;
use crate::before::identity::seats;
use crate::before::rules::{ParticipantEvent, VisitState};
use crate::before::store::{load_visit, participants, set_participant};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Hint, Object};
use policy::Act;
use serde::Deserialize;
use vocabulary::{ParticipantId, Principal};
use web::{Ctx, Failure, Form, see_other};

#[derive(Deserialize)]
pub struct HostForm {
    /// Admit this one as soon as the room is open: from the day page's queue.
    #[serde(default)]
    admit: String,
}

#[derive(Deserialize)]
pub struct GuestForm {}

/// `POST /visits/{id}/enter`
pub async fn host(ctx: Ctx, Path(id): Path<String>, form: Form<HostForm>) -> Result<Response, Failure> {
    open_room(&ctx, &id, ParticipantId::parse(&form.0.admit)).await
}

/// The room for whoever leads this visit; `admit` is let in as soon as it is open.
pub(crate) async fn open_room(
    ctx: &Ctx,
    id: &str,
    admit: Option<ParticipantId>,
) -> Result<Response, Failure> {
    let (visit, access) = asked::load(ctx, id, Act::OpenRoom).await?;
    let id = visit.id;
    let Principal::Staff { person, session, .. } = ctx.who else { return Err(Failure::NotFound) };

    let mut tx = ctx.keep.begin().await?;
    let visit = load_visit(&mut tx, id).await?;
    if visit.state.is_over() {
        return Err(Failure::told(StatusCode::GONE, Trouble::VisitOver.code()));
    }
    if visit.state == VisitState::Booked {
        return Err(Failure::told(StatusCode::CONFLICT, "room-not-open"));
    }
    let people = participants(&mut tx, id).await?;
    let me = match people.iter().find(|one| one.person == Some(person) && one.is_expected()) {
        Some(me) => me.clone(),
        None => delegates::take_seat(&mut tx, &visit, person).await?,
    };
    if !me.state.holds_a_place() {
        let gone = |_| Failure::told(StatusCode::CONFLICT, "room-not-open");
        let state = me.state.step(ParticipantEvent::OpenRoom).map_err(gone)?;
        let now = tx.now();
        set_participant(&mut tx, &me, state, now).await?;
    }
    seats::renew(&mut tx, me.id).await?;
    let opened = way_in::open(&mut tx, session, (id, me.id), ctx.lang).await?;
    tx.hint(Hint::Visit(id));
    tx.commit(&access, Entry::new(Object::of("participant", me.id.text()))).await?;
    let admit = admit.map(|whom| format!("~admit={}", whom.text()));
    to_room(ctx, opened, &admit.unwrap_or_default())
}

/// `POST /g/{door}/enter`
pub async fn guest(ctx: Ctx, Path(door): Path<String>, _: Form<GuestForm>) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::EnterLobby).await?;
    let Principal::Guest { session, .. } = ctx.who else { return Err(Failure::NotFound) };
    let mut tx = ctx.keep.begin().await?;
    let entered = enter_lobby(&mut tx, guest.me.id, &ctx.settings.house_rules).await;
    let (visit, me) = match entered {
        Ok(entered) => entered,
        Err(why) => {
            drop(tx);
            let object = Object::of("participant", guest.me.id.text()).patient(guest.visit.patient);
            ctx.keep.refused(&ctx.who, Act::EnterLobby, object, why.code()).await?;
            return Err(why.into());
        }
    };
    let opened = way_in::open(&mut tx, session, (visit.id, me.id), ctx.lang).await?;
    let entry = Entry::new(Object::of("participant", me.id.text())).detail("state", me.state.code());
    tx.commit(&guest.access, entry).await?;
    to_room(&ctx, opened, if ctx.simple == Some(true) { "~simple" } else { "" })
}

fn to_room(ctx: &Ctx, opened: Opened, more: &str) -> Result<Response, Failure> {
    let ticket = ctx.plugged::<Live>().ticket(opened).map_err(|_| Failure::Busy)?;
    Ok(see_other(&format!("/room/#{}{more}", ticket.reveal())))
}
