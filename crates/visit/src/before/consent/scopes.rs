//! The nine things a patient can agree to, each alone, and what the text of each must tell. Pure.
//!
//! Refuses to bundle: one text, one signature, one row for each scope (R60; 45 CFR 164.508(b)(3)).

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Meeting this clinician by video.
    Telehealth,
    /// Signing on a screen (15 U.S.C. 7001(c)).
    ESign,
    /// Picture and sound of a visit are kept.
    Recording,
    /// Still images are kept.
    Images,
    /// Letters with health data that are not encrypted (78 FR 5634).
    PlainMessages,
    /// Somebody named may hear and ask (45 CFR 164.510(b)).
    ThirdParty,
    /// Readings sent from home.
    Monitoring,
    /// A HIPAA authorization (45 CFR 164.508(c)).
    Authorization,
    /// Records of substance use treatment (42 CFR 2.31).
    Part2,
}

impl Scope {
    pub const ALL: [Scope; 9] = [
        Scope::Telehealth,
        Scope::ESign,
        Scope::Recording,
        Scope::Images,
        Scope::PlainMessages,
        Scope::ThirdParty,
        Scope::Monitoring,
        Scope::Authorization,
        Scope::Part2,
    ];

    /// Kept in the database, and the name of its texts.
    pub fn code(self) -> &'static str {
        match self {
            Scope::Telehealth => "telehealth",
            Scope::ESign => "e_sign",
            Scope::Recording => "recording",
            Scope::Images => "images",
            Scope::PlainMessages => "plain_messages",
            Scope::ThirdParty => "third_party",
            Scope::Monitoring => "monitoring",
            Scope::Authorization => "authorization",
            Scope::Part2 => "part_2",
        }
    }

    pub fn parse(code: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.code() == code)
    }

    /// The key of its title.
    pub fn title(self) -> &'static str {
        match self {
            Scope::Telehealth => "consent-title",
            Scope::ESign => "scope-e-sign",
            Scope::Recording => "scope-recording",
            Scope::Images => "scope-images",
            Scope::PlainMessages => "scope-plain-messages",
            Scope::ThirdParty => "scope-third-party",
            Scope::Monitoring => "scope-monitoring",
            Scope::Authorization => "scope-authorization",
            Scope::Part2 => "scope-part-2",
        }
    }

    /// Raise it with every change of the words: everybody is asked again.
    pub fn version(self) -> &'static str {
        "2026-1"
    }

    /// Names somebody outside, what they get and why: the patient writes that into the text.
    pub fn names_somebody(self) -> bool {
        matches!(self, Scope::ThirdParty | Scope::Authorization | Scope::Part2)
    }

    /// Given to one clinician, and asked again by the next.
    pub fn is_to_a_clinician(self) -> bool {
        self == Scope::Telehealth
    }

    /// Agreeing to sign on a screen holds until it is taken back; the others are looked at again each year.
    pub fn has_term(self) -> bool {
        self != Scope::ESign
    }

    /// Nobody signs anything else on a screen before this is in force (R78).
    pub fn comes_first(self) -> bool {
        self == Scope::ESign
    }

    /// The first day on which the words of this version could be signed, `YYYY-MM-DD`.
    pub fn since(self) -> &'static str {
        "2026-01-01"
    }

    /// Whether anybody is asked for it on a screen. Nothing records, keeps pictures or takes readings from
    /// home yet, and a plain letter asks for its address (R103): who wants to settle it all the same signs a
    /// paper (`before::papers`).
    pub fn is_offered(self) -> bool {
        !matches!(self, Scope::Recording | Scope::Images | Scope::PlainMessages | Scope::Monitoring)
    }

    /// What its text must tell; each is one `data-element`.
    pub fn elements(self) -> &'static [&'static str] {
        match self {
            Scope::Telehealth => TELEHEALTH,
            Scope::ESign => &["what", "paper", "withdraw", "scope", "requirements", "contact", "term"],
            Scope::Recording => &["what", "why", "who-sees", "kept", "stop", "everybody", "term"],
            Scope::Images => &["what", "why", "who-sees", "kept", "stop", "term"],
            Scope::PlainMessages => &["what", "risk", "address", "alternatives", "stop", "term"],
            Scope::ThirdParty => &["who", "what", "why", "limits", "stop", "term"],
            Scope::Monitoring => &["what", "limits", "emergency", "who-sees", "cost", "stop", "term"],
            Scope::Authorization => AUTHORIZATION,
            Scope::Part2 => PART_2,
        }
    }
}

/// What a telehealth consent tells, beside the signature, date, version and language of the signed copy.
const TELEHEALTH: &[&str] = &[
    "parties",
    "others",
    "what",
    "limits",
    "privacy",
    "alternatives",
    "stop",
    "prescribing",
    "emergency",
    "drop-out",
    "recording",
    "access",
    "messages",
    "cost",
    "follow-up",
    "complaint",
    "interpreter",
    "term",
];

/// 45 CFR 164.508(c)(1)(i)-(v) and (c)(2)(i)-(iii); the signature is the copy's own.
const AUTHORIZATION: &[&str] =
    &["what", "discloser", "recipient", "why", "term", "stop", "no-condition", "shared-on"];

/// 42 CFR 2.31(a).
const PART_2: &[&str] =
    &["patient", "discloser", "what", "recipient", "why", "stop", "term", "no-condition", "shared-on"];
