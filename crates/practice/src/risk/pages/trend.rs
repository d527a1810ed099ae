//! How many risks stood on which level at each signature, and stand now: columns of an SVG, and its table.

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

pub struct Trend {
    pub width: usize,
    pub columns: Vec<Column>,
    pub levels: Vec<(&'static str, String)>,
}

pub struct Column {
    pub label: String,
    /// The start of the label, for below the bar.
    pub short: String,
    pub text_x: usize,
    pub bars: Vec<Bar>,
    /// By level, the highest first, as the table says them.
    pub counts: Vec<usize>,
    pub open: usize,
    pub overdue: usize,
    pub top_y: usize,
}

pub struct Bar {
    pub level: &'static str,
    pub x: usize,
    pub y: usize,
    pub height: usize,
}

impl Trend {
    /// Nothing to draw before the first signature.
    pub async fn of(
        ctx: &Ctx,
        view: &mut Viewing,
        all: &[Analysis],
        register: &[(Risk, Story)],
    ) -> Result<Trend, Failure> {
        let signed: Vec<_> = all.iter().filter(|one| one.state == AnalysisState::Signed).collect();
        let mut stands = Vec::new();
        for one in signed.into_iter().take(COLUMNS - 1).rev() {
            let day = one.signed_at.map(|at| ctx.words.date(at, ctx.zone())).unwrap_or_default();
            let label = ctx.words.with("trend-signed", &[("n", one.number.into()), ("at", day.into())]);
            stands.push((label, format!("{}", one.number), signed_reports::register_of(view, one.id).await?));
        }
        if stands.is_empty() {
            return Ok(Trend { width: 0, columns: Vec::new(), levels: Vec::new() });
        }
        let now = register.iter().map(|(risk, _)| Stood::of(risk, ctx.now)).collect();
        stands.push((ctx.words.t("trend-now"), ctx.words.t("trend-now"), now));
        Ok(Trend::drawn(ctx, stands))
    }

    fn drawn(ctx: &Ctx, stands: Vec<(String, String, Vec<Stood>)>) -> Trend {
        let open = |all: &[Stood]| all.iter().filter(|one| one.state != RiskState::Closed).count();
        let most = stands.iter().map(|(.., all)| open(all)).max().unwrap_or(0).max(1);
        let column = |(at, (label, short, all)): (usize, (String, String, Vec<Stood>))| {
            let left = at * WIDTH + (WIDTH - BAR) / 2;
            let mut y = TOP + HEIGHT;
            let count = |level: Option<Level>| {
                all.iter().filter(|one| one.state != RiskState::Closed && one.level == level).count()
            };
            let mut bars = Vec::new();
            for (level, code) in levels_up() {
                let height = count(level) * HEIGHT / most;
                y -= height;
                if height > 0 {
                    bars.push(Bar { level: code, x: left, y, height });
                }
            }
            Column {
                text_x: left + BAR / 2,
                bars,
                counts: levels_up().rev().map(|(level, _)| count(level)).collect(),
                open: open(&all),
                overdue: all.iter().filter(|one| one.overdue).count(),
                top_y: y - 5,
                label,
                short,
            }
        };
        let columns: Vec<Column> = stands.into_iter().enumerate().map(column).collect();
        let levels = levels_up().rev().map(|(level, code)| {
            let name = match level {
                Some(level) => word(ctx, "level", level.code()),
                None => ctx.words.t("risk-not-rated"),
            };
            (code, name)
        });
        Trend { width: columns.len() * WIDTH, columns, levels: levels.collect() }
    }
}

/// Not rated at the bottom, then the lowest level first.
fn levels_up() -> impl DoubleEndedIterator<Item = (Option<Level>, &'static str)> {
    std::iter::once((None, "unrated"))
        .chain(Level::ALL.iter().map(|level| (Some(*level), level.code())))
        .collect::<Vec<_>>()
        .into_iter()
}
