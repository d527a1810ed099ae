//! target/results.json: what one run of `cargo xtask test` showed, and of which tree.

use crate::claims::{self, Claim, Claimant};
use crate::junit::Case;
use crate::repository::Repository;
use crate::shell;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Passed,
    Failed,
    Skipped,
}

#[derive(Serialize, Deserialize)]
pub struct Results {
    pub commit: String,
    pub tree_digest: String,
    /// Seconds since 1970, for people; nothing is decided by it.
    pub started: u64,
    pub seconds: u64,
    /// Every suite ran, on one unchanged tree.
    pub full: bool,
    pub tests: Vec<Tested>,
}

#[derive(Serialize, Deserialize)]
pub struct Tested {
    pub suite: String,
    pub name: String,
    pub outcome: Outcome,
    pub requirements: Vec<Claim>,
}

impl Tested {
    /// A line of a report with what the test claims in the sources, or in a title made at run time.
    pub fn new(case: Case, claimants: &[Claimant]) -> Self {
        let sources = claimants.iter().filter(|claimant| claimant.test.is(&case.suite, &case.name));
        let mut requirements: Vec<Claim> =
            sources.flat_map(|claimant| claimant.claims.iter().copied()).collect();
        requirements.extend(claims::claims(&case.name));
        requirements.sort_unstable();
        requirements.dedup();
        Self { suite: case.suite, name: case.name, outcome: case.outcome, requirements }
    }
}

pub fn write(repository: &Repository, results: &Results) -> shell::Outcome<()> {
    let path = repository.target.join("results.json");
    let text = serde_json::to_string_pretty(results).map_err(|why| why.to_string())?;
    std::fs::write(&path, text).map_err(|why| format!("{}: {why}", path.display()))
}

pub fn read(repository: &Repository) -> shell::Outcome<Results> {
    let path = repository.target.join("results.json");
    let text = std::fs::read_to_string(&path)
        .map_err(|_| format!("{} is missing: run `cargo xtask test` first", path.display()))?;
    serde_json::from_str(&text).map_err(|why| format!("{}: {why}", path.display()))
}
