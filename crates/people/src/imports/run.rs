//! The adding itself: some rows at a time, each lot with its entries, and what was left out as a file.
//!
//! Cut short by a crash or a closed page, it goes on after the last lot: how far it is stands in the same
//! transaction as the patients.

use super::file::{self, Row, Sheet};
use super::judge::{Judge, Judged};
use super::pages::{may, object};
use super::rules;
use super::store::{self, List, State, Step};
use crate::patients::{self, Names, day_in};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use keep::{Entry, Object};
use policy::Access;
use vocabulary::PersonId;
use web::{Ctx, Failure, Form, see_other};

/// Patients in one transaction. Everybody who writes waits for it.
const ROWS_AT_ONCE: usize = 100;

/// `pick` names a row that is added although it looks like somebody.
pub(super) async fn add(ctx: Ctx, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Failure> {
    let (access, person) = may(&ctx).await?;
    let mut tx = ctx.keep.begin().await?;
    let list = store::load(&mut tx, &access, person, ctx.now).await?.ok_or(Failure::NotFound)?;
    if list.choices.fault().is_some() {
        return Err(Failure::Changed);
    }
    if list.state == State::Waiting {
        let picked = fields.iter().filter(|(name, _)| name == "pick");
        let mut picked: Vec<u64> =
            picked.filter_map(|(_, row)| row.parse().ok()).take(file::ROWS_MAX).collect();
        picked.sort_unstable();
        store::begin(&mut tx, person, &picked).await?;
        let entry = Entry::new(object(person)).detail("stage", "begun");
        tx.commit(&access, entry.detail("picked", picked.len().to_string())).await?;
    } else {
        drop(tx);
    }
    for _ in 0..=file::ROWS_MAX.div_ceil(ROWS_AT_ONCE) {
        // A page that is closed meanwhile ends neither the lot nor what belongs to it.
        let lot = tokio::spawn(some(ctx.clone(), access.clone(), person));
        let state = lot.await.map_err(|_| Failure::broken("adding patients panicked"))??;
        if state == State::Added {
            break;
        }
    }
    Ok(see_other("/patients/import"))
}

/// The next lot of rows.
async fn some(ctx: Ctx, access: Access, person: PersonId) -> Result<State, Failure> {
    let mut tx = ctx.keep.begin().await?;
    let list = store::load(&mut tx, &access, person, ctx.now).await?.ok_or(Failure::NotFound)?;
    if list.state != State::Adding {
        return Ok(list.state);
    }
    let sheet = read(&list)?;
    let (through, ahead) = sheet.rows.split_at(list.done.min(sheet.rows.len()));
    let mut judge = Judge::new(&ctx, &access, &list.choices);
    through.iter().for_each(|row| judge.pass(row));
    let (mut left_out, mut added) = (list.left_out.clone(), Vec::new());
    let lot = &ahead[..ahead.len().min(ROWS_AT_ONCE)];
    for row in lot {
        let new = match judge.row(row) {
            Judged::New(new) => new,
            Judged::Alike(new, _) if list.picked.binary_search(&row.number).is_ok() => new,
            Judged::Alike(..) | Judged::Wrong(_) => {
                left_out.push(row.number);
                continue;
            }
        };
        let id = patients::add(&mut tx, &new).await?;
        tx.note(&access, Entry::new(Object::of("patient", id.text()).patient(id)));
        added.push((id, new));
    }
    let done = list.done + lot.len();
    let state = if done >= sheet.rows.len() { State::Added } else { State::Adding };
    let count = added.len();
    let total = list.added + i64::try_from(count).unwrap_or_default();
    let step = Step { state, left_out: &left_out, done, added: total };
    store::advance(&mut tx, &list, &step).await?;
    let entry =
        Entry::new(object(person)).detail("rows", done.to_string()).detail("added", count.to_string());
    tx.commit(&access, entry.detail("left_out", left_out.len().to_string())).await?;
    let names = ctx.plugged::<Names>();
    added.iter().for_each(|(id, new)| names.put(&ctx.keep, *id, new));
    Ok(state)
}

/// The rows that were not added, each with its reason, to be mended and read again.
pub(super) async fn left_out(ctx: Ctx) -> Result<Response, Failure> {
    let (access, person) = may(&ctx).await?;
    let mut view = ctx.keep.view(&access, object(person)).await?;
    let list = store::load(&mut view, &access, person, ctx.now).await?;
    let list = list.filter(|list| list.state == State::Added).ok_or(Failure::NotFound)?;
    let sheet = read(&list)?;
    let mut head = sheet.head.clone();
    head.push(ctx.words.t("import-why"));
    let today = day_in(ctx.now, ctx.zone());
    let rows = sheet.rows.iter().filter(|row| list.left_out.contains(&row.number)).map(|row| {
        let mut cells = row.cells.clone();
        cells.resize(cells.len().max(sheet.head.len()), String::new());
        cells.push(reason(&ctx, &list, row, today));
        cells
    });
    let bytes = file::write([head].into_iter().chain(rows));
    drop(view);
    // A file leaves the program: an entry of its own, whatever was looked at a moment ago.
    let entry = Entry::new(object(person)).detail("taken_along", list.left_out.len().to_string());
    ctx.keep.begin().await?.commit(&access, entry).await?;
    let kind = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"left-out.csv\""),
    ];
    Ok((kind, bytes).into_response())
}

/// A row without a fault was left out because it looks like somebody.
fn reason(ctx: &Ctx, list: &List, row: &Row, today: jiff::civil::Date) -> String {
    match rules::patient(row, &list.choices, today) {
        Err(wrong) => wrong.iter().map(|one| ctx.words.t(&one.key())).collect::<Vec<_>>().join(" "),
        Ok(_) => ctx.words.t("import-why-alike"),
    }
}

/// What was kept could be read before.
pub(super) fn read(list: &List) -> Result<Sheet, Failure> {
    file::read(list.text.reveal()).map_err(|_| Failure::broken("a kept list of patients cannot be read"))
}
