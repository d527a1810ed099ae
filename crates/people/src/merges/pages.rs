//! The list of pairs, the two side by side, and the acts on them.

use super::{Followers, rules, store};
use crate::patients::{self, Known, Names, rules::tidy, spoken_date};
use crate::portal_keys;
use crate::staff::{Empty, acting};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, KeepError, Object, Tx};
use policy::{Access, Act, Facts};
use serde::Deserialize;
use vocabulary::{MergeId, PatientId};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// What has just happened, as a word of a fixed list.
    done: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    stays: String,
    why: String,
}

type Pair = (PatientId, PatientId);

pub(super) async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let access = may(&ctx).await?;
    let mut view = ctx.keep.view(&access, Object::of("patients", "alike")).await?;
    let apart = store::apart(&mut view).await?;
    let names = ctx.plugged::<Names>();
    let pairs =
        names.pairs(&access, rules::PAIRS_MAX, |one, other| !apart.contains(&rules::pair(one, other)));
    let mut merges = Vec::new();
    for merge in store::list(&mut view, &access).await? {
        let by = names.staff(merge.by).map(|name| name.reveal().to_owned()).unwrap_or_default();
        let name = names.patient(&access, merge.stays).map(|name| name.reveal().to_owned());
        merges.push(Done {
            id: merge.id.text(),
            name: name.unwrap_or_default(),
            when: ctx.words.day_and_time(merge.at, ctx.zone()),
            why: merge.why.reveal().to_owned(),
            undo: merge.may_undo(ctx.now),
            by,
        });
    }
    let page = List { pairs: pairs.iter().map(Two::of).collect(), merges, done: done(&asked.done) };
    Ok(ctx.page(Page::new(ctx.words.t("alike-title")).rail("rail-patients"), &page))
}

pub(super) async fn compare(ctx: Ctx, Path(pair): Path<(String, String)>) -> Result<Response, Failure> {
    let access = may(&ctx).await?;
    let pair = alike(&ctx, &access, &pair)?;
    draw(&ctx, &access, pair, (Typed::default(), Faults::default())).await
}

pub(super) async fn merge(
    ctx: Ctx,
    Path(pair): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let access = may(&ctx).await?;
    let pair = alike(&ctx, &access, &pair)?;
    let (why, mut faults) = (tidy(&typed.why), Faults::default());
    let chosen = PatientId::parse(&typed.stays);
    let gone = match chosen {
        Some(stays) if stays == pair.0 => Some((pair.1, stays)),
        Some(stays) if stays == pair.1 => Some((pair.0, stays)),
        _ => None,
    };
    if gone.is_none() {
        faults.add("stays", ctx.words.t("alike-fault-stays"));
    }
    if !rules::REASON.contains(&why.chars().count()) {
        faults.add("why", ctx.words.t("alike-fault-why"));
    }
    let Some((gone, stays)) = gone.filter(|_| !faults.any()) else {
        return draw(&ctx, &access, pair, (typed, faults)).await;
    };
    let by = acting(&ctx)?;
    let mut tx = ctx.keep.begin().await?;
    let merged = store::merge(&mut tx, &ctx.plugged::<Followers>(), (gone, stays), (by, &why)).await;
    let merged = merged.map_err(under_way)?;
    tell_both(&ctx, &mut tx, &access, (gone, stays)).await?;
    // Under both: whoever reads the trail of either learns where the other is.
    let about = |one| entry(one, merged.id, "merged").detail("authorities_ended", merged.ended.to_string());
    tx.note(&access, about(gone).detail("into", stays.text()));
    tx.commit(&access, about(stays).detail("gone", gone.text())).await?;
    ctx.plugged::<Names>().forget(gone);
    Ok(see_other("/patients/alike?done=merged"))
}

pub(super) async fn apart(
    ctx: Ctx,
    Path(pair): Path<(String, String)>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let access = may(&ctx).await?;
    let pair = alike(&ctx, &access, &pair)?;
    let mut tx = ctx.keep.begin().await?;
    store::put_apart(&mut tx, pair, acting(&ctx)?).await?;
    let about =
        |id: PatientId| Entry::new(Object::of("patient", id.text()).patient(id)).detail("what", "apart");
    tx.note(&access, about(pair.0));
    tx.commit(&access, about(pair.1)).await?;
    Ok(see_other("/patients/alike?done=apart"))
}

pub(super) async fn undo(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let id = MergeId::parse(&id).ok_or(Failure::NotFound)?;
    let access = may(&ctx).await?;
    let mut tx = ctx.keep.begin().await?;
    let merge = store::load(&mut tx, &access, id).await?;
    if !merge.may_undo(ctx.now) {
        return Err(Failure::told(StatusCode::CONFLICT, "alike-too-late"));
    }
    let undone = store::undo(&mut tx, &ctx.plugged::<Followers>(), &merge, acting(&ctx)?).await;
    undone.map_err(under_way)?;
    tell_both(&ctx, &mut tx, &access, (merge.gone, merge.stays)).await?;
    tx.note(&access, entry(merge.gone, id, "undone"));
    tx.commit(&access, entry(merge.stays, id, "undone")).await?;
    ctx.plugged::<Names>().take_up(&ctx.keep, merge.gone).await?;
    Ok(see_other("/patients/alike?done=undone"))
}

/// How the portal is entered has changed: each address on file hears of it, so that nobody's chart becomes
/// part of another in silence.
async fn tell_both(ctx: &Ctx, tx: &mut Tx, access: &Access, pair: Pair) -> Result<(), KeepError> {
    portal_keys::tell(ctx, tx, access, pair.0).await?;
    if !store::one_address(tx, pair).await? {
        portal_keys::tell(ctx, tx, access, pair.1).await?;
    }
    Ok(())
}

async fn may(ctx: &Ctx) -> Result<Access, Failure> {
    ctx.decide(Act::MergePatients, &Facts::default()).await
}

/// Two who look like one now, and were born on the same day: anything else looks as if there were none.
fn alike(ctx: &Ctx, access: &Access, (one, other): &(String, String)) -> Result<Pair, Failure> {
    let pair = PatientId::parse(one).zip(PatientId::parse(other)).ok_or(Failure::NotFound)?;
    ctx.plugged::<Names>().look_alike(access, pair).then_some(pair).ok_or(Failure::NotFound)
}

fn under_way(error: KeepError) -> Failure {
    match error {
        KeepError::Conflict => Failure::told(StatusCode::CONFLICT, "alike-under-way"),
        other => other.into(),
    }
}

fn entry(patient: PatientId, id: MergeId, what: &'static str) -> Entry {
    Entry::new(Object::of("patient_merge", id.text()).patient(patient)).detail("what", what)
}

fn done(word: &str) -> &'static str {
    match word {
        "merged" => "alike-done-merged",
        "apart" => "alike-done-apart",
        "undone" => "alike-done-undone",
        _ => "",
    }
}

async fn draw(
    ctx: &Ctx,
    access: &Access,
    pair: Pair,
    (typed, faults): (Typed, Faults),
) -> Result<Response, Failure> {
    let mut sides = Vec::new();
    for id in [pair.0, pair.1] {
        let object = Object::of("patient", id.text()).patient(id);
        let mut view = ctx.keep.view(access, object).await?;
        let one = patients::load(&mut view, access, id).await?;
        let text = |value: Option<vocabulary::Health>| {
            value.map_or_else(|| ctx.words.t("alike-nothing"), |value| value.reveal().to_owned())
        };
        sides.push(Side {
            id: id.text(),
            name: one.name.reveal().to_owned(),
            born: spoken_date(ctx, one.birth_date),
            email: text(one.email),
            phone: text(one.phone),
            lang: ctx.words.t(&format!("lang-{}", one.lang.code())),
            since: ctx.words.date(one.created_at, ctx.zone()),
        });
    }
    let path = format!("/patients/alike/{}/{}", pair.0.text(), pair.1.text());
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Compare { sides, path, typed, faults };
    Ok(ctx.page(Page::new(ctx.words.t("alike-compare")).rail("rail-patients").status(status), &page))
}

struct Two {
    path: String,
    one: String,
    other: String,
}

impl Two {
    fn of((one, other): &(Known, Known)) -> Two {
        Two {
            path: format!("/patients/alike/{}/{}", one.id.text(), other.id.text()),
            one: one.name.reveal().to_owned(),
            other: other.name.reveal().to_owned(),
        }
    }
}

struct Done {
    id: String,
    name: String,
    by: String,
    when: String,
    why: String,
    undo: bool,
}

struct Side {
    id: String,
    name: String,
    born: String,
    email: String,
    phone: String,
    lang: String,
    since: String,
}

#[derive(Template)]
#[template(path = "merges/list.html")]
struct List {
    pairs: Vec<Two>,
    merges: Vec<Done>,
    /// A word's key; empty when nothing has just happened.
    done: &'static str,
}

#[derive(Template)]
#[template(path = "merges/compare.html")]
struct Compare {
    sides: Vec<Side>,
    path: String,
    typed: Typed,
    faults: Faults,
}
