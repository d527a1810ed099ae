//! Some rules are held by tests in the crates that own them. This rule sees to it that those tests stay.

use super::{Finding, is_rust};
use crate::repository::Source;

/// A folder, the test in it, and what it holds.
const GUARDS: [(&str, &str, &str); 0] = [];

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let missing = |(folder, test, _): &(&str, &str, &str)| {
        let call = format!("fn {test}(");
        !sources
            .iter()
            .any(|source| is_rust(source) && source.path.starts_with(folder) && source.text.contains(&call))
    };
    GUARDS
        .iter()
        .filter(|guard| missing(guard))
        .map(|(folder, test, holds)| {
            let advice = format!(
                "the test `{test}` is gone, which held: {holds}. Bring it back, or name its heir in guards.rs"
            );
            Finding { path: (*folder).to_string(), line: 1, advice }
        })
        .collect()
}
