//! All questions of an area on one page: only the choices, saved together. Notes, evidence and "does not
//! apply" have their own screen.

use super::lists::area_page;
use super::{draft, person, show_rows, word};
use crate::risk::bank::{Area, bank};
use crate::risk::rules::Choice;
use crate::risk::store::answers::{self, Remarks, Saved};
use axum::extract::Path;
use axum::response::Response;
use keep::{Entry, KeepError, Object};
use policy::{Act, Facts};
use web::{Ctx, Failure, Form, see_other};

/// What one press on the page wants of one question.
struct Wanted<'a> {
    question: &'a str,
    choice: Choice,
    seen: i64,
}

pub async fn save(
    ctx: Ctx,
    Path(code): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let area = Area::parse(&code).ok_or(Failure::NotFound)?;
    let act = if area.is_technical() { Act::AnswerTechnicalQuestion } else { Act::AnswerQuestion };
    let access = ctx.decide(act, &Facts::default()).await?;
    let by = person(&ctx)?;
    let mut tx = ctx.keep.begin().await?;
    let Some(open) = draft(&mut tx).await? else {
        drop(tx);
        return unsaved(&ctx, wanted(area, &fields));
    };
    let (mut changed, mut clashed) = (Vec::new(), Vec::new());
    for wanted in wanted(area, &fields) {
        let found = answers::one(&mut tx, &access, open.id, wanted.question).await?;
        if found.as_ref().is_some_and(|(old, _)| old.stands() && old.choice == Some(wanted.choice)) {
            continue;
        }
        let (old, remarks) = found.map_or((None, Remarks::default()), |(old, said)| (Some(old), said));
        let saved = Saved {
            choice: Some(wanted.choice),
            flagged: old.as_ref().is_some_and(|old| old.flagged),
            asked_of: old.as_ref().and_then(|old| old.asked_of),
            due_at: old.as_ref().and_then(|old| old.due_at),
            remarks,
            by,
            answered_at: ctx.now,
        };
        match answers::save(&mut tx, open.id, wanted.question, wanted.seen, &saved).await {
            Ok(()) => changed.push(wanted.question),
            // A colleague was first: theirs stays, and the page says where.
            Err(KeepError::Conflict) => clashed.push((wanted.question, wanted.choice)),
            Err(other) => return Err(other.into()),
        }
    }
    if changed.is_empty() {
        drop(tx);
    } else {
        let entry = Entry::new(Object::of("analysis", open.id.text())).detail("answered", changed.join(" "));
        tx.commit(&access, entry).await?;
    }
    if clashed.is_empty() {
        return Ok(see_other(&format!("/practice/analysis/areas/{}", area.code())));
    }
    area_page(&ctx, area, &clashed).await
}

/// Somebody signed meanwhile: what was chosen stands there whole.
fn unsaved(ctx: &Ctx, chosen: Vec<Wanted<'_>>) -> Result<Response, Failure> {
    let row = |one: Wanted<'_>| {
        let asked = bank().question(one.question).map_or("", |question| question.text(ctx.lang));
        (asked.to_owned(), word(ctx, "choice", one.choice.code()))
    };
    show_rows(ctx, "unsaved-signed", "/practice/analysis", chosen.into_iter().map(row).collect())
}

/// Fields are `c-` and `v-` with the id of the question.
fn wanted(area: Area, fields: &[(String, String)]) -> Vec<Wanted<'static>> {
    let field = |prefix: &str, id: &str| {
        let name = format!("{prefix}-{id}");
        fields.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value.as_str())
    };
    let asked = bank().of_area(area).filter_map(|question| {
        let choice = Choice::parse(field("c", &question.id))?;
        let plain = choice != Choice::NotApplicable;
        let seen = field("v", &question.id).parse().unwrap_or(0);
        plain.then_some(Wanted { question: question.id.as_str(), choice, seen })
    });
    asked.collect()
}
