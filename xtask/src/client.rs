//! The scripts of the room: packages as the lock file says, one bundle in client/dist, one hash for one
//! source.

use crate::repository::{Repository, sha256};
use crate::shell::{self, Outcome, command};
use crate::tools;
use std::path::Path;

/// `cargo xtask build-client`.
pub fn run() -> Outcome<()> {
    let repository = Repository::find()?;
    tools::need_node(&repository)?;
    build(&repository)?;
    println!("client/dist {}", hash(&repository.root)?);
    Ok(())
}

/// Builds what the working tree holds once more, in a folder of another name and depth, with packages of its
/// own: whatever of the machine gets into the bundle shows as another hash. Answers both hashes.
pub fn build_elsewhere(repository: &Repository) -> Outcome<(String, String)> {
    let elsewhere = repository.target.join("second-bundle/of the same/source");
    if elsewhere.exists() {
        std::fs::remove_dir_all(&elsewhere).map_err(|why| format!("{}: {why}", elsewhere.display()))?;
    }
    for part in SOURCES {
        let to = elsewhere.join(part);
        let above = to.parent().unwrap_or(&elsewhere);
        std::fs::create_dir_all(above).map_err(|why| format!("{}: {why}", above.display()))?;
        shell::run(command("cp", &repository.root).args(["-R", part]).arg(&to))?;
    }
    shell::run(command("rm", &elsewhere).args(["-rf", "client/dist"]))?;
    shell::run(command("npm", &elsewhere.join("client")).args(["run", "--silent", "build"]))?;
    Ok((hash(&repository.root)?, hash(&elsewhere)?))
}

/// All that the bundle is made of.
const SOURCES: [&str; 3] = ["client", "crates/visit/locales", "crates/web/assets"];

/// Installs what the lock file names, if that has not been done, and bundles.
pub fn build(repository: &Repository) -> Outcome<()> {
    let folder = repository.root.join("client");
    install(&folder)?;
    shell::run(command("npm", &folder).args(["run", "--silent", "build"]))
}

/// `npm ci`, once per lock file: the stamp stands inside node_modules and dies with it.
pub fn install(folder: &Path) -> Outcome<()> {
    let lock = folder.join("package-lock.json");
    let wanted = sha256(&std::fs::read(&lock).map_err(|why| format!("{}: {why}", lock.display()))?)?;
    let stamp = folder.join("node_modules/.installed-from");
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    shell::run(command("npm", folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
    std::fs::create_dir_all(folder.join("node_modules"))
        .and_then(|()| std::fs::write(&stamp, wanted))
        .map_err(|why| format!("{}: {why}", stamp.display()))
}

/// One hash over the names and bytes of the bundle of the tree at `root`.
pub fn hash(root: &Path) -> Outcome<String> {
    let dist = root.join("client/dist");
    let mut paths = Vec::new();
    collect(&dist, &mut paths)?;
    paths.sort();
    let mut stream = Vec::new();
    for path in &paths {
        let name = path.strip_prefix(&dist).map_err(|why| why.to_string())?.to_string_lossy();
        let bytes = std::fs::read(path).map_err(|why| format!("{}: {why}", path.display()))?;
        stream.extend_from_slice(format!("{name}\0{}\0", bytes.len()).as_bytes());
        stream.extend_from_slice(&bytes);
    }
    if paths.is_empty() {
        return Err("client/dist is empty: the client build wrote nothing".into());
    }
    sha256(&stream)
}

fn collect(folder: &Path, paths: &mut Vec<std::path::PathBuf>) -> Outcome<()> {
    let entries = std::fs::read_dir(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|why| why.to_string())?.path();
        if path.is_dir() { collect(&path, paths)? } else { paths.push(path) }
    }
    Ok(())
}
