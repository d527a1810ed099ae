//! What visits see to when two charts become one: nobody is waiting or in a room, and the answers to consents
//! count on in the order in which they were given.

use keep::{BoxFuture, Handed, KeepError, Tx, args};
use people::merges::Follow;
use vocabulary::{PatientId, VisitId};

/// Plugged into the site with `people::merges::Followers`.
pub struct OfVisits;

/// No patient has given as many answers: above it, numbers of two patients never meet.
const APART: i64 = 1_000_000;

/// Everything that lies under the key of the patient whose visit it is, by the name of its row.
const OF_A_VISIT: [(&str, &str); 12] = [
    ("participant", "SELECT id AS row_name FROM participant WHERE visit = $1"),
    (
        "companion",
        "SELECT participant AS row_name FROM companion
         WHERE participant IN (SELECT id FROM participant WHERE visit = $1)",
    ),
    (
        "acting",
        "SELECT participant AS row_name FROM acting
         WHERE participant IN (SELECT id FROM participant WHERE visit = $1)",
    ),
    (
        "check_in",
        "SELECT participant AS row_name FROM check_in
         WHERE participant IN (SELECT id FROM participant WHERE visit = $1)",
    ),
    ("consent", "SELECT id AS row_name FROM consent WHERE visit = $1"),
    ("file", "SELECT artefact AS row_name FROM consent WHERE visit = $1 AND artefact IS NOT NULL"),
    ("identity_check", "SELECT id AS row_name FROM identity_check WHERE visit = $1"),
    ("interpreting", "SELECT id AS row_name FROM interpreting WHERE visit = $1"),
    ("lobby_message", "SELECT id AS row_name FROM lobby_message WHERE visit = $1"),
    ("privacy_notice", "SELECT id AS row_name FROM privacy_notice WHERE visit = $1"),
    ("summary", "SELECT id AS row_name FROM summary WHERE visit = $1"),
    ("survey", "SELECT id AS row_name FROM survey WHERE visit = $1"),
];

/// What has renewed or taken back a yes since: one that stays behind would leave the yes in force again.
const OF_A_YES: [(&str, &str); 2] = [
    ("consent", "SELECT id AS row_name FROM consent WHERE ends = $1"),
    ("file", "SELECT artefact AS row_name FROM consent WHERE ends = $1 AND artefact IS NOT NULL"),
];

impl Follow for OfVisits {
    fn may_move<'a>(
        &'a self,
        tx: &'a mut Tx,
        (from, to): (PatientId, PatientId),
    ) -> BoxFuture<'a, Result<bool, KeepError>> {
        Box::pin(async move {
            let under_way = "SELECT id FROM visit
                             WHERE (patient = $1 OR patient = $2) AND state IN ('waiting', 'live') LIMIT 1";
            if tx.row(under_way, args![from, to]).await?.is_some() {
                return Ok(false);
            }
            let shift = "UPDATE consent SET number = number + $2 WHERE patient = $1";
            tx.run(shift, args![from, APART]).await?;
            tx.run(shift, args![to, 2 * APART]).await?;
            // Whoever opened the sample page in the one chart has opened it in both.
            tx.run(
                "INSERT INTO sample_opened (patient, at)
                 SELECT CAST($2 AS TEXT), at FROM sample_opened WHERE patient = $1
                 ON CONFLICT (patient) DO NOTHING",
                args![from, to],
            )
            .await?;
            Ok(true)
        })
    }

    fn written_since<'a>(
        &'a self,
        tx: &'a mut Tx,
        moved: &'a [Handed],
    ) -> BoxFuture<'a, Result<Vec<Handed>, KeepError>> {
        Box::pin(async move {
            let mut all = Vec::new();
            let visits = moved.iter().filter(|one| one.table == "visit");
            for visit in visits.filter_map(|one| VisitId::parse(&one.row)) {
                for (table, sql) in OF_A_VISIT {
                    for row in &tx.rows(sql, args![visit]).await? {
                        let row = row.text("row_name")?.to_owned();
                        all.push(Handed { table: table.to_owned(), row });
                    }
                }
                all.extend(people::invitations::give_back(tx, visit, moved).await?);
            }
            for yes in moved.iter().filter(|one| one.table == "consent") {
                for (table, sql) in OF_A_YES {
                    for row in &tx.rows(sql, args![&yes.row]).await? {
                        let row = row.text("row_name")?.to_owned();
                        all.push(Handed { table: table.to_owned(), row });
                    }
                }
            }
            Ok(all)
        })
    }

    fn moved<'a>(
        &'a self,
        tx: &'a mut Tx,
        (from, to): (PatientId, PatientId),
    ) -> BoxFuture<'a, Result<(), KeepError>> {
        Box::pin(async move {
            for patient in [from, to] {
                let given = "SELECT id FROM consent WHERE patient = $1 ORDER BY at, number";
                let rows = tx.rows(given, args![patient]).await?;
                for (number, row) in (1_i64..).zip(&rows) {
                    let sql = "UPDATE consent SET number = $2 WHERE id = $1";
                    tx.run_one(sql, args![row.text("id")?, number]).await?;
                }
            }
            Ok(())
        })
    }
}
