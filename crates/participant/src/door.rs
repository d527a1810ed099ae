//! The door of the sealed group, from outside: the knock with its promise, the answer to one challenge, and
//! the six digits to read aloud. Commit-then-reveal: the nonce goes out once, after the other side's is here.

use crate::Outcome;
use crate::bytes::{Reader, Writer};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::rand;

/// Who stands at the door.
#[derive(Clone)]
pub struct Joiner {
    pub visit: String,
    pub identity: Vec<u8>,
    pub leaf_key: Vec<u8>,
    /// The reference of the key package (RFC 9420 section 5.2).
    pub key_package: Vec<u8>,
}

/// Who opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    pub identity: Vec<u8>,
    pub leaf_key: Vec<u8>,
    pub group: Vec<u8>,
    pub nonce: Vec<u8>,
}

pub struct Doorstep {
    joiner: Joiner,
    nonce: [u8; NONCE_BYTES],
    host: Option<Host>,
}

/// What came from the other side of the door.
pub enum Heard {
    /// To be sent back.
    Opening(Vec<u8>),
    /// The promise is spent: knock with a new one.
    Again,
}

impl Doorstep {
    pub fn new(joiner: Joiner) -> Outcome<Doorstep> {
        let mut nonce = [0; NONCE_BYTES];
        rand::fill(&mut nonce).map_err(|_| "no randomness")?;
        Ok(Doorstep { joiner, nonce, host: None })
    }

    pub fn knock(&self, key_package: &[u8]) -> Vec<u8> {
        let promise = commitment(&self.joiner, &self.nonce);
        parcel(KNOCK).field(key_package).field(&promise).done()
    }

    pub fn heard(&mut self, parcel_bytes: &[u8]) -> Outcome<Heard> {
        let mut reader = Reader::new(parcel_bytes);
        if reader.u8()? != VERSION {
            return Err("a parcel of another version".into());
        }
        match reader.u8()? {
            CHALLENGE => {
                if reader.field()? != commitment(&self.joiner, &self.nonce) {
                    return Err("a challenge to an older knock".into());
                }
                let mut inner = Reader::new(reader.field()?);
                let host = Host {
                    identity: inner.field()?.to_vec(),
                    leaf_key: inner.field()?.to_vec(),
                    group: inner.field()?.to_vec(),
                    nonce: inner.field()?.to_vec(),
                };
                // The same once more may have been lost on the way, and is no second guess.
                if *self.host.get_or_insert_with(|| host.clone()) != host {
                    return Ok(Heard::Again);
                }
                Ok(Heard::Opening(parcel(OPENING).field(&self.nonce).u8(KEPT_NONE).done()))
            }
            AGAIN => Ok(Heard::Again),
            other => Err(format!("a parcel of kind {other} at the door")),
        }
    }

    pub fn host(&self) -> Option<&Host> {
        self.host.as_ref()
    }

    pub fn digits(&self) -> Option<String> {
        let host = self.host.as_ref()?;
        Some(spoken_code(&self.joiner, host, &self.nonce))
    }
}

/// The Welcome inside the last parcel.
pub fn welcome(bytes: &[u8]) -> Outcome<&[u8]> {
    let mut reader = Reader::new(bytes);
    if (reader.u8()?, reader.u8()?) != (VERSION, WELCOME) {
        return Err("this parcel holds no Welcome".into());
    }
    let message = reader.field()?;
    reader.end()?;
    Ok(message)
}

pub fn commitment(joiner: &Joiner, nonce: &[u8]) -> Vec<u8> {
    let fields = Writer::default()
        .text("Alcove E2EE v1 spoken code commitment")
        .text(&joiner.visit)
        .field(&joiner.identity)
        .field(&joiner.key_package)
        .field(nonce)
        .done();
    digest(&SHA256, &fields).as_ref().to_vec()
}

/// HKDF-SHA256 (RFC 5869) over every key in use; eight bytes modulo a million.
pub fn spoken_code(joiner: &Joiner, host: &Host, joiner_nonce: &[u8]) -> String {
    let transcript = Writer::default()
        .text("Alcove E2EE v1 spoken code")
        .text(&joiner.visit)
        .field(&host.group)
        .field(&joiner.identity)
        .field(&host.identity)
        .field(&joiner.leaf_key)
        .field(&host.leaf_key)
        .field(&joiner.key_package)
        .field(joiner_nonce)
        .field(&host.nonce)
        .done();
    let mut out = [0; 8];
    Salt::new(HKDF_SHA256, &[])
        .extract(&transcript)
        .expand(&[b"digits"], Eight)
        .and_then(|okm| okm.fill(&mut out))
        .expect("eight bytes are fewer than HKDF gives");
    format!("{:06}", u64::from_be_bytes(out) % 1_000_000)
}

fn parcel(kind: u8) -> Writer {
    Writer::default().u8(VERSION).u8(kind)
}

struct Eight;

impl KeyType for Eight {
    fn len(&self) -> usize {
        8
    }
}

const VERSION: u8 = 1;
const KNOCK: u8 = 0;
const CHALLENGE: u8 = 1;
const OPENING: u8 = 2;
const AGAIN: u8 = 3;
const WELCOME: u8 = 4;
const NONCE_BYTES: usize = 32;
/// This participant keeps no digits from before.
const KEPT_NONE: u8 = 0;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn the_published_vectors_of_the_spoken_code_come_out() {
        let vectors: Value = serde_json::from_str(include_str!("../../../vectors/spoken-code.json")).unwrap();
        let vectors = vectors["vectors"].as_array().unwrap();
        assert!(vectors.len() >= 2);
        for vector in vectors {
            let hex = |value: &Value| hex::decode(value.as_str().unwrap()).unwrap();
            let (theirs, ours) = (&vector["joiner"], &vector["host"]);
            let joiner = Joiner {
                visit: vector["visit"].as_str().unwrap().to_owned(),
                identity: hex(&theirs["identity"]),
                leaf_key: hex(&theirs["leaf_key"]),
                key_package: hex(&theirs["key_package"]),
            };
            let host = Host {
                identity: hex(&ours["identity"]),
                leaf_key: hex(&ours["leaf_key"]),
                group: hex(&vector["group"]),
                nonce: hex(&ours["nonce"]),
            };
            let nonce = hex(&theirs["nonce"]);
            assert_eq!(commitment(&joiner, &nonce), hex(&vector["commitment"]));
            assert_eq!(spoken_code(&joiner, &host, &nonce), vector["code"].as_str().unwrap());
        }
    }

    #[test]
    fn one_promise_is_opened_once() {
        let joiner = Joiner {
            visit: "v".into(),
            identity: vec![1; 32],
            leaf_key: vec![2; 32],
            key_package: vec![3; 32],
        };
        let mut step = Doorstep::new(joiner).unwrap();
        let promised = commitment(&step.joiner, &step.nonce);
        let challenge_to = |promise: &[u8], nonce: [u8; 32]| {
            let inner = Writer::default().field(&[4; 32]).field(&[5; 32]).field(&[6; 16]).field(&nonce);
            parcel(CHALLENGE).field(promise).field(&inner.done()).done()
        };
        assert!(step.heard(&challenge_to(&[9; 32], [7; 32])).is_err(), "to an older knock");
        let challenge = |nonce| challenge_to(&promised, nonce);
        assert!(matches!(step.heard(&challenge([7; 32])), Ok(Heard::Opening(_))));
        assert!(matches!(step.heard(&challenge([7; 32])), Ok(Heard::Opening(_))));
        assert!(matches!(step.heard(&challenge([8; 32])), Ok(Heard::Again)));
    }
}
