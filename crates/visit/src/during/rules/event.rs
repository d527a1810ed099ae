//! The words of the reducer: what can happen, what must be stored, what follows. Pure.

use super::super::view::View;
use super::super::wire::{FromPage, Role, Size, Slot};
use super::sealed::Payload;
use crate::before::rules::{ParticipantState as S, SpokenCode, VisitState};
use vocabulary::{Health, ParticipantId, UnixMillis};

#[derive(Clone, Debug)]
pub enum Event {
    /// A row of the store as it is now: somebody new, or changed by a page.
    Known {
        id: ParticipantId,
        role: Role,
        state: S,
        waiting_since: UnixMillis,
    },
    /// The visit's own row as it is now.
    VisitIs {
        state: VisitState,
        starts_at: UnixMillis,
    },
    /// A socket opened (again).
    Enters(ParticipantId),
    LosesSocket(ParticipantId),
    /// The session behind the page ended: page and media must go, the place stays.
    CutOff(ParticipantId),
    /// The check of who they are has failed: out of the room, and waiting again.
    SentBack(ParticipantId),
    /// They came while another deputy checks ahead of the host.
    TurnedAway(ParticipantId),
    /// A seat for a check has ended while its person was in the room.
    SeatOver(ParticipantId),
    MediaUp(ParticipantId),
    /// The network went silent; it may come back by itself.
    MediaDown(ParticipantId),
    /// The connection is over; a new offer is needed.
    MediaGone(ParticipantId),
    Slots(ParticipantId, Vec<Slot>),
    /// In which sizes this person's camera is looked at.
    Sizes(ParticipantId, Vec<Size>),
    From(ParticipantId, FromPage),
    /// The practice's pages said this to the lobby, the oldest first.
    Words(Vec<(Health, UnixMillis)>),
    /// Time passed: expected waits change, media of people who stay away ends.
    Tick,
}

/// What must be in the store before anybody hears of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    Participant(ParticipantId, S),
    Visit(VisitState),
    Locked(bool),
    Spoken(ParticipantId, SpokenCode),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    Tell(ParticipantId, Notice),
    /// To one socket that asked; never repeated to it.
    Answer(ParticipantId, Notice),
    StartMedia(ParticipantId, String),
    StopMedia(ParticipantId),
    Draw(ParticipantId, Vec<Size>),
    CloseRoom,
    /// After everything told so far.
    Close(ParticipantId),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    View(View),
    Admitted,
    Knocked { from: ParticipantId, blob: Payload },
    Door { from: ParticipantId, blob: Payload },
    Founded { group: Payload, epoch: u64 },
    Sealed { index: u64, epoch: u64, from: ParticipantId, commit: Payload },
    WelcomeIn { blob: Payload, group: Payload },
    Note { from: ParticipantId, blob: Payload },
    Returned,
    Removed,
    Left,
    Ended,
}
