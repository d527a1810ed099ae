//! The strategy on one page to print: what the practice does about each risk above tolerance, who does it,
//! until when.

use super::home::title_of;
use super::name_of;
use super::risks::{level_word, tone};
use crate::risk::rules::{self, RiskState, TOLERANCE};
use crate::risk::store::risks;
use askama::Template;
use axum::response::Response;
use keep::Object;
use policy::{Act, Facts};
use vocabulary::UnixMillis;
use web::{Ctx, Failure, Page, filters};

pub async fn page(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("risks", "")).await?;
    let mut goals = Vec::new();
    for (risk, story) in risks::all(&mut view, &access).await? {
        let above = risk.rating.level().is_none_or(|level| level > TOLERANCE);
        if risk.state == RiskState::Closed || !above {
            continue;
        }
        goals.push(Goal {
            href: format!("/practice/risks/{}", risk.id.text()),
            title: title_of(&ctx, &risk),
            level: level_word(&ctx, risk.rating.level()),
            tone: tone(risk.rating.level()),
            treatment: risk
                .treatment
                .map(|one| super::word(&ctx, "treatment", one.code()))
                .unwrap_or_default(),
            settled: rules::is_settled(&risk.register(&story, None)),
            owner: name_of(&mut view, &access, risk.owner).await.unwrap_or_default(),
            due: risk.due_at,
            late: risk.is_late(ctx.now),
            state: super::word(&ctx, "state", risk.state.code()),
            plan: story.plan,
        });
    }
    // What has no day yet comes first: somebody has to give it one.
    goals.sort_by_key(|goal| goal.due.map_or(i64::MIN, |at| at.0));
    let page = Plan { today: ctx.now, late: goals.iter().filter(|goal| goal.late).count(), goals };
    Ok(ctx.page(Page::new(ctx.words.t("plan-title")).rail("rail-practice"), &page))
}

struct Goal {
    href: String,
    title: String,
    level: String,
    tone: &'static str,
    treatment: String,
    settled: bool,
    owner: String,
    due: Option<UnixMillis>,
    late: bool,
    state: String,
    plan: String,
}

#[derive(Template)]
#[template(path = "risk/plan.html")]
struct Plan {
    today: UnixMillis,
    late: usize,
    goals: Vec<Goal>,
}
