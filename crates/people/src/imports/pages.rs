//! `/patients/import`: pick a file, say what its columns are, see who would be added, and what came of it.

use super::columns::{Choices, Field};
use super::file::{self, BYTES_MAX, Row, Sheet};
use super::judge::{Judge, Judged, Twin};
use super::run::read;
use super::store::{self, List, State};
use crate::patients::{NewPatient, spoken_date};
use crate::staff::{Empty, acting};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use policy::{Access, Act, Facts};
use vocabulary::{Lang, PersonId};
use web::{Ctx, Failure, Faults, Form, Page, Upload, filters, see_other};

/// More rows of a kind are counted, and come in the file of those left out.
const SHOWN: usize = 100;

/// As many of the new ones as show whether the columns are right.
const SAMPLE: usize = 5;

pub(super) async fn show(ctx: Ctx) -> Result<Response, Failure> {
    let (access, person) = may(&ctx).await?;
    let mut view = ctx.keep.view(&access, object(person)).await?;
    let Some(list) = store::load(&mut view, &access, person, ctx.now).await? else {
        return Ok(ask(&ctx, Faults::default()));
    };
    drop(view);
    match list.state {
        State::Waiting => look(&ctx, &access, &list),
        State::Adding | State::Added => {
            let rows = read(&list)?.rows.len();
            let page = Done {
                over: list.state == State::Added,
                added: list.added,
                left_out: list.left_out.len(),
                done: list.done,
                rows,
            };
            Ok(ctx.page(frame(&ctx), &page))
        }
    }
}

pub(super) async fn receive(ctx: Ctx, Upload(bytes): Upload<BYTES_MAX>) -> Result<Response, Failure> {
    let (access, person) = may(&ctx).await?;
    let read = file::decode(&bytes).and_then(|text| file::read(&text.text).map(|sheet| (text, sheet)));
    let (text, sheet) = match read {
        Ok(read) => read,
        Err(fault) => {
            let mut faults = Faults::default();
            faults.add("file", ctx.words.t(&format!("import-file-{}", fault.code())));
            return Ok(ask(&ctx, faults));
        }
    };
    let choices = Choices::guess(&sheet, Lang::En);
    let mut tx = ctx.keep.begin().await?;
    store::put(&mut tx, person, &text, &choices).await?;
    let entry =
        Entry::new(object(person)).detail("stage", "read").detail("rows", sheet.rows.len().to_string());
    tx.commit(&access, entry).await?;
    Ok(see_other("/patients/import"))
}

/// Fields `c0`, `c1`, ... hold what each column is.
pub(super) async fn choose(ctx: Ctx, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Failure> {
    let (access, person) = may(&ctx).await?;
    let mut tx = ctx.keep.begin().await?;
    let list = store::load(&mut tx, &access, person, ctx.now).await?.ok_or(Failure::NotFound)?;
    let said = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    let picked = |at: usize| said(&format!("c{at}")).and_then(Field::parse);
    let choices = Choices {
        fields: (0..list.choices.fields.len()).map(|at| picked(at).unwrap_or(Field::Skip)).collect(),
        day_first: said("order") == Some("day"),
        lang: said("lang").and_then(Lang::parse).unwrap_or(list.choices.lang),
    };
    store::choose(&mut tx, person, &choices).await?;
    tx.commit(&access, Entry::new(object(person)).detail("stage", "columns")).await?;
    Ok(see_other("/patients/import#rows"))
}

pub(super) async fn give_up(ctx: Ctx, Form(_): Form<Empty>) -> Result<Response, Failure> {
    let (access, person) = may(&ctx).await?;
    let mut tx = ctx.keep.begin().await?;
    if store::remove(&mut tx, person).await? {
        tx.commit(&access, Entry::new(object(person)).detail("stage", "removed")).await?;
    }
    Ok(see_other("/patients"))
}

pub(super) async fn may(ctx: &Ctx) -> Result<(Access, PersonId), Failure> {
    let access = ctx.decide(Act::ImportPatients, &Facts::default()).await?;
    Ok((access, acting(ctx)?))
}

pub(super) fn object(person: PersonId) -> Object {
    Object::of("patient_import", person.text())
}

fn frame(ctx: &Ctx) -> Page {
    Page::new(ctx.words.t("import-title")).rail("rail-patients")
}

fn ask(ctx: &Ctx, faults: Faults) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    ctx.page(frame(ctx).status(status), &Ask { faults })
}

fn look(ctx: &Ctx, access: &Access, list: &List) -> Result<Response, Failure> {
    let sheet = read(list)?;
    let mut page = Look {
        windows: list.encoding == file::WINDOWS,
        columns: columns(&sheet, &list.choices),
        order: if list.choices.day_first { "day" } else { "month" },
        lang: list.choices.lang.code(),
        fault: list.choices.fault().map(|fault| ctx.words.t(&format!("import-columns-{}", fault.code()))),
        new: 0,
        like: 0,
        bad: 0,
        sample: Vec::new(),
        alike: Vec::new(),
        wrong: Vec::new(),
    };
    if page.fault.is_none() {
        let mut judge = Judge::new(ctx, access, &list.choices);
        for row in &sheet.rows {
            page.take(ctx, &sheet, row, judge.row(row));
        }
    }
    let status = if page.fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page(frame(ctx).status(status), &page))
}

fn columns(sheet: &Sheet, choices: &Choices) -> Vec<Column> {
    let example = |at: usize| {
        let cells = sheet.rows.iter().filter_map(|row| row.cells.get(at));
        cells.filter(|cell| !cell.is_empty()).map(String::as_str).next().unwrap_or_default().to_owned()
    };
    let heads = sheet.head.iter().zip(&choices.fields).enumerate();
    heads
        .map(|(at, (head, field))| Column {
            name: format!("c{at}"),
            head: head.clone(),
            example: example(at),
            field: *field,
        })
        .collect()
}

impl Look {
    fn take(&mut self, ctx: &Ctx, sheet: &Sheet, row: &Row, judged: Judged) {
        match &judged {
            Judged::New(_) => self.new += 1,
            Judged::Alike(..) => self.like += 1,
            Judged::Wrong(_) => self.bad += 1,
        }
        match judged {
            Judged::New(new) if self.sample.len() < SAMPLE => self.sample.push(Line::of(ctx, row, &new)),
            Judged::Alike(new, twins) if self.alike.len() < SHOWN => {
                let like = twins.iter().map(|twin| said(ctx, twin)).collect::<Vec<_>>().join(", ");
                self.alike.push((Line::of(ctx, row, &new), like));
            }
            Judged::Wrong(wrong) if self.wrong.len() < SHOWN => {
                let fields = self.columns.iter().map(|column| column.field);
                let fields: Vec<Field> = fields.collect();
                let whys = wrong.iter().map(|one| {
                    let at = fields.iter().position(|field| *field == one.field);
                    let head = at.filter(|_| one.field != Field::Skip).map(|at| sheet.head[at].clone());
                    (head.unwrap_or_default(), ctx.words.t(&one.key()))
                });
                self.wrong.push((row.number, whys.collect()));
            }
            _ => {}
        }
    }
}

fn said(ctx: &Ctx, twin: &Twin) -> String {
    match twin {
        Twin::Here(known) => known.name.reveal().to_owned(),
        Twin::Row(number) => ctx.words.with("import-row", &[("n", (*number).into())]),
    }
}

struct Column {
    name: String,
    head: String,
    /// The first cell that is filled: it tells more than a name.
    example: String,
    field: Field,
}

struct Line {
    number: u64,
    name: String,
    born: String,
    reach: String,
    lang: String,
}

impl Line {
    fn of(ctx: &Ctx, row: &Row, new: &NewPatient) -> Line {
        let reach = [new.email.as_deref(), new.phone.as_deref()];
        Line {
            number: row.number,
            name: new.name.clone(),
            born: spoken_date(ctx, new.birth_date),
            reach: reach.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            lang: ctx.words.t(&format!("lang-{}", new.lang.code())),
        }
    }
}

#[derive(Template)]
#[template(path = "imports/ask.html")]
struct Ask {
    faults: Faults,
}

#[derive(Template)]
#[template(path = "imports/look.html")]
struct Look {
    windows: bool,
    columns: Vec<Column>,
    order: &'static str,
    lang: &'static str,
    fault: Option<String>,
    new: usize,
    /// How many look like somebody.
    like: usize,
    bad: usize,
    sample: Vec<Line>,
    alike: Vec<(Line, String)>,
    wrong: Vec<(u64, Vec<(String, String)>)>,
}

#[derive(Template)]
#[template(path = "imports/done.html")]
struct Done {
    over: bool,
    added: i64,
    left_out: usize,
    done: usize,
    rows: usize,
}
