//! Facts about what must be looked at again by a day, each as it stands in its own records, and about copies
//! of the data.

use super::rules::Seen;
use super::{Fact, Observer, UNKNOWN, World};
use crate::duties::rules::days_until;
use crate::risk::rules::AnalysisState;
use crate::risk::store::{analyses, risks};
use crate::safeguards::{self, rules::LOOK_AGAIN_MS};
use crate::{evaluations, incidents, review_requests};
use keep::{BoxFuture, KeepError};
use vocabulary::UnixMillis;

/// What the officials owe by a day: how much of it is still in time. The trail, the inventory, agreements,
/// care teams, emergencies and rooms have facts of their own.
pub struct OfReviews;

impl Observer for OfReviews {
    fn facts(&self) -> &'static [Fact] {
        const {
            &[
                Fact::sign("analysis-in-time"),
                Fact::sign("changes-in-time"),
                Fact::sign("incidents-in-time"),
                Fact::sign("evaluation-in-time"),
                Fact::sign("safeguards-in-time"),
                Fact::sign("risks-in-time"),
                Fact::answer("backup-age"),
                Fact::answer("restore-drill"),
            ]
        }
    }

    fn look<'a>(&'a self, fact: &'static str, world: World<'a>) -> BoxFuture<'a, Result<Seen, KeepError>> {
        Box::pin(async move {
            let World { keep, conn, now } = world;
            let days: Vec<UnixMillis> = match fact {
                "analysis-in-time" => {
                    let all = analyses::list(conn).await?;
                    let signed = all.into_iter().find(|one| one.state == AnalysisState::Signed);
                    signed.and_then(|one| one.review_due).into_iter().collect()
                }
                "changes-in-time" => {
                    let due = |asked: UnixMillis| asked.plus_ms(review_requests::rules::LOOK_WITHIN_MS);
                    review_requests::waiting(conn).await?.iter().map(|one| due(one.asked_at)).collect()
                }
                "incidents-in-time" => {
                    let all = incidents::list(conn).await?;
                    let open = all.iter().filter(|one| one.closed_at.is_none());
                    open.map(|one| incidents::rules::due_at(one.reported_at)).collect()
                }
                "evaluation-in-time" => {
                    evaluations::list(conn).await?.first().map(|one| one.next_due).into_iter().collect()
                }
                "safeguards-in-time" => {
                    let newest = safeguards::newest(conn).await?;
                    newest.iter().map(|one| one.at.plus_ms(LOOK_AGAIN_MS)).collect()
                }
                "risks-in-time" => risks::days(conn).await?,
                // The program makes no copies, so it sees none; what is declared stands beside that.
                "backup-age" | "restore-drill" => return Ok(Seen::Nothing),
                _ => return Err(UNKNOWN),
            };
            Ok(in_time(&days, now, &keep.settings().face.zone))
        })
    }
}

/// How many of these days are not over.
fn in_time(days: &[UnixMillis], now: UnixMillis, zone: &str) -> Seen {
    let left = days.iter().filter(|day| days_until(**day, now, zone) >= 0).count();
    Seen::Share { part: left as i64, whole: days.len() as i64 }
}
