//! The list of patients, the form to add one, and the first page of a chart.

use super::names::{Known, Names};
use super::rules::{BirthDate, Typed, day_in};
use super::store::{self, Patient};
use crate::{break_glass, care_team, contact, merges, needs, representatives, staff, standing};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use policy::{Access, Act, Facts, RecordClass};
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use vocabulary::{Health, PatientId, Principal, Relation, Relations, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters};

/// More hits than this are not a list anybody reads: the search box narrows them.
const LIST_SHOWN: usize = 50;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// What has just happened, as a word of a fixed list.
    done: String,
}

/// A search is a POST, so that no part of a name stands in an address.
#[derive(Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    name: String,
}

pub(super) async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    found(&ctx, "", done(&asked.done)).await
}

pub(super) async fn search(ctx: Ctx, Form(search): Form<Search>) -> Result<Response, Failure> {
    found(&ctx, &search.name, "").await
}

pub(super) async fn blank(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::AddPatient, &Facts::default()).await?;
    let typed = Typed { lang: "en".into(), ..Typed::default() };
    let asked = needs::Fields::of(&ctx.words, &needs::Needs::default());
    Ok(form(&ctx, typed, asked, Faults::default()))
}

pub(super) async fn add(ctx: Ctx, Form(all): Form<BTreeMap<String, String>>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::AddPatient, &Facts::default()).await?;
    let typed = Typed::of(&all);
    let read = needs::rules::read(&all);
    let (new, asked) = match (typed.check(day_in(ctx.now, ctx.zone())), read) {
        (Ok(new), Ok(asked)) => (new, asked),
        (checked, read) => {
            let mut faults = Faults::default();
            for slip in checked.err().unwrap_or_default() {
                faults.add(slip.field, ctx.words.t(&format!("patient-fault-{}", slip.code)));
            }
            let mut asked = needs::Fields::of(&ctx.words, &needs::rules::kept(&all));
            if let Err((field, key)) = read {
                asked.wrong = ctx.words.t(key);
                faults.add(field, asked.wrong.clone());
            }
            return Ok(form(&ctx, typed, asked, faults));
        }
    };
    let mut tx = ctx.keep.begin().await?;
    let id = store::add(&mut tx, &new).await?;
    if asked.is_asked() {
        needs::add(&mut tx, (id, Some(staff::acting(&ctx)?)), &asked).await?;
    }
    tx.commit(&access, Entry::new(Object::of("patient", id.text()).patient(id))).await?;
    ctx.plugged::<Names>().put(&ctx.keep, id, &new);
    Ok(web::see_other("/patients?done=added"))
}

pub(super) async fn chart(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = PatientId::parse(&id).ok_or(Failure::NotFound)?;
    let mut read = ctx.keep.read().await?;
    if let Some(stays) = merges::leads_to(&mut read, id).await? {
        let facts = standing::of(&mut read, &ctx.who, stays, ctx.now).await?;
        drop(read);
        // Whoever may not open the chart that stays learns nothing of the one that is gone.
        ctx.decide(Act::OpenChart, &facts).await?;
        return Ok(web::see_other(&format!("/patients/{}", stays.text())));
    }
    let facts = standing::of(&mut read, &ctx.who, id, ctx.now).await?;
    drop(read);
    let access = match ctx.decide(Act::OpenChart, &facts).await {
        Err(Failure::NotFound) if ctx.allowed(Act::BreakGlass, &facts) => {
            return Ok(break_glass::not_yours(&ctx, id));
        }
        decided => decided?,
    };
    let mut viewing = ctx.keep.view(&access, Object::of("chart", id.text()).patient(id)).await?;
    let patient = store::load(&mut viewing, &access, id).await?;
    let team = care_team::card(&ctx, &access, &mut viewing, &facts).await?;
    let acting_for = representatives::card(&ctx, &access, &mut viewing, &facts).await?;
    let emergency = match access.is_emergency() {
        true => break_glass::shown(&mut viewing, id, staff::acting(&ctx)?, ctx.now).await?,
        false => None,
    };
    let page = Chart {
        born: spoken_date(&ctx, patient.birth_date),
        lang: ctx.words.t(lang_key(patient.lang)),
        copy: format!("/patients/{}/copy", id.text()),
        messages: access.shows(RecordClass::Messages),
        needs: needs::of_patient(&mut viewing, &access, id).await?.unwrap_or_default().told(&ctx.words),
        reach: contact::card(&ctx, id, &patient.asked),
        emergency: emergency.clone(),
        patient,
        team,
        acting_for,
    };
    let mut drawn = ctx.page(Page::new(ctx.words.t("chart-title")).rail("rail-patients"), &page);
    if let Some(open) = emergency {
        open.expire(ctx.now, &mut drawn);
    }
    Ok(drawn)
}

fn done(word: &str) -> &'static str {
    match word {
        "added" => "patient-added",
        "ended" => "emergency-ended",
        _ => "",
    }
}

async fn found(ctx: &Ctx, typed: &str, done: &'static str) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeePatients, &Facts::default()).await?;
    let typed: String = typed.chars().take(super::rules::NAME_MAX).collect();
    let mut viewing = ctx.keep.view(&access, Object::of("patients", "")).await?;
    let charts: HashSet<PatientId> = match ctx.who {
        Principal::Staff { person, .. } => {
            care_team::patients_of(&mut viewing, person, ctx.now).await?.into_iter().collect()
        }
        _ => HashSet::new(),
    };
    let names = ctx.plugged::<Names>();
    let mut hits = if own_care_team_only(&access) {
        names.search_of(&access, &typed, LIST_SHOWN + 1, |id| charts.contains(&id))
    } else {
        names.search(&access, &typed, LIST_SHOWN + 1)
    };
    let more = hits.len() > LIST_SHOWN;
    hits.truncate(LIST_SHOWN);
    let rows = hits.into_iter().map(|known| listed(ctx, known, &charts)).collect();
    let page = List {
        may_add: ctx.allowed(Act::AddPatient, &Facts::default()),
        errands: ctx.allowed(Act::SeeErrands, &Facts::default()),
        may_merge: ctx.allowed(Act::MergePatients, &Facts::default()),
        emergency: ctx.allowed(Act::FindInEmergency, &Facts::default()),
        rows,
        typed,
        more,
        done,
    };
    Ok(ctx.page(Page::new(ctx.words.t("patients-title")).rail("rail-patients"), &page))
}

fn listed(ctx: &Ctx, known: Known, charts: &HashSet<PatientId>) -> Listed {
    let (id, mine) = (known.id.text(), charts.contains(&known.id));
    let relations = if mine { Relations::NONE.with(Relation::CareTeam) } else { Relations::NONE };
    let facts = Facts { relations, patient: Some(known.id), ..Facts::default() };
    Listed {
        chart: ctx.allowed(Act::OpenChart, &facts).then(|| format!("/patients/{id}")),
        book: ctx.allowed(Act::BookVisit, &facts).then(|| format!("/day/book?patient={id}")),
        portal: ctx.allowed(Act::HelpPortalKeys, &facts).then(|| format!("/patients/{id}/portal")),
        reach: ctx.allowed(Act::SeePreferences, &facts).then(|| format!("/patients/{id}/contact")),
        papers: ctx.allowed(Act::WitnessConsent, &facts).then(|| format!("/patients/{id}/papers")),
        lang: ctx.words.t(lang_key(known.lang)),
        name: known.name,
    }
}

/// Desk and assistants book for everybody; a clinician sees the people in their own care.
fn own_care_team_only(access: &Access) -> bool {
    access.grounds() == "clinician"
}

fn form(ctx: &Ctx, typed: Typed, needs: needs::Fields, faults: Faults) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::new(ctx.words.t("patient-add-title")).rail("rail-patients").status(status);
    ctx.page(page, &AddForm { typed, needs, faults })
}

pub(crate) fn spoken_date(ctx: &Ctx, born: BirthDate) -> String {
    let noon = born.date().at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC);
    noon.map_or_else(
        |_| String::new(),
        |noon| ctx.words.date(UnixMillis(noon.timestamp().as_millisecond()), "UTC"),
    )
}

fn lang_key(lang: vocabulary::Lang) -> &'static str {
    match lang {
        vocabulary::Lang::En => "lang-en",
        vocabulary::Lang::Es => "lang-es",
    }
}

struct Listed {
    chart: Option<String>,
    book: Option<String>,
    /// Help with the way into the portal.
    portal: Option<String>,
    /// How they want to be reached.
    reach: Option<String>,
    /// Agreements that they sign with a pen.
    papers: Option<String>,
    name: Health,
    lang: String,
}

#[derive(Template)]
#[template(path = "patients/list.html")]
struct List {
    rows: Vec<Listed>,
    typed: String,
    more: bool,
    /// A word's key; empty when nothing has just happened.
    done: &'static str,
    may_add: bool,
    may_merge: bool,
    errands: bool,
    emergency: bool,
}

#[derive(Template)]
#[template(path = "patients/add.html")]
struct AddForm {
    typed: Typed,
    needs: needs::Fields,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "patients/chart.html")]
struct Chart {
    patient: Patient,
    born: String,
    lang: String,
    team: care_team::Card,
    acting_for: representatives::Card,
    messages: bool,
    reach: contact::Card,
    /// Language, interpreter and aids in words.
    needs: Vec<String>,
    /// Where a copy is made.
    copy: String,
    emergency: Option<break_glass::Shown>,
}
