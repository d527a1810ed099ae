//! What the operator sees: a log without health data, and panics without values.

use std::io::Write;
use tracing_subscriber::EnvFilter;

pub fn start() {
    let filter = EnvFilter::try_from_env("ALCOVE_LOG").unwrap_or_else(|_| EnvFilter::new("warn,alcove=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    // A panic message can hold whatever was being worked on, so only the place is kept.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
        tracing::error!(place, "a task stopped unexpectedly");
    }));
}

/// A line for the person at the terminal. A closed terminal is no reason to stop.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

pub fn say_to_operator(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
