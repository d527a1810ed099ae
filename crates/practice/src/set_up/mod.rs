//! Setting up the practice: who it is, which law it is under, who answers for privacy, where it works.
//!
//! Owns the tables `set_up` and `site` and the pages `/set-up...`. Refuses to open the practice while an
//! official or the contact for complaints is not named (R53: 45 CFR 164.308(a)(2), 164.530(a)(1)), or while
//! nobody has tried the recovery kit. Until then `web` leads every staff page here.

mod open;
mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use store::{Said, kit_made, kit_tried, load as said, site_names};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let own = Rule::Act(Act::SetUpPractice);
    let all = Rule::SignedIn("the owner finishes the set-up, everybody else hears that it is not finished");
    Routes::new()
        .get("/set-up", all, open::overview)
        .get("/set-up/practice", own, pages::practice)
        .post("/set-up/practice", own, pages::save_practice)
        .get("/set-up/law", own, pages::law)
        .post("/set-up/law", own, pages::save_law)
        .get("/set-up/officials", own, pages::officials)
        .post("/set-up/officials", own, pages::save_officials)
        .get("/set-up/sites", own, pages::sites)
        .post("/set-up/sites", own, pages::add_site)
        .post("/set-up/open", Rule::Act(Act::OpenPractice), open::open)
}
