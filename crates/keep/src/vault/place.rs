//! Where a sealed value belongs. The place is bound into the envelope, so a value moved elsewhere does not
//! open.

use vocabulary::PatientId;

/// Whose key seals a value. Shredding a patient's key ends all values of that owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    Practice,
    Patient(PatientId),
}

impl Owner {
    /// The form kept in the database.
    pub fn text(self) -> String {
        match self {
            Owner::Practice => PRACTICE.into(),
            Owner::Patient(id) => id.text(),
        }
    }

    pub fn parse(text: &str) -> Option<Owner> {
        if text == PRACTICE { Some(Owner::Practice) } else { PatientId::parse(text).map(Owner::Patient) }
    }
}

/// One cell: the column, the row, and which version of the row. `row` is the value of the table's first
/// column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    pub table: &'a str,
    pub column: &'a str,
    pub row: &'a str,
    /// The row's optimistic version, or a constant for rows that are never changed.
    pub version: i64,
    pub owner: Owner,
}

const PRACTICE: &str = "practice";
