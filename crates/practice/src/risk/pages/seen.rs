//! What an official has before them when they open the page to sign, as a mark in its form: whatever is
//! different when the signature arrives was not seen, and is not signed.

use super::home::title_of;
use super::{draft, standing};
use crate::risk::bank::bank;
use crate::risk::rules::{Standing, Trigger};
use crate::risk::store::analyses::{self, About, Analysis};
use crate::risk::store::answers::{self, Answer, Remarks};
use crate::risk::store::risks::{self, Risk, Story};
use crate::signed_reports::proof::sha256;
use crate::{inventory, vendors};
use keep::Viewing;
use policy::Access;
use std::collections::{BTreeMap, BTreeSet};
use web::{Ctx, Failure};

/// The draft with everything it says.
pub(super) struct Draft {
    pub analysis: Analysis,
    pub about: About,
    pub given: Vec<(Answer, Remarks)>,
    pub register: Vec<(Risk, Story)>,
    pub seen: Seen,
}

impl Draft {
    pub async fn load(view: &mut Viewing, access: &Access) -> Result<Draft, Failure> {
        let analysis = draft(view).await?.ok_or(Failure::NotFound)?;
        let about = analyses::about(view, access, analysis.id).await?;
        let given = answers::with_words(view, access, analysis.id).await?;
        let register = risks::all(view, access).await?;
        let mut seen = Seen::default();
        seen.put(ABOUT, format!("{}.{}", analysis.number, analysis.version));
        for (answer, _) in &given {
            // Reopening an answer leaves its version.
            let reopened = answer.reopened_by.map_or("", Trigger::code);
            seen.put(&answer.question, format!("{}{reopened}", answer.version));
        }
        for (risk, _) in &register {
            seen.put(&risk_key(risk), risk.version.to_string());
        }
        let assets = inventory::assets(view, access).await?.into_iter();
        let flows = inventory::flows(view, access).await?.into_iter();
        let kept = assets.map(|one| format!("{} {}", one.id.text(), one.version));
        let kept = kept.chain(flows.map(|one| format!("{} {}", one.id.text(), one.reviewed_at.0)));
        seen.put(INVENTORY, short(kept));
        let vendors = vendors::list(view, access).await?.into_iter();
        seen.put(VENDORS, short(vendors.map(|one| format!("{} {}", one.id.text(), one.version))));
        Ok(Draft { analysis, about, given, register, seen })
    }

    pub fn standing(&self) -> Standing {
        standing(&self.analysis, &self.about, self.given.iter().map(|(answer, _)| answer), &self.register)
    }

    pub fn answer(&self, question: &str) -> Option<&(Answer, Remarks)> {
        self.given.iter().find(|(answer, _)| answer.question == question)
    }

    /// What is not as it was seen: its words, and where to look.
    pub fn changed_since(&self, ctx: &Ctx, seen: &Seen) -> Vec<(String, String)> {
        let one = |key: &str| -> Option<(String, String)> {
            if let Some(question) = bank().question(key) {
                let href = format!("/practice/analysis/questions/{key}");
                return Some((question.text(ctx.lang).to_owned(), href));
            }
            if let Some((risk, _)) = self.register.iter().find(|(risk, _)| risk_key(risk) == key) {
                return Some((title_of(ctx, risk), format!("/practice/risks/{}", risk.id.text())));
            }
            let (word, href) = match key {
                ABOUT => ("risk-sign-changed-about", "/practice/analysis/about"),
                INVENTORY => ("risk-sign-changed-inventory", "/practice/inventory"),
                VENDORS => ("risk-sign-changed-vendors", "/practice/vendors"),
                _ => return None,
            };
            Some((ctx.words.t(word), href.to_owned()))
        };
        let mut parts = self.seen.differing(seen);
        // One change can reopen many answers: they come last.
        parts.sort_by_key(|part| bank().question(part).is_some());
        parts.into_iter().filter_map(one).collect()
    }
}

const ABOUT: &str = "about";
const INVENTORY: &str = "inventory";
const VENDORS: &str = "vendors";

fn risk_key(risk: &Risk) -> String {
    format!("risk-{}", risk.number)
}

/// Half of a SHA-256: it guards against oversight, and the form's token against forgery.
fn short(lines: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = lines.collect();
    sha256(all.join("\n").as_bytes()).chars().take(32).collect()
}

/// Each part of a draft with its version. In a form `part=version`, with spaces between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen(BTreeMap<String, String>);

impl Seen {
    fn put(&mut self, part: &str, version: String) {
        self.0.insert(part.to_owned(), version);
    }

    pub fn text(&self) -> String {
        let parts: Vec<String> = self.0.iter().map(|(part, version)| format!("{part}={version}")).collect();
        parts.join(" ")
    }

    /// What is no mark of a draft says that nothing was seen.
    pub fn parse(text: &str) -> Seen {
        let parts = text.split(' ').filter_map(|part| part.split_once('='));
        Seen(parts.map(|(part, version)| (part.to_owned(), version.to_owned())).collect())
    }

    /// The parts that one of the two has otherwise, or not at all.
    fn differing<'a>(&'a self, other: &'a Seen) -> Vec<&'a str> {
        let parts: BTreeSet<&String> = self.0.keys().chain(other.0.keys()).collect();
        let differs = |part: &&String| self.0.get(*part) != other.0.get(*part);
        parts.into_iter().filter(differs).map(String::as_str).collect()
    }
}
