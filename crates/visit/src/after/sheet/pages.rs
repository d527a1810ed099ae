//! `GET /visits/{id}/sheet`.

use super::rules::{By, Checked, Line, Outcome};
use super::store;
use crate::before::store::VisitRow;
use crate::before::{asked, companions, emergency};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use keep::{KeepError, Object, Viewing};
use people::patients::Names;
use policy::{Access, Act, Facts};
use vocabulary::{Health, ParticipantId, PersonId, UnixMillis};
use web::{Ctx, Failure, Page, filters};

pub(super) async fn page(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let (visit, access) = asked::load(&ctx, &id, Act::SeeVisit).await?;
    let object = Object::of("protocol_sheet", visit.id.text()).patient(visit.patient).visit(visit.id);
    let mut view = ctx.keep.view(&access, object).await?;
    let people = store::everybody(&mut view, &access, &visit, &ctx.settings).await?;
    let names = names(&ctx, &access, &mut view, (&visit, &people)).await?;
    let (known, plan) = store::known(&mut view, &access, (&visit, &people), (&ctx.settings, ctx.now)).await?;
    let parts =
        [("sheet-before", known.before()), ("sheet-during", known.during()), ("sheet-after", known.after())];
    let all: Vec<Outcome> = parts.iter().flat_map(|(_, lines)| lines.iter().map(|it| it.outcome)).collect();
    let counted = |outcome: Outcome| all.iter().filter(|it| **it == outcome).count();
    let told_by_steps = all.iter().any(|it| matches!(it, Outcome::Failed | Outcome::Waived));
    let took_place = visit.started_at.is_some() && visit.state.is_over();
    let totals = Outcome::ALL.map(|outcome| (shown(outcome), counted(outcome)));
    let shell = Page::new(ctx.words.t("sheet-title")).rail("rail-day").script();
    let sheet = Sheet {
        id: visit.id.text(),
        name: people::patients::name(&mut view, &access, visit.patient).await?,
        host: staff(&ctx, visit.clinician),
        starts_at: visit.starts_at,
        kind: visit.kind.word(),
        plan,
        printed_at: ctx.now,
        is_found: took_place && (told_by_steps || !known.findings().is_empty()),
        sees_findings: ctx.allowed(Act::SeeFindings, &Facts::default()),
        totals: totals.into_iter().filter(|(_, count)| *count > 0).collect(),
        parts: parts.map(|(title, lines)| Section { title, lines: told(&ctx, &names, lines) }).into(),
    };
    Ok(ctx.page(shell, &sheet))
}

#[derive(Template)]
#[template(path = "after/sheet/sheet.html")]
struct Sheet {
    id: String,
    name: Health,
    host: String,
    starts_at: UnixMillis,
    kind: &'static str,
    plan: emergency::Plan,
    printed_at: UnixMillis,
    /// What is open here went to the findings when the visit ended.
    is_found: bool,
    sees_findings: bool,
    totals: Vec<(Tone, usize)>,
    parts: Vec<Section>,
}

struct Section {
    title: &'static str,
    lines: Vec<Told>,
}

struct Told {
    step: &'static str,
    by: String,
    at: Option<UnixMillis>,
    tone: Tone,
}

/// Never colour alone: a tone goes with an icon and a word.
struct Tone {
    code: &'static str,
    tone: &'static str,
    icon: &'static str,
    word: &'static str,
}

fn shown(outcome: Outcome) -> Tone {
    let (code, tone, icon, word) = match outcome {
        Outcome::Done => ("done", "ok", "check", "sheet-done"),
        Outcome::Waived => ("waived", "warn", "hand", "sheet-waived"),
        Outcome::Failed => ("failed", "bad", "circle-alert", "sheet-failed"),
        Outcome::Missing => ("missing", "bad", "x", "sheet-missing"),
        Outcome::Later => ("later", "", "clock", "sheet-later"),
    };
    Tone { code, tone, icon, word }
}

type Called = Vec<(ParticipantId, String)>;

fn told(ctx: &Ctx, names: &Called, lines: Vec<Line>) -> Vec<Told> {
    let by = |by: By| match by {
        By::Nobody => String::new(),
        By::Staff(person) => staff(ctx, person),
        By::Participant(id) => {
            names.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone()).unwrap_or_default()
        }
    };
    lines
        .into_iter()
        .map(|line| Told { step: line.step, by: by(line.by), at: line.at, tone: shown(line.outcome) })
        .collect()
}

fn staff(ctx: &Ctx, person: PersonId) -> String {
    ctx.plugged::<Names>().staff(person).map(|name| name.reveal().to_owned()).unwrap_or_default()
}

/// How everybody is called.
async fn names(
    ctx: &Ctx,
    access: &Access,
    view: &mut Viewing,
    (visit, people): (&VisitRow, &[Checked]),
) -> Result<Called, KeepError> {
    let names = ctx.plugged::<Names>();
    let mut called = Vec::new();
    for row in people.iter().map(|who| &who.row) {
        let name = match (row.person, row.patient) {
            (Some(person), _) => names.staff(person),
            (None, Some(patient)) => names.patient(access, patient),
            (None, None) => companions::name(view, access, (row.id, visit.patient)).await?,
        };
        called.push((row.id, name.map(|name| name.reveal().to_owned()).unwrap_or_default()));
    }
    Ok(called)
}
