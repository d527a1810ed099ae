//! The practice room (R101): anybody tries camera, microphone, sound and network, and sees and hears
//! themselves over the real media server, without staff and without an account.
//!
//! Owns `/try` and `/probe`, the short admission of one browser to the media server, and `/simple`. Refuses
//! to keep anything of a try: no row, no entry, no name. What goes over the server is sealed by the page
//! under a key that never leaves it.

#[cfg(test)]
mod pace_tests;
mod pages;
mod probes;
mod simple;
#[cfg(test)]
mod tests;

pub use probes::Probes;
pub(crate) use simple::remembered;

use web::{Routes, Rule};

/// The start of a path says whose session it is, so that some stand there more than once.
pub fn routes() -> Routes {
    Routes::new()
        .get("/try", Rule::Public("nothing of anybody is shown or kept"), pages::page)
        .post("/simple", SIMPLE, simple::choose)
        .post("/portal/simple", SIMPLE, simple::choose)
        .post("/g/{door}/simple", SIMPLE, simple::choose)
        .post("/probe", PROBE, pages::begin)
        .post("/probe/end", PROBE, pages::end)
        .post("/g/{door}/probe", PROBE, pages::begin)
        .post("/g/{door}/probe/end", PROBE, pages::end)
}

const PROBE: Rule =
    Rule::Public("admits a browser to a media room of its own, for a minute, a few at a time");
const SIMPLE: Rule = Rule::Public("how large this browser shows things; of a patient, remembered");
