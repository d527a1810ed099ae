//! What holds over all slices at once: cookies and form tokens on every address, and administration kept
//! apart from charts.

use crate::sweep::{Target, ask, callers, program, secrets, target};
use crate::tests::{Practice, all_routes};
use axum::body::Body;
use axum::http::{Request, header};
use keep::{Entry, Object, args};
use vocabulary::{DAY_MS, Principal};
use web::testing::{get, send};

/// R18: every cookie there is has all attributes, nothing is kept in the browser's storage but the tab's own
/// ticket, and no change is made without the form's token or from another site.
#[tokio::test]
async fn cookies_have_every_attribute_and_no_change_passes_without_its_token() {
    let practice = Practice::open_at("https://visits.example.org").await;
    let target = target(&practice).await;
    let callers = callers(&practice).await;
    let mut names = std::collections::BTreeSet::new();
    let mut changes = 0;
    for route in all_routes().table().iter().filter(|route| route.method == "POST") {
        for caller in &callers {
            let path = target.fill(route.path);
            let bare = |site: &'static str, body: String| {
                let request = Request::post(path.as_str())
                    .header(header::COOKIE, &caller.cookie)
                    .header("sec-fetch-site", site)
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
                request.body(Body::from(body)).unwrap()
            };
            let at = format!("{route} as {}", caller.name);
            let foreign = bare("cross-site", format!("form_token={}", caller.token));
            let foreign = send(&practice.router, foreign).await;
            assert_eq!(foreign.status, 403, "{at}: from another site");
            let without = send(&practice.router, bare("same-origin", "lang=es&back=%2F".into())).await;
            let to_a_door = without.location().starts_with("/sign-in");
            // The language is the browser's own, and changes nothing of anybody.
            if route.path != "/lang" {
                assert!(without.status.is_client_error() || to_a_door, "{at}: {}", without.status);
            }
            changes += 1;
            for line in foreign
                .headers
                .get_all(header::SET_COOKIE)
                .iter()
                .chain(without.headers.get_all(header::SET_COOKIE))
            {
                names.insert(line.to_str().unwrap().to_owned());
            }
        }
    }
    assert!(changes > 500, "{changes}");
    for caller in &callers {
        let own = ask(
            &practice,
            caller,
            all_routes().table().iter().find(|it| it.path == "/sign-out").unwrap(),
            "/sign-out",
        )
        .await;
        names
            .extend(own.headers.get_all(header::SET_COOKIE).iter().map(|it| it.to_str().unwrap().to_owned()));
    }
    names.extend(begun(&practice, &target).await);
    assert!(names.iter().any(|line| line.starts_with("__Host-lang=")), "{names:?}");
    for line in &names {
        assert!(line.starts_with("__Host-"), "{line}");
        for attribute in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
            assert!(line.contains(attribute), "{attribute}: {line}");
        }
        assert!(!line.to_lowercase().contains("domain="), "{line}");
    }
    no_script_keeps_anything(&practice).await;
}

/// The cookies of one session of each kind, each with a value that nobody guesses.
async fn begun(practice: &Practice, target: &Target) -> Vec<String> {
    let mut lines = Vec::new();
    let mut tx = practice.keep.begin().await.unwrap();
    let rules = practice.keep.settings().house_rules.clone();
    let how = people::sessions::How::Passkey;
    let person = practice.person("desk");
    let started = people::sessions::start_staff(&mut tx, &rules, person, how).await.unwrap();
    let patient = people::sessions::start_patient(&mut tx, &rules, target.patient, how).await.unwrap();
    let door = people::sessions::Guest {
        door: "bbbbbbbbbbbbbbbb",
        visit: target.visit,
        participant: target.participant,
        patient: target.patient,
        known: false,
        until: tx.now().plus_ms(DAY_MS),
    };
    let guest = people::sessions::start_guest(&mut tx, &rules, &door).await.unwrap();
    for begun in [&started, &patient, &guest] {
        let line = begun.cookie();
        let value = line.to_str().unwrap().split(['=', ';']).nth(1).unwrap().to_owned();
        assert_eq!(vocabulary::Secret::parse(&value).unwrap().bytes().len() * 8, 256, "opaque, 256 bits");
        lines.push(line.to_str().unwrap().to_owned());
    }
    tx.commit(&program(Some(target.patient)), Entry::new(Object::of("session", ""))).await.unwrap();
    lines
}

/// Every script of the room and of the pages.
async fn no_script_keeps_anything(practice: &Practice) {
    let mut scripts: Vec<String> = web::room_page::files().into_iter().map(|file| file.path).collect();
    let door = get(&practice.router, "/sign-in").await.text;
    scripts.extend(door.split("src=\"").skip(1).map(|it| it.split('"').next().unwrap().to_owned()));
    let mut read = 0;
    for path in scripts.iter().filter(|path| path.contains(".js")) {
        let text = get(&practice.router, path).await.text;
        assert!(!text.contains("localStorage") && !text.contains("document.cookie"), "{path}");
        read += text.len();
    }
    assert!(read > 100_000, "only {read} bytes of script were looked at");
}

/// R22: the administrator runs the house and opens no chart, even when somebody puts them on a care team by
/// mistake, and an emergency opens none for them.
#[tokio::test]
async fn an_administrator_configures_and_opens_no_chart() {
    let practice = Practice::open().await;
    let target = target(&practice).await;
    let callers = callers(&practice).await;
    let admin = callers.iter().find(|caller| caller.name == "administrator").unwrap();
    let table = all_routes().table();
    let route = |method: &str, path: &str| {
        table
            .iter()
            .find(|route| route.method == method && route.path == path)
            .unwrap_or_else(|| panic!("{path}"))
    };
    for path in ["/staff", "/staff/invite"] {
        assert_eq!(ask(&practice, admin, route("GET", path), path).await.status, 200, "{path}");
    }
    let fields = "name=Nia+Okafor&email=nia%40harbor.example&role-desk=yes&lang=en&why=new";
    let invite = Request::post("/staff/invite")
        .header(header::COOKIE, &admin.cookie)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("form_token={}&{fields}", admin.token)));
    assert_eq!(send(&practice.router, invite.unwrap()).await.location(), "/staff?done=invited");

    let Principal::Staff { person, .. } = admin.who else { panic!("staff") };
    let mut tx = practice.keep.begin().await.unwrap();
    let (by, until) = (target.doctor, tx.now().plus_ms(DAY_MS));
    people::care_team::put(&mut tx, target.patient, person, by, until).await.unwrap();
    tx.commit(&program(Some(target.patient)), Entry::new(Object::of("care_team", ""))).await.unwrap();
    let secrets = secrets();
    let mut shut = 0;
    for route in table
        .iter()
        .filter(|route| ["/patients", "/visits/", "/day"].iter().any(|of| route.path.starts_with(of)))
    {
        let answer = ask(&practice, admin, route, &target.fill(route.path)).await;
        assert!(answer.status.is_client_error(), "{route}: {}", answer.status);
        let told = secrets.iter().find(|secret| answer.text.contains(**secret));
        assert!(told.is_none(), "{route} tells {told:?}");
        shut += 1;
    }
    assert!(shut > 40, "{shut}");
    let mut conn = practice.keep.read().await.unwrap();
    let sql = "SELECT id FROM care_team WHERE person = $1";
    assert_eq!(conn.rows(sql, args![person]).await.unwrap().len(), 1, "the mistake was really made");
}
