//! Every act a person or the program can do, each with the stable code that the trail keeps.

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Act { $($(#[$doc])* $name,)* }

        impl Act {
            pub const ALL: &'static [Act] = &[$(Act::$name),*];

            /// Stable: old entries of the trail are read by it.
            pub fn code(self) -> &'static str {
                match self { $(Act::$name => $code,)* }
            }

            pub fn parse(code: &str) -> Option<Act> {
                Act::ALL.iter().copied().find(|act| act.code() == code)
            }
        }
    };
}

acts! {
    // Anybody
    SignIn = "session.sign_in",
    /// Present the secret of an invitation. Looking at the page that asks for it is not an act.
    OpenInvitation = "invitation.open",
    /// Go on with somebody's invitation on another device: picture, short code and second fact.
    TakeOver = "invitation.take_over",
    /// Open the portal with a notice's link; the second fact follows.
    OpenNotice = "notice.open",
    /// Open the link by which staff set up how they sign in. It proves whose link it was, nothing else.
    OpenEnrolment = "enrolment.open",
    /// Ask whether a message came from here, by the short code in it.
    AskIsItUs = "message.ask",
    /// Say that a message looks like a fake.
    ReportMessage = "message.report",

    // Oneself
    SignOut = "session.sign_out",
    SeeOwnSessions = "session.list",
    EndOwnSession = "session.end",
    /// A fresh proof inside a session, before an act that asks for one.
    ProveAgain = "session.prove_again",
    /// Add or take away a passkey, a password, a code app, saved codes.
    ChangeOwnProofs = "proof.change",

    // The guest of an invitation
    ProveSecondFact = "invitation.prove",
    /// Show the picture and the short code with which another device takes over.
    ContinueElsewhere = "invitation.continue",
    SeeCheckIn = "check_in.see",
    GiveConsent = "consent.give",
    RefuseConsent = "consent.refuse",
    SeeOwnConsent = "consent.see_own",
    /// Take a consent back, whenever (R63; 45 CFR 164.508(b)(5)).
    WithdrawConsent = "consent.withdraw",
    /// Open the sample page, before agreeing to sign on a screen (15 U.S.C. 7001(c)).
    OpenSample = "consent.sample",
    /// Say that the notice of privacy practices was received, or rather not (45 CFR 164.520(c)(2)(ii)).
    AnswerNotice = "privacy_notice.answer",
    /// A supporter or an interpreter promises to keep the visit to themselves.
    PromisePrivacy = "check_in.promise",
    RecordPlace = "check_in.place",
    RecordReadiness = "check_in.readiness",
    RecordLocation = "check_in.location",
    EnterLobby = "lobby.enter",
    /// A word from somebody who waits to the desk and to who sees them.
    WriteToDesk = "lobby.write",
    /// Large letters and one thing at a time, remembered for the patient (R101).
    ChooseSimple = "check_in.simple",

    // The live visit
    OpenRoom = "room.open",
    JoinRoom = "room.join",
    ShowMedia = "room.media",
    RelayBlob = "room.relay",
    /// Pass a sealed file to the others in the room.
    ShareFile = "visit.file",
    /// Fetch a sealed file that somebody in the room passes.
    TakeFile = "visit.file_take",
    LeaveVisit = "room.leave",
    SeeQueue = "lobby.queue",
    MessageLobby = "lobby.message",
    Admit = "room.admit",
    Remove = "room.remove",
    BackToLobby = "room.back_to_lobby",
    Lock = "room.lock",
    End = "room.end",
    /// Say what came of comparing somebody's six digits by voice.
    CompareCode = "room.code",

    // The desk
    SeeDay = "day.see",
    SeeVisit = "visit.see",
    BookVisit = "visit.book",
    MoveVisit = "visit.move",
    CancelVisit = "visit.cancel",
    SendInvitation = "invitation.send",
    /// Ask a supporter or an interpreter to this visit, or send their link again.
    InviteCompanion = "companion.invite",
    SeeInterpreters = "interpreter.see",
    ChangeInterpreters = "interpreter.change",
    BookInterpreter = "interpreter.book",
    SeeJobs = "interpreter.jobs",
    /// Name somebody of the staff who may lead while the host is gone; also oneself.
    NameDeputy = "deputy.name",
    SeeDelegates = "delegate.see",
    /// Say who may lead one's own visits, from a day to a day.
    NameDelegate = "delegate.name",
    /// Take a supporter, an interpreter or a deputy off this visit.
    WithdrawParticipant = "participant.withdraw",
    /// Take back that a visit was cancelled, or that nobody came.
    RestoreVisit = "visit.restore",
    /// The room closes, and the visit goes on by phone.
    MoveToPhone = "visit.move_to_phone",
    /// Another clinician sees the patient; the link stays the same.
    HandOver = "visit.hand_over",
    /// Tell everybody who waits for one clinician, and who is due, how late it gets.
    SayLate = "lateness.say",
    /// When clinicians see patients, and when they are away.
    ChangeAvailability = "availability.change",
    /// Which types of visit there are, how long they take, which reasons are at hand.
    ChangeVisitTypes = "visit_type.change",
    SeeReason = "visit.reason",
    WaiveReadiness = "visit.waive_readiness",
    WaiveIdentity = "visit.waive_identity",
    /// Write down who somebody is, by what was seen in the room (R80-R85; 45 CFR 164.514(h)).
    CheckIdentity = "identity.check",
    OverrideLicence = "visit.override_licence",
    /// Write down where the patient is now, as they said it in the visit (R87).
    LocatePatient = "visit.locate",
    WitnessConsent = "consent.witness",
    /// Look at one's own devices, light, noise and place before the visits of a day (R29, R90).
    CheckOwnReadiness = "own_readiness.check",
    /// An emergency: the visit goes on without a consent, with a reason (R58).
    OverrideConsent = "consent.override",

    // Records
    SeePatients = "patient.list",
    AddPatient = "patient.add",
    /// Read a list of patients from a file, look at it, add them.
    ImportPatients = "patient.import",
    SeeNeeds = "need.see",
    ChangeNeeds = "need.change",
    /// Put two charts of one person together, say that they are two people, take a merge back.
    MergePatients = "patient.merge",
    OpenChart = "chart.open",
    /// Look up one person by full name and birth date, to open their chart in an emergency.
    FindInEmergency = "patient.find_emergency",
    /// Open a chart for 30 minutes without being on the care team; read-only (R19).
    BreakGlass = "chart.break_glass",
    EndBreakGlass = "chart.break_glass_end",
    /// A copy of the chart leaves the practice.
    ExportChart = "chart.export",
    /// The accounting of what left the practice (45 CFR 164.528).
    SeeDisclosures = "disclosure.see",
    /// Put somebody on one patient's care team, keep them there, take them off (R12).
    ChangeCareTeam = "care_team.change",
    /// Who acts for one patient, and who is refused to: the page with both.
    SeeRepresentatives = "representative.see",
    /// Add, move, end, refuse, lift that: one act, so that its name tells nobody of a refusal (R74, R76).
    ChangeRepresentatives = "representative.change",
    /// How one patient wants to be reached: preferences and confidential addresses (45 CFR 164.522(b)).
    SeePreferences = "contact.see",
    /// Write them down, for oneself or for a patient who says so.
    ChangePreferences = "contact.change",
    /// Whom to call or to send paper, because no message may go out by itself.
    SeeErrands = "errand.list",
    SettleErrand = "errand.close",
    WriteSummary = "summary.write",
    ReadSummary = "summary.read",
    OpenPortal = "portal.open",
    /// How one signs in to the portal.
    SeePortalKeys = "portal_key.see",
    /// Add or take away one's own passkey for the portal (R15).
    ChangePortalKeys = "portal_key.change",
    /// A patient's browser shows a code and waits until the desk has said whose it is.
    AskPortalHelp = "portal_key.ask",
    /// Mail a patient a new link, end their passkeys, or say whose browser it is that waits (R15).
    HelpPortalKeys = "portal_key.help",
    /// Who opened one's own record.
    SeeOwnTrail = "trail.read_own",
    /// To whom one's own record was given.
    SeeOwnDisclosures = "disclosure.read_own",
    AnswerSurvey = "survey.answer",

    // The practice
    SeeFindings = "finding.see",
    RaiseFinding = "finding.raise",
    CloseFinding = "finding.close",
    ChangeHouseRules = "house_rules.change",
    SeeSurveys = "survey.see",
    /// What somebody of the staff says about the platform and the policies (R57).
    GiveInsight = "insight.give",
    SeeInsights = "insight.see",
    /// Anybody who works here says that something went wrong.
    ReportIncident = "incident.report",
    SeeIncidents = "incident.see",
    CloseIncident = "incident.close",
    /// What the practice works with, and how health data moves between it (R32).
    ChangeInventory = "inventory.change",
    ExportInventory = "inventory.export",
    /// The practice's own rooms with what was measured in them.
    SeeRooms = "room_register.see",
    /// Measure light and noise in one of them.
    CheckRoom = "room_register.check",
    /// Add a room, take one out, put it back.
    ChangeRooms = "room_register.change",
    /// Outside services and their agreements.
    ChangeVendors = "vendor.change",
    /// The home of the officials: analysis, register, report.
    SeeRisks = "risk.see",
    /// Begin an analysis, say its scope, hear what changed.
    RunAnalysis = "risk.analyse",
    /// A question about policies, training, language or rights.
    AnswerQuestion = "risk.answer",
    /// A question about machines, places, access, vendors, outages or monitoring.
    AnswerTechnicalQuestion = "risk.answer_technical",
    /// A question that an official passed on by name; the loader gives nobody another person's.
    AnswerAskedQuestion = "risk.answer_asked",
    RateRisk = "risk.rate",
    AcceptRisk = "risk.accept",
    CloseRisk = "risk.close",
    /// Freezes an analysis: after a fresh proof of who signs (R46).
    SignAnalysis = "risk.sign",
    /// The program makes the key that signs reports, once.
    MakeReportKey = "risk.make_report_key",
    /// An official has another key made, after a fresh proof: the old one may be known to others.
    ReplaceReportKey = "risk.replace_report_key",
    /// The program notes that answers must be looked at again (R47).
    AskForReview = "risk.ask_for_review",
    /// The program writes to whom something waits for; the letter does not say what.
    Remind = "risk.remind",
    /// Done, equivalent or not reasonable: an addressable specification (R28).
    DecideSafeguard = "safeguard.decide",
    /// The periodic evaluation, apart from the analysis (R49).
    WriteEvaluation = "evaluation.write",
    /// The proof of twelve months leaves the house (R51).
    ExportProof = "proof_of_practice.export",
    SeeTranslations = "translation.see",
    ApproveTranslation = "translation.approve",
    ReadTrail = "trail.read",
    /// Entries, or a proof about one, leave the house.
    ExportTrail = "trail.export",
    /// The months of the trail that were read, and those that wait (R39).
    SeeTrailReviews = "trail_review.see",
    CloseTrailReview = "trail_review.close",
    /// Charts that were opened in an emergency, and why.
    SeeBreakGlass = "break_glass.see",
    ReviewBreakGlass = "break_glass.review",
    /// Whose place on a care team is to be looked at again.
    SeeCareTeams = "care_team.see",
    SeeStaff = "staff.see",
    /// Invite, and let somebody in again who was suspended.
    InviteStaff = "staff.invite",
    InviteOfficial = "staff.invite_official",
    SuspendStaff = "staff.suspend",
    SuspendOfficial = "staff.suspend_official",
    EndSessionsOfStaff = "staff.end_sessions",
    /// The first of two who let a colleague in again.
    AskRecovery = "recovery.ask",
    /// The second of the two.
    ApproveRecovery = "recovery.approve",
    WithdrawRecovery = "recovery.withdraw",
    /// The colleague did not ask for it, or has found the key.
    StopOwnRecovery = "recovery.stop_own",
    SwitchIntegration = "integration.switch",
    /// In which states somebody may treat, and until when (R88).
    ChangeLicences = "licence.change",
    /// Whom to call in an emergency at the place where a patient is (R89).
    ChangeEmergencyPlaces = "emergency_place.change",
    /// Say who the practice is, where it works and who answers for privacy.
    SetUpPractice = "practice.set_up",
    /// The end of the set-up: from now on people are seen.
    OpenPractice = "practice.open",

    // Keys
    /// New keys for old ones; nothing is lost by it.
    RotateKeys = "key.rotate",
    /// The end of everything sealed for one patient.
    ShredKeys = "key.shred",
    /// Print a recovery kit.
    MakeKit = "key.kit",
    /// Two shares of the kit were typed in, and they open the practice.
    TryKit = "key.kit_try",
    /// The root key's file is written again, from two shares.
    RestoreRootKey = "key.root_restore",

    // The program itself
    /// A new practice: its keys, its first account.
    BeginPractice = "practice.begin",
    /// A new link for an owner who has never signed in.
    LinkOwner = "practice.owner_link",
    /// Root key or two shares were typed in, and the sealed practice opened.
    Unlock = "practice.unlock",
    /// The practice's address became another in the configuration.
    FollowConfig = "practice.follow_config",
    Furnish = "practice.furnish",
    IndexNames = "name_index.build",
    DeliverLetter = "letter.deliver",
    /// Somebody answered a text with STOP, START or HELP.
    HearReply = "text.hear",
    KeepVisit = "visit.keep",
}

impl Act {
    /// What staff do while the practice is being set up: sign in, see to their own account, invite others.
    /// Everything else waits until the officials are named (45 CFR 164.308(a)(2), 164.530(a)(1)).
    pub fn comes_before_opening(self) -> bool {
        let of_staff = self.code().starts_with("staff.") || self.code().starts_with("recovery.");
        let of_session = self.code().starts_with("session.");
        let other = matches!(
            self,
            Act::OpenEnrolment | Act::ChangeOwnProofs | Act::SetUpPractice | Act::OpenPractice
        );
        of_staff || of_session || other
    }

    /// Nobody does this without a patient whom it is about.
    pub fn is_about_a_patient(self) -> bool {
        matches!(
            self,
            Act::OpenChart
                | Act::BreakGlass
                | Act::EndBreakGlass
                | Act::ExportChart
                | Act::ChangeCareTeam
                | Act::SeeRepresentatives
                | Act::ChangeRepresentatives
                | Act::SeeReason
                | Act::WriteSummary
                | Act::ReadSummary
                | Act::GiveConsent
                | Act::RefuseConsent
                | Act::SeeOwnConsent
                | Act::WithdrawConsent
                | Act::OpenSample
                | Act::AnswerNotice
                | Act::AnswerSurvey
                | Act::OpenPortal
                | Act::SeePortalKeys
                | Act::ChangePortalKeys
                | Act::HelpPortalKeys
                | Act::SeePreferences
                | Act::ChangePreferences
                | Act::SeeOwnTrail
                | Act::SeeOwnDisclosures
                | Act::ShredKeys
        )
    }
}
