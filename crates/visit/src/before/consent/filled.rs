//! What a text is filled with, and what a signature needs to know about the patient, loaded once for every
//! page that shows or signs one.

use super::rules::ends;
use super::texts::{Filling, Named, Text};
use super::{Outcome, current, end, of_patient};
use crate::before::check_in::with_credentials;
use keep::{Object, Viewing};
use people::patients::{self, day_in};
use policy::{Access, Act, Facts, decide};
use vocabulary::{PatientId, PersonId, Principal};
use web::{Ctx, Failure};

pub(crate) async fn filling(
    ctx: &Ctx,
    view: &mut Viewing,
    access: &Access,
    (text, patient, clinician): (&Text, PatientId, Option<PersonId>),
    named: Named,
) -> Result<Filling, Failure> {
    let name = patients::name(view, access, patient).await?;
    let clinician = match clinician {
        Some(id) => {
            let host = people::staff::load(view, id).await?.ok_or(Failure::NotFound)?;
            let name = people::staff::shown_name(view, access, id).await?;
            with_credentials(name.reveal(), &host.credentials)
        }
        None => String::new(),
    };
    Ok(Filling {
        patient: name.reveal().to_owned(),
        practice: ctx.settings.face.name.clone(),
        phone: ctx.settings.face.phone.clone(),
        clinician,
        until: ctx.words.in_lang(text.lang).date(ends(ctx.now), ctx.zone()),
        named,
    })
}

/// Whether the patient is not of age today, where the practice is.
pub(crate) async fn is_minor(
    ctx: &Ctx,
    view: &mut Viewing,
    access: &Access,
    patient: PatientId,
) -> Result<bool, Failure> {
    let born = patients::birth_date(view, access, patient).await?;
    Ok(!born.is_of_age(day_in(ctx.now, ctx.zone())))
}

/// Told to a patient who is not of age and signs alone. The laws on who may differ: the practice decides with
/// a reason that is written down, when staff take the consent.
pub(crate) fn minor_alone(ctx: &Ctx, text: &Text) -> String {
    ctx.words
        .in_lang(text.lang)
        .with("consent-minor-alone", &[("phone", ctx.settings.face.phone.as_str().into())])
}

/// Somebody who has come of age since is asked for themselves: what was agreed for them before ends (R64).
pub(crate) async fn end_those_of_minors(
    ctx: &Ctx,
    access: &Access,
    patient: PatientId,
) -> Result<(), Failure> {
    let mut read = ctx.keep.read().await?;
    let all = of_patient(&mut read, patient).await?;
    drop(read);
    let standing: Vec<_> =
        current(&all).filter(|row| row.for_minor && row.outcome == Outcome::Given).collect();
    if standing.is_empty() {
        return Ok(());
    }
    let mut view = ctx.keep.view(access, Object::of("patient", patient.text())).await?;
    let minor = is_minor(ctx, &mut view, access, patient).await?;
    drop(view);
    if minor {
        return Ok(());
    }
    for row in standing {
        let facts = Facts { patient: Some(patient), visit: row.of.visit, ..Facts::default() };
        let program = decide(&Principal::System, &facts, Act::KeepVisit)?;
        let mut tx = ctx.keep.begin().await?;
        let entry = end(&mut tx, row).await?;
        tx.commit(&program, entry).await?;
    }
    Ok(())
}
