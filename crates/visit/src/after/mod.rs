//! After the visit: the summary, the portal that shows it, two questions about comfort and privacy, and the
//! sheet of all that was done.
//!
//! Owns the tables `summary` and `survey`. Refuses to put the survey into anything that shows or exports a
//! chart: what somebody felt about privacy is for the privacy official, not for the record (R106).

mod ended;
pub mod portal;
pub(crate) mod sheet;
pub mod summary;
pub mod survey;
#[cfg(test)]
mod tests;

use web::Routes;

pub fn routes() -> Routes {
    Routes::new()
        .merge(summary::routes())
        .merge(portal::routes())
        .merge(survey::routes())
        .merge(ended::routes())
        .merge(sheet::routes())
}
