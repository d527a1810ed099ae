//! `alcove init`: a new practice. Makes its folder, root key, database and trail, prints the recovery kit and
//! the owner's one-time link, and writes the configuration.
//!
//! Refuses a folder that holds anything, and a root key inside that folder. The kit goes to standard output:
//! whoever sends that into a file keeps the root key in it.

use crate::ambient::{SystemClock, SystemEntropy};
use crate::config::{self, Origin};
use crate::house::{Failure, Places};
use crate::{kit, log};
use keep::{Entry, Face, Keep, Object, Server, Settings};
use people::enrolments;
use people::proofs::rules::is_email;
use people::staff;
use policy::{Access, Act, Facts, decide};
use practice::set_up;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vocabulary::{Lang, Principal};

#[derive(clap::Args)]
pub struct Options {
    /// The practice's folder; it must not exist or be empty.
    folder: PathBuf,
    /// Where people will reach the practice, such as https://visits.example.org.
    #[arg(long)]
    origin: String,
    /// The owner's name, as patients and colleagues will read it.
    #[arg(long)]
    owner: String,
    /// The owner's own mail address: the name they sign in with.
    #[arg(long)]
    owner_email: String,
    /// The owner's language.
    #[arg(long, default_value = "en", value_parser = ["en", "es"])]
    lang: String,
    /// The root key's file: outside the folder, best on another disk. Without it, FOLDER.root.key.
    #[arg(long)]
    root_key: Option<PathBuf>,
    /// A Postgres database for the records, empty, such as postgres://alcove@localhost/alcove. Without it
    /// they are a file in the folder.
    #[arg(long, env = "ALCOVE_DATABASE", value_parser = Server::parse)]
    database: Option<Server>,
    /// The file with its password; or ALCOVE_DATABASE_PASSWORD.
    #[arg(long, requires = "database")]
    database_password_file: Option<PathBuf>,
}

pub async fn run(options: Options) -> Result<(), Failure> {
    let origin =
        Origin::try_from(options.origin.clone()).map_err(|why| Failure::Other(format!("--origin: {why}")))?;
    let (name, email) = (options.owner.trim(), options.owner_email.trim());
    if name.is_empty() || name.chars().count() > NAME_MAX {
        return Err(Failure::Other(format!("--owner: write a name, {NAME_MAX} letters at most")));
    }
    if !is_email(email) {
        return Err(Failure::Other(format!("--owner-email: `{email}` is no mail address")));
    }
    if staff::is_shared(name, email, "") {
        return Err(Failure::Other(format!(
            "--owner, --owner-email: an account is for one person: `{name}` and `{email}` must be \
             their own, not those of a desk or a team"
        )));
    }
    let folder = absolute(&options.folder)?;
    let root_key = match &options.root_key {
        Some(path) => absolute(path)?,
        None => folder.with_added_extension("root.key"),
    };
    check_places(&folder, &root_key)?;
    let database = database(&options).await?;
    let places = Places { data: folder.join("data"), root_key, database };
    make(&folder, &places, &origin, &options)?;
    let keep = places.open(Arc::new(SystemClock::default())).await?;
    let lang = Lang::parse(&options.lang).unwrap_or_default();
    let link = begin(&keep, &origin, (name, email), lang).await?;
    keep.close().await;
    tell(&folder, &places, &link)
}

/// Also for `alcove owner-link`.
pub async fn link_owner(keep: &Keep, access: &Access) -> Result<String, Failure> {
    let mut tx = keep.begin().await?;
    let Some((person, secret)) = staff::link_for_owner(&mut tx).await? else {
        return Err(Failure::Other(
            "the owner has signed in before: the way back is a saved code, at /sign-in/saved-code, or two \
             colleagues who are administrators"
                .into(),
        ));
    };
    tx.commit(access, Entry::new(Object::of("person", person.text()))).await?;
    Ok(enrolments::link(&keep.settings().face, &secret))
}

/// Everything a new practice holds, in one transaction.
async fn begin(keep: &Keep, origin: &Origin, owner: (&str, &str), lang: Lang) -> Result<String, Failure> {
    let access = decide(&Principal::System, &Facts::default(), Act::BeginPractice)
        .map_err(|_| Failure::Other("the program may not begin a practice".into()))?;
    let face = Face { origin: origin.text().into(), ..Face::default() };
    let settings = Settings { face, opening: true, ..Settings::default() };
    let mut tx = keep.begin().await?;
    tx.save_settings(&settings).await?;
    set_up::kit_made(&mut tx).await?;
    let (person, secret) = staff::first_owner(&mut tx, owner, lang).await?;
    tx.commit(&access, Entry::new(Object::of("person", person.text()))).await?;
    Ok(enrolments::link(&settings.face, &secret))
}

fn check_places(folder: &Path, root_key: &Path) -> Result<(), Failure> {
    if root_key.starts_with(folder) {
        return Err(Failure::Other(format!(
            "--root-key: {} lies in the practice's folder; whoever copies one must not get the other",
            root_key.display()
        )));
    }
    if root_key.exists() {
        return Err(Failure::Other(format!(
            "{} exists: it may be the key of another practice; move it away or choose another --root-key",
            root_key.display()
        )));
    }
    let holds = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
        Err(error) => return Err(Failure::system(format!("cannot look into {}", folder.display()))(error)),
        Ok(holds) => holds.count(),
    };
    if holds > 0 {
        return Err(Failure::Other(format!(
            "{} is not empty: choose a new folder; `alcove serve` opens a practice that exists",
            folder.display()
        )));
    }
    Ok(())
}

/// The server that was asked for, once it is known to take a new practice: nothing is made before.
async fn database(options: &Options) -> Result<Option<Server>, Failure> {
    let Some(server) = options.database.clone() else { return Ok(None) };
    let file = options.database_password_file.as_deref();
    let server = config::with_password(server, file, &|name| std::env::var(name).ok())?;
    server.suits_new(Arc::new(SystemClock::default()), Arc::new(SystemEntropy)).await?;
    Ok(Some(server))
}

fn make(folder: &Path, places: &Places, origin: &Origin, options: &Options) -> Result<(), Failure> {
    let failed = |what: &Path| Failure::system(format!("cannot make {}", what.display()));
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed(folder))?;
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(folder, private).map_err(failed(folder))?;
    keep::vault::create_root(&places.root_key, &SystemEntropy)?;
    let file = folder.join(config::FILE);
    let text = written(places, origin, options)?;
    let open = std::fs::File::options().write(true).create_new(true).mode(0o600).open(&file);
    open.and_then(|mut open| open.write_all(text.as_bytes())).map_err(failed(&file))
}

/// A configuration that serves as it is on this machine, and says what to fill in otherwise.
fn written(places: &Places, origin: &Origin, options: &Options) -> Result<String, Failure> {
    let quoted = |path: &Path| toml::Value::from(path.display().to_string());
    let mut head = format!(
        "# Alcove. Every value is told in docs/operating.md. Change it, then start `alcove serve` again.\n\
         origin = \"{}\"\n\
         root_key = {}\n",
        origin.text(),
        quoted(&places.root_key)
    );
    if let Some(server) = &places.database {
        head += &format!("database = {}\n", toml::Value::from(server.address()));
    }
    if let Some(file) = &options.database_password_file {
        head += &format!("database_password_file = {}\n", quoted(&absolute(file)?));
    }
    let port = origin.text().rsplit(':').next().and_then(|port| port.parse::<u16>().ok());
    if !origin.is_https() {
        return Ok(format!(
            "{head}\n[pages]\nlisten = [\"127.0.0.1:{}\"]\n\n[mail]\nfolder = \"mail\"\n",
            port.unwrap_or(80)
        ));
    }
    Ok(format!(
        "{head}\n\
         [pages]\n\
         listen = [\"0.0.0.0:{}\"]\n\
         # redirect = \"0.0.0.0:80\"\n\n\
         # Who ends TLS: a certificate in files, or a proxy in front.\n\
         [tls]\n\
         files = {{ certificate = \"certificate.pem\", key = \"certificate.key\" }}\n\
         # behind_proxy = [\"127.0.0.1\"]\n\n\
         # Where browsers send sound and picture: the address of this machine as they see it.\n\
         [media]\n\
         # addresses = [\"203.0.113.5\"]\n\
         port = 10000\n\n\
         # The practice's mail server. Without it no invitation leaves.\n\
         # [mail]\n\
         # server = {{ host = \"mail.example.org\", from = \"visits@example.org\", user = \"visits\", \
         password_file = \"mail.password\" }}\n",
        port.unwrap_or(443)
    ))
}

fn tell(folder: &Path, places: &Places, link: &str) -> Result<(), Failure> {
    log::say(&format!(
        "\n  A new practice lies in {}.\n  \
         Its root key is {}: keep its backups apart from those of the data.\n",
        folder.display(),
        places.root_key.display()
    ));
    kit::print(&places.root()?);
    log::say(&format!(
        "  Try the kit now, before anything depends on it:\n\n      alcove kit try --folder {0}\n\n  \
         Then look through {0}/{1} and start the practice:\n\n      alcove serve --config {0}/{1}\n\n  \
         The owner opens this link within 7 days, once, and chooses how to sign in:\n\n      {link}\n",
        folder.display(),
        config::FILE
    ));
    Ok(())
}

fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(Failure::system(format!("cannot find {}", path.display())))
}

const NAME_MAX: usize = 120;

#[cfg(test)]
#[path = "init_tests.rs"]
mod tests;
