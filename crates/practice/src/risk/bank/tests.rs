//! The bank is whole: enough questions, each with its reason, its source and its weak spots.

use super::{Area, bank};
use std::collections::HashSet;
use vocabulary::Lang;

/// R43: every area of the guidance has its questions, each with area, reason, citation and linked weak spot.
#[test]
fn every_question_says_why_who_asks_and_what_a_low_answer_shows() {
    let bank = bank();
    for area in Area::ALL {
        let count = bank.of_area(*area).count();
        assert!(count >= area.least(), "{area:?} has {count} questions");
    }
    assert!(bank.questions.len() >= 116);
    for question in &bank.questions {
        assert_eq!(question.id.chars().next(), Some(question.area().letter()));
        assert!(
            !question.cites.is_empty() && question.cites.iter().all(|cite| cite.len() > 2),
            "{question:?}"
        );
        assert!(!question.vulnerabilities.is_empty(), "{question:?}");
        for spot in &question.vulnerabilities {
            assert!(bank.vulnerability(spot).is_some(), "{} names {spot}", question.id);
        }
        for lang in Lang::ALL {
            for text in [question.text(lang), question.why(lang), question.advice(lang)] {
                assert!(text.len() > 8, "{} lacks words in {}", question.id, lang.code());
            }
            assert!(question.text(lang).ends_with('?'), "{}", question.id);
        }
    }
}

/// R43 (part: the three broad areas of the guidance are named as sources)
#[test]
fn the_guidance_itself_is_asked_about() {
    let cited: HashSet<&str> =
        bank().questions.iter().flat_map(|question| &question.cites).map(String::as_str).collect();
    for part in ["policies", "technology security", "training", "before the visit", "during the visit"] {
        assert!(cited.contains(format!("HHS telehealth guidance: {part}").as_str()), "{part}");
    }
}

#[test]
fn ids_are_unique_and_questions_are_not_repeated() {
    let bank = bank();
    let ids: HashSet<&str> = bank.questions.iter().map(|question| question.id.as_str()).collect();
    assert_eq!(ids.len(), bank.questions.len());
    for lang in Lang::ALL {
        let texts: HashSet<&str> = bank.questions.iter().map(|question| question.text(lang)).collect();
        assert_eq!(texts.len(), bank.questions.len());
    }
    let threats: HashSet<&str> = bank.threats.iter().map(|threat| threat.id.as_str()).collect();
    assert_eq!(threats.len(), bank.threats.len());
    let spots: HashSet<&str> = bank.vulnerabilities.iter().map(|spot| spot.id.as_str()).collect();
    assert_eq!(spots.len(), bank.vulnerabilities.len());
}

/// R43 (part: no weak spot and no threat is out of reach of the questions)
#[test]
fn every_weak_spot_and_every_threat_is_linked() {
    let bank = bank();
    assert!(bank.threats.len() >= 20 && bank.vulnerabilities.len() >= 20);
    for spot in &bank.vulnerabilities {
        let asked = bank.questions.iter().any(|question| question.vulnerabilities.contains(&spot.id));
        assert!(asked, "no question shows {}", spot.id);
        assert!(!spot.threats.is_empty(), "{}", spot.id);
        for threat in &spot.threats {
            assert!(bank.threat(threat).is_some(), "{} names {threat}", spot.id);
        }
    }
    for threat in &bank.threats {
        assert!(bank.vulnerabilities.iter().any(|spot| spot.threats.contains(&threat.id)), "{}", threat.id);
        assert!(
            ["adversarial", "accidental", "structural", "environmental"].contains(&threat.source.as_str())
        );
    }
}

#[test]
fn one_question_leads_to_the_next() {
    let bank = bank();
    let (before, after) = bank.around("a01");
    assert!(before.is_none());
    assert_eq!(after.map(|question| question.id.as_str()), Some("a02"));
    let last = bank.questions.last().map(|question| question.id.clone()).unwrap_or_default();
    assert!(bank.around(&last).1.is_none());
    assert!(bank.around("z99").0.is_none());
}

/// Whatever is a sentence and no number of a law reads in Spanish too.
#[test]
fn sources_read_in_both_languages() {
    for question in &bank().questions {
        let es = question.cited(Lang::Es);
        for word in [" of ", " the ", "guidance", "notice", "State", " tip "] {
            assert!(!es.contains(word), "{}: {es}", question.id);
        }
        assert_eq!(question.cited(Lang::En), question.cites.join(" · "));
    }
}
