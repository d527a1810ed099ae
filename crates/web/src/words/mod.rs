//! The words a person sees, in every language, from the `.ftl` files of all slices (Project Fluent).
//!
//! Owns the catalogue and refuses to start with a gap: every key and every variable of one language must be
//! there in the other. Arguments are wrapped in bidirectional isolation marks (U+2068, U+2069) on pages;
//! `plain()` leaves them out where they do harm: mail, subjects, file names.

mod arguments;
mod times;

pub use arguments::Argument;
pub(crate) use times::iso;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use unic_langid::LanguageIdentifier;
use vocabulary::Lang;

/// A value for a variable in a sentence: `3.into()`, `"Maria".into()`.
pub type Value<'a> = FluentValue<'a>;

/// One slice's words: the text of its `locales/{en,es}/*.ftl`.
#[derive(Clone, Copy, Debug)]
pub struct Locale {
    pub owner: &'static str,
    pub en: &'static str,
    pub es: &'static str,
}

/// All words of the program, built once at start.
pub struct Catalog {
    on_pages: BTreeMap<&'static str, FluentBundle<FluentResource>>,
    in_plain_text: BTreeMap<&'static str, FluentBundle<FluentResource>>,
    keys: BTreeSet<String>,
}

/// What is wrong with the files, one line per fault.
#[derive(Debug, thiserror::Error)]
#[error("the words of the program are not complete; correct the .ftl files:\n{}", .0.join("\n"))]
pub struct Gaps(pub Vec<String>);

impl Catalog {
    /// `web`'s own words are always part, named again or not; the slices add theirs.
    pub fn new(slices: &[Locale]) -> Result<Arc<Catalog>, Gaps> {
        let mut gaps = Vec::new();
        let mut sets = BTreeMap::new();
        for lang in Lang::ALL {
            let mut found = BTreeMap::new();
            for locale in all(slices) {
                read_keys(locale, lang, &mut found, &mut gaps);
            }
            sets.insert(lang.code(), found);
        }
        compare(&sets, &mut gaps);
        if !gaps.is_empty() {
            return Err(Gaps(gaps));
        }
        let bundles = |isolating| {
            Lang::ALL.into_iter().map(|lang| (lang.code(), bundle(slices, lang, isolating))).collect()
        };
        let keys = sets.remove("en").unwrap_or_default().into_keys().collect();
        Ok(Arc::new(Catalog { on_pages: bundles(true), in_plain_text: bundles(false), keys }))
    }

    pub fn words(self: &Arc<Self>, lang: Lang) -> Words {
        Words { catalog: self.clone(), lang, plain: false }
    }

    pub fn has(&self, key: &str) -> bool {
        self.keys.contains(key)
    }
}

/// The catalogue in one person's language. Cheap to clone.
#[derive(Clone)]
pub struct Words {
    catalog: Arc<Catalog>,
    lang: Lang,
    plain: bool,
}

impl Words {
    pub fn t(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// `words.with("day-count", &[("n", 3.into())])`. An unknown key is shown as itself; tests refuse it.
    pub fn with(&self, key: &str, arguments: &[(&str, Value)]) -> String {
        let sets = if self.plain { &self.catalog.in_plain_text } else { &self.catalog.on_pages };
        let bundle = sets.get(self.lang.code()).expect("every language has its bundle");
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::warn!(key, "a word is missing from the catalogue");
            return key.to_owned();
        };
        let mut given = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            given.set(*name, value.clone());
        }
        bundle.format_pattern(pattern, Some(&given), &mut Vec::new()).into_owned()
    }

    pub fn has(&self, key: &str) -> bool {
        self.catalog.has(key)
    }

    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The same words in another language: a letter goes out in the language of its reader.
    pub fn in_lang(&self, lang: Lang) -> Words {
        Words { lang, ..self.clone() }
    }

    /// Without isolation marks.
    pub fn plain(&self) -> Words {
        Words { plain: true, ..self.clone() }
    }
}

fn all(slices: &[Locale]) -> impl Iterator<Item = &Locale> {
    std::iter::once(&crate::WORDS).chain(slices.iter().filter(|slice| slice.owner != crate::WORDS.owner))
}

fn bundle(slices: &[Locale], lang: Lang, isolating: bool) -> FluentBundle<FluentResource> {
    let tag: LanguageIdentifier = match lang {
        Lang::En => "en-US",
        Lang::Es => "es-US",
    }
    .parse()
    .expect("a constant language tag");
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    bundle.set_use_isolating(isolating);
    for locale in all(slices) {
        let resource =
            FluentResource::try_new(locale.text(lang).to_owned()).unwrap_or_else(|(readable, _)| readable);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

impl Locale {
    fn text(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Es => self.es,
        }
    }
}

/// Key to the variables its sentence uses.
type Found = BTreeMap<String, BTreeSet<String>>;

/// Our files keep one message per key, `key = text` at the start of a line, continued by indented lines.
fn read_keys(locale: &Locale, lang: Lang, found: &mut Found, gaps: &mut Vec<String>) {
    let place = format!("{}/{}", lang.code(), locale.owner);
    if let Err((_, errors)) = FluentResource::try_new(locale.text(lang).to_owned()) {
        gaps.extend(errors.iter().map(|error| format!("{place}: {error}")));
    }
    let mut current: Option<String> = None;
    for line in locale.text(lang).lines() {
        if let Some((key, _)) = line.split_once('=').filter(|_| line.starts_with(|c: char| c.is_alphabetic()))
        {
            let key = key.trim().to_owned();
            if found.insert(key.clone(), BTreeSet::new()).is_some() {
                gaps.push(format!("{place}: {key} is there twice"));
            }
            current = Some(key);
        }
        if let Some(key) = current.as_deref().filter(|key| key.starts_with("mail-")) {
            // Letters leave the house, so their words are looked at once more.
            let sentence = line.strip_prefix(key).unwrap_or(line);
            gaps.extend(
                crate::mail::lint(key, sentence).into_iter().map(|fault| format!("{place}: {fault}")),
            );
        }
        if let Some(variables) = current.as_ref().and_then(|key| found.get_mut(key)) {
            variables.extend(line.split('$').skip(1).map(leading_name));
        }
    }
}

fn leading_name(text: &str) -> String {
    text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-').collect()
}

fn compare(sets: &BTreeMap<&str, Found>, gaps: &mut Vec<String>) {
    for (lang, found) in sets {
        for (other, theirs) in sets.iter().filter(|(other, _)| *other != lang) {
            for (key, variables) in found {
                match theirs.get(key) {
                    None => gaps.push(format!("{key} is there in {lang}, not in {other}")),
                    Some(same) if same != variables => {
                        gaps.push(format!("{key} has other variables in {lang} than in {other}"));
                    }
                    Some(_) => {}
                }
            }
        }
    }
    gaps.dedup();
}

#[cfg(test)]
mod tests;
