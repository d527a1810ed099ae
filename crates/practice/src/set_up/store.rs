//! SQL of the tables `set_up` and `site`.

use keep::{Conn, KeepError, Tx, args};
use vocabulary::SiteId;

/// More sites than this are not listed.
const SITES_MAX: i64 = 200;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub covered_entity: String,
    pub part_2: String,
    pub federal_funds: String,
    pub complaints_to: String,
    pub complaints_phone: String,
    pub complaints_email: String,
    pub kit_tried: bool,
}

pub struct Site {
    pub name: String,
    pub address: String,
    pub state: String,
}

pub async fn load(conn: &mut Conn) -> Result<Said, KeepError> {
    let row = conn
        .row(
            "SELECT covered_entity, part_2, federal_funds, complaints_to, complaints_phone,
                 complaints_email, kit_tried_at
             FROM set_up WHERE id = 'practice'",
            args![],
        )
        .await?;
    let Some(row) = row else { return Ok(Said::default()) };
    let text = |column| row.text(column).map(str::to_owned);
    Ok(Said {
        covered_entity: text("covered_entity")?,
        part_2: text("part_2")?,
        federal_funds: text("federal_funds")?,
        complaints_to: text("complaints_to")?,
        complaints_phone: text("complaints_phone")?,
        complaints_email: text("complaints_email")?,
        kit_tried: row.opt_time("kit_tried_at")?.is_some(),
    })
}

pub async fn save_law(tx: &mut Tx, said: &Said) -> Result<(), KeepError> {
    begin(tx).await?;
    tx.run(
        "UPDATE set_up SET covered_entity = $1, part_2 = $2, federal_funds = $3 WHERE id = 'practice'",
        args![said.covered_entity.as_str(), said.part_2.as_str(), said.federal_funds.as_str()],
    )
    .await?;
    Ok(())
}

pub async fn save_complaints(tx: &mut Tx, to: &str, phone: &str, email: &str) -> Result<(), KeepError> {
    begin(tx).await?;
    tx.run(
        "UPDATE set_up SET complaints_to = $1, complaints_phone = $2, complaints_email = $3
         WHERE id = 'practice'",
        args![to, phone, email],
    )
    .await?;
    Ok(())
}

/// A kit that was printed has not been tried yet.
pub async fn kit_made(tx: &mut Tx) -> Result<(), KeepError> {
    begin(tx).await?;
    tx.run("UPDATE set_up SET kit_tried_at = NULL WHERE id = 'practice'", args![]).await?;
    Ok(())
}

pub async fn kit_tried(tx: &mut Tx) -> Result<(), KeepError> {
    begin(tx).await?;
    tx.run("UPDATE set_up SET kit_tried_at = $1 WHERE id = 'practice'", args![tx.now()]).await?;
    Ok(())
}

pub async fn add_site(tx: &mut Tx, site: &Site) -> Result<SiteId, KeepError> {
    let id = SiteId::new(tx.now(), tx.entropy());
    tx.run(
        "INSERT INTO site (id, name, address, state, created_at) VALUES ($1, $2, $3, $4, $5)",
        args![id, site.name.as_str(), site.address.as_str(), site.state.as_str(), tx.now()],
    )
    .await?;
    Ok(id)
}

pub async fn sites(conn: &mut Conn) -> Result<Vec<Site>, KeepError> {
    let sql = "SELECT name, address, state FROM site ORDER BY created_at, id LIMIT $1";
    let rows = conn.rows(sql, args![SITES_MAX]).await?;
    let read = |row: &keep::Row| {
        let text = |column| row.text(column).map(str::to_owned);
        Ok(Site { name: text("name")?, address: text("address")?, state: text("state")? })
    };
    rows.iter().map(read).collect()
}

/// The one row, with nothing said yet.
async fn begin(tx: &mut Tx) -> Result<(), KeepError> {
    tx.run(
        "INSERT INTO set_up (id, covered_entity, part_2, federal_funds, complaints_to, complaints_phone,
             complaints_email)
         VALUES ('practice', '', '', '', '', '', '') ON CONFLICT (id) DO NOTHING",
        args![],
    )
    .await?;
    Ok(())
}

/// Where the practice works, in the order in which it said so: id and name.
pub async fn site_names(conn: &mut Conn) -> Result<Vec<(SiteId, String)>, KeepError> {
    let sql = "SELECT id, name FROM site ORDER BY created_at, id LIMIT $1";
    let rows = conn.rows(sql, args![SITES_MAX]).await?;
    rows.iter().map(|row| Ok((row.parsed("id", SiteId::parse)?, row.text("name")?.to_owned()))).collect()
}
