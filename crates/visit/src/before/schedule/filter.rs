//! Which clinician and which site day and week show, kept in the address as random ids; and the row of seven
//! days above both.

use super::store::count_of;
use crate::before::booking::when;
use crate::before::rules::VisitState;
use jiff::civil::Date;
use keep::{Conn, KeepError};
use people::patients::Names;
use people::staff;
use practice::set_up::site_names;
use serde::Deserialize;
use vocabulary::{PersonId, Principal, Role, SiteId, UnixMillis};
use web::{Ctx, Failure};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    pub day: String,
    pub with: String,
    pub site: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Only the visits this account hosts, or is a deputy of.
    pub with: Option<PersonId>,
    pub site: Option<SiteId>,
    /// Not chosen: this reader sees no others.
    pub own_only: bool,
    /// Delegations count that hold at this moment.
    pub now: UnixMillis,
}

pub(crate) struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

/// The form that narrows the list. Empty lists are not shown.
pub(crate) struct Bar {
    /// `/day` or `/day/week`.
    pub action: &'static str,
    pub day: String,
    pub clinicians: Vec<Choice>,
    pub sites: Vec<Choice>,
    /// Something is left out.
    pub narrows: bool,
}

pub(crate) struct StripDay {
    pub href: String,
    /// "Sat", "sáb"
    pub short: String,
    pub number: i8,
    /// What a screen reader says: "Saturday, November 21: 3 visits".
    pub label: String,
    pub count: i64,
    pub current: bool,
}

impl Filter {
    /// Desk and assistants see everybody's visits; a clinician without such a role sees their own.
    pub fn of(ctx: &Ctx, asked: &Asked) -> Filter {
        let own = match ctx.who {
            Principal::Staff { person, roles, .. } if !roles.has_any(&[Role::Desk, Role::Assistant]) => {
                Some(person)
            }
            _ => None,
        };
        Filter {
            with: own.or_else(|| PersonId::parse(&asked.with)),
            site: SiteId::parse(&asked.site),
            own_only: own.is_some(),
            now: ctx.now,
        }
    }

    /// `&with=..&site=..`, for an address that has its day already.
    pub fn query(&self) -> String {
        let with = self.with.filter(|_| !self.own_only).map(|id| format!("&with={}", id.text()));
        let site = self.site.map(|id| format!("&site={}", id.text()));
        format!("{}{}", with.unwrap_or_default(), site.unwrap_or_default())
    }
}

pub(crate) async fn bar(
    ctx: &Ctx,
    conn: &mut Conn,
    (action, day): (&'static str, Date),
    filter: &Filter,
) -> Result<Bar, KeepError> {
    let mut people = Vec::new();
    if !filter.own_only {
        for id in clinicians(conn).await? {
            let chosen = filter.with == Some(id);
            people.push(Choice { value: id.text(), label: staff_name(ctx, id), chosen });
        }
        people.sort_by(|a, b| a.label.cmp(&b.label));
    }
    let sites = site_names(conn).await?.into_iter();
    let sites = sites.map(|(id, label)| Choice { value: id.text(), label, chosen: filter.site == Some(id) });
    let narrows = filter.site.is_some() || (filter.with.is_some() && !filter.own_only);
    Ok(Bar { action, day: day.to_string(), clinicians: people, sites: sites.collect(), narrows })
}

/// The seven days of the week of `day`, Sunday first, with how many visits each has.
pub(crate) async fn strip(
    ctx: &Ctx,
    conn: &mut Conn,
    (path, day): (&str, Date),
    filter: &Filter,
) -> Result<Vec<StripDay>, Failure> {
    let zone = ctx.zone();
    let week = when::week_of(day);
    let mut days = Vec::new();
    for one in week {
        let span = when::span_of(one, zone).map_err(|_| no_zone())?;
        let count = count_of(conn, filter, span).await?;
        let name = ctx.words.day(span.0, zone);
        let said = ctx.words.with("day-count", &[("n", count.into())]);
        days.push(StripDay {
            href: format!("{path}?day={one}{}", filter.query()),
            short: name.chars().take(3).collect(),
            number: one.day(),
            label: format!("{name}: {said}"),
            count,
            current: one == day,
        });
    }
    Ok(days)
}

/// Active accounts that see patients.
pub(crate) async fn clinicians(conn: &mut Conn) -> Result<Vec<PersonId>, KeepError> {
    let all = staff::list(conn).await?;
    let active =
        |person: &staff::Person| person.roles.has(Role::Clinician) && person.state == staff::State::Active;
    Ok(all.iter().filter(|person| active(person)).map(|person| person.id).collect())
}

pub(crate) fn staff_name(ctx: &Ctx, id: PersonId) -> String {
    ctx.plugged::<Names>().staff(id).map(|name| name.reveal().to_owned()).unwrap_or_default()
}

pub(super) fn takes_place(state: VisitState) -> bool {
    !matches!(state, VisitState::Cancelled | VisitState::NoShow)
}

pub(super) fn no_zone() -> Failure {
    Failure::broken("the practice's time zone is not known to this machine")
}
