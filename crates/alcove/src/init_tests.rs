//! A new practice, as it lies on the disk, and what is refused.

use super::*;
use crate::operator;
use keep::testing::TempFolder;
use keep::vault::{self, RootKey};
use std::os::unix::fs::PermissionsExt;

fn options(folder: &Path) -> Options {
    Options {
        folder: folder.join("practice"),
        origin: "https://visits.example.org".into(),
        owner: "Dr. Amara Osei".into(),
        owner_email: "amara@example.org".into(),
        lang: "en".into(),
        root_key: Some(folder.join("elsewhere.key")),
        database: None,
        database_password_file: None,
    }
}

async fn refused(options: Options) -> String {
    run(options).await.expect_err("refused").to_string()
}

/// R25 (part: the root key lies outside the folder of the data, and nobody else reads either)
#[tokio::test]
async fn a_new_practice_is_private_from_its_first_moment() {
    let temp = TempFolder::new();
    run(options(temp.path())).await.unwrap();
    let folder = temp.path().join("practice");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&temp.path().join("elsewhere.key"))), (0o700, 0o600));
    assert_eq!(mode(&folder.join(config::FILE)), 0o600);
    // The file as written asks for one thing, and only to be served: where browsers reach this machine.
    let served = config::Config::load(&folder.join(config::FILE));
    assert!(served.err().unwrap().to_string().contains("[media] addresses"));
    let places = Places::existing(&folder).unwrap();
    assert_eq!(places.data, folder.join("data"));
    assert_eq!(places.root_key, temp.path().join("elsewhere.key"));
    let keep = places.open(Arc::new(SystemClock::default())).await.unwrap();
    assert!(keep.settings().opening, "nobody is seen yet");
    let people = staff::list(&mut keep.read().await.unwrap()).await.unwrap();
    assert_eq!((people.len(), people[0].state), (1, staff::State::Invited));
    let access = decide(&Principal::System, &Facts::default(), Act::LinkOwner).unwrap();
    let link = link_owner(&keep, &access).await.unwrap();
    assert!(link.starts_with("https://visits.example.org/welcome#"), "{link}");
    keep::trail::verify(&keep).await.unwrap();
}

#[tokio::test]
async fn a_folder_with_anything_in_it_and_a_key_beside_the_data_are_refused() {
    let temp = TempFolder::new();
    run(options(temp.path())).await.unwrap();
    assert!(refused(options(temp.path())).await.contains("exists"));
    let other = Options { root_key: Some(temp.path().join("new.key")), ..options(temp.path()) };
    assert!(refused(other).await.contains("not empty"));
    let inside = temp.path().join("fresh");
    let inside = Options { folder: inside.clone(), root_key: Some(inside.join("k")), ..options(temp.path()) };
    assert!(refused(inside).await.contains("--root-key"));
    for (origin, email) in [
        ("http://a.example", "a@b.example"),
        ("https://a.example", "a@b"),
        ("https://a.example", "front.desk@b.example"),
    ] {
        let wrong = Options { origin: origin.into(), owner_email: email.into(), ..options(temp.path()) };
        assert!(refused(wrong).await.starts_with("--o"));
    }
    assert!(!temp.path().join("fresh").exists() && !temp.path().join("new.key").exists());
}

#[tokio::test]
async fn two_shares_open_a_practice_whose_root_key_is_gone() {
    let temp = TempFolder::new();
    run(options(temp.path())).await.unwrap();
    let places = Places::existing(&temp.path().join("practice")).unwrap();
    let kit = vault::make_kit(&places.root().unwrap(), &SystemEntropy);
    std::fs::remove_file(&places.root_key).unwrap();
    assert!(places.open(Arc::new(SystemClock::default())).await.is_err());
    let root = vault::open_kit(&format!("{}{}", *kit[2], *kit[0])).unwrap();
    let keep = places.open_with(&root, Arc::new(SystemClock::default())).await.unwrap();
    assert!(keep.settings().opening);
}

#[tokio::test]
async fn two_shares_write_a_lost_root_key_again_and_never_over_a_file() {
    let temp = TempFolder::new();
    run(options(temp.path())).await.unwrap();
    let (folder, file) = (temp.path().join("practice"), temp.path().join("elsewhere.key"));
    let places = Places::existing(&folder).unwrap();
    let before = std::fs::read_to_string(&file).unwrap();
    let [first, second, _] = vault::make_kit(&places.root().unwrap(), &SystemEntropy);
    let shares = format!("{}{}", *first, *second);
    let restored = async |shares: &str| {
        let root = vault::open_kit(shares).unwrap();
        let order = operator::Order::RestoreRoot { with: shares.to_owned() };
        operator::ask_with(&folder, order, Some(&root)).await.map_err(|failure| failure.to_string())
    };
    assert!(restored(&shares).await.unwrap_err().contains("exists: nothing was written"));
    std::fs::remove_file(&file).unwrap();
    let other = RootKey::parse(&"7".repeat(64)).unwrap();
    let [wrong, also, _] = vault::make_kit(&other, &SystemEntropy);
    assert!(restored(&format!("{}{}", *wrong, *also)).await.is_err(), "shares of another practice");
    assert!(!file.exists());
    restored(&shares).await.unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    keep::trail::verify(&places.open(Arc::new(SystemClock::default())).await.unwrap()).await.unwrap();
}
