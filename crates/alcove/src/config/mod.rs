//! The one configuration file, `alcove.toml`, and the environment over it.
//!
//! Owns every setting of `alcove serve` and its default. Refuses unknown keys and values that cannot be, with
//! the line they stand on, and settings that do not go together, with what to change.

pub mod sign_in;
pub mod texts;
mod values;

#[cfg(test)]
mod tests;

pub use sign_in::SignIn;
pub use texts::Texts;
pub use values::Origin;

use crate::house::Failure;
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

pub const FILE: &str = "alcove.toml";

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where people reach the practice: scheme, host and, unless it is the usual one, port.
    pub origin: Origin,
    /// Database, keys and files. A relative path counts from the folder of this file.
    #[serde(default = "data")]
    pub data: PathBuf,
    /// The file with the root key, outside the data folder; best on another disk.
    pub root_key: PathBuf,
    /// A Postgres server that has the records, such as `postgres://alcove@localhost/alcove`.
    pub database: Option<keep::Server>,
    /// A file that holds its password and that others cannot read; or `ALCOVE_DATABASE_PASSWORD`.
    pub database_password_file: Option<PathBuf>,
    #[serde(default)]
    pub pages: Pages,
    pub tls: Option<Tls>,
    #[serde(default)]
    pub media: Media,
    pub mail: Option<Mail>,
    pub texts: Option<Texts>,
    pub sign_in: Option<SignIn>,
    #[serde(default)]
    pub limits: Limits,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pages {
    /// Addresses of this machine that pages are served on.
    pub listen: Vec<SocketAddr>,
    /// A plain HTTP address that leads to the practice's HTTPS address and does nothing else.
    pub redirect: Option<SocketAddr>,
}

/// Who ends TLS: exactly one of the four.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Tls {
    /// A proxy in front, at one of these addresses. Nobody else is listened to.
    BehindProxy(Vec<IpAddr>),
    /// Files that are read again when they change.
    Files(Files),
    /// A certificate that the program gets and renews itself (RFC 8555).
    Acme(Acme),
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acme {
    /// The authority's directory. Naming it agrees to that authority's terms.
    pub directory: String,
    /// A mail address that the authority may write to.
    pub contact: Option<String>,
    /// PEM: trust this one for the authority's own pages, instead of those of this machine.
    pub root: Option<PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// PEM: the certificate and those between it and the root.
    pub certificate: PathBuf,
    /// PEM: its key, which others on this machine cannot read.
    pub key: PathBuf,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Media {
    /// Addresses at which browsers reach this machine. Without any, those that pages are served on.
    pub addresses: Vec<IpAddr>,
    /// The UDP port for sound and picture.
    pub port: u16,
    /// A TCP port of its own for media, which a practice behind a proxy needs.
    pub tcp_port: Option<u16>,
    /// VP9 is sharper at the same rate, and more work for every device.
    pub picture: Picture,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Picture {
    #[default]
    Vp8,
    Vp9,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Mail {
    /// The practice's mail server.
    Server(Server),
    /// Letters are files in this folder: to try things out.
    Folder(PathBuf),
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub host: String,
    #[serde(default = "submission")]
    pub port: u16,
    /// `false` only for a server on this machine.
    #[serde(default = "yes")]
    pub tls: bool,
    /// The address letters come from.
    pub from: String,
    pub user: Option<String>,
    /// A file that holds the password and that others cannot read; or `ALCOVE_MAIL_PASSWORD`.
    pub password_file: Option<PathBuf>,
}

/// How many connections are held at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    pub connections: usize,
    pub per_address: usize,
}

impl Config {
    /// The file, with the environment over it, checked as a whole.
    pub fn load(file: &Path) -> Result<Config, Failure> {
        Config::load_with(file, &|name| std::env::var(name).ok())
    }

    pub fn load_with(file: &Path, env: &dyn Fn(&str) -> Option<String>) -> Result<Config, Failure> {
        let config = Config::read(file, env)?;
        config.check().map_err(|why| Failure::Other(format!("{}: {why}", file.display())))?;
        Ok(config)
    }

    /// Without the check of the whole: enough to find a practice that cannot be served yet.
    pub fn read(file: &Path, env: &dyn Fn(&str) -> Option<String>) -> Result<Config, Failure> {
        let text = std::fs::read_to_string(file).map_err(Failure::system(format!(
            "cannot read the configuration {}; `alcove init` writes one, --config names another",
            file.display()
        )))?;
        let wrong = |why: String| Failure::Other(format!("{}: {why}", file.display()));
        let mut config: Config = toml::from_str(&text).map_err(|error| {
            let one = if error.message().contains("exactly 1") { ONE_OF } else { "" };
            wrong(format!("{error}{one}"))
        })?;
        config.hear(env).map_err(wrong)?;
        config.settle_in(file.parent().unwrap_or(Path::new(".")));
        config.database = match config.database.take() {
            Some(server) => Some(with_password(server, config.database_password_file.as_deref(), env)?),
            None => None,
        };
        Ok(config)
    }

    /// `ALCOVE_ORIGIN` and the like go before what the file says.
    fn hear(&mut self, env: &dyn Fn(&str) -> Option<String>) -> Result<(), String> {
        if let Some(text) = env("ALCOVE_ORIGIN") {
            self.origin = Origin::try_from(text).map_err(|why| format!("ALCOVE_ORIGIN: {why}"))?;
        }
        if let Some(text) = env("ALCOVE_LISTEN") {
            let each = text.split(',').map(|one| one.trim().parse());
            let wrong = |_| format!("ALCOVE_LISTEN: `{text}` is no list such as 0.0.0.0:443,[::]:443");
            self.pages.listen = each.collect::<Result<_, _>>().map_err(wrong)?;
        }
        for (name, path) in [("ALCOVE_DATA", &mut self.data), ("ALCOVE_ROOT_KEY", &mut self.root_key)] {
            if let Some(text) = env(name) {
                *path = PathBuf::from(text);
            }
        }
        if let Some(text) = env("ALCOVE_DATABASE") {
            self.database =
                Some(keep::Server::parse(&text).map_err(|why| format!("ALCOVE_DATABASE: {why}"))?);
        }
        Ok(())
    }

    fn settle_in(&mut self, folder: &Path) {
        let settle = |path: &mut PathBuf| *path = folder.join(&*path);
        settle(&mut self.data);
        settle(&mut self.root_key);
        self.database_password_file.iter_mut().for_each(settle);
        if let Some(Tls::Files(files)) = &mut self.tls {
            settle(&mut files.certificate);
            settle(&mut files.key);
        }
        if let Some(sign_in) = &mut self.sign_in {
            sign_in.settle_in(folder);
        }
        if let Some(texts) = &mut self.texts {
            texts.settle_in(folder);
        }
        if let Some(Tls::Acme(Acme { root: Some(root), .. })) = &mut self.tls {
            settle(root);
        }
        match &mut self.mail {
            Some(Mail::Folder(folder)) => settle(folder),
            Some(Mail::Server(server)) => server.password_file.iter_mut().for_each(settle),
            None => {}
        }
    }

    /// What no single line can say.
    fn check(&self) -> Result<(), String> {
        let outside = self.pages.listen.iter().any(|address| !address.ip().is_loopback());
        match (&self.tls, self.origin.is_https()) {
            (Some(Tls::BehindProxy(trusted)), _) if trusted.is_empty() => {
                return Err("[tls] behind_proxy: name the proxy's address, such as [\"127.0.0.1\"]".into());
            }
            (Some(_), false) => {
                return Err("origin: with [tls] people come by https://, so the origin begins with it".into());
            }
            (None, true) => {
                return Err(
                    "[tls] is missing: say `behind_proxy`, `files` with certificate and key, or `acme` \
                     with an authority's directory"
                        .into(),
                );
            }
            (None, false) if outside => {
                return Err("[tls] is missing: without it pages are served to this machine alone".into());
            }
            _ => {}
        }
        if self.pages.listen.is_empty() {
            return Err("[pages] listen: name at least one address, such as \"0.0.0.0:443\"".into());
        }
        if self.media_addresses().is_empty() {
            return Err("[media] addresses: say at which addresses browsers reach this machine, \
                        such as [\"203.0.113.5\"]"
                .into());
        }
        if let Some(sign_in) = &self.sign_in {
            sign_in.check()?;
        }
        if let Some(texts) = &self.texts {
            texts.check()?;
        }
        if self.limits.connections == 0 || self.limits.per_address == 0 {
            return Err("[limits]: at least one connection".into());
        }
        Ok(())
    }

    /// Where browsers send sound and picture.
    pub fn media_addresses(&self) -> Vec<IpAddr> {
        let listened = || self.pages.listen.iter().map(SocketAddr::ip).filter(|ip| !ip.is_unspecified());
        if self.media.addresses.is_empty() { listened().collect() } else { self.media.addresses.clone() }
    }
}

impl Default for Pages {
    fn default() -> Pages {
        Pages { listen: vec![SocketAddr::from(([0, 0, 0, 0], 443))], redirect: None }
    }
}

impl Default for Media {
    fn default() -> Media {
        Media { addresses: Vec::new(), port: 10_000, tcp_port: None, picture: Picture::Vp8 }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { connections: 4_000, per_address: 500 }
    }
}

/// The password stands in the environment, in a file, or nowhere: a server may know its user otherwise.
pub fn with_password(
    server: keep::Server,
    file: Option<&Path>,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<keep::Server, Failure> {
    let password = match (env("ALCOVE_DATABASE_PASSWORD"), file) {
        (Some(password), _) => Zeroizing::new(password),
        (None, Some(file)) => secret_in(file, "database_password_file")?,
        (None, None) => return Ok(server),
    };
    Ok(server.with_password(password.trim_end_matches('\n')))
}

/// The text of a file that others cannot read; `line` is what the configuration calls it. Wiped when dropped.
pub fn secret_in(file: &Path, line: &str) -> Result<Zeroizing<String>, Failure> {
    let shown = file.display();
    let unread = || Failure::system(format!("{line}: cannot read {shown}"));
    let about = std::fs::metadata(file).map_err(unread())?;
    if about.permissions().mode() & 0o077 != 0 {
        return Err(Failure::Other(format!("{line}: others can read {shown}: run `chmod 600 {shown}`")));
    }
    std::fs::read_to_string(file).map(Zeroizing::new).map_err(unread())
}

const ONE_OF: &str =
    "[tls] takes one of `behind_proxy`, `files` and `acme`, [mail] one of `server` and `folder`";

fn data() -> PathBuf {
    "data".into()
}

fn submission() -> u16 {
    587
}

fn yes() -> bool {
    true
}
