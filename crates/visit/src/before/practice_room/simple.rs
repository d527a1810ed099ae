//! Simple mode is chosen on any page, for this browser; of a patient we know it is remembered for their other
//! devices.

use crate::before::store::load_visit;
use axum::http::header;
use axum::response::Response;
use keep::{Conn, Entry, KeepError, Object, args};
use policy::{Access, Act, Facts};
use serde::Deserialize;
use vocabulary::{PatientId, Principal, Relation, Relations};
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
        tx.run_one(
            "INSERT INTO simple_mode (whose, chosen, version) VALUES ($1, $2, 1)
             ON CONFLICT (whose) DO UPDATE SET chosen = excluded.chosen, version = simple_mode.version + 1",
            args![patient, on],
        )
        .await?;
        let object = Object::of("simple_mode", patient.text()).patient(patient);
        tx.commit(&access, Entry::new(object).detail("on", if on { "yes" } else { "no" })).await?;
    }
    let back = if is_own_path(&choice.back) { choice.back.as_str() } else { "/try" };
    let mut response = see_other(back);
    response.headers_mut().append(header::SET_COOKIE, simple_cookie(on));
    Ok(response)
}

/// What this patient chose once; none when they never did.
pub(crate) async fn remembered(conn: &mut Conn, patient: PatientId) -> Result<Option<bool>, KeepError> {
    let row = conn.row("SELECT chosen FROM simple_mode WHERE whose = $1", args![patient]).await?;
    row.map(|row| row.flag("chosen")).transpose()
}

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
