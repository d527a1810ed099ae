//! The map of the ways health data takes, as numbers for an SVG: boxes in four columns, curves between them.
//! Pure.

use super::rules::column;

const BOX_WIDTH: usize = 168;
const BOX_HEIGHT: usize = 46;
const COLUMN_WIDTH: usize = 250;
const ROW_HEIGHT: usize = 62;
/// Room for the names of the columns.
const TOP: usize = 34;
/// Letters that fit into a line of a box; two lines are drawn.
const LINE_LETTERS: usize = 22;

/// One asset to draw.
pub struct Spot<'a> {
    pub id: &'a str,
    pub kind: &'a str,
    pub name: &'a str,
}

pub struct Drawn {
    pub id: String,
    pub kind: String,
    pub x: usize,
    pub y: usize,
    /// One line or two.
    pub lines: Vec<(usize, String)>,
    pub name: String,
}

pub struct Curve {
    pub path: String,
}

pub struct Map {
    pub width: usize,
    pub height: usize,
    pub boxes: Vec<Drawn>,
    pub curves: Vec<Curve>,
}

impl Map {
    pub const BOX_WIDTH: usize = BOX_WIDTH;
    pub const BOX_HEIGHT: usize = BOX_HEIGHT;
    pub const COLUMN_WIDTH: usize = COLUMN_WIDTH;

    /// `ways`: from and to, by id. A way to something that is not drawn is left out.
    pub fn of(spots: &[Spot<'_>], ways: &[(&str, &str)]) -> Map {
        let mut rows = [0_usize; 4];
        let mut boxes = Vec::new();
        for spot in spots {
            let at = column(spot.kind);
            let (x, y) = (at * COLUMN_WIDTH, TOP + rows[at] * ROW_HEIGHT);
            rows[at] += 1;
            let lines = lines_of(spot.name);
            let first = y + if lines.len() == 1 { 28 } else { 19 };
            boxes.push(Drawn {
                id: spot.id.to_owned(),
                kind: spot.kind.to_owned(),
                x,
                y,
                lines: lines.into_iter().enumerate().map(|(n, line)| (first + n * 17, line)).collect(),
                name: spot.name.to_owned(),
            });
        }
        let place = |id: &str| boxes.iter().find(|one| one.id == id).map(|one| (one.x, one.y));
        let curve = |(from, to): &(&str, &str)| Some(Curve { path: path(place(from)?, place(to)?) });
        let curves = ways.iter().filter_map(curve).collect();
        let tallest = rows.into_iter().max().unwrap_or(0).max(1);
        Map { width: 3 * COLUMN_WIDTH + BOX_WIDTH + 40, height: TOP + tallest * ROW_HEIGHT, boxes, curves }
    }
}

/// From the edge of one box to the edge of the other. Within one column it swings out to the right; past
/// other columns it runs below the row it comes from, where no box stands.
fn path((from_x, from_y): (usize, usize), (to_x, to_y): (usize, usize)) -> String {
    let lane = from_y + BOX_HEIGHT + (ROW_HEIGHT - BOX_HEIGHT) / 2;
    let (from_y, to_y) = (from_y + BOX_HEIGHT / 2, to_y + BOX_HEIGHT / 2);
    let bend = (COLUMN_WIDTH - BOX_WIDTH) / 2;
    if from_x == to_x {
        let x = from_x + BOX_WIDTH;
        let out = x + bend;
        return format!("M{x} {from_y}C{out} {from_y} {out} {to_y} {x} {to_y}");
    }
    let rightwards = from_x < to_x;
    let (start, end) = if rightwards { (from_x + BOX_WIDTH, to_x) } else { (from_x, to_x + BOX_WIDTH) };
    let towards = |x: usize, by: usize| if rightwards { x + by } else { x - by };
    let back = |x: usize, by: usize| if rightwards { x - by } else { x + by };
    let (out, into) = (towards(start, bend), back(end, bend));
    if from_x.abs_diff(to_x) == COLUMN_WIDTH {
        return format!("M{start} {from_y}C{out} {from_y} {into} {to_y} {end} {to_y}");
    }
    let (leaves, joins) = (towards(start, 2 * bend), back(end, 2 * bend));
    format!(
        "M{start} {from_y}C{out} {from_y} {out} {lane} {leaves} {lane}L{joins} {lane}\
         C{into} {lane} {into} {to_y} {end} {to_y}"
    )
}

/// A name in two lines at most, broken between words; what does not fit ends with dots.
fn lines_of(name: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in name.split_whitespace() {
        let line = lines.last_mut().map(String::as_mut_str).unwrap_or_default();
        let taken = line.chars().count();
        if taken == 0 {
            lines.pop();
            lines.push(word.to_owned());
        } else if taken + 1 + word.chars().count() <= LINE_LETTERS {
            let longer = format!("{line} {word}");
            lines.pop();
            lines.push(longer);
        } else {
            lines.push(word.to_owned());
        }
    }
    let more = lines.len() > 2;
    lines.truncate(2);
    for (at, line) in lines.iter_mut().enumerate() {
        if line.chars().count() > LINE_LETTERS || (more && at == 1) {
            let kept: String = line.chars().take(LINE_LETTERS - 1).collect();
            *line = format!("{kept}…");
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_stand_in_their_columns_and_ways_run_between_their_edges() {
        let spot = |id, kind| Spot { id, kind, name: "Laptop" };
        let spots = [spot("a", "people"), spot("b", "device"), spot("c", "device"), spot("d", "vendor")];
        let map = Map::of(&spots, &[("a", "b"), ("b", "c"), ("d", "a"), ("a", "nowhere")]);
        assert_eq!(map.boxes.iter().map(|one| one.x).collect::<Vec<_>>(), [0, 250, 250, 750]);
        assert_eq!(map.curves.len(), 3);
        assert!(map.curves[0].path.starts_with("M168 57") && map.curves[0].path.ends_with("250 57"));
        assert!(map.curves[2].path.starts_with("M750 57") && map.curves[2].path.ends_with("168 57"));
        assert!(map.boxes.iter().all(|one| one.y + BOX_HEIGHT <= map.height));
    }

    #[test]
    fn a_long_name_takes_two_lines_and_dots() {
        assert_eq!(lines_of("Front desk laptop"), ["Front desk laptop"]);
        assert_eq!(lines_of("Laptop of the front desk in Boston"), ["Laptop of the front", "desk in Boston"]);
        let long = lines_of("Donaudampfschifffahrtsgesellschaft with a very long name indeed");
        assert!(long.len() == 2 && long.iter().all(|line| line.chars().count() <= LINE_LETTERS));
        assert!(long[1].ends_with('…'));
    }
}
