//! A visit that somebody asks for by its id.

use super::store::{VisitRow, facts_of, load_visit};
use keep::{KeepError, Object};
use policy::{Access, Act, Facts};
use vocabulary::VisitId;
use web::{Ctx, Failure};

/// The visit and the proof that this person may do this to it. One that is not there is refused as one that
/// is somebody else's: with an entry, and in the same time.
pub(crate) async fn load(ctx: &Ctx, id: &str, act: Act) -> Result<(VisitRow, Access), Failure> {
    let id = VisitId::parse(id).ok_or(Failure::NotFound)?;
    let mut read = ctx.keep.read().await?;
    let visit = match load_visit(&mut read, id).await {
        Err(KeepError::NotFound) => {
            drop(read);
            ctx.keep.refused(&ctx.who, act, Object::of("visit", id.text()), "not_there").await?;
            return Err(Failure::NotFound);
        }
        found => found?,
    };
    let only_host_waives = !ctx.settings.house_rules.desk_may_waive;
    let facts = Facts { only_host_waives, ..facts_of(&mut read, &ctx.who, &visit, ctx.now).await? };
    drop(read);
    let access = ctx.decide(act, &facts).await?;
    Ok((visit, access))
}
