//! Tables of the rules: every cell, every element, every reason not to close.

use super::*;
use Level::{High, Low, Moderate, VeryHigh, VeryLow};
use proptest::prelude::*;

const NOW: UnixMillis = UnixMillis(1_795_291_200_000);

/// R44 (part: the table): all 25 cells are those of NIST SP 800-30r1 table I-2.
#[test]
fn all_twenty_five_cells_match_the_table() {
    let table = [
        (VeryHigh, [VeryLow, Low, Moderate, High, VeryHigh]),
        (High, [VeryLow, Low, Moderate, High, VeryHigh]),
        (Moderate, [VeryLow, Low, Moderate, Moderate, High]),
        (Low, [VeryLow, Low, Low, Low, Moderate]),
        (VeryLow, [VeryLow, VeryLow, VeryLow, Low, Low]),
    ];
    let mut cells = 0;
    for (likelihood, row) in table {
        for (impact, risk) in Level::ALL.iter().zip(row) {
            assert_eq!(risk_of(likelihood, *impact), risk, "{likelihood:?} x {impact:?}");
            cells += 1;
        }
    }
    assert_eq!(cells, 25);
}

/// R44 (part: overrides): another level than the table's needs a reason.
#[test]
fn an_override_needs_a_reason() {
    let rated = Rating { likelihood: Some(High), impact: Some(High), level_override: Some(Low) };
    assert_eq!(rated.check("  "), Err(Slip::OverrideNeedsReason));
    assert_eq!(rated.check("The room is not used any more").unwrap().level(), Some(Low));
    let same = Rating { level_override: Some(High), ..rated };
    assert_eq!(same.check("").unwrap().level_override, None, "what the table says is no override");
    let unrated = Rating { impact: None, ..rated };
    assert_eq!(unrated.check("because"), Err(Slip::RateFirst));
    assert_eq!(unrated.level(), None);
}

fn whole() -> Standing {
    Standing {
        scope_said: true,
        flows_said: true,
        documentation_said: true,
        review_due: Some(NOW.plus_ms(300 * DAY_MS)),
        questions: 116,
        answered: 116,
        risks: 4,
        with_likelihood: 4,
        with_impact: 4,
        settled: 4,
    }
}

/// R42: each of the nine elements, left empty, keeps the analysis from being finalised.
#[test]
fn an_analysis_with_an_empty_element_is_not_finalised() {
    assert_eq!(Element::ALL.len(), 9);
    assert_eq!(may_sign(AnalysisState::Draft, &whole(), NOW), Ok(()));
    let cases = [
        (Standing { scope_said: false, ..whole() }, Element::Scope),
        (Standing { flows_said: false, ..whole() }, Element::Flows),
        (Standing { answered: 115, ..whole() }, Element::Safeguards),
        (Standing { with_likelihood: 3, ..whole() }, Element::Likelihood),
        (Standing { with_impact: 3, ..whole() }, Element::Impact),
        (Standing { settled: 3, ..whole() }, Element::Level),
        (Standing { documentation_said: false, ..whole() }, Element::Documentation),
        (Standing { review_due: None, ..whole() }, Element::Review),
        (Standing { review_due: Some(NOW), ..whole() }, Element::Review),
        (Standing { review_due: Some(NOW.plus_ms(400 * DAY_MS)), ..whole() }, Element::Review),
    ];
    for (standing, missing) in cases {
        assert_eq!(may_sign(AnalysisState::Draft, &standing, NOW), Err(vec![missing]));
    }
    let none = Standing { risks: 0, with_likelihood: 0, with_impact: 0, settled: 0, ..whole() };
    assert!(gaps(&none, NOW).contains(&Element::Threats));
    assert_eq!(gaps(&Standing::default(), NOW), Element::ALL);
    assert!(may_sign(AnalysisState::Signed, &whole(), NOW).is_err(), "signed once is signed");
}

proptest! {
    /// R42 (part: any fill): whatever is filled and left empty, an analysis is finalised only when all nine
    /// elements are there, and the gaps named are those that are empty.
    #[test]
    fn nothing_is_finalised_while_one_of_the_nine_is_empty(
        said in proptest::array::uniform3(any::<bool>()),
        due_in_days in proptest::option::of(-30..500_i64),
        answered in 0..=4_usize,
        risks in 0..=3_usize,
        rated in proptest::array::uniform3(0..=3_usize),
        is_draft in any::<bool>(),
    ) {
        let [with_likelihood, with_impact, settled] = rated.map(|some| some.min(risks));
        let standing = Standing {
            scope_said: said[0],
            flows_said: said[1],
            documentation_said: said[2],
            review_due: due_in_days.map(|days| NOW.plus_ms(days * DAY_MS)),
            questions: 4,
            answered,
            risks,
            with_likelihood,
            with_impact,
            settled,
        };
        let there = [
            said[0],
            said[1],
            risks > 0,
            answered == 4,
            risks > 0 && with_likelihood == risks,
            risks > 0 && with_impact == risks,
            risks > 0 && settled == risks,
            said[2],
            due_in_days.is_some_and(|days| (1..=366).contains(&days)),
        ];
        let empty: Vec<Element> =
            Element::ALL.iter().zip(there).filter(|(_, there)| !there).map(|(one, _)| *one).collect();
        let state = if is_draft { AnalysisState::Draft } else { AnalysisState::Signed };
        let signs = may_sign(state, &standing, NOW);
        prop_assert_eq!(signs.is_ok(), is_draft && there.iter().all(|there| *there));
        if let Err(gaps) = signs {
            prop_assert_eq!(gaps, empty);
        }
    }
}

fn treated() -> Register {
    Register {
        rating: Rating { likelihood: Some(High), impact: Some(VeryHigh), level_override: None },
        treatment: Some(Treatment::Reduce),
        has_plan: true,
        has_owner: true,
        has_due: true,
        has_evidence: true,
        residual: Some(Low),
        accepted: false,
        closed_by_owner: false,
    }
}

/// R45: no high risk is closed without treatment or signed acceptance.
#[test]
fn a_high_risk_is_closed_only_after_treatment_or_acceptance() {
    assert_eq!(may_close(&treated()), Ok(()));
    let cases = [
        (Register { treatment: None, ..treated() }, Slip::NoTreatment),
        (Register { treatment: Some(Treatment::Accept), ..treated() }, Slip::NoAcceptance),
        (Register { has_plan: false, ..treated() }, Slip::NoPlan),
        (Register { has_owner: false, ..treated() }, Slip::NoOwner),
        (Register { has_due: false, ..treated() }, Slip::NoDue),
        (Register { has_evidence: false, ..treated() }, Slip::NoEvidence),
        (Register { residual: None, ..treated() }, Slip::NoResidual),
        (Register { residual: Some(High), ..treated() }, Slip::NoAcceptance),
        (Register { closed_by_owner: true, ..treated() }, Slip::SelfVerified),
        (Register { rating: Rating::default(), ..treated() }, Slip::RateFirst),
    ];
    for (risk, slip) in cases {
        assert_eq!(may_close(&risk), Err(vec![slip]));
    }
    let bare = Register { rating: treated().rating, ..Register::default() };
    assert!(may_close(&bare).is_err());
    assert_eq!(may_close(&Register { accepted: true, ..bare }), Ok(()));
}

#[test]
fn for_every_rating_above_tolerance_nothing_closes_by_itself() {
    for likelihood in Level::ALL {
        for impact in Level::ALL {
            let rating =
                Rating { likelihood: Some(*likelihood), impact: Some(*impact), level_override: None };
            let closes = may_close(&Register { rating, ..Register::default() }).is_ok();
            assert_eq!(closes, risk_of(*likelihood, *impact) <= TOLERANCE);
        }
    }
}

/// R43 (part: "not sure" scores as the worst answer, "does not apply" needs its reason)
#[test]
fn not_sure_is_as_bad_as_no_and_not_applicable_says_why() {
    assert_eq!(likelihood_of(Choice::NotSure), likelihood_of(Choice::No));
    assert!(likelihood_of(Choice::No) > likelihood_of(Choice::Partly));
    assert_eq!(check_choice(Some(Choice::NotApplicable), " "), Err(Slip::NoReason));
    assert_eq!(check_choice(Some(Choice::NotApplicable), "No home devices"), Ok(Choice::NotApplicable));
    assert_eq!(check_choice(None, ""), Err(Slip::NoChoice));
    assert_eq!(check_choice(Some(Choice::NotSure), ""), Ok(Choice::NotSure));
}

/// R47 (part: which answers a change reopens)
#[test]
fn every_trigger_reopens_something_and_a_year_reopens_all() {
    for trigger in Trigger::ALL {
        assert!(!reopened_by(*trigger).is_empty(), "{trigger:?}");
    }
    assert_eq!(reopened_by(Trigger::Year), Area::ALL);
    assert!(reopened_by(Trigger::Vendor).contains(&Area::Vendors));
    assert!(reopened_by(Trigger::Incident).contains(&Area::Rights));
}

#[test]
fn codes_survive_the_database() {
    assert!(Level::ALL.iter().all(|level| Level::parse(level.code()) == Some(*level)));
    assert!(Level::ALL.iter().all(|level| Level::of_rank(level.rank()) == Some(*level)));
    assert!(Choice::ALL.iter().all(|choice| Choice::parse(choice.code()) == Some(*choice)));
    assert!(RiskState::ALL.iter().all(|state| RiskState::parse(state.code()) == Some(*state)));
    assert!(Treatment::ALL.iter().all(|item| Treatment::parse(item.code()) == Some(*item)));
    assert!(Trigger::ALL.iter().all(|item| Trigger::parse(item.code()) == Some(*item)));
    assert_eq!(Level::of_rank(6), None);
}
