//! When a link leads into the portal, and how a code is spelled. Pure.

use crate::proofs::rules::base32;
use vocabulary::{HOUR_MS, MINUTE_MS, PatientId, Principal, RepresentativeId, UnixMillis};

/// A mailed link: NIST SP 800-63B-4 section 4.2.2 lets such a code live for 24 hours at most.
pub const LINK_MS: i64 = 24 * HOUR_MS;
/// A browser waits this long for the desk: longer, and a code read out is overheard by more people.
pub const HELP_MS: i64 = 15 * MINUTE_MS;
/// Wrong birth dates, then the link is over.
pub const TRIES_MAX: i64 = 5;
/// Browsers that wait for the desk at once; more are an attack, and the next one is told to call.
pub const WAITING_MAX: i64 = 500;
/// More passkeys than this are more than anybody has devices.
pub const PASSKEYS_MAX: usize = 10;

/// 40 random bits: nobody guesses the one code that waits in its quarter of an hour.
pub const CODE_BYTES: usize = 5;
const CODE_CHARS: usize = 8;

/// Who comes into a portal: the patient, or somebody who acts for them (R15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    pub patient: PatientId,
    pub representative: Option<RepresentativeId>,
}

impl Whose {
    pub fn own(patient: PatientId) -> Whose {
        Whose { patient, representative: None }
    }

    pub fn of(who: &Principal) -> Option<Whose> {
        match who {
            Principal::Patient { patient, .. } => Some(Whose::own(*patient)),
            Principal::Representative { patient, representative, .. } => {
                Some(Whose { patient: *patient, representative: Some(*representative) })
            }
            _ => None,
        }
    }

    /// The form that SQL compares: nothing for the patient.
    pub fn spelled(&self) -> String {
        self.representative.map(|one| one.text()).unwrap_or_default()
    }

    /// The user handle of a passkey (WebAuthn section 5.4.3): one for each person and patient.
    pub fn bytes(&self) -> [u8; 16] {
        self.representative.map_or(self.patient.bytes(), |one| one.bytes())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Nobody's until the desk has said whose.
    pub whose: Option<Whose>,
    pub tries: i64,
    pub expires_at: UnixMillis,
    pub over_at: Option<UnixMillis>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Forged, mistyped, used, replaced or too late: from outside all the same.
    Over,
    /// The desk has not typed the code yet.
    Waiting,
}

/// Whom the link leads to. At `expires_at` itself it leads nowhere.
pub fn opens(standing: &Standing, now: UnixMillis) -> Result<Whose, Closed> {
    if standing.over_at.is_some() || now >= standing.expires_at || standing.tries >= TRIES_MAX {
        return Err(Closed::Over);
    }
    standing.whose.ok_or(Closed::Waiting)
}

/// As it stands on the page and is read out: two groups of four.
pub fn code(random: &[u8; CODE_BYTES]) -> String {
    let letters = base32(random);
    format!("{}-{}", &letters[..CODE_CHARS / 2], &letters[CODE_CHARS / 2..])
}

/// The one spelling of what was typed: capitals, no spaces, and what eyes mistake put right.
pub fn spell_code(typed: &str) -> Option<String> {
    let kept = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').take(CODE_CHARS + 1);
    let spelled: String = kept
        .map(|c| match c.to_ascii_uppercase() {
            '0' => 'O',
            '1' => 'I',
            '8' => 'B',
            other => other,
        })
        .collect();
    let fits =
        spelled.len() == CODE_CHARS && spelled.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'));
    fits.then_some(spelled)
}

/// How the desk saw who asks (45 CFR 164.514(h)).
pub fn is_identity(code: &str) -> bool {
    ["photo_id", "known", "called_back"].contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_its_patient_until_it_is_over() {
        let whose = Whose::own(PatientId::from_bytes([7; 16]));
        let fine = Standing { whose: Some(whose), tries: 0, expires_at: UnixMillis(2_000), over_at: None };
        assert_eq!(opens(&fine, UnixMillis(1_999)), Ok(whose));
        assert_eq!(opens(&fine, UnixMillis(2_000)), Err(Closed::Over));
        let locked = Standing { tries: TRIES_MAX, ..fine };
        assert_eq!(opens(&locked, UnixMillis(0)), Err(Closed::Over));
        let used = Standing { over_at: Some(UnixMillis(1)), ..fine };
        assert_eq!(opens(&used, UnixMillis(0)), Err(Closed::Over));
        let waiting = Standing { whose: None, ..fine };
        assert_eq!(opens(&waiting, UnixMillis(0)), Err(Closed::Waiting));
        assert_eq!(opens(&waiting, UnixMillis(2_000)), Err(Closed::Over));
    }

    #[test]
    fn a_code_is_read_as_it_is_written_and_as_it_is_heard() {
        let written = code(&[0xff, 0x80, 0x01, 0x42, 0x99]);
        let spelled = spell_code(&written).unwrap();
        assert_eq!(spelled.len(), 8);
        assert_eq!(spell_code(&written.to_lowercase().replace('-', " ")), Some(spelled));
        assert_eq!(spell_code("0188-aaaa"), Some("OIBBAAAA".into()));
        for wrong in ["", "ABCD-EFG", "ABCD-EFGHI", "ABCD-EF9H", "ＡBCDEFGH"] {
            assert_eq!(spell_code(wrong), None, "{wrong}");
        }
    }
}
