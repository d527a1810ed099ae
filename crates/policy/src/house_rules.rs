//! The practice's settings that visits obey.

use serde::{Deserialize, Serialize};

/// Edited by the privacy official, kept by `keep`, obeyed by everyone. Each field has its default here, so a
/// practice that never opens the settings is already a careful one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HouseRules {
    /// How long before its start a visit's lobby opens, minutes. Check-in itself opens with the invitation.
    pub lobby_opens_before_min: i64,
    /// When a visit is cut off, the practice calls the patient's number within this, minutes (R91).
    pub drop_out_within_min: i64,
    /// Wrong second facts an invitation survives before it locks.
    pub second_fact_tries: i64,
    /// How long a booking keeps the visit's clinician on the patient's care team, days.
    pub care_team_days: i64,
    /// Check-in asks who is near and whether the door is closed.
    pub ask_place: bool,
    /// Check-in measures camera, microphone, light and noise.
    pub ask_readiness: bool,
    /// The checks cannot be pressed past: they run, or somebody of the staff waives them with a reason. What
    /// they find never blocks.
    pub checks_must_run: bool,
    /// The desk may waive the checks too, not the host alone.
    pub desk_may_waive: bool,
    /// Postal codes of the states whose patients the practice sees, separated by spaces; empty for all. Who
    /// is elsewhere is let in by a human who decides, never by the program.
    pub states: String,
    /// Postal codes of the states where a spoken consent counts, heard by a witness; in the others a human
    /// who decides so writes down why.
    pub voice_consent_states: String,
    /// Postal codes of the states where only a consent on paper counts.
    pub paper_consent_states: String,
    /// Mail goes to patients and to those who come along. When off, the desk calls or hands links over; what
    /// waits in the outbox for them is not carried. Letters to staff go on.
    pub send_mail: bool,
    /// Text messages go to patients who asked for them. A gateway and an active vendor are needed besides.
    pub send_sms: bool,
    /// A call in place of the video is offered where the video fails.
    pub phone_fallback: bool,
    /// A visit without a picture is offered. When off, nobody is kept out either: the page asks for the
    /// camera, and the host sees that it is missing.
    pub audio_only: bool,
    /// After a visit the patient is asked two questions.
    pub ask_survey: bool,
    /// A staff account without activity is signed out after this, minutes (R17: ceiling 60).
    pub staff_idle_min: i64,
    /// A staff account is signed out after this in any case, hours (R17: ceiling 24).
    pub staff_overall_h: i64,
    /// From this hour on of the practice's clock, reminders go out to staff, 0 to 23.
    pub remind_hour: i64,
    /// A patient without activity is signed out after this, minutes.
    pub patient_idle_min: i64,
}

impl Default for HouseRules {
    fn default() -> HouseRules {
        HouseRules {
            lobby_opens_before_min: 30,
            drop_out_within_min: 5,
            second_fact_tries: 5,
            care_team_days: 365,
            ask_place: true,
            ask_readiness: true,
            checks_must_run: false,
            desk_may_waive: true,
            states: String::new(),
            voice_consent_states: String::new(),
            paper_consent_states: String::new(),
            send_mail: true,
            send_sms: false,
            phone_fallback: true,
            audio_only: true,
            ask_survey: true,
            staff_idle_min: 15,
            staff_overall_h: 12,
            remind_hour: 8,
            patient_idle_min: 30,
        }
    }
}

impl HouseRules {
    /// Whether the practice sees patients who are in this state now.
    pub fn serves(&self, state: &str) -> bool {
        self.states.is_empty() || self.states.split_whitespace().any(|one| one == state)
    }
}
