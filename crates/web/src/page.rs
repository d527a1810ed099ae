//! A page's frame: what the shells `shell.html` (patients) and `staff.html` (rail) draw around a template.

use crate::{Ctx, Failure, Site, Words, assets};
use askama::Template;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use policy::{Act, Facts};
use std::any::Any;
use vocabulary::{Principal, SECOND_MS};

/// What a handler says about its page. `Page { title, ..Page::default() }` or `Page::new(title).rail("day")`.
#[derive(Clone, Debug)]
pub struct Page {
    pub title: String,
    pub status: StatusCode,
    /// The key of the rail entry this page belongs to.
    pub rail: &'static str,
    /// The page may use camera and microphone.
    pub camera: bool,
    /// The page needs `pages.js` (probes, passkeys, live parts).
    pub script: bool,
    /// Where a change of language leads, if the address of the request does not say it: what cannot be
    /// opened twice, a page of another path, a form whose page is told by a query.
    pub here: Option<String>,
}

impl Default for Page {
    fn default() -> Page {
        let (rail, here) = ("", None);
        Page { title: String::new(), status: StatusCode::OK, rail, camera: false, script: false, here }
    }
}

impl Page {
    pub fn new(title: impl Into<String>) -> Page {
        Page { title: title.into(), ..Page::default() }
    }

    pub fn status(mut self, status: StatusCode) -> Page {
        self.status = status;
        self
    }

    pub fn rail(mut self, key: &'static str) -> Page {
        self.rail = key;
        self
    }

    pub fn camera(mut self) -> Page {
        self.camera = true;
        self
    }

    pub fn script(mut self) -> Page {
        self.script = true;
        self
    }

    pub fn here(mut self, path: impl Into<String>) -> Page {
        self.here = Some(path.into());
        self
    }
}

/// One entry of the side rail.
#[derive(Clone, Copy, Debug)]
pub struct RailItem {
    /// The word's key, and the name a `Page` points back with.
    pub key: &'static str,
    pub href: &'static str,
    /// A file of `assets/icons`, without `.svg`.
    pub icon: &'static str,
    /// Shown to whom this is allowed.
    pub act: Act,
}

/// What templates see beside their own fields: `{% let frame = askama::get_value::<web::Frame>("frame")? %}`.
#[derive(Clone)]
pub struct Frame {
    pub title: String,
    pub words: Words,
    pub practice: String,
    pub phone: String,
    pub zone: String,
    pub form_token: String,
    /// Where this page is, to come back to after a change of language.
    pub here: String,
    pub rail: Vec<RailLink>,
    pub person: String,
    /// The person's roles, in words.
    pub roles: String,
    pub signed_in: bool,
    /// Where to ask how long the session lives, and how long it does, s.
    pub still_here: &'static str,
    pub left_s: i64,
    pub demo: bool,
    pub script: bool,
    /// Large letters and one thing at a time.
    pub simple: bool,
}

#[derive(Clone)]
pub struct RailLink {
    pub label: String,
    pub href: &'static str,
    pub icon: &'static str,
    pub current: bool,
}

impl askama::Values for Frame {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        (key == "frame").then_some(self)
    }
}

impl Frame {
    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// The address of what every session has, such as `simple`: the start of a path says whose session it is.
    pub fn beside(&self, what: &str) -> String {
        let mut parts = self.here.split('/').skip(1);
        match (parts.next(), parts.next()) {
            (Some("g"), Some(door)) => format!("/g/{door}/{what}"),
            (Some("portal"), _) => format!("/portal/{what}"),
            _ => format!("/{what}"),
        }
    }

    pub fn lang_code(&self) -> &'static str {
        self.words.lang().code()
    }

    /// The frame of a failure: it must not depend on who asks, nor on another lookup that may fail.
    pub(crate) fn of_nobody(site: &Site, words: Words, page: &Page, here: String) -> Frame {
        let face = &site.keep.settings().face;
        Frame {
            title: page.title.clone(),
            words,
            practice: face.name.clone(),
            phone: face.phone.clone(),
            zone: face.zone.clone(),
            form_token: String::new(),
            here,
            rail: Vec::new(),
            person: String::new(),
            roles: String::new(),
            signed_in: false,
            still_here: "",
            left_s: 0,
            demo: site.demo,
            script: false,
            simple: false,
        }
    }

    pub(crate) fn of(ctx: &Ctx, page: &Page) -> Frame {
        let face = &ctx.settings.face;
        Frame {
            title: page.title.clone(),
            words: ctx.words.clone(),
            practice: face.name.clone(),
            phone: face.phone.clone(),
            zone: face.zone.clone(),
            form_token: ctx.form_token(),
            here: page.here.clone().unwrap_or_else(|| ctx.here.clone()),
            rail: rail(ctx, page.rail),
            person: ctx.shown_name.clone().unwrap_or_default(),
            roles: roles(ctx),
            signed_in: !matches!(ctx.who, Principal::Anonymous | Principal::System | Principal::Guest { .. }),
            still_here: match ctx.who {
                Principal::Patient { .. } | Principal::Representative { .. } => "/portal/still-here",
                _ => "/still-here",
            },
            left_s: ctx.left_ms / SECOND_MS,
            demo: ctx.site.demo,
            script: page.script || ctx.simple == Some(true),
            simple: ctx.simple == Some(true),
        }
    }
}

/// After a successful POST: 303, so that a reload does not send the form again (RFC 9110 section 15.4.4).
pub fn see_other(path: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(path) else {
        return Failure::broken("an address that is no header value").into_response();
    };
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

pub(crate) fn draw<T: Template>(frame: &Frame, page: &Page, template: &T) -> Response {
    match template.render_with_values(frame) {
        Ok(html) => {
            let mut response = (page.status, axum::response::Html(html)).into_response();
            let lang = HeaderValue::from_static(frame.lang_code());
            response.headers_mut().insert(header::CONTENT_LANGUAGE, lang);
            if page.camera {
                response.headers_mut().insert(PERMISSIONS_POLICY, HeaderValue::from_static(CAMERA_HERE));
            }
            response
        }
        Err(_) => Failure::broken("a template could not be drawn").into_response(),
    }
}

pub(crate) const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// For pages that measure or show a picture. `armour` closes these on every other page.
pub(crate) const CAMERA_HERE: &str = "camera=(self), microphone=(self), display-capture=(self), \
     screen-wake-lock=(self), autoplay=(self), fullscreen=(self), geolocation=(), payment=(), usb=(), \
     serial=(), hid=(), midi=()";

fn rail(ctx: &Ctx, current: &str) -> Vec<RailLink> {
    let shown = ctx.site.rail.iter().filter(|item| ctx.allowed(item.act, &Facts::default()));
    shown
        .map(|item| RailLink {
            label: ctx.words.t(item.key),
            href: item.href,
            icon: item.icon,
            current: item.key == current,
        })
        .collect()
}

fn roles(ctx: &Ctx) -> String {
    let Principal::Staff { roles, .. } = ctx.who else { return String::new() };
    let named: Vec<String> =
        roles.iter().map(|role| ctx.words.t(&format!("role-{}", role.code().replace('_', "-")))).collect();
    named.join(", ")
}
