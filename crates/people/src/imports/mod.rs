//! Patients from a file: read, looked at, then added.
//!
//! Owns the table `patient_import`: one list for each person of the staff, sealed, for a day at most, an
//! hour when nobody goes on with it. Refuses to add anybody before somebody has seen who would be added. A
//! row that cannot be added is left out with its reason and never stops the others.

mod columns;
mod file;
mod judge;
mod pages;
mod rules;
mod run;
mod store;
#[cfg(test)]
mod tests;

use keep::{Entry, Keep, KeepError, Object};
use policy::{Act, Facts, decide};
use std::time::Duration;
use vocabulary::Principal;
use web::{Routes, Rule, UPLOAD_FRAME_BYTES};

/// How often abandoned lists are looked for: an hour and a few minutes is the longest that one lies here.
const LOOK_EVERY: Duration = Duration::from_secs(5 * 60);

/// Looks now and every few minutes until the program ends.
pub async fn watch(keep: Keep) {
    loop {
        if let Err(error) = sweep(&keep).await {
            tracing::warn!(%error, "abandoned lists could not be let go");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Lets go of the lists that nobody goes on with.
pub async fn sweep(keep: &Keep) -> Result<usize, KeepError> {
    let program = decide(&Principal::System, &Facts::default(), Act::ImportPatients);
    let program = program.map_err(|_| KeepError::Proof)?;
    let mut tx = keep.begin().await?;
    let gone = store::sweep(&mut tx).await?;
    if gone > 0 {
        let entry = Entry::new(Object::of("import", "")).detail("what", "abandoned");
        tx.commit(&program, entry.detail("lists", gone.to_string())).await?;
    }
    Ok(gone)
}

pub fn routes() -> Routes {
    let rule = Rule::Act(Act::ImportPatients);
    Routes::new()
        .get("/patients/import", rule, pages::show)
        .post_up_to(file::BYTES_MAX + UPLOAD_FRAME_BYTES, "/patients/import/file", rule, pages::receive)
        .post("/patients/import/columns", rule, pages::choose)
        .post("/patients/import/add", rule, run::add)
        .get("/patients/import/left-out", rule, run::left_out)
        .post("/patients/import/drop", rule, pages::give_up)
}
