//! Why somebody who was on the way to a visit, or waited already, cannot come in any more: their consent was
//! taken back, maybe on another page or by a call, and what they can do now.

use crate::before::consent::rules::Method;
use crate::before::consent::{Outcome, Scope, for_visit, newest};
use crate::before::store::VisitRow;
use keep::{Conn, KeepError};
use web::Ctx;

/// In words; empty for everybody else, and for those whom an emergency lets in.
pub(super) async fn why_out(ctx: &Ctx, conn: &mut Conn, visit: &VisitRow) -> Result<String, KeepError> {
    if for_visit(conn, visit, (&ctx.settings.house_rules, ctx.now)).await?.lets_in() {
        return Ok(String::new());
    }
    let Some(row) = newest(conn, visit.patient, Scope::Telehealth, Some(visit.clinician)).await? else {
        return Ok(String::new());
    };
    let key = match (row.outcome, row.method) {
        (Outcome::Withdrawn, Method::Electronic) => "lapse-withdrawn",
        (Outcome::Withdrawn, _) => "lapse-withdrawn-told",
        (Outcome::Refused, _) => "lapse-refused",
        _ => return Ok(String::new()),
    };
    Ok(ctx.words.with(key, &[("when", ctx.words.day_and_time(row.at, ctx.zone()).into())]))
}
