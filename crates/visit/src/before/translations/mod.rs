//! Translations of critical text: consents, the notice of privacy practices, what to do in an emergency.
//! Each stays hidden from patients until a qualified person has read exactly these words (45 CFR
//! 92.201(c)(3), R96).
//!
//! Owns the table `text_approval` and the page `/practice/translations`. Refuses an approval without a name
//! and a qualification; a changed word, or a new version, is a text that nobody has approved.

mod pages;
#[cfg(test)]
mod places_tests;
mod shown;
mod store;
#[cfg(test)]
pub(crate) mod tests;
mod texts;

pub use store::{Reader, add as approve};
pub use texts::{Critical, all};

pub(crate) use shown::{Sentence, consent, emergency, notice};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let (see, approve) = (Rule::Act(Act::SeeTranslations), Rule::Act(Act::ApproveTranslation));
    Routes::new()
        .get("/practice/translations", see, pages::list)
        .get("/practice/translations/{code}", see, pages::one)
        .post("/practice/translations/{code}", approve, pages::approve)
        .post("/practice/translations/{code}/withdraw", approve, pages::withdraw)
}
