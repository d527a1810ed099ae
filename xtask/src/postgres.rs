//! A Postgres server for the tests alone: in a temporary folder, on a socket in it, as a user without rights,
//! with nothing written through to the disk. It ends with the value that holds it.

use crate::shell::{self, Outcome, command, run};
use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The practice opens six connections, and a test some practices. What is written stays small on the disk:
/// nobody follows this server, and nothing is brought back from its log.
const SETTINGS: [&str; 7] = [
    "max_connections=200",
    "fsync=off",
    "full_page_writes=off",
    "listen_addresses=",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=128MB",
];
/// Who is let in: everybody, and one user who is asked for a password.
const DOORS: &str = "local all locked scram-sha-256\nlocal all all trust\n";
/// The answer to a server that does not come up: 30 seconds.
const TRIES: u32 = 300;
const PAUSE: Duration = Duration::from_millis(100);
const LAST_LINES: usize = 20;

pub struct Server {
    folder: PathBuf,
    running: Child,
}

impl Server {
    pub fn start() -> Outcome<Server> {
        let programs = programs().ok_or("Postgres is missing although it was installed: look at apt")?;
        let folder = std::env::temp_dir().join(format!("alcove-postgres-{}", std::process::id()));
        let failed = |why: std::io::Error| format!("{}: {why}", folder.display());
        // A process with the same number may have died here long ago.
        fs::remove_dir_all(&folder).ok();
        fs::create_dir(&folder).map_err(failed)?;
        let user = user_without_rights()?;
        if let Some((uid, gid)) = user {
            chown(&folder, Some(uid), Some(gid)).map_err(failed)?;
        }
        let own = |program: &str| {
            let mut command = command(&programs.join(program).to_string_lossy(), &folder);
            if let Some((uid, gid)) = user {
                command.uid(uid).gid(gid);
            }
            command.arg("-D").arg(folder.join("data"));
            command
        };
        let mut init = own("initdb");
        init.args(["--no-sync", "--auth=trust", "--username=alcove", "--encoding=UTF8", "--locale=C"]);
        run(init.stdout(Stdio::null()))?;
        fs::write(folder.join("data/pg_hba.conf"), DOORS).map_err(failed)?;
        let mut server = own("postgres");
        for setting in SETTINGS {
            server.args(["-c", setting]);
        }
        server.arg("-k").arg(&folder).stdout(Stdio::null());
        let log = fs::File::create(folder.join("log")).map_err(failed)?;
        let running = server.stderr(log).spawn().map_err(|why| format!("postgres: {why}"))?;
        let server = Server { folder, running };
        server.wait(&programs)?;
        Ok(server)
    }

    /// As the tests and the program take it.
    pub fn address(&self) -> String {
        format!("postgres:///postgres?user=alcove&host={}", self.folder.display())
    }

    /// Why the server is no longer there, in its own words: without it every test fails with one sentence.
    pub fn ended(&mut self) -> Option<String> {
        let gone = self.running.try_wait().ok().flatten()?;
        Some(format!("Postgres ended ({gone}) and said last:\n{}", tail(&self.said(), LAST_LINES)))
    }

    fn said(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    fn wait(&self, programs: &Path) -> Outcome<()> {
        let ready = programs.join("pg_isready");
        for _ in 0..TRIES {
            if shell::answers(Command::new(&ready).arg("-h").arg(&self.folder)) {
                return Ok(());
            }
            std::thread::sleep(PAUSE);
        }
        Err(format!("Postgres does not start:\n{}", self.said()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGQUIT ends it at once, and it takes its own processes and memory with it.
        let asked = run(Command::new("kill").arg("-QUIT").arg(self.running.id().to_string()));
        if asked.is_err() {
            self.running.kill().ok();
        }
        self.running.wait().ok();
        fs::remove_dir_all(&self.folder).ok();
    }
}

fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

/// The folder of the newest Postgres that Debian installed.
pub fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let number = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = versions.map(|entry| entry.path()).max_by_key(|path| number(path))?;
    Some(newest.join("bin")).filter(|programs| programs.join("initdb").is_file())
}

/// Postgres refuses to run as root, so root lends it the user that its package made.
fn user_without_rights() -> Outcome<Option<(u32, u32)>> {
    let id = |args: &[&str]| -> Outcome<u32> {
        let said = shell::read(command("id", Path::new("/")).args(args))?;
        said.trim().parse().map_err(|_| format!("`id` said `{said}`"))
    };
    match id(&["-u"])? {
        0 => Ok(Some((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?))),
        _ => Ok(None),
    }
}
