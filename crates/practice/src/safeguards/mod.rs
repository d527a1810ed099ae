//! Safeguards: the decision on each of the 22 addressable specifications (R28; 45 CFR 164.306(d)(3)), what a
//! proposed rule would ask (R50), and the ten tips for small practices.
//!
//! Owns the table `safeguard_decision` and the pages under `/practice/safeguards`. Refuses a decision without
//! its reasons, and to show what is only proposed without saying so.

mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use store::{Decided, newest};

use policy::Act;
use serde::Deserialize;
use std::sync::OnceLock;
use vocabulary::Lang;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let see = Rule::Act(Act::SeeRisks);
    Routes::new()
        .get("/practice/safeguards", see, pages::all)
        .get("/practice/safeguards/proposed", see, pages::proposed)
        .get("/practice/safeguards/tips", see, pages::tips)
        .get("/practice/safeguards/of/{specification}", see, pages::one)
        .post("/practice/safeguards/of/{specification}", Rule::Act(Act::DecideSafeguard), pages::decide)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Specification {
    /// Decisions are kept under it.
    pub id: String,
    pub cite: String,
    en: String,
    es: String,
    does_en: String,
    does_es: String,
    /// What the program sees of it.
    #[serde(default)]
    pub fact: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    pub id: String,
    en: String,
    es: String,
    #[serde(default)]
    pub fact: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tip {
    en: String,
    es: String,
    /// Of the question bank: low answers that show them say that the tip is not followed.
    pub weak_spots: Vec<String>,
}

impl Specification {
    pub fn text(&self, lang: Lang) -> &str {
        pick(lang, &self.en, &self.es)
    }

    /// What the program already does about it.
    pub fn does(&self, lang: Lang) -> &str {
        pick(lang, &self.does_en, &self.does_es)
    }
}

impl Proposal {
    pub fn text(&self, lang: Lang) -> &str {
        pick(lang, &self.en, &self.es)
    }
}

impl Tip {
    pub fn text(&self, lang: Lang) -> &str {
        pick(lang, &self.en, &self.es)
    }
}

fn pick<'a>(lang: Lang, en: &'a str, es: &'a str) -> &'a str {
    match lang {
        Lang::En => en,
        Lang::Es => es,
    }
}

/// The lists, read once.
pub struct Lists {
    pub specifications: Vec<Specification>,
    pub proposals: Vec<Proposal>,
    pub tips: Vec<Tip>,
}

pub fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| {
        #[derive(Deserialize)]
        struct Specifications {
            specification: Vec<Specification>,
        }
        #[derive(Deserialize)]
        struct Proposals {
            proposal: Vec<Proposal>,
        }
        #[derive(Deserialize)]
        struct Tips {
            tip: Vec<Tip>,
        }
        let first: Specifications =
            toml::from_str(include_str!("specifications.toml")).expect("the file beside this one is sound");
        let second: Proposals =
            toml::from_str(include_str!("proposed.toml")).expect("the file beside this one is sound");
        let third: Tips =
            toml::from_str(include_str!("tips.toml")).expect("the file beside this one is sound");
        Lists { specifications: first.specification, proposals: second.proposal, tips: third.tip }
    })
}
