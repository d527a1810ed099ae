//! The trail as the officials read it: newest first, by person, act and day; what was done with one patient's
//! record; a file to take along.
//!
//! Owns the pages `/practice/trail...`. Refuses to open what entries say about a patient without a reason,
//! and to let entries out without a fresh proof. Looking is itself an entry.

mod csv;
mod list;
mod one_patient;
#[cfg(test)]
pub(crate) mod tests;

use policy::Act;
use web::{Ctx, Routes, Rule};

pub fn routes() -> Routes {
    Routes::new()
        .get("/practice/trail", Rule::Act(Act::ReadTrail), list::list)
        .post("/practice/trail/export", Rule::Act(Act::ExportTrail), csv::export)
        .get("/practice/trail/patient", Rule::Act(Act::ReadTrail), one_patient::ask)
        .post("/practice/trail/patient", Rule::Act(Act::ReadTrail), one_patient::show)
}

/// Who did it, by name where they work here.
pub(crate) fn actor(ctx: &Ctx, who: &keep::trail::Actor) -> String {
    let name = vocabulary::PersonId::parse(&who.id).filter(|_| who.kind == "staff");
    let name = name.and_then(|id| ctx.plugged::<people::patients::Names>().staff(id));
    match name {
        Some(name) => name.reveal().to_owned(),
        None => ctx.words.t(&format!("trail-actor-{}", who.kind)),
    }
}
