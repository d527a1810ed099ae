//! Accounts in the store.

use super::{State, list, load, shown_name};
use crate::testing::{House, system};
use keep::args;
use vocabulary::{Lang, Role, Roles};

#[tokio::test]
async fn an_account_is_kept_and_its_name_is_sealed() {
    let house = House::open().await;
    let id = house.hire(&[Role::Clinician, Role::Owner]).await;
    let mut tx = house.keep.begin().await.unwrap();
    let person = load(&mut tx, id).await.unwrap().unwrap();
    assert_eq!((person.state, person.lang), (State::Active, Lang::En));
    assert!(person.roles == Roles::NONE.with(Role::Owner).with(Role::Clinician));
    assert_eq!((person.credentials.as_str(), person.licensed_in.as_str()), ("MD", "MA NH"));
    assert_eq!(shown_name(&mut tx, &system(), id).await.unwrap().reveal(), "Dr. Amara Osei");
    let row = tx.row("SELECT name FROM person", args![]).await.unwrap().unwrap();
    assert!(!row.blob("name").unwrap().windows(4).any(|bytes| bytes == b"Osei"));
    assert_eq!(list(&mut tx).await.unwrap(), [person]);
}

/// R10 (part: names and addresses): no account is made for a desk, a team or a mailbox that several people
/// read, nor a second one for an address; and nobody signs in without an account.
#[tokio::test]
async fn an_account_is_one_persons_and_a_shared_one_cannot_be_made() {
    let house = House::open().await;
    let owner = house.hire(&[Role::Owner, Role::Administrator]).await;
    let mut browser = house.signed_in(owner).await;
    let mut invite = async |name: &str, email: &str| {
        let fields = [("name", name), ("email", email), ("role-desk", "yes"), ("lang", "en"), ("why", "new")];
        browser.submit("/staff/invite", "/staff/invite", &fields).await
    };
    for (name, email) in [
        ("Front Desk", "theo@harbor.example"),
        ("Nurses", "nurse@harbor.example"),
        ("Theo Marchetti", "info@harbor.example"),
        ("Medical Assistant", "ma@harbor.example"),
        ("Clinician", "theo@harbor.example"),
        ("Physician On Call", "theo@harbor.example"),
        ("Theo Marchetti", "oncall@harbor.example"),
        ("Theo Marchetti", "frontdesk2@harbor.example"),
    ] {
        let refused = invite(name, email).await;
        assert_eq!(refused.status, 422, "{name} {email}");
        assert!(refused.text.contains("An account is for one person"), "{}", refused.text);
    }
    assert_eq!(invite("Theo Marchetti", "theo@harbor.example").await.location(), "/staff?done=invited");
    let second = invite("Ana Ruiz", " Theo@Harbor.Example ").await;
    assert_eq!(second.status, 422, "two people do not share a name to sign in with");
    let accounts = list(&mut house.keep.read().await.unwrap()).await.unwrap();
    assert_eq!(accounts.len(), 2, "the owner and Theo");
    let mut tx = house.keep.begin().await.unwrap();
    for way in crate::sessions::How::ALL {
        let nobody = vocabulary::PersonId::new(tx.now(), tx.entropy());
        let rules = house.keep.settings().house_rules.clone();
        assert!(crate::sessions::start_staff(&mut tx, &rules, nobody, way).await.is_err(), "{way:?}");
    }
}

#[tokio::test]
async fn two_people_are_two_accounts() {
    let house = House::open().await;
    let (one, two) = (house.hire(&[Role::Desk]).await, house.hire(&[Role::Desk]).await);
    assert_ne!(one, two);
    let mut tx = house.keep.begin().await.unwrap();
    let nobody = vocabulary::PersonId::new(tx.now(), tx.entropy());
    let rules = house.keep.settings().house_rules.clone();
    assert!(crate::sessions::start_staff(&mut tx, &rules, nobody, crate::sessions::How::Link).await.is_err());
}

#[test]
fn states_survive_the_database() {
    for state in State::ALL {
        assert_eq!(State::parse(state.code()), Some(state));
    }
}

#[tokio::test]
async fn an_administrator_suspends_the_desk_and_not_the_owner() {
    let house = House::open().await;
    let admin = house.hire(&[Role::Administrator]).await;
    let (desk, owner) = (house.hire(&[Role::Desk]).await, house.hire(&[Role::Owner]).await);
    let mut theirs = house.signed_in(desk).await;
    let mut browser = house.signed_in(admin).await;
    let press = async |browser: &mut crate::testing::Browser, id: vocabulary::PersonId, what: &str| {
        let page = format!("/staff/{}", id.text());
        browser.submit(&page, &format!("{page}/{what}"), &[]).await.status.as_u16()
    };
    let mut bus = house.keep.bus().subscribe();
    assert_eq!(press(&mut browser, desk, "suspend").await, 303);
    let hints: Vec<_> = std::iter::from_fn(|| bus.try_recv().ok()).collect();
    assert!(hints.contains(&keep::Hint::Account(desk)), "sockets and media are told");
    assert!(theirs.get("/patients").await.location().starts_with("/sign-in"));
    assert_eq!(press(&mut browser, desk, "suspend").await, 409, "once");
    assert_eq!(press(&mut browser, owner, "suspend").await, 404, "the owner's to do");
    assert_eq!(press(&mut browser, admin, "suspend").await, 409, "oneself");
    assert_eq!(press(&mut browser, desk, "reinstate").await, 303);
    assert!(house.acts(None).await.contains(&"staff.suspend done".into()));
    assert_eq!(house.signed_in(desk).await.get("/patients").await.status, 200);
    let mut at_the_desk = house.signed_in(desk).await;
    assert_eq!(at_the_desk.get("/staff").await.status, 404, "the list is not the desk's");
}

#[tokio::test]
async fn one_person_is_never_both_of_the_two_who_let_a_colleague_in() {
    let house = House::open().await;
    let (admin, owner) = (house.hire(&[Role::Administrator]).await, house.hire(&[Role::Owner]).await);
    let lost = house.hire_named(&[Role::Desk], "theo@harbor.example").await;
    let (mut first, mut second) = (house.signed_in(admin).await, house.signed_in(owner).await);
    let page = format!("/staff/{}", lost.text());
    let (ask, approve, stop) =
        (format!("{page}/recovery/ask"), format!("{page}/recovery/approve"), format!("{page}/recovery/stop"));
    assert_eq!(second.submit(&page, &approve, &[]).await.status, 404, "nobody has asked");
    assert_eq!(first.submit(&page, &ask, &[]).await.status, 303);
    assert_eq!(first.submit(&page, &approve, &[]).await.status, 409, "the same person");
    assert_eq!(second.submit(&page, &approve, &[]).await.status, 303);
    let letters = async || {
        let mut conn = house.keep.read().await.unwrap();
        let open = conn.rows("SELECT id FROM enrolment WHERE over_at IS NULL", args![]).await.unwrap();
        (conn.rows("SELECT id FROM outbox", args![]).await.unwrap().len(), open.len())
    };
    assert_eq!(letters().await, (1, 1), "one letter, one link");
    let mut theirs = house.signed_in(lost).await;
    assert_eq!(theirs.submit("/me", "/me/recovery/stop", &[]).await.status, 303);
    assert_eq!(letters().await.1, 0, "stopped by the person it is for");
    assert_eq!(first.submit(&page, &stop, &[]).await.status, 404, "over");
    let own = format!("/staff/{}/recovery/ask", admin.text());
    assert_eq!(first.submit(&page, &own, &[]).await.status, 409, "nobody lets themselves in");
}

#[tokio::test]
async fn an_administrator_hears_that_the_certificate_is_about_to_end() {
    let ends = |at| super::CertificateEnd::told_by(move |_| at);
    for (at, seen) in [(None, false), (Some(keep::testing::START.plus_ms(vocabulary::DAY_MS)), true)] {
        let house = House::open_with(|site| site.plug(std::sync::Arc::new(ends(at)))).await;
        let admin = house.hire(&[Role::Administrator]).await;
        let page = house.signed_in(admin).await.get("/staff").await.text;
        assert_eq!(page.contains("The certificate of this website ends on"), seen);
    }
}
