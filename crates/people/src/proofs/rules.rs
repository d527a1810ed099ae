//! What a password must be, and which code of an app is right. Pure: time is an argument.
//!
//! Length first, a list of what everybody guesses, and nothing else: no rule about kinds of letters, no
//! forced change, no hint and no question (NIST SP 800-63B section 3.1.1.2, R16).

use aws_lc_rs::hmac;
use vocabulary::UnixMillis;

/// SP 800-63B asks for 15 where the password is the only factor. Ours never is, and asks for them all the
/// same.
pub const PASSWORD_MIN_CHARS: usize = 15;

/// Longer ones only cost the hash. 64 must be accepted; this is well above.
pub const PASSWORD_MAX_CHARS: usize = 256;

/// What remains of a password when all that is easy to guess is taken out must have this many letters.
const OWN_LETTERS_MIN: usize = 6;

/// Fewer different characters than this are a pattern, not a password.
const DIFFERENT_MIN: usize = 6;

/// Digits of a code (RFC 6238 section 1.2; what every app shows).
pub const CODE_DIGITS: usize = 6;

/// A code lives this long.
const STEP_S: i64 = 30;

/// Codes of this many steps before and after count: phones' clocks differ (RFC 6238 section 5.2).
const DRIFT_STEPS: i64 = 1;

/// Bytes of a code app's key: the length of SHA-1's answer (RFC 4226 section 4, R6).
pub const CODE_KEY_BYTES: usize = 20;

/// How many saved codes a person gets at once.
pub const SAVED_CODES: usize = 10;

/// Characters of a saved code: 16 of 32 letters are 80 bits.
pub const SAVED_CODE_CHARS: usize = 16;

/// Crockford's alphabet: nothing in it is mistaken for something else.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weak {
    TooShort,
    TooLong,
    /// Made of words, keys in a row or names that are tried first.
    Guessable,
}

impl Weak {
    pub fn code(self) -> &'static str {
        match self {
            Weak::TooShort => "short",
            Weak::TooLong => "long",
            Weak::Guessable => "guessable",
        }
    }
}

/// `about` is what others know: the mail address, the person's name, the practice's.
pub fn check_password(typed: &str, about: &[&str]) -> Result<(), Weak> {
    match typed.chars().count() {
        ..PASSWORD_MIN_CHARS => return Err(Weak::TooShort),
        PASSWORD_MIN_CHARS..=PASSWORD_MAX_CHARS => {}
        _ => return Err(Weak::TooLong),
    }
    let mut rest = typed.to_lowercase();
    let mut different: Vec<char> = rest.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT_MIN || repeats(&rest) {
        return Err(Weak::Guessable);
    }
    let known = about.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let mut known: Vec<String> =
        known.filter(|word| word.chars().count() > 2).map(str::to_lowercase).collect();
    known.extend(BLOCKED.lines().filter(|line| !line.starts_with('#')).map(str::to_owned));
    known.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    for word in known.iter().filter(|word| !word.is_empty()) {
        rest = rest.replace(word.as_str(), "\u{0}");
    }
    let own = rest.chars().filter(|c| c.is_alphabetic()).count();
    // A long row of digits or signs that is no row on a keyboard is fine without any letter.
    let signs = rest.chars().filter(|c| *c != '\u{0}').count();
    if own >= OWN_LETTERS_MIN || signs >= PASSWORD_MIN_CHARS { Ok(()) } else { Err(Weak::Guessable) }
}

/// One piece over and over: "horsehorsehorse".
fn repeats(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=chars.len() / 2).any(|period| chars.iter().zip(&chars[period..]).all(|(a, b)| a == b))
}

/// The step of the code that was typed, if it is right now and newer than `used_step`. A code counts once
/// (RFC 6238 section 5.2).
pub fn right_code(key: &[u8], typed: &str, used_step: i64, now: UnixMillis) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if typed.len() != CODE_DIGITS {
        return None;
    }
    let current = now.0.div_euclid(1_000 * STEP_S);
    let mut right = None;
    // Every step is computed, right or wrong, so that time tells nothing.
    for step in current - DRIFT_STEPS..=current + DRIFT_STEPS {
        let code = code_at(key, step);
        if same(code.as_bytes(), typed.as_bytes()) && step > used_step && right.is_none() {
            right = Some(step);
        }
    }
    right
}

/// Whether this is a code that let somebody in already: right by the clock, and not newer than `used_step`.
/// Nobody's app shows it twice, so two people have seen it, or one has sent it twice.
pub fn is_used_code(key: &[u8], typed: &str, used_step: i64, now: UnixMillis) -> bool {
    let newer = right_code(key, typed, used_step, now).is_some();
    right_code(key, typed, i64::MIN, now).is_some() && !newer
}

/// HOTP of the step (RFC 4226 section 5.3).
pub fn code_at(key: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag[tag.len() - 1] & 0x0f);
    let word = u32::from_be_bytes([tag[at] & 0x7f, tag[at + 1], tag[at + 2], tag[at + 3]]);
    format!("{:0CODE_DIGITS$}", word % 1_000_000)
}

/// What an app reads from the picture (the Key URI format every app knows).
pub fn code_address(key: &[u8], practice: &str, email: &str) -> String {
    let (practice, email) = (percent(practice), percent(email));
    format!("otpauth://totp/{practice}:{email}?secret={}&issuer={practice}", base32(key))
}

/// RFC 4648 section 6, without padding.
pub fn base32(bytes: &[u8]) -> String {
    five_bits(bytes).map(|five| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[five])).collect()
}

/// 80 random bits as a person writes them down.
pub fn saved_code(random: &[u8; SAVED_CODE_CHARS * 5 / 8]) -> String {
    let letters: Vec<u8> = five_bits(random).map(|five| LETTERS[five]).collect();
    let groups: Vec<&str> = letters.chunks(4).map(|four| std::str::from_utf8(four).unwrap_or("")).collect();
    groups.join("-")
}

/// The one spelling of a typed code: capitals, no hyphens, and what eyes mistake put right.
pub fn spell_saved_code(typed: &str) -> Option<String> {
    let spelled: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .take(SAVED_CODE_CHARS + 1)
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let fits = spelled.len() == SAVED_CODE_CHARS && spelled.bytes().all(|byte| LETTERS.contains(&byte));
    fits.then_some(spelled)
}

/// The one spelling of a mail address as a name to sign in with.
pub fn spell_name(typed: &str) -> String {
    typed.trim().to_lowercase()
}

pub fn is_email(typed: &str) -> bool {
    let typed = typed.trim();
    let halves = typed.split_once('@');
    halves.is_some_and(|(before, after)| {
        !before.is_empty() && after.contains('.') && !after.starts_with('.') && !after.ends_with('.')
    }) && typed.len() <= 254
        && typed.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | ',' | ';' | '"'))
        && typed.matches('@').count() == 1
}

fn five_bits(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1));
    (0..(bytes.len() * 8).div_ceil(5)).map(move |n| (0..5).fold(0, |five, i| five << 1 | bit(n * 5 + i)))
}

pub(crate) fn percent(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn same(a: &[u8], b: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// One a line; what contains only these and a few more letters is guessed first.
const BLOCKED: &str = include_str!("blocked.txt");
