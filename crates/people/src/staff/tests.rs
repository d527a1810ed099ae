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

/// R10 (part: every sign-in belongs to one person's account)
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
