//! The steps of `cargo xtask test`, in order. Each one says what it runs; none of them may pass without
//! running.

use super::{Bench, Part, Shown};
use crate::results::Outcome;
use crate::shell::{self, command, run};
use crate::{client, differential, junit, participant, postgres, tidy, tools};
use std::path::PathBuf;
use std::process::Command;

pub struct Step {
    pub name: &'static str,
    pub parts: &'static [Part],
    /// Steps without which this one means nothing.
    pub needs: &'static [&'static str],
    pub work: fn(&Bench) -> Shown,
}

pub const BUILD: &str = "build";
const TOOLS: &str = "tools";
const BUNDLE: &str = "client bundle";
const STRANGER: &str = "the other implementation";
/// More of them with `cargo xtask differential`.
const SCRIPTS: u32 = 200;
const ALL: &[Part] = &[Part::Rust, Part::Client, Part::Journeys];

/// The bundle comes first because the program embeds it.
pub const STEPS: [Step; 15] = [
    Step { name: TOOLS, parts: ALL, needs: &[], work: |bench| gate(tools::ensure(&bench.repository)) },
    Step { name: BUNDLE, parts: ALL, needs: &[TOOLS], work: |bench| gate(client::build(&bench.repository)) },
    Step {
        name: "format",
        parts: &[Part::Rust],
        needs: &[],
        work: |bench| cargo(bench, &["fmt", "--all", "--check"]),
    },
    Step { name: "tidy", parts: &[Part::Rust], needs: &[], work: |_| gate(tidy::run()) },
    Step { name: "licences, bans and sources", parts: &[Part::Rust], needs: &[TOOLS], work: deny },
    Step { name: "lints", parts: &[Part::Rust], needs: &[BUNDLE], work: clippy },
    Step { name: BUILD, parts: &[Part::Rust, Part::Journeys], needs: &[BUNDLE], work: build },
    Step { name: "Rust tests", parts: &[Part::Rust], needs: &[TOOLS, BUILD], work: nextest },
    Step {
        name: "the same store tests on Postgres",
        parts: &[Part::Rust],
        needs: &[TOOLS, BUILD],
        work: on_postgres,
    },
    Step {
        name: "client types",
        parts: &[Part::Client],
        needs: &[TOOLS],
        work: |bench| npm(bench, "client", "check"),
    },
    Step { name: "client tests", parts: &[Part::Client], needs: &[TOOLS], work: client_tests },
    Step {
        name: STRANGER,
        parts: &[Part::Client, Part::Journeys],
        needs: &[],
        work: |bench| gate(stranger(bench)),
    },
    Step {
        name: "random scripts against openmls",
        parts: &[Part::Client],
        needs: &[TOOLS, STRANGER],
        work: |bench| gate(random_scripts(bench)),
    },
    Step {
        name: "one source, one bundle",
        parts: &[Part::Client],
        needs: &[BUNDLE],
        work: |bench| gate(same(bench)),
    },
    Step { name: "journeys", parts: &[Part::Journeys], needs: &[TOOLS, BUILD, STRANGER], work: journeys },
];

fn gate(outcome: shell::Outcome<()>) -> Shown {
    Shown { cases: Vec::new(), failure: outcome.err() }
}

fn cargo_command(bench: &Bench, args: &[&str]) -> Command {
    let mut cargo = command("cargo", &bench.repository.root);
    cargo.args(args).env("PATH", &bench.path);
    cargo
}

fn cargo(bench: &Bench, args: &[&str]) -> Shown {
    gate(run(&mut cargo_command(bench, args)))
}

fn deny(bench: &Bench) -> Shown {
    cargo(bench, &["deny", "--locked", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"])
}

fn clippy(bench: &Bench) -> Shown {
    let args =
        ["clippy", "--workspace", "--all-targets", "--locked", "--jobs", &bench.jobs, "--", "-D", "warnings"];
    cargo(bench, &args)
}

/// All targets at once, so that programs and tests share one set of features and nothing is built twice.
fn build(bench: &Bench) -> Shown {
    cargo(bench, &["build", "--workspace", "--all-targets", "--locked", "--jobs", &bench.jobs])
}

fn nextest(bench: &Bench) -> Shown {
    let written = bench.repository.target.join("nextest/ci/junit.xml");
    let args = ["nextest", "run", "--workspace", "--locked", "--profile", "ci", "--build-jobs", &bench.jobs];
    tested(written, &mut cargo_command(bench, &args))
}

/// Which tests these are stands in `.config/nextest.toml`.
fn on_postgres(bench: &Bench) -> Shown {
    let mut server = match postgres::Server::start() {
        Ok(server) => server,
        Err(why) => return gate(Err(why)),
    };
    let written = bench.repository.target.join("nextest/postgres/junit.xml");
    let args =
        ["nextest", "run", "--workspace", "--locked", "--profile", "postgres", "--build-jobs", &bench.jobs];
    let shown = tested(written, cargo_command(bench, &args).env("ALCOVE_TEST_DATABASE", server.address()));
    Shown { failure: server.ended().or(shown.failure), ..shown }
}

fn npm(bench: &Bench, folder: &str, script: &str) -> Shown {
    gate(run(&mut npm_command(bench, folder, script)))
}

fn npm_command(bench: &Bench, folder: &str, script: &str) -> Command {
    let mut npm = command("npm", &bench.repository.root.join(folder));
    npm.args(["run", "--silent", script]).env("PATH", &bench.path);
    npm
}

fn client_tests(bench: &Bench) -> Shown {
    let written = report(bench, "client");
    tested(written.clone(), npm_command(bench, "client", "test").env("JUNIT_FILE", written))
}

fn journeys(bench: &Bench) -> Shown {
    let (Some(chromium), Some(firefox)) = (tools::chromium(), tools::firefox()) else {
        let why = "a browser is missing although it was installed: set CHROMIUM and FIREFOX to their paths";
        return gate(Err(why.into()));
    };
    if let Err(why) = client::install(&bench.repository.root.join("e2e")) {
        return gate(Err(why));
    }
    let written = report(bench, "journeys");
    let mut npm = npm_command(bench, "e2e", "test");
    npm.env("JUNIT_FILE", &written)
        .env("ALCOVE_BIN", bench.repository.target.join("debug/alcove"))
        .env("PARTICIPANT_BIN", participant::program(&bench.repository, "participant"))
        .env("ALCOVE_OUT", bench.repository.target.join("journeys"))
        .env("CHROMIUM", chromium)
        .env("FIREFOX", firefox);
    tested(written, &mut npm)
}

fn stranger(bench: &Bench) -> shell::Outcome<()> {
    participant::test(&bench.repository)?;
    participant::build(&bench.repository)
}

fn random_scripts(bench: &Bench) -> shell::Outcome<()> {
    let seed = differential::any_seed();
    println!("{SCRIPTS} scripts from seed {seed}");
    differential::play(&bench.repository, SCRIPTS, seed)
}

fn same(bench: &Bench) -> shell::Outcome<()> {
    let (here, elsewhere) = client::build_elsewhere(&bench.repository)?;
    println!("{here}\n{elsewhere}");
    if here == elsewhere {
        Ok(())
    } else {
        Err("two builds of one source in two folders differ: find what of the machine gets in".into())
    }
}

fn report(bench: &Bench, name: &str) -> PathBuf {
    bench.repository.target.join("junit").join(format!("{name}.xml"))
}

/// Runs a test runner and reads the report it wrote; one without a single test in it is a failure.
fn tested(written: PathBuf, runner: &mut Command) -> Shown {
    let prepared = match (written.parent(), written.exists()) {
        (Some(folder), false) => std::fs::create_dir_all(folder),
        _ => std::fs::remove_file(&written),
    };
    if let Err(why) = prepared {
        return gate(Err(format!("{}: {why}", written.display())));
    }
    let ended = run(runner);
    let cases = match junit::read(&written) {
        Ok(cases) => cases,
        Err(why) => return gate(Err(ended.err().unwrap_or(why))),
    };
    let failing = cases.iter().any(|case| case.outcome == Outcome::Failed);
    let failure = match ended {
        _ if cases.is_empty() => Some("its report holds no test".into()),
        // The tests that failed are counted one by one; the runner's own word counts only when they explain
        // nothing.
        Err(why) if !failing => Some(why),
        _ => None,
    };
    Shown { cases, failure }
}
