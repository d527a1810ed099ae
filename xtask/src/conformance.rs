//! `cargo xtask conformance`: the vectors of the MLS working group against the encryption of the room. Owns
//! the arguments; the checks are in client/tools. The vectors are read where they lie, never copied here.

use crate::client;
use crate::repository::Repository;
use crate::shell::{self, Outcome, command};
use crate::tools;
use std::path::{Path, PathBuf};

const USAGE: &str = "give the folder of the vectors: cargo xtask conformance --mls FOLDER";

pub fn run(args: &[String]) -> Outcome<()> {
    let folder = folder(args)?;
    let folder = folder.canonicalize().map_err(|why| format!("{}: {why}", folder.display()))?;
    let repository = Repository::find()?;
    tools::need_node(&repository)?;
    let scripts = repository.root.join("client");
    client::install(&scripts)?;
    let mut node = command("node", &scripts);
    node.args(["tools/run.mjs", "conformance"]).arg(folder);
    shell::run(&mut node).map_err(|_| "the vectors were not met: see above".into())
}

fn folder(args: &[String]) -> Outcome<PathBuf> {
    match args {
        [option, folder] if option == "--mls" => Ok(Path::new(folder).to_path_buf()),
        _ => Err(USAGE.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_needed_and_nothing_else() {
        let words = |line: &str| line.split(' ').map(String::from).collect::<Vec<_>>();
        assert_eq!(folder(&words("--mls there")), Ok(PathBuf::from("there")));
        for wrong in ["--mls", "there", "--tls there", "--mls there too"] {
            assert_eq!(folder(&words(wrong)), Err(USAGE.into()), "{wrong}");
        }
    }
}
