//! Reads the words of letters and finds what must not be in them.

/// What a letter may be told. No name, no reason, no clinician.
const VARIABLES: [&str; 6] = ["practice", "phone", "phrase", "when", "code", "door"];

/// Beginnings of words that would say something about a person's health, in both languages.
const HEALTH: [&str; 56] = [
    "abort",
    "allerg",
    "alerg",
    "anxi",
    "ansie",
    "asthma",
    "asma",
    "blood",
    "sangre",
    "cancer",
    "cáncer",
    "cardi",
    "chart",
    "clinician",
    "condition",
    "counsel",
    "depress",
    "depre",
    "derma",
    "diabet",
    "diagnos",
    "disease",
    "doctor",
    "dr.",
    "dra.",
    "enferm",
    "gyne",
    "gine",
    "hiv",
    "vih",
    "hospital",
    "lab",
    "medic",
    "mental",
    "nurse",
    "oncolog",
    "pain",
    "dolor",
    "pregnan",
    "embaraz",
    "prescri",
    "receta",
    "psych",
    "psiq",
    "psic",
    "reason",
    "motivo",
    "result",
    "sick",
    "specialist",
    "especialis",
    "surg",
    "cirug",
    "symptom",
    "síntoma",
    "therap",
];

/// The faults of one message of a letter: a word about health, or a variable that letters do not have.
pub fn lint(key: &str, sentence: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for variable in sentence.split('$').skip(1) {
        let name: String = variable.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if !VARIABLES.contains(&name.as_str()) {
            faults.push(format!("{key}: a letter must not hold ${name}"));
        }
    }
    let lower = sentence.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric() && c != '.');
    for word in words.filter(|word| !word.is_empty()) {
        if let Some(found) = HEALTH.iter().find(|stem| word.starts_with(**stem)) {
            faults.push(format!("{key}: \"{word}\" says something about health (\"{found}\")"));
        }
    }
    faults
}
