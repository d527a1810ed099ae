//! Whether two names may be of one person. Pure.
//!
//! Owns the comparison alone: who was born on the same day is asked before. Refuses to judge: what it
//! finds is shown to somebody.

/// Shorter words must be equal: "Ana" and "Eva" are two people.
const MISSPELT_FROM: usize = 4;

/// Both folded. Every word of the shorter name stands in the longer one, in any order; one letter may differ
/// in a longer word, and an initial stands for its word. A single word must be the whole name.
pub fn alike(one: &str, other: &str) -> bool {
    let (mut short, mut long) = (words(one), words(other));
    if short.len() > long.len() {
        std::mem::swap(&mut short, &mut long);
    }
    if short.len() < 2 {
        return short == long && !short.is_empty();
    }
    let whole = short.iter().any(|word| word.len() > 1);
    whole && short.iter().all(|word| takes(&mut long, word))
}

fn words(folded: &str) -> Vec<&str> {
    let split = folded.split(|c: char| !c.is_alphanumeric() && c != '\'');
    split.filter(|word| !word.is_empty()).collect()
}

/// Each word answers for one word of the other name: the equal one first.
fn takes(long: &mut Vec<&str>, word: &str) -> bool {
    let equal = long.iter().position(|other| *other == word);
    let found = equal.or_else(|| long.iter().position(|other| near(word, other)));
    found.map(|at| long.swap_remove(at)).is_some()
}

fn near(one: &str, other: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if a.len() == 1 || b.len() == 1 {
        return a[0] == b[0] && a[0].is_alphabetic();
    }
    a.len().min(b.len()) >= MISSPELT_FROM && one_slip(&a, &b)
}

/// One letter more, less or other, or two neighbours in the other order.
fn one_slip(a: &[char], b: &[char]) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([], rest) | (rest, []) => rest.len() <= 1,
        ([x, y, a_rest @ ..], [v, w, b_rest @ ..]) if x == w && y == v => a_rest == b_rest,
        _ => a[1..] == b[1..] || a[1..] == *b || *a == b[1..],
    }
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn one_person_is_written_in_several_ways() {
        for (one, other) in [
            ("maria lopez", "maria lopez"),
            ("lopez maria", "maria lopez"),
            ("lopez, maria", "maria lopez"),
            ("maria lopez", "maria lopez garcia"),
            ("maria-jose nunez", "maria jose nunez"),
            ("j smith", "john smith"),
            ("john smith", "jhon smith"),
            ("john smith", "john smyth"),
            ("john smith", "john smiths"),
            ("sukarno", "sukarno"),
        ] {
            assert!(alike(one, other) && alike(other, one), "{one} / {other}");
        }
    }

    #[test]
    fn two_people_are_two_people() {
        for (one, other) in [
            ("ana lopez", "eva lopez"),
            ("maria lopez", "maria garcia"),
            ("maria", "maria lopez"),
            ("john smith", "joan smythe"),
            ("j", "john"),
            ("", "maria"),
            ("", ""),
        ] {
            assert!(!alike(one, other) && !alike(other, one), "{one} / {other}");
        }
    }
}
