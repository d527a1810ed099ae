//! What the practice has of the last twelve months, from the records of every feature.

use super::rules::{Piece, Source, counts, practice_of};
use crate::risk::bank::bank;
use crate::risk::pages::day_of;
use crate::risk::rules::{Choice, RiskState};
use crate::risk::store::{analyses, answers, risks};
use crate::trail_reviews::closed_reviews;
use crate::{evaluations, incidents, inventory, safeguards, vendors};
use keep::Viewing;
use policy::Access;
use std::collections::HashSet;
use vocabulary::UnixMillis;
use web::{Ctx, Failure};

/// Oldest first.
pub async fn pieces(ctx: &Ctx, view: &mut Viewing, access: &Access) -> Result<Vec<Piece>, Failure> {
    let mut found = answered(ctx, view, access).await?;
    // Done and recorded in one moment; what a person dates otherwise says when it was entered.
    let mut add = |practice, source, what: String, at: Option<UnixMillis>| {
        found.extend(at.map(|at| Piece { practice, source, what, at, recorded: Some(at) }));
    };
    for asset in inventory::assets(view, access).await? {
        add(5, Source::Inventory, asset.words.name, Some(asset.reviewed_at));
    }
    for review in closed_reviews(view).await? {
        add(8, Source::TrailReview, review.period, Some(review.at));
    }
    for incident in incidents::list(view).await? {
        let kind = ctx.words.t(&format!("incident-kind-{}", incident.kind));
        add(8, Source::Incident, format!("{} · {kind}", incident.number), incident.closed_at);
    }
    for (risk, _) in risks::all(view, access).await? {
        if risk.state == RiskState::Closed {
            add(7, Source::Risk, crate::risk::pages::home::title_of(ctx, &risk), risk.closed_at);
        }
    }
    for decided in safeguards::newest(view).await? {
        let word = ctx.words.t(&format!("safeguard-decision-{}", decided.decision));
        add(10, Source::Safeguard, format!("{}: {word}", decided.specification), Some(decided.at));
    }
    for one in analyses::list(view).await? {
        let title = ctx.words.with("risk-report-title", &[("n", one.number.into())]);
        add(10, Source::Analysis, title, one.signed_at);
    }
    for one in evaluations::list(view).await? {
        let scope = ctx.words.t(&format!("evaluation-scope-{}", one.scope));
        let (what, recorded) = (format!("{} · {scope}", one.number), Some(one.recorded_at));
        found.push(Piece { practice: 10, source: Source::Evaluation, what, at: one.evaluated_at, recorded });
    }
    for vendor in vendors::list(view, access).await? {
        let (what, source) = (vendor.words.name, Source::Vendor);
        found.extend(vendor.signed.map(|at| Piece { practice: 10, source, what, at, recorded: None }));
    }
    found.retain(|piece| counts(piece.at, ctx.now));
    found.sort_by_key(|piece| (piece.at.0, piece.practice));
    Ok(found)
}

/// Answers of yes and partly as they were given, in the draft and in the analyses signed within the twelve
/// months, and the evidence beside them by its own date. One that was carried forward counts once.
async fn answered(ctx: &Ctx, view: &mut Viewing, access: &Access) -> Result<Vec<Piece>, Failure> {
    let (mut found, mut told) = (Vec::new(), HashSet::new());
    for analysis in analyses::list(view).await? {
        if analysis.signed_at.is_some_and(|at| !counts(at, ctx.now)) {
            continue;
        }
        for (answer, remarks) in answers::with_words(view, access, analysis.id).await? {
            let good = matches!(answer.choice, Some(Choice::Yes | Choice::Partly));
            let question = bank().question(&answer.question);
            let (true, Some(question), Some(at)) = (good, question, answer.answered_at) else { continue };
            let Some(practice) = practice_of(question) else { continue };
            if !told.insert((answer.question, at.0)) {
                continue;
            }
            let what = question.text(ctx.lang).to_owned();
            let recorded = Some(at);
            found.push(Piece { practice, source: Source::Answer, what: what.clone(), at, recorded });
            if remarks.evidence.trim().is_empty() {
                continue;
            }
            let day = day_of(&remarks.evidence_date, ctx.zone()).ok().flatten();
            let what = format!("{what} {}", remarks.evidence);
            let at = day.unwrap_or(at);
            found.push(Piece { practice, source: Source::Attached, what, at, recorded });
        }
    }
    Ok(found)
}
