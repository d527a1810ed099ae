//! Row by row: new, like somebody, or wrong. The same for the page that is looked at and for the adding.
//!
//! Owns the comparison with the patients who are here and with the rows before. Refuses to change anything.

use super::columns::Choices;
use super::file::Row;
use super::rules::{self, Wrong};
use crate::patients::{Known, Like, Names, NewPatient, day_in};
use jiff::civil::Date;
use policy::Access;
use std::collections::HashMap;
use std::sync::Arc;
use web::Ctx;

/// Rows of one birthday that are compared with each other.
const SAME_DAY_MAX: usize = 50;

pub enum Judged {
    New(NewPatient),
    Alike(NewPatient, Vec<Twin>),
    Wrong(Vec<Wrong>),
}

/// Who may be the same person.
pub enum Twin {
    Here(Known),
    Row(u64),
}

pub struct Judge<'a> {
    ctx: &'a Ctx,
    access: &'a Access,
    choices: &'a Choices,
    names: Arc<Names>,
    today: Date,
    seen: HashMap<Date, Vec<(u64, Like)>>,
}

impl<'a> Judge<'a> {
    pub fn new(ctx: &'a Ctx, access: &'a Access, choices: &'a Choices) -> Judge<'a> {
        let today = day_in(ctx.now, ctx.zone());
        Judge { ctx, access, choices, names: ctx.plugged(), today, seen: HashMap::new() }
    }

    pub fn row(&mut self, row: &Row) -> Judged {
        let new = match rules::patient(row, self.choices, self.today) {
            Ok(new) => new,
            Err(wrong) => return Judged::Wrong(wrong),
        };
        let like = Like::of(&self.ctx.keep, &new);
        let day = self.seen.entry(new.birth_date.date()).or_default();
        let mut twins: Vec<Twin> = self.names.alike(self.access, &like).into_iter().map(Twin::Here).collect();
        let before = day.iter().filter(|(_, other)| like.may_be(other));
        twins.extend(before.map(|(number, _)| Twin::Row(*number)));
        if day.len() < SAME_DAY_MAX {
            day.push((row.number, like));
        }
        if twins.is_empty() { Judged::New(new) } else { Judged::Alike(new, twins) }
    }

    /// A row that is through already: later ones are still compared with it.
    pub fn pass(&mut self, row: &Row) {
        let Ok(new) = rules::patient(row, self.choices, self.today) else { return };
        let day = self.seen.entry(new.birth_date.date()).or_default();
        if day.len() < SAME_DAY_MAX {
            day.push((row.number, Like::of(&self.ctx.keep, &new)));
        }
    }
}
