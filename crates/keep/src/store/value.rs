//! Values on their way into and out of a statement: text, whole numbers, real numbers, bytes and nothing.

use crate::KeepError;
use sqlx::any::{AnyArguments, AnyRow, AnyTypeInfoKind};
use sqlx::{Arguments, Column as _, Row as _, ValueRef};
use std::sync::Arc;
use vocabulary::{BreakGlassId, DisclosureId, EmergencyPlaceId, LicenceId, RepresentativeId, TrailReviewId};
use vocabulary::{ConsentId, EnrolmentId, FindingId, InvitationId, ParticipantId, PasskeyId, RecoveryId};
use vocabulary::{FileId, JobId, PatientId, PersonId, SessionId, UnixMillis, VisitId};
use vocabulary::{MergeId, SiteId, SummaryId, SurveyId};

/// One argument of a statement. Made by `args![]`.
#[derive(Clone, PartialEq)]
pub enum Arg {
    Null(Null),
    Int(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// What a NULL would have been; Postgres asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Null {
    Int,
    Real,
    Text,
    Blob,
}

/// Whatever `args![]` takes.
pub trait ToArg {
    const NULL: Null;
    fn to_arg(self) -> Arg;
}

/// One row of an answer. Columns are asked by the name the statement gives them.
#[derive(Clone)]
pub struct Row {
    names: Arc<[String]>,
    values: Vec<Value>,
}

#[derive(Clone)]
enum Value {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl Row {
    pub fn text(&self, column: &'static str) -> Result<&str, KeepError> {
        self.opt_text(column)?.ok_or(KeepError::Shape(column))
    }

    pub fn int(&self, column: &'static str) -> Result<i64, KeepError> {
        self.opt_int(column)?.ok_or(KeepError::Shape(column))
    }

    pub fn real(&self, column: &'static str) -> Result<f64, KeepError> {
        match self.value(column)? {
            Value::Real(number) => Ok(*number),
            _ => Err(KeepError::Shape(column)),
        }
    }

    pub fn blob(&self, column: &'static str) -> Result<&[u8], KeepError> {
        self.opt_blob(column)?.ok_or(KeepError::Shape(column))
    }

    /// A flag kept as 0 or 1.
    pub fn flag(&self, column: &'static str) -> Result<bool, KeepError> {
        Ok(self.int(column)? != 0)
    }

    pub fn time(&self, column: &'static str) -> Result<UnixMillis, KeepError> {
        self.int(column).map(UnixMillis)
    }

    pub fn opt_time(&self, column: &'static str) -> Result<Option<UnixMillis>, KeepError> {
        Ok(self.opt_int(column)?.map(UnixMillis))
    }

    /// A text that `read` must understand: `row.parsed("id", VisitId::parse)`.
    pub fn parsed<T>(
        &self,
        column: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, KeepError> {
        read(self.text(column)?).ok_or(KeepError::Shape(column))
    }

    pub fn opt_parsed<T>(
        &self,
        column: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, KeepError> {
        self.opt_text(column)?.map(|text| read(text).ok_or(KeepError::Shape(column))).transpose()
    }

    pub fn opt_text(&self, column: &'static str) -> Result<Option<&str>, KeepError> {
        match self.value(column)? {
            Value::Text(text) => Ok(Some(text)),
            Value::Null => Ok(None),
            _ => Err(KeepError::Shape(column)),
        }
    }

    pub fn opt_int(&self, column: &'static str) -> Result<Option<i64>, KeepError> {
        match self.value(column)? {
            Value::Int(number) => Ok(Some(*number)),
            Value::Null => Ok(None),
            _ => Err(KeepError::Shape(column)),
        }
    }

    pub fn opt_blob(&self, column: &'static str) -> Result<Option<&[u8]>, KeepError> {
        match self.value(column)? {
            Value::Blob(bytes) => Ok(Some(bytes)),
            Value::Null => Ok(None),
            _ => Err(KeepError::Shape(column)),
        }
    }

    /// Every value as it goes into another database: columns of these kinds.
    pub(crate) fn into_args(self, kinds: &[Null]) -> Result<Vec<Arg>, KeepError> {
        let arg = |(value, kind): (Value, &Null)| match (value, kind) {
            (Value::Null, kind) => Ok(Arg::Null(*kind)),
            (Value::Int(number), Null::Int) => Ok(Arg::Int(number)),
            (Value::Real(number), Null::Real) => Ok(Arg::Real(number)),
            (Value::Text(text), Null::Text) => Ok(Arg::Text(text)),
            (Value::Blob(bytes), Null::Blob) => Ok(Arg::Blob(bytes)),
            _ => Err(KeepError::Shape("a value of another kind than its column")),
        };
        self.values.into_iter().zip(kinds).map(arg).collect()
    }

    fn value(&self, column: &'static str) -> Result<&Value, KeepError> {
        let at = self.names.iter().position(|name| name == column).ok_or(KeepError::Shape(column))?;
        Ok(&self.values[at])
    }

    pub(super) fn read_all(rows: &[AnyRow]) -> Result<Vec<Row>, sqlx::Error> {
        let Some(first) = rows.first() else { return Ok(Vec::new()) };
        let names: Arc<[String]> = first.columns().iter().map(|column| column.name().to_owned()).collect();
        rows.iter()
            .map(|row| {
                let values = (0..names.len()).map(|at| read(row, at)).collect::<Result<_, _>>()?;
                Ok(Row { names: names.clone(), values })
            })
            .collect()
    }
}

fn read(row: &AnyRow, at: usize) -> Result<Value, sqlx::Error> {
    let raw = row.try_get_raw(at)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    Ok(match raw.type_info().kind() {
        AnyTypeInfoKind::Null => Value::Null,
        AnyTypeInfoKind::Text => Value::Text(row.try_get(at)?),
        AnyTypeInfoKind::Blob => Value::Blob(row.try_get(at)?),
        AnyTypeInfoKind::Real | AnyTypeInfoKind::Double => Value::Real(row.try_get(at)?),
        AnyTypeInfoKind::Bool => Value::Int(i64::from(row.try_get::<bool, _>(at)?)),
        AnyTypeInfoKind::SmallInt | AnyTypeInfoKind::Integer | AnyTypeInfoKind::BigInt => {
            Value::Int(row.try_get(at)?)
        }
    })
}

/// Refuses text with a NUL: SQLite would cut it there and Postgres refuses it.
pub(super) fn bind(args: Vec<Arg>) -> Result<AnyArguments, KeepError> {
    let mut bound = AnyArguments::default();
    for arg in args {
        let added = match arg {
            Arg::Text(text) if text.contains('\0') => {
                return Err(KeepError::Shape("text with a NUL character"));
            }
            Arg::Text(text) => bound.add(text),
            Arg::Int(number) => bound.add(number),
            Arg::Real(number) => bound.add(number),
            Arg::Blob(bytes) => bound.add(bytes),
            Arg::Null(Null::Int) => bound.add(None::<i64>),
            Arg::Null(Null::Real) => bound.add(None::<f64>),
            Arg::Null(Null::Text) => bound.add(None::<String>),
            Arg::Null(Null::Blob) => bound.add(None::<Vec<u8>>),
        };
        added.map_err(|_| KeepError::Shape("an argument the engine cannot hold"))?;
    }
    Ok(bound)
}

impl ToArg for Arg {
    const NULL: Null = Null::Text;
    fn to_arg(self) -> Arg {
        self
    }
}

impl<T: ToArg> ToArg for Option<T> {
    const NULL: Null = T::NULL;
    fn to_arg(self) -> Arg {
        self.map_or(Arg::Null(T::NULL), ToArg::to_arg)
    }
}

macro_rules! to_arg {
    ($($null:ident: $($of:ty => |$value:ident| $made:expr),+ $(,)?;)*) => {$($(
        impl ToArg for $of {
            const NULL: Null = Null::$null;
            fn to_arg(self) -> Arg {
                let $value = self;
                Arg::$null($made)
            }
        }
    )+)*};
}

to_arg! {
    Text: &str => |text| text.to_owned(), String => |text| text, &String => |text| text.clone();
    Int: i64 => |number| number, i32 => |number| number.into(), u32 => |number| number.into(),
         u16 => |number| number.into(), u8 => |number| number.into(), bool => |flag| flag.into(),
         UnixMillis => |time| time.0;
    Real: f64 => |number| number;
    Blob: Vec<u8> => |bytes| bytes, &[u8] => |bytes| bytes.to_vec(), &Vec<u8> => |bytes| bytes.clone();
}

macro_rules! ids_to_arg {
    ($($id:ident)*) => {$(
        impl ToArg for $id {
            const NULL: Null = Null::Text;
            fn to_arg(self) -> Arg {
                Arg::Text(self.text())
            }
        }
    )*};
}

ids_to_arg! {
    PersonId PatientId VisitId ParticipantId InvitationId ConsentId SessionId SiteId FileId JobId FindingId
    BreakGlassId DisclosureId EmergencyPlaceId LicenceId MergeId
    RepresentativeId TrailReviewId
    SummaryId SurveyId PasskeyId EnrolmentId RecoveryId
}
