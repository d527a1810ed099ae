//! `cargo xtask tidy`: the rules of the house that no compiler knows. Each finding names a file and line and
//! says what to do. A rule that cannot be kept is changed here, with its reason, or not at all.

mod arrows;
mod fluent;
mod guards;
mod purity;
mod shape;
mod store;
mod words;

use crate::repository::{Repository, Source};
use crate::shell::Outcome;

/// One breach of one rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    pub path: String,
    pub line: usize,
    pub advice: String,
}

impl Finding {
    pub fn new(source: &Source, line: usize, advice: impl Into<String>) -> Self {
        Self { path: source.path.clone(), line, advice: advice.into() }
    }
}

type Rule = (&'static str, fn(&[Source]) -> Vec<Finding>);

const RULES: [Rule; 7] = [
    ("arrows", arrows::check),
    ("purity", purity::check),
    ("shape", shape::check),
    ("store", store::check),
    ("words", words::check),
    ("translations", fluent::check),
    ("guards", guards::check),
];

pub fn run() -> Outcome<()> {
    let sources = Repository::find()?.sources()?;
    let mut all = 0;
    for (rule, check) in RULES {
        let findings = check(&sources);
        all += findings.len();
        for finding in &findings {
            println!("{}:{}: {}", finding.path, finding.line, finding.advice);
        }
        println!(
            "tidy {rule}: {}",
            if findings.is_empty() { "ok".into() } else { format!("{} to mend", findings.len()) }
        );
    }
    if all == 0 { Ok(()) } else { Err(format!("{all} places are untidy")) }
}

/// The lines of a file with their numbers.
fn numbered(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(source.text.lines())
}

/// A line of Rust or script without its comment; strings that hold `//` after a colon stay whole.
fn code(line: &str) -> &str {
    let mut from = 0;
    while let Some(at) = line[from..].find("//").map(|at| at + from) {
        if at == 0 || !line[..at].ends_with(':') {
            return &line[..at];
        }
        from = at + 2;
    }
    line
}

fn is_rust(source: &Source) -> bool {
    source.path.ends_with(".rs")
}

fn is_script(source: &Source) -> bool {
    [".ts", ".mjs"].iter().any(|ending| source.path.ends_with(ending))
}

#[cfg(test)]
fn source(path: &str, text: &str) -> Source {
    Source { path: path.into(), text: text.into() }
}
