//! What somebody says about texts holds for those that wait already, whoever has an old page open.

use super::rules::Way;
use super::tests::{ask, in_portal};
use super::texting_tests::{NUMBER, Peer, asks, carrier, open, write};
use keep::outbox::deliver_due;
use vocabulary::{DAY_MS, Role};
use web::mail::Mail;

const PORTAL: &str = "/portal/contact";
const BY_TEXT: [(&str, &str); 3] = [("channel", "text"), ("texts", "yes"), ("phone", "555-010-0777")];

/// R69 (part: whoever wants no texts any more, or gets them elsewhere, gets none of those that wait), R70
/// (part: nothing that waits goes to the number of before)
#[tokio::test]
async fn what_waits_for_a_number_is_given_up_with_the_wish_for_it() {
    let changes: [&[(&str, &str)]; 3] = [
        &[("channel", "text"), ("texts", "yes"), ("phone", "555-010-0888")],
        &[("channel", "call"), ("phone", "555-010-0777")],
        &[("channel", "call"), ("texts", "yes"), ("phone", "555-010-0777")],
    ];
    for change in changes {
        let (house, _) = open().await;
        let peer = Peer::default();
        let gateway = carrier(peer.start().await);
        let (patient, other) = (house.patient().await, house.patient().await);
        let when = house.keep.clock().now().plus_ms(9 * DAY_MS);
        asks(&house, patient, |_| {}).await;
        asks(&house, other, |_| {}).await;
        assert_eq!(write(&house, patient, Some(Mail::Cancelled { when })).await, Way::Text);
        assert_eq!(deliver_due(&house.keep, &gateway).await, Ok(1));
        assert_eq!(write(&house, patient, Some(Mail::MovedKept { when })).await, Way::Text);
        assert_eq!(write(&house, other, Some(Mail::Restored { when })).await, Way::Text);
        assert_eq!(peer.texts().len(), 1);
        let mut own = in_portal(&house, patient).await;
        assert_eq!(ask(&mut own, PORTAL, change).await.status, 303, "{change:?}");
        for _ in 0..4 {
            house.clock.advance_ms(DAY_MS);
            deliver_due(&house.keep, &gateway).await.unwrap();
        }
        let sent = peer.texts();
        assert!(sent.len() == 1 && sent[0].starts_with(NUMBER), "what the other waits for: {sent:?}");
        let mut desk = house.signed_in(house.hire(&[Role::Desk]).await).await;
        assert!(desk.get("/patients/errands").await.text.contains("Messages that did not arrive"));
    }
}
