//! Values that must not be printed: tokens that open something, and health text in the clear.

use crate::Entropy;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// 256 random bits that open something: an invitation, a session, a ticket. Kept by its hash only.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret([u8; 32]);

impl Secret {
    pub fn new(entropy: &dyn Entropy) -> Secret {
        let mut bytes = [0; 32];
        entropy.fill(&mut bytes);
        Secret(bytes)
    }

    /// 43 characters of base64url without padding (RFC 4648 section 5).
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Reads what `reveal` wrote. Anything else, a second spelling of the same bits included, is `None`.
    pub fn parse(text: &str) -> Option<Secret> {
        let mut bytes = [0; 32];
        let filled = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        (filled == bytes.len()).then_some(Secret(bytes))
    }

    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Health text in the clear, on its way between a sealed column and a page. It cannot be printed by accident
/// and is wiped when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Health(String);

impl Health {
    pub fn new(text: String) -> Health {
        Health(text)
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Health(..)")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestEntropy;

    #[test]
    fn a_secret_is_written_as_base64url() {
        assert_eq!(Secret([0; 32]).reveal(), "A".repeat(43));
        assert_eq!(Secret([255; 32]).reveal(), format!("{}8", "_".repeat(42)));
    }

    #[test]
    fn a_secret_is_read_back_and_nothing_else_is() {
        let secret = Secret::new(&TestEntropy::seeded(3));
        let text = secret.reveal();
        assert_eq!(Secret::parse(&text).unwrap().bytes(), secret.bytes());
        assert!(Secret::parse(&text[1..]).is_none());
        assert!(Secret::parse(&format!("{}=", &text[1..])).is_none());
        // The last letter carries two spare bits: only one of its four spellings counts.
        assert!(Secret::parse(&format!("{}B", "A".repeat(42))).is_none());
    }

    #[test]
    fn secrets_and_health_do_not_print() {
        let printed = format!("{:?}{:?}", Secret([1; 32]), Health::new("asthma".into()));
        assert_eq!(printed, "Secret(..)Health(..)");
    }
}
