//! Reading the trail back, for officials and for "who opened my record".

use super::append::{Head, Leaf};
use super::entry::Event;
use crate::{KeepError, Viewing, args};
use policy::Access;
use vocabulary::PatientId;

/// More on one page than anybody reads.
const PAGE: i64 = 200;

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
    let limit = i64::from(search.limit).clamp(1, PAGE);
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
