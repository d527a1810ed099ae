//! The way to the portal.

use super::issue;
use crate::testing::{House, Invited, system};
use keep::{Entry, Object};
use vocabulary::Secret;

const RIGHT: [(&str, &str); 3] = [("month", "03"), ("day", "09"), ("year", "1961")];

async fn notify(house: &House) -> (Invited, Secret) {
    let invited = house.invite().await;
    let mut tx = house.keep.begin().await.unwrap();
    let secret = issue(&mut tx, invited.visit, invited.participant, invited.patient, house.in_a_day()).await;
    tx.commit(&system(), Entry::new(Object::of("notice", ""))).await.unwrap();
    (invited, secret.unwrap())
}

#[tokio::test]
async fn a_notice_and_a_birth_date_open_the_portal() {
    let house = House::open().await;
    let (invited, secret) = notify(&house).await;
    let mut phone = house.browser();
    let opened = phone.submit("/n", "/n", &[("secret", &secret.reveal())]).await;
    let who = opened.location().to_owned();
    assert!(phone.cookie("__Host-patient").is_none(), "not before the second fact");
    let proven = phone.submit(&who, &who, &RIGHT).await;
    assert_eq!(proven.location(), "/portal");
    assert!(phone.cookie("__Host-patient").is_some());
    let acts = house.acts(Some(invited.patient)).await;
    assert!(acts.ends_with(&["notice.open done".into(), "invitation.prove done".into()]), "{acts:?}");
    // The link on the same device leads back in, elsewhere to the phone.
    let again = phone.submit("/n", "/n", &[("secret", &secret.reveal())]).await;
    assert_eq!(again.location(), "/portal");
    let other = house.browser().submit("/n", "/n", &[("secret", &secret.reveal())]).await;
    assert_eq!(other.status, 409);
}

#[tokio::test]
async fn a_portal_link_opens_no_visit_and_the_other_way_round() {
    let house = House::open().await;
    let (invited, secret) = notify(&house).await;
    let visit = house.browser().submit("/i", "/i", &[("secret", &secret.reveal())]).await;
    let portal = house.browser().submit("/n", "/n", &[("secret", &invited.secret.reveal())]).await;
    assert_eq!((visit.status.as_u16(), portal.status.as_u16()), (404, 404));
}
