//! The question bank: ten areas of questions, the threats and the weak spots, read from the files beside this
//! one.
//!
//! Owns their form and their soundness: every question names what law or guidance asks for it and which weak
//! spot a low answer shows. Refuses to know answers.

#[cfg(test)]
mod tests;

use serde::Deserialize;
use std::sync::OnceLock;
use vocabulary::Lang;

/// All of it, read once.
pub struct Bank {
    pub questions: Vec<Question>,
    pub threats: Vec<Threat>,
    pub vulnerabilities: Vec<Vulnerability>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The letter of the area and a number; answers are kept under it, so it never changes its meaning.
    pub id: String,
    pub audience: Audience,
    en: String,
    es: String,
    why_en: String,
    why_es: String,
    do_en: String,
    do_es: String,
    /// Laws and guidance this duty comes from.
    pub cites: Vec<String>,
    /// What a low answer shows, the nearest first.
    pub vulnerabilities: Vec<String>,
    /// What kind of proof fits: the word `risk-evidence-` and this.
    pub evidence: Evidence,
    /// The facts the program can see by itself, where there are any.
    #[serde(default)]
    pub observed_by: Vec<String>,
}

/// What of the sources has words, in Spanish; sections of the law are numbers in both languages.
const SOURCES: [(&str, &str); 9] = [
    ("HHS telehealth guidance: policies", "Guía de telesalud del HHS: políticas"),
    ("HHS telehealth guidance: technology security", "Guía de telesalud del HHS: seguridad de la tecnología"),
    ("HHS telehealth guidance: training", "Guía de telesalud del HHS: capacitación"),
    ("HHS telehealth guidance: before the visit", "Guía de telesalud del HHS: antes de la visita"),
    ("HHS telehealth guidance: during the visit", "Guía de telesalud del HHS: durante la visita"),
    ("HHS telehealth guidance: after the visit", "Guía de telesalud del HHS: después de la visita"),
    ("HHS notice of March 17 2020", "Aviso del HHS del 17 de marzo de 2020"),
    ("State law", "Ley del estado"),
    ("ONC tip ", "Consejo de la ONC "),
];

impl Question {
    /// Its sources in one line.
    pub fn cited(&self, lang: Lang) -> String {
        let one = |cite: &String| match SOURCES.iter().find(|(en, _)| cite.starts_with(en)) {
            Some((en, es)) if lang == Lang::Es => cite.replacen(en, es, 1),
            _ => cite.clone(),
        };
        self.cites.iter().map(one).collect::<Vec<_>>().join(" · ")
    }
}

/// Who can answer best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    Official,
    Security,
    Clinician,
}

impl Audience {
    pub fn code(self) -> &'static str {
        match self {
            Audience::Official => "official",
            Audience::Security => "security",
            Audience::Clinician => "clinician",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    Contract,
    Drill,
    Log,
    Photo,
    Policy,
    Record,
    Scan,
    Setting,
    Survey,
}

impl Evidence {
    pub fn code(self) -> &'static str {
        match self {
            Evidence::Contract => "contract",
            Evidence::Drill => "drill",
            Evidence::Log => "log",
            Evidence::Photo => "photo",
            Evidence::Policy => "policy",
            Evidence::Record => "record",
            Evidence::Scan => "scan",
            Evidence::Setting => "setting",
            Evidence::Survey => "survey",
        }
    }
}

/// What could happen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threat {
    pub id: String,
    /// adversarial, accidental, structural or environmental (NIST SP 800-30r1).
    pub source: String,
    en: String,
    es: String,
    what_en: String,
    what_es: String,
}

/// A weak spot that threats use.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vulnerability {
    pub id: String,
    en: String,
    es: String,
    /// The likeliest first.
    pub threats: Vec<String>,
}

macro_rules! areas {
    ($($name:ident = $letter:literal $code:literal $file:literal $least:literal $technical:literal,)*) => {
        /// The part of the practice a question is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Area { $($name,)* }

        impl Area {
            pub const ALL: &'static [Area] = &[$(Area::$name),*];

            /// Stands in addresses and in the key of its words.
            pub fn code(self) -> &'static str {
                match self { $(Area::$name => $code,)* }
            }

            pub fn letter(self) -> char {
                match self { $(Area::$name => $letter,)* }
            }

            /// Fewer questions than this would leave a part of the area out.
            pub fn least(self) -> usize {
                match self { $(Area::$name => $least,)* }
            }

            /// The security official may answer here too.
            pub fn is_technical(self) -> bool {
                match self { $(Area::$name => $technical,)* }
            }

            fn file(self) -> &'static str {
                match self { $(Area::$name => include_str!($file),)* }
            }
        }
    };
}

areas! {
    Policies = 'a' "policies" "policies.toml" 20 false,
    Technology = 'b' "technology" "technology.toml" 24 true,
    Training = 'c' "training" "training.toml" 12 false,
    Place = 'd' "place" "place.toml" 10 true,
    People = 'e' "people" "people.toml" 10 true,
    Vendors = 'f' "vendors" "vendors.toml" 8 true,
    Continuity = 'g' "continuity" "continuity.toml" 8 true,
    Language = 'h' "language" "language.toml" 8 false,
    Monitoring = 'i' "monitoring" "monitoring.toml" 8 true,
    Rights = 'j' "rights" "rights.toml" 8 false,
}

impl Area {
    pub fn parse(code: &str) -> Option<Area> {
        Area::ALL.iter().copied().find(|area| area.code() == code)
    }
}

/// The bank of this program. The files are part of the program, so a fault in them is a fault of the build,
/// which the tests find.
pub fn bank() -> &'static Bank {
    static BANK: OnceLock<Bank> = OnceLock::new();
    BANK.get_or_init(|| Bank::read().expect("the question bank is tested TOML"))
}

impl Bank {
    fn read() -> Result<Bank, toml::de::Error> {
        let mut questions = Vec::new();
        for area in Area::ALL {
            questions.extend(toml::from_str::<Questions>(area.file())?.question);
        }
        Ok(Bank {
            questions,
            threats: toml::from_str::<Threats>(include_str!("threats.toml"))?.threat,
            vulnerabilities: toml::from_str::<Spots>(include_str!("vulnerabilities.toml"))?.vulnerability,
        })
    }

    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    pub fn threat(&self, id: &str) -> Option<&Threat> {
        self.threats.iter().find(|threat| threat.id == id)
    }

    pub fn vulnerability(&self, id: &str) -> Option<&Vulnerability> {
        self.vulnerabilities.iter().find(|spot| spot.id == id)
    }

    pub fn of_area(&self, area: Area) -> impl Iterator<Item = &Question> {
        self.questions.iter().filter(move |question| question.area() == area)
    }

    /// The question before and after, in the order of the files.
    pub fn around(&self, id: &str) -> (Option<&Question>, Option<&Question>) {
        let Some(at) = self.questions.iter().position(|question| question.id == id) else {
            return (None, None);
        };
        let before = at.checked_sub(1).and_then(|at| self.questions.get(at));
        (before, self.questions.get(at + 1))
    }
}

impl Question {
    pub fn area(&self) -> Area {
        let letter = self.id.chars().next().unwrap_or_default();
        let area = Area::ALL.iter().copied().find(|area| area.letter() == letter);
        area.expect("ids begin with the letter of their area, as the tests check")
    }

    pub fn text(&self, lang: Lang) -> &str {
        in_lang(lang, &self.en, &self.es)
    }

    pub fn why(&self, lang: Lang) -> &str {
        in_lang(lang, &self.why_en, &self.why_es)
    }

    /// What to do when the answer is low.
    pub fn advice(&self, lang: Lang) -> &str {
        in_lang(lang, &self.do_en, &self.do_es)
    }
}

impl Threat {
    pub fn text(&self, lang: Lang) -> &str {
        in_lang(lang, &self.en, &self.es)
    }

    pub fn what(&self, lang: Lang) -> &str {
        in_lang(lang, &self.what_en, &self.what_es)
    }
}

impl Vulnerability {
    pub fn text(&self, lang: Lang) -> &str {
        in_lang(lang, &self.en, &self.es)
    }
}

fn in_lang<'a>(lang: Lang, en: &'a str, es: &'a str) -> &'a str {
    match lang {
        Lang::En => en,
        Lang::Es => es,
    }
}

#[derive(Deserialize)]
struct Questions {
    question: Vec<Question>,
}

#[derive(Deserialize)]
struct Threats {
    threat: Vec<Threat>,
}

#[derive(Deserialize)]
struct Spots {
    vulnerability: Vec<Vulnerability>,
}
