//! `participant --origin http://localhost:8080 --ticket TICKET`: joins a visit as whoever the ticket stands
//! for and mirrors what it sees. Tells what happens as lines of JSON.

use clap::Parser;
use participant::page::Page;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

#[derive(Parser)]
#[command(name = "participant", about = "A stranger's implementation of a person in a visit, for tests.")]
struct Cli {
    /// Where the practice is, without a slash at the end.
    #[arg(long)]
    origin: String,
    /// From the address of the room document, behind `#`.
    #[arg(long)]
    ticket: String,
    /// Leaves after this long.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    seconds: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut out = std::io::stdout();
    let mut tell = |line: serde_json::Value| {
        // Whoever listened is gone: the visit goes on.
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    };
    let stayed = match Page::open(&cli.origin, &cli.ticket).await {
        Ok(mut page) => page.stay(Duration::from_secs(cli.seconds), &mut tell).await,
        Err(why) => Err(why),
    };
    match stayed {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            tell(serde_json::json!({ "failed": why }));
            ExitCode::FAILURE
        }
    }
}
