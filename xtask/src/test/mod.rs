//! `cargo xtask test`: every check there is, in one order, with one honest count at the end. A step that
//! cannot run because an earlier one failed counts as failed; only a run of all steps on one unchanged tree
//! is full.

mod steps;

use crate::claims::{self, Claimant};
use crate::repository::{Repository, Source};
use crate::results::{self, Outcome, Results, Tested};
use crate::shell::{self, pretty, timed};
use crate::{junit::Case, measure};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::time::Duration;
use steps::{STEPS, Step};

/// What a run can be narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Rust,
    Client,
    Journeys,
}

/// What every step gets.
pub struct Bench {
    pub repository: Repository,
    pub path: OsString,
    pub jobs: String,
}

/// What a step shows: its tests, and why it failed if it did.
#[derive(Default)]
pub struct Shown {
    pub cases: Vec<Case>,
    pub failure: Option<String>,
}

/// One step that was due, and how it went.
struct Went {
    name: &'static str,
    took: Duration,
    tests: usize,
    failing: usize,
    /// Why the step itself failed; its tests speak for themselves.
    failure: Option<String>,
}

impl Went {
    /// In a few words, for the heading and the summary.
    fn verdict(&self) -> String {
        match (&self.failure, self.failing, self.tests) {
            (Some(why), ..) => format!("FAILED: {}", why.lines().next().unwrap_or_default()),
            (None, 0, 0) => "ok".into(),
            (None, 0, tests) => format!("ok, {tests} tests"),
            (None, failing, tests) => format!("FAILED: {failing} of {tests} tests"),
        }
    }

    fn is_absent(&self) -> bool {
        self.failure.as_ref().is_some_and(|why| why.starts_with(ABSENT))
    }
}

struct Report {
    tests: Vec<Tested>,
    steps: Vec<Went>,
}

struct Wish {
    only: Option<Part>,
    jobs: String,
}

pub fn run(args: &[String]) -> shell::Outcome<()> {
    let wish = wish(args)?;
    let repository = Repository::find()?;
    let bench = Bench { path: crate::tools::path(&repository), repository, jobs: wish.jobs };
    let commit = bench.repository.commit();
    let digest = bench.repository.digest()?;
    let sources = bench.repository.sources()?;
    let claimants = claims::find(&sources);
    let cold = !bench.repository.target.join("debug/deps").join("alcove").exists()
        && !bench.repository.target.join("debug/alcove").exists();
    let (report, took) = timed(|| run_steps(&bench, wish.only, &claimants));
    let unchanged = bench.repository.digest()? == digest;
    let results = Results {
        commit,
        tree_digest: digest,
        started: started(took),
        seconds: took.as_secs(),
        full: wish.only.is_none() && unchanged && !report.steps.iter().any(Went::is_absent),
        tests: report.tests,
    };
    results::write(&bench.repository, &results)?;
    if !unchanged {
        println!("\nFiles changed while the checks ran: this run proves nothing.");
    }
    figures(&bench, &sources, &report.steps, cold);
    finish(&results, &report.steps, took)
}

fn run_steps(bench: &Bench, only: Option<Part>, claimants: &[Claimant]) -> Report {
    let mut report = Report { tests: Vec::new(), steps: Vec::new() };
    let mut broken: BTreeSet<&str> = BTreeSet::new();
    for step in STEPS.iter().filter(|step| only.is_none_or(|part| step.parts.contains(&part))) {
        println!("\n== {}", step.name);
        let (shown, took) = timed(|| show(bench, step, &broken));
        let failing = shown.cases.iter().filter(|case| case.outcome == Outcome::Failed).count();
        let went = Went { name: step.name, took, tests: shown.cases.len(), failing, failure: shown.failure };
        if let Some(why) = &went.failure {
            println!("{}: {why}", step.name);
            broken.insert(step.name);
        }
        println!("== {}: {} in {}", step.name, went.verdict(), pretty(took));
        report.tests.extend(shown.cases.into_iter().map(|case| Tested::new(case, claimants)));
        report.steps.push(went);
    }
    report
}

fn show(bench: &Bench, step: &Step, broken: &BTreeSet<&str>) -> Shown {
    match step.needs.iter().find(|need| broken.contains(*need)) {
        Some(need) => Shown { cases: Vec::new(), failure: Some(format!("{ABSENT}'{need}' failed")) },
        None => (step.work)(bench),
    }
}

/// How a step begins its reason when it never ran.
const ABSENT: &str = "not run, because ";

/// Numbers that only creep when nobody looks. The journeys print theirs themselves.
fn figures(bench: &Bench, sources: &[Source], steps: &[Went], cold: bool) {
    println!("\n== figures");
    for (owner, lines) in measure::lines(sources) {
        println!("{lines:7} lines  {owner}");
    }
    if let Some(build) = steps.iter().find(|step| step.name == steps::BUILD && step.failure.is_none()) {
        println!("build {}: {}", if cold { "from cold" } else { "from warm" }, pretty(build.took));
        match measure::idle_memory(&bench.repository) {
            Ok(kib) => println!("idle memory of the demo: {} MiB (unoptimised build)", kib / 1024),
            Err(why) => println!("idle memory of the demo: not measured: {why}"),
        }
    }
}

fn finish(results: &Results, steps: &[Went], took: Duration) -> shell::Outcome<()> {
    let count = |outcome: Outcome| results.tests.iter().filter(|test| test.outcome == outcome).count();
    println!("\n== summary, {} in all{}", pretty(took), if results.full { "" } else { " (not a full run)" });
    for step in steps {
        println!("{:>12}  {}: {}", pretty(step.took), step.name, step.verdict());
    }
    for test in results.tests.iter().filter(|test| test.outcome != Outcome::Passed) {
        println!("{:?}: {} {}", test.outcome, test.suite, test.name);
    }
    // A step with tests counts by its tests, one without counts as one.
    let broken = steps.iter().filter(|step| step.failure.is_some()).count();
    let sound = steps.iter().filter(|step| step.failure.is_none() && step.tests == 0).count();
    let skipped = count(Outcome::Skipped);
    let passed = count(Outcome::Passed) + sound;
    let failed = count(Outcome::Failed) + broken;
    let tail = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
    println!("{passed} passed, {failed} failed{tail}");
    match (failed, skipped) {
        (0, 0) => Ok(()),
        (0, _) => Err("A skipped test is not a passed one: run it or delete it.".into()),
        _ => Err("Not everything passed.".into()),
    }
}

fn started(took: Duration) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "the date of a run, for people")]
    let now = std::time::SystemTime::now();
    now.duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs().saturating_sub(took.as_secs()))
}

fn wish(args: &[String]) -> shell::Outcome<Wish> {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let mut wish = Wish { only: None, jobs: cores.to_string() };
    let mut args = args.iter().map(String::as_str);
    while let Some(flag) = args.next() {
        match (flag, args.next()) {
            ("--only", Some("rust")) => wish.only = Some(Part::Rust),
            ("--only", Some("client")) => wish.only = Some(Part::Client),
            ("--only", Some("e2e")) => wish.only = Some(Part::Journeys),
            ("--jobs", Some(jobs)) if jobs.parse::<u16>().is_ok_and(|jobs| jobs > 0) => {
                wish.jobs = jobs.into()
            }
            _ => return Err("usage: cargo xtask test [--only rust|client|e2e] [--jobs N]".into()),
        }
    }
    Ok(wish)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(String::from).collect()
    }

    #[test]
    fn the_words_of_the_command_are_understood_or_refused() {
        assert_eq!(
            wish(&words("--only e2e --jobs 2")).map(|wish| (wish.only, wish.jobs)),
            Ok((Some(Part::Journeys), "2".into()))
        );
        assert!(wish(&words("--only")).is_err());
        assert!(wish(&words("--only everything")).is_err());
        assert!(wish(&words("--jobs 0")).is_err());
    }

    #[test]
    fn a_step_waits_for_no_broken_one() {
        let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        for (at, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                assert!(known[..at].contains(need), "{} needs {need}, which must come before it", step.name);
                let there =
                    |part| STEPS.iter().any(|other| other.name == *need && other.parts.contains(part));
                assert!(step.parts.iter().all(there), "{} needs {need} in each of its parts", step.name);
            }
        }
    }
}
