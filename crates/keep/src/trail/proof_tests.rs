//! The second verifier, in another language and without this program, says yes to what is true and no to
//! everything else. It is `docs/verify_trail.py`, run by the machine's own Python.

use super::*;
use crate::testing::{self, TempFolder};
use crate::tests::{NOTES, patient, write};
use crate::{Keep, KeepError, Owner};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use policy::{Access, Act, Facts, decide};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use vocabulary::Principal;

struct Outside {
    key: String,
    folder: TempFolder,
}

impl Outside {
    fn with_key_of(keep: &Keep) -> Outside {
        let folder = TempFolder::new();
        Outside { key: key_line(keep), folder }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// What the second verifier says: its words and whether it is content.
    fn asks(&self, what: &str, files: &[&PathBuf]) -> (bool, String) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/verify_trail.py");
        let done = Command::new("python3").args([script, "--key", &self.key, what]).args(files).output();
        let done = done.expect("python3 is on this machine");
        let words = [done.stdout, done.stderr].concat();
        (done.status.success(), String::from_utf8(words).unwrap())
    }

    fn refuses(&self, what: &str, text: &str, because: &str) {
        let (content, words) = self.asks(what, &[&self.file("tampered", text)]);
        assert!(!content && words.contains(because), "{because}: {words}");
        assert!(!words.contains("Traceback"), "{words}");
    }
}

fn access() -> Access {
    decide(&Principal::System, &Facts::default(), Act::ExportTrail).unwrap()
}

async fn practice(entries: usize) -> Keep {
    let (keep, _) = testing::keep(&[NOTES]).await;
    let ann = patient(&keep);
    for n in 0..entries {
        write(&keep, &format!("n{n}"), Owner::Patient(ann), "text").await.unwrap();
    }
    keep
}

async fn exported(keep: &Keep, opened: bool) -> String {
    let mut out = Vec::new();
    export(keep, &access(), opened, &mut out).await.unwrap();
    String::from_utf8(out).unwrap()
}

/// R37 (part: verifiable offline, by a program of another hand): proofs of entries.
#[tokio::test]
async fn a_proof_convinces_the_second_verifier_and_a_tampered_one_does_not() {
    let keep = practice(12).await;
    let outside = Outside::with_key_of(&keep);
    for index in [0, 6, 11] {
        let proof = prove(&keep, &access(), index).await.unwrap();
        let (content, words) = outside.asks("proof", &[&outside.file("entry.tlog-proof", &proof)]);
        assert!(content, "{words}");
        assert!(words.contains(&format!("Entry {index} is in the trail")), "{words}");
        assert!(words.contains("\"act\": \"practice.furnish\""), "{words}");
    }
    let proof = prove(&keep, &access(), 6).await.unwrap();
    outside.refuses("proof", &proof.replace("index 6", "index 7"), "in the place of another");
    let lines: Vec<&str> = proof.lines().collect();
    let shown = String::from_utf8(STANDARD.decode(&lines[1][6..]).unwrap()).unwrap();
    let other = |text: String| proof.replacen(&lines[1][6..], &STANDARD.encode(text), 1);
    outside.refuses(
        "proof",
        &other(shown.replace("\\\"words\\\":\\\"1", "\\\"words\\\":\\\"2")),
        "does not say",
    );
    let leaf = shown.split('"').nth(3).unwrap().to_owned();
    let mut bytes = STANDARD.decode(&leaf).unwrap();
    let last = bytes.len() - 40;
    bytes[last] ^= 1;
    outside.refuses("proof", &other(shown.replace(&leaf, &STANDARD.encode(bytes))), "");
    let hash = lines[3];
    outside.refuses("proof", &proof.replace(hash, &STANDARD.encode([7; 32])), "is not in the trail");
    outside.refuses("proof", &proof.replacen(&format!("{hash}\n"), "", 1), "");
    outside.refuses("proof", &proof.replace("\nat ", "\nat 1"), "not signed by this key");
    let elsewhere = practice(1).await;
    let stranger = Outside::with_key_of(&elsewhere);
    stranger.refuses("proof", &proof, "not signed by this key");
    assert!(matches!(prove(&keep, &access(), 1000).await, Err(TrailError::Keep(KeepError::NotFound))));
}

/// R37 (part: verifiable offline): a whole export, and that removing one event breaks it.
#[tokio::test]
async fn an_export_convinces_the_second_verifier_and_a_tampered_one_does_not() {
    let keep = practice(21).await;
    let outside = Outside::with_key_of(&keep);
    for opened in [false, true] {
        let text = exported(&keep, opened).await;
        let (content, words) = outside.asks("export", &[&outside.file("export.jsonl", &text)]);
        assert!(content, "{words}");
        assert_eq!(text.contains("practice.furnish"), opened);
    }
    let text = exported(&keep, true).await;
    let lines: Vec<&str> = text.lines().collect();
    let joined = |lines: &[&str]| lines.join("\n") + "\n";
    let without = |gone: usize| joined(&[&lines[..gone], &lines[gone + 1..]].concat());
    outside.refuses("export", &without(4), "in the place of another");
    outside.refuses("export", &without(lines.len() - 1), "the checkpoint");
    let mut swapped = lines.clone();
    swapped.swap(3, 9);
    outside.refuses("export", &joined(&swapped), "in the place of another");
    outside.refuses("export", &joined(&[&lines[..], &lines[5..6]].concat()), "in the place of another");
    outside.refuses("export", &text.replacen("practice.furnish", "practice.furnisH", 1), "does not say");
    outside.refuses("export", &without(0), "no export");
    let other = exported(&practice(21).await, true).await;
    let mut mixed = lines.clone();
    mixed[7] = other.lines().nth(7).unwrap();
    outside.refuses("export", &joined(&mixed), "in the place of another");
}

/// R37 (part: append-only): whoever kept an old checkpoint can have it shown that nothing before it changed.
#[tokio::test]
async fn growth_since_an_old_checkpoint_is_proven_and_a_fork_is_not() {
    let keep = practice(0).await;
    let outside = Outside::with_key_of(&keep);
    let ann = patient(&keep);
    let mut old = Vec::new();
    for n in 0..9 {
        write(&keep, &format!("n{n}"), Owner::Patient(ann), "text").await.unwrap();
        old.push(checkpoint(&keep).await.unwrap());
    }
    for (n, note) in old.iter().enumerate() {
        let proof = prove_growth(&keep, &access(), n as u64 + 1).await.unwrap();
        let files = [&outside.file("old", note), &outside.file("new", &proof)];
        let (content, words) = outside.asks("growth", &files);
        assert!(content, "{words}");
    }
    let proof = prove_growth(&keep, &access(), 5).await.unwrap();
    let hash = proof.lines().nth(1).unwrap().to_owned();
    for wrong in
        [proof.replace(&hash, &STANDARD.encode([7; 32])), proof.replacen(&format!("{hash}\n"), "", 1)]
    {
        let files = [&outside.file("old", &old[4]), &outside.file("new", &wrong)];
        assert!(!outside.asks("growth", &files).0);
    }
    let files = [&outside.file("old", &old[3]), &outside.file("new", &proof)];
    assert!(!outside.asks("growth", &files).0, "a proof for another checkpoint");
}

#[tokio::test]
async fn a_certificate_of_shredding_verifies_outside_and_an_edited_one_does_not() {
    let keep = practice(1).await;
    let owner = keep.data_owners().into_iter().find(|owner| *owner != Owner::Practice).unwrap();
    let Owner::Patient(ann) = owner else { panic!("a patient") };
    let may = decide(&Principal::System, &Facts::default(), Act::ShredKeys).unwrap();
    let order = crate::Shredding { patient: ann, by: "uid 0", why: "the term is over" };
    let certificate = keep.begin().await.unwrap().shred(&may, order).await.unwrap();
    let outside = Outside::with_key_of(&keep);
    let (content, words) = outside.asks("note", &[&outside.file("certificate", &certificate.text)]);
    assert!(content && words.contains("why: the term is over"), "{words}");
    outside.refuses("note", &certificate.text.replace("term", "year"), "not signed by this key");
}
