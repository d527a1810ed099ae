//! SQL of the table `consent`, and the signed copies.

use super::artefact::{Signature, artefact};
use super::rules::{Outcome, Standing};
use super::texts::{Filling, Text};
use crate::before::store::{ParticipantRow, VisitRow};
use aws_lc_rs::digest;
use keep::{Conn, Entry, KeepError, Object, Owner, Place, Row, Tx, Viewing, args};
use policy::Access;
use vocabulary::{ConsentId, FileId, Lang, ParticipantId, PatientId, PersonId, UnixMillis, VisitId};
use web::Words;

const SCOPE: &str = "telehealth";
const LISTED_MAX: i64 = 200;
/// Rows are never changed, so their place needs no newer number.
const ONLY_VERSION: i64 = 1;

#[derive(Clone, Debug)]
pub struct ConsentRow {
    pub id: ConsentId,
    pub patient: PatientId,
    pub clinician: PersonId,
    pub visit: VisitId,
    pub participant: ParticipantId,
    pub template_version: String,
    pub lang: Lang,
    pub outcome: Outcome,
    pub artefact: Option<FileId>,
    pub at: UnixMillis,
}

/// Everything a signature needs. Holds a name, so it has no `Debug`.
pub struct Signing<'a> {
    pub visit: &'a VisitRow,
    pub participant: &'a ParticipantRow,
    pub text: &'static Text,
    pub filling: &'a Filling,
    /// As typed by the signer.
    pub signed_name: &'a str,
    pub device: &'a str,
    pub words: &'a Words,
    pub zone: &'a str,
}

impl ConsentRow {
    pub fn standing(&self) -> Standing<'_> {
        Standing {
            outcome: self.outcome,
            clinician: self.clinician,
            template_version: &self.template_version,
            at: self.at,
        }
    }
}

/// Records a "yes" with its signed copy. The entry is for the commit that follows.
pub async fn give(tx: &mut Tx, signing: &Signing<'_>) -> Result<(ConsentId, Entry), KeepError> {
    let id = ConsentId::new(tx.now(), tx.entropy());
    let words = signing.words.in_lang(signing.text.lang).plain();
    let hash = text_hash(signing.text);
    let at = format!("{} ({})", words.day_and_time(tx.now(), signing.zone), signing.zone);
    let signed =
        Signature { name: signing.signed_name, at: &at, device: signing.device, text_hash: &hex(&hash) };
    let document = artefact(signing.text, signing.filling, &signed, &words).into_bytes();
    let document_hash = hex(digest::digest(&digest::SHA256, &document).as_ref());
    let owner = Owner::Patient(signing.visit.patient);
    let file = tx.put_file(owner, "consent", document).await?;
    let name = tx.seal_text(&name_place(&id.text(), owner), signing.signed_name)?;
    let answer = Answer { id, outcome: Outcome::Given, file: Some(file), name: Some(name) };
    insert(tx, signing.visit, signing.participant, signing.text, &answer).await?;
    let entry = Entry::new(Object::of("consent", id.text()))
        .detail("scope", SCOPE)
        .detail("version", signing.text.version)
        .detail("lang", signing.text.lang.code())
        .detail("copy_sha256", document_hash);
    Ok((id, entry))
}

/// Records a "no". The entry is for the commit that follows.
pub async fn refuse(
    tx: &mut Tx,
    visit: &VisitRow,
    participant: &ParticipantRow,
    text: &'static Text,
) -> Result<(ConsentId, Entry), KeepError> {
    say_no(tx, visit, participant, (text, Outcome::Refused)).await
}

/// Records a "no" of the given kind: refused before, or withdrawn after a "yes".
pub async fn say_no(
    tx: &mut Tx,
    visit: &VisitRow,
    participant: &ParticipantRow,
    (text, outcome): (&'static Text, Outcome),
) -> Result<(ConsentId, Entry), KeepError> {
    let id = ConsentId::new(tx.now(), tx.entropy());
    insert(tx, visit, participant, text, &Answer { id, outcome, file: None, name: None }).await?;
    let entry = Entry::new(Object::of("consent", id.text()))
        .detail("scope", SCOPE)
        .detail("outcome", outcome.code())
        .detail("version", text.version);
    Ok((id, entry))
}

/// The newest answer of this patient to this clinician.
pub async fn newest(
    conn: &mut Conn,
    patient: PatientId,
    clinician: PersonId,
) -> Result<Option<ConsentRow>, KeepError> {
    let row = conn
        .row(
            "SELECT id, patient, clinician, visit, participant, template_version, lang, outcome, artefact, at
             FROM consent WHERE patient = $1 AND clinician = $2 AND scope = 'telehealth'
             ORDER BY number DESC LIMIT 1",
            args![patient, clinician],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// The newest first.
pub async fn of_patient(conn: &mut Conn, patient: PatientId) -> Result<Vec<ConsentRow>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, patient, clinician, visit, participant, template_version, lang, outcome, artefact, at
             FROM consent WHERE patient = $1 ORDER BY number DESC LIMIT $2",
            args![patient, LISTED_MAX],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// The newest first.
pub async fn of_visit(conn: &mut Conn, visit: VisitId) -> Result<Vec<ConsentRow>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, patient, clinician, visit, participant, template_version, lang, outcome, artefact, at
             FROM consent WHERE visit = $1 ORDER BY number DESC LIMIT $2",
            args![visit, LISTED_MAX],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// The signed page, byte for byte. `KeepError::NotFound` for an answer that has none.
pub async fn copy(view: &mut Viewing, access: &Access, row: &ConsentRow) -> Result<Vec<u8>, KeepError> {
    let file = row.artefact.ok_or(KeepError::NotFound)?;
    Ok(view.file(access, file).await?.to_vec())
}

struct Answer {
    id: ConsentId,
    outcome: Outcome,
    file: Option<FileId>,
    name: Option<Vec<u8>>,
}

async fn insert(
    tx: &mut Tx,
    visit: &VisitRow,
    participant: &ParticipantRow,
    text: &Text,
    answer: &Answer,
) -> Result<(), KeepError> {
    let now = tx.now();
    let number = next_number(tx, visit.patient).await?;
    tx.run_one(
        "INSERT INTO consent (id, patient, number, clinician, visit, participant, scope, template,
             template_version, lang, outcome, text_hash, artefact, signed_name, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        args![
            answer.id,
            visit.patient,
            number,
            visit.clinician,
            visit.id,
            participant.id,
            SCOPE,
            text.template,
            text.version,
            text.lang.code(),
            answer.outcome.code(),
            text_hash(text),
            answer.file,
            answer.name.clone(),
            now
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

/// Of the text's source, without anybody's name in it: this hash stands in a plain column.
fn text_hash(text: &Text) -> Vec<u8> {
    digest::digest(&digest::SHA256, text.html.as_bytes()).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn name_place(row: &str, owner: Owner) -> Place<'_> {
    Place { table: "consent", column: "signed_name", row, version: ONLY_VERSION, owner }
}

fn read(row: &Row) -> Result<ConsentRow, KeepError> {
    Ok(ConsentRow {
        id: row.parsed("id", ConsentId::parse)?,
        patient: row.parsed("patient", PatientId::parse)?,
        clinician: row.parsed("clinician", PersonId::parse)?,
        visit: row.parsed("visit", VisitId::parse)?,
        participant: row.parsed("participant", ParticipantId::parse)?,
        template_version: row.text("template_version")?.to_owned(),
        lang: row.parsed("lang", Lang::parse)?,
        outcome: row.parsed("outcome", Outcome::parse)?,
        artefact: row.opt_parsed("artefact", FileId::parse)?,
        at: row.time("at")?,
    })
}
