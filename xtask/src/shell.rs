//! Running other programs: never with standard input, always with an error that names the command.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// What a chore answers: nothing, or a sentence for the person who ran it.
pub type Outcome<T> = Result<T, String>;

/// A command that runs in `folder` with no standard input.
pub fn command(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// Runs to the end with its output on ours.
pub fn run(command: &mut Command) -> Outcome<()> {
    let status = command.status().map_err(|why| format!("{}: {why}", shown(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{} failed: {status}", shown(command))) }
}

/// Runs to the end and answers what it printed.
pub fn read(command: &mut Command) -> Outcome<String> {
    let output = command.output().map_err(|why| format!("{}: {why}", shown(command)))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{} failed: {}\n{said}", shown(command), output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{} printed no text", shown(command)))
}

/// Whether a program can be started at all.
pub fn answers(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// What `work` answers, and how long it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    #[expect(clippy::disallowed_methods, reason = "a chore measures itself; nothing depends on the number")]
    let start = std::time::Instant::now();
    let answer = work();
    (answer, start.elapsed())
}

/// Minutes and seconds as a person reads them.
pub fn pretty(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}
