//! How hard a text is to read, counted the usual ways. Words for patients are held to these numbers.

/// Flesch-Kincaid: the school grade an English text asks for.
pub fn english_grade(text: &str) -> f64 {
    let Counted { sentences, words, syllables } = Counted::of(text, english_syllables);
    0.39 * words / sentences + 11.8 * syllables / words - 15.59
}

/// Fernandez Huerta: ease of a Spanish text, 100 the easiest; 70 to 80 is the sixth grade.
pub fn spanish_ease(text: &str) -> f64 {
    let Counted { sentences, words, syllables } = Counted::of(text, spanish_syllables);
    206.84 - 60.0 * syllables / words - 1.02 * words / sentences
}

struct Counted {
    sentences: f64,
    words: f64,
    syllables: f64,
}

impl Counted {
    fn of(text: &str, syllables: fn(&str) -> usize) -> Counted {
        let text = text.to_lowercase();
        let each = text.split(|letter: char| !letter.is_alphabetic() && letter != '\'' && letter != '’');
        let words: Vec<&str> = each.filter(|word| word.chars().any(char::is_alphabetic)).collect();
        let ends = text.split(['.', '!', '?', ':', '\n']);
        let sentences = ends.filter(|part| part.chars().any(char::is_alphabetic)).count();
        let sum: usize = words.iter().map(|word| syllables(word).max(1)).sum();
        Counted {
            sentences: count(sentences.max(1)),
            words: count(words.len().max(1)),
            syllables: count(sum),
        }
    }
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

/// Groups of vowels, without the silent e of the end.
fn english_syllables(word: &str) -> usize {
    let letters: Vec<char> = word.chars().collect();
    let groups = starts_of_groups(&letters, |letter| "aeiouy".contains(letter));
    let silent = word.ends_with('e') && !word.ends_with("le") && groups > 1;
    let ed = word.ends_with("ed") && !word.ends_with("ted") && !word.ends_with("ded") && groups > 1;
    groups - usize::from(silent || ed)
}

/// Groups of vowels; two strong ones, or a weak one with an accent, are two.
fn spanish_syllables(word: &str) -> usize {
    let letters: Vec<char> = word.chars().collect();
    let mut syllables = starts_of_groups(&letters, |letter| "aeiouáéíóúü".contains(letter));
    let strong = |letter: char| "aeoáéóíú".contains(letter);
    syllables += letters.windows(2).filter(|pair| strong(pair[0]) && strong(pair[1])).count();
    syllables
}

fn starts_of_groups(letters: &[char], is_vowel: impl Fn(char) -> bool) -> usize {
    let mut before = false;
    let mut groups = 0;
    for letter in letters {
        let now = is_vowel(*letter);
        groups += usize::from(now && !before);
        before = now;
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easy_words_count_less_than_hard_ones() {
        let easy = "The cat sat on the mat. We all saw it there.";
        let hard = "Confidentiality considerations necessitate organizational countermeasures regarding \
                    unauthorized disclosure.";
        assert!(english_grade(easy) < 3.0, "{}", english_grade(easy));
        assert!(english_grade(hard) > 15.0, "{}", english_grade(hard));
        let easy = "El gato come pan. La casa es azul.";
        let hard = "Las consideraciones de confidencialidad organizacional requieren contramedidas \
                    administrativas correspondientes.";
        assert!(spanish_ease(easy) > 90.0, "{}", spanish_ease(easy));
        assert!(spanish_ease(hard) < 40.0, "{}", spanish_ease(hard));
    }

    #[test]
    fn syllables_are_those_people_say() {
        for (word, syllables) in [("cat", 1), ("visit", 2), ("make", 1), ("table", 2), ("computer", 3)] {
            assert_eq!(english_syllables(word), syllables, "{word}");
        }
        for (word, syllables) in [("casa", 2), ("oír", 2), ("puede", 2), ("día", 2), ("teléfono", 4)] {
            assert_eq!(spanish_syllables(word), syllables, "{word}");
        }
    }
}
