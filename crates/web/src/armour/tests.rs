//! The armour, driven through a router the way a browser does.

use super::*;
use crate::testing::{self, Answer, get, post, send};
use crate::{Ctx, Form, Routes, Rule};
use axum::Router;
use axum::body::Body;
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::{PersonId, Principal, Role, Roles, SessionId, UnixMillis, testing::TestEntropy};

const PAGE: Rule = Rule::Public("a test");

#[derive(Deserialize)]
struct Note {
    text: String,
}

fn desk() -> Principal {
    let entropy = TestEntropy::seeded(1);
    Principal::Staff {
        person: PersonId::new(UnixMillis(1), &entropy),
        session: SessionId::new(UnixMillis(1), &entropy),
        roles: Roles::NONE.with(Role::Desk),
    }
}

async fn router(who: Principal) -> Router {
    let (keep, _) = keep::testing::keep(&[]).await;
    let routes = Routes::new()
        .get("/ok", PAGE, async || "ok")
        .get("/panics", PAGE, async || -> &'static str { panic!("canary-in-a-panic") })
        .get("/breaks", PAGE, async || -> Failure { Failure::broken("canary-in-a-cause") })
        .get("/forbidden", PAGE, async |ctx: Ctx| {
            ctx.decide(Act::CloseFinding, &Facts::default()).await.map(|_| "")
        })
        .get("/absent", PAGE, async || Failure::NotFound)
        .get("/day", Rule::Act(Act::SeeDay), async || "the day")
        .post("/note", PAGE, async |Form(note): Form<Note>| note.text)
        .merge(crate::routes());
    routes.into_router(testing::site(keep, who, &[]))
}

fn header_of<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

async fn ask(router: &Router, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = headers.iter().fold(Request::get(path), |to, (name, value)| to.header(*name, *value));
    send(router, request.body(Body::empty()).unwrap()).await
}

async fn send_note(router: &Router, headers: &[(&str, &str)], body: String) -> Answer {
    let request = Request::post("/note").header("content-type", "application/x-www-form-urlencoded");
    let request = headers.iter().fold(request, |to, (name, value)| to.header(*name, *value));
    send(router, request.body(Body::from(body)).unwrap()).await
}

fn with_token(rest: &str) -> String {
    format!("form_token={}&{rest}", crate::form_token(&testing::FORM_KEY))
}

#[tokio::test]
async fn every_answer_wears_the_same_armour() {
    let router = router(desk()).await;
    let css = crate::assets::url("app.css");
    for path in ["/ok", "/panics", "/breaks", "/absent", "/nowhere", "/healthz", "/favicon.svg", css.as_str()]
    {
        let answer = get(&router, path).await;
        let policy = header_of(&answer, "content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self';",
            "style-src 'self';",
            "connect-src 'self' ws://localhost:8080",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "require-trusted-types-for 'script'",
        ] {
            assert!(policy.contains(part), "{path} lacks {part}");
        }
        assert!(!policy.contains("unsafe"));
        assert_eq!(header_of(&answer, "referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header_of(&answer, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header_of(&answer, "cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(header_of(&answer, "cross-origin-embedder-policy"), "require-corp", "{path}");
        assert_eq!(header_of(&answer, "cross-origin-resource-policy"), "same-origin", "{path}");
        assert!(header_of(&answer, "permissions-policy").contains("camera=()"), "{path}");
    }
}

#[tokio::test]
async fn pages_are_not_kept_and_assets_are() {
    let router = router(desk()).await;
    assert_eq!(header_of(&get(&router, "/ok").await, "cache-control"), "no-store");
    let css = get(&router, &crate::assets::url("app.css")).await;
    assert_eq!(css.status, 200);
    assert!(header_of(&css, "cache-control").contains("immutable"));
    assert_eq!(header_of(&css, "content-type"), "text/css; charset=utf-8");
}

#[tokio::test]
async fn what_is_absent_and_what_is_forbidden_look_the_same() {
    let router = router(desk()).await;
    let (absent, forbidden, nowhere) =
        (get(&router, "/absent").await, get(&router, "/forbidden").await, get(&router, "/nowhere").await);
    assert_eq!(absent.status, 404);
    let same = |answer: &Answer| (answer.status, without_incident(&answer.text), answer.headers.len());
    assert_eq!(same(&absent), same(&forbidden));
    assert_eq!(without_incident(&absent.text), without_incident(&nowhere.text));
}

/// The incident and the page's own address, on which the reader already stands, are all that differs.
fn without_incident(html: &str) -> String {
    let hidden = |line: &&str| !line.contains("say this number") && !line.contains("name=\"back\"");
    html.lines().filter(hidden).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_failure_of_staff_stands_in_the_frame_they_work_in() {
    let router = router(desk()).await;
    let (staff, other) = ([("cookie", "a=b; __Host-staff=x")], [("cookie", "__Host-guest-1=x")]);
    assert!(ask(&router, "/absent", &staff).await.text.contains("class=\"staff\""));
    for (path, cookies) in [("/absent", &other), ("/portal/nothing", &staff), ("/g/1/nothing", &staff)] {
        assert!(ask(&router, path, cookies).await.text.contains("class=\"patient\""), "{path}");
    }
}

#[tokio::test]
async fn a_failure_says_nothing_of_its_cause() {
    let router = router(desk()).await;
    for path in ["/panics", "/breaks"] {
        let answer = get(&router, path).await;
        assert_eq!(answer.status, 500);
        assert!(answer.text.contains("Something went wrong on our side"));
        assert!(!answer.text.contains("canary"), "{path}");
    }
}

#[tokio::test]
async fn a_failure_speaks_the_readers_language_and_json_when_asked() {
    let router = router(desk()).await;
    let page = ask(&router, "/absent", &[("accept-language", "es-MX")]).await;
    assert!(page.text.contains("Aquí no hay nada") && page.text.contains("lang=\"es\""));
    let json = ask(&router, "/absent", &[("accept", "application/problem+json")]).await;
    assert_eq!(header_of(&json, "content-type"), "application/problem+json");
    let problem: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    assert_eq!(problem["type"], "urn:alcove:failure-not-found");
    assert_eq!(problem["status"], 404);
    for field in ["title", "detail", "incident"] {
        assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{field}");
    }
}

#[tokio::test]
async fn a_stranger_is_led_to_the_door() {
    let router = router(Principal::Anonymous).await;
    let answer = get(&router, "/day").await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, "/sign-in?back=/day"));
    let json = ask(&router, "/day", &[("accept", "application/json")]).await;
    assert_eq!(json.status, 401);
}

#[tokio::test]
async fn the_start_page_leads_on() {
    let day = crate::RailItem { key: "rail-day", href: "/day", icon: "calendar-days", act: Act::SeeDay };
    for (who, demo, leads_to) in [
        (desk(), false, "/day"),
        (Principal::Anonymous, false, "/sign-in"),
        (Principal::Anonymous, true, "/demo"),
    ] {
        let (keep, _) = keep::testing::keep(&[]).await;
        let site = testing::site(keep, who, &[]).rail(vec![day]).demo(demo);
        assert_eq!(get(&crate::routes().into_router(site), "/").await.location(), leads_to);
    }
}

#[tokio::test]
async fn a_form_of_this_site_is_taken() {
    let answer = post(&router(desk()).await, "/note", &[("text", "café & tea")]).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, "café & tea"));
}

#[tokio::test]
async fn a_change_from_another_site_is_refused() {
    let router = router(desk()).await;
    let form = || with_token("text=x");
    for origin in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "http://localhost:8081"),
        ("x-nothing", "at all"),
    ] {
        assert_eq!(send_note(&router, &[origin], form()).await.status, 403, "{origin:?}");
    }
    let lang = Request::post("/lang").header("sec-fetch-site", "cross-site").body(Body::empty()).unwrap();
    assert_eq!(send(&router, lang).await.status, 403);
    // A secret of another program opens the hooks alone.
    for secret in ["Basic cHJveHk6c2VjcmV0", "Bearer secret"] {
        assert_eq!(send_note(&router, &[("authorization", secret)], form()).await.status, 403, "{secret}");
    }
    assert_eq!(send_note(&router, &[("origin", "http://localhost:8080")], form()).await.status, 200);
    // An older browser under our referrer policy: the token decides.
    assert_eq!(send_note(&router, &[("origin", "null")], form()).await.status, 200);
    assert_eq!(send_note(&router, &[("origin", "null")], "text=x".into()).await.status, 400);
}

#[tokio::test]
async fn a_form_without_its_token_is_refused() {
    let router = router(desk()).await;
    let own = [("sec-fetch-site", "same-origin")];
    for body in [
        "text=x".to_owned(),
        "form_token=&text=x".to_owned(),
        format!("form_token={}&text=x", "0".repeat(64)),
    ] {
        let answer = send_note(&router, &own, body).await;
        assert_eq!(answer.status, 400);
        assert!(answer.text.contains("This page was open too long"));
    }
}

#[tokio::test]
async fn a_socket_from_another_site_is_refused() {
    let router = router(desk()).await;
    let socket = |origin| [("upgrade", "websocket"), ("connection", "Upgrade"), ("origin", origin)];
    assert_eq!(ask(&router, "/ok", &socket("https://evil.example")).await.status, 403);
    assert_eq!(ask(&router, "/ok", &socket("http://localhost:8080")).await.status, 200);
}

#[tokio::test]
async fn bad_input_gets_a_page_with_a_sentence() {
    let router = router(desk()).await;
    let own = [("sec-fetch-site", "same-origin")];
    let large = send_note(&router, &own, with_token(&format!("text={}", "x".repeat(BODY_MAX_BYTES)))).await;
    assert_eq!(large.status, 413);
    assert!(large.text.contains("That is too large"));
    let wrong = send_note(&router, &own, with_token("other=1")).await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.text.contains("We could not read that"));
    let method = get(&router, "/note").await;
    assert_eq!((method.status.as_u16(), header_of(&method, "allow")), (405, "POST"));
    assert!(method.text.contains("use the buttons on the page"));
}

#[tokio::test]
async fn the_language_switch_comes_back_to_the_same_page() {
    let router = router(desk()).await;
    let switch = async |back: &str| post(&router, "/lang", &[("lang", "es"), ("back", back)]).await;
    let answer = switch("/day?when=now").await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, "/day?when=now"));
    let cookie = header_of(&answer, "set-cookie");
    assert!(cookie.starts_with("__Host-lang=es; Path=/; Secure; HttpOnly"), "{cookie}");
    assert_eq!(switch("//evil.example").await.location(), "/");
    assert_eq!(switch("https://evil.example").await.location(), "/");
    assert_eq!(post(&router, "/lang", &[("lang", "xx"), ("back", "/")]).await.status, 400);
}

#[derive(Template)]
#[template(source = "{% extends \"shell.html\" %}{% block main %}{% endblock %}", ext = "html")]
struct Blank {}

async fn blank(ctx: Ctx) -> Response {
    ctx.page(Page::new("Blank"), &Blank {})
}

/// What comes back with faults is answered to a POST: its language switch leads to the page with the form.
#[tokio::test]
async fn the_answer_to_a_form_knows_on_which_page_the_form_stands() {
    let (keep, _) = keep::testing::keep(&[]).await;
    let routes = Routes::new()
        .get("/patients", PAGE, blank)
        .get("/patients/{id}", PAGE, blank)
        .get("/patients/{id}/needs", PAGE, blank)
        .post("/patients/{id}/needs", PAGE, blank)
        .post("/patients/{id}/team/{person}/end", PAGE, blank)
        .post("/patients/{id}/broken", PAGE, async || Failure::Busy)
        .post("/patients/merges/{id}/undo", PAGE, blank)
        .post("/alone", PAGE, blank)
        .post("/once", PAGE, async |ctx: Ctx| ctx.page(Page::new("").here("/patients"), &Blank {}))
        .merge(crate::routes());
    let router = routes.into_router(testing::site(keep, desk(), &[]));
    for (sent_to, stands_on) in [
        ("/patients/5/needs?from=day", "/patients/5/needs?from=day"),
        ("/patients/5/team/7/end", "/patients/5"),
        ("/patients/5/broken", "/patients/5"),
        // `merges` is no patient.
        ("/patients/merges/5/undo", "/patients"),
        ("/once", "/patients"),
        ("/alone", "/"),
    ] {
        let answer = post(&router, sent_to, &[]).await;
        assert_eq!(testing::way_back(&answer.text), stands_on, "{sent_to}");
        if sent_to == "/alone" {
            continue;
        }
        let large = answer.text.contains("/simple\"");
        assert_eq!(large, answer.status == 200, "{sent_to}: large letters stay within reach");
        let switch = post(&router, "/lang", &[("lang", "es"), ("back", stands_on)]).await;
        let cookie = header_of(&switch, "set-cookie").split(';').next().unwrap();
        let spanish = ask(&router, switch.location(), &[("cookie", cookie)]).await;
        assert!(spanish.status == 200 && spanish.text.contains("<html lang=\"es\""), "{sent_to}");
    }
}

/// R35 (part: a refused page is in the trail; a stranger at a closed door is not, or anybody could fill it).
#[tokio::test]
async fn a_refusal_is_in_the_trail() {
    for (who, more) in [(desk(), 1), (Principal::Anonymous, 0)] {
        let (keep, _) = keep::testing::keep(&[]).await;
        let forbidden = async |ctx: Ctx| ctx.decide(Act::CloseFinding, &Facts::default()).await.map(|_| "");
        let routes = Routes::new().get("/forbidden", Rule::Act(Act::CloseFinding), forbidden);
        let router = routes.into_router(testing::site(keep.clone(), who, &[]));
        let before = leaves(&keep).await;
        get(&router, "/forbidden").await;
        assert_eq!(leaves(&keep).await - before, more);
    }
}

async fn leaves(keep: &keep::Keep) -> i64 {
    let mut reader = keep.read().await.unwrap();
    let row = reader.row("SELECT count(idx) AS n FROM trail_leaf", keep::args![]).await.unwrap();
    row.unwrap().int("n").unwrap()
}

#[tokio::test]
async fn a_failure_offers_no_form_that_it_has_no_token_for() {
    let router = router(Principal::Anonymous).await;
    let lost = get(&router, "/g/0123456789abcdef/lost").await;
    assert_eq!(lost.status, 404);
    assert!(lost.text.contains("class=\"foot\""), "the patients' frame: {}", lost.text);
    assert!(!lost.text.contains("/simple\""), "{}", lost.text);
}
