//! Facts about what stands to the left of this slice, the vault and the accounts, and about its own records.

use super::rules::Seen;
use super::{Fact, Observer, UNKNOWN, World};
use crate::{inventory, trail_reviews, vendors};
use keep::{BoxFuture, KeepError};
use people::counts;
use vocabulary::DAY_MS;

/// Sessions that nobody uses end within these (R17).
const STAFF_IDLE_MIN: i64 = 15;
const PATIENT_IDLE_MIN: i64 = 30;

/// The vault: is it sealed, and how old are its keys.
pub struct OfKeep;

impl Observer for OfKeep {
    fn facts(&self) -> &'static [Fact] {
        const { &[Fact::answer("vault-sealed"), Fact::sign("key-age")] }
    }

    fn look<'a>(&'a self, fact: &'static str, world: World<'a>) -> BoxFuture<'a, Result<Seen, KeepError>> {
        Box::pin(async move {
            match fact {
                "vault-sealed" => Ok(share(world.keep.sealed_share(world.conn).await?)),
                "key-age" => {
                    let made = world.keep.oldest_data_key().await?;
                    Ok(made.map_or(Seen::Nothing, |at| Seen::Days(world.now.since(at).max(0) / DAY_MS)))
                }
                _ => Err(UNKNOWN),
            }
        })
    }
}

/// The accounts and who may open what.
pub struct OfPeople;

impl Observer for OfPeople {
    fn facts(&self) -> &'static [Fact] {
        const {
            &[
                Fact::answer("strong-sign-in"),
                Fact::answer("idle-accounts"),
                Fact::answer("teams-confirmed"),
                Fact::answer("emergencies-reviewed"),
            ]
        }
    }

    fn look<'a>(&'a self, fact: &'static str, world: World<'a>) -> BoxFuture<'a, Result<Seen, KeepError>> {
        Box::pin(async move {
            let World { conn, now, .. } = world;
            let counted = match fact {
                "strong-sign-in" => counts::strong_sign_in(conn).await?,
                "idle-accounts" => counts::in_use(conn, now).await?,
                "teams-confirmed" => counts::teams_confirmed(conn, now).await?,
                "emergencies-reviewed" => counts::emergencies_reviewed(conn, now).await?,
                _ => return Err(UNKNOWN),
            };
            Ok(share(counted))
        })
    }
}

/// The practice's own records and rules.
pub struct OfPractice;

impl Observer for OfPractice {
    fn facts(&self) -> &'static [Fact] {
        const {
            &[
                Fact::answer("agreements-active"),
                Fact::answer("trail-read"),
                Fact::answer("inventory-looked"),
                Fact::answer("idle-limit"),
                Fact::sign("transport-encrypted"),
            ]
        }
    }

    fn look<'a>(&'a self, fact: &'static str, world: World<'a>) -> BoxFuture<'a, Result<Seen, KeepError>> {
        Box::pin(async move {
            let World { keep, conn, now } = world;
            let settings = keep.settings();
            let rules = &settings.house_rules;
            Ok(share(match fact {
                "agreements-active" => vendors::covered(conn, now).await?,
                "trail-read" => trail_reviews::read(conn, &settings.face.zone, now).await?,
                "inventory-looked" => inventory::reviewed(conn, now).await?,
                "idle-limit" => {
                    let kept =
                        [rules.staff_idle_min <= STAFF_IDLE_MIN, rules.patient_idle_min <= PATIENT_IDLE_MIN];
                    (kept.iter().filter(|is| **is).count() as i64, kept.len() as i64)
                }
                "transport-encrypted" => (i64::from(settings.face.origin.starts_with("https://")), 1),
                _ => return Err(UNKNOWN),
            }))
        })
    }
}

fn share((part, whole): (i64, i64)) -> Seen {
    Seen::Share { part, whole }
}
