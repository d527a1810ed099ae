//! From a press to a closed incident.

use super::list;
use super::rules::LATER_MAX;
use crate::risk::tests::{House, sent};
use vocabulary::Role;
use web::testing::{get, post};

#[tokio::test]
async fn an_incident_is_closed_once_with_words_and_by_the_privacy_official() {
    let house = House::open().await;
    for role in Role::ALL {
        let router = house.as_role(house.doctor, *role);
        assert_eq!(post(&router, "/incident", &[("kind", "message")]).await.status, 200, "{role:?}");
    }
    let all = list(&mut house.keep.read().await.unwrap()).await.unwrap();
    assert_eq!(all.len(), Role::ALL.len());
    assert_eq!(all.iter().map(|one| one.number).max(), Some(all.len() as i64));
    let official = house.official();
    let close = format!("/practice/incidents/{}/close", all[0].id.text());
    let short = post(&official, &close, &[("words", "so fixed")]).await;
    assert_eq!(short.status, 422);
    assert!(short.text.contains("Write 10 to 4,000 letters") && short.text.contains(">so fixed</textarea>"));
    let security = house.as_role(house.official, Role::SecurityOfficial);
    let words = [("words", "The letter came back unopened.")];
    assert_eq!(post(&security, &close, &words).await.status, 404);
    sent(post(&official, &close, &words).await);
    let late = post(&official, &close, &[("words", "Somebody else ends it too.")]).await;
    assert_eq!(late.status, 409);
    assert!(
        late.text.contains("came back unopened") && late.text.contains("ends it too"),
        "no words are lost"
    );
    let add = format!("/practice/incidents/{}/add", all[0].id.text());
    assert_eq!(post(&security, &add, &words).await.status, 404);
    sent(post(&official, &add, &[("words", "Somebody else ends it too.")]).await);
    let page = get(&official, "/practice/incidents").await.text;
    assert!(page.contains("came back unopened") && page.contains("ends it too"));
    let short = post(&official, &add, &[("words", "and so")]).await;
    assert!(short.status == 422 && short.text.contains(">and so</textarea>"));
    let lines = format!("{}{}end", "x".repeat(3_930), "\r\n".repeat(60));
    sent(post(&official, &add, &[("words", &lines)]).await);
    for _ in 2..LATER_MAX {
        sent(post(&official, &add, &words).await);
    }
    let full = post(&official, &add, &[("words", "One more than fits.")]).await;
    assert!(full.status == 422 && full.text.contains(">One more than fits.</textarea>"));
    assert!(full.text.contains("Report a new problem"));
    let open = format!("/practice/incidents/{}/add", all[1].id.text());
    assert_eq!(post(&official, &open, &words).await.status, 404, "an open one is closed first");
    let left = list(&mut house.keep.read().await.unwrap()).await.unwrap();
    assert_eq!(left.iter().filter(|one| one.closed_at.is_none()).count(), Role::ALL.len() - 1);
}

/// R105 (part: a reader reports a fake message, and the officials find it)
#[tokio::test]
async fn anybody_reports_a_fake_message_and_the_officials_see_it() {
    let house = House::open().await;
    let outside = house.as_nobody();
    assert!(get(&outside, "/report-message").await.text.contains("Tell us about a fake message"));
    assert_eq!(post(&outside, "/report-message", &[("what", "  ")]).await.status, 422);
    let filed = post(&outside, "/report-message", &[("what", "It asked for my password")]).await;
    assert!(filed.status == 200 && filed.text.contains("Thank you"), "{}", filed.text);
    let official = house.official();
    let list = get(&official, "/practice/incidents").await.text;
    assert!(list.contains("It asked for my password") && list.contains("somebody from outside"));
    let mut last = 200;
    for _ in 0..60 {
        last = post(&outside, "/report-message", &[("what", "again")]).await.status.as_u16();
    }
    assert_eq!(last, 429, "nobody floods the officials");
}
