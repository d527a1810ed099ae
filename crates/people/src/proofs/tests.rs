//! Passwords, codes and saved codes, against the standards they come from.

use super::rules::*;
use super::{Hasher, having, login, save_codes, set_password, spend_code, use_step};
use crate::testing::{House, system};
use keep::{Entry, Object, args};
use vocabulary::testing::TestEntropy;
use vocabulary::{Role, UnixMillis};
use zeroize::Zeroizing;

const KEY: &[u8] = b"12345678901234567890";

/// RFC 4226 appendix D.
#[test]
fn codes_are_those_of_the_standard() {
    let expected =
        ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
    for (step, code) in (0..).zip(expected) {
        assert_eq!(code_at(KEY, step), code);
    }
}

/// RFC 6238 appendix B, the rows of SHA-1; the last six of its eight digits.
#[test]
fn codes_change_with_time_as_the_standard_says() {
    for (second, code) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        let now = UnixMillis(second * 1_000);
        assert_eq!(right_code(KEY, code, 0, now), Some(second / 30), "{second}");
    }
}

#[test]
fn a_code_counts_once_and_for_a_minute_and_a_half() {
    let now = UnixMillis(1_795_289_400_000);
    let step = now.0 / 30_000;
    let code = code_at(KEY, step);
    for (drift, right) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
        let then = now.plus_ms(drift * 30_000);
        assert_eq!(right_code(KEY, &code, 0, then).is_some(), right, "{drift} steps later");
    }
    assert_eq!(right_code(KEY, &code, step, now), None, "used before");
    assert_eq!(right_code(KEY, &code_at(KEY, step - 1), step, now), None, "older than the one used");
    assert_eq!(
        right_code(KEY, &format!(" {} {} ", &code[..3], &code[3..]), 0, now),
        Some(step),
        "typed apart"
    );
    for wrong in ["", "12345", "1234567", "abcdef", "００００００"] {
        assert_eq!(right_code(KEY, wrong, 0, now), None, "{wrong}");
    }
}

/// RFC 4648 section 10, and the address that apps read.
#[test]
fn a_key_is_written_as_apps_read_it() {
    assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
    let address = code_address(b"foobar", "Harbor Family", "a+b@x.example");
    assert_eq!(
        address,
        "otpauth://totp/Harbor%20Family:a%2Bb@x.example?secret=MZXW6YTBOI&issuer=Harbor%20Family"
    );
}

/// R16 (part: 15 at least, 64 and more accepted, no rule about kinds of letters, spaces and any script fine)
#[test]
fn a_password_is_judged_by_its_length_and_not_by_its_kinds_of_letters() {
    let long = "violet ducks argue about marmalade ".repeat(2) + "tonight";
    for fine in [
        "purple otter envelope",
        "zwölf mürbe Kekse im Glas",
        "nine herons by the weir",
        "839174650283746152",
        long.as_str(),
    ] {
        assert_eq!(check_password(fine, &[]), Ok(()), "{fine}");
    }
    assert!(long.chars().count() > 64);
    assert_eq!(check_password("fourteen chars", &[]), Err(Weak::TooShort));
    assert_eq!(check_password("Sh0rt&Comp1ex!", &[]), Err(Weak::TooShort), "kinds of letters do not help");
    assert_eq!(check_password(&"ab cd ef gh ".repeat(30), &[]), Err(Weak::TooLong));
}

/// R16 (part: the block-list, with what others know about the person)
#[test]
fn a_password_that_is_tried_first_is_refused() {
    let about = ["theo.marchetti@harbor.example", "Theo Marchetti", "Harbor Family Practice"];
    for weak in [
        "passwordpassword",
        "Password12345678!",
        "qwertyuiopasdfghjkl",
        "123456789012345",
        "aaaaaaaaaaaaaaaaaaaa",
        "horsehorsehorsehorse",
        "ThEo.MaRcHeTtI2026",
        "HarborFamilyPractice1",
        "correct horse battery staple",
        "WelcomeSummer2026!!",
        "ContraseñaVerano2026",
    ] {
        assert_eq!(check_password(weak, &about), Err(Weak::Guessable), "{weak}");
    }
}

/// R16 (part: a salted slow hash, and nothing but the same password matches it)
#[tokio::test]
async fn a_password_is_kept_as_a_salted_argon2id_hash() {
    let entropy = TestEntropy::seeded(1);
    let hasher = Hasher::new(&entropy);
    let one = hasher.hash("purple otter envelope", &entropy).await.unwrap();
    let two = hasher.hash("purple otter envelope", &entropy).await.unwrap();
    assert!(one.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{}", one.as_str());
    assert_ne!(*one, *two, "each with a salt of its own");
    assert!(hasher.matches("purple otter envelope", Some(one.clone())).await.unwrap());
    for wrong in ["Purple otter envelope", "purple otter envelope ", ""] {
        assert!(!hasher.matches(wrong, Some(one.clone())).await.unwrap(), "{wrong}");
    }
    // 64 characters apart only at the end: nothing is cut off.
    let long = "x y z w v u t s ".repeat(8);
    let kept = hasher.hash(&format!("{long}1"), &entropy).await.unwrap();
    assert!(!hasher.matches(&format!("{long}2"), Some(kept)).await.unwrap());
}

#[tokio::test]
async fn whoever_has_no_password_costs_the_same_hash() {
    let entropy = TestEntropy::seeded(2);
    let hasher = Hasher::new(&entropy);
    let kept = hasher.hash("purple otter envelope", &entropy).await.unwrap();
    for kept in [None, Some(kept), Some(Zeroizing::new("no hash".to_owned()))] {
        let before = hasher.done();
        assert!(!hasher.matches("another otter envelope", kept).await.unwrap());
        assert_eq!(hasher.done(), before + 1);
    }
}

#[test]
fn a_saved_code_has_eighty_bits_and_forgives_how_it_is_typed() {
    let code = saved_code(&[0xff, 0x00, 0xa5, 0x5a, 0x0f, 0xf0, 0x12, 0x34, 0x56, 0x78]);
    assert_eq!(code.len(), 19);
    let spelled = spell_saved_code(&code).unwrap();
    assert_eq!(spelled.len() * 5, 80);
    assert_eq!(spell_saved_code(&code.to_lowercase().replace('-', " ")), Some(spelled.clone()));
    assert_eq!(spell_saved_code(&spelled.replace('0', "o").replace('1', "l")), Some(spelled));
    for wrong in ["", "ABC", &code[1..], &format!("{code}0"), &code.replace(&code[..1], "U")] {
        assert_eq!(spell_saved_code(wrong), None, "{wrong}");
    }
}

/// R16 (part: no forced change: a password does not grow old)
#[tokio::test]
async fn password_and_code_are_sealed_and_go_together() {
    let house = House::open().await;
    let person = house.hire_named(&[Role::Desk], "theo@harbor.example").await;
    let mut tx = house.keep.begin().await.unwrap();
    let mine = login(&mut tx, &system(), person).await.unwrap().unwrap();
    set_password(&mut tx, &mine, Some(("$argon2id$x", KEY)), 7).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("login", ""))).await.unwrap();
    house.clock.advance_ms(vocabulary::DAY_MS * 365 * 20);
    let mut tx = house.keep.begin().await.unwrap();
    assert!(having(&mut tx, person).await.unwrap().password);
    let row = tx.row("SELECT email, password, code_key FROM login", args![]).await.unwrap().unwrap();
    for column in ["email", "password", "code_key"] {
        let bytes = row.blob(column).unwrap();
        for plain in [&b"harbor"[..], b"argon2id", KEY] {
            assert!(!bytes.windows(plain.len()).any(|run| run == plain), "{column}");
        }
    }
    let mine = login(&mut tx, &system(), person).await.unwrap().unwrap();
    assert_eq!((mine.code_step, mine.code_key.as_deref().map(Vec::as_slice)), (7, Some(KEY)));
    assert!(use_step(&mut tx, person, 7).await.is_err(), "the same code again");
    use_step(&mut tx, person, 8).await.unwrap();
    assert!(use_step(&mut tx, person, 8).await.is_err());
}

#[tokio::test]
async fn a_saved_code_is_spent_once_and_by_its_owner() {
    let house = House::open().await;
    let (one, two) = (house.hire(&[Role::Desk]).await, house.hire(&[Role::Desk]).await);
    let mut tx = house.keep.begin().await.unwrap();
    let codes = save_codes(&mut tx, one).await.unwrap();
    assert_eq!(codes.len(), 10);
    let code = spell_saved_code(&codes[3]).unwrap();
    assert!(!spend_code(&mut tx, two, &code).await.unwrap(), "another person's");
    assert!(spend_code(&mut tx, one, &code).await.unwrap());
    assert!(!spend_code(&mut tx, one, &code).await.unwrap(), "spent");
    assert_eq!(having(&mut tx, one).await.unwrap().saved_codes, 9);
    let newer = save_codes(&mut tx, one).await.unwrap();
    assert!(!spend_code(&mut tx, one, &spell_saved_code(&codes[4]).unwrap()).await.unwrap(), "replaced");
    assert!(spend_code(&mut tx, one, &spell_saved_code(&newer[0]).unwrap()).await.unwrap());
}
