//! How the register moved from signature to signature: open risks by level before and after the work, and
//! those overdue. Columns of an SVG each, with its table.

use super::word;
use crate::risk::rules::{AnalysisState, Level, RiskState};
use crate::risk::store::analyses::Analysis;
use crate::risk::store::risks::{Risk, Story};
use crate::signed_reports::{self, Stood};
use keep::Viewing;
use web::{Ctx, Failure};

/// Columns drawn; the table beside them has the same.
const COLUMNS: usize = 8;
const WIDTH: usize = 62;
const BAR: usize = 40;
pub const HEIGHT: usize = 140;
const TOP: usize = 20;

/// One drawing; its words are `TITLE-title` and `TITLE-caption`.
pub struct Trend {
    pub title: &'static str,
    pub caption: &'static str,
    pub width: usize,
    pub columns: Vec<Column>,
    /// Colour and name of the parts of a bar, the highest first.
    pub parts: Vec<(&'static str, String)>,
}

pub struct Column {
    pub label: String,
    /// The start of the label, for below the bar.
    pub short: String,
    pub text_x: usize,
    pub bars: Vec<Bar>,
    /// By part, the highest first, as the table says them.
    pub counts: Vec<usize>,
    pub total: usize,
    pub top_y: usize,
}

pub struct Bar {
    pub colour: &'static str,
    pub x: usize,
    pub y: usize,
    pub height: usize,
}

/// The register at a signature or now: its label, the short one, and the entries.
type Stand = (String, String, Vec<Stood>);
/// Whether an entry belongs to a part.
type Part = (&'static str, String, Box<dyn Fn(&Stood) -> bool>);

impl Trend {
    /// Before the work, after it, and overdue. Nothing to draw before the first signature.
    pub async fn all(
        ctx: &Ctx,
        view: &mut Viewing,
        all: &[Analysis],
        register: &[(Risk, Story)],
    ) -> Result<Vec<Trend>, Failure> {
        let signed: Vec<_> = all.iter().filter(|one| one.state == AnalysisState::Signed).collect();
        let mut stands = Vec::new();
        for one in signed.into_iter().take(COLUMNS - 1).rev() {
            let day = one.signed_at.map(|at| ctx.words.date(at, ctx.zone())).unwrap_or_default();
            let label = ctx.words.with("trend-signed", &[("n", one.number.into()), ("at", day.into())]);
            stands.push((label, format!("{}", one.number), signed_reports::register_of(view, one.id).await?));
        }
        if stands.is_empty() {
            return Ok(Vec::new());
        }
        let now = register.iter().map(|(risk, _)| Stood::of(risk, ctx.now)).collect();
        stands.push((ctx.words.t("trend-now"), ctx.words.t("trend-now"), now));
        let late = ("very-high", ctx.words.t("trend-overdue"), Box::new(|one: &Stood| one.overdue) as _);
        Ok(vec![
            Trend::drawn(("trend-title", "trend-caption"), &stands, &by_level(ctx, |one| one.level)),
            Trend::drawn(("trend-left-title", "trend-left-caption"), &stands, &by_level(ctx, Stood::left)),
            Trend::drawn(("trend-late-title", "trend-late-caption"), &stands, &[late]),
        ])
    }

    /// `parts`: the lowest first, as they stand on each other.
    fn drawn((title, caption): (&'static str, &'static str), stands: &[Stand], parts: &[Part]) -> Trend {
        let count = |all: &[Stood], part: &Part| {
            all.iter().filter(|one| one.state != RiskState::Closed && part.2(one)).count()
        };
        let total = |all: &[Stood]| parts.iter().map(|part| count(all, part)).sum::<usize>();
        let most = stands.iter().map(|(.., all)| total(all)).max().unwrap_or(0).max(1);
        let column = |(at, (label, short, all)): (usize, &Stand)| {
            let left = at * WIDTH + (WIDTH - BAR) / 2;
            let mut y = TOP + HEIGHT;
            let mut bars = Vec::new();
            for part in parts {
                let height = count(all, part) * HEIGHT / most;
                y -= height;
                if height > 0 {
                    bars.push(Bar { colour: part.0, x: left, y, height });
                }
            }
            Column {
                text_x: left + BAR / 2,
                bars,
                counts: parts.iter().rev().map(|part| count(all, part)).collect(),
                total: total(all),
                top_y: y - 5,
                label: label.clone(),
                short: short.clone(),
            }
        };
        Trend {
            title,
            caption,
            width: stands.len() * WIDTH,
            columns: stands.iter().enumerate().map(column).collect(),
            parts: parts.iter().rev().map(|(colour, name, _)| (*colour, name.clone())).collect(),
        }
    }
}

/// Not rated at the bottom, then the lowest level first.
fn by_level(ctx: &Ctx, level: fn(&Stood) -> Option<Level>) -> Vec<Part> {
    let unrated = ("unrated", ctx.words.t("risk-not-rated"), None);
    let rated = Level::ALL.iter().map(|one| (one.code(), word(ctx, "level", one.code()), Some(*one)));
    let all = std::iter::once(unrated).chain(rated);
    all.map(|(colour, name, of)| (colour, name, Box::new(move |one: &Stood| level(one) == of) as _)).collect()
}
