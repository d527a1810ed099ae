//! SQL of the table `person`.

use crate::grants::{self, Given, Kind};
use keep::{Conn, KeepError, Owner, Place, Row, Tx, Viewing, args};
use policy::Access;
use vocabulary::{Health, Lang, PersonId, Roles};

/// More accounts than this are not listed on one page.
const LIST_MAX: i64 = 500;

pub struct NewPerson<'a> {
    /// As patients see it, title included: "Dr. Amara Osei".
    pub name: &'a str,
    /// What stands behind the name, such as "MD"; empty for none.
    pub credentials: &'a str,
    /// Codes of the states of the licence, separated by spaces; empty for none.
    pub licensed_in: &'a str,
    pub roles: Roles,
    pub lang: Lang,
}

/// An account without its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub roles: Roles,
    pub state: State,
    pub credentials: String,
    pub licensed_in: String,
    pub lang: Lang,
    pub version: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Has not signed in yet.
    Invited,
    Active,
    Suspended,
    Removed,
}

impl State {
    pub const ALL: [State; 4] = [State::Invited, State::Active, State::Suspended, State::Removed];

    pub fn code(self) -> &'static str {
        match self {
            State::Invited => "invited",
            State::Active => "active",
            State::Suspended => "suspended",
            State::Removed => "removed",
        }
    }

    pub fn parse(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Makes an active account. The caller's entry in the trail says who did it and why.
pub async fn add(tx: &mut Tx, new: &NewPerson<'_>) -> Result<PersonId, KeepError> {
    add_as(tx, new, State::Active, &Given { kind: Kind::Opened, roles: new.roles, approver: None, why: "" })
        .await
}

/// The account, and by whose word it has its roles.
pub(super) async fn add_as(
    tx: &mut Tx,
    new: &NewPerson<'_>,
    state: State,
    given: &Given<'_>,
) -> Result<PersonId, KeepError> {
    let id = PersonId::new(tx.now(), tx.entropy());
    let row = id.text();
    let name = tx.seal_text(&name_place(&row, FIRST_VERSION), new.name)?;
    tx.run(
        "INSERT INTO person (id, name, roles, state, credentials, licensed_in, lang, version, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            id,
            name,
            new.roles.text(),
            state.code(),
            new.credentials,
            new.licensed_in,
            new.lang.code(),
            FIRST_VERSION,
            tx.now(),
        ],
    )
    .await?;
    grants::put(tx, id, given).await?;
    Ok(id)
}

/// `Conflict` when the account is in another state by now.
pub(super) async fn change_state(
    tx: &mut Tx,
    id: PersonId,
    (from, to): (State, State),
    given: &Given<'_>,
) -> Result<(), KeepError> {
    let sql = "UPDATE person SET state = $3 WHERE id = $1 AND state = $2";
    tx.run_one(sql, args![id, from.code(), to.code()]).await?;
    grants::put(tx, id, given).await
}

/// More roles, taken on by the person while the practice is set up, and what a clinician has beside the name
/// when any of it is given.
pub async fn add_roles(
    tx: &mut Tx,
    person: &Person,
    more: Roles,
    credentials: Option<(&str, &str)>,
) -> Result<(), KeepError> {
    let roles: Roles = person.roles.iter().chain(more.iter()).collect();
    let (titles, licences) = credentials.unwrap_or((&person.credentials, &person.licensed_in));
    tx.run_one(
        "UPDATE person SET roles = $2, credentials = $3, licensed_in = $4 WHERE id = $1 AND roles = $5",
        args![person.id, roles.text(), titles, licences, person.roles.text()],
    )
    .await?;
    if more == Roles::NONE {
        return Ok(());
    }
    let given = Given { kind: Kind::Added, roles, approver: Some(person.id), why: "" };
    grants::put(tx, person.id, &given).await
}

/// Somebody invited has set up how they sign in. Nobody who was suspended or removed comes back this way.
pub async fn make_active(tx: &mut Tx, id: PersonId) -> Result<(), KeepError> {
    tx.run_one(
        "UPDATE person SET state = 'active' WHERE id = $1 AND state IN ('invited', 'active')",
        args![id],
    )
    .await
}

pub async fn load(conn: &mut Conn, id: PersonId) -> Result<Option<Person>, KeepError> {
    let row = conn
        .row(
            "SELECT id, roles, state, credentials, licensed_in, lang, version FROM person WHERE id = $1",
            args![id],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// Everybody who is not removed, oldest account first.
pub async fn list(conn: &mut Conn) -> Result<Vec<Person>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, roles, state, credentials, licensed_in, lang, version FROM person
             WHERE state <> 'removed' ORDER BY created_at, id LIMIT $1",
            args![LIST_MAX],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// The name patients and colleagues are shown.
pub async fn shown_name(open: &mut Viewing, access: &Access, id: PersonId) -> Result<Health, KeepError> {
    let row = open.row("SELECT name, version FROM person WHERE id = $1", args![id]).await?;
    let row = row.ok_or(KeepError::NotFound)?;
    open.unseal_text(access, &name_place(&id.text(), row.int("version")?), row.blob("name")?)
}

fn name_place(row: &str, version: i64) -> Place<'_> {
    Place { table: "person", column: "name", row, version, owner: Owner::Practice }
}

fn read(row: &Row) -> Result<Person, KeepError> {
    Ok(Person {
        id: row.parsed("id", PersonId::parse)?,
        roles: row.parsed("roles", Roles::parse)?,
        state: row.parsed("state", State::parse)?,
        credentials: row.text("credentials")?.to_owned(),
        licensed_in: row.text("licensed_in")?.to_owned(),
        lang: row.parsed("lang", Lang::parse)?,
        version: row.int("version")?,
    })
}

const FIRST_VERSION: i64 = 1;
