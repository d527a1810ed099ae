//! What every request shares: the store, the way to find out who asks, the words, what the slices plugged in.

use crate::routes::Pages;
use crate::{Catalog, Failure, RailItem};
use axum::http::HeaderMap;
use keep::{BoxFuture, Keep};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;
use vocabulary::{Lang, Principal};

/// Finds out who a request comes from. `people` implements it; this crate stands below `people`.
pub trait SignIn: Send + Sync {
    /// `path` matters because one browser can hold several guests: `/g/{n}/...` names which.
    fn who<'a>(&'a self, headers: &'a HeaderMap, path: &'a str) -> BoxFuture<'a, Result<Found, Failure>>;
}

/// Who asks. Holds a name, so it has no `Debug`.
#[derive(Clone)]
pub struct Found {
    pub who: Principal,
    /// Shown at the foot of the rail or on the page, never logged.
    pub shown_name: Option<String>,
    /// The language this person chose in their account.
    pub lang: Option<Lang>,
    /// The session's own key for form tokens; for nobody in particular, one of the installation.
    pub form_key: [u8; 32],
    /// This session proved who it is within the last minutes (SP 800-63B: reauthentication).
    pub fresh: bool,
    /// How long this session lives when nothing more is heard of it, ms; 0 for nobody.
    pub left_ms: i64,
}

/// The state of the whole program's pages. Cheap to clone.
#[derive(Clone)]
pub struct Site {
    pub keep: Keep,
    pub sign_in: Arc<dyn SignIn>,
    pub catalog: Arc<Catalog>,
    /// `alcove demo`: the style guide and one-press sign-in exist.
    pub demo: bool,
    pub(crate) rail: Arc<Vec<RailItem>>,
    pub(crate) pages: Pages,
    plugs: Arc<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Site {
    pub fn new(keep: Keep, sign_in: Arc<dyn SignIn>, catalog: Arc<Catalog>) -> Site {
        Site {
            keep,
            sign_in,
            catalog,
            demo: false,
            rail: Arc::default(),
            pages: Pages::default(),
            plugs: Arc::default(),
        }
    }

    pub fn demo(mut self, demo: bool) -> Site {
        self.demo = demo;
        self
    }

    /// The side rail of staff pages, top to bottom. Each entry shows only to whom its act is allowed.
    pub fn rail(mut self, items: Vec<RailItem>) -> Site {
        self.rail = Arc::new(items);
        self
    }

    /// Hands a slice's own shared part (a media server, live rooms) to its handlers:
    /// `site.plugged::<Rooms>()`.
    pub fn plug<T: Any + Send + Sync>(mut self, part: Arc<T>) -> Site {
        Arc::make_mut(&mut self.plugs).insert(TypeId::of::<T>(), part);
        self
    }

    /// As `plugged`, borrowed.
    pub fn part<T: Any + Send + Sync>(&self) -> &T {
        let part = self.plugs.get(&TypeId::of::<T>()).and_then(|part| part.downcast_ref());
        part.expect("the binary plugs in every part its routes need")
    }

    /// Panics when the part was never plugged in, which a start of the program shows at once.
    pub fn plugged<T: Any + Send + Sync>(&self) -> Arc<T> {
        let part = self.plugs.get(&TypeId::of::<T>()).cloned();
        part.and_then(|part| part.downcast().ok()).expect("the binary plugs in every part its routes need")
    }
}
