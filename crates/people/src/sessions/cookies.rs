//! The cookies that hold session tokens, and which of them a path asks for (R18).
//!
//! One browser can be several people: a colleague, a patient in the portal, and one guest per invitation,
//! told apart by the random number in the path `/g/{door}/...`.

use axum::http::{HeaderMap, HeaderValue, header};
use vocabulary::Secret;

/// Shorter numbers could be walked through, longer ones only lengthen the address.
pub const DOOR_CHARS: usize = 16;

/// `__Host-` keeps the cookie to this host and path `/`, over TLS (RFC 6265bis section 4.1.3.2). No script
/// reads it, and no other site's form carries it along.
const RULES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";

/// Which cookie holds the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Jar {
    Staff,
    Patient,
    /// The number of the invitation.
    Guest(String),
}

impl Jar {
    /// The jar a path asks for; `None` where nobody is asked who they are.
    pub fn of(path: &str) -> Option<Jar> {
        let mut parts = path.split('/').skip(1);
        match (parts.next().unwrap_or(""), parts.next()) {
            ("g", Some(door)) => is_door(door).then(|| Jar::Guest(door.to_owned())),
            ("g" | "i" | "n" | "join" | "is-it-us" | "a" | "room" | "ws" | "healthz", _) => None,
            ("portal", _) => Some(Jar::Patient),
            _ => Some(Jar::Staff),
        }
    }

    pub fn cookie_name(&self) -> String {
        match self {
            Jar::Staff => "__Host-staff".into(),
            Jar::Patient => "__Host-patient".into(),
            Jar::Guest(door) => format!("__Host-guest-{door}"),
        }
    }

    /// What a session of this jar shows to the browser to keep.
    pub fn set(&self, token: &Secret, max_age_s: i64) -> HeaderValue {
        self.line(&token.reveal(), max_age_s)
    }

    /// Makes the browser forget the token.
    pub fn clear(&self) -> HeaderValue {
        self.line("", 0)
    }

    pub fn token(&self, headers: &HeaderMap) -> Option<Secret> {
        let name = self.cookie_name();
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(given, _)| *given == name).and_then(|(_, value)| Secret::parse(value))
    }

    fn line(&self, value: &str, max_age_s: i64) -> HeaderValue {
        let line = format!("{}={value}; {RULES}; Max-Age={}", self.cookie_name(), max_age_s.max(0));
        let mut line = HeaderValue::from_str(&line).expect("a door is hexadecimal and a token base64url");
        line.set_sensitive(true);
        line
    }
}

/// Lower-case hexadecimal of the one length that is issued.
pub fn is_door(text: &str) -> bool {
    text.len() == DOOR_CHARS && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::testing::TestEntropy;

    const DOOR: &str = "0123456789abcdef";

    #[test]
    fn the_path_says_who_in_this_browser_is_meant() {
        let guest = Some(Jar::Guest(DOOR.into()));
        for (path, jar) in [
            ("/g/0123456789abcdef/who", guest.clone()),
            ("/g/0123456789abcdef", guest),
            ("/g/0123456789ABCDEF/who", None),
            ("/g/7/who", None),
            ("/g", None),
            ("/i", None),
            ("/n", None),
            ("/room/", None),
            ("/portal", Some(Jar::Patient)),
            ("/portal/summaries", Some(Jar::Patient)),
            ("/portals", Some(Jar::Staff)),
            ("/day", Some(Jar::Staff)),
            ("/", Some(Jar::Staff)),
        ] {
            assert_eq!(Jar::of(path), jar, "{path}");
        }
    }

    /// R18 (part: the attributes of all session cookies and 256 random bits)
    #[test]
    fn a_session_cookie_has_every_attribute() {
        let token = Secret::new(&TestEntropy::seeded(5));
        for jar in [Jar::Staff, Jar::Patient, Jar::Guest(DOOR.into())] {
            let line = jar.set(&token, 60);
            let line = line.to_str().unwrap();
            let (pair, attributes) = line.split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            assert!(name.starts_with("__Host-"), "{name}");
            assert_eq!(value.len(), 43, "32 bytes as base64url");
            assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60");
            assert!(!line.contains("Domain"), "host-only");
        }
        let cleared = Jar::Staff.clear();
        assert_eq!(cleared, "__Host-staff=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    }

    #[test]
    fn a_token_is_read_from_its_own_cookie_alone() {
        let token = Secret::new(&TestEntropy::seeded(5));
        let mut headers = HeaderMap::new();
        let line = format!("a=b; __Host-staff={}; __Host-patient=short", token.reveal());
        headers.insert(header::COOKIE, HeaderValue::from_str(&line).unwrap());
        assert_eq!(Jar::Staff.token(&headers).map(|found| found.reveal()), Some(token.reveal()));
        assert!(Jar::Patient.token(&headers).is_none());
        assert!(Jar::Guest(DOOR.into()).token(&headers).is_none());
    }
}
