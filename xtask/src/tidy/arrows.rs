//! Which crate may name which:
//! `vocabulary <- policy <- keep <- web <- people <- practice <- visit <- alcove`,
//! `vocabulary <- media <- visit` and `press <- alcove`. Arrows are transitive and there are no others, in
//! tests neither.

use super::{Finding, numbered};
use crate::repository::Source;
use std::collections::{BTreeMap, BTreeSet};

/// Each crate with the ones right beside it; what stands left of those follows.
const ARROWS: [(&str, &[&str]); 11] = [
    ("vocabulary", &[]),
    ("policy", &["vocabulary"]),
    ("keep", &["policy"]),
    ("web", &["keep"]),
    ("people", &["web"]),
    ("practice", &["people"]),
    ("media", &["vocabulary"]),
    ("visit", &["practice", "media"]),
    ("press", &[]),
    ("alcove", &["visit", "press"]),
    // A stranger by design: it knows the wire from its description, not from our types.
    ("participant", &[]),
];

/// Never part of the program, so it has its own doors.
const OUTSIDER: &str = "participant";

/// Outside crates that belong to one crate of ours alone.
const OWNED: [(&str, &str, &str); 4] = [
    ("krilla", "press", "PDF has one door, `press`"),
    ("sqlx", "keep", "the database has one door, `keep::store`"),
    ("str0m", "media", "WebRTC has one door, `media`"),
    ("lettre", "web", "mail has one door, `web`"),
];

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        ARROWS.iter().map(|(name, _)| (*name, left_of(name))).collect();
    let mut findings = Vec::new();
    for source in sources {
        let Some(name) =
            source.path.strip_suffix("/Cargo.toml").map(|path| path.trim_start_matches("crates/"))
        else {
            continue;
        };
        let Ok(manifest) = source.text.parse::<toml::Table>() else {
            findings.push(Finding::new(source, 1, "this manifest is not TOML: mend it"));
            continue;
        };
        let nothing = BTreeSet::new();
        let may = allowed.get(name).unwrap_or(&nothing);
        if !allowed.contains_key(name) && source.path.starts_with("crates/") {
            findings.push(Finding::new(
                source,
                1,
                format!("crate `{name}` has no place: give it one in tidy/arrows.rs"),
            ));
        }
        for other in dependencies(&manifest) {
            if allowed.contains_key(other.as_str()) && !may.contains(other.as_str()) {
                let advice = format!(
                    "`{name}` may not know `{other}`: declare a trait here and let `alcove` plug it in"
                );
                findings.push(Finding::new(source, line_of(source, &other), advice));
            }
            for (outside, owner, why) in OWNED {
                if other == outside && name != owner && name != OUTSIDER {
                    findings.push(Finding::new(
                        source,
                        line_of(source, outside),
                        format!("only `{owner}` may name `{outside}`: {why}"),
                    ));
                }
            }
        }
    }
    findings
}

fn left_of(name: &str) -> BTreeSet<&'static str> {
    let mut all = BTreeSet::new();
    let beside = ARROWS.iter().find(|(other, _)| *other == name).map_or(&[][..], |(_, beside)| beside);
    for next in beside {
        all.insert(*next);
        all.extend(left_of(next));
    }
    all
}

/// Names from every kind of dependency table, the ones behind `target` too.
fn dependencies(manifest: &toml::Table) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        if let Some(table) = manifest.get(kind).and_then(toml::Value::as_table) {
            for (name, value) in table {
                let real = value.get("package").and_then(toml::Value::as_str).unwrap_or(name);
                names.insert(real.to_string());
            }
        }
    }
    if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
        names.extend(targets.values().filter_map(toml::Value::as_table).flat_map(dependencies));
    }
    names
}

fn line_of(source: &Source, name: &str) -> usize {
    numbered(source).find(|(_, line)| line.trim_start().starts_with(name)).map_or(1, |(line, _)| line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    #[test]
    fn an_arrow_to_the_right_is_found_wherever_it_hides() {
        for table in ["dependencies", "dev-dependencies", "target.'cfg(unix)'.dependencies"] {
            let text = format!("[package]\nname = \"practice\"\n[{table}]\nvisit.workspace = true\n");
            let findings = check(&[source("crates/practice/Cargo.toml", &text)]);
            assert_eq!(findings.len(), 1, "{table}");
            assert_eq!(findings[0].line, 4);
        }
        let renamed = "[dependencies]\nv = { package = \"visit\", path = \"../visit\" }\n";
        assert_eq!(check(&[source("crates/practice/Cargo.toml", renamed)]).len(), 1);
    }

    #[test]
    fn everything_to_the_left_may_be_used() {
        let text = "[dependencies]\nvocabulary.workspace = true\npractice.workspace = true\nmedia = \"1\"\n";
        assert_eq!(check(&[source("crates/visit/Cargo.toml", text)]), vec![]);
        assert_eq!(check(&[source("crates/alcove/Cargo.toml", text)]), vec![]);
        let media = "[dependencies]\nkeep.workspace = true\n";
        assert_eq!(check(&[source("crates/media/Cargo.toml", media)]).len(), 1);
    }

    #[test]
    fn a_crate_without_a_place_and_a_second_door_are_found() {
        assert_eq!(check(&[source("crates/extra/Cargo.toml", "[package]\n")]).len(), 1);
        assert_eq!(check(&[source("crates/visit/Cargo.toml", "[dependencies]\nsqlx = \"0\"\n")]).len(), 1);
    }
}
