//! `/practice/house-rules`: one page, one save.

use super::rules::{self, CHANNELS, CHECK_IN, REMINDERS, SIGN_IN, STATES, Typed, VISITS};
use crate::review_requests;
use crate::risk::rules::Trigger;
use askama::Template;
use aws_lc_rs::digest::{SHA256, digest};
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object, Settings};
use policy::{Act, Facts, HouseRules};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

pub(super) async fn show(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let rules = ctx.settings.house_rules.clone();
    Ok(draw(&ctx, &rules, &Typed::new(), Told::default()))
}

pub(super) async fn save(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeHouseRules, &Facts::default()).await?;
    let new = match rules::read(&typed) {
        Ok(new) => new,
        Err(slips) => {
            let mut faults = Faults::default();
            slips.into_iter().for_each(|(field, key)| faults.add(field, ctx.words.t(key)));
            let kept = ctx.settings.house_rules.clone();
            return Ok(draw(&ctx, &kept, &typed, Told { faults, ..Told::default() }));
        }
    };
    let mut tx = ctx.keep.begin().await?;
    // Inside the transaction: nobody else changes them now.
    let settings = ctx.keep.settings();
    let old = &settings.house_rules;
    if typed.get("seen").is_none_or(|seen| *seen != mark_of(old)) {
        let meanwhile = rules::changes(old, &new);
        drop(tx);
        let meanwhile = meanwhile.into_iter().map(|(field, change)| (label_of(&ctx, field), change));
        let told = Told { meanwhile: meanwhile.collect(), ..Told::default() };
        return Ok(draw(&ctx, &settings.house_rules, &typed, told));
    }
    let changed = rules::changes(old, &new);
    if !changed.is_empty() {
        let on = rules::switched_on(old, &new).into_iter().map(|field| label_of(&ctx, field));
        let on: Vec<String> = on.collect();
        if !on.is_empty() {
            review_requests::fire(&mut tx, Trigger::Feature, &on.join(", ")).await?;
        }
        tx.save_settings(&Settings { house_rules: new, ..(*settings).clone() }).await?;
        let entry = Entry::new(Object::of("house_rules", ""));
        let entry = changed.into_iter().fold(entry, |entry, (field, change)| entry.detail(field, change));
        tx.commit(&access, entry).await?;
    }
    Ok(see_other("/practice/house-rules?saved"))
}

/// What the page says about the last save.
#[derive(Default)]
struct Told {
    faults: Faults,
    /// Somebody was first: what differs between their rules and the typed ones.
    meanwhile: Vec<(String, String)>,
}

fn draw(ctx: &Ctx, kept: &HouseRules, typed: &Typed, told: Told) -> Response {
    let status = match (told.faults.any(), told.meanwhile.is_empty()) {
        (true, _) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, false) => StatusCode::CONFLICT,
        (false, true) => StatusCode::OK,
    };
    let number = |one: &rules::Number| Number {
        field: one.field,
        least: one.least,
        most: one.most,
        value: typed.get(one.field).cloned().unwrap_or_else(|| one.of(kept).to_string()),
        fault: told.faults.of(one.field).to_owned(),
    };
    let switch = |one: &rules::Switch| Switch {
        field: one.field,
        on: if typed.is_empty() { one.of(kept) } else { typed.contains_key(one.field) },
    };
    let states = |one: &rules::States| States {
        field: one.field,
        value: typed.get(one.field).cloned().unwrap_or_else(|| one.of(kept).to_owned()),
    };
    // Numbers that must be mended were typed over the rules of then: whoever saved since is not overwritten.
    let then = typed.get("seen").filter(|_| told.faults.any());
    let page = HouseRulesPage {
        seen: then.cloned().unwrap_or_else(|| mark_of(kept)),
        switches: CHECK_IN.iter().map(switch).collect(),
        channels: CHANNELS.iter().map(switch).collect(),
        visits: VISITS.iter().map(number).collect(),
        reminders: REMINDERS.iter().map(number).collect(),
        sign_in: SIGN_IN.iter().map(number).collect(),
        states: STATES.iter().map(states).collect(),
        may_change: ctx.allowed(Act::ChangeHouseRules, &Facts::default()),
        faults: told.faults,
        meanwhile: told.meanwhile,
    };
    ctx.page(Page::new(ctx.words.t("house-title")).rail("rail-practice").status(status), &page)
}

fn label_of(ctx: &Ctx, field: &str) -> String {
    ctx.words.t(&format!("house-{}", field.replace('_', "-")))
}

/// Says which rules a form was drawn from.
fn mark_of(rules: &HouseRules) -> String {
    let json = serde_json::to_vec(rules).unwrap_or_default();
    digest(&SHA256, &json).as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

struct Number {
    field: &'static str,
    least: i64,
    most: i64,
    value: String,
    fault: String,
}

impl Number {
    /// The key of its words.
    fn key(&self) -> String {
        format!("house-{}", self.field.replace('_', "-"))
    }
}

struct Switch {
    field: &'static str,
    on: bool,
}

struct States {
    field: &'static str,
    value: String,
}

impl States {
    fn key(&self) -> String {
        format!("house-{}", self.field.replace('_', "-"))
    }

    fn hint(&self) -> String {
        format!("{}-hint", self.key())
    }
}

impl Switch {
    fn key(&self) -> String {
        format!("house-{}", self.field.replace('_', "-"))
    }

    fn hint(&self) -> String {
        format!("{}-hint", self.key())
    }
}

#[derive(Template)]
#[template(path = "house_rules/page.html")]
struct HouseRulesPage {
    seen: String,
    switches: Vec<Switch>,
    channels: Vec<Switch>,
    visits: Vec<Number>,
    sign_in: Vec<Number>,
    reminders: Vec<Number>,
    states: Vec<States>,
    may_change: bool,
    faults: Faults,
    meanwhile: Vec<(String, String)>,
}
