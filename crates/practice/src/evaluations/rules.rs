//! What an evaluation must say. Pure.

use vocabulary::{DAY_MS, UnixMillis};

/// 164.308(a)(8) asks for both; one record may hold one of them.
pub const SCOPES: [&str; 3] = ["both", "technical", "nontechnical"];
/// From time to time, or because something around the practice or in it changed.
pub const OCCASIONS: [&str; 2] = ["periodic", "change"];
pub const LINE_MAX: usize = 200;
pub const WORDS_MAX: usize = 4_000;
/// A later next one is no periodic evaluation.
pub const NEXT_WITHIN_MS: i64 = 366 * DAY_MS;

pub fn known(set: &[&'static str], code: &str) -> Option<&'static str> {
    set.iter().copied().find(|one| *one == code)
}

/// The words as typed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said<'a> {
    pub what: &'a str,
    pub by: &'a str,
    pub findings: &'a str,
    pub next_steps: &'a str,
    pub evaluated: Option<UnixMillis>,
    pub next: Option<UnixMillis>,
}

/// Every field that is wrong, with the key of its sentence.
pub fn check(said: &Said<'_>, now: UnixMillis) -> Vec<(&'static str, &'static str)> {
    let length = |text: &str| text.trim().chars().count();
    let mut slips = Vec::new();
    if !(1..=WORDS_MAX).contains(&length(said.what)) {
        slips.push(("what", "evaluation-fault-what"));
    }
    if !(1..=LINE_MAX).contains(&length(said.by)) {
        slips.push(("by", "evaluation-fault-by"));
    }
    if !(1..=WORDS_MAX).contains(&length(said.findings)) {
        slips.push(("findings", "evaluation-fault-findings"));
    }
    if length(said.next_steps) > WORDS_MAX {
        slips.push(("next_steps", "risk-fault-too-long"));
    }
    match said.evaluated {
        None => slips.push(("evaluated", "evaluation-fault-day")),
        // Noon of today may still lie ahead.
        Some(at) if at.since(now) > DAY_MS / 2 => slips.push(("evaluated", "evaluation-fault-future")),
        Some(_) => {}
    }
    match said.next {
        Some(at) if (1..=NEXT_WITHIN_MS).contains(&at.since(now)) => {}
        _ => slips.push(("next", "evaluation-fault-next")),
    }
    slips
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_000 * DAY_MS);

    fn fine() -> Said<'static> {
        Said {
            what: "Backups",
            by: "Grace",
            findings: "None",
            next_steps: "",
            evaluated: Some(NOW.plus_ms(-DAY_MS)),
            next: Some(NOW.plus_ms(300 * DAY_MS)),
        }
    }

    #[test]
    fn words_and_both_days_are_asked_for() {
        assert!(check(&fine(), NOW).is_empty());
        let fields = |said: &Said<'_>| check(said, NOW).iter().map(|(field, _)| *field).collect::<Vec<_>>();
        assert_eq!(fields(&Said::default()), ["what", "by", "findings", "evaluated", "next"]);
        let future = Some(NOW.plus_ms(2 * DAY_MS));
        assert_eq!(fields(&Said { evaluated: future, ..fine() }), ["evaluated"]);
        for next in [Some(NOW), Some(NOW.plus_ms(400 * DAY_MS)), None] {
            assert_eq!(fields(&Said { next, ..fine() }), ["next"]);
        }
        let long = "x".repeat(WORDS_MAX + 1);
        assert_eq!(
            fields(&Said { findings: &long, next_steps: &long, ..fine() }),
            ["findings", "next_steps"]
        );
    }
}
