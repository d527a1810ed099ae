//! A code of the app that comes a second time.

use super::tests::{EMAIL, PASSWORD, code, enter, letters, theo};
use crate::testing::House;

/// R21 (part: an impossible sequence, a code that comes a second time with the right password, lets nobody in
/// and is told to the owner at once, one time)
#[tokio::test]
async fn a_code_that_comes_twice_is_told_at_once() {
    let house = House::open().await;
    theo(&house).await;
    let now = code(&house);
    let mut at_the_desk = house.browser();
    assert_eq!(enter(&mut at_the_desk, EMAIL, PASSWORD, &now).await.status, 303);
    let before = letters(&house).await;
    for _ in 0..2 {
        assert_eq!(enter(&mut house.browser(), EMAIL, PASSWORD, "000000").await.status, 422);
    }
    assert_eq!(letters(&house).await, before, "a wrong code alone is no news");
    for _ in 0..2 {
        let again = enter(&mut house.browser(), EMAIL, PASSWORD, &now).await;
        assert_eq!(again.status, 422);
        assert!(!again.text.contains("used before"), "a stranger learns nothing");
    }
    let told = async {
        while letters(&house).await == before {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), told).await.expect("a letter at once");
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(letters(&house).await, before + 1, "one letter");
}
