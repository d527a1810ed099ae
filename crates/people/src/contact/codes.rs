//! The short code in each message, by which its reader can ask whether it came from here (R105).
//!
//! Forty bits, kept as a keyed hash: a guess hits one of a million messages once in a million tries, and says
//! nothing but yes.

use super::store;
use keep::{KeepError, Tx};
use vocabulary::Entropy;

/// Without letters that look like digits (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 8;
/// Longer input is no code with spaces in it.
const TYPED_MAX: usize = 40;

/// A new code, as it is written into the message: `K7QM-2XTA`.
pub async fn make(tx: &mut Tx) -> Result<String, KeepError> {
    let code = draw(tx.entropy());
    store::put_code(tx, &code).await?;
    Ok(spelled(&code))
}

/// In two groups, as it is read aloud.
pub fn spelled(code: &str) -> String {
    format!("{}-{}", &code[..LENGTH / 2], &code[LENGTH / 2..])
}

/// As people type it, with spaces, dashes and small letters. None when it cannot be a code.
pub fn read(typed: &str) -> Option<String> {
    if typed.len() > TYPED_MAX {
        return None;
    }
    let plain = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase());
    let code: String = plain
        .map(|c| match c {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    (code.len() == LENGTH && code.bytes().all(|letter| LETTERS.contains(&letter))).then_some(code)
}

/// As it is kept: without the dash.
pub fn draw(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; LENGTH];
    entropy.fill(&mut bytes);
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::testing::TestEntropy;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let entropy = TestEntropy::seeded(7);
        for code in (0..200).map(|_| draw(&entropy)) {
            assert_eq!(read(&format!(" {}-{} ", &code[..4], code[4..].to_lowercase())), Some(code));
        }
        assert_eq!(read("oIl0 oil0"), read("01100110"));
        for wrong in ["", "K7QM-2XT", "K7QM-2XTAA", "K7QM-2XTU", "K7QM-2XTé", &" ".repeat(41)] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
