//! Who this participant is: an Ed25519 identity key (RFC 8032) that signs visit, role, name and the MLS leaf
//! key. Made for one run and kept nowhere.

use crate::Outcome;
use crate::bytes::{Reader, Writer};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

/// In the order of their numbers in a credential.
pub const ROLES: [&str; 6] = ["host", "deputy", "patient", "representative", "supporter", "interpreter"];

pub struct IdentityKey(Ed25519KeyPair);

impl IdentityKey {
    pub fn new() -> Outcome<IdentityKey> {
        Ed25519KeyPair::generate().map(IdentityKey).map_err(|why| format!("no identity key: {why}"))
    }

    pub fn public(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    /// The bytes of an MLS basic credential (RFC 9420 section 5.3).
    pub fn credential(&self, visit: &str, role: &str, name: &str, leaf_key: &[u8]) -> Outcome<Vec<u8>> {
        let role = ROLES.iter().position(|one| *one == role).ok_or("an unknown role")?;
        let role = u8::try_from(role).expect("there are few roles");
        let plain = Writer::default().u8(VERSION).text(visit).u8(role).text(name).raw(self.public()).done();
        let signature = self.0.sign(&signed(&plain, leaf_key));
        Ok(Writer::default().field(&plain).field(signature.as_ref()).done())
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct Identity {
    pub visit: String,
    pub role: &'static str,
    pub name: String,
    pub key: Vec<u8>,
}

/// What somebody else's credential says, when its signature is theirs.
pub fn read(credential: &[u8], leaf_key: &[u8]) -> Outcome<Identity> {
    let mut reader = Reader::new(credential);
    let (plain, signature) = (reader.field()?, reader.field()?);
    reader.end()?;
    let mut reader = Reader::new(plain);
    if reader.u8()? != VERSION {
        return Err("an identity of another version".into());
    }
    let visit = reader.text()?;
    let role = ROLES.get(usize::from(reader.u8()?)).ok_or("an unknown role")?;
    let name = reader.text()?;
    let key = reader.raw(KEY_BYTES)?.to_vec();
    reader.end()?;
    UnparsedPublicKey::new(&ED25519, &key)
        .verify(&signed(plain, leaf_key), signature)
        .map_err(|_| "an identity that its key did not sign")?;
    Ok(Identity { visit, role, name, key })
}

fn signed(plain: &[u8], leaf_key: &[u8]) -> Vec<u8> {
    Writer::default().text("Alcove E2EE v1 identity").field(plain).field(leaf_key).done()
}

const VERSION: u8 = 1;
const KEY_BYTES: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_says_who_signed_it_and_for_which_leaf() {
        let key = IdentityKey::new().unwrap();
        let credential = key.credential("a visit", "patient", "Maria", b"leaf").unwrap();
        let read_back = read(&credential, b"leaf").unwrap();
        assert_eq!((read_back.role, read_back.name.as_str()), ("patient", "Maria"));
        assert_eq!(read_back.key, key.public());
        assert!(read(&credential, b"another leaf").is_err());
        let mut bent = credential;
        bent[10] ^= 1;
        assert!(read(&bent, b"leaf").is_err());
    }
}
