//! The one layer around everything: who may send, what every answer carries, and failures drawn as pages.
//!
//! Refuses state changes from other sites before any handler runs. Puts the content security policy and
//! its companions on every answer, failures and assets included. Catches panics, so that one request cannot
//! end another. Logs a failure once, with its incident, route and cause; never an address, a body or a name.

use crate::failure::Untold;
use crate::language::Heard;
use crate::page::{self, Frame, PERMISSIONS_POLICY, Page};
use crate::{Failure, Site, filters, room_page};
use askama::Template;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use keep::trail::Caller;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use vocabulary::IncidentId;

/// The largest form. A route that takes files sets its own limit.
pub(crate) const BODY_MAX_BYTES: usize = 256 * 1024;

/// Marks an answer whose error body is meant as it is: a health check, a file.
#[derive(Clone, Copy)]
pub(crate) struct Verbatim;

pub(crate) async fn guard(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let asked = Asked::of(&site, &request);
    request.extensions_mut().insert(asked.heard.clone());
    request.extensions_mut().insert(site.clone());
    let origin = site.keep.settings().face.origin.clone();
    let answer = if asked.comes_from_another_site(&origin) {
        Failure::OtherSite.into_response()
    } else {
        let handled = caller(&request).during(next.run(request));
        match AssertUnwindSafe(handled).catch_unwind().await {
            Ok(answer) => answer,
            Err(_) => Failure::broken("a handler panicked").into_response(),
        }
    };
    let mut answer = tell(&site, &asked, answer);
    match answer.extensions().get::<room_page::OfTheRoom>() {
        Some(_) => room_page::harden(answer.headers_mut(), &origin),
        None => harden(answer.headers_mut(), &origin),
    }
    answer
}

/// Where the request comes from, for the entries it causes (45 CFR 164.312(b)).
fn caller(request: &Request) -> Caller {
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|from| from.0.ip());
    let device = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Caller { address, device: device.unwrap_or_default().to_owned() }
}

/// What is needed of the request after the handler has taken it.
struct Asked {
    method: Method,
    headers: HeaderMap,
    path: String,
    /// The page to come back to.
    here: String,
    /// The route's pattern: an address can hold ids, a pattern cannot.
    route: String,
    heard: Heard,
}

impl Asked {
    fn of(site: &Site, request: &Request) -> Asked {
        let pattern = request.extensions().get::<MatchedPath>();
        let route = pattern.map_or("-", MatchedPath::as_str);
        let path = request.uri().path().to_owned();
        let here = match *request.method() {
            Method::GET => path.clone(),
            _ => site.pages.of_form(pattern, request.uri()),
        };
        Asked {
            method: request.method().clone(),
            headers: request.headers().clone(),
            path,
            here,
            route: route.to_owned(),
            heard: Heard::default(),
        }
    }

    fn text(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Browsers say where a request comes from in `Sec-Fetch-Site`; older ones in `Origin`. Under our
    /// `Referrer-Policy: no-referrer` an older one may send `Origin: null` with a form: then the form token
    /// decides. A change with neither header, or JSON with no origin, is no browser page of ours.
    fn comes_from_another_site(&self, origin: &str) -> bool {
        if matches!(self.method, Method::GET | Method::HEAD) && !self.is_socket() {
            return false;
        }
        if let Some(site) = self.text(HeaderName::from_static("sec-fetch-site")) {
            return !matches!(site, "same-origin" | "none");
        }
        match self.text(header::ORIGIN) {
            Some("null") => !self
                .text(header::CONTENT_TYPE)
                .unwrap_or("")
                .starts_with("application/x-www-form-urlencoded"),
            Some(from) => from != origin,
            None => !self.is_machine(),
        }
    }

    /// Another program that shows a secret of its own, at the one place where programs knock. Nowhere else:
    /// browsers send the credentials of a proxy in front of us unasked, for other sites' pages too.
    fn is_machine(&self) -> bool {
        let brings = |name: HeaderName| self.headers.contains_key(name);
        let at_a_hook = self.path.starts_with("/hooks/");
        at_a_hook && brings(header::AUTHORIZATION) && !brings(header::COOKIE) && !self.is_socket()
    }

    /// A WebSocket opens with a GET that no form token can guard (RFC 6455 section 10.2).
    fn is_socket(&self) -> bool {
        self.text(header::UPGRADE).is_some_and(|to| to.eq_ignore_ascii_case("websocket"))
    }

    fn wants_json(&self) -> bool {
        let accept = self.text(header::ACCEPT).unwrap_or("");
        accept.contains("application/problem+json") || accept.contains("application/json")
    }

    /// The browser carries a staff session, true or not, and asks for no page of a guest.
    fn is_of_staff(&self) -> bool {
        let session = self.text(header::COOKIE).is_some_and(|cookies| cookies.contains(STAFF_SESSION));
        session && !is_guest_page(&self.path)
    }

    /// Where a signed-out person goes on: staff pages have a door, a guest's door is the invitation itself.
    /// A form that was sent too late cannot be sent again from here: its page says so.
    fn door(&self, failure: &Failure) -> Option<String> {
        let door = match failure {
            Failure::SignIn if self.path.starts_with("/portal") => "/portal/sign-in",
            Failure::SignIn => "/sign-in",
            Failure::ProveAgain => "/sign-in/again",
            Failure::SetUpFirst => "/set-up",
            _ => return None,
        };
        let own = self.method == Method::GET && !self.wants_json() && !self.is_socket();
        let guest = is_guest_page(&self.path) && door != "/portal/sign-in";
        let back = self.path.replace('%', "%25").replace('&', "%26").replace('+', "%2B");
        (own && !guest).then(|| format!("{door}?back={back}"))
    }
}

/// Pages that are entered by an invitation.
fn is_guest_page(path: &str) -> bool {
    ["/g/", "/room/", "/portal"].iter().any(|door| path.starts_with(door))
}

const STAFF_SESSION: &str = "__Host-staff=";

/// Draws what is still untold: our own failures and the bare answers of the framework.
fn tell(site: &Site, asked: &Asked, answer: Response) -> Response {
    let (method, route, status) = (asked.method.as_str(), asked.route.as_str(), answer.status().as_u16());
    tracing::trace!(method, route, status, "answered");
    let failure = match answer.extensions().get::<Untold>() {
        Some(untold) => untold.0.as_ref().clone(),
        None if is_bare_error(&answer) => Failure::from_status(answer.status()),
        None => return answer,
    };
    if let Some(door) = asked.door(&failure) {
        return page::see_other(&door);
    }
    let incident = IncidentId::new(site.keep.clock().now(), site.keep.entropy());
    log(&failure, asked, incident);
    let words = site.catalog.words(asked.heard.or_from(&asked.headers));
    let mut told = if asked.wants_json() {
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let problem = failure.problem(&words.plain(), incident);
        let body = serde_json::to_vec(&problem).expect("a problem is plain text");
        (failure.status(), kind, body).into_response()
    } else {
        let problem = failure.problem(&words, incident);
        let page = Page::new(problem.title.clone()).status(failure.status());
        let frame = Frame::of_nobody(site, words, &page, asked.here.clone());
        let (again, signed_out) = (failure.may_pass(), failure.code());
        if asked.is_of_staff() {
            page::draw(&frame, &page, &StaffFailurePage { problem, again, signed_out })
        } else {
            page::draw(&frame, &page, &FailurePage { problem, again, signed_out })
        }
    };
    if let Failure::TooMany { retry_after_s } = failure {
        told.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
    }
    if let Some(allow) = answer.headers().get(header::ALLOW) {
        told.headers_mut().insert(header::ALLOW, allow.clone());
    }
    told
}

/// The same words in the frame that staff work in. Only the frame: a failure looks up nobody.
#[derive(Template)]
#[template(path = "failure_staff.html")]
struct StaffFailurePage {
    problem: crate::Problem,
    again: bool,
    signed_out: &'static str,
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    problem: crate::Problem,
    /// Trying again can help.
    again: bool,
    signed_out: &'static str,
}

impl Failure {
    fn may_pass(&self) -> bool {
        matches!(self, Failure::Busy | Failure::Broken { .. } | Failure::Changed)
    }
}

/// axum's own rejections are plain text or empty, and would leak how we read a body.
fn is_bare_error(answer: &Response) -> bool {
    let status = answer.status();
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    (status.is_client_error() || status.is_server_error())
        && answer.extensions().get::<Verbatim>().is_none()
        && kind.is_none_or(|kind| kind.starts_with("text/plain"))
}

fn log(failure: &Failure, asked: &Asked, incident: IncidentId) {
    let (incident, code, route) = (incident.short(), failure.code(), asked.route.as_str());
    let method = asked.method.as_str();
    match failure {
        Failure::Broken { cause } => tracing::error!(incident, code, method, route, cause, "request failed"),
        _ => tracing::info!(incident, code, method, route, "request refused"),
    }
}

pub(crate) fn harden(headers: &mut HeaderMap, origin: &str) {
    let policy = HeaderValue::from_str(&content_security_policy(origin))
        .unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    for (name, value) in UNLESS_SAID {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(PERMISSIONS_POLICY).or_insert(HeaderValue::from_static(NOTHING_HERE));
    if origin.starts_with("https://") {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HTTPS_FOR_A_YEAR));
    }
}

/// `cross-origin-embedder-policy` stands on every page, not on the room's alone: a page and the room's window
/// that it opens find each other again only while both are isolated alike (HTML, "obtain a cross-origin
/// opener policy").
pub(crate) const ALWAYS: [(&str, &str); 7] = [
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-robots-tag", "noindex, nofollow"),
];

pub(crate) const HTTPS_FOR_A_YEAR: &str = "max-age=31536000";

const UNLESS_SAID: [(&str, &str); 1] = [("cache-control", "no-store")];

const NOTHING_HERE: &str = "camera=(), microphone=(), display-capture=(), geolocation=(), payment=(), \
     usb=(), serial=(), hid=(), midi=()";

/// One policy for all pages (CSP Level 3). The socket's origin is spelled out: older Safari does not let
/// `'self'` stand for it.
fn content_security_policy(origin: &str) -> String {
    let socket = origin.replacen("http", "ws", 1);
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob:; \
         media-src 'self' blob:; connect-src 'self' {socket}; worker-src 'self' blob:; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types alcove"
    )
}

#[cfg(test)]
mod tests;
