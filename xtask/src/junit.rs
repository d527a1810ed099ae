//! Reading JUnit reports: just enough XML for what nextest and the Node test runner write.

use crate::results::Outcome;
use crate::shell;
use std::path::Path;

/// One `<testcase>`.
#[derive(Debug, PartialEq, Eq)]
pub struct Case {
    /// What the suite calls itself: for nextest the binary, such as `keep` or `alcove::it`.
    pub suite: String,
    pub name: String,
    pub outcome: Outcome,
}

pub fn read(path: &Path) -> shell::Outcome<Vec<Case>> {
    let text =
        std::fs::read_to_string(path).map_err(|why| format!("no report at {}: {why}", path.display()))?;
    Ok(parse(&text))
}

/// Every test case in document order. What stands in comments and CDATA is not read.
pub fn parse(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut suites: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        if let Some(after) = skip(rest, "<!--", "-->").or_else(|| skip(rest, "<![CDATA[", "]]>")) {
            rest = after;
            continue;
        }
        let Some(end) = tag_end(rest) else { break };
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        let name = tag.split([' ', '\n', '\t', '\r', '/']).next().unwrap_or_default();
        match name {
            "testsuite" if !tag.ends_with('/') => suites.push(attribute(tag, "name").unwrap_or_default()),
            "testcase" => cases.push(Case {
                suite: suites.first().cloned().unwrap_or_default(),
                name: attribute(tag, "name").unwrap_or_default(),
                outcome: Outcome::Passed,
            }),
            "failure" | "error" => mark(&mut cases, Outcome::Failed),
            "skipped" => mark(&mut cases, Outcome::Skipped),
            _ if tag.starts_with("/testsuite") && !tag.starts_with("/testsuites") => {
                suites.pop();
            }
            _ => {}
        }
    }
    cases
}

fn mark(cases: &mut [Case], outcome: Outcome) {
    if let Some(last) = cases.last_mut() {
        last.outcome = outcome;
    }
}

fn skip<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    if !text.starts_with(open) {
        return None;
    }
    Some(text.find(close).map_or("", |end| &text[end + close.len()..]))
}

/// Where the tag that begins at 0 ends; `>` inside quotes does not end it.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let mark = format!(" {name}=");
    let flat = tag.replace(['\n', '\t', '\r'], " ");
    let value = &flat[flat.find(&mark)? + mark.len()..];
    let quote = value.chars().next()?;
    let inner = value[1..].split(quote).next()?;
    Some(plain(inner))
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&#10;", "\n")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_reports_are_read() {
        let text = r#"<?xml version="1.0"?><testsuites name="ci"><testsuite name="keep::it" tests="2">
            <testcase name="trail::tests::a &gt; b" classname="keep::it" time="0.1"/>
            <testcase name="two" classname="keep::it"><failure message="x > y"/>
            <system-out>&lt;testcase</system-out></testcase>
            </testsuite></testsuites>"#;
        let cases = parse(text);
        assert_eq!(cases.len(), 2);
        assert_eq!((cases[0].suite.as_str(), cases[0].name.as_str()), ("keep::it", "trail::tests::a > b"));
        assert_eq!(cases[0].outcome, Outcome::Passed);
        assert_eq!(cases[1].outcome, Outcome::Failed);
    }

    #[test]
    fn node_reports_are_read_with_their_skips() {
        let text = r#"<testsuites><testcase name="R7: &quot;all&quot; stays home" time="1" classname="test"/>
            <testsuite name="group"><testcase name="one" classname="test">
            <skipped type="skipped" message="true"/></testcase></testsuite>
            <!-- <testcase name="not me"/> --><![CDATA[<testcase name="nor me"/>]]></testsuites>"#;
        let cases = parse(text);
        assert_eq!(cases.len(), 2);
        assert_eq!(cases[0].name, "R7: \"all\" stays home");
        assert_eq!((cases[1].suite.as_str(), cases[1].outcome), ("group", Outcome::Skipped));
    }
}
