//! The names of everybody, in memory, so that a page can list and search what the database holds sealed.
//!
//! Built at start as one act of the program with its own entry in the trail. Gives a name only against an
//! `Access`; whoever shows names to a person opens a view for it, as for every other sealed value.

use super::rules::{BirthDate, finds, fold, tidy};
use super::store::{birth_date, place};
use crate::staff;
use keep::{Entry, Keep, KeepError, Object, args};
use policy::{Access, Act, Facts, decide};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use vocabulary::{Health, Lang, PatientId, PersonId, Principal};

/// Names are read from the database this many at a time.
const READ_AT_ONCE: i64 = 1_000;

/// More people of one name than this are told apart at the desk.
const SAME_NAME_MAX: usize = 50;

/// One hit of a search.
#[derive(Clone)]
pub struct Known {
    pub id: PatientId,
    pub name: Health,
    pub lang: Lang,
}

/// Plugged into the site: `ctx.plugged::<Names>()`.
#[derive(Default)]
pub struct Names {
    index: RwLock<Index>,
}

#[derive(Default)]
struct Index {
    /// Sorted by folded name.
    patients: Vec<(Health, Known)>,
    staff: HashMap<PersonId, Health>,
}

impl Names {
    pub async fn build(keep: &Keep) -> Result<Arc<Names>, KeepError> {
        let names = Arc::new(Names::default());
        let system = system_access(None)?;
        let mut tx = keep.begin().await?;
        let mut after = String::new();
        loop {
            let rows = tx
                .rows(
                    "SELECT id, name, lang, version FROM patient WHERE id > $1 ORDER BY id LIMIT $2",
                    args![&after, READ_AT_ONCE],
                )
                .await?;
            let Some(last) = rows.last() else { break };
            after = last.text("id")?.to_owned();
            for row in &rows {
                let id = row.parsed("id", PatientId::parse)?;
                let access = system_access(Some(id))?;
                let place = place(id, row.text("id")?, "name", row.int("version")?);
                let name = match tx.unseal_text(&access, &place, row.blob("name")?) {
                    Err(KeepError::Shredded) => continue,
                    name => name?,
                };
                names.push(Known { id, name, lang: row.parsed("lang", Lang::parse)? });
            }
        }
        for person in staff::list(&mut tx).await? {
            let name = staff::shown_name(&mut tx, &system, person.id).await?;
            names.put_staff(person.id, name);
        }
        names.sort();
        let count = names.read().patients.len().to_string();
        tx.commit(&system, Entry::new(Object::of("names", "")).detail("patients", count)).await?;
        Ok(names)
    }

    /// At most `max` patients whose name has a word beginning with every typed word, in the order of names.
    pub fn search(&self, _: &Access, typed: &str, max: usize) -> Vec<Known> {
        self.search_among(typed, max, |_| true)
    }

    /// The same among those that `keeps` lets through: a clinician's own care teams.
    pub fn search_of(
        &self,
        _: &Access,
        typed: &str,
        max: usize,
        keeps: impl Fn(PatientId) -> bool,
    ) -> Vec<Known> {
        self.search_among(typed, max, keeps)
    }

    /// Whose whole name this is, folded; the first of very many alone.
    fn named(&self, _: &Access, folded: &str) -> Vec<PatientId> {
        let index = self.read();
        let same = index.patients.iter().filter(|(known, _)| known.reveal() == folded);
        same.map(|(_, known)| known.id).take(SAME_NAME_MAX).collect()
    }

    pub fn patient(&self, _: &Access, id: PatientId) -> Option<Health> {
        self.read().patients.iter().find(|(_, known)| known.id == id).map(|(_, known)| known.name.clone())
    }

    /// The name a colleague is shown by: on the rail, in lists of a day.
    pub fn staff(&self, id: PersonId) -> Option<Health> {
        self.read().staff.get(&id).cloned()
    }

    /// After the commit that added or renamed this patient.
    pub fn put(&self, known: Known) {
        self.write().patients.retain(|(_, other)| other.id != known.id);
        self.push(known);
        self.sort();
    }

    /// After this patient was shredded.
    pub fn forget(&self, id: PatientId) {
        self.write().patients.retain(|(_, known)| known.id != id);
    }

    pub fn put_staff(&self, id: PersonId, name: Health) {
        self.write().staff.insert(id, name);
    }

    fn search_among(&self, typed: &str, max: usize, keeps: impl Fn(PatientId) -> bool) -> Vec<Known> {
        let typed = fold(typed);
        let index = self.read();
        let hits = index.patients.iter().filter(|(folded, _)| finds(folded.reveal(), &typed));
        hits.map(|(_, known)| known).filter(|known| keeps(known.id)).take(max).cloned().collect()
    }

    fn push(&self, known: Known) {
        let folded = Health::new(fold(known.name.reveal()));
        self.write().patients.push((folded, known));
    }

    fn sort(&self) {
        self.write().patients.sort_by(|(a, _), (b, _)| a.reveal().cmp(b.reveal()));
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Index> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Everybody of this full name and birth date: more than one is for the caller to refuse. All of the name are
/// compared, so that it takes as long for a wrong date.
pub async fn find_named(
    ctx: &web::Ctx,
    access: &Access,
    name: &str,
    born: BirthDate,
) -> Result<Vec<PatientId>, KeepError> {
    let named = ctx.plugged::<Names>().named(access, &fold(&tidy(name)));
    let mut view = ctx.keep.view(access, Object::of("patients", "")).await?;
    let mut found = Vec::new();
    for id in named {
        if birth_date(&mut view, access, id).await? == born {
            found.push(id);
        }
    }
    Ok(found)
}

fn system_access(patient: Option<PatientId>) -> Result<Access, KeepError> {
    let facts = Facts { patient, ..Facts::default() };
    decide(&Principal::System, &facts, Act::IndexNames).map_err(|_| KeepError::Proof)
}
