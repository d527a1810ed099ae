//! `/practice`: the home of the officials: what is due, the risks by likelihood and harm, what visits showed.

use super::trend::Trend;
use super::{draft, standing, word};
use crate::duties::rules::{SHOWN_AHEAD_MS, days_until};
use crate::duties::{self, What};
use crate::facts::rules::Said;
use crate::facts::{Observers, World};
use crate::risk::bank::bank;
use crate::risk::rules::{self, AnalysisState, Level, RiskState, TOLERANCE, risk_of};
use crate::risk::store::risks::{Risk, Story};
use crate::risk::store::{analyses, answers, risks};
use crate::{findings, reminders, vendors};
use askama::Template;
use axum::response::Response;
use keep::{Object, Viewing};
use policy::{Access, Act, Facts};
use vocabulary::{DAY_MS, UnixMillis};
use web::{Ctx, Failure, Page, Value, filters};

/// The list of what to do is a start of a day's work, not an archive.
const TO_DO_SHOWN: usize = 8;

pub async fn home(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("risks", "")).await?;
    let all = analyses::list(&mut view).await?;
    let register = risks::all(&mut view, &access).await?;
    let signed = all.iter().find(|analysis| analysis.state == AnalysisState::Signed);
    let open = draft(&mut view).await?;
    let (mut answered, mut unsure, mut stale) = (0, 0, 0);
    let mut to_do = Vec::new();
    if let Some(analysis) = &open {
        let about = analyses::about(&mut view, &access, analysis.id).await?;
        let given = answers::of(&mut view, analysis.id).await?;
        answered = standing(analysis, &about, &given, &register).answered;
        unsure = given.iter().filter(|one| one.choice == Some(rules::Choice::NotSure)).count();
        stale = given.iter().filter(|one| one.reopened_by.is_some()).count();
        for one in given.iter().filter(|one| one.asked_of.is_some() && !one.stands()) {
            let text = bank().question(&one.question).map(|question| question.text(ctx.lang).to_owned());
            let href = format!("/practice/analysis/questions/{}", one.question);
            to_do.extend(due(&ctx, one.due_at, text.unwrap_or_default(), href));
        }
    }
    let unsettled = register.iter().filter(|(risk, _)| risk.state != RiskState::Closed);
    for (risk, _) in unsettled.filter(|(risk, _)| risk.state != RiskState::Accepted) {
        let href = format!("/practice/risks/{}", risk.id.text());
        to_do.extend(due(&ctx, risk.due_at, title_of(&ctx, risk), href));
    }
    to_do.extend(owed(&ctx, &mut view, &access).await?);
    to_do.sort_by_key(|one| one.at.0);
    let late = to_do.iter().filter(|one| one.tone == "bad").count();
    to_do.truncate(TO_DO_SHOWN);
    let found = findings::groups(&mut view).await?.into_iter().map(|group| Found {
        count: findings::rules::shown(group.count)
            .map_or_else(|| ctx.words.t("risk-few"), |count| count.to_string()),
        title: ctx.words.t(&format!("finding-{}", group.kind.code())),
    });
    let sight = ctx.plugged::<Observers>().all(&ctx, &mut view).await?;
    let page = Home {
        reminded: last_reminder(&ctx, &mut view).await?,
        coverage: COVERAGE.iter().map(|(fact, key)| Coverage::of(&ctx, key, sight.said(fact))).collect(),
        under: signed_on(&ctx, signed),
        has_draft: open.is_some(),
        answered,
        observed: sight.answered(),
        questions: bank().questions.len(),
        unsure,
        stale,
        late,
        map: HeatMap::of(&ctx, &register),
        trends: Trend::all(&ctx, &mut view, &all, &register).await?,
        planned: Planned::of(&register),
        to_do,
        found: found.collect(),
        teams: ctx.allowed(Act::SeeCareTeams, &Facts::default()),
    };
    Ok(ctx.page(Page::new(ctx.words.t("risk-home-title")).rail("rail-practice"), &page))
}

/// When letters last said that something is due, and to how many people.
async fn last_reminder(ctx: &Ctx, view: &mut Viewing) -> Result<String, Failure> {
    let Some((at, people)) = reminders::last(view).await? else { return Ok(ctx.words.t("reminders-none")) };
    let day = ctx.words.day_and_time(at, ctx.zone());
    Ok(ctx.words.with("reminders-last", &[("day", day.into()), ("n", people.into())]))
}

/// Of the newest signed analysis: its day, and the day of the next.
fn signed_on(ctx: &Ctx, signed: Option<&analyses::Analysis>) -> String {
    let days = signed.and_then(|analysis| Some((analysis.signed_at?, analysis.review_due?)));
    let Some((at, next)) = days else { return ctx.words.t("risk-home-unsigned") };
    let day = |at| ctx.words.date(at, ctx.zone()).into();
    ctx.words.with("risk-home-signed", &[("at", day(at)), ("next", day(next))])
}

/// What the officials owe by a day, in their words.
async fn owed(ctx: &Ctx, view: &mut Viewing, access: &Access) -> Result<Vec<Due>, Failure> {
    let observers = ctx.plugged::<Observers>();
    let world = World { keep: &ctx.keep, conn: &mut *view, now: ctx.now };
    let all = duties::all(&observers, world).await?;
    let vendors = match all.iter().any(|duty| matches!(duty.what, What::Agreement(_))) {
        true => vendors::list(view, access).await?,
        false => Vec::new(),
    };
    let mut found = Vec::new();
    for duty in all {
        let say = |key: &str, name: &str, value: Value<'_>| ctx.words.with(key, &[(name, value)]);
        let text = match &duty.what {
            What::Teams(_) if !ctx.allowed(Act::SeeCareTeams, &Facts::default()) => continue,
            What::Review => ctx.words.t("risk-todo-review"),
            What::Request(trigger) => {
                say("risk-todo-request", "what", word(ctx, "trigger", trigger.code()).into())
            }
            What::Incident { number, kind } => {
                let kind = ctx.words.t(&format!("incident-kind-{kind}"));
                ctx.words.with("incident-numbered", &[("n", (*number).into()), ("kind", kind.into())])
            }
            What::Inventory => ctx.words.t("risk-todo-inventory"),
            What::Evaluation => ctx.words.t("risk-todo-evaluation"),
            What::Agreement(id) => {
                let vendor = vendors.iter().find(|vendor| vendor.id == *id);
                let name = vendor.map(|vendor| vendor.words.name.clone()).unwrap_or_default();
                say("risk-todo-agreement", "name", name.into())
            }
            What::Safeguards(n) => say("risk-todo-safeguards", "n", (*n).into()),
            What::Emergency(_) => ctx.words.t("risk-todo-emergency"),
            What::Teams(n) => say("risk-todo-teams", "n", (*n).into()),
            What::Trail(month) => {
                let month = ctx.words.month(month.begins(ctx.zone()), ctx.zone());
                say("risk-todo-trail", "month", month.into())
            }
            What::Other(owed) => say(owed.key, "name", owed.name.clone().into()),
        };
        found.extend(due(ctx, Some(duty.at), text, duty.href()));
    }
    Ok(found)
}

/// A risk as a line says it: its number and what could happen.
pub fn title_of(ctx: &Ctx, risk: &Risk) -> String {
    let threat = bank().threat(&risk.threat).map_or("", |threat| threat.text(ctx.lang));
    ctx.words.with("risk-numbered", &[("n", risk.number.into()), ("title", threat.into())])
}

fn due(ctx: &Ctx, at: Option<UnixMillis>, text: String, href: String) -> Option<Due> {
    let at = at?;
    let days = days_until(at, ctx.now, ctx.zone());
    let (tone, key) = if days < 0 {
        ("bad", "risk-overdue")
    } else if days <= SHOWN_AHEAD_MS / DAY_MS {
        ("warn", "risk-due-in")
    } else {
        ("", "risk-due-in")
    };
    let label = ctx.words.with(key, &[("n", days.abs().into())]);
    Some(Due { at, tone, label, text, href })
}

struct Due {
    at: UnixMillis,
    tone: &'static str,
    label: String,
    text: String,
    href: String,
}

struct Found {
    count: String,
    title: String,
}

/// What the program sees of itself, as a figure with a bar.
struct Coverage {
    title: String,
    /// In words: a share, or why there is no number.
    large: String,
    part: i64,
    of: i64,
    tone: &'static str,
    /// The look failed: no figure, but a warning.
    unseen: bool,
}

impl Coverage {
    fn of(ctx: &Ctx, key: &str, said: Said) -> Coverage {
        let (part, of) = match said {
            Said::Share(part, of) => (part, of),
            Said::Few(of) => (0, of),
            Said::AllButFew(of) => (of, of),
            Said::Nothing | Said::TooFew | Said::Days(_) | Said::Unseen => (0, 0),
        };
        let large = match said {
            Said::Share(part, of) => ctx.words.with("risk-of", &[("n", part.into()), ("of", of.into())]),
            Said::Few(_) => ctx.words.t("risk-few"),
            Said::AllButFew(_) => ctx.words.t("observed-all-but-few"),
            Said::Nothing | Said::Days(_) => ctx.words.t("risk-figure-none"),
            Said::Unseen => ctx.words.t("observed-unseen"),
            Said::TooFew => ctx.words.t("risk-figure-too-few"),
        };
        let unseen = said == Said::Unseen;
        let tone = if part == of && !unseen { "ok" } else { "warn" };
        Coverage { title: ctx.words.t(key), large, part, of, tone, unseen }
    }
}

/// Facts that the home shows, each with its title.
const COVERAGE: [(&str, &str); 3] = [
    ("consent-coverage", "risk-figure-consents"),
    ("strong-sign-in", "risk-figure-sign-in"),
    ("agreements-active", "risk-figure-agreements"),
];

struct Planned {
    above: usize,
    planned: usize,
}

impl Planned {
    fn of(register: &[(Risk, Story)]) -> Planned {
        let above = register.iter().filter(|(risk, _)| {
            risk.state != RiskState::Closed && risk.rating.level().is_some_and(|level| level > TOLERANCE)
        });
        let above: Vec<_> = above.collect();
        let settled = |(risk, story): &&&(Risk, Story)| rules::is_settled(&risk.register(story, None));
        Planned { above: above.len(), planned: above.iter().filter(settled).count() }
    }
}

/// Five by five: likelihood up, harm to the right.
pub struct HeatMap {
    pub rows: Vec<HeatRow>,
    pub columns: Vec<Mark>,
    pub unrated: usize,
}

pub struct HeatRow {
    pub name: String,
    pub y: usize,
    pub text_y: usize,
    pub cells: Vec<HeatCell>,
}

pub struct HeatCell {
    pub x: usize,
    pub text_x: usize,
    /// The level's code, which is also its colour.
    pub level: &'static str,
    pub count: usize,
    pub href: String,
    pub label: String,
}

pub struct Mark {
    pub name: String,
    pub x: usize,
}

const LEFT: usize = 96;
const CELL_WIDTH: usize = 84;
const CELL_HEIGHT: usize = 46;

impl HeatMap {
    pub fn of(ctx: &Ctx, register: &[(Risk, Story)]) -> HeatMap {
        let open = || register.iter().filter(|(risk, _)| risk.state != RiskState::Closed);
        let row = |(at, likelihood): (usize, &Level)| HeatRow {
            name: word(ctx, "level", likelihood.code()),
            y: at * CELL_HEIGHT + 2,
            text_y: at * CELL_HEIGHT + 29,
            cells: Level::ALL
                .iter()
                .enumerate()
                .map(|(column, impact)| {
                    let here = open().filter(|(risk, _)| {
                        risk.rating.likelihood == Some(*likelihood) && risk.rating.impact == Some(*impact)
                    });
                    let count = here.count();
                    let (up, right) = (likelihood.code(), impact.code());
                    HeatCell {
                        x: LEFT + column * CELL_WIDTH + 2,
                        text_x: LEFT + column * CELL_WIDTH + CELL_WIDTH / 2,
                        level: risk_of(*likelihood, *impact).code(),
                        count,
                        href: format!("/practice/risks?likelihood={up}&impact={right}"),
                        label: ctx.words.with(
                            "risk-cell",
                            &[
                                ("n", count.into()),
                                ("likelihood", word(ctx, "level", up).into()),
                                ("impact", word(ctx, "level", right).into()),
                            ],
                        ),
                    }
                })
                .collect(),
        };
        let column = |(at, level): (usize, &Level)| Mark {
            name: word(ctx, "level", level.code()),
            x: LEFT + at * CELL_WIDTH + CELL_WIDTH / 2,
        };
        HeatMap {
            rows: Level::ALL.iter().rev().enumerate().map(row).collect(),
            columns: Level::ALL.iter().enumerate().map(column).collect(),
            unrated: open().filter(|(risk, _)| risk.rating.level().is_none()).count(),
        }
    }
}

#[derive(Template)]
#[template(path = "risk/home.html")]
struct Home {
    under: String,
    /// When somebody was last written to about what is due.
    reminded: String,
    coverage: Vec<Coverage>,
    has_draft: bool,
    answered: usize,
    /// Questions that the program sees an answer to by itself.
    observed: usize,
    questions: usize,
    unsure: usize,
    /// Answers that a change has reopened.
    stale: usize,
    late: usize,
    map: HeatMap,
    trends: Vec<Trend>,
    planned: Planned,
    to_do: Vec<Due>,
    found: Vec<Found>,
    /// This official confirms care teams, and reads what left the practice.
    teams: bool,
}
