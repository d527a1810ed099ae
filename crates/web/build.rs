//! Says what to do when the client's bundle is missing; without this the embedding macro fails with a riddle.

use std::path::Path;

const DIST: &str = "../../client/dist";

fn main() {
    println!("cargo::rerun-if-changed={DIST}");
    println!("cargo::rerun-if-changed=assets");
    println!("cargo::rerun-if-env-changed=ALCOVE_SKIP_CLIENT");
    if Path::new(DIST).join("room.js").exists() {
        return;
    }
    if std::env::var_os("ALCOVE_SKIP_CLIENT").is_some() {
        // The embedding macro wants the folder to be there, even empty.
        if std::fs::create_dir_all(DIST).is_ok() {
            return;
        }
    }
    println!(
        "cargo::error=the browser client is not built: run `cargo xtask build-client` first \
         (or set ALCOVE_SKIP_CLIENT=1 to build pages without the room)"
    );
}
