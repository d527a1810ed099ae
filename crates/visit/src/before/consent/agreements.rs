//! `/portal/agreements`: what the patient agreed to, each alone, with its copy and its way back.
//!
//! Shows whoever acts for the patient nothing of whom an agreement names, unless they may see the record.

use super::signer::Signers;
use super::{Asked, ConsentRow, Lapse, Outcome, Scope, lapse};
use crate::after::portal::own;
use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use keep::Object;
use people::patients::Names;
use people::representatives::{self, Representative};
use policy::{Access, Act, RecordClass};
use serde::Deserialize;
use vocabulary::{Principal, RepresentativeId, UnixMillis};
use web::{Ctx, Failure, Page, filters};

#[derive(Deserialize)]
pub(crate) struct Told {
    #[serde(default)]
    done: String,
}

/// `/portal/agreements`
pub(crate) async fn list(ctx: Ctx, Query(told): Query<Told>) -> Result<Response, Failure> {
    let (patient, access) = own(&ctx, Act::SeeOwnConsent).await?;
    super::end_those_of_minors(&ctx, &access, patient).await?;
    let mut view = ctx.keep.view(&access, Object::of("consents", patient.text())).await?;
    let rows = super::of_patient(&mut view, patient).await?;
    let signers = Signers::of(&mut view, patient).await?;
    let acting = representatives::list(&mut view, &access, patient).await?;
    let who = (&ctx.settings.house_rules, ctx.now);
    let signs_on_screens = super::stands(&mut view, patient, Scope::ESign, who).await?;
    let names = ctx.plugged::<Names>();
    let (mut given, mut waiting, mut over) = (Vec::new(), Vec::new(), Vec::new());
    for row in super::current(&rows).filter(|row| row.outcome != Outcome::Refused) {
        let theirs = is_theirs(&ctx, &access, row.scope);
        let yes = rows.iter().find(|one| one.id == row.yes()).filter(|_| theirs);
        let named = yes.map(|yes| super::named(&view, &access, yes)).transpose()?.flatten();
        let with = row.of.clinician.and_then(|id| names.staff(id)).map(|name| name.reveal().to_owned());
        let waits = row.scope.comes_first() && !signs_on_screens;
        let item = Item {
            id: row.id.text(),
            scope: row.scope,
            with: with.or(named.map(|named| named.who)).unwrap_or_default(),
            signed_by: signers.who(row).map(|one| signer_name(&ctx, &acting, one)),
            at: row.since(),
            on_paper: row.signed_at.is_some(),
            taken_back: row.outcome == Outcome::Withdrawn,
            waits,
            copy: theirs && row.artefact.is_some(),
            back: theirs,
        };
        match why_not(&ctx, row) {
            Some(_) => over.push(item),
            None if waits => waiting.push(item),
            None => given.push(item),
        }
    }
    drop(view);
    let has = |scope: Scope| given.iter().any(|item| item.scope == scope);
    let asks = |scope: Scope| is_asked_here(scope) && is_theirs(&ctx, &access, scope);
    // One for each person that somebody names.
    let more = |scope: Scope| scope.names_somebody() || !has(scope);
    let open = Scope::ALL.into_iter().filter(|scope| asks(*scope) && more(*scope)).collect();
    let mut cards = vec![("given", "agreements-in-force", given)];
    if !waiting.is_empty() {
        cards.push(("waiting", "agreements-waiting", waiting));
    }
    let done = DONE.iter().find(|(word, _)| *word == told.done).map_or("", |(_, key)| *key);
    Ok(ctx.page(Page::new(ctx.words.t("agreements-title")), &List { done, cards, open, over }))
}

/// The patient reads who it was; somebody else who acts for them learns no name but their own.
fn signer_name(ctx: &Ctx, acting: &[Representative], one: RepresentativeId) -> String {
    let sees = match ctx.who {
        Principal::Representative { representative, .. } => representative == one,
        _ => true,
    };
    let known = acting.iter().find(|known| sees && known.id == one);
    let somebody = match ctx.who {
        Principal::Representative { .. } => "agreements-other-signer",
        _ => "agreements-your-signer",
    };
    known.map_or_else(|| ctx.words.t(somebody), |known| known.name.reveal().to_owned())
}

pub(super) fn is_asked_here(scope: Scope) -> bool {
    scope.is_offered() && !scope.is_to_a_clinician()
}

/// Whoever acts for the patient lets nobody have what they may not see: it could be themselves. Nor do they
/// read whom it names, or take back what they cannot tell from another.
pub(crate) fn is_theirs(ctx: &Ctx, access: &Access, scope: Scope) -> bool {
    let acts = matches!(ctx.who, Principal::Representative { .. });
    !acts || !scope.names_somebody() || access.facts().scope.has(RecordClass::Chart)
}

/// Why an answer is not in force, wherever the patient is.
pub(crate) fn why_not(ctx: &Ctx, row: &ConsentRow) -> Option<Lapse> {
    let house = &ctx.settings.house_rules;
    let asked = Asked { clinician: row.of.clinician, state: None, house, now: ctx.now };
    lapse(Some(&row.standing()), &asked)
}

/// What an address may say has just happened, and the sentence for it.
const DONE: [(&str, &str); 2] = [("given", "agreements-given"), ("taken-back", "agreements-taken-back")];

/// Holds names, so it has no `Debug`.
struct Item {
    id: String,
    scope: Scope,
    /// To which clinician, or whom it names.
    with: String,
    /// Who signed, when it was not the patient.
    signed_by: Option<String>,
    at: UnixMillis,
    /// A paper that the practice keeps.
    on_paper: bool,
    taken_back: bool,
    /// A paper about signing on a screen, before anybody has seen that a screen works (R78).
    waits: bool,
    copy: bool,
    /// They may take it back.
    back: bool,
}

#[derive(Template)]
#[template(path = "before/consent/list.html")]
struct List {
    done: &'static str,
    /// What was agreed to: id of the part, the key of its title, and each card.
    cards: Vec<(&'static str, &'static str, Vec<Item>)>,
    open: Vec<Scope>,
    over: Vec<Item>,
}
