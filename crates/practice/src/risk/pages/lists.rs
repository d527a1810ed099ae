//! Lists of questions: an area at a time, what a colleague was asked, and the way to the next open one.

use super::home::title_of;
use super::{Pick, draft, person};
use crate::facts::{Observed, Observers};
use crate::risk::bank::{Area, bank};
use crate::risk::rules::Choice;
use crate::risk::store::answers::{self, Answer};
use crate::risk::store::risks;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::Object;
use policy::{Act, Facts};
use web::{Ctx, Failure, Page, filters, see_other};

/// The first question without a standing answer.
pub async fn next(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut conn = ctx.keep.read().await?;
    let Some(open) = draft(&mut conn).await? else { return Ok(see_other("/practice/analysis")) };
    let given = answers::of(&mut conn, open.id).await?;
    let stands = |id: &str| given.iter().any(|one| one.question == id && one.stands());
    let first = bank().questions.iter().find(|question| !stands(&question.id));
    Ok(match first {
        Some(question) => see_other(&format!("/practice/analysis/questions/{}", question.id)),
        None => see_other("/practice/analysis"),
    })
}

pub async fn area(ctx: Ctx, Path(code): Path<String>) -> Result<Response, Failure> {
    area_page(&ctx, Area::parse(&code).ok_or(Failure::NotFound)?, &[]).await
}

/// With what a colleague changed meanwhile: the question, and the choice that was not saved.
pub(super) async fn area_page(
    ctx: &Ctx,
    area: Area,
    clashed: &[(&str, Choice)],
) -> Result<Response, Failure> {
    ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut conn = ctx.keep.read().await?;
    let open = draft(&mut conn).await?.ok_or(Failure::NotFound)?;
    let given = answers::of(&mut conn, open.id).await?;
    let sight = ctx.plugged::<Observers>().all(ctx, &mut conn).await?;
    let rows = bank().of_area(area).map(|question| {
        let answer = given.iter().find(|one| one.question == question.id);
        let choice = answer.filter(|one| one.stands()).and_then(|one| one.choice);
        let plain = Choice::ALL.iter().filter(|one| **one != Choice::NotApplicable);
        Row {
            id: &question.id,
            text: question.text(ctx.lang),
            href: format!("/practice/analysis/questions/{}", question.id),
            choice,
            label: label_of(ctx, answer),
            seen: sight.about(question).into_iter().map(|one| (one.clash(ctx, choice), one)).collect(),
            flagged: answer.is_some_and(|one| one.flagged),
            version: answer.map_or(0, |one| one.version),
            picks: super::picks(ctx, "choice", plain.map(|one| one.code()), choice.map_or("", Choice::code)),
            unsaved: clashed
                .iter()
                .find(|(id, _)| *id == question.id)
                .map(|(_, choice)| super::word(ctx, "choice", choice.code())),
        }
    });
    let title = super::word(ctx, "area", area.code());
    let act = if area.is_technical() { Act::AnswerTechnicalQuestion } else { Act::AnswerQuestion };
    let action = ctx.allowed(act, &Facts::default());
    let page = AreaPage {
        title: title.clone(),
        action: action.then(|| format!("/practice/analysis/areas/{}", area.code())),
        rows: rows.collect(),
        mine: Vec::new(),
    };
    let status = if clashed.is_empty() { StatusCode::OK } else { StatusCode::CONFLICT };
    Ok(ctx.page(Page::new(title).rail("rail-practice").status(status), &page))
}

fn label_of(ctx: &Ctx, answer: Option<&Answer>) -> String {
    match answer {
        Some(one) if one.reopened_by.is_some() => ctx.words.t("risk-reopened"),
        Some(Answer { choice: Some(choice), .. }) => super::word(ctx, "choice", choice.code()),
        Some(one) if one.asked_of.is_some() => ctx.words.t("risk-asked"),
        _ => ctx.words.t("risk-unanswered"),
    }
}

/// A colleague's own list: nothing else of the analysis is behind it.
pub async fn asked(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::AnswerAskedQuestion, &Facts::default()).await?;
    let me = person(&ctx)?;
    let mut view = ctx.keep.view(&access, Object::of("risks", me.text())).await?;
    let rows = answers::asked_of(&mut view, me).await?;
    let mine = risks::open_of(&mut view, &access, me).await?.into_iter().map(|(risk, story)| Mine {
        title: title_of(&ctx, &risk),
        plan: story.plan,
        late: risk.is_late(ctx.now),
        due: risk.due_at.map(|at| ctx.words.date(at, ctx.zone())).unwrap_or_default(),
    });
    let mine = mine.collect();
    let rows = rows.iter().filter_map(|(_, answer)| {
        let question = bank().question(&answer.question)?;
        Some(Row {
            id: &question.id,
            text: question.text(ctx.lang),
            href: format!("/practice/asked/{}", question.id),
            choice: answer.choice.filter(|_| answer.stands()),
            label: label_of(&ctx, Some(answer)),
            seen: Vec::new(),
            flagged: false,
            version: answer.version,
            picks: Vec::new(),
            unsaved: None,
        })
    });
    let title = ctx.words.t("risk-asked-title");
    let page = AreaPage { title: title.clone(), action: None, rows: rows.collect(), mine };
    Ok(ctx.page(Page::new(title).rail("rail-asked"), &page))
}

struct Row {
    id: &'static str,
    text: &'static str,
    href: String,
    choice: Option<Choice>,
    label: String,
    /// What the program sees, with the sentence for an answer that does not fit it.
    seen: Vec<(Option<String>, Observed)>,
    flagged: bool,
    version: i64,
    picks: Vec<Pick>,
    /// What this person chose while a colleague was faster.
    unsaved: Option<String>,
}

impl Row {
    fn tone(&self) -> &'static str {
        match self.choice {
            Some(Choice::Yes) => "ok",
            Some(Choice::NotApplicable) | None => "",
            Some(Choice::Partly) => "warn",
            Some(Choice::No | Choice::NotSure) => "bad",
        }
    }
}

#[derive(Template)]
#[template(path = "risk/area.html")]
struct AreaPage {
    title: String,
    /// Where the choices go; `None` for who may only read.
    action: Option<String>,
    rows: Vec<Row>,
    mine: Vec<Mine>,
}

/// An entry of the plan that the reader is to do.
struct Mine {
    title: String,
    plan: String,
    late: bool,
    due: String,
}
