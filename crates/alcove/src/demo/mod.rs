//! `alcove demo`: a furnished practice on this machine alone.
//!
//! Binds loopback only. One-press sign-in exists in this command and nowhere else.

pub mod cast;
pub mod furnish;
pub mod pages;

use crate::ambient::SystemClock;
use crate::house::{self, Failure, Places};
use crate::listen::{Doors, Limits, Stage};
use crate::{log, operator};
use furnish::StaffLink;
use keep::{Carrier, Keep};
use media::{Picture, Sfu, SfuConfig};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use vocabulary::DAY_MS;
use web::Locale;
use web::mail::{FolderCarrier, SmtpCarrier, SmtpConfig};

/// What the demo's own pages say.
pub const WORDS: Locale = Locale {
    owner: "demo",
    en: include_str!("../../locales/en/demo.ftl"),
    es: include_str!("../../locales/es/demo.ftl"),
};

#[derive(clap::Args)]
pub struct Options {
    /// The port of http://localhost; 0 takes any free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where the practice lives. Without it a fresh folder is made; with one that holds a practice, that
    /// opens.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Send mail to this SMTP server on this machine instead of keeping it in a folder.
    #[arg(long, value_name = "HOST:PORT")]
    smtp: Option<String>,
    /// Offer media over TCP only, as behind a strict firewall.
    #[arg(long)]
    no_udp: bool,
    /// Send pictures in VP9 instead of VP8: sharper at the same rate, and more work for every device.
    #[arg(long)]
    vp9: bool,
    /// Open the practice as it will be in this many days: what has expired by then?
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=3650))]
    days_later: u16,
    /// Write every media payload that arrives to this file, as it is. In debug builds alone.
    #[cfg(debug_assertions)]
    #[arg(long, value_name = "FILE")]
    tap: Option<PathBuf>,
    /// Print one line of JSON instead of text, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(options: Options) -> Result<(), Failure> {
    let folder = options.folder.clone().unwrap_or_else(fresh_folder);
    let (places, is_new) = Places::existing_or_new(&folder)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(Failure::system(
        format!("cannot listen on port {}; choose another with --port", options.port),
    ))?;
    let local = listener.local_addr().map_err(Failure::system("cannot read the port"))?;
    // Passkeys refuse a bare address, so the demo is always at localhost.
    let origin = format!("http://localhost:{}", local.port());

    let clock = SystemClock { ahead_ms: i64::from(options.days_later) * DAY_MS };
    let keep = places.open(Arc::new(clock)).await?;
    let links = if is_new {
        furnish::furnish(&keep, &origin).await?
    } else {
        furnish::reopen(&keep, &origin).await?
    };
    let sfu = start_media(local, &options)?;
    let carrier = carrier(&options, &folder, &keep)?;
    tokio::spawn(keep::outbox::run(keep.clone(), carrier));
    tokio::spawn(practice::review_requests::watch(keep.clone()));
    tokio::spawn(people::imports::watch(keep.clone()));

    let site = house::site(&keep, &sfu, true, Arc::default()).await?;
    tokio::spawn(practice::reminders::watch(keep.clone(), site.catalog.clone(), site.plugged()));
    let desk = operator::Desk { keep: keep.clone(), names: Some(site.plugged()) };
    tokio::spawn(hear_the_operator(places.control(), desk));
    let site = site.plug(pages::Signposts::new(&links));
    let router = house::routes().merge(pages::routes()).into_router(site);
    let stage = Stage::new(axum::Router::new());
    stage.put(router, sfu);
    let doors = Doors::plain(stage, Limits { connections: CONNECTIONS, per_address: CONNECTIONS });
    announce(&options, &origin, &folder, &links);
    serve(doors, listener, keep).await
}

/// Without the socket the house works all the same; only orders need it closed first.
async fn hear_the_operator(control: PathBuf, desk: operator::Desk) {
    if let Err(failure) = desk.resume().await {
        tracing::warn!(%failure, "a change of keys that was cut short did not go on");
    }
    if let Err(failure) = operator::listen(&control, Arc::new(desk)).await {
        tracing::warn!(%failure, "orders of the operator cannot reach this house while it is open");
    }
}

fn start_media(pages: SocketAddr, options: &Options) -> Result<Sfu, Failure> {
    let config = SfuConfig {
        udp: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        udp_enabled: !options.no_udp,
        public: Vec::new(),
        tcp_public: vec![pages],
        picture: if options.vp9 { Picture::Vp9 } else { Picture::Vp8 },
    };
    #[cfg(debug_assertions)]
    if let Some(file) = &options.tap {
        let tap =
            std::fs::File::create(file).map_err(Failure::system("cannot write to the file of --tap"))?;
        return Sfu::start_tapped(config, tap).map_err(Failure::system("cannot start the media server"));
    }
    Sfu::start(config).map_err(Failure::system("cannot start the media server"))
}

fn carrier(options: &Options, folder: &Path, keep: &Keep) -> Result<Arc<dyn Carrier>, Failure> {
    let Some(server) = &options.smtp else {
        return Ok(Arc::new(FolderCarrier::new(folder.join("mail"), keep.clone())));
    };
    let (host, port) = server.rsplit_once(':').unwrap_or((server, "25"));
    let port = port.parse().map_err(|_| Failure::Other(format!("--smtp: {port} is no port")))?;
    let from = "practice@localhost".to_owned();
    let config = SmtpConfig { host: host.to_owned(), port, tls: false, login: None, from };
    match SmtpCarrier::new(&config, keep.clone()) {
        Ok(carrier) => Ok(Arc::new(carrier)),
        Err(problem) => Err(Failure::Other(format!("--smtp: {problem}"))),
    }
}

async fn serve(doors: Doors, listener: TcpListener, keep: Keep) -> Result<(), Failure> {
    let until_asked = async {
        // Without signals there is nothing to wait for; the terminal still ends the program.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = doors.serve(listener) => {}
        () = until_asked => {}
    }
    keep.close().await;
    Ok(())
}

fn announce(options: &Options, origin: &str, folder: &Path, links: &furnish::Links) {
    if options.json {
        let line = serde_json::json!({
            "origin": origin,
            "folder": folder,
            "staff": links
                .staff
                .iter()
                .map(|member| (member.link, format!("{origin}/demo/as/{}", member.link)))
                .collect::<BTreeMap<_, _>>(),
            "patient": links.patient,
            "others": links.others,
        });
        log::say(&line.to_string());
        return;
    }
    log::say(&format!("\n  Alcove demo: {} is open, on this machine alone.\n", cast::PRACTICE));
    log::say(&format!("  Look around            {origin}/demo\n"));
    log::say("  Hold a visit, in two tabs of one browser:");
    log::say(&format!("    the doctor           {origin}/demo/as/clinician"));
    if let Some(patient) = &links.patient {
        log::say(&format!("    the patient          {patient}"));
        log::say(&format!("    (birth date          {})", cast::FIRST_PATIENT_BIRTH_DATE));
    }
    log::say("\n  Sign in as somebody else:");
    for StaffLink { name, link, .. } in &links.staff {
        log::say(&format!("    {name:<20} {origin}/demo/as/{link}"));
    }
    log::say(&format!("\n  Everything is kept in  {}", folder.display()));
    log::say("  Stop with Ctrl+C.\n");
}

/// Everybody of the demo comes from this machine.
const CONNECTIONS: usize = 600;

fn fresh_folder() -> PathBuf {
    let mut random = [0; 8];
    vocabulary::Entropy::fill(&crate::ambient::SystemEntropy, &mut random);
    std::env::temp_dir().join(format!("alcove-demo-{:016x}", u64::from_be_bytes(random)))
}
