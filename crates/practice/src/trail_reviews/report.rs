//! Reads a month of the trail and counts what stands out.

use super::places::Place;
use super::rules::{Month, Report, Seen, same_family};
use keep::Viewing;
use keep::trail::{Event, Filter, Outcome, Search, before, search};
use people::patients::Names;
use policy::Access;
use std::collections::HashMap;
use vocabulary::{PatientId, PersonId, UnixMillis};
use web::{Ctx, Failure};

/// Entries of one month that are looked through; the page says so when there were more.
pub const ENTRIES_MAX: u64 = 100_000;
/// Read at once.
const PAGE: u32 = 200;

/// The report, and whether it covers the whole month.
pub async fn of(
    ctx: &Ctx,
    access: &Access,
    view: &mut Viewing,
    month: Month,
) -> Result<(Report, bool), Failure> {
    let zone = ctx.zone();
    let ends: UnixMillis = month.ends(zone);
    let filter =
        Filter { from: Some(month.begins(zone)), until: Some(ends.plus_ms(-1)), ..Filter::default() };
    let mut from = Search { before: Some(before(view, ends).await?), limit: PAGE, ..Search::default() };
    let mut names = Pairs { ctx, access, known: HashMap::new() };
    let mut report = Report::default();
    while report.entries < ENTRIES_MAX {
        let found = search(view, access, from, &filter).await?;
        found.events.iter().for_each(|event| names.add(&mut report, event));
        match found.next {
            Some(next) => from.before = Some(next),
            None => return Ok((report, true)),
        }
    }
    Ok((report, false))
}

/// Remembers who shares a family name with whom: the same pair comes again and again.
struct Pairs<'a> {
    ctx: &'a Ctx,
    access: &'a Access,
    known: HashMap<(PersonId, PatientId), bool>,
}

impl Pairs<'_> {
    fn add(&mut self, report: &mut Report, event: &Event) {
        let Some(body) = &event.body else { return };
        let staff = (body.who.kind == "staff").then_some(body.who.id.as_str());
        let patient = body.patient.map(|id| id.text());
        let same_name = match (staff.and_then(PersonId::parse), body.patient) {
            (Some(person), Some(patient)) => self.same(person, patient),
            _ => false,
        };
        let seen = Seen {
            at: event.at,
            act: &body.act,
            staff,
            patient: patient.as_deref(),
            refused: body.outcome == Outcome::Refused,
            same_name,
            place: staff.map(|_| Place {
                session: body.who.session.clone(),
                device: body.who.device.clone(),
                address: body.who.address.parse().ok(),
            }),
        };
        report.add(&seen, self.ctx.zone());
    }

    fn same(&mut self, person: PersonId, patient: PatientId) -> bool {
        if let Some(same) = self.known.get(&(person, patient)) {
            return *same;
        }
        let names = self.ctx.plugged::<Names>();
        let same = match (names.staff(person), names.patient(self.access, patient)) {
            (Some(one), Some(other)) => same_family(one.reveal(), other.reveal()),
            _ => false,
        };
        self.known.insert((person, patient), same);
        same
    }
}
