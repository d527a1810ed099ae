//! Reading the trail back, for officials and for "who opened my record".

use super::append::{Head, Leaf};
use super::entry::{Body, Event};
use crate::store::Conn;
use crate::{KeepError, Viewing, args};
use policy::Access;
use vocabulary::{PatientId, UnixMillis};

/// More on one page than anybody reads.
const PAGE: u32 = 200;

/// Which entries, newest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Search {
    /// Only entries before this index; `None` begins with the newest.
    pub before: Option<u64>,
    /// Only entries about this patient.
    pub patient: Option<PatientId>,
    /// At most this many, and never more than 200.
    pub limit: u32,
}

/// Entries looked through for one answer: bodies are sealed, so each must be opened to be compared.
const LOOKED_THROUGH: usize = 5_000;

/// What the body of a wanted entry says, and when it was written.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The random id of whoever acted.
    pub actor: Option<String>,
    /// `policy::Act::code`.
    pub act: Option<String>,
    pub from: Option<UnixMillis>,
    /// Not after this moment.
    pub until: Option<UnixMillis>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub events: Vec<Event>,
    /// Where to go on with `Search::before`; `None` when everything was looked through.
    pub next: Option<u64>,
}

impl Filter {
    fn wants(&self, event: &Event) -> bool {
        let in_time = self.from.is_none_or(|from| from.0 <= event.at.0)
            && self.until.is_none_or(|until| event.at.0 <= until.0);
        let says = |body: &Body| {
            self.actor.as_ref().is_none_or(|actor| *actor == body.who.id)
                && self.act.as_ref().is_none_or(|act| *act == body.act)
        };
        let any = self.actor.is_none() && self.act.is_none();
        in_time && event.body.as_ref().map_or(any, says)
    }
}

/// Entries that the filter wants, newest first, as far as one look reaches.
pub async fn search(
    viewing: &mut Viewing,
    access: &Access,
    search: Search,
    filter: &Filter,
) -> Result<Found, KeepError> {
    let limit = usize::try_from(search.limit).unwrap_or(usize::MAX).clamp(1, PAGE as usize);
    let (mut events, mut before, mut looked) = (Vec::new(), search.before, 0);
    loop {
        let page = entries(viewing, access, Search { before, limit: PAGE, ..search }).await?;
        let Some(last) = page.last().map(|event| (event.index, event.at)) else {
            return Ok(Found { events, next: None });
        };
        for event in page {
            (before, looked) = (Some(event.index), looked + 1);
            if filter.wants(&event) {
                events.push(event);
            }
            if events.len() == limit {
                return Ok(Found { events, next: before });
            }
        }
        if filter.from.is_some_and(|from| last.1.0 < from.0) {
            return Ok(Found { events, next: None });
        }
        if looked >= LOOKED_THROUGH {
            return Ok(Found { events, next: before });
        }
    }
}

/// When the first entry was written.
pub async fn began(conn: &mut Conn) -> Result<Option<UnixMillis>, KeepError> {
    let row = conn.row("SELECT at FROM trail_leaf ORDER BY idx LIMIT 1", args![]).await?;
    row.map(|row| row.time("at")).transpose()
}

/// Where a search begins whose newest entry was written before this moment.
pub async fn before(conn: &mut Conn, at: UnixMillis) -> Result<u64, KeepError> {
    let sql = "SELECT idx FROM trail_leaf WHERE at < $1 ORDER BY idx DESC LIMIT 1";
    let row = conn.row(sql, args![at]).await?;
    let newest = row.map(|row| row.int("idx")).transpose()?.unwrap_or(-1);
    Ok(u64::try_from(newest + 1).unwrap_or(0))
}

/// The view itself is an entry already: it was written when `viewing` was made.
pub async fn entries(
    viewing: &mut Viewing,
    access: &Access,
    search: Search,
) -> Result<Vec<Event>, KeepError> {
    if access.patient().is_some() && access.patient() != search.patient {
        return Err(KeepError::Proof);
    }
    let epoch = Head::load(viewing).await?.map_or(0, |head| head.epoch);
    let before = search.before.and_then(|index| i64::try_from(index).ok()).unwrap_or(i64::MAX);
    let limit = i64::from(search.limit.clamp(1, PAGE));
    let rows = match search.patient {
        None => {
            let sql = "SELECT idx, at, owner, body, touched, said FROM trail_leaf WHERE idx < $1
                       ORDER BY idx DESC LIMIT $2";
            viewing.rows(sql, args![before, limit]).await?
        }
        Some(patient) => {
            let sql =
                "SELECT idx, at, owner, body, touched, said FROM trail_leaf WHERE idx < $1 AND owner = $2
                       ORDER BY idx DESC LIMIT $3";
            viewing.rows(sql, args![before, patient, limit]).await?
        }
    };
    rows.iter()
        .map(|row| {
            let leaf = Leaf::read(row)?;
            let body = leaf.open(viewing.vault(), epoch)?;
            Ok(Event { index: u64::try_from(leaf.idx).unwrap_or(0), at: leaf.at, body })
        })
        .collect()
}
