//! Both chains as tables: every pair of state and event that is allowed, and that no other is.

use super::*;

#[test]
fn a_visit_takes_the_steps_of_the_glossary_and_no_other() {
    use VisitEvent as E;
    use VisitState as S;
    let allowed = [
        (S::Booked, E::Invite, S::Open),
        (S::Open, E::Invite, S::Open),
        (S::Open, E::Arrive, S::Waiting),
        (S::Waiting, E::Arrive, S::Waiting),
        (S::Waiting, E::LobbyEmptied, S::Open),
        (S::Live, E::Arrive, S::Live),
        (S::Live, E::LobbyEmptied, S::Live),
        (S::Live, E::HostEnters, S::Live),
        (S::Open, E::HostEnters, S::Live),
        (S::Waiting, E::HostEnters, S::Live),
        (S::Live, E::End, S::Ended),
        (S::Ended, E::Close, S::Closed),
        (S::Closed, E::Close, S::Closed),
        (S::MovedToPhone, E::Close, S::Closed),
        (S::BrokenOff, E::Close, S::Closed),
        (S::Booked, E::Cancel, S::Cancelled),
        (S::Open, E::Cancel, S::Cancelled),
        (S::Waiting, E::Cancel, S::Cancelled),
        (S::Booked, E::NoShow, S::NoShow),
        (S::Cancelled, E::Restore, S::Open),
        (S::NoShow, E::Restore, S::Open),
        (S::Open, E::NoShow, S::NoShow),
        (S::Open, E::MoveToPhone, S::MovedToPhone),
        (S::Waiting, E::MoveToPhone, S::MovedToPhone),
        (S::Live, E::MoveToPhone, S::MovedToPhone),
        (S::Live, E::BreakOff, S::BrokenOff),
    ];
    let events = [
        E::Invite,
        E::Arrive,
        E::LobbyEmptied,
        E::HostEnters,
        E::End,
        E::Close,
        E::Cancel,
        E::NoShow,
        E::Restore,
        E::MoveToPhone,
        E::BreakOff,
    ];
    for state in S::ALL {
        for event in events {
            let wanted = allowed.iter().find(|(from, by, _)| from == state && *by == event);
            assert_eq!(state.step(event).ok(), wanted.map(|row| row.2), "{state:?} {event:?}");
        }
    }
}

#[test]
fn a_participant_reaches_the_room_only_through_the_lobby() {
    use ParticipantEvent as E;
    use ParticipantState as S;
    let story = [
        (E::Begin, S::CheckingIn),
        (E::Complete, S::Ready),
        (E::EnterLobby, S::Waiting),
        (E::Admit, S::Admitted),
        (E::Connect, S::InRoom),
        (E::LoseConnection, S::Away),
        (E::Connect, S::InRoom),
        (E::BackToLobby, S::Waiting),
        (E::Leave, S::Left),
        (E::EnterLobby, S::Waiting),
        (E::Remove, S::Removed),
    ];
    let mut state = S::Invited;
    for (event, wanted) in story {
        state = state.step(event).unwrap();
        assert_eq!(state, wanted, "{event:?}");
    }
    for event in [E::Begin, E::Complete, E::EnterLobby, E::Admit, E::OpenRoom, E::Connect, E::RefuseConsent] {
        assert!(S::Removed.step(event).is_err(), "{event:?}");
    }
    for state in S::ALL.iter().filter(|state| !matches!(state, S::Waiting)) {
        assert!(state.step(E::Admit).is_err(), "{state:?}");
    }
    for state in [S::Invited, S::CheckingIn, S::Ready, S::Waiting, S::Left, S::Refused] {
        assert!(state.step(E::Connect).is_err(), "{state:?}");
    }
}

#[test]
fn nobody_enters_the_lobby_before_check_in_is_done() {
    use ParticipantEvent as E;
    use ParticipantState as S;
    for state in [S::Invited, S::CheckingIn, S::Admitted, S::InRoom, S::Away, S::Removed, S::Refused] {
        assert!(state.step(E::EnterLobby).is_err(), "{state:?}");
    }
}

#[test]
fn who_refused_the_consent_may_think_again_from_the_start() {
    use ParticipantEvent as E;
    use ParticipantState as S;
    let refused = S::CheckingIn.step(E::RefuseConsent).unwrap();
    assert_eq!(refused, S::Refused);
    assert_eq!(refused.step(E::Begin).unwrap(), S::CheckingIn);
}

#[test]
fn whoever_misses_a_step_again_leaves_the_lobby_and_nobody_leaves_the_room_that_way() {
    use ParticipantEvent as E;
    use ParticipantState as S;
    for state in S::ALL {
        let back = matches!(state, S::CheckingIn | S::Ready | S::Waiting).then_some(S::CheckingIn);
        assert_eq!(state.step(E::Reopen).ok(), back, "{state:?}");
    }
}

#[test]
fn leave_remove_and_refuse_can_follow_every_state() {
    use ParticipantEvent as E;
    use ParticipantState as S;
    for state in S::ALL {
        assert!(state.step(E::Leave).is_ok(), "{state:?}");
        assert_eq!(state.step(E::Remove).unwrap(), S::Removed, "{state:?}");
        assert_eq!(state.step(E::RefuseConsent).is_ok(), *state != S::Removed, "{state:?}");
    }
}

#[test]
fn every_name_is_read_back_as_it_was_written() {
    for state in VisitState::ALL {
        assert_eq!(VisitState::parse(state.code()), Some(*state));
    }
    for state in ParticipantState::ALL {
        assert_eq!(ParticipantState::parse(state.code()), Some(*state));
    }
    assert_eq!(Part::parse("host"), None);
    assert_eq!(Kind::parse("follow_up"), Some(Kind::FollowUp));
}
