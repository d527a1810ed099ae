//! When a link opens the page that sets up a way in. Pure.

use vocabulary::UnixMillis;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new colleague.
    Join,
    /// Two administrators let somebody in again.
    Recover,
    /// A saved code was spent.
    SavedCode,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub opens_at: UnixMillis,
    pub expires_at: UnixMillis,
    pub over_at: Option<UnixMillis>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Forged, mistyped, used, replaced or too late: from outside all the same.
    Over,
    /// The delay in which the account's owner can object.
    NotYet { opens_at: UnixMillis },
}

impl Purpose {
    pub const ALL: [Purpose; 3] = [Purpose::Join, Purpose::Recover, Purpose::SavedCode];

    pub fn code(self) -> &'static str {
        match self {
            Purpose::Join => "join",
            Purpose::Recover => "recover",
            Purpose::SavedCode => "saved_code",
        }
    }

    pub fn parse(code: &str) -> Option<Purpose> {
        Purpose::ALL.into_iter().find(|purpose| purpose.code() == code)
    }
}

pub fn opens(standing: &Standing, now: UnixMillis) -> Result<(), Closed> {
    if standing.over_at.is_some() || now >= standing.expires_at {
        return Err(Closed::Over);
    }
    if now < standing.opens_at {
        return Err(Closed::NotYet { opens_at: standing.opens_at });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_between_its_two_moments_and_once() {
        let (opens_at, expires_at) = (UnixMillis(1_000), UnixMillis(2_000));
        let standing = Standing { opens_at, expires_at, over_at: None };
        for (now, expected) in [
            (999, Err(Closed::NotYet { opens_at })),
            (1_000, Ok(())),
            (1_999, Ok(())),
            (2_000, Err(Closed::Over)),
        ] {
            assert_eq!(opens(&standing, UnixMillis(now)), expected, "{now}");
        }
        let used = Standing { over_at: Some(UnixMillis(1_100)), ..standing };
        assert_eq!(opens(&used, UnixMillis(1_200)), Err(Closed::Over));
        assert_eq!(opens(&used, UnixMillis(900)), Err(Closed::Over));
    }

    #[test]
    fn purposes_survive_the_database() {
        for purpose in Purpose::ALL {
            assert_eq!(Purpose::parse(purpose.code()), Some(purpose));
        }
    }
}
