//! The inventory through its pages: dated, looked at again, taken along and brought back.

use super::{oldest_look, reviewed};
use crate::risk::tests::{House, sent};
use axum::Router;
use vocabulary::{Clock, DAY_MS, Role};
use web::testing::{get, post};

const HOME: &str = "/practice/inventory";

async fn add(router: &Router, kind: &str, name: &str) {
    let fields = [("kind", kind), ("name", name), ("data", "Names and times"), ("protection", "Encrypted")];
    sent(post(router, "/practice/inventory/assets/new", &fields).await);
}

/// The ids of the assets, as the form for a way offers them.
async fn ids(router: &Router) -> Vec<String> {
    let page = get(router, HOME).await.text;
    let form = page.split("id=\"from\"").nth(1).unwrap_or_default().split("</select>").next().unwrap();
    form.split("value=\"").skip(1).map(|part| part.split('"').next().unwrap().to_owned()).collect()
}

/// R32: every entry is dated; after twelve months it is late until somebody looks again; the ways health data
/// takes stand in a table and on a drawn map.
#[tokio::test]
async fn the_inventory_is_dated_drawn_and_looked_at_within_a_year() {
    let (house, clock) = House::with_clock().await;
    let official = house.official();
    assert!(get(&official, HOME).await.text.contains("Nothing is listed yet"));
    add(&official, "device", "Front desk laptop").await;
    add(&official, "program", "Alcove").await;
    let ids = ids(&official).await;
    assert_eq!(ids.len(), 2);
    let way = [("from", ids[0].as_str()), ("to", &ids[1]), ("what", "Visits"), ("protection", "TLS")];
    sent(post(&official, "/practice/inventory/flows", &way).await);
    let same = [("from", ids[0].as_str()), ("to", &ids[0]), ("what", "Visits")];
    assert_eq!(post(&official, "/practice/inventory/flows", &same).await.status, 422);
    let page = get(&official, HOME).await.text;
    assert!(page.contains("<svg") && page.matches("class=\"way\"").count() == 1);
    assert!(page.contains("November 21, 2026") && !page.contains("Look again now"), "{page}");

    clock.advance_ms(366 * DAY_MS);
    assert!(get(&official, HOME).await.text.contains("Look again now"));
    let mut conn = house.keep.read().await.unwrap();
    assert_eq!(reviewed(&mut conn, clock.now()).await.unwrap(), (0, 2));
    drop(conn);
    assert!(get(&official, "/practice").await.text.contains("Look through the inventory"));
    sent(post(&official, "/practice/inventory/looked", &[]).await);
    let mut conn = house.keep.read().await.unwrap();
    assert_eq!(oldest_look(&mut conn).await.unwrap(), Some(clock.now()));
}

#[tokio::test]
async fn what_is_gone_takes_its_ways_along_and_a_late_save_overwrites_nothing() {
    let house = House::open().await;
    let official = house.official();
    add(&official, "device", "Laptop").await;
    add(&official, "vendor", "CloudFax").await;
    let ids = ids(&official).await;
    let way = [("from", ids[0].as_str()), ("to", &ids[1]), ("what", "Letters")];
    sent(post(&official, "/practice/inventory/flows", &way).await);
    let path = format!("{HOME}/assets/{}", ids[0]);
    let typed = [("kind", "device"), ("name", "Old laptop"), ("data", "Names"), ("version", "1")];
    sent(post(&official, &path, &typed).await);
    let late =
        post(&official, &path, &[("kind", "device"), ("name", "Mine"), ("data", "x"), ("version", "1")]);
    let late = late.await;
    assert_eq!(late.status, 409);
    assert!(late.text.contains("Old laptop") && late.text.contains("Mine"));
    sent(post(&official, &format!("{path}/gone"), &[]).await);
    let page = get(&official, HOME).await.text;
    assert!(!page.contains("Old laptop") && !page.contains("Letters") && page.contains("CloudFax"));
    assert_eq!(get(&official, &path).await.status, 404);
    let late = post(&official, &path, &typed).await;
    assert!(late.status == 409 && late.text.contains("A colleague removed this entry while you wrote"));
    assert!(
        late.text.contains("value=\"Old laptop\"") && late.text.contains("assets/new\""),
        "{}",
        late.text
    );
    let late = post(&official, "/practice/inventory/flows", &way).await;
    assert!(late.status == 422 && late.text.contains("removed this entry a moment ago"), "{}", late.text);
    assert!(late.text.contains("Letters"));
}

/// R32 (part: in and out as a table no spreadsheet runs)
#[tokio::test]
async fn the_table_goes_out_without_formulas_and_comes_back_whole_or_not_at_all() {
    let house = House::open().await;
    let official = house.official();
    add(&official, "device", "=HYPERLINK(\"x\")").await;
    let out = post(&official, "/practice/inventory/csv", &[]).await.text;
    assert!(out.starts_with("kind,name,") && out.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{out}");
    let import = "/practice/inventory/import";
    sent(post(&official, import, &[("table", out.as_str())]).await);
    assert_eq!(ids(&official).await.len(), 1, "the same name is the same asset");
    let path = format!("{HOME}/assets/{}", ids(&official).await[0]);
    let held =
        [("kind", "device"), ("name", "Laptop"), ("data", "Names"), ("holder", "Ana"), ("version", "2")];
    sent(post(&official, &path, &held).await);
    let narrow = "kind,name,health data\r\ndevice,Laptop,Names and times\r\n";
    sent(post(&official, import, &[("table", narrow)]).await);
    let page = get(&official, &path).await.text;
    assert!(
        page.contains("Ana") && page.contains("Names and times"),
        "a column that is missing stays: {page}"
    );
    let half = "kind,name,health data\r\ndevice,Tablet,Names\r\nspaceship,Rocket,Names\r\n";
    let refused = post(&official, import, &[("table", half)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Rocket") && refused.text.contains("Row"), "{}", refused.text);
    assert_eq!(ids(&official).await.len(), 1, "not even the right row");
    let rows: String = (0..500).map(|n| format!("device,Tablet {n},Names\r\n")).collect();
    let many = post(&official, import, &[("table", &format!("kind,name,health data\r\n{rows}"))]).await;
    assert_eq!(many.status, 422);
}

/// R32 (part: the ways too go out and come back as a table)
#[tokio::test]
async fn the_ways_go_out_without_formulas_and_come_back_whole_or_not_at_all() {
    let house = House::open().await;
    let official = house.official();
    add(&official, "device", "Laptop").await;
    add(&official, "vendor", "CloudFax").await;
    let ids = ids(&official).await;
    assert!(!get(&official, HOME).await.text.contains("flows/csv"), "there are none to take along");
    let way = [("from", ids[0].as_str()), ("to", &ids[1]), ("what", "=cmd|' /C calc'!A0")];
    sent(post(&official, "/practice/inventory/flows", &way).await);
    assert!(get(&official, HOME).await.text.contains("/practice/inventory/flows/csv"));
    let csv = "/practice/inventory/flows/csv";
    let out = post(&official, csv, &[]).await.text;
    assert_eq!(out.lines().next(), Some("from,to,what,protection,last look"));
    assert!(out.contains("Laptop,CloudFax,'=cmd|' /C calc'!A0,,2026-11-21"), "{out}");
    let import = "/practice/inventory/import";
    sent(post(&official, import, &[("table", out.as_str())]).await);
    assert_eq!(post(&official, csv, &[]).await.text, out, "the same ways, once each");

    let sealed = "from;to;what;protection\nLaptop;CloudFax;Letters;TLS\nCloudFax;Laptop;Faxes;\n";
    sent(post(&official, import, &[("table", sealed)]).await);
    let narrow = "from,to,what\nLaptop,CloudFax,Letters\n";
    sent(post(&official, import, &[("table", narrow)]).await);
    let out = post(&official, csv, &[]).await.text;
    assert!(out.contains("Laptop,CloudFax,Letters,TLS,") && out.contains("CloudFax,Laptop,Faxes,,"), "{out}");
    assert_eq!(out.lines().count(), 4, "{out}");
    assert_eq!(get(&official, HOME).await.text.matches("class=\"way\"").count(), 3);

    let half = "from,to,what\nLaptop,CloudFax,Pictures\nLaptop,Cellar,Letters\n";
    let refused = post(&official, import, &[("table", half)]).await;
    assert!(refused.status == 422 && refused.text.contains("No entry of the inventory has this name"));
    assert!(refused.text.contains("Cellar"), "what was pasted is kept");
    assert!(!post(&official, csv, &[]).await.text.contains("Pictures"), "not even the right row");
    let many: String = (0..799).map(|n| format!("Laptop,CloudFax,Letter {n}\n")).collect();
    let many = post(&official, import, &[("table", &format!("from,to,what\n{many}"))]).await;
    assert!(many.status == 422 && many.text.contains("800 ways at most"), "{}", many.text);
    assert_eq!(post(&official, csv, &[]).await.text, out);
}

#[tokio::test]
async fn the_inventory_is_the_officials_business() {
    let house = House::open().await;
    for role in [Role::Owner, Role::Administrator, Role::Clinician, Role::Desk, Role::Assistant] {
        let other = house.as_role(house.doctor, role);
        assert_eq!(get(&other, HOME).await.status, 404, "{role:?}");
        for table in ["/practice/inventory/csv", "/practice/inventory/flows/csv"] {
            assert_eq!(post(&other, table, &[]).await.status, 404, "{role:?}");
        }
    }
    let security = house.as_role(house.official, Role::SecurityOfficial);
    add(&security, "device", "Laptop").await;
}
