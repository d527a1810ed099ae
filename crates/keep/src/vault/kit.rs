//! The recovery kit: the root key as three shares on paper, of which any two give it back and one alone tells
//! nothing (A. Shamir, How to Share a Secret, 1979; a line through two points over GF(2^8)).
//!
//! Owns how shares are made, written and read. Refuses a line with a typing error by its number, two copies
//! of one share, and shares of different kits. Keeps nothing: whoever asks for a kit prints it.

use super::envelope::{Key, derive};
use super::root::RootKey;
use aws_lc_rs::digest;
use vocabulary::Entropy;
use zeroize::Zeroizing;

/// Shares of a kit.
pub const SHARES: usize = 3;
/// How many of them open it.
pub const ENOUGH: usize = 2;
/// Lines of one share.
pub const LINES: usize = 3;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KitFault {
    #[error("two shares are {} lines of letters; this is {found}", ENOUGH * LINES)]
    Count { found: usize },
    #[error("line {line} has {found} letters and digits, and needs {LINE_CHARS}")]
    Length { line: usize, found: usize },
    #[error("line {line} holds `{letter}`, which no share holds")]
    Letter { line: usize, letter: char },
    #[error("line {line} has a typing error, or stands in the wrong place: compare it with the paper")]
    Typing { line: usize },
    #[error("both are share {0}: take two different ones")]
    Same(u8),
    #[error("these shares are of different kits, or of another version of this program")]
    OtherKit,
    #[error("these two shares do not fit together: one of them is damaged")]
    Damaged,
}

/// Three shares of this root key, each of [`LINES`] lines. They belong together: another call makes another
/// kit.
pub fn make_kit(root: &RootKey, entropy: &dyn Entropy) -> [Zeroizing<String>; SHARES] {
    let mut kit = [0; KIT_BYTES];
    entropy.fill(&mut kit);
    let mut slope = Zeroizing::new([0; 32]);
    entropy.fill(&mut *slope);
    [1, 2, 3].map(|at| write(&Share::cut(root.key(), at, kit, &slope)))
}

/// The root key from the lines of two shares, in any order. Empty lines and lines with `#` are passed over.
pub fn open_kit(text: &str) -> Result<RootKey, KitFault> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !is_remark(line)).collect();
    if lines.len() != ENOUGH * LINES {
        return Err(KitFault::Count { found: lines.len() });
    }
    let (first, second) = (Share::read(&lines[..LINES], 1)?, Share::read(&lines[LINES..], 1 + LINES)?);
    if first.at == second.at {
        return Err(KitFault::Same(first.at));
    }
    if first.kit != second.kit || first.check != second.check {
        return Err(KitFault::OtherKit);
    }
    let mut bytes = Zeroizing::new([0; 32]);
    let over = inverse(first.at ^ second.at);
    for (byte, (one, other)) in bytes.iter_mut().zip(first.value.iter().zip(&*second.value)) {
        *byte = times(times(second.at, *one) ^ times(first.at, *other), over);
    }
    let key = Key::from_slice(&*bytes).expect("a root key is 32 bytes");
    if check(&key) == first.check { Ok(RootKey::of(key)) } else { Err(KitFault::Damaged) }
}

struct Share {
    /// Where on the line this share lies: 1, 2 or 3. The key lies at 0.
    at: u8,
    kit: [u8; KIT_BYTES],
    check: [u8; CHECK_BYTES],
    value: Zeroizing<[u8; 32]>,
}

impl Share {
    fn cut(root: &Key, at: u8, kit: [u8; KIT_BYTES], slope: &[u8; 32]) -> Share {
        let mut value = Zeroizing::new([0; 32]);
        for (byte, (key, slope)) in value.iter_mut().zip(root.bytes().iter().zip(slope)) {
            *byte = key ^ times(at, *slope);
        }
        Share { at, kit, check: check(root), value }
    }

    /// `number` is that of the first of these lines, for what is said about a wrong one.
    fn read(lines: &[&str], number: usize) -> Result<Share, KitFault> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(LINES * LINE_BYTES));
        for (place, line) in lines.iter().enumerate() {
            bytes.extend_from_slice(&*read_line(line, place, number + place)?);
        }
        if bytes[0] != VERSION || !(1..=3).contains(&bytes[1]) {
            return Err(KitFault::OtherKit);
        }
        let part = |from: usize, to: usize| bytes[from..to].try_into().expect("four bytes");
        let mut value = Zeroizing::new([0; 32]);
        value.copy_from_slice(&bytes[10..]);
        Ok(Share { at: bytes[1], kit: part(2, 6), check: part(6, 10), value })
    }
}

/// Enough to tell a right key from a wrong one, and nothing about it otherwise (HKDF-SHA256).
fn check(root: &Key) -> [u8; CHECK_BYTES] {
    let mut check = [0; CHECK_BYTES];
    derive(root, &[], &[b"alcove/1 kit check"], &mut check);
    check
}

fn write(share: &Share) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LINES * LINE_BYTES));
    bytes.extend([VERSION, share.at]);
    bytes.extend(share.kit);
    bytes.extend(share.check);
    bytes.extend_from_slice(&*share.value);
    let mut text = Zeroizing::new(String::with_capacity(LINES * 32));
    for (place, line) in bytes.chunks(LINE_BYTES).enumerate() {
        let mut whole = Zeroizing::new([0; LINE_BYTES + 1]);
        whole[..LINE_BYTES].copy_from_slice(line);
        whole[LINE_BYTES] = sum(place, line);
        for (at, chunk) in whole.chunks(5).enumerate() {
            let number = chunk.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
            for digit in 0..8 {
                if digit % 4 == 0 && (at, digit) != (0, 0) {
                    text.push('-');
                }
                let index = usize::try_from(number >> (35 - 5 * digit) & 31).expect("five bits");
                text.push(char::from(ALPHABET[index]));
            }
        }
        text.push('\n');
    }
    text
}

fn read_line(line: &str, place: usize, number: usize) -> Result<Zeroizing<[u8; LINE_BYTES]>, KitFault> {
    let mut digits = Zeroizing::new(Vec::with_capacity(LINE_CHARS));
    for letter in line.chars().filter(|letter| !matches!(letter, '-' | ' ' | '\t')) {
        digits.push(digit(letter).ok_or(KitFault::Letter { line: number, letter })?);
    }
    if digits.len() != LINE_CHARS {
        return Err(KitFault::Length { line: number, found: digits.len() });
    }
    let mut whole = Zeroizing::new([0; LINE_BYTES + 1]);
    for (bytes, digits) in whole.chunks_mut(5).zip(digits.chunks(8)) {
        let number = digits.iter().fold(0_u64, |number, digit| number << 5 | u64::from(*digit));
        bytes.copy_from_slice(&number.to_be_bytes()[3..]);
    }
    let mut bytes = Zeroizing::new([0; LINE_BYTES]);
    bytes.copy_from_slice(&whole[..LINE_BYTES]);
    if sum(place, &*bytes) == whole[LINE_BYTES] { Ok(bytes) } else { Err(KitFault::Typing { line: number }) }
}

fn is_remark(line: &str) -> bool {
    line.is_empty() || line.starts_with('#')
}

/// Tells a line that was typed wrong, or that stands in another's place.
fn sum(place: usize, line: &[u8]) -> u8 {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(b"alcove/1 kit line");
    context.update(&[u8::try_from(place).expect("three lines")]);
    context.update(line);
    context.finish().as_ref()[0]
}

/// Crockford's alphabet: what is read as another letter counts as that one.
fn digit(letter: char) -> Option<u8> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|known| char::from(*known) == letter).and_then(|at| u8::try_from(at).ok())
}

/// In GF(2^8) modulo x^8 + x^4 + x^3 + x + 1, the same steps whatever the factors are.
fn times(mut one: u8, other: u8) -> u8 {
    let mut product = 0;
    for bit in 0..8 {
        product ^= one & (other >> bit & 1).wrapping_neg();
        one = one << 1 ^ 0x1b & (one >> 7).wrapping_neg();
    }
    product
}

/// Of the three differences that two of three shares can have.
fn inverse(of: u8) -> u8 {
    match of {
        1 => 1,
        2 => 0x8d,
        _ => 0xf6,
    }
}

const VERSION: u8 = 1;
const KIT_BYTES: usize = 4;
const CHECK_BYTES: usize = 4;
/// Of a share's 42 bytes; one more is the line's sum.
const LINE_BYTES: usize = 14;
const LINE_CHARS: usize = 24;
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::testing::TestEntropy;

    fn root() -> RootKey {
        RootKey::of(Key::new(&TestEntropy::seeded(3)))
    }

    #[test]
    fn any_two_of_three_shares_give_the_root_key_back_in_any_order() {
        let kit = make_kit(&root(), &TestEntropy::seeded(9));
        for one in 0..SHARES {
            for other in 0..SHARES {
                let opened = open_kit(&format!("# a share\n{}\n{}", *kit[one], *kit[other]));
                if one == other {
                    assert_eq!(opened.err(), Some(KitFault::Same(one as u8 + 1)));
                } else {
                    assert!(opened.unwrap().is(&root()), "{one} and {other}");
                }
            }
        }
        assert_eq!(open_kit(&kit[0]).err(), Some(KitFault::Count { found: 3 }));
    }

    /// Whatever one share says, every key is as likely as before: for each byte of it and each possible byte
    /// of the key there is exactly one slope.
    #[test]
    fn one_share_alone_tells_nothing() {
        for at in 1..=3_u8 {
            for share in 0..=255_u8 {
                let mut keys: Vec<u8> = (0..=255).map(|slope| share ^ times(at, slope)).collect();
                keys.sort_unstable();
                assert!(keys.iter().copied().eq(0..=255), "share {at} of value {share}");
            }
        }
    }

    #[test]
    fn every_single_typing_error_is_named_by_its_line() {
        let kit = make_kit(&root(), &TestEntropy::seeded(9));
        let right = format!("{}{}", *kit[0], *kit[2]);
        let mut slipped = 0;
        for (at, letter) in right.char_indices().filter(|(_, letter)| letter.is_ascii_alphanumeric()) {
            let line = right[..at].matches('\n').count() + 1;
            let next = ALPHABET[(usize::from(digit(letter).unwrap()) + 1) % 32];
            let mut wrong = right.clone().into_bytes();
            wrong[at] = next;
            match open_kit(std::str::from_utf8(&wrong).unwrap()).err().unwrap() {
                KitFault::Typing { line: named } => assert_eq!(named, line),
                // One in 256 passes its line's sum; then the whole does not fit.
                _ => slipped += 1,
            }
        }
        assert!(slipped <= 4, "{slipped} of 144");
        let swapped: Vec<&str> = right.lines().collect();
        let swapped = [swapped[1], swapped[0], swapped[2], swapped[3], swapped[4], swapped[5]].join("\n");
        assert_eq!(open_kit(&swapped).err(), Some(KitFault::Typing { line: 1 }));
        let short = right.replacen('-', "", 1).replacen(&right[..1], "", 1);
        assert_eq!(open_kit(&short).err(), Some(KitFault::Length { line: 1, found: 23 }));
        assert!(matches!(open_kit(&right.replacen(&right[..1], "U", 1)), Err(KitFault::Letter { .. })));
        let by_hand = right.to_lowercase().replace('0', "o").replace('1', "l").replace('-', " ");
        assert!(open_kit(&by_hand).unwrap().is(&root()));
    }

    #[test]
    fn shares_of_two_kits_do_not_fit() {
        let (one, other) =
            (make_kit(&root(), &TestEntropy::seeded(9)), make_kit(&root(), &TestEntropy::seeded(10)));
        let mixed = format!("{}{}", *one[0], *other[1]);
        assert_eq!(open_kit(&mixed).err(), Some(KitFault::OtherKit));
    }

    #[test]
    fn the_field_is_the_one_of_aes() {
        assert_eq!(times(0x57, 0x83), 0xc1, "FIPS 197, section 4.2");
        for at in 1..=3 {
            assert_eq!(times(at, inverse(at)), 1);
        }
    }
}
