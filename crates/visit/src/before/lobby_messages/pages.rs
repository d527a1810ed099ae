//! The card on the visit page, and the page of whoever waits.

use super::store::{From, Message, of_visit, say};
use crate::before::asked;
use crate::before::check_in::{Guest, load_guest};
use crate::before::rules::ParticipantState;
use crate::before::schedule::staff_name;
use crate::before::store::VisitRow;
use crate::before::translations;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Hint, KeepError, Object, Viewing};
use policy::{Access, Act};
use serde::Deserialize;
use vocabulary::{Health, Principal, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, Words, filters, see_other};

/// Letters in one message: as many as a line in the lobby takes.
const WORDS_MAX: usize = crate::during::wire::SAY_CHARS;

/// What the practice says most, as keys of words.
const OF_PRACTICE: [&str; 4] = ["say-soon", "say-longer", "say-sound", "say-phone"];
/// What people who wait say most.
const OF_LOBBY: [&str; 4] = ["word-help", "word-sound", "word-phone", "word-leave"];

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    /// One of the fixed phrases.
    phrase: String,
    words: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    done: String,
}

/// One line of the talk.
pub(crate) struct Line {
    pub who: String,
    pub words: Health,
    pub at: UnixMillis,
    pub from_lobby: bool,
}

/// What the visit page shows.
#[derive(Default)]
pub(crate) struct Card {
    /// Somebody waits, and this reader may speak to them.
    pub may_say: bool,
    pub lines: Vec<Line>,
    /// Value and words.
    pub phrases: Vec<(&'static str, String)>,
}

pub(crate) async fn card(
    ctx: &Ctx,
    view: &mut Viewing,
    (visit, access): (&VisitRow, &Access),
) -> Result<Card, KeepError> {
    if !ctx.allowed(Act::MessageLobby, access.facts()) {
        return Ok(Card::default());
    }
    let all = of_visit(view, access, visit).await?;
    Ok(Card {
        may_say: !visit.state.is_over(),
        lines: all.into_iter().map(|one| line(ctx, one, "say-from-lobby")).collect(),
        phrases: phrases(ctx, &OF_PRACTICE),
    })
}

/// `POST /visits/{id}/say`: into the lobby at once, and there for whoever comes later.
pub(super) async fn say_it(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (visit, access) = asked::load(&ctx, &id, Act::MessageLobby).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    if visit.state.is_over() {
        return Err(Failure::told(StatusCode::CONFLICT, "visit-too-late"));
    }
    let mut tx = ctx.keep.begin().await?;
    let lang = people::patients::lang_of(&mut tx, visit.patient).await?;
    // A phrase is said in the language of whoever waits.
    let in_theirs = ctx.words.in_lang(lang);
    let words = read(&typed, &OF_PRACTICE, &in_theirs).ok_or(Failure::BadInput)?;
    if !say(&mut tx, &visit, From::Practice(person), &words).await? {
        return Err(Failure::told(StatusCode::CONFLICT, "say-full"));
    }
    tx.hint(Hint::Visit(visit.id));
    let object = Object::of("visit", visit.id.text()).patient(visit.patient).visit(visit.id);
    tx.commit(&access, Entry::new(object).detail("to", "lobby")).await?;
    Ok(see_other(&format!("/visits/{}?done=said", visit.id.text())))
}

/// `GET /g/{door}/word`
pub(super) async fn page(
    ctx: Ctx,
    Path(door): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::WriteToDesk).await?;
    draw(&ctx, &guest, (Typed::default(), Faults::default(), asked.done == "sent")).await
}

/// `POST /g/{door}/word`
pub(super) async fn write(
    ctx: Ctx,
    Path(door): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::WriteToDesk).await?;
    if guest.visit.state.is_over() || guest.me.state == ParticipantState::Removed {
        return Ok(see_other(&guest.next_address()));
    }
    let Some(words) = read(&typed, &OF_LOBBY, &ctx.words) else {
        let mut faults = Faults::default();
        faults.add("words", ctx.words.t("word-missing"));
        return draw(&ctx, &guest, (typed, faults, false)).await;
    };
    let mut tx = ctx.keep.begin().await?;
    if !say(&mut tx, &guest.visit, From::Lobby(guest.me.id), &words).await? {
        return Err(Failure::told(StatusCode::CONFLICT, "say-full"));
    }
    tx.hint(Hint::Visit(guest.visit.id));
    let object = Object::of("participant", guest.me.id.text()).patient(guest.visit.patient);
    tx.commit(&guest.access, Entry::new(object.visit(guest.visit.id)).detail("to", "desk")).await?;
    Ok(see_other(&format!("/g/{door}/word?done=sent")))
}

async fn draw(
    ctx: &Ctx,
    guest: &Guest,
    (typed, faults, sent): (Typed, Faults, bool),
) -> Result<Response, Failure> {
    let object = Object::of("visit", guest.visit.id.text()).patient(guest.visit.patient);
    let mut view = ctx.keep.view(&guest.access, object).await?;
    let mut lines = Vec::new();
    // Words to the lobby are for all in it; words from it are shown to whoever wrote them.
    for one in of_visit(&mut view, &guest.access, &guest.visit).await? {
        if one.from == From::Lobby(guest.me.id) || matches!(one.from, From::Practice(_)) {
            lines.push(line(ctx, one, "word-you"));
        }
    }
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    drop(view);
    let siren = translations::emergency(ctx).await?.say("word-emergency", &[]);
    let phrases = phrases(ctx, &OF_LOBBY);
    let page = WordPage { siren, door: guest.door.clone(), lines, phrases, typed, faults, sent };
    Ok(ctx.page(Page::new(ctx.words.t("word-title")).status(status), &page))
}

/// The phrase, or the own words; `None` when there is neither, or too much.
fn read(typed: &Typed, known: &[&'static str], words: &Words) -> Option<String> {
    if let Some(phrase) = known.iter().find(|phrase| **phrase == typed.phrase) {
        return Some(words.t(phrase));
    }
    let own = typed.words.split_whitespace().collect::<Vec<_>>().join(" ");
    (!own.is_empty() && own.chars().count() <= WORDS_MAX).then_some(own)
}

fn line(ctx: &Ctx, one: Message, lobby: &str) -> Line {
    let from_lobby = matches!(one.from, From::Lobby(_));
    let who = match one.from {
        From::Practice(person) => staff_name(ctx, person),
        From::Lobby(_) => ctx.words.t(lobby),
    };
    Line { who, words: one.words, at: one.at, from_lobby }
}

fn phrases(ctx: &Ctx, keys: &[&'static str]) -> Vec<(&'static str, String)> {
    keys.iter().map(|key| (*key, ctx.words.t(key))).collect()
}

#[derive(Template)]
#[template(path = "before/lobby_messages/word.html")]
struct WordPage {
    siren: translations::Sentence,
    door: String,
    lines: Vec<Line>,
    phrases: Vec<(&'static str, String)>,
    typed: Typed,
    faults: Faults,
    sent: bool,
}
