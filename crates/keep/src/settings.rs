//! The practice's settings: house rules and its face to the outside. Read from memory, changed in a `Tx`.

use crate::{KeepError, Tx, args, store::Conn};
use policy::HouseRules;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub house_rules: HouseRules,
    pub face: Face,
    /// The practice is being set up: staff reach nothing but the pages that finish it.
    pub opening: bool,
}

/// How the practice shows itself on pages and in letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Face {
    pub name: String,
    /// The number a person can always call.
    pub phone: String,
    /// IANA time zone, such as `America/New_York`.
    pub zone: String,
    /// Scheme, host and port that addresses in letters begin with, without a slash at the end.
    pub origin: String,
}

impl Default for Face {
    fn default() -> Face {
        Face {
            name: "Your practice".into(),
            phone: String::new(),
            zone: "America/New_York".into(),
            origin: "http://localhost:8080".into(),
        }
    }
}

impl Tx {
    /// Everybody sees the new settings as soon as this transaction has committed.
    pub async fn save_settings(&mut self, settings: &Settings) -> Result<(), KeepError> {
        let rules = to_json(&settings.house_rules)?;
        let face = to_json(&settings.face)?;
        self.run(
            "INSERT INTO settings (id, house_rules, face, opening, changed_at)
             VALUES ('practice', $1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET house_rules = excluded.house_rules, face = excluded.face,
                 opening = excluded.opening, changed_at = excluded.changed_at",
            args![rules, face, i64::from(settings.opening), self.now()],
        )
        .await?;
        self.changes_settings(settings.clone());
        Ok(())
    }
}

pub(crate) async fn load(conn: &mut Conn) -> Result<Settings, KeepError> {
    let sql = "SELECT house_rules, face, opening FROM settings WHERE id = 'practice'";
    let Some(row) = conn.row(sql, args![]).await? else { return Ok(Settings::default()) };
    Ok(Settings {
        house_rules: from_json(row.text("house_rules")?)?,
        face: from_json(row.text("face")?)?,
        opening: row.int("opening")? != 0,
    })
}

fn to_json<T: Serialize>(value: &T) -> Result<String, KeepError> {
    serde_json::to_string(value).map_err(|_| KeepError::Shape("settings that JSON cannot hold"))
}

fn from_json<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T, KeepError> {
    serde_json::from_str(text).map_err(|_| {
        KeepError::Setup(
            "the kept settings cannot be read: this program is older than the one that wrote them".into(),
        )
    })
}
