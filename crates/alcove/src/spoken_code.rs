//! The spoken code a second time, from `docs/protocol.md` alone, against the committed vectors: what the
//! pages compute is what the page says. The program itself never computes it; it could not.

use aws_lc_rs::{digest, hkdf};
use serde_json::Value;
use std::path::Path;

#[test]
fn the_published_vectors_hold_in_a_second_language() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/spoken-code.json");
    let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    assert!(vectors.len() > 3);
    for vector in vectors {
        assert_eq!(hex(&commitment(vector)), vector["commitment"].as_str().unwrap());
        assert_eq!(digits(vector), vector["code"].as_str().unwrap());
    }
}

fn commitment(vector: &Value) -> Vec<u8> {
    let joiner = &vector["joiner"];
    let mut bytes = text("Alcove E2EE v1 spoken code commitment");
    bytes.extend(text(vector["visit"].as_str().unwrap()));
    for part in ["identity", "key_package", "nonce"] {
        bytes.extend(field(&unhex(&joiner[part])));
    }
    digest::digest(&digest::SHA256, &bytes).as_ref().to_vec()
}

fn digits(vector: &Value) -> String {
    let (joiner, host) = (&vector["joiner"], &vector["host"]);
    let mut bytes = text("Alcove E2EE v1 spoken code");
    bytes.extend(text(vector["visit"].as_str().unwrap()));
    let parts = [
        &vector["group"],
        &joiner["identity"],
        &host["identity"],
        &joiner["leaf_key"],
        &host["leaf_key"],
        &joiner["key_package"],
        &joiner["nonce"],
        &host["nonce"],
    ];
    for part in parts {
        bytes.extend(field(&unhex(part)));
    }
    let mut eight = [0; 8];
    let key = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(&bytes);
    key.expand(&[b"digits"], Eight).unwrap().fill(&mut eight).unwrap();
    format!("{:06}", u64::from_be_bytes(eight) % 1_000_000)
}

struct Eight;

impl hkdf::KeyType for Eight {
    fn len(&self) -> usize {
        8
    }
}

fn field(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap().to_be_bytes();
    [&length[..], bytes].concat()
}

fn text(words: &str) -> Vec<u8> {
    field(words.as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(value: &Value) -> Vec<u8> {
    let digits = value.as_str().unwrap();
    let pairs = (0..digits.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}
