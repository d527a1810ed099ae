//! Every word a person sees exists in English and in Spanish: the same messages, attributes and variables in
//! `locales/en` and `locales/es`.

use super::{Finding, numbered};
use crate::repository::Source;
use std::collections::{BTreeMap, BTreeSet};

/// A message or attribute with its line and the variables it uses.
type Messages = BTreeMap<String, (usize, BTreeSet<String>)>;

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.path.ends_with(".ftl")) {
        let Some((twin, language)) = twin(&source.path) else {
            findings.push(Finding::new(source, 1, "keep translations as locales/en and locales/es"));
            continue;
        };
        let Some(other) = sources.iter().find(|other| other.path == twin) else {
            findings.push(Finding::new(source, 1, format!("{twin} is missing: write it")));
            continue;
        };
        compare(source, &messages(source), &messages(other), language, &mut findings);
    }
    findings
}

fn compare(source: &Source, ours: &Messages, theirs: &Messages, language: &str, findings: &mut Vec<Finding>) {
    for (name, (line, variables)) in ours {
        match theirs.get(name) {
            None => {
                findings.push(Finding::new(source, *line, format!("`{name}` has no {language} text: add it")))
            }
            Some((_, others)) if others != variables => {
                let advice =
                    format!("`{name}` uses {variables:?} here and {others:?} in {language}: use the same");
                findings.push(Finding::new(source, *line, advice));
            }
            Some(_) => {}
        }
    }
}

fn twin(path: &str) -> Option<(String, &'static str)> {
    for (from, to, language) in [("en", "es", "Spanish"), ("es", "en", "English")] {
        for (before, after) in
            [(format!("/{from}.ftl"), format!("/{to}.ftl")), (format!("/{from}/"), format!("/{to}/"))]
        {
            if path.contains(&before) {
                return Some((path.replace(&before, &after), language));
            }
        }
    }
    None
}

fn messages(source: &Source) -> Messages {
    let mut found = Messages::new();
    let mut message = String::new();
    let mut name = String::new();
    for (line, text) in numbered(source) {
        let starts = text.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '-');
        let declared = text.split_once('=').map(|(name, _)| name.trim().to_string());
        match declared {
            Some(declared) if starts => {
                message.clone_from(&declared);
                name = declared;
                found.insert(name.clone(), (line, BTreeSet::new()));
            }
            Some(declared) if declared.starts_with('.') && !declared.contains(' ') => {
                name = format!("{message}{declared}");
                found.insert(name.clone(), (line, BTreeSet::new()));
            }
            _ => {}
        }
        if let Some((_, variables)) = found.get_mut(&name).filter(|_| !text.starts_with('#')) {
            variables.extend(text.split('$').skip(1).map(variable));
        }
    }
    found
}

fn variable(text: &str) -> String {
    text.chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '-' || *letter == '_')
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    #[test]
    fn a_missing_word_is_found_on_either_side() {
        let english = source(
            "crates/web/locales/en.ftl",
            "# $x\nday = Day\n    .title = The day { $n }\nleft = Left\n",
        );
        let spanish = source("crates/web/locales/es.ftl", "day = Día\n    .title = El día\nextra = Más\n");
        let findings = check(&[english, spanish]);
        let found: Vec<(&str, usize)> =
            findings.iter().map(|finding| (finding.path.as_str(), finding.line)).collect();
        let (en, es) = ("crates/web/locales/en.ftl", "crates/web/locales/es.ftl");
        assert_eq!(found, vec![(en, 3), (en, 4), (es, 2), (es, 3)]);
    }

    #[test]
    fn a_missing_file_is_found() {
        assert_eq!(check(&[source("crates/web/locales/en/day.ftl", "a = A\n")]).len(), 1);
        let both = [
            source("crates/web/locales/en/day.ftl", "a = A\n"),
            source("crates/web/locales/es/day.ftl", "a = B\n"),
        ];
        assert_eq!(check(&both), vec![]);
    }
}
