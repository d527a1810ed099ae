//! SQL of the table `role_grant`.

use keep::{Conn, KeepError, Owner, Place, Row, Tx, Viewing, args};
use policy::Access;
use vocabulary::{Health, PersonId, Roles, UnixMillis};

/// More than anybody reads of one person; the newest are shown.
const SHOWN_MAX: i64 = 20;
/// As many people as the list of staff has.
const PEOPLE_MAX: i64 = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// With the practice, before there was anybody to approve.
    Opened,
    Invited,
    Added,
    Suspended,
    Reinstated,
    /// Looked at again, and still needed.
    Confirmed,
}

impl Kind {
    const ALL: [Kind; 6] =
        [Kind::Opened, Kind::Invited, Kind::Added, Kind::Suspended, Kind::Reinstated, Kind::Confirmed];

    pub fn code(self) -> &'static str {
        match self {
            Kind::Opened => "opened",
            Kind::Invited => "invited",
            Kind::Added => "added",
            Kind::Suspended => "suspended",
            Kind::Reinstated => "reinstated",
            Kind::Confirmed => "confirmed",
        }
    }

    fn parse(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A grant on its way in.
pub(crate) struct Given<'a> {
    pub kind: Kind,
    pub roles: Roles,
    pub approver: Option<PersonId>,
    /// Empty where no reason is asked.
    pub why: &'a str,
}

/// A grant as it is shown.
pub(crate) struct Grant {
    pub kind: Kind,
    pub roles: Roles,
    pub approver: Option<PersonId>,
    pub why: Option<Health>,
    pub at: UnixMillis,
}

/// The caller's entry in the trail names the act.
pub(crate) async fn put(tx: &mut Tx, person: PersonId, given: &Given<'_>) -> Result<(), KeepError> {
    let sql = "SELECT number FROM role_grant WHERE person = $1 ORDER BY number DESC LIMIT 1";
    let number = tx.row(sql, args![person]).await?.map(|row| row.int("number")).transpose()?.unwrap_or(0) + 1;
    let id = format!("{}.{number}", person.text());
    let why = match given.why {
        "" => None,
        why => Some(tx.seal_text(&why_place(&id), why)?),
    };
    tx.run(
        "INSERT INTO role_grant (id, person, number, kind, roles, approver, why, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![id, person, number, given.kind.code(), given.roles.text(), given.approver, why, tx.now()],
    )
    .await?;
    Ok(())
}

/// The newest grants of a person, newest first.
pub(crate) async fn of(
    view: &mut Viewing,
    access: &Access,
    person: PersonId,
) -> Result<Vec<Grant>, KeepError> {
    let sql = "SELECT id, kind, roles, approver, why, at FROM role_grant WHERE person = $1
               ORDER BY number DESC LIMIT $2";
    let rows = view.rows(sql, args![person, SHOWN_MAX]).await?;
    rows.iter().map(|row| read(view, access, row)).collect()
}

/// When the roles of each person were last given or confirmed.
pub(crate) async fn newest(conn: &mut Conn) -> Result<Vec<(PersonId, UnixMillis)>, KeepError> {
    let sql = "SELECT person, max(at) AS newest FROM role_grant GROUP BY person LIMIT $1";
    let rows = conn.rows(sql, args![PEOPLE_MAX]).await?;
    rows.iter().map(|row| Ok((row.parsed("person", PersonId::parse)?, row.time("newest")?))).collect()
}

fn read(view: &Viewing, access: &Access, row: &Row) -> Result<Grant, KeepError> {
    let sealed = row.opt_blob("why")?;
    let why = sealed.map(|why| view.unseal_text(access, &why_place(row.text("id")?), why)).transpose()?;
    Ok(Grant {
        kind: row.parsed("kind", Kind::parse)?,
        roles: row.parsed("roles", Roles::parse)?,
        approver: row.opt_parsed("approver", PersonId::parse)?,
        why,
        at: row.time("at")?,
    })
}

fn why_place(row: &str) -> Place<'_> {
    Place { table: "role_grant", column: "why", row, version: 1, owner: Owner::Practice }
}
