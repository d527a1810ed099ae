//! `alcove verify-page`: is the room's page that a practice serves the one this program carries?
//!
//! Run it from another machine than the practice's. It fetches the page and every file of it as a visitor
//! nobody knows, holds bytes and headers against the manifest that was compiled in, and says what differs.
//! It cannot tell what somebody else is served: see `docs/verify-page.md`.

mod compare;
#[cfg(test)]
mod tests;
mod visitor;

use crate::house::Failure;
use crate::log;
use compare::Report;
use std::path::PathBuf;
use web::fetch::Server;

#[derive(clap::Args)]
pub struct Options {
    /// The practice's address, such as https://visits.example.
    url: String,
    /// Trust this certificate authority alone (PEM) instead of those of this machine.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
}

pub async fn run(options: Options) -> Result<(), Failure> {
    let server = Server::at(&options.url, options.ca.as_deref()).map_err(Failure::Other)?;
    let report = compare::whole_page(&server).await.map_err(Failure::Other)?;
    log::say(&table(&report));
    if report.is_the_published_page() { Ok(()) } else { Err(Failure::Other(warning(&report))) }
}

/// `alcove version`: this program and the page it carries.
pub fn version(manifest: bool) {
    if manifest {
        log::say(&web::room_page::manifest());
    } else {
        log::say(&format!("alcove {}", env!("CARGO_PKG_VERSION")));
        log::say(&format!("room page {}", web::room_page::manifest_digest()));
    }
}

fn table(report: &Report) -> String {
    let mut lines = vec![format!("The room's page at {}, file by file:\n", report.origin)];
    for file in &report.files {
        lines.push(format!("  {:<8} {:<22} {:>7} bytes  {}", file.word, file.path, file.bytes, file.digest));
    }
    let findings = report.findings();
    if findings.is_empty() {
        let carried = web::room_page::manifest_digest();
        lines.push(format!(
            "\nThis is the published page: {} files and the {} headers that guard each, as alcove {} carries \
             them\n({carried}).\n\nIt says what this machine was served just now. A server can serve another \
             page to another\nperson: ask again, from other places, at other times.",
            report.files.len(),
            report.headers_each,
            env!("CARGO_PKG_VERSION"),
        ));
        return lines.join("\n");
    }
    lines.push(String::new());
    for (path, what) in findings {
        lines.push(format!("  {path}: {what}"));
    }
    lines.join("\n")
}

fn warning(report: &Report) -> String {
    format!(
        "{} does not serve the page of alcove {}. Hold no visit on it until you know why. If the practice \
         runs another version, ask again with the program of that version.",
        report.origin,
        env!("CARGO_PKG_VERSION"),
    )
}
