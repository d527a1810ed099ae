//! Which test claims which requirement: doc comments above Rust tests, titles of TypeScript tests. A number
//! counts at the start of a doc line or title (`R37: ...`, `R58-R64, R7: ...`) or in a bracket of its own
//! (`... (R7)`); a passing mention proves nothing. `R60 (part: separate objects)` claims a part.

use crate::repository::Source;
use serde::{Deserialize, Serialize};

pub const LAST: u16 = 145;

/// One requirement named by one test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Claim {
    pub number: u16,
    pub part: bool,
}

/// A test in the sources that claims something.
#[derive(Debug, PartialEq, Eq)]
pub struct Claimant {
    pub place: String,
    pub test: Test,
    pub claims: Vec<Claim>,
}

/// How a report names the test.
#[derive(Debug, PartialEq, Eq)]
pub enum Test {
    /// `binary` is the crate, or `crate::file` for a test folder; `module` may be empty.
    Rust { binary: String, module: String, name: String },
    /// A title in the client's or the journeys' tests.
    Title(String),
}

impl Test {
    /// Whether this line of a report is that test.
    pub fn is(&self, suite: &str, case: &str) -> bool {
        match self {
            Self::Title(title) => case == title,
            Self::Rust { binary, module, name } => {
                let ours = suite == binary || suite.starts_with(&format!("{binary}::"));
                let named = case == name || case.ends_with(&format!("::{name}"));
                ours && named && (module.is_empty() || case.starts_with(&format!("{module}::")))
            }
        }
    }
}

/// Every claim in the sources. The chores' own tests speak about numbers without proving any.
pub fn find(sources: &[Source]) -> Vec<Claimant> {
    let mut found = Vec::new();
    for source in sources {
        if source.path.starts_with("crates/") && source.path.ends_with(".rs") {
            rust(source, &mut found);
        } else if is_script_test(&source.path) {
            scripts(source, &mut found);
        }
    }
    found
}

/// The numbers a doc line or title claims.
pub fn claims(text: &str) -> Vec<Claim> {
    let mut found = list(text).map_or_else(Vec::new, |(claims, _)| claims);
    for bracket in text.split(['(', '[']).skip(1) {
        let inner = bracket.split([')', ']']).next().unwrap_or_default();
        if let Some((claims, "")) = list(inner) {
            found.extend(claims);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Numbers and ranges as `--need` takes them.
pub fn numbers(text: &str) -> Option<Vec<u16>> {
    match list(text)? {
        (claims, "") if claims.iter().all(|claim| !claim.part) => {
            Some(claims.iter().map(|claim| claim.number).collect())
        }
        _ => None,
    }
}

fn is_script_test(path: &str) -> bool {
    let folder = path.starts_with("client/") || path.starts_with("e2e/");
    folder && [".ts", ".mjs", ".js"].iter().any(|ending| path.ends_with(ending))
}

/// `R1`, `R58-R64`, `R60 (part: x)`, joined by commas, `and` or spaces; answers them and what follows.
fn list(text: &str) -> Option<(Vec<Claim>, &str)> {
    let mut claims = Vec::new();
    let mut rest = text.trim();
    while let Some((first, after)) = number(rest) {
        let (last, after) = range(after).unwrap_or((first, after));
        let (part, after) = partly(after);
        if last < first || last > LAST || first == 0 {
            return None;
        }
        claims.extend((first..=last).map(|number| Claim { number, part }));
        rest = after.trim_start_matches([',', ';', ' ', '+']);
        rest = rest.strip_prefix("and ").unwrap_or(rest);
    }
    let closed = rest.is_empty() || rest.starts_with([':', '.', '-', '–', '—']);
    (!claims.is_empty() && closed).then_some((claims, rest))
}

fn number(text: &str) -> Option<(u16, &str)> {
    let digits = text.strip_prefix('R')?;
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    Some((digits[..end].parse().ok()?, &digits[end..]))
}

fn range(text: &str) -> Option<(u16, &str)> {
    let after = text.strip_prefix("..=").or_else(|| text.strip_prefix(['-', '–']))?;
    number(after).or_else(|| {
        number(&format!("R{after}")).map(|(last, rest)| (last, &after[after.len() - rest.len()..]))
    })
}

fn partly(text: &str) -> (bool, &str) {
    let trimmed = text.trim_start();
    if trimmed.starts_with("(part") {
        return (true, &trimmed[closing(trimmed)..]);
    }
    (false, text)
}

/// Behind the bracket that closes the first one; a sentence that goes on in the next line has none.
fn closing(text: &str) -> usize {
    let mut open = 0;
    for (at, letter) in text.char_indices() {
        open += i32::from(letter == '(') - i32::from(letter == ')');
        if open == 0 {
            return at + 1;
        }
    }
    text.len()
}

fn rust(source: &Source, found: &mut Vec<Claimant>) {
    let Some((binary, module)) = place(&source.path) else { return };
    let mut docs: Vec<Claim> = Vec::new();
    let mut test = false;
    let mut open = 0;
    for (line, text) in (1..).zip(source.text.lines().map(str::trim)) {
        if open > 0 || text.starts_with("#[") {
            test |= is_test(text);
            open += depth(text);
        } else if let Some(doc) = text.strip_prefix("///") {
            docs.extend(claims(doc));
        } else {
            if let (true, Some(name)) = (test && !docs.is_empty(), function(text)) {
                found.push(Claimant {
                    place: format!("{}:{line}", source.path),
                    test: Test::Rust { binary: binary.clone(), module: module.clone(), name },
                    claims: std::mem::take(&mut docs),
                });
            }
            docs.clear();
            test = false;
        }
    }
}

fn is_test(attribute: &str) -> bool {
    attribute.starts_with("#[test]") || attribute.starts_with("#[tokio::test")
}

fn depth(text: &str) -> i32 {
    text.chars().map(|letter| i32::from(letter == '[') - i32::from(letter == ']')).sum()
}

fn function(text: &str) -> Option<String> {
    let after = text.split("fn ").nth(1)?;
    let end = after.find(['(', '<'])?;
    Some(after[..end].trim().to_string())
}

/// The nextest binary and the module path of a file.
fn place(path: &str) -> Option<(String, String)> {
    let (name, inner) = path.strip_prefix("crates/")?.split_once('/')?;
    let (folder, file) = inner.split_once('/')?;
    let stem = file.strip_suffix(".rs")?;
    let (binary, module) = match folder {
        "src" => (name.to_string(), stem),
        "tests" => {
            let (test, module) = stem.split_once('/').unwrap_or((stem, ""));
            (format!("{name}::{test}"), module)
        }
        _ => return None,
    };
    let module = module.strip_suffix("/mod").unwrap_or(module);
    // `rules_tests.rs` is a module by `#[path]`; where it hangs is not in its name.
    let module =
        if module.ends_with("_tests") { module.rsplit_once('/').map_or("", |(up, _)| up) } else { module };
    let module = if ["lib", "main", "mod"].contains(&module) { "" } else { module };
    Some((binary, module.replace('/', "::")))
}

fn scripts(source: &Source, found: &mut Vec<Claimant>) {
    for (line, text) in (1..).zip(source.text.lines()) {
        let Some(title) = title(text.trim_start()) else { continue };
        let claims = claims(&title);
        if !claims.is_empty() {
            found.push(Claimant {
                place: format!("{}:{line}", source.path),
                test: Test::Title(title),
                claims,
            });
        }
    }
}

/// The literal title of `test("...")`, `it("...")` or `journey("...")`.
fn title(line: &str) -> Option<String> {
    let line = line.strip_prefix("await ").unwrap_or(line);
    let callers = ["test(", "it(", "journey(", "t.test("];
    let after = callers.iter().find_map(|caller| line.strip_prefix(caller))?;
    let quote = after.chars().next().filter(|letter| ['"', '\'', '`'].contains(letter))?;
    let inner = after[1..].split(quote).next()?;
    Some(inner.to_string())
}

#[cfg(test)]
mod tests;
