//! What is written into the tables `consent` and `sample_opened`, and the signed copies.

use super::artefact::{Hand, How, Signature, artefact};
use super::kept::{ConsentRow, newest};
use super::rules::{Method, Outcome, TeachBack};
use super::scopes::Scope;
use super::texts::{Filling, Text};
use crate::before::check_in::answers::state_name;
use crate::before::store::{ParticipantRow, VisitRow, still_of};
use aws_lc_rs::digest;
use keep::{Conn, Entry, KeepError, Object, Owner, Place, Tx, args};
use vocabulary::{ConsentId, FileId, ParticipantId, PatientId, PersonId, UnixMillis, VisitId};
use web::Words;

/// A sealed value of a row is written once, so its place needs no newer number.
const ONLY_VERSION: i64 = 1;

/// Whose answer it is, to whom, and where it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Of {
    pub patient: PatientId,
    /// Of a telehealth consent.
    pub clinician: Option<PersonId>,
    /// None in the portal.
    pub visit: Option<VisitId>,
    pub participant: Option<ParticipantId>,
}

impl Of {
    /// Answered on the way to a visit.
    pub fn at_visit(scope: Scope, visit: &VisitRow, who: &ParticipantRow) -> Of {
        Of {
            patient: visit.patient,
            clinician: scope.is_to_a_clinician().then_some(visit.clinician),
            visit: Some(visit.id),
            participant: Some(who.id),
        }
    }

    /// Answered in the portal, to the practice as a whole.
    pub fn in_portal(patient: PatientId) -> Of {
        Of { patient, clinician: None, visit: None, participant: None }
    }
}

/// Everything a signature needs. Holds a name, so it has no `Debug`.
pub struct Signing<'a> {
    pub of: Of,
    pub text: &'static Text,
    pub filling: &'a Filling,
    /// As typed by the signer; in a spoken consent or one on paper, the name of whoever said yes.
    pub signed_name: &'a str,
    /// The key of the authority they sign with.
    pub authority: &'static str,
    pub how: How<'a>,
    /// Who read the words aloud or saw the paper, and who heard the answer.
    pub staff: (Option<PersonId>, Option<PersonId>),
    pub teach_back: Option<TeachBack>,
    /// Postal code of where the patient is, if it is known.
    pub state: Option<&'a str>,
    pub for_minor: bool,
    /// The yes that this one renews, where several stand side by side: see `renewed`.
    pub renews: Option<ConsentId>,
    pub words: &'a Words,
    pub zone: &'a str,
}

/// Records a "yes" with its signed copy. The entry is for the commit that follows.
pub async fn give(tx: &mut Tx, signing: &Signing<'_>) -> Result<(ConsentId, Entry), KeepError> {
    let id = ConsentId::new(tx.now(), tx.entropy());
    let words = signing.words.in_lang(signing.text.lang).plain();
    let hash = text_hash(signing.text);
    let at = format!("{} ({})", words.day_and_time(tx.now(), signing.zone), signing.zone);
    let signed = Signature {
        name: signing.signed_name,
        at: &at,
        authority: signing.authority,
        how: signing.how,
        state: signing.state.and_then(state_name).unwrap_or_default(),
        teach_back: signing.teach_back,
        text_hash: &hex(&hash),
    };
    let document = artefact(signing.text, signing.filling, &signed, &words).into_bytes();
    let document_hash = hex(digest::digest(&digest::SHA256, &document).as_ref());
    let owner = Owner::Patient(signing.of.patient);
    let file = tx.put_file(owner, "consent", document).await?;
    let row = id.text();
    let name = tx.seal_text(&sealed_place(&row, "signed_name", owner), signing.signed_name)?;
    let (method, basis) = match signing.how {
        How::Screen { .. } => (Method::Electronic, ""),
        How::Voice { basis, .. } => (Method::Voice, basis),
        How::Paper { basis, .. } => (Method::Paper, basis),
    };
    let paper = match signing.how {
        How::Paper { filed: Some(filed), .. } => {
            Some((filed.signed_at, tx.seal_text(&sealed_place(&row, "kept", owner), filed.kept)?))
        }
        _ => None,
    };
    let basis = match basis {
        "" => None,
        basis => Some(tx.seal_text(&sealed_place(&row, "basis", owner), basis)?),
    };
    let named = match signing.text.scope.names_somebody() {
        true => {
            let lines = signing.filling.named.lines();
            Some(tx.seal_text(&sealed_place(&row, "named", owner), &lines)?)
        }
        false => None,
    };
    let answer = Answer {
        outcome: Outcome::Given,
        method,
        state: signing.state,
        for_minor: signing.for_minor,
        staff: signing.staff,
        basis,
        teach_back: signing.teach_back,
        file: Some(file),
        name: Some(name),
        paper,
        named,
        ends: signing.renews,
    };
    insert(tx, id, (signing.of, signing.text), answer).await?;
    Ok((id, told(signing, (id, method), document_hash)))
}

fn told(signing: &Signing<'_>, (id, method): (ConsentId, Method), document_hash: String) -> Entry {
    let mut entry = Entry::new(object(id, signing.of))
        .detail("scope", signing.text.scope.code())
        .detail("method", method.code())
        .detail("version", signing.text.version)
        .detail("lang", signing.text.lang.code())
        .detail("copy_sha256", document_hash);
    if let Some(witness) = signing.staff.1 {
        entry = entry.detail("witness", witness.text());
    }
    if let How::Screen { hand: Hand::Drew(_), .. } = signing.how {
        entry = entry.detail("hand", "drew");
    }
    if let Some(first) = signing.renews {
        entry = entry.detail("renews", first.text());
    }
    entry
}

/// Records a "no" of the given kind: refused before, or withdrawn after a "yes". The entry is for the commit.
pub async fn say_no(
    tx: &mut Tx,
    of: Of,
    (text, outcome): (&'static Text, Outcome),
) -> Result<(ConsentId, Entry), KeepError> {
    no(tx, (of, text), Answer::without_copy(outcome)).await
}

/// The patient takes this yes back, and no other. The entry is for the commit.
pub async fn take_back(tx: &mut Tx, (row, text): (&ConsentRow, &'static Text)) -> Result<Entry, KeepError> {
    Ok(no(tx, (row.of, text), Answer::ending(row, Outcome::Withdrawn)).await?.1)
}

/// Records that staff were told, aloud or in writing, that this yes is taken back. The entry is for the
/// commit.
pub async fn take_back_for(
    tx: &mut Tx,
    row: &ConsentRow,
    (method, by): (Method, PersonId),
) -> Result<Entry, KeepError> {
    let text = &super::texts::of(row.scope)[0];
    let answer = Answer { method, staff: (Some(by), None), ..Answer::ending(row, Outcome::Withdrawn) };
    let (_, entry) = no(tx, (row.of, text), answer).await?;
    Ok(entry.detail("method", method.code()))
}

async fn no(
    tx: &mut Tx,
    (of, text): (Of, &Text),
    answer: Answer<'_>,
) -> Result<(ConsentId, Entry), KeepError> {
    let (id, outcome, ends) = (ConsentId::new(tx.now(), tx.entropy()), answer.outcome, answer.ends);
    insert(tx, id, (of, text), answer).await?;
    let entry = Entry::new(object(id, of))
        .detail("scope", text.scope.code())
        .detail("outcome", outcome.code())
        .detail("version", text.version);
    let entry = match ends {
        Some(yes) => entry.detail("ends", yes.text()),
        None => entry,
    };
    Ok((id, entry))
}

/// The program ends a consent that was given for somebody who is of age now (R64).
pub async fn end(tx: &mut Tx, row: &ConsentRow) -> Result<Entry, KeepError> {
    let text = &super::texts::of(row.scope)[0];
    let (_, entry) = no(tx, (row.of, text), Answer::ending(row, Outcome::Ended)).await?;
    Ok(entry.detail("why", "of_age"))
}

/// The patient has said where they are: a consent signed before that, on the way to this visit or to an
/// earlier one, is one for this state from now on. The newest answer alone: the others are history.
pub async fn bind_state(tx: &mut Tx, visit: &VisitRow, state: &str) -> Result<(), KeepError> {
    let newest = newest(tx, visit.patient, Scope::Telehealth, Some(visit.clinician)).await?;
    let open = newest.filter(|row| row.outcome == Outcome::Given && row.state.is_none());
    if let Some(row) = open {
        tx.run_one("UPDATE consent SET state = $1 WHERE id = $2", args![state, row.id]).await?;
    }
    Ok(())
}

/// The sample page was opened. The first time counts.
pub async fn open_sample(tx: &mut Tx, patient: PatientId) -> Result<(), KeepError> {
    let sql = "INSERT INTO sample_opened (patient, at) VALUES ($1, $2) ON CONFLICT (patient) DO NOTHING";
    tx.run(sql, args![patient, tx.now()]).await?;
    Ok(())
}

pub async fn sample_is_open(conn: &mut Conn, patient: PatientId) -> Result<bool, KeepError> {
    let row = conn.row("SELECT at FROM sample_opened WHERE patient = $1", args![patient]).await?;
    Ok(row.is_some())
}

struct Answer<'a> {
    outcome: Outcome,
    method: Method,
    state: Option<&'a str>,
    for_minor: bool,
    staff: (Option<PersonId>, Option<PersonId>),
    basis: Option<Vec<u8>>,
    teach_back: Option<TeachBack>,
    file: Option<FileId>,
    name: Option<Vec<u8>>,
    /// The day on a paper that came in later, and sealed where it is kept.
    paper: Option<(UnixMillis, Vec<u8>)>,
    /// Sealed: whom it names.
    named: Option<Vec<u8>>,
    /// Which yes it renews or takes back, where several stand side by side: the first of that agreement.
    ends: Option<ConsentId>,
}

impl Answer<'_> {
    fn ending(row: &ConsentRow, outcome: Outcome) -> Answer<'static> {
        let ends = row.scope.names_somebody().then(|| row.yes());
        Answer { ends, ..Answer::without_copy(outcome) }
    }

    fn without_copy(outcome: Outcome) -> Answer<'static> {
        Answer {
            outcome,
            method: Method::Electronic,
            state: None,
            for_minor: false,
            staff: (None, None),
            basis: None,
            teach_back: None,
            file: None,
            name: None,
            paper: None,
            named: None,
            ends: None,
        }
    }
}

async fn insert(
    tx: &mut Tx,
    id: ConsentId,
    (of, text): (Of, &Text),
    answer: Answer<'_>,
) -> Result<(), KeepError> {
    match of.visit {
        Some(visit) => still_of(tx, (visit, of.patient)).await?,
        None => people::merges::must_stand(tx, of.patient).await?,
    }
    let now = tx.now();
    let number = next_number(tx, of.patient).await?;
    let (signed_at, kept) = answer.paper.unzip();
    tx.run_one(
        "INSERT INTO consent (id, patient, number, clinician, visit, participant, scope, template,
             template_version, lang, outcome, method, state, for_minor, taken_by, witness, basis, teach_back,
             text_hash, artefact, signed_name, at, signed_at, kept, named, ends)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
             $21, $22, $23, $24, $25, $26)",
        args![
            id,
            of.patient,
            number,
            of.clinician,
            of.visit,
            of.participant,
            text.scope.code(),
            text.scope.code(),
            text.version,
            text.lang.code(),
            answer.outcome.code(),
            answer.method.code(),
            answer.state,
            answer.for_minor,
            answer.staff.0,
            answer.staff.1,
            answer.basis,
            answer.teach_back.map(TeachBack::code),
            text_hash(text),
            answer.file,
            answer.name,
            now,
            signed_at,
            kept,
            answer.named,
            answer.ends
        ],
    )
    .await
}

/// There is one writer, so no other answer can take the same number.
async fn next_number(tx: &mut Tx, patient: PatientId) -> Result<i64, KeepError> {
    let newest = tx
        .row("SELECT number FROM consent WHERE patient = $1 ORDER BY number DESC LIMIT 1", args![patient])
        .await?;
    newest.map_or(Ok(1), |row| Ok(row.int("number")? + 1))
}

fn object(id: ConsentId, of: Of) -> Object {
    let object = Object::of("consent", id.text()).patient(of.patient);
    match of.visit {
        Some(visit) => object.visit(visit),
        None => object,
    }
}

/// Of the text's source, without anybody's name in it: this hash stands in a plain column.
pub(crate) fn text_hash(text: &Text) -> Vec<u8> {
    digest::digest(&digest::SHA256, text.html.as_bytes()).as_ref().to_vec()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn sealed_place<'a>(row: &'a str, column: &'static str, owner: Owner) -> Place<'a> {
    Place { table: "consent", column, row, version: ONLY_VERSION, owner }
}
