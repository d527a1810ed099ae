//! The part of the visit page about interpreters: who is booked, who may be, and what was excepted.

use super::rules::{Booking, Exception};
use super::store;
use crate::before::store::VisitRow;
use keep::Viewing;
use people::needs::{TONGUES, tongue_word};
use people::patients::Names;
use policy::{Access, Act};
use practice::interpreters::{load, qualified};
use web::{Ctx, Failure, Faults};

/// Both forms as they were typed, after a fault.
#[derive(Default)]
pub(crate) struct Drafts {
    pub booking: (Booking, Faults),
    /// They are booked elsewhere at that time: the form asks whether that is meant.
    pub warned: bool,
    pub exception: (Exception, Faults),
}

#[derive(Default)]
pub(crate) struct Card {
    pub may_book: bool,
    /// The patient needs one, and nobody of the register is booked into their language.
    pub missing: bool,
    /// Name, language, reference, and whether they may interpret when the visit begins.
    pub booked: Vec<(String, String, String, bool)>,
    pub exceptions: Vec<Excepted>,
    /// Who is qualified on the day: id, name with languages, chosen.
    pub register: Vec<(String, String, bool)>,
    /// Code, word, chosen in the booking, chosen in the exception.
    pub tongues: Vec<(&'static str, String, bool, bool)>,
    pub drafts: Drafts,
}

pub(crate) struct Excepted {
    pub id: String,
    pub name: String,
    pub said: String,
    pub reason: String,
    /// Still counts.
    pub open: bool,
}

pub(crate) async fn card(
    ctx: &Ctx,
    view: &mut Viewing,
    (visit, access): (&VisitRow, &Access),
    drafts: Drafts,
) -> Result<Card, Failure> {
    if !ctx.allowed(Act::BookInterpreter, access.facts()) {
        return Ok(Card::default());
    }
    let needs = people::needs::of_patient(view, access, visit.patient).await?.unwrap_or_default();
    let mut booked = Vec::new();
    let mut covered = false;
    for one in store::of_visit(view, visit.id).await? {
        let said = one.said(view, access)?;
        covered |= one.is_qualified && said.tongue == needs.tongue;
        let known = load(view, access, (one.interpreter, ctx.now)).await?;
        let name = known.map(|known| known.words.name).unwrap_or_default();
        booked.push((name, ctx.words.t(&tongue_word(&said.tongue)), said.reference, one.is_qualified));
    }
    let mut exceptions = Vec::new();
    for made in store::exceptions(view, access, visit.id).await? {
        exceptions.push(excepted(ctx, view, access, made).await?);
    }
    let over = visit.state.is_over();
    let wanted =
        |typed: &str, code: &str| if typed.is_empty() { needs.tongue == code } else { typed == code };
    let tongue = |code: &'static str| {
        let word = ctx.words.t(&tongue_word(code));
        let (first, second) = (&drafts.booking.0.tongue, &drafts.exception.0.lay_tongue);
        (code, word, wanted(first, code), wanted(second, code))
    };
    let tongues = TONGUES.into_iter().filter(|code| *code != "eng").map(tongue).collect();
    let mut register = qualified(view, access, visit.starts_at.max(ctx.now)).await?;
    // Who speaks the patient's language stands first.
    register.sort_by_key(|one| !one.speaks(&needs.tongue));
    let shown = register.iter().map(|one| {
        let spoken: Vec<String> = one.tongues.iter().map(|code| ctx.words.t(&tongue_word(code))).collect();
        let label = format!("{} ({})", one.words.name, spoken.join(", "));
        (one.id.text(), label, one.id.text() == drafts.booking.0.interpreter)
    });
    Ok(Card {
        may_book: !over,
        missing: needs.interpreter && !covered && !over,
        booked,
        exceptions,
        register: shown.collect(),
        tongues,
        drafts,
    })
}

async fn excepted(
    ctx: &Ctx,
    view: &mut Viewing,
    access: &Access,
    made: store::Made,
) -> Result<Excepted, Failure> {
    let by = ctx.plugged::<Names>().staff(made.by).map(|name| name.reveal().to_owned()).unwrap_or_default();
    let confirmed = match made.confirmed_by {
        Some(id) => load(view, access, (id, ctx.now)).await?.map(|one| one.words.name).unwrap_or_default(),
        None => String::new(),
    };
    let age = ctx.words.t(if made.is_minor { "interpreting-minor" } else { "interpreting-adult" });
    let given = [
        ("age", age.into()),
        ("tongue", ctx.words.t(&tongue_word(&made.tongue)).into()),
        ("by", by.into()),
        ("at", ctx.words.day_and_time(made.at, ctx.zone()).into()),
        ("confirmed", confirmed.into()),
    ];
    Ok(Excepted {
        id: made.id,
        name: made.lay.name,
        said: ctx.words.with(made.grounds.word(), &given),
        reason: made.lay.reason,
        open: made.ended_at.is_none(),
    })
}
