//! The names and birth dates of everybody, in memory, so that a page can list, search and compare what the
//! database holds sealed.
//!
//! Built at start as one act of the program with its own entry in the trail. Gives a name only against an
//! `Access`; whoever shows names to a person opens a view for it, as for every other sealed value.

use super::likeness::alike;
use super::rules::{BirthDate, NewPatient, finds, fold, normal_email, tidy};
use super::store::{birth_date, place};
use crate::staff;
use jiff::civil::Date;
use keep::{Entry, Keep, KeepError, Object, Row, Tx, args};
use policy::{Access, Act, Facts, decide};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use vocabulary::{Health, Lang, PatientId, PersonId, Principal};
use zeroize::Zeroize;

/// Names are read from the database this many at a time.
const READ_AT_ONCE: i64 = 1_000;

/// More people of one name than this are told apart at the desk.
const SAME_NAME_MAX: usize = 50;

/// More people who may be one are not shown beside one row of a list.
const ALIKE_MAX: usize = 5;

/// One hit of a search.
#[derive(Clone)]
pub struct Known {
    pub id: PatientId,
    pub name: Health,
    pub lang: Lang,
}

/// What somebody is compared by.
pub struct Like {
    folded: String,
    born: BirthDate,
    /// The blind form of the mail address, as it stands in the database.
    email: Option<Vec<u8>>,
}

/// Plugged into the site: `ctx.plugged::<Names>()`.
#[derive(Default)]
pub struct Names {
    index: RwLock<Index>,
}

#[derive(Default)]
struct Index {
    /// Sorted by folded name.
    sorted: Vec<Arc<Kept>>,
    of: HashMap<PatientId, Arc<Kept>>,
    /// About two of 50,000 people share a birthday: whoever looks for the same person compares only those.
    born: HashMap<Date, Vec<Arc<Kept>>>,
    staff: HashMap<PersonId, Health>,
}

struct Kept {
    known: Known,
    like: Like,
}

impl Names {
    pub async fn build(keep: &Keep) -> Result<Arc<Names>, KeepError> {
        let names = Arc::new(Names::default());
        let system = system_access(None)?;
        let mut tx = keep.begin().await?;
        let mut after = String::new();
        let mut index = Index::default();
        loop {
            let rows = tx
                .rows(
                    "SELECT id, name, birth_date, email_index, lang, version FROM patient
                     WHERE id > $1 AND id NOT IN (SELECT gone FROM patient_merge WHERE undone_at IS NULL)
                     ORDER BY id LIMIT $2",
                    args![&after, READ_AT_ONCE],
                )
                .await?;
            let Some(last) = rows.last() else { break };
            after = last.text("id")?.to_owned();
            for row in &rows {
                match read(&tx, row) {
                    Err(KeepError::Shredded) => {}
                    kept => index.insert(kept?),
                }
            }
        }
        index.sorted = index.of.values().cloned().collect();
        index.sorted.sort_by(|a, b| a.like.folded.cmp(&b.like.folded));
        let count = index.sorted.len().to_string();
        *names.write() = index;
        for person in staff::list(&mut tx).await? {
            let name = staff::shown_name(&mut tx, &system, person.id).await?;
            names.put_staff(person.id, name);
        }
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

    /// Who may be the same person: born on the same day, with a similar name or the same mail address.
    pub fn alike(&self, _: &Access, one: &Like) -> Vec<Known> {
        let index = self.read();
        let born = index.born.get(&one.born.date()).into_iter().flatten();
        born.filter(|kept| one.may_be(&kept.like)).map(|kept| kept.known.clone()).take(ALIKE_MAX).collect()
    }

    /// At most `max` pairs that may each be one person, among those that `asks` lets through.
    pub fn pairs(
        &self,
        _: &Access,
        max: usize,
        asks: impl Fn(PatientId, PatientId) -> bool,
    ) -> Vec<(Known, Known)> {
        let index = self.read();
        let mut pairs = Vec::new();
        for day in index.born.values().filter(|day| day.len() > 1) {
            for (at, one) in day.iter().enumerate() {
                let others = day[at + 1..].iter().filter(|other| one.like.may_be(&other.like));
                let asked = others.filter(|other| asks(one.known.id, other.known.id));
                pairs.extend(asked.map(|other| (one.known.clone(), other.known.clone())));
            }
        }
        pairs.sort_by(|a, b| a.0.name.reveal().cmp(b.0.name.reveal()));
        pairs.truncate(max);
        pairs
    }

    /// Whether these two may be one person.
    pub fn look_alike(&self, _: &Access, (one, other): (PatientId, PatientId)) -> bool {
        let index = self.read();
        let both = index.of.get(&one).zip(index.of.get(&other));
        one != other && both.is_some_and(|(one, other)| one.like.may_be(&other.like))
    }

    /// After the commit that made two charts of one again.
    pub async fn take_up(&self, keep: &Keep, id: PatientId) -> Result<(), KeepError> {
        let access = system_access(Some(id))?;
        let mut tx = keep.begin().await?;
        let sql = "SELECT id, name, birth_date, email_index, lang, version FROM patient WHERE id = $1";
        let row = tx.row(sql, args![id]).await?.ok_or(KeepError::NotFound)?;
        let kept = read(&tx, &row)?;
        tx.commit(&access, Entry::new(Object::of("names", id.text()).patient(id))).await?;
        self.write().put(kept);
        Ok(())
    }

    /// Whose whole name this is, folded; the first of very many alone.
    fn named(&self, _: &Access, folded: &str) -> Vec<PatientId> {
        let index = self.read();
        let first = index.sorted.partition_point(|kept| kept.like.folded.as_str() < folded);
        let same = index.sorted[first..].iter().take_while(|kept| kept.like.folded == folded);
        same.map(|kept| kept.known.id).take(SAME_NAME_MAX).collect()
    }

    pub fn patient(&self, _: &Access, id: PatientId) -> Option<Health> {
        self.read().of.get(&id).map(|kept| kept.known.name.clone())
    }

    /// The name a colleague is shown by: on the rail, in lists of a day.
    pub fn staff(&self, id: PersonId) -> Option<Health> {
        self.read().staff.get(&id).cloned()
    }

    /// After the commit that added or changed this patient.
    pub fn put(&self, keep: &Keep, id: PatientId, new: &NewPatient) {
        let known = Known { id, name: Health::new(new.name.clone()), lang: new.lang };
        self.write().put(Arc::new(Kept { known, like: Like::of(keep, new) }));
    }

    /// After this patient was shredded.
    pub fn forget(&self, id: PatientId) {
        self.write().forget(id);
    }

    pub fn put_staff(&self, id: PersonId, name: Health) {
        self.write().staff.insert(id, name);
    }

    fn search_among(&self, typed: &str, max: usize, keeps: impl Fn(PatientId) -> bool) -> Vec<Known> {
        let typed = fold(typed);
        let index = self.read();
        let hits = index.sorted.iter().filter(|kept| finds(&kept.like.folded, &typed));
        hits.map(|kept| &kept.known).filter(|known| keeps(known.id)).take(max).cloned().collect()
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Index> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Index {
    /// Everywhere but in the sorted list.
    fn insert(&mut self, kept: Arc<Kept>) {
        self.born.entry(kept.like.born.date()).or_default().push(kept.clone());
        self.of.insert(kept.known.id, kept);
    }

    fn put(&mut self, kept: Arc<Kept>) {
        self.forget(kept.known.id);
        let at = self.sorted.partition_point(|other| other.like.folded < kept.like.folded);
        self.sorted.insert(at, kept.clone());
        self.insert(kept);
    }

    fn forget(&mut self, id: PatientId) {
        let Some(gone) = self.of.remove(&id) else { return };
        self.sorted.retain(|kept| kept.known.id != id);
        if let Some(day) = self.born.get_mut(&gone.like.born.date()) {
            day.retain(|kept| kept.known.id != id);
        }
    }
}

impl Like {
    pub fn of(keep: &Keep, new: &NewPatient) -> Like {
        let email = new.email.as_deref();
        Like {
            folded: fold(&new.name),
            born: new.birth_date,
            email: email.map(|email| keep.blind("patient", "email_index", &normal_email(email))),
        }
    }

    pub fn may_be(&self, other: &Like) -> bool {
        let same_address = self.email.is_some() && self.email == other.email;
        self.born == other.born && (same_address || alike(&self.folded, &other.folded))
    }
}

impl Drop for Like {
    fn drop(&mut self) {
        self.folded.zeroize();
    }
}

fn read(tx: &Tx, row: &Row) -> Result<Arc<Kept>, KeepError> {
    let id = row.parsed("id", PatientId::parse)?;
    let access = system_access(Some(id))?;
    let (text, version) = (row.text("id")?, row.int("version")?);
    let name = tx.unseal_text(&access, &place(id, text, "name", version), row.blob("name")?)?;
    let born = tx.unseal_text(&access, &place(id, text, "birth_date", version), row.blob("birth_date")?)?;
    let born = BirthDate::parse(born.reveal()).ok_or(KeepError::Shape("patient.birth_date"))?;
    let email = row.opt_blob("email_index")?.map(<[u8]>::to_vec);
    let like = Like { folded: fold(name.reveal()), born, email };
    Ok(Arc::new(Kept { known: Known { id, name, lang: row.parsed("lang", Lang::parse)? }, like }))
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
