//! The practice's own list says whether a gateway that a vendor runs is used.

use super::*;
use keep::testing::TempFolder;
use people::staff::{self, NewPerson};
use policy::HouseRules;
use practice::facts::Observers;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use vocabulary::{Lang, Role, Roles, SessionId};
use web::testing::{get, post, site, upload};

const NEW: &str = "/practice/vendors/new";

/// Texting as the configuration in this folder has it, with this vendor's gateway.
fn configured(folder: &Path, vendor: &str) -> Texting {
    let secret = folder.join("sms.answers");
    std::fs::write(&secret, "sixteen-letters-and-more\n").unwrap();
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
    let text = r#"
origin = "https://visits.example.org"
root_key = "root.key"
[tls]
files = { certificate = "cert.pem", key = "key.pem" }
[media]
addresses = ["203.0.113.5"]
[texts]
url = "https://sms.example.org/v1/messages"
credential_file = "sms.credential"
answers_secret_file = "sms.answers"
sender = "+15550100142"
run_by = { vendor = "VENDOR" }
"#;
    let file = folder.join(config::FILE);
    std::fs::write(&file, text.replace("VENDOR", vendor)).unwrap();
    texting(&Config::read(&file, &|_| None).unwrap()).unwrap()
}

/// Texts leave while the vendor that the configuration names is listed for text messages, active, and has the
/// paper of its agreement; the same vendor listed for mail carries none.
#[tokio::test]
async fn a_gateway_counts_only_while_its_vendor_is_listed_for_texts_with_its_paper() {
    let tables = [people::SCHEMA, people::NEEDS, practice::SCHEMA, practice::vendors::SCHEMA];
    let (keep, _) = keep::testing::keep(&tables).await;
    let roles = Roles::NONE.with(Role::PrivacyOfficial);
    let new = NewPerson { name: "Grace Lindqvist", credentials: "", licensed_in: "", roles, lang: Lang::En };
    let access = decide(&Principal::System, &Facts::default(), Act::Furnish).unwrap();
    let mut tx = keep.begin().await.unwrap();
    let person = staff::add(&mut tx, &new).await.unwrap();
    tx.commit(&access, Entry::new(Object::of("practice", ""))).await.unwrap();
    let session = SessionId::new(keep.clock().now(), keep.entropy());
    let who = Principal::Staff { person, session, roles };
    let plugged = site(keep.clone(), who, &[practice::WORDS])
        .plug(Arc::new(Observers::default()))
        .plug(Arc::new(people::patients::Names::default()));
    let official = practice::routes().into_router(plugged);

    let fields = |service: &'static str, state: &'static str, version: &'static str| {
        let fixed = [("name", "Beacon"), ("gets", "Numbers"), ("signed", "2026-11-02")];
        [&fixed[..], &[("service", service), ("state", state), ("version", version)]].concat()
    };
    assert_eq!(post(&official, NEW, &fields("sms", "wanted", "0")).await.status, 303);
    let list = get(&official, "/practice/vendors").await.text;
    let at = list.find("/practice/vendors/0").unwrap();
    let path = list[at..].split('"').next().unwrap().to_owned();
    let folder = TempFolder::new();
    let texting = configured(folder.path(), path.rsplit('/').next().unwrap());
    let open = async || {
        let rules = HouseRules { send_sms: true, ..keep.settings().house_rules.clone() };
        texting.is_open(&mut keep.read().await.unwrap(), &rules, keep.clock().now()).await.unwrap()
    };
    let unfiled = post(&official, &path, &fields("sms", "active", "1")).await;
    assert!(unfiled.status == 422 && !open().await, "no paper yet");
    assert_eq!(upload(&official, &format!("{path}/agreement"), b"%PDF-1.7 signed").await.status, 303);
    assert!(!open().await, "a draft");
    for (service, version, expected) in [("sms", "1", true), ("mail", "2", false), ("sms", "3", true)] {
        assert_eq!(post(&official, &path, &fields(service, "active", version)).await.status, 303);
        assert_eq!(open().await, expected, "listed for {service}");
    }
}
