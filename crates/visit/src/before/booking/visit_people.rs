//! Everybody of one visit, as its page lists them.

use crate::before::badges::Badge;
use crate::before::companions;
use crate::before::identity;
use crate::before::spoken::{self, Said};
use crate::before::store::{VisitRow, participants};
use crate::before::waiving;
use keep::{KeepError, Viewing};
use people::patients::Names;
use policy::{Access, Act};
use web::Ctx;

pub(super) struct Person {
    pub id: String,
    pub name: String,
    pub part: &'static str,
    pub state: String,
    /// What came of comparing their six digits.
    pub spoken: Option<Said>,
    /// Has a link and a code that can be made anew.
    pub invited: bool,
    pub may_go: bool,
    /// What came of looking at who they are; none for the staff.
    pub identity: Option<Badge>,
    /// The house asks them for the checks, and this reader may waive those.
    pub may_waive: bool,
}

pub(super) async fn people_of(
    ctx: &Ctx,
    access: &Access,
    view: &mut Viewing,
    visit: &VisitRow,
) -> Result<Vec<Person>, KeepError> {
    let names = ctx.plugged::<Names>();
    let mut people = Vec::new();
    let known = participants(view, visit.id).await?;
    // Whoever was put out because the digits did not match belongs to the record.
    let checks = identity::seats::of_visit(view, visit.id).await?;
    for row in known.iter().filter(|row| checks.expects(row, ctx.now) || row.spoken.is_some()) {
        let name = match (row.person, row.patient) {
            (Some(person), _) => names.staff(person),
            (None, Some(patient)) => names.patient(access, patient),
            (None, None) => companions::name(view, access, (row.id, visit.patient)).await?,
        };
        let goes_on = !visit.state.is_over();
        let may_waive = goes_on && ctx.allowed(Act::WaiveReadiness, access.facts());
        let identity = match row.person {
            None => Some(identity::badge(identity::newest(view, row.id).await?.as_ref(), &ctx.words)),
            Some(_) => None,
        };
        people.push(Person {
            identity,
            id: row.id.text(),
            name: name.map(|name| name.reveal().to_owned()).unwrap_or_default(),
            part: row.part.word(),
            state: ctx.words.t(&format!("participant-{}", row.state.code().replace('_', "-"))),
            spoken: spoken::said(row, &ctx.words, ctx.zone()),
            invited: goes_on && row.part.comes_by_code(),
            may_go: goes_on && row.part.can_be_withdrawn(),
            may_waive: may_waive && waiving::is_missing(view, &ctx.settings.house_rules, row).await?,
        });
    }
    Ok(people)
}
