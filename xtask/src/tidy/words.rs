//! Words that must not stand in a tracked file: paths and papers of the place where it was written, promises
//! nobody can keep, and tests that are switched off.

use super::{Finding, is_rust, is_script, numbered};
use crate::repository::Source;

/// Split, so that this file does not hold what it forbids.
const PLACES: [&str; 4] =
    [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!(".lib", "rary/"), concat!("shared", "/DESIGN")];

/// Papers that are not in the tree: a reader could not follow the pointer.
const PAPERS: [&str; 7] =
    ["DESIGN.md", "ecosystem.md", "e2ee.md", "trust.md", "style.md", "requirements.md", "LOOK.md"];

/// Promises: nobody certifies software for this law, and nothing is beyond attack.
const PROMISES: [&str; 5] = [
    concat!("hipaa com", "pliant"),
    concat!("hipaa-com", "pliant"),
    concat!("hipaa cert", "ified"),
    concat!("unhack", "able"),
    concat!("military", "-grade"),
];
/// A sentence may still say that the promise is not made.
const DENIALS: [&str; 6] = ["not ", "never", "no ", "nobody", "nothing", "absent"];

const SWITCHED_OFF: [&str; 6] =
    ["test.skip(", "it.skip(", "describe.skip(", "test.only(", "it.only(", "test.todo("];

/// What is run by hand to learn a number, and holds nothing.
const MEASUREMENT: &str = concat!("#[ign", "ore = \"a measurement");

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let there = |name: &str| sources.iter().any(|source| source.path.rsplit('/').next() == Some(name));
    let absent: Vec<&str> = PAPERS.into_iter().filter(|name| !there(name)).collect();
    for source in
        sources.iter().filter(|source| !source.path.ends_with("words.rs") && !source.path.ends_with(".lock"))
    {
        for (line, text) in numbered(source) {
            let folded = text.to_lowercase();
            let mut say = |advice: String| findings.push(Finding::new(source, line, advice));
            if let Some(word) = PLACES.iter().find(|word| folded.contains(&word.to_lowercase())) {
                say(format!("`{word}` belongs to the place where this was written: say it without"));
            }
            if let Some(paper) = absent.iter().find(|paper| points_to(text, paper)) {
                say(format!("{paper} is not in this tree: say here what it says"));
            }
            if PROMISES.iter().any(|promise| folded.contains(promise))
                && !DENIALS.iter().any(|word| folded.contains(word))
            {
                say("nobody can promise that: say what holds, against whom, and which test shows it".into());
            }
            let text = text.trim_start();
            if is_rust(source) && text.starts_with(concat!("#[ign", "ore")) && !text.starts_with(MEASUREMENT)
            {
                say("a test that is switched off proves nothing: run it or delete it".into());
            }
            if is_script(source) && SWITCHED_OFF.iter().any(|call| text.contains(call)) {
                say("a test that is switched off proves nothing: run it or delete it".into());
            }
        }
    }
    findings
}

/// Whole names only: `docs/client-style.md` is not `style.md`.
fn points_to(text: &str, paper: &str) -> bool {
    text.match_indices(paper).any(|(at, _)| {
        !text[..at]
            .chars()
            .next_back()
            .is_some_and(|letter| letter.is_alphanumeric() || letter == '-' || letter == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    fn count(path: &str, text: &str) -> usize {
        check(&[source(path, text)]).len()
    }

    #[test]
    fn places_and_absent_papers_are_found() {
        assert_eq!(count("README.md", &format!("see {}main\n", PLACES[0])), 1);
        assert_eq!(count("README.md", "as DESIGN.md says\n"), 1);
        assert_eq!(count("README.md", "as client-style.md says\n"), 0);
        let both = [source("README.md", "as docs/trust.md says\n"), source("docs/trust.md", "x\n")];
        assert_eq!(check(&both), vec![]);
    }

    #[test]
    fn a_promise_is_found_and_its_denial_is_not() {
        assert_eq!(count("README.md", &format!("Alcove is {}.\n", PROMISES[0].to_uppercase())), 1);
        assert_eq!(count("README.md", &format!("Alcove is not {}.\n", PROMISES[3])), 0);
    }

    #[test]
    fn tests_that_are_switched_off_are_found() {
        assert_eq!(count("crates/a/src/b.rs", concat!("    #[ign", "ore]\n")), 1);
        assert_eq!(count("crates/a/src/b.rs", concat!("    #[ign", "ore = \"a measurement\"]\n")), 0);
        assert_eq!(count("e2e/a.test.mjs", "test.skip(\"x\", f);\n"), 1);
        assert_eq!(count("crates/a/src/b.rs", "rows.skip(1);\n"), 0);
    }
}
