//! Simple mode is chosen on any page, for this browser; of a patient we know it is remembered for their other
//! devices.

use crate::before::store::load_visit;
use axum::http::header;
use axum::response::Response;
use keep::{Conn, Entry, KeepError, Object, Owner, Place, Row, Tx, Viewing, args};
use policy::{Access, Act, Facts};
use serde::Deserialize;
use vocabulary::{FindingId, PatientId, Principal, Relation, Relations};
use web::{Ctx, Failure, Form, is_own_path, see_other, simple_cookie};

#[derive(Deserialize)]
pub(super) struct Choice {
    on: String,
    #[serde(default)]
    back: String,
}

/// `POST /simple`
pub(super) async fn choose(ctx: Ctx, Form(choice): Form<Choice>) -> Result<Response, Failure> {
    let on = choice.on == "yes";
    if let Some((patient, access)) = own_patient(&ctx).await? {
        let mut tx = ctx.keep.begin().await?;
        let id = remember(&mut tx, patient, on).await?;
        tx.commit(&access, Entry::new(Object::of("simple_mode", id).patient(patient))).await?;
    }
    let back = if is_own_path(&choice.back) { choice.back.as_str() } else { "/try" };
    let mut response = see_other(back);
    response.headers_mut().append(header::SET_COOKIE, simple_cookie(on));
    Ok(response)
}

/// One row of each chart: two only after two charts became one, and then the newer one counts.
async fn newest(conn: &mut Conn, patient: PatientId) -> Result<Option<Row>, KeepError> {
    conn.row(
        "SELECT id, chosen, version FROM simple_mode WHERE patient = $1 ORDER BY id DESC LIMIT 1",
        args![patient],
    )
    .await
}

/// The id of the row.
async fn remember(tx: &mut Tx, patient: PatientId, on: bool) -> Result<String, KeepError> {
    let (id, before) = match newest(tx, patient).await? {
        Some(row) => (row.text("id")?.to_owned(), row.int("version")?),
        None => (FindingId::new(tx.now(), tx.entropy()).text(), 0),
    };
    let chosen = tx.seal(&place((&id, before + 1), patient), if on { YES } else { NO })?;
    tx.run_one(
        "INSERT INTO simple_mode (id, patient, chosen, version) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET chosen = excluded.chosen, version = excluded.version
         WHERE simple_mode.version = excluded.version - 1",
        args![id.as_str(), patient, chosen, before + 1],
    )
    .await?;
    Ok(id)
}

/// What this patient chose once; none when they never did.
pub(crate) async fn remembered(
    view: &mut Viewing,
    access: &Access,
    patient: PatientId,
) -> Result<Option<bool>, KeepError> {
    let Some(row) = newest(view, patient).await? else { return Ok(None) };
    let place = place((row.text("id")?, row.int("version")?), patient);
    Ok(Some(view.unseal(access, &place, row.blob("chosen")?)?.as_slice() == YES))
}

/// Says something of a patient's health, like what helps them.
fn place((row, version): (&str, i64), patient: PatientId) -> Place<'_> {
    Place { table: "simple_mode", column: "chosen", row, version, owner: Owner::Patient(patient) }
}

/// Of one length.
const YES: &[u8] = b"yes";
const NO: &[u8] = b"no ";

/// Of the patient themselves alone: whoever comes along keeps it in their own browser.
async fn own_patient(ctx: &Ctx) -> Result<Option<(PatientId, Access)>, Failure> {
    let patient = match ctx.who {
        Principal::Patient { patient, .. } => patient,
        Principal::Guest { visit, participant, known: true, .. } => {
            let mut read = ctx.keep.read().await?;
            let row = crate::before::store::participant(&mut read, participant).await?;
            match row.patient {
                Some(_) => load_visit(&mut read, visit).await?.patient,
                None => return Ok(None),
            }
        }
        _ => return Ok(None),
    };
    let relations = Relations::NONE.with(Relation::Patient);
    let facts = Facts { relations, patient: Some(patient), ..Facts::default() };
    Ok(Some((patient, ctx.decide(Act::ChooseSimple, &facts).await?)))
}
