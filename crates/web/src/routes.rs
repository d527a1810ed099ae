//! The route table: every address with its access rule, as a snapshot that a change of permission must
//! change.

use crate::{Ctx, Failure, Site, armour};
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::handler::Handler;
use axum::http::Uri;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use policy::{Act, Facts, Refusal};
use std::collections::HashSet;
use std::sync::Arc;
use vocabulary::Principal;

/// Who may call a route. The handler still asks `ctx.decide` with the facts it loads; the table keeps out
/// those who are not signed in, so that a handler that forgets gives nothing to strangers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The handler decides this act.
    Act(Act),
    /// Any signed-in person or guest, and why no act is named.
    SignedIn(&'static str),
    /// Anybody, and why that is right.
    Public(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub rule: Rule,
}

/// The patterns of all addresses that can be opened, so that an answer to a form knows which page it is.
#[derive(Clone, Default)]
pub struct Pages(Arc<HashSet<&'static str>>);

impl Pages {
    /// The page that holds the form sent to `pattern`: the same address where it can be opened, else the
    /// nearest above it that can. None where there is no page above it.
    pub fn above<'a>(&self, pattern: &'a str) -> Option<&'a str> {
        let up = |at: &&'a str| at.rsplit_once('/').map(|(above, _)| above);
        let mut ways = std::iter::successors(Some(pattern), up).take_while(|at| !at.is_empty());
        ways.find(|at| self.0.contains(*at))
    }

    /// Path of that page, with the query the form was sent with where it is the same address; else `/`.
    pub(crate) fn of_form(&self, pattern: Option<&MatchedPath>, uri: &Uri) -> String {
        let Some(pattern) = pattern.map(MatchedPath::as_str) else { return "/".into() };
        match self.above(pattern) {
            None => "/".into(),
            Some(same) if same == pattern => {
                uri.path_and_query().map_or_else(|| uri.path().to_owned(), ToString::to_string)
            }
            Some(above) => {
                let parts: Vec<&str> = uri.path().split('/').take(above.split('/').count()).collect();
                parts.join("/")
            }
        }
    }
}

/// A router that cannot hold a route without a rule.
#[derive(Default)]
pub struct Routes {
    router: Router<Site>,
    table: Vec<Route>,
}

impl Routes {
    pub fn new() -> Routes {
        Routes::default()
    }

    pub fn get<H, T>(self, path: &'static str, rule: Rule, handler: H) -> Routes
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.add("GET", path, rule, get(handler))
    }

    pub fn post<H, T>(self, path: &'static str, rule: Rule, handler: H) -> Routes
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.add("POST", path, rule, post(handler))
    }

    /// A POST with a larger body than a form, for files.
    pub fn post_up_to<H, T>(self, max_bytes: usize, path: &'static str, rule: Rule, handler: H) -> Routes
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.add("POST", path, rule, post(handler).layer(DefaultBodyLimit::max(max_bytes)))
    }

    pub fn merge(mut self, other: Routes) -> Routes {
        self.router = self.router.merge(other.router);
        self.table.extend(other.table);
        self
    }

    /// Every route, sorted by path, for the committed snapshot.
    pub fn table(&self) -> Vec<Route> {
        let mut table = self.table.clone();
        table.sort_by_key(|route| (route.path, route.method));
        table
    }

    /// The pages among them.
    pub fn pages(&self) -> Pages {
        Pages(Arc::new(self.table.iter().filter(|it| it.method == "GET").map(|it| it.path).collect()))
    }

    /// The finished service, with `armour` around it.
    pub fn into_router(self, mut site: Site) -> Router {
        site.pages = self.pages();
        self.router
            .fallback(async || Failure::NotFound)
            .layer(DefaultBodyLimit::max(armour::BODY_MAX_BYTES))
            .layer(middleware::from_fn_with_state(site.clone(), armour::guard))
            .with_state(site)
    }

    fn add(
        mut self,
        method: &'static str,
        path: &'static str,
        rule: Rule,
        handler: MethodRouter<Site>,
    ) -> Routes {
        let handler = match rule {
            Rule::Public(_) => handler,
            Rule::Act(_) | Rule::SignedIn(_) => {
                handler.layer(middleware::from_fn(move |request: Request, next: Next| {
                    keep_out(rule, request, next)
                }))
            }
        };
        self.router = self.router.route(path, handler);
        self.table.push(Route { method, path, rule });
        self
    }
}

impl std::fmt::Display for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rule = match self.rule {
            Rule::Act(act) => format!("act {}", act.code()),
            Rule::SignedIn(why) => format!("signed in: {why}"),
            Rule::Public(why) => format!("public: {why}"),
        };
        write!(f, "{:4} {:40} {rule}", self.method, self.path)
    }
}

/// Lets nobody pass who is not signed in, unless the act is for anyone.
async fn keep_out(rule: Rule, request: Request, next: Next) -> Result<Response, Failure> {
    let (mut parts, body) = request.into_parts();
    let site = parts.extensions.get::<Site>().cloned().expect("armour puts the site into every request");
    let ctx = Ctx::of(&site, &mut parts).await?;
    let stranger = matches!(ctx.who, Principal::Anonymous);
    let closed = match rule {
        Rule::Act(act) => {
            matches!(policy::decide(&ctx.who, &Facts::default(), act), Err(Refusal::SignIn))
        }
        Rule::SignedIn(_) => stranger,
        Rule::Public(_) => false,
    };
    if closed { Err(Failure::SignIn) } else { Ok(next.run(Request::from_parts(parts, body)).await) }
}
