//! The parts of one practice put together: its folder, its keep, its pages and its media server.

use crate::ambient::SystemEntropy;
use crate::config::{self, Config};
use crate::demo;
use keep::vault::RootKey;
use keep::{Keep, KeepError, Schema, Server};
use media::Sfu;
use people::contact::texting::Texting;
use people::invitations::Limits;
use people::merges::Followers;
use people::patients::Names;
use people::portal_keys::Elsewhere;
use people::sessions::CookieSignIn;
use policy::Act;
use practice::facts::Observers;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use visit::during::{Live, Parts};
use vocabulary::Clock;
use web::{Catalog, RailItem, Routes, Site};

/// Why a command could not do its work, in a sentence that says what to change.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Keep(#[from] KeepError),
    #[error("{0}")]
    Trail(#[from] keep::trail::TrailError),
    #[error("the folder {0} holds no practice: it needs `alcove.toml`, or a demo's `data` and `root.key`")]
    NoPractice(PathBuf),
    #[error("{what}: {cause}")]
    System { what: String, cause: std::io::Error },
    #[error("the words of the pages do not fit together: {0}")]
    Words(String),
    #[error("{0}")]
    Other(String),
}

impl Failure {
    pub fn system(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Failure {
        let what = what.into();
        |cause| Failure::System { what, cause }
    }
}

/// Where one practice lives. The root key stands outside the data folder (45 CFR 164.402: data is "secured"
/// only while the key is kept apart).
#[derive(Clone)]
pub struct Places {
    pub data: PathBuf,
    pub root_key: PathBuf,
    /// The server that has the records, when the data folder has only keys and files.
    pub database: Option<Server>,
}

impl Places {
    pub fn of(config: &Config) -> Places {
        Places {
            data: config.data.clone(),
            root_key: config.root_key.clone(),
            database: config.database.clone(),
        }
    }

    /// The practice whose `alcove.toml` stands in this folder, or a demo's with `data` and `root.key`.
    pub fn existing(folder: &Path) -> Result<Places, Failure> {
        let file = folder.join(config::FILE);
        if file.is_file() {
            return Ok(Places::of(&Config::read(&file, &|name| std::env::var(name).ok())?));
        }
        let places = Places::beside(folder);
        let holds_one = places.data.is_dir() && places.root_key.is_file();
        if holds_one { Ok(places) } else { Err(Failure::NoPractice(folder.to_owned())) }
    }

    /// The demo's practice in `folder`, or a new empty one when the folder holds none. `true` when it is new.
    pub fn existing_or_new(folder: &Path) -> Result<(Places, bool), Failure> {
        let places = Places::beside(folder);
        if places.data.is_dir() && places.root_key.is_file() {
            return Ok((places, false));
        }
        std::fs::create_dir_all(&places.data)
            .map_err(Failure::system(format!("cannot make the folder {}", folder.display())))?;
        keep::vault::create_root(&places.root_key, &SystemEntropy)?;
        Ok((places, true))
    }

    pub async fn open(&self, clock: Arc<dyn Clock>) -> Result<Keep, Failure> {
        Ok(Keep::open(&self.keeping(), &schemas(), clock, Arc::new(SystemEntropy)).await?)
    }

    pub async fn open_with(&self, root: &RootKey, clock: Arc<dyn Clock>) -> Result<Keep, Failure> {
        Ok(Keep::open_with(&self.keeping(), root, &schemas(), clock, Arc::new(SystemEntropy)).await?)
    }

    /// The key from its file.
    pub fn root(&self) -> Result<RootKey, Failure> {
        Ok(RootKey::read(&self.root_key, &self.data)?)
    }

    /// Where an open house hears its operator.
    pub fn control(&self) -> PathBuf {
        self.data.join("control.sock")
    }

    fn beside(folder: &Path) -> Places {
        Places { data: folder.join("data"), root_key: folder.join("root.key"), database: None }
    }

    pub fn keeping(&self) -> keep::Config {
        keep::Config {
            folder: self.data.clone(),
            root_key: self.root_key.clone(),
            database: self.database.clone(),
        }
    }
}

pub fn schemas() -> Vec<Schema> {
    vec![
        people::SCHEMA,
        people::NEEDS,
        practice::SCHEMA,
        practice::vendors::SCHEMA,
        practice::INTERPRETERS,
        visit::SCHEMA,
        visit::DESK,
        visit::READINESS,
        visit::LANGUAGE,
        visit::SIGNERS,
        visit::IDENTITY,
        visit::DELEGATES,
    ]
}

/// Every route of every slice, each with its access rule.
pub fn routes() -> Routes {
    web::routes().merge(people::routes()).merge(practice::routes()).merge(visit::routes())
}

/// All words of all pages; a missing or doubled one stops the start.
pub fn catalog() -> Result<Arc<Catalog>, Failure> {
    let slices = [people::WORDS, practice::WORDS, visit::WORDS, demo::WORDS];
    Catalog::new(&slices).map_err(|gaps| Failure::Words(gaps.0.join("; ")))
}

/// What the slices share at run time, put together: names, limits, live visits.
pub async fn site(keep: &Keep, sfu: &Sfu, demo: bool, texting: Arc<Texting>) -> Result<Site, Failure> {
    practice::signed_reports::ensure_key(keep).await?;
    let names = Names::build(keep).await?;
    let catalog = catalog()?;
    let live = Live::start(Parts {
        keep: keep.clone(),
        media: Arc::new(sfu.clone()),
        catalog: catalog.clone(),
        demo,
        texting: texting.clone(),
    });
    let sign_in = Arc::new(CookieSignIn::new(keep.clone(), names.clone()));
    let site = Site::new(keep.clone(), sign_in, catalog)
        .demo(demo)
        .rail(RAIL.to_vec())
        .plug(names)
        .plug(Arc::new(Limits::heard_by(practice::findings::LockedLinks)))
        .plug(Arc::new(Followers::default().with(visit::before::merging::OfVisits)))
        .plug(Arc::new(live))
        .plug(Arc::new(visit::before::practice_room::Probes::new(Arc::new(sfu.clone()))))
        .plug(Arc::new(Observers::default().with(visit::facts::OfVisits)))
        .plug(Arc::new(printing()));
    let elsewhere = Elsewhere::at(visit::before::companions::Seats);
    Ok(people::plug_doors(site).plug(texting).plug(Arc::new(elsewhere)))
}

#[cfg(feature = "pdf")]
fn printing() -> practice::print::Printing {
    crate::print::printing()
}

#[cfg(not(feature = "pdf"))]
fn printing() -> practice::print::Printing {
    practice::print::Printing::default()
}

const RAIL: [RailItem; 11] = [
    RailItem { key: "rail-day", href: "/day", icon: "calendar-days", act: Act::SeeDay },
    RailItem { key: "rail-patients", href: "/patients", icon: "users", act: Act::SeePatients },
    RailItem { key: "rail-practice", href: "/practice", icon: "clipboard-check", act: Act::SeeRisks },
    RailItem {
        key: "rail-asked",
        href: "/practice/asked",
        icon: "list-checks",
        act: Act::AnswerAskedQuestion,
    },
    RailItem { key: "rail-staff", href: "/staff", icon: "id-card", act: Act::SeeStaff },
    RailItem { key: "rail-types", href: "/practice/visit-types", icon: "clock", act: Act::ChangeVisitTypes },
    RailItem {
        key: "rail-interpreters",
        href: "/practice/interpreters",
        icon: "languages",
        act: Act::ChangeInterpreters,
    },
    RailItem {
        key: "rail-emergency",
        href: "/practice/emergency-numbers",
        icon: "siren",
        act: Act::ChangeEmergencyPlaces,
    },
    RailItem { key: "rail-insight", href: "/insight", icon: "smile", act: Act::GiveInsight },
    RailItem { key: "rail-incident", href: "/incident", icon: "siren", act: Act::ReportIncident },
    RailItem { key: "rail-set-up", href: "/set-up", icon: "settings", act: Act::SetUpPractice },
];
