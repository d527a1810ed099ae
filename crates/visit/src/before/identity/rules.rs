//! What a check of identity must say, what it comes to, and which assurance it reaches. Pure.

use crate::before::rules::{Part, codes};
use serde::{Deserialize, Serialize};

codes! {
    Outcome {
        Passed => "passed",
        Failed => "failed",
        /// The host goes on without, with a reason.
        Waived => "waived",
    }
}

codes! {
    /// How sure the practice is, in the words of NIST SP 800-63A. "Like": nobody here is a credential
    /// service.
    Level {
        None => "none",
        /// Known by two facts, or a document that was seen without the prompt.
        Basic => "basic",
        /// A document with the same name, whoever shows it in view and at the prompt.
        Ial1 => "ial1_like",
        /// The same, and two facts that the practice has on file.
        Ial2 => "ial2_like",
    }
}

codes! {
    Route {
        /// A document with a picture, held up to the camera.
        Document => "document",
        /// Known to the practice (45 CFR 164.514(h)(1)(i)).
        Known => "known",
    }
}

/// Documents with a picture that a government issued, and `other` with the issuer named.
pub const DOCUMENTS: [&str; 6] = ["license", "state_id", "passport", "tribal_id", "military_id", "other"];
/// What the practice has on file and can compare.
pub const KNOWN: [&str; 4] = ["birth_date", "address", "phone", "phrase"];
/// What somebody is asked to do before the camera, drawn anew for each check.
pub const PROMPTS: [&str; 6] = ["left", "right", "fingers", "blink", "shoulder", "ear"];
/// They came and their authority was looked at; `none`: they have none.
pub const NO_AUTHORITY: &str = "none";
const ISSUER_MAX: usize = 60;
const WORDS_MAX: usize = 500;
const KNOWN_MIN: usize = 2;

/// The form, as it was sent.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub route: String,
    pub kind: String,
    pub issuer: String,
    pub last4: String,
    pub name_match: String,
    pub birth_date: String,
    pub address: String,
    pub phone: String,
    pub phrase: String,
    pub basis: String,
    pub authority: String,
    pub in_view: String,
    pub prompt: String,
    pub prompt_done: String,
    pub flag: String,
    pub flag_why: String,
    /// Of the waiver, which is a form of its own.
    pub reason: String,
}

/// What is kept, sealed. Of a document the last four signs and no more (R81); there is no field for a
/// picture.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    pub route: String,
    pub kind: String,
    pub issuer: String,
    pub last4: String,
    pub name_match: bool,
    pub known_by: Vec<String>,
    /// Why a known patient counts as known; of a waiver, why.
    pub basis: String,
    pub authority: String,
    pub in_view: bool,
    pub prompt: String,
    pub prompt_done: bool,
    pub flag_why: String,
}

/// A check that can be written down.
pub struct Said {
    pub outcome: Outcome,
    pub level: Level,
    pub flagged: bool,
    pub facts: Facts,
}

/// By which right somebody of this part is there at all; nobody asks the patient (R83).
pub fn authority_of(part: Part) -> Option<&'static str> {
    match part {
        Part::Representative => Some("on_file"),
        Part::Supporter => Some("patient_agreed"),
        Part::Interpreter => Some("register"),
        Part::Patient | Part::Clinician | Part::Deputy => None,
    }
}

/// Fields that are wrong, each with the key of its sentence. `in_room`: they have a place there, where a
/// document can be seen.
pub fn read(typed: &Typed, part: Part, in_room: bool) -> Result<Said, Vec<(&'static str, &'static str)>> {
    let mut facts = facts_of(typed, part);
    let flagged = typed.flag == "yes";
    let mut wrong = Vec::new();
    if flagged {
        // Whoever suspects a fraud writes down why, and is asked for nothing else. What was said beside it is
        // kept only where it would be taken without a suspicion: never a whole number of a document (R81).
        slips(typed, &facts, (part, in_room)).iter().for_each(|(field, _)| facts.forget(field));
        if !is_said(&facts.flag_why) {
            wrong.push(("flag_why", "identity-fault-flag"));
        }
    } else {
        wrong.extend(slips(typed, &facts, (part, in_room)));
        let right = authority_of(part);
        if right.is_some() && right != Some(typed.authority.as_str()) && typed.authority != NO_AUTHORITY {
            wrong.push(("authority", "identity-fault-authority"));
        }
    }
    if !PROMPTS.contains(&typed.prompt.as_str()) {
        wrong.push(("prompt_done", "identity-fault-prompt"));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let document = Route::parse(&typed.route) == Some(Route::Document);
    let fails = flagged || (document && !facts.name_match) || facts.authority == NO_AUTHORITY;
    let outcome = if fails { Outcome::Failed } else { Outcome::Passed };
    let level = if fails { Level::None } else { level(document, &facts) };
    Ok(Said { outcome, level, flagged, facts })
}

/// The host goes on without a check.
pub fn waiver(reason: &str) -> Option<Said> {
    let basis = reason.trim().to_owned();
    is_said(&basis).then(|| Said {
        outcome: Outcome::Waived,
        level: Level::None,
        flagged: false,
        facts: Facts { basis, ..Facts::default() },
    })
}

fn slips(typed: &Typed, facts: &Facts, (part, in_room): (Part, bool)) -> Vec<(&'static str, &'static str)> {
    let mut wrong = Vec::new();
    match Route::parse(&typed.route) {
        None => wrong.push(("route", "identity-fault-route")),
        // What is on file is of the patient: whoever else knows it has shown nothing of themselves (R83).
        Some(Route::Known) if authority_of(part).is_some() => wrong.push(("route", "identity-fault-third")),
        Some(Route::Known) => {
            if facts.known_by.len() < KNOWN_MIN {
                wrong.push(("birth_date", "identity-fault-known"));
            }
            if !is_said(&facts.basis) {
                wrong.push(("basis", "identity-fault-basis"));
            }
        }
        // Whoever is on the phone shows nothing to anybody.
        Some(Route::Document) if !in_room => wrong.push(("route", "identity-fault-not-in-room")),
        Some(Route::Document) => {
            if !DOCUMENTS.contains(&facts.kind.as_str()) {
                wrong.push(("kind", "identity-fault-kind"));
            }
            let long = facts.issuer.chars().count() > ISSUER_MAX;
            // A digit here would be the number of the document.
            if facts.issuer.is_empty() || long || facts.issuer.chars().any(|it| it.is_ascii_digit()) {
                wrong.push(("issuer", "identity-fault-issuer"));
            }
            if facts.last4.len() != 4 || !facts.last4.bytes().all(|it| it.is_ascii_alphanumeric()) {
                wrong.push(("last4", "identity-fault-last4"));
            }
            if !matches!(typed.name_match.as_str(), "yes" | "no") {
                wrong.push(("name_match", "identity-fault-name"));
            }
        }
    }
    wrong
}

/// Of the way that was not taken nothing is kept.
fn facts_of(typed: &Typed, part: Part) -> Facts {
    let document = Route::parse(&typed.route) == Some(Route::Document);
    let of_document = |text: &str| if document { text.trim().to_owned() } else { String::new() };
    let compared = [&typed.birth_date, &typed.address, &typed.phone, &typed.phrase];
    let right = authority_of(part);
    let known_by = KNOWN.iter().zip(compared).filter(|(_, said)| right.is_none() && *said == "yes");
    let of_list = |said: &str| right.is_some() && (right == Some(said) || said == NO_AUTHORITY);
    Facts {
        route: Route::parse(&typed.route).map(|it| it.code().to_owned()).unwrap_or_default(),
        kind: of_document(&typed.kind),
        issuer: of_document(&typed.issuer),
        last4: of_document(&typed.last4).to_ascii_uppercase(),
        name_match: document && typed.name_match == "yes",
        known_by: known_by.map(|(code, _)| (*code).to_owned()).collect(),
        basis: if document { String::new() } else { typed.basis.trim().to_owned() },
        authority: if of_list(&typed.authority) { typed.authority.clone() } else { String::new() },
        in_view: typed.in_view == "yes",
        prompt: typed.prompt.clone(),
        prompt_done: typed.prompt_done == "yes",
        flag_why: if typed.flag == "yes" { typed.flag_why.trim().to_owned() } else { String::new() },
    }
}

impl Facts {
    fn forget(&mut self, field: &str) {
        match field {
            "kind" => self.kind.clear(),
            "issuer" => self.issuer.clear(),
            "last4" => self.last4.clear(),
            "basis" => self.basis.clear(),
            "route" => [&mut self.kind, &mut self.issuer, &mut self.last4, &mut self.basis]
                .into_iter()
                .for_each(String::clear),
            _ => {}
        }
    }
}

fn level(document: bool, facts: &Facts) -> Level {
    match (document && facts.in_view && facts.prompt_done, facts.known_by.len() >= KNOWN_MIN) {
        (true, true) => Level::Ial2,
        (true, false) => Level::Ial1,
        (false, _) => Level::Basic,
    }
}

fn is_said(words: &str) -> bool {
    !words.is_empty() && words.chars().count() <= WORDS_MAX
}
