//! The decision itself: what each act asks for, and whether these facts give it.

use crate::{Act, RecordClass, Scope};
use vocabulary::{PatientId, Principal, Relation, Relations, Role, Roles, VisitId};

/// What the caller loaded about the object at hand, before anything sealed was opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// What the principal is to this patient or visit.
    pub relations: Relations,
    pub patient: Option<PatientId>,
    pub visit: Option<VisitId>,
    /// What the authority of a representative covers. Counts beside `Relation::Representative` alone.
    pub scope: Scope,
    /// The act comes over the socket of the principal's own open room document.
    pub from_room: bool,
    /// A clinician has this patient's chart open in an emergency, and the time is not over.
    pub emergency: bool,
    /// The house lets the host alone waive what the desk may waive elsewhere.
    pub only_host_waives: bool,
    /// This session proved who it is within the last minutes. `web::Ctx` fills it in.
    pub fresh: bool,
}

/// Proof that `decide()` said yes. No other code can make one.
#[derive(Clone, Debug)]
pub struct Access {
    who: Principal,
    act: Act,
    facts: Facts,
    by: Grounds,
}

/// Why the answer was yes. The trail keeps it: a solo doctor is owner and clinician, each act names which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grounds {
    Anyone,
    Program,
    Role(Role),
    Relation(Relation),
    Emergency,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody is signed in here.
    SignIn,
    /// The second fact of the invitation is still missing.
    SecondFact,
    /// Neither a role nor a relation allows this.
    NotYours,
    /// Host and deputy do this in their open room, nowhere else.
    OnlyFromRoom,
    /// Allowed, once the person has proven again who they are.
    ProveAgain,
}

/// Shapes: `facts.relations` must hold only what is in force now; loaders leave out what has ended.
pub fn decide(who: &Principal, facts: &Facts, act: Act) -> Result<Access, Refusal> {
    let needs = needs(act, facts);
    let by = grounds(who, facts, &needs)?;
    if needs.from_room && !facts.from_room {
        return Err(Refusal::OnlyFromRoom);
    }
    if needs.fresh && !facts.fresh && by != Grounds::Program {
        return Err(Refusal::ProveAgain);
    }
    Ok(Access { who: *who, act, facts: *facts, by })
}

impl Access {
    pub fn who(&self) -> &Principal {
        &self.who
    }

    pub fn act(&self) -> Act {
        self.act
    }

    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Allowed because the chart stands open in an emergency, and for nothing else.
    pub fn is_emergency(&self) -> bool {
        self.by == Grounds::Emergency
    }

    pub fn patient(&self) -> Option<PatientId> {
        self.facts.patient
    }

    /// The role or relation this act was allowed by, as the trail names it.
    pub fn grounds(&self) -> &'static str {
        match self.by {
            Grounds::Anyone => "anyone",
            Grounds::Program => "program",
            Grounds::Role(role) => role.code(),
            Grounds::Relation(relation) => relation.code(),
            Grounds::Emergency => EMERGENCY,
        }
    }
}

#[derive(Default)]
struct Needs {
    anyone: bool,
    program: bool,
    /// Any staff account, whatever its roles.
    any_staff: bool,
    /// A guest before the second fact is enough.
    unproven_guest: bool,
    /// A guest after it, whoever they are: it is about their own seat.
    known_guest: bool,
    roles: &'static [Role],
    relations: &'static [Relation],
    /// A representative does this only where their authority covers this class.
    covered: Option<RecordClass>,
    from_room: bool,
    /// A chart opened in an emergency is enough.
    emergency: bool,
    /// Whoever finds an open browser must not do this.
    fresh: bool,
}

/// Exhaustive on purpose: a new act does not compile until somebody has said who may do it.
#[expect(clippy::too_many_lines, reason = "a table: one line for each act")]
fn needs(act: Act, facts: &Facts) -> Needs {
    use Relation::{CareTeam, Deputy, Host, Interpreter, Patient, Representative, Supporter};
    use Role::{
        Administrator, Assistant, Clinician, Desk, Owner, PrivacyOfficial as Privacy,
        SecurityOfficial as Security,
    };
    const GUESTS: &[Relation] = &[Patient, Representative, Supporter, Interpreter];
    const IN_ROOM: &[Relation] = &[Host, Deputy, Patient, Representative, Supporter, Interpreter];
    const LED_BY: &[Relation] = &[Host, Deputy];
    let none = Needs::default;
    let roles = |roles| Needs { roles, ..none() };
    let relations = |relations| Needs { relations, ..none() };
    match act {
        Act::SignIn
        | Act::OpenInvitation
        | Act::TakeOver
        | Act::OpenNotice
        | Act::OpenEnrolment
        | Act::AskPortalHelp
        | Act::AskIsItUs
        | Act::SeeJobs
        | Act::ReportMessage => Needs { anyone: true, ..none() },
        Act::SignOut | Act::SeeOwnSessions | Act::EndOwnSession => {
            Needs { any_staff: true, unproven_guest: true, relations: GUESTS, ..none() }
        }
        Act::ProveAgain | Act::StopOwnRecovery => Needs { any_staff: true, ..none() },
        Act::ChangeOwnProofs => Needs { any_staff: true, fresh: true, ..none() },
        Act::ProveSecondFact => Needs { unproven_guest: true, relations: GUESTS, ..none() },
        Act::ContinueElsewhere => Needs { known_guest: true, ..none() },
        Act::SeeCheckIn
        | Act::RecordPlace
        | Act::RecordReadiness
        | Act::RecordLocation
        | Act::EnterLobby
        | Act::WriteToDesk => relations(GUESTS),
        Act::GiveConsent
        | Act::RefuseConsent
        | Act::SeeOwnConsent
        | Act::WithdrawConsent
        | Act::OpenSample
        | Act::AnswerNotice
        | Act::AnswerSurvey => {
            Needs { covered: Some(RecordClass::Consent), ..relations(&[Patient, Representative]) }
        }
        Act::ChooseSimple => relations(&[Patient]),
        Act::PromisePrivacy => relations(&[Supporter, Interpreter]),
        Act::OpenRoom | Act::CheckIdentity => relations(LED_BY),
        Act::JoinRoom
        | Act::ShowMedia
        | Act::RelayBlob
        | Act::ShareFile
        | Act::TakeFile
        | Act::LeaveVisit => relations(IN_ROOM),
        Act::SeeQueue => Needs { roles: &[Desk, Assistant], relations: LED_BY, ..none() },
        Act::MessageLobby => Needs { roles: &[Desk], relations: LED_BY, ..none() },
        Act::Admit | Act::Remove | Act::BackToLobby | Act::Lock | Act::End | Act::CompareCode => {
            Needs { relations: LED_BY, from_room: true, ..none() }
        }
        Act::SeeDay | Act::SeePatients | Act::CheckOwnReadiness | Act::SeeDelegates => {
            roles(&[Desk, Assistant, Clinician])
        }
        // The page gives nobody another's visits.
        Act::NameDelegate => roles(&[Clinician]),
        Act::SeeVisit => Needs {
            roles: &[Desk, Assistant],
            relations: &[CareTeam, Host, Deputy],
            emergency: true,
            ..none()
        },
        Act::BookVisit
        | Act::MoveVisit
        | Act::CancelVisit
        | Act::RestoreVisit
        | Act::SendInvitation
        | Act::InviteCompanion
        | Act::NameDeputy
        | Act::WithdrawParticipant => Needs { roles: &[Desk, Assistant], relations: &[CareTeam], ..none() },
        Act::MoveToPhone => {
            Needs { roles: &[Desk, Assistant], relations: &[CareTeam, Host, Deputy], ..none() }
        }
        Act::HandOver => Needs { roles: &[Desk, Assistant], relations: &[Host], ..none() },
        // Clinicians their own alone: the pages give nobody another's.
        Act::SayLate => roles(&[Desk, Assistant, Clinician]),
        Act::ChangeAvailability => roles(&[Desk, Administrator, Clinician]),
        Act::ChangeVisitTypes => roles(&[Administrator]),
        Act::SeeReason | Act::OpenChart => Needs { relations: &[CareTeam], emergency: true, ..none() },
        Act::WriteSummary => relations(&[CareTeam]),
        Act::ExportChart => Needs { relations: &[CareTeam], fresh: true, ..none() },
        Act::ChangeCareTeam | Act::SeeRepresentatives | Act::ChangeRepresentatives => {
            Needs { roles: &[Privacy], relations: &[CareTeam], ..none() }
        }
        Act::WaiveReadiness if facts.only_host_waives => relations(&[Host]),
        Act::WaiveReadiness => Needs { roles: &[Desk], relations: &[Host], ..none() },
        Act::WaiveIdentity | Act::OverrideLicence | Act::OverrideConsent => relations(&[Host]),
        Act::LocatePatient => Needs { roles: &[Desk], relations: LED_BY, ..none() },
        Act::WitnessConsent => Needs { roles: &[Desk], relations: &[CareTeam, Host], ..none() },
        // Not their representatives: a confidential address may be kept from exactly them.
        Act::SeePreferences | Act::ChangePreferences => {
            Needs { roles: &[Desk, Assistant], relations: &[Patient, CareTeam], ..none() }
        }
        Act::SeeNeeds | Act::ChangeNeeds => Needs {
            roles: &[Desk, Assistant],
            relations: &[Patient, Representative, CareTeam],
            covered: Some(RecordClass::Demographics),
            ..none()
        },
        Act::SeeInterpreters => roles(&[Desk, Assistant, Clinician, Administrator, Privacy]),
        Act::ChangeInterpreters => roles(&[Desk, Administrator, Privacy]),
        Act::BookInterpreter => Needs { roles: &[Desk, Assistant], relations: &[CareTeam, Host], ..none() },
        Act::SeeTranslations | Act::ApproveTranslation => roles(&[Privacy]),
        Act::ChangeEmergencyPlaces => roles(&[Administrator, Privacy, Desk]),
        Act::AddPatient | Act::SeeErrands | Act::SettleErrand => roles(&[Desk, Assistant]),
        // The program lets go of lists that nobody goes on with.
        Act::ImportPatients => Needs { program: true, roles: &[Desk, Assistant], ..none() },
        Act::MergePatients => Needs { roles: &[Desk, Assistant], fresh: true, ..none() },
        Act::BreakGlass | Act::FindInEmergency => Needs { roles: &[Clinician], fresh: true, ..none() },
        Act::EndBreakGlass => roles(&[Clinician]),
        Act::ReadSummary => Needs {
            relations: &[CareTeam, Patient, Representative],
            covered: Some(RecordClass::Chart),
            emergency: true,
            ..none()
        },
        Act::OpenPortal | Act::SeePortalKeys => relations(&[Patient, Representative]),
        Act::SeeOwnTrail | Act::SeeOwnDisclosures => relations(&[Patient]),
        Act::ChangePortalKeys => Needs { fresh: true, ..relations(&[Patient, Representative]) },
        // Giving access waits for a fresh proof, as with staff.
        Act::HelpPortalKeys => {
            Needs { roles: &[Desk, Assistant], relations: &[CareTeam], fresh: true, ..none() }
        }
        Act::SeeFindings
        | Act::ReadTrail
        | Act::SeeTrailReviews
        | Act::CloseTrailReview
        | Act::SeeInsights
        | Act::SeeIncidents
        | Act::ChangeInventory
        | Act::ExportInventory
        | Act::WriteEvaluation => roles(&[Privacy, Security]),
        // Whoever meets patients in a room may measure it.
        Act::SeeRooms | Act::CheckRoom => {
            roles(&[Desk, Assistant, Clinician, Privacy, Security, Administrator])
        }
        Act::ChangeRooms => roles(&[Privacy, Security, Administrator]),
        // The owner too: where one person is clinician and both officials, somebody else must be able to
        // look.
        Act::SeeBreakGlass | Act::ReviewBreakGlass => roles(&[Privacy, Security, Owner]),
        Act::ExportTrail => Needs { program: true, roles: &[Privacy, Security], fresh: true, ..none() },
        Act::ExportProof => Needs { roles: &[Privacy, Security], fresh: true, ..none() },
        Act::SeeCareTeams | Act::SeeDisclosures => roles(&[Privacy]),
        Act::RotateKeys | Act::ShredKeys => Needs { program: true, roles: &[Owner], fresh: true, ..none() },
        Act::SetUpPractice | Act::OpenPractice => roles(&[Owner]),
        Act::CloseFinding | Act::ChangeHouseRules | Act::SeeSurveys => roles(&[Privacy]),
        Act::SeeRisks | Act::AnswerTechnicalQuestion | Act::RateRisk => roles(&[Privacy, Security]),
        Act::RunAnalysis | Act::AnswerQuestion | Act::AcceptRisk | Act::CloseRisk => roles(&[Privacy]),
        Act::SignAnalysis | Act::ReplaceReportKey => Needs { roles: &[Privacy], fresh: true, ..none() },
        Act::CloseIncident | Act::ChangeVendors | Act::DecideSafeguard => roles(&[Privacy]),
        Act::AnswerAskedQuestion | Act::ReportIncident => Needs { any_staff: true, ..none() },
        // The program writes down that somebody answered: a name beside the time would tell whose answer it
        // is.
        Act::GiveInsight => Needs { program: true, any_staff: true, ..none() },
        Act::SwitchIntegration => roles(&[Administrator]),
        Act::ChangeLicences => roles(&[Owner, Administrator]),
        Act::SeeStaff
        | Act::InviteStaff
        | Act::InviteOfficial
        | Act::SuspendStaff
        | Act::SuspendOfficial
        | Act::EndSessionsOfStaff
        | Act::AskRecovery
        | Act::ApproveRecovery
        | Act::WithdrawRecovery => of_accounts(act),
        Act::RaiseFinding
        | Act::AskForReview
        | Act::Remind
        | Act::MakeReportKey
        | Act::BeginPractice
        | Act::LinkOwner
        | Act::Unlock
        | Act::FollowConfig
        | Act::MakeKit
        | Act::TryKit
        | Act::RestoreRootKey
        | Act::Furnish
        | Act::IndexNames
        | Act::DeliverLetter
        | Act::HearReply
        | Act::KeepVisit => Needs { program: true, ..none() },
    }
}

/// Whom the house lets in. Taking access away is never made to wait for a proof; giving it is.
fn of_accounts(act: Act) -> Needs {
    use Role::{Administrator, Owner};
    let none = Needs::default;
    match act {
        Act::InviteStaff => Needs { roles: &[Administrator], fresh: true, ..none() },
        Act::InviteOfficial => Needs { roles: &[Owner], fresh: true, ..none() },
        Act::AskRecovery | Act::ApproveRecovery => {
            Needs { roles: &[Owner, Administrator], fresh: true, ..none() }
        }
        Act::SuspendOfficial => Needs { roles: &[Owner], ..none() },
        Act::SuspendStaff | Act::SeeStaff | Act::EndSessionsOfStaff | Act::WithdrawRecovery => {
            Needs { roles: &[Owner, Administrator], ..none() }
        }
        _ => none(),
    }
}

fn grounds(who: &Principal, facts: &Facts, needs: &Needs) -> Result<Grounds, Refusal> {
    if needs.anyone {
        return Ok(Grounds::Anyone);
    }
    match who {
        Principal::Anonymous => Err(Refusal::SignIn),
        Principal::System if needs.program => Ok(Grounds::Program),
        Principal::System => Err(Refusal::NotYours),
        Principal::Staff { roles, .. } => staff_grounds(*roles, facts, needs),
        Principal::Guest { known: false, .. } if needs.unproven_guest => Ok(Grounds::Anyone),
        Principal::Guest { known: false, .. } => Err(Refusal::SecondFact),
        Principal::Guest { known: true, .. } if needs.known_guest => Ok(Grounds::Anyone),
        Principal::Guest { known: true, .. } | Principal::Patient { .. } => {
            let covers =
                |r| r != Relation::Representative || needs.covered.is_none_or(|c| facts.scope.has(c));
            first(needs.relations, |r| facts.relations.has(r) && !STAFF_SIDE.contains(&r) && covers(r))
                .map(Grounds::Relation)
        }
        // Never as the patient, whatever the facts say.
        Principal::Representative { .. } => {
            let acts = facts.relations.has(Relation::Representative)
                && needs.covered.is_none_or(|class| facts.scope.has(class));
            first(needs.relations, |r| r == Relation::Representative && acts).map(Grounds::Relation)
        }
    }
}

fn staff_grounds(roles: Roles, facts: &Facts, needs: &Needs) -> Result<Grounds, Refusal> {
    if needs.any_staff {
        return Ok(Grounds::Anyone);
    }
    if let Ok(role) = first(needs.roles, |role| roles.has(role)) {
        return Ok(Grounds::Role(role));
    }
    // A relation counts only for people whose role can carry it: an administrator on a care team by mistake
    // still reads no chart (R22).
    let can_carry = |relation| match relation {
        Relation::CareTeam => roles.has_any(&[Role::Clinician, Role::Assistant]),
        Relation::Host | Relation::Deputy => roles.has_any(&[Role::Clinician, Role::Assistant, Role::Desk]),
        _ => false,
    };
    let related = first(needs.relations, |relation| facts.relations.has(relation) && can_carry(relation));
    if related.is_err() && needs.emergency && facts.emergency && roles.has(Role::Clinician) {
        return Ok(Grounds::Emergency);
    }
    related.map(Grounds::Relation)
}

fn first<T: Copy>(wanted: &[T], holds: impl Fn(T) -> bool) -> Result<T, Refusal> {
    wanted.iter().copied().find(|item| holds(*item)).ok_or(Refusal::NotYours)
}

/// As the trail names the grounds of a look that an emergency opened.
const EMERGENCY: &str = "break_glass";

/// Relations that only a staff account can have.
const STAFF_SIDE: [Relation; 3] = [Relation::CareTeam, Relation::Host, Relation::Deputy];
