//! The parts of one practice put together: its folder, its keep, its pages and its media server.

use crate::ambient::SystemEntropy;
use crate::demo;
use keep::{Keep, KeepError, Schema};
use media::Sfu;
use people::invitations::Limits;
use people::patients::Names;
use people::sessions::CookieSignIn;
use policy::Act;
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
    #[error("the folder {0} holds no practice: it needs `data` and `root.key`")]
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

/// Where one practice lives. The root key stands beside the data folder, never in it (45 CFR 164.402: data is
/// "secured" only while the key is kept apart).
pub struct Places {
    pub folder: PathBuf,
}

impl Places {
    pub fn existing(folder: &Path) -> Result<Places, Failure> {
        let places = Places { folder: folder.to_owned() };
        let holds_one = places.data().is_dir() && places.root_key().is_file();
        if holds_one { Ok(places) } else { Err(Failure::NoPractice(folder.to_owned())) }
    }

    /// The practice in `folder`, or a new empty one when the folder holds none. `true` when it is new.
    pub fn existing_or_new(folder: &Path) -> Result<(Places, bool), Failure> {
        if let Ok(places) = Places::existing(folder) {
            return Ok((places, false));
        }
        let places = Places { folder: folder.to_owned() };
        std::fs::create_dir_all(places.data())
            .map_err(Failure::system(format!("cannot make the folder {}", folder.display())))?;
        keep::vault::create_root(&places.root_key(), &SystemEntropy)?;
        Ok((places, true))
    }

    pub async fn open(&self, clock: Arc<dyn Clock>) -> Result<Keep, Failure> {
        let config = keep::Config { folder: self.data(), root_key: self.root_key() };
        Ok(Keep::open(&config, &schemas(), clock, Arc::new(SystemEntropy)).await?)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Where an open house hears its operator.
    pub fn control(&self) -> PathBuf {
        self.data().join("control.sock")
    }

    fn root_key(&self) -> PathBuf {
        self.folder.join("root.key")
    }
}

pub fn schemas() -> Vec<Schema> {
    vec![people::SCHEMA, practice::SCHEMA, visit::SCHEMA]
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
pub async fn site(keep: &Keep, sfu: &Sfu, demo: bool) -> Result<Site, Failure> {
    let names = Names::build(keep).await?;
    let catalog = catalog()?;
    let live = Live::start(Parts {
        keep: keep.clone(),
        media: Arc::new(sfu.clone()),
        catalog: catalog.clone(),
        demo,
    });
    let sign_in = Arc::new(CookieSignIn::new(keep.clone(), names.clone()));
    let site = Site::new(keep.clone(), sign_in, catalog)
        .demo(demo)
        .rail(RAIL.to_vec())
        .plug(names)
        .plug(Arc::new(Limits::default()))
        .plug(Arc::new(live));
    Ok(people::plug_doors(site))
}

const RAIL: [RailItem; 5] = [
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
];
