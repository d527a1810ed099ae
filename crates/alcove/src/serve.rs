//! `alcove serve`: the practice, open to its people, as the configuration says.
//!
//! The doors open first and lead to the sealed page; the house comes behind them when the root key is there.

use crate::ambient::SystemClock;
use crate::carriers::Carriers;
use crate::config::{self, Config, Mail, Server};
use crate::house::{self, Failure, Places};
use crate::listen::tls::{self, Tls};
use crate::listen::{self, Doors, Limits, Seats, Stage, acme};
use crate::{log, operator, sealed};
use axum::Router;
use axum::http::{StatusCode, Uri, header};
use keep::{BoxFuture, Carrier, Conn, Entry, Face, Keep, KeepError, Object, Settings};
use media::{Sfu, SfuConfig};
use people::contact::texting::Texting;
use people::provider::{Agreement, Provider};
use people::staff::CertificateEnd;
use policy::{Act, Facts, decide};
use practice::ids::VendorId;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use vocabulary::{Clock, DAY_MS, Principal, UnixMillis};
use web::mail::{FolderCarrier, GatewayCarrier, SmtpCarrier, SmtpConfig};

#[derive(clap::Args)]
pub struct Options {
    /// The configuration that `alcove init` wrote.
    #[arg(long, env = "ALCOVE_CONFIG", default_value = config::FILE)]
    config: PathBuf,
    /// Start locked, even when the root key is there: `alcove unlock` opens.
    #[arg(long)]
    sealed: bool,
}

pub async fn run(options: Options) -> Result<(), Failure> {
    let config = Config::load(&options.config)?;
    let places = Places::of(&config);
    if !keep::holds_practice(&places.keeping()) {
        return Err(Failure::Other(format!(
            "{} holds no practice: `alcove init` makes one, `data` in {} says where it is",
            places.data.display(),
            options.config.display()
        )));
    }
    let doors = doors(&config)?;
    open_doors(&config, &doors).await?;
    tokio::spawn(follow_certificate(doors.tls.clone()));
    if let (Some(config::Tls::Acme(terms)), Some(tls)) = (&config.tls, &doors.tls) {
        let (terms, host) = (terms.clone(), config.origin.host().to_owned());
        tokio::spawn(acme::Keeper { terms, host, folder: config.data.clone(), tls: tls.clone() }.run());
    }
    tokio::select! {
        ended = live(&config, &places, &doors, options.sealed) => ended,
        () = until_asked() => Ok(()),
    }
}

/// The practice from its unlocking on; ends with an error alone.
async fn live(config: &Config, places: &Places, doors: &Doors, locked: bool) -> Result<(), Failure> {
    let keep = if locked || !places.root_key.exists() {
        log::say(&format!("Alcove is sealed at {}; `alcove unlock` opens it.", config.origin.text()));
        sealed::until_unlocked(places).await?
    } else {
        places.open_with(&places.root()?, Arc::new(SystemClock::default())).await?
    };
    follow_origin(&keep, config).await?;
    let texting = Arc::new(texting(config)?);
    let carriers = Carriers {
        mail: carrier(config, &keep)?,
        texts: gateway(config)?,
        texting: texting.clone(),
        keep: keep.clone(),
    };
    if carriers.mail.is_none() {
        tracing::warn!("no letter leaves: the configuration names no [mail]");
    }
    tokio::spawn(keep::outbox::run(keep.clone(), Arc::new(carriers)));
    tokio::spawn(practice::review_requests::watch(keep.clone()));
    tokio::spawn(people::imports::watch(keep.clone()));
    let sfu = start_media(config)?;
    let site = house::site(&keep, &sfu, false, texting).await?;
    tokio::spawn(practice::reminders::watch(keep.clone(), site.catalog.clone(), site.plugged()));
    let site = site.plug(Arc::new(provider(config)?));
    let tls = doors.tls.clone();
    let site = site.plug(Arc::new(CertificateEnd::told_by(move |now| tls.as_ref()?.ends_soon(now))));
    let desk = operator::Desk { keep: keep.clone(), names: Some(site.plugged()) };
    doors.stage.put(house::routes().into_router(site), sfu);
    log::say(&format!("Alcove is open at {}.", config.origin.text()));
    if let Err(failure) = desk.resume().await {
        tracing::warn!(%failure, "a change of keys that was cut short did not go on");
    }
    operator::listen(&places.control(), Arc::new(desk)).await
}

/// Off unless the configuration names one.
fn provider(config: &Config) -> Result<Provider, Failure> {
    let Some(sign_in) = &config.sign_in else { return Ok(Provider::default()) };
    let vendor = sign_in.vendor().map_err(Failure::Other)?;
    let agreement = vendor.map(|id| Box::new(ListedVendor { id, service: None }) as Box<dyn Agreement>);
    Ok(Provider::new(sign_in.terms()?, agreement))
}

/// Off unless the configuration names a gateway.
fn texting(config: &Config) -> Result<Texting, Failure> {
    let Some(texts) = &config.texts else { return Ok(Texting::default()) };
    let vendor = texts.vendor().map_err(Failure::Other)?;
    let listed = |id| Box::new(ListedVendor { id, service: Some("sms") }) as Box<dyn Agreement>;
    let agreement = vendor.map(listed);
    Ok(Texting::new(texts.terms()?, agreement))
}

fn gateway(config: &Config) -> Result<Option<GatewayCarrier>, Failure> {
    let Some(texts) = &config.texts else { return Ok(None) };
    let wrong = |why| Failure::Other(format!("[texts] {why}"));
    GatewayCarrier::new(texts.gateway()?).map(Some).map_err(wrong)
}

/// The practice's own list says whether a hosted provider may be used: now, not when the program started.
struct ListedVendor {
    id: VendorId,
    /// What the list must say it is for; none where any service will do.
    service: Option<&'static str>,
}

impl Agreement for ListedVendor {
    fn in_force<'a>(&'a self, conn: &'a mut Conn, now: UnixMillis) -> BoxFuture<'a, Result<bool, KeepError>> {
        Box::pin(async move {
            match self.service {
                Some(service) => practice::vendors::serves_as(conn, (self.id, service), now).await,
                None => practice::vendors::is_in_force(conn, self.id, now).await,
            }
        })
    }
}

/// Addresses in letters, passkeys and the check of where a form comes from follow the configuration.
async fn follow_origin(keep: &Keep, config: &Config) -> Result<(), Failure> {
    let settings = keep.settings();
    if settings.face.origin == config.origin.text() {
        return Ok(());
    }
    let access = decide(&Principal::System, &Facts::default(), Act::FollowConfig)
        .map_err(|_| Failure::Other("the program may not follow its configuration".into()))?;
    let face = Face { origin: config.origin.text().into(), ..settings.face.clone() };
    let mut tx = keep.begin().await?;
    tx.save_settings(&Settings { face, ..(*settings).clone() }).await?;
    tx.commit(&access, Entry::new(Object::of("practice", "")).detail("what", "origin")).await?;
    Ok(())
}

fn doors(config: &Config) -> Result<Doors, Failure> {
    let limits = Limits {
        connections: config.limits.connections.min(files_allowed()),
        per_address: config.limits.per_address,
    };
    let mut doors = Doors::plain(Stage::new(web::sealed(config.origin.text().to_owned())), limits);
    match &config.tls {
        Some(config::Tls::BehindProxy(trusted)) => doors.proxies = trusted.clone().into(),
        Some(config::Tls::Files(files)) => {
            doors.tls = Some(Tls::open(tls::Files {
                certificate: files.certificate.clone(),
                key: files.key.clone(),
                host: config.origin.host().to_owned(),
            })?);
        }
        Some(config::Tls::Acme(_)) => {
            let tls = Tls::awaiting(acme::files(&config.data, config.origin.host()))?;
            // A certificate of an earlier start; one that does not fit any more is replaced.
            if let Err(failure) = tls.look_again() {
                tracing::info!(%failure, "a certificate is asked for");
            }
            doors.tls = Some(tls);
        }
        None => {}
    }
    Ok(doors)
}

async fn open_doors(config: &Config, doors: &Doors) -> Result<(), Failure> {
    for address in &config.pages.listen {
        tokio::spawn(doors.clone().serve(bind(*address, "[pages] listen").await?));
    }
    if let Some(address) = config.pages.redirect {
        let onward = Doors {
            stage: Stage::new(redirect(config.origin.text().to_owned())),
            seats: Seats::new(Limits { connections: 200, per_address: 20 }),
            ..Doors::plain(doors.stage.clone(), Limits { connections: 1, per_address: 1 })
        };
        tokio::spawn(onward.serve(bind(address, "[pages] redirect").await?));
    }
    if let Some(port) = config.media.tcp_port {
        let listener = bind(unspecified(config, port), "[media] tcp_port").await?;
        tokio::spawn(listen::media_alone(listener, doors.clone()));
    }
    Ok(())
}

async fn bind(address: SocketAddr, what: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(Failure::system(format!(
        "{what}: cannot listen on {address}; ports below 1024 need CAP_NET_BIND_SERVICE, and no other \
         program may hold it"
    )))
}

/// The one thing that answers without TLS: the way to where there is some (RFC 9110 section 15.4.9).
fn redirect(origin: String) -> Router {
    Router::new().fallback(move |asked: Uri| {
        let path = asked.path_and_query().map_or("/", |path| path.as_str());
        let to = format!("{origin}{path}");
        async move { (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]) }
    })
}

fn start_media(config: &Config) -> Result<Sfu, Failure> {
    let addresses = config.media_addresses();
    let at = |port: u16| addresses.iter().map(move |ip| SocketAddr::new(*ip, port)).collect::<Vec<_>>();
    let proxied = matches!(config.tls, Some(config::Tls::BehindProxy(_)));
    let pages = (!proxied).then(|| config.pages.listen.first().map_or(0, SocketAddr::port));
    let sfu = SfuConfig {
        udp: unspecified(config, config.media.port),
        udp_enabled: true,
        public: at(config.media.port),
        tcp_public: config.media.tcp_port.or(pages).map_or(Vec::new(), at),
        picture: match config.media.picture {
            config::Picture::Vp8 => media::Picture::Vp8,
            config::Picture::Vp9 => media::Picture::Vp9,
        },
    };
    let what = format!("[media] port: cannot listen on UDP port {}", config.media.port);
    Sfu::start(sfu).map_err(Failure::system(what))
}

/// Every address of this machine, or loopback when all that is served is there.
fn unspecified(config: &Config, port: u16) -> SocketAddr {
    let addresses = config.media_addresses();
    let loopback = addresses.iter().all(IpAddr::is_loopback);
    let ip: IpAddr = match addresses.first() {
        Some(first) if loopback => *first,
        Some(IpAddr::V6(_)) => Ipv6Addr::UNSPECIFIED.into(),
        _ => Ipv4Addr::UNSPECIFIED.into(),
    };
    SocketAddr::new(ip, port)
}

fn carrier(config: &Config, keep: &Keep) -> Result<Option<Arc<dyn Carrier>>, Failure> {
    let server = match &config.mail {
        None => return Ok(None),
        Some(Mail::Folder(folder)) => return Ok(Some(Arc::new(FolderCarrier::new(folder, keep.clone())))),
        Some(Mail::Server(server)) => server,
    };
    let smtp = SmtpConfig {
        host: server.host.clone(),
        port: server.port,
        tls: server.tls,
        login: login(server)?,
        from: server.from.clone(),
    };
    match SmtpCarrier::new(&smtp, keep.clone()) {
        Ok(carrier) => Ok(Some(Arc::new(carrier))),
        Err(problem) => Err(Failure::Other(format!("[mail] server: {problem}"))),
    }
}

fn login(server: &Server) -> Result<Option<(String, String)>, Failure> {
    let Some(user) = &server.user else { return Ok(None) };
    let password = match (std::env::var("ALCOVE_MAIL_PASSWORD"), &server.password_file) {
        (Ok(password), _) => zeroize::Zeroizing::new(password),
        (Err(_), Some(file)) => config::secret_in(file, "[mail] password_file")?,
        (Err(_), None) => {
            return Err(Failure::Other(
                "[mail] server: `user` needs `password_file`, or ALCOVE_MAIL_PASSWORD".into(),
            ));
        }
    };
    Ok(Some((user.clone(), password.trim_end_matches('\n').to_owned())))
}

/// A renewed certificate is taken up by itself, and at once after SIGHUP.
async fn follow_certificate(tls: Option<Arc<Tls>>) {
    let Ok(mut asked) = signal(SignalKind::hangup()) else { return };
    let mut told = UnixMillis(0);
    loop {
        let _ = tokio::time::timeout(tls::LOOK_EVERY, asked.recv()).await;
        let now = SystemClock::default().now();
        if let Some(ends) = tls.as_ref().and_then(|tls| tls.ends_soon(now))
            && now.since(told) >= DAY_MS
        {
            told = now;
            let days = ends.since(now).max(0) / DAY_MS;
            tracing::error!(days, "the certificate is about to end: then nobody can open a page");
        }
        match tls.as_ref().map(|tls| tls.look_again()) {
            Some(Ok(true)) => tracing::info!("another certificate is shown from now on"),
            Some(Err(failure)) => tracing::error!(%failure, "the certificate in use stays"),
            Some(Ok(false)) | None => {}
        }
    }
}

/// Ctrl+C at a terminal, SIGTERM from whoever keeps services.
async fn until_asked() {
    let Ok(mut ended) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        asked = tokio::signal::ctrl_c() => if asked.is_err() { std::future::pending::<()>().await },
        _ = ended.recv() => {}
    }
}

/// A quarter of the files this process may open is for everything that is no connection.
fn files_allowed() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    soft.unwrap_or(FILES_USUAL) / 4 * 3
}

const FILES_USUAL: usize = 1024;

#[cfg(test)]
#[path = "serve_tests.rs"]
mod tests;
