//! One question a screen, for the officials and for the colleague who was asked by name.

use super::{
    Clash, ClashRow, Pick, check_length, colleagues, day_of, draft, form_day, name_of, passing_on, person,
    show_clash, show_unsaved,
};
use crate::facts::{Observed, Observers};
use crate::ids::AnalysisId;
use crate::review_requests;
use crate::risk::bank::{Question, bank};
use crate::risk::rules::{self, Choice, Slip};
use crate::risk::store::answers::{self, Answer, Remarks, Saved};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, KeepError, Object, Viewing};
use policy::{Access, Act, Facts};
use serde::Deserialize;
use vocabulary::{PersonId, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    choice: String,
    note: String,
    evidence: String,
    evidence_date: String,
    flagged: String,
    asked_of: String,
    due: String,
    version: i64,
}

pub async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let question = bank().question(&id).ok_or(Failure::NotFound)?;
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    form(&ctx, &access, question, None, Faults::default()).await
}

pub async fn show_asked(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let (access, question) = mine(&ctx, &id).await?;
    form(&ctx, &access, question, None, Faults::default()).await
}

pub async fn answer_asked(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    match mine(&ctx, &id).await {
        Ok((access, question)) => save(&ctx, &access, question, typed).await,
        // Taken back while it was answered; who was never asked has seen no version, and finds nothing.
        Err(Failure::NotFound) if typed.version > 0 => {
            unsaved(&ctx, "unsaved-taken-back", "/practice/asked", &typed)
        }
        Err(other) => Err(other),
    }
}

fn unsaved(ctx: &Ctx, why: &str, back: &str, typed: &Typed) -> Result<Response, Failure> {
    let choice = Choice::parse(&typed.choice);
    let choice = choice.map_or_else(String::new, |choice| super::word(ctx, "choice", choice.code()));
    let words =
        [("risk-answer", choice.as_str()), ("risk-note", &typed.note), ("risk-evidence", &typed.evidence)];
    show_unsaved(ctx, why, back, &words)
}

pub async fn answer(ctx: Ctx, Path(id): Path<String>, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let question = bank().question(&id).ok_or(Failure::NotFound)?;
    let act = match question.area().is_technical() {
        true => Act::AnswerTechnicalQuestion,
        false => Act::AnswerQuestion,
    };
    let access = ctx.decide(act, &Facts::default()).await?;
    save(&ctx, &access, question, typed).await
}

/// A question passed on by name opens for that person alone.
async fn mine(ctx: &Ctx, id: &str) -> Result<(Access, &'static Question), Failure> {
    let access = ctx.decide(Act::AnswerAskedQuestion, &Facts::default()).await?;
    let question = bank().question(id).ok_or(Failure::NotFound)?;
    let asked = answers::asked_of(&mut *ctx.keep.read().await?, person(ctx)?).await?;
    let is_mine = asked.iter().any(|(_, answer)| answer.question == question.id);
    if is_mine { Ok((access, question)) } else { Err(Failure::NotFound) }
}

fn is_asked(access: &Access) -> bool {
    access.act() == Act::AnswerAskedQuestion
}

fn check(ctx: &Ctx, typed: &Typed, by: PersonId) -> Result<Saved, Faults> {
    let mut faults = Faults::default();
    let slip = |slip: Slip| ctx.words.t(&format!("risk-fault-{}", slip.code()));
    let choice = Choice::parse(&typed.choice);
    let only_passed_on = choice.is_none() && (!typed.flagged.is_empty() || !typed.asked_of.is_empty());
    let checked = rules::check_choice(choice, &typed.note);
    if let (Err(wrong), false) = (checked, only_passed_on) {
        faults.add(if wrong == Slip::NoReason { "note" } else { "choice" }, slip(wrong));
    }
    if let Err(long) = check_length(&[&typed.note, &typed.evidence]) {
        faults.add("note", slip(long));
    }
    match day_of(&typed.evidence_date, ctx.zone()) {
        Ok(Some(at)) if at.since(ctx.now) > vocabulary::DAY_MS => {
            faults.add("evidence_date", slip(Slip::FutureDate));
        }
        Ok(_) => {}
        Err(wrong) => faults.add("evidence_date", slip(wrong)),
    }
    let due_at = day_of(&typed.due, ctx.zone());
    if let Err(wrong) = due_at {
        faults.add("due", slip(wrong));
    }
    if faults.any() {
        return Err(faults);
    }
    Ok(Saved {
        choice,
        flagged: !typed.flagged.is_empty(),
        asked_of: PersonId::parse(&typed.asked_of),
        due_at: due_at.unwrap_or(None),
        remarks: Remarks {
            note: typed.note.clone(),
            evidence: typed.evidence.clone(),
            evidence_date: typed.evidence_date.trim().to_owned(),
        },
        by,
        answered_at: ctx.now,
    })
}

async fn save(
    ctx: &Ctx,
    access: &Access,
    question: &'static Question,
    typed: Typed,
) -> Result<Response, Failure> {
    let mut saved = match check(ctx, &typed, person(ctx)?) {
        Ok(saved) => saved,
        Err(faults) => return form(ctx, access, question, Some(typed), faults).await,
    };
    let mut tx = ctx.keep.begin().await?;
    let Some(open) = draft(&mut tx).await? else {
        return unsaved(ctx, "unsaved-signed", "/practice/analysis", &typed);
    };
    let before = answers::one(&mut tx, access, open.id, &question.id).await?;
    if let (true, Some((before, _))) = (is_asked(access), &before) {
        // Who asked, and until when, is the official's to say.
        saved.flagged = before.flagged;
        saved.asked_of = before.asked_of;
        saved.due_at = before.due_at;
    }
    let was = before.as_ref().map_or((None, None), |(before, _)| (before.asked_of, before.due_at));
    let slips = passing_on(&mut tx, (saved.asked_of, saved.due_at), was, ctx.now).await?;
    if !slips.is_empty() {
        drop(tx);
        let mut faults = Faults::default();
        for slip in slips {
            let field = if slip == Slip::NoColleague { "asked_of" } else { "due" };
            faults.add(field, ctx.words.t(&format!("risk-fault-{}", slip.code())));
        }
        return form(ctx, access, question, Some(typed), faults).await;
    }
    match answers::save(&mut tx, open.id, &question.id, typed.version, &saved).await {
        Ok(()) => {}
        Err(KeepError::Conflict) => {
            drop(tx);
            let (now, remarks) = before.ok_or(Failure::Changed)?;
            let theirs = typed_of(ctx, (now, remarks));
            let mut view = ctx.keep.view(access, Object::of("risks", "")).await?;
            let names =
                [asked_name(&mut view, access, &theirs).await, asked_name(&mut view, access, &typed).await];
            return Ok(clash(ctx, access, question, (&theirs, &typed), names));
        }
        Err(other) => return Err(other.into()),
    }
    let entry = Entry::new(Object::of("answer", format!("{} {}", open.id.text(), question.id)))
        .detail("question", question.id.clone())
        .detail("choice", saved.choice.map_or("none", Choice::code))
        .detail("asked", if saved.asked_of.is_some() { "yes" } else { "no" });
    tx.commit(access, entry).await?;
    if is_asked(access) {
        return Ok(see_other("/practice/asked"));
    }
    Ok(match bank().around(&question.id).1 {
        Some(next) => see_other(&format!("/practice/analysis/questions/{}", next.id)),
        None => see_other("/practice/analysis"),
    })
}

fn path_of(access: &Access, question: &Question) -> String {
    let folder = if is_asked(access) { "asked" } else { "analysis/questions" };
    format!("/practice/{folder}/{}", question.id)
}

async fn asked_name(view: &mut Viewing, access: &Access, typed: &Typed) -> String {
    name_of(view, access, PersonId::parse(&typed.asked_of)).await.unwrap_or_default()
}

/// `names` are those of the colleagues asked: the saved one, then the typed one.
fn clash(
    ctx: &Ctx,
    access: &Access,
    question: &Question,
    (theirs, yours): (&Typed, &Typed),
    names: [String; 2],
) -> Response {
    let chosen = |typed: &Typed| {
        let choice = Choice::parse(&typed.choice);
        choice.map_or_else(String::new, |choice| super::word(ctx, "choice", choice.code()))
    };
    let flag = |typed: &Typed| match typed.flagged.is_empty() {
        true => String::new(),
        false => super::word(ctx, "choice", Choice::Yes.code()),
    };
    let row = |key: &str, theirs: &str, yours: &str| ClashRow::new(ctx, key, theirs, yours);
    let mut rows = vec![
        row("risk-answer", &chosen(theirs), &chosen(yours)),
        row("risk-note", &theirs.note, &yours.note),
        row("risk-evidence", &theirs.evidence, &yours.evidence),
        row("risk-evidence-date", &theirs.evidence_date, &yours.evidence_date),
    ];
    // Whoever was asked is not asked about these.
    if !is_asked(access) {
        rows.push(row("risk-flag", &flag(theirs), &flag(yours)));
        rows.push(row("risk-ask", &names[0], &names[1]));
        rows.push(row("risk-due", &theirs.due, &yours.due));
    }
    let fields = vec![
        ("choice", yours.choice.clone()),
        ("note", yours.note.clone()),
        ("evidence", yours.evidence.clone()),
        ("evidence_date", yours.evidence_date.clone()),
        ("flagged", yours.flagged.clone()),
        ("asked_of", yours.asked_of.clone()),
        ("due", yours.due.clone()),
        ("version", theirs.version.to_string()),
    ];
    let path = path_of(access, question);
    show_clash(ctx, Clash { action: path.clone(), back: path, fields, rows })
}

async fn form(
    ctx: &Ctx,
    access: &Access,
    question: &'static Question,
    typed: Option<Typed>,
    faults: Faults,
) -> Result<Response, Failure> {
    let mut view = ctx.keep.view(access, Object::of("risks", "")).await?;
    let open = draft(&mut view).await?.ok_or(Failure::NotFound)?;
    let found = answers::one(&mut view, access, open.id, &question.id).await?;
    let reopened = found.as_ref().and_then(|(answer, _)| answer.reopened_by);
    let why = match (reopened, is_asked(access)) {
        (Some(trigger), false) => review_requests::latest(&mut view, access, trigger).await?,
        _ => None,
    };
    let standing = found.as_ref().and_then(|(answer, _)| answer.choice);
    let low = standing.and_then(rules::likelihood_of).is_some();
    let seen = match is_asked(access) {
        true => Vec::new(),
        false => ctx.plugged::<Observers>().about(ctx, &mut view, question).await?,
    };
    let typed = typed.unwrap_or_else(|| found.map_or_else(Typed::default, |found| typed_of(ctx, found)));
    let everyone = match is_asked(access) {
        true => Vec::new(),
        false => colleagues(ctx, &mut view, access, PersonId::parse(&typed.asked_of)).await?,
    };
    let given = answered(&mut view, open.id).await?;
    let (before, after) = bank().around(&question.id);
    let href = |other: &Question| format!("/practice/analysis/questions/{}", other.id);
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = QuestionPage {
        text: question.text(ctx.lang),
        why: question.why(ctx.lang),
        advice: question.advice(ctx.lang),
        cites: question.cited(ctx.lang),
        fits: super::word(ctx, "evidence", question.evidence.code()),
        audience: super::word(ctx, "audience", question.audience.code()),
        area: super::word(ctx, "area", question.area().code()),
        area_href: format!("/practice/analysis/areas/{}", question.area().code()),
        action: path_of(access, question),
        asked: is_asked(access),
        reopened: reopened.map(|trigger| super::word(ctx, "trigger", trigger.code())),
        why_reopened: why.map(|(reason, at)| (reason, ctx.words.date(at, ctx.zone()))),
        add_risk: (low && !is_asked(access)).then(|| format!("/practice/risks/new?question={}", question.id)),
        seen: seen.into_iter().map(|one| (one.clash(ctx, standing), one)).collect(),
        choices: super::picks(ctx, "choice", Choice::ALL.iter().map(|one| one.code()), &typed.choice),
        answered: given,
        questions: bank().questions.len(),
        before: before.map(href),
        after: after.map(href),
        everyone,
        typed,
        faults,
    };
    let rail = if is_asked(access) { "rail-asked" } else { "rail-practice" };
    let frame = Page::new(question.text(ctx.lang)).rail(rail).status(status);
    Ok(ctx.page(frame, &page))
}

async fn answered(conn: &mut keep::Conn, analysis: AnalysisId) -> Result<usize, Failure> {
    Ok(answers::of(conn, analysis).await?.iter().filter(|one| one.stands()).count())
}

fn typed_of(ctx: &Ctx, (answer, remarks): (Answer, Remarks)) -> Typed {
    let day = |at: Option<UnixMillis>| form_day(at, ctx.zone());
    Typed {
        choice: answer.choice.map_or("", Choice::code).to_owned(),
        note: remarks.note,
        evidence: remarks.evidence,
        evidence_date: remarks.evidence_date,
        flagged: if answer.flagged { "yes".into() } else { String::new() },
        asked_of: answer.asked_of.map(|id| id.text()).unwrap_or_default(),
        due: day(answer.due_at),
        version: answer.version,
    }
}

#[derive(Template)]
#[template(path = "risk/question.html")]
struct QuestionPage {
    text: &'static str,
    why: &'static str,
    advice: &'static str,
    cites: String,
    fits: String,
    audience: String,
    area: String,
    area_href: String,
    action: String,
    asked: bool,
    reopened: Option<String>,
    /// The reason that was given, and the day.
    why_reopened: Option<(String, String)>,
    add_risk: Option<String>,
    /// What the program sees, with the sentence for an answer that does not fit it.
    seen: Vec<(Option<String>, Observed)>,
    choices: Vec<Pick>,
    answered: usize,
    questions: usize,
    before: Option<String>,
    after: Option<String>,
    everyone: Vec<Pick>,
    typed: Typed,
    faults: Faults,
}
