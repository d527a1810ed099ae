//! What an official signs is what they have seen, and what stands in the way is said.

use super::*;

const SIGN: &str = "/practice/analysis/sign";

/// R46 (part: nothing is frozen under a name that its bearer has not seen)
#[tokio::test]
async fn what_changed_since_the_page_was_opened_is_said_and_not_signed() {
    let house = House::open().await;
    let router = house.start().await;
    fill(&house, &router).await;
    let security = house.as_role(house.doctor, Role::SecurityOfficial);
    let risk = format!("/practice/risks/{}", house.register().await[0].0.id.text());
    let rated = [("likelihood", "very-low"), ("impact", "low"), ("what", "Small"), ("version", "2")];
    let about = [("scope", "Half of it"), ("flows", "Phones"), ("documentation", "Log"), ("version", "2")];
    let about = [&about[..], &[("review", "2027-10-01")]].concat();
    let asset = [("kind", "device"), ("name", "Laptop"), ("data", "Names"), ("version", "0")];
    let vendor = [("name", "CloudFax"), ("service", "mail"), ("gets", "Names"), ("state", "wanted")];
    let vendor = [&vendor[..], &[("version", "0")]].concat();
    let answer = [("choice", "yes"), ("note", "new"), ("version", "1")];
    let spot = bank().question("b01").unwrap().text(Lang::En);
    /// Who changes what, with which fields, and what the page then names.
    type Change<'a> = (&'a Router, &'a str, &'a [(&'a str, &'a str)], &'a str);
    let changes: [Change<'_>; 5] = [
        (&security, &risk, &rated, &risk),
        (&security, "/practice/analysis/questions/b01", &answer, spot),
        (&router, "/practice/analysis/about", &about, "The written parts"),
        (&security, "/practice/inventory/assets/new", &asset, "/practice/inventory"),
        (&router, "/practice/vendors/new", &vendor, "/practice/vendors"),
    ];
    let mut mark = seen(&get(&router, SIGN).await);
    for (who, path, fields, named) in changes {
        sent(post(who, path, fields).await);
        let late = post(&router, SIGN, &[("name", "Grace L."), ("seen", &mark)]).await;
        assert_eq!(late.status, 409, "{path} {}", late.text);
        assert!(late.text.contains("Something changed since you opened this page"));
        let notice = late.text.split("role=\"alert\"").nth(1).unwrap().split("</div>").next().unwrap();
        assert!(notice.contains(named), "{named}: {notice}");
        // A new vendor asks some questions again as well.
        assert_eq!(notice.matches("<li>").count() == 1, named != "/practice/vendors", "{notice}");
        assert!(late.text.contains("value=\"Grace L.\""), "the name is kept");
        mark = seen(&late);
    }
    sent(post(&router, "/practice/analysis/changed", &[("trigger", "move")]).await);
    let reopened = post(&router, SIGN, &[("name", "Grace L."), ("seen", &mark)]).await;
    assert_eq!(reopened.status, 409, "an answer that was reopened is no longer what was seen");
    assert!(reopened.text.contains("Answer every question") && reopened.text.contains("And "));
}

#[tokio::test]
async fn who_saw_nothing_or_types_no_name_signs_nothing() {
    let house = House::open().await;
    let router = house.start().await;
    fill(&house, &router).await;
    assert_eq!(post(&router, SIGN, &[("name", "Grace Lindqvist")]).await.status, 409);
    let mark = seen(&get(&router, SIGN).await);
    for name in [" ", "Grace\nLindqvist"] {
        let refused = post(&router, SIGN, &[("name", name), ("seen", &mark)]).await;
        assert_eq!(refused.status, 422, "{name:?}");
        assert!(refused.text.contains("Type your full name"));
    }
    assert_eq!(get(&router, "/practice/analysis/past/1").await.status, 404);
    sent(post(&router, SIGN, &[("name", "Grace Lindqvist"), ("seen", &mark)]).await);
}

#[tokio::test]
async fn a_report_that_cannot_be_printed_is_a_sentence_and_the_draft_stays() {
    let house = House::open().await;
    let router = house.start().await;
    fill(&house, &router).await;
    sent(post(&router, FIRST, &[("choice", "yes"), ("note", "UNPRINTABLE"), ("version", "1")]).await);
    let refused = sign(&router).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("shorten the longest notes"), "{}", refused.text);
    assert!(refused.text.contains("value=\"Grace Lindqvist\""));
    assert_eq!(get(&router, "/practice/analysis/report.pdf").await.status, 413);
    sent(post(&router, FIRST, &[("choice", "yes"), ("note", "Short"), ("version", "2")]).await);
    sent(sign(&router).await);
}

/// A year in which everything was dealt with needs no invented risk.
#[tokio::test]
async fn an_analysis_is_signed_when_every_risk_is_closed() {
    let house = House::open().await;
    let router = house.start().await;
    fill(&house, &router).await;
    let risk = format!("/practice/risks/{}", house.register().await[0].0.id.text());
    sent(post(&router, &format!("{risk}/close"), &[("version", "2")]).await);
    let page = get(&router, SIGN).await.text;
    assert!(page.contains("<dt>Open risks</dt><dd>0</dd>"), "{page}");
    sent(sign(&router).await);
    add_risk(&house, &router).await;
    sent(post(&router, "/practice/analysis/start", &[]).await);
    let page = get(&router, SIGN).await.text;
    assert!(page.contains("Every element must be done first"), "an open one is rated as ever");
}
