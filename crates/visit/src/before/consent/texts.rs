//! The consent texts: versioned files, what each must say, and who approved which language. Pure.
//!
//! Refuses a text that lacks one of the elements, and refuses to show a translation nobody has approved: then
//! the English text stands in, with a word about an interpreter.

use super::scopes::Scope;
use vocabulary::Lang;

#[derive(Clone, Copy, Debug)]
pub struct Text {
    pub scope: Scope,
    pub version: &'static str,
    pub lang: Lang,
    pub approved_by: Approval,
    /// HTML with `{name}` where a value stands.
    pub html: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approval {
    /// The wording all translations follow.
    Original,
    /// Good enough to show how it works, and nowhere else.
    DemoOnly,
    /// A qualified person, named in the practice's records, has read it.
    Person(&'static str),
}

/// The values a text is filled with. Holds a name, so it has no `Debug`.
#[derive(Clone)]
pub struct Filling {
    pub patient: String,
    pub practice: String,
    pub phone: String,
    /// With credentials: "Dr. Amara Osei, MD".
    pub clinician: String,
    /// The last day, in words.
    pub until: String,
    /// As the patient wrote it, where the text names somebody outside; empty elsewhere.
    pub named: Named,
}

/// Whom a text names, what they get, and why. Holds names, so it has no `Debug`.
#[derive(Clone, Default)]
pub struct Named {
    pub who: String,
    pub what: String,
    pub why: String,
}

impl Named {
    /// One line each: none of them holds a break.
    pub fn lines(&self) -> String {
        [&self.who, &self.what, &self.why].map(String::as_str).join("\n")
    }

    pub fn of_lines(text: &str) -> Named {
        let mut lines = text.lines().map(str::to_owned);
        let mut next = || lines.next().unwrap_or_default();
        Named { who: next(), what: next(), why: next() }
    }

    pub fn is_same_person(&self, other: &Named) -> bool {
        self.who.to_lowercase() == other.who.to_lowercase()
    }

    pub fn is_same(&self, other: &Named) -> bool {
        self.lines().to_lowercase() == other.lines().to_lowercase()
    }
}

/// The text this reader is shown. `approved`: a translation of exactly these words may be shown.
pub fn shown(scope: Scope, lang: Lang, approved: bool) -> &'static Text {
    let [original, translation] = of(scope);
    let usable = translation.lang == lang && (approved || translation.approved_by != Approval::DemoOnly);
    if usable { translation } else { original }
}

impl Approval {
    /// Stands in for a reader's approval where nothing real happens; its page says so.
    pub fn is_demo(self) -> bool {
        self == Approval::DemoOnly
    }
}

impl Text {
    /// Names the text on a form: what comes back was read under this version, in this language.
    pub fn tag(&self) -> String {
        format!("{}.{}.{}", self.scope.code(), self.version, self.lang.code())
    }

    /// The finished fragment. Values are escaped; the same values give the same bytes.
    pub fn fill(&self, with: &Filling) -> String {
        let values = [
            ("{patient}", &with.patient),
            ("{practice}", &with.practice),
            ("{phone}", &with.phone),
            ("{clinician}", &with.clinician),
            ("{until}", &with.until),
            ("{who}", &with.named.who),
            ("{what}", &with.named.what),
            ("{why}", &with.named.why),
        ];
        let mut html = String::with_capacity(self.html.len() + 512);
        let mut rest = self.html;
        while let Some(at) = rest.find('{') {
            html.push_str(&rest[..at]);
            rest = &rest[at..];
            match values.iter().find(|(name, _)| rest.starts_with(name)) {
                Some((name, value)) => {
                    push_escaped(&mut html, value);
                    rest = &rest[name.len()..];
                }
                None => {
                    html.push('{');
                    rest = &rest[1..];
                }
            }
        }
        html.push_str(rest);
        html
    }
}

/// The elements this text does not have.
pub fn missing_elements(scope: Scope, html: &str) -> Vec<&'static str> {
    let has = |element: &str| html.contains(&format!("<section data-element=\"{element}\">"));
    scope.elements().iter().copied().filter(|element| !has(element)).collect()
}

pub(crate) fn push_escaped(html: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            plain => html.push(plain),
        }
    }
}

/// The newest text of a scope: the original, then its translation.
pub fn of(scope: Scope) -> &'static [Text; 2] {
    match scope {
        Scope::Telehealth => &TELEHEALTH,
        Scope::ESign => &E_SIGN,
        Scope::Recording => &RECORDING,
        Scope::Images => &IMAGES,
        Scope::PlainMessages => &PLAIN_MESSAGES,
        Scope::ThirdParty => &THIRD_PARTY,
        Scope::Monitoring => &MONITORING,
        Scope::Authorization => &AUTHORIZATION,
        Scope::Part2 => &PART_2,
    }
}

macro_rules! texts {
    ($($name:ident = $scope:ident, $version:literal, $file:literal;)*) => {$(
        const $name: [Text; 2] = [
            Text {
                scope: Scope::$scope,
                version: $version,
                lang: Lang::En,
                approved_by: Approval::Original,
                html: include_str!(concat!("texts/", $file, ".", $version, ".en.html")),
            },
            Text {
                scope: Scope::$scope,
                version: $version,
                lang: Lang::Es,
                approved_by: Approval::DemoOnly,
                html: include_str!(concat!("texts/", $file, ".", $version, ".es.html")),
            },
        ];
    )*};
}

texts! {
    TELEHEALTH = Telehealth, "2026-1", "telehealth";
    E_SIGN = ESign, "2026-1", "e_sign";
    RECORDING = Recording, "2026-1", "recording";
    IMAGES = Images, "2026-1", "images";
    PLAIN_MESSAGES = PlainMessages, "2026-1", "plain_messages";
    THIRD_PARTY = ThirdParty, "2026-1", "third_party";
    MONITORING = Monitoring, "2026-1", "monitoring";
    AUTHORIZATION = Authorization, "2026-1", "authorization";
    PART_2 = Part2, "2026-1", "part_2";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filling() -> Filling {
        let named = Named { who: "Elena <i>".into(), what: "letters".into(), why: "rides".into() };
        Filling {
            patient: "Ana <b> & {phone}".into(),
            practice: "Harbor".into(),
            phone: "555-0142".into(),
            clinician: "Dr. Osei, MD".into(),
            until: "November 21, 2027".into(),
            named,
        }
    }

    fn all() -> impl Iterator<Item = &'static Text> {
        Scope::ALL.into_iter().flat_map(of)
    }

    /// R59: every text of every scope, in both languages, has its version and says all that it must, a text
    /// that misses one element fails, and which way of giving it counts is data for each state.
    #[test]
    fn every_text_has_every_element_and_a_missing_one_is_noticed() {
        for text in all() {
            let at = format!("{:?} {:?}", text.scope, text.lang);
            assert_eq!(missing_elements(text.scope, text.html), Vec::<&str>::new(), "{at}");
            assert_eq!(text.version, text.scope.version(), "{at}");
            for element in text.scope.elements() {
                let without = text.html.replace(&format!("data-element=\"{element}\""), "");
                assert_eq!(missing_elements(text.scope, &without), [*element], "{at}");
            }
        }
        use super::super::rules::{Accepts, Method, accepts};
        let house = policy::HouseRules {
            paper_consent_states: "DE".into(),
            voice_consent_states: "MA".into(),
            ..policy::HouseRules::default()
        };
        assert_eq!(accepts(&house, "DE", Method::Electronic), Accepts::No);
        assert_eq!(accepts(&house, "MA", Method::Voice), Accepts::Yes);
        assert_eq!(accepts(&house, "NH", Method::Voice), Accepts::Unsettled);
    }

    /// 45 CFR 164.508(c)(2)(ii) and 42 CFR 2.31(a): statements that stand inside an element.
    #[test]
    fn the_statements_that_the_law_names_are_there() {
        for (scope, element, said) in [
            (
                Scope::Authorization,
                "no-condition",
                ["health plan or its benefits", "seguro de salud o a sus"],
            ),
            (Scope::Part2, "shared-on", ["share them on as HIPAA allows", "como lo permite HIPAA"]),
            (Scope::Part2, "shared-on", ["court or another proceeding", "juicio u otro procedimiento"]),
        ] {
            for (text, said) in of(scope).iter().zip(said) {
                let (_, rest) = text.html.split_once(&format!("data-element=\"{element}\"")).unwrap();
                let part = rest.split("</section>").next().unwrap();
                assert!(part.contains(said), "{scope:?} {:?}: {part}", text.lang);
            }
        }
    }

    #[test]
    fn values_are_escaped_and_never_filled_again() {
        for text in all() {
            let html = text.fill(&filling());
            let at = format!("{:?} {:?}", text.scope, text.lang);
            for (hole, value) in [
                ("{patient}", "Ana &lt;b&gt; &amp; {phone}"),
                ("{who}", "Elena &lt;i&gt;"),
                ("{phone}", "555-0142"),
            ] {
                assert!(!text.html.contains(hole) || html.contains(value), "{at}: {hole}");
            }
            for hole in ["{clinician}", "{until}", "{who}", "{what}", "{why}", "{practice}"] {
                assert!(!html.contains(hole), "{at}: {hole}");
            }
            for hole in ["{who}", "{what}", "{why}"] {
                assert_eq!(text.html.contains(hole), text.scope.names_somebody(), "{at}: {hole}");
            }
            assert_eq!(html, text.fill(&filling()));
        }
    }

    /// R96 (part: consent texts): a translation that only the demo approved stays hidden in a real practice.
    #[test]
    fn a_translation_nobody_approved_is_not_shown() {
        for scope in Scope::ALL {
            assert_eq!(shown(scope, Lang::Es, false).lang, Lang::En);
            assert_eq!(shown(scope, Lang::Es, true).lang, Lang::Es);
            assert_eq!(shown(scope, Lang::En, false).lang, Lang::En);
        }
    }
}
