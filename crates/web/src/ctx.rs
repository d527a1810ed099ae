//! What a handler knows about the request it answers: who asks, in which language, when.

use crate::page::{self, Frame};
use crate::{Failure, Found, Page, Site, Words, form, language, simple};
use askama::Template;
use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::{Method, request::Parts};
use axum::response::Response;
use keep::{Keep, Object, Settings};
use policy::{Access, Act, Facts, Refusal};
use std::any::Any;
use std::sync::Arc;
use vocabulary::{Lang, Principal, UnixMillis};

/// The request context. Holds a name, so it has no `Debug`.
#[derive(Clone)]
pub struct Ctx {
    pub keep: Keep,
    pub who: Principal,
    pub lang: Lang,
    pub words: Words,
    /// When the request came in.
    pub now: UnixMillis,
    pub settings: Arc<Settings>,
    pub shown_name: Option<String>,
    pub site: Site,
    /// Path and query of the page: its own, or of the page a form was sent from.
    pub(crate) here: String,
    /// This session proved who it is a moment ago: acts that ask for it are allowed now.
    pub fresh: bool,
    /// How long this session lives when nothing more is heard of it, ms.
    pub left_ms: i64,
    /// Large letters and one thing at a time; none where nobody chose in this browser.
    pub simple: Option<bool>,
    form_key: [u8; 32],
}

impl Ctx {
    /// Asks the policy. A refusal is in the trail before the caller hears of it; one exception: strangers who
    /// are merely not signed in, or anybody could make the trail grow. Decide before `keep.begin()`: there
    /// is one writer, and a refusal needs it.
    pub async fn decide(&self, act: Act, facts: &Facts) -> Result<Access, Failure> {
        if self.waits_for_opening(act) {
            return Err(Failure::SetUpFirst);
        }
        match policy::decide(&self.who, &Facts { fresh: self.fresh, ..*facts }, act) {
            Ok(access) => Ok(access),
            Err(Refusal::SignIn) => Err(Failure::SignIn),
            // Not refused: the person comes back with the proof, and that is an entry.
            Err(Refusal::ProveAgain) => Err(Failure::ProveAgain),
            Err(refusal) => {
                self.keep.refused(&self.who, act, object(facts), refusal_code(refusal)).await?;
                Err(Failure::from(refusal))
            }
        }
    }

    /// Whether a link or button is worth showing, a fresh proof aside. Grants nothing and leaves no trace.
    pub fn allowed(&self, act: Act, facts: &Facts) -> bool {
        !self.waits_for_opening(act)
            && policy::decide(&self.who, &Facts { fresh: true, ..*facts }, act).is_ok()
    }

    /// R53: a practice without named officials sees nobody.
    fn waits_for_opening(&self, act: Act) -> bool {
        self.settings.opening && matches!(self.who, Principal::Staff { .. }) && !act.comes_before_opening()
    }

    /// Draws a template that extends `shell.html` or `staff.html`.
    pub fn page<T: Template>(&self, page: Page, template: &T) -> Response {
        page::draw(&Frame::of(self, &page), &page, template)
    }

    /// The practice's time zone, as `words.time(at, ctx.zone())` wants it.
    pub fn zone(&self) -> &str {
        &self.settings.face.zone
    }

    /// A part a slice plugged into the site.
    pub fn plugged<T: Any + Send + Sync>(&self) -> Arc<T> {
        self.site.plugged::<T>()
    }

    /// The same, borrowed.
    pub fn part<T: Any + Send + Sync>(&self) -> &T {
        self.site.part::<T>()
    }

    /// The token every form carries (`{% call f::token() %}`).
    pub fn form_token(&self) -> String {
        form::form_token(&self.form_key)
    }

    pub(crate) async fn of(site: &Site, parts: &mut Parts) -> Result<Ctx, Failure> {
        if let Some(known) = parts.extensions.get::<Ctx>() {
            return Ok(known.clone());
        }
        let Found { who, shown_name, lang, form_key, fresh, left_ms } =
            site.sign_in.who(&parts.headers, parts.uri.path()).await?;
        let lang = language::choose(&parts.headers, lang);
        if let Some(heard) = parts.extensions.get::<language::Heard>() {
            heard.set(lang);
        }
        let here = match parts.method {
            Method::GET => parts.uri.path_and_query().map_or("/", |it| it.as_str()).to_owned(),
            _ => site.pages.of_form(parts.extensions.get::<MatchedPath>(), &parts.uri),
        };
        let keep = site.keep.clone();
        let ctx = Ctx {
            simple: simple::chosen(&parts.headers),
            who,
            lang,
            fresh,
            left_ms,
            words: site.catalog.words(lang),
            now: keep.clock().now(),
            settings: keep.settings(),
            keep,
            shown_name,
            site: site.clone(),
            here,
            form_key,
        };
        parts.extensions.insert(ctx.clone());
        Ok(ctx)
    }
}

impl FromRequestParts<Site> for Ctx {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Ctx, Failure> {
        Ctx::of(site, parts).await
    }
}

fn object(facts: &Facts) -> Object {
    let object = match (facts.visit, facts.patient) {
        (Some(visit), _) => Object::of("visit", visit.text()),
        (None, Some(patient)) => Object::of("patient", patient.text()),
        (None, None) => Object::of("page", ""),
    };
    match facts.patient {
        Some(patient) => object.patient(patient),
        None => object,
    }
}

fn refusal_code(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::SignIn => "sign_in",
        Refusal::SecondFact => "second_fact",
        Refusal::OnlyFromRoom => "only_from_room",
        _ => "not_yours",
    }
}
