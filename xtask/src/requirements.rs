//! `cargo xtask requirements`: what the last full run of exactly this tree proved. Takes nobody's word: a
//! number is proven when a test names it whole, and every test that names it ran and passed.

use crate::claims::{self, Claimant};
use crate::repository::Repository;
use crate::results::{self, Outcome, Results};
use crate::shell;
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Debug, Deserialize)]
struct List {
    requirement: Vec<Requirement>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "read so that a missing field is an error")]
struct Requirement {
    id: String,
    text: String,
    citation: String,
    test: String,
    priority: String,
}

/// How far one number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Proven,
    Partial,
    Failing,
    NotRun,
    Missing,
}

pub fn run(args: &[String]) -> shell::Outcome<()> {
    let needed = match args {
        [] => Vec::new(),
        [flag, list] if flag == "--need" => {
            claims::numbers(list).ok_or_else(|| format!("'{list}' is no list such as R7,R58-R64"))?
        }
        _ => return Err("usage: cargo xtask requirements [--need R7,R58-R64]".into()),
    };
    let repository = Repository::find()?;
    let list = read_list(&repository)?;
    let sources = repository.sources()?;
    let claimants = claims::find(&sources);
    let results = results::read(&repository)?;
    let trusted = trust(&repository, &results)?;
    let standing = |number: u16| {
        let standing = stand(number, &results, &claimants);
        if trusted || standing != Standing::Proven { standing } else { Standing::NotRun }
    };
    print_missing(&list, &claimants, standing);
    println!("{}", last_line(&list, standing));
    let open: Vec<String> = needed
        .iter()
        .filter(|&&number| standing(number) != Standing::Proven)
        .map(|number| format!("R{number}"))
        .collect();
    if open.is_empty() { Ok(()) } else { Err(format!("not proven: {}", open.join(", "))) }
}

/// The committed list, checked for its form: R1 to R145, each once, in order.
fn read_list(repository: &Repository) -> shell::Outcome<Vec<Requirement>> {
    let path = "docs/requirements.toml";
    let text = std::fs::read_to_string(repository.root.join(path)).map_err(|why| format!("{path}: {why}"))?;
    let list: List = toml::from_str(&text).map_err(|why| format!("{path}: {why}"))?;
    let expected = (1..=claims::LAST).map(|number| format!("R{number}"));
    if list.requirement.iter().map(|requirement| requirement.id.clone()).eq(expected) {
        Ok(list.requirement)
    } else {
        Err(format!("{path}: it must hold R1 to R{}, each once, in order", claims::LAST))
    }
}

/// Only a full run of exactly this tree proves anything; says so when the last one was not.
fn trust(repository: &Repository, results: &Results) -> shell::Outcome<bool> {
    if !results.full {
        println!("The last run was not a full one: nothing is proven. Run `cargo xtask test`.");
        return Ok(false);
    }
    if results.tree_digest != repository.digest()? {
        println!("Files changed since the last full run: nothing is proven. Run `cargo xtask test`.");
        return Ok(false);
    }
    Ok(true)
}

fn stand(number: u16, results: &Results, claimants: &[Claimant]) -> Standing {
    let mut whole = false;
    let mut named = false;
    for test in &results.tests {
        let Some(claim) = test.requirements.iter().find(|claim| claim.number == number) else { continue };
        named = true;
        match test.outcome {
            Outcome::Passed => whole |= !claim.part,
            Outcome::Failed => return Standing::Failing,
            Outcome::Skipped => return Standing::NotRun,
        }
    }
    let claimed =
        claimants.iter().filter(|claimant| claimant.claims.iter().any(|claim| claim.number == number));
    let ran =
        |claimant: &Claimant| results.tests.iter().any(|test| claimant.test.is(&test.suite, &test.name));
    let (done, waiting): (Vec<_>, Vec<_>) = claimed.partition(|claimant| ran(claimant));
    match (waiting.is_empty(), whole, named || !done.is_empty()) {
        (false, _, _) => Standing::NotRun,
        (true, true, _) => Standing::Proven,
        (true, false, true) => Standing::Partial,
        (true, false, false) => Standing::Missing,
    }
}

fn print_missing(list: &[Requirement], claimants: &[Claimant], standing: impl Fn(u16) -> Standing) {
    for (number, requirement) in (1..).zip(list) {
        let word = match standing(number) {
            Standing::Proven => continue,
            Standing::Partial => "partial",
            Standing::Failing => "failing",
            Standing::NotRun => "not run",
            Standing::Missing => "missing",
        };
        println!("{word:8} {:5} {} {}", requirement.id, requirement.priority, requirement.text);
        let places: BTreeSet<&str> = claimants
            .iter()
            .filter(|claimant| claimant.claims.iter().any(|claim| claim.number == number))
            .map(|claimant| claimant.place.as_str())
            .collect();
        for place in places {
            println!("               {place}");
        }
    }
}

fn last_line(list: &[Requirement], standing: impl Fn(u16) -> Standing) -> String {
    let count = |priority: &str| {
        let of: Vec<u16> = (1..)
            .zip(list)
            .filter(|(_, requirement)| requirement.priority == priority)
            .map(|(number, _)| number)
            .collect();
        let proven = of.iter().filter(|&&number| standing(number) == Standing::Proven).count();
        format!("{priority} {proven}/{}", of.len())
    };
    format!("proven: {}, {}, {}", count("P0"), count("P1"), count("P2"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::{Claim, Test};
    use crate::results::Tested;

    fn ran(name: &str, outcome: Outcome, number: u16, part: bool) -> Tested {
        let requirements = vec![Claim { number, part }];
        Tested { suite: "keep".into(), name: name.into(), outcome, requirements }
    }

    fn results(tests: Vec<Tested>) -> Results {
        Results {
            commit: "none".into(),
            tree_digest: String::new(),
            started: 0,
            seconds: 0,
            full: true,
            tests,
        }
    }

    #[test]
    fn the_list_holds_92_and_44_and_9() {
        let list = read_list(&Repository::find().expect("a repository")).expect("a list");
        assert_eq!(last_line(&list, |_| Standing::Missing), "proven: P0 0/92, P1 0/44, P2 0/9");
        assert_eq!(last_line(&list, |_| Standing::Proven), "proven: P0 92/92, P1 44/44, P2 9/9");
    }

    #[test]
    fn a_number_is_proven_only_when_each_test_that_names_it_passed() {
        let passed = || ran("a", Outcome::Passed, 7, false);
        assert_eq!(stand(7, &results(vec![passed()]), &[]), Standing::Proven);
        assert_eq!(
            stand(7, &results(vec![passed(), ran("b", Outcome::Failed, 7, true)]), &[]),
            Standing::Failing
        );
        assert_eq!(
            stand(7, &results(vec![passed(), ran("b", Outcome::Skipped, 7, true)]), &[]),
            Standing::NotRun
        );
        assert_eq!(stand(8, &results(vec![passed()]), &[]), Standing::Missing);
    }

    #[test]
    fn parts_alone_prove_nothing() {
        let parts = vec![ran("a", Outcome::Passed, 60, true), ran("b", Outcome::Passed, 60, true)];
        assert_eq!(stand(60, &results(parts), &[]), Standing::Partial);
    }

    #[test]
    fn a_claim_that_did_not_run_is_not_proven() {
        let test = Test::Rust { binary: "keep".into(), module: String::new(), name: "gone".into() };
        let claimant = Claimant { place: "x:1".into(), test, claims: vec![Claim { number: 7, part: false }] };
        let results = results(vec![ran("a", Outcome::Passed, 7, false)]);
        assert_eq!(stand(7, &results, &[claimant]), Standing::NotRun);
    }
}
