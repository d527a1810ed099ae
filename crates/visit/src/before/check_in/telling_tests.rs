//! What the pages of check-in say about themselves: which page it is, how long it takes, what it needs, why.

use crate::test_house::*;
use web::testing::{get, post, way_back};

#[tokio::test]
async fn a_step_with_faults_can_be_read_in_the_other_language_and_in_large_letters() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    sign_papers(&guest, &door).await;
    for (step, answers) in [("place", PLACE), ("readiness", NOTHING), ("location", NOTHING)] {
        let path = format!("/g/{door}/check-in/{step}");
        // A form that is no page of its own leads to the step that is next.
        assert_eq!(get(&guest, &format!("/g/{door}")).await.location(), path);
        if step != "readiness" {
            let slip = post(&guest, &path, &[]).await;
            assert_eq!((slip.status.as_u16(), way_back(&slip.text)), (422, path.as_str()));
            assert!(slip.text.contains(&format!("action=\"/g/{door}/simple\"")), "{}", slip.text);
            let spanish = get_es(&guest, way_back(&slip.text)).await;
            assert!(spanish.status == 200 && spanish.text.contains("<html lang=\"es\""), "{}", spanish.text);
        }
        post(&guest, &path, answers).await;
    }
}

const NOTHING: &[(&str, &str)] = &[];
const PLACE: &[(&str, &str)] = &[("near", "alone"), ("door_is", "closed"), ("headphones", "yes")];
