//! Words to lines, lines to pages, and which line belongs to which part of the document. Pure.

use crate::letters::{Letters, Weight};
use crate::{Block, Document, PAGES_AT_MOST, PressError};

/// US Letter, in points.
pub const PAGE: (f32, f32) = (612.0, 792.0);
pub const SIDE: f32 = 54.0;
const TOP: f32 = 54.0;
const BOTTOM: f32 = 792.0 - 66.0;
pub const WIDTH: f32 = 612.0 - 2.0 * SIDE;
/// From one line to the next, as a part of the size of its letters.
const LEADING: f32 = 1.4;
const BODY: f32 = 10.0;
const CELL: f32 = 9.0;
/// Between two columns, and above and below the words of a cell.
const GAP: f32 = 8.0;
const PAD: f32 = 3.0;
const INDENT: f32 = 14.0;
/// A heading alone at the foot of a page leads nowhere.
const UNDER_HEADING: f32 = 44.0;
const NO_WORDS: &str = "–";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Ink,
    Soft,
    Accent,
}

/// One thing on a page. `leaf` is the part of the document it belongs to; none for what is only drawn.
pub struct Mark {
    pub leaf: Option<usize>,
    pub x: f32,
    /// The line that letters stand on.
    pub y: f32,
    pub kind: Kind,
}

pub enum Kind {
    Words { text: String, style: Style },
    Rule { width: f32, tone: Tone },
}

#[derive(Clone, Copy)]
pub struct Style {
    pub size: f32,
    pub weight: Weight,
    pub tone: Tone,
}

/// A part of the document with its leaves.
pub enum Part {
    Heading(u8, String, usize),
    Text(usize),
    /// The bullet and the words of each item.
    List(Vec<(usize, usize)>),
    Table {
        caption: Option<usize>,
        head: Vec<usize>,
        rows: Vec<Vec<usize>>,
    },
}

pub struct Laid {
    pub pages: Vec<Vec<Mark>>,
    pub parts: Vec<Part>,
    /// Where headings stand, for the outline: level, words, page and height.
    pub outline: Vec<(u8, String, usize, f32)>,
    pub leaves: usize,
}

pub fn lay_out(document: &Document, letters: &Letters) -> Result<Laid, PressError> {
    let mut sheet = Sheet {
        letters,
        laid: Laid { pages: vec![Vec::new()], parts: Vec::new(), outline: Vec::new(), leaves: 0 },
        y: TOP,
    };
    sheet.heading(1, &document.title)?;
    for block in &document.blocks {
        match block {
            Block::Heading(level, text) => sheet.heading((*level).clamp(2, 4), text)?,
            Block::Text(text) => sheet.text(text, Weight::Plain, Tone::Ink)?,
            Block::Strong(text) => sheet.text(text, Weight::Bold, Tone::Ink)?,
            Block::Soft(text) => sheet.text(text, Weight::Plain, Tone::Soft)?,
            Block::List(items) => sheet.list(items)?,
            Block::Terms(pairs) => {
                let rows: Vec<_> =
                    pairs.iter().map(|(name, what)| vec![name.clone(), what.clone()]).collect();
                sheet.table("", &[], &rows)?;
            }
            Block::Table { caption, head, rows } => sheet.table(caption, head, rows)?,
        }
    }
    Ok(sheet.laid)
}

struct Sheet<'a> {
    letters: &'a Letters,
    laid: Laid,
    y: f32,
}

/// The words of one cell, in lines.
struct Cell {
    leaf: Option<usize>,
    x: f32,
    lines: Vec<String>,
    style: Style,
}

impl Sheet<'_> {
    fn leaf(&mut self) -> usize {
        self.laid.leaves += 1;
        self.laid.leaves - 1
    }

    fn next_page(&mut self) -> Result<(), PressError> {
        if self.laid.pages.len() == PAGES_AT_MOST {
            return Err(PressError::TooLong);
        }
        self.laid.pages.push(Vec::new());
        self.y = TOP;
        Ok(())
    }

    fn put(&mut self, mark: Mark) {
        if let Some(page) = self.laid.pages.last_mut() {
            page.push(mark);
        }
    }

    fn heading(&mut self, level: u8, text: &str) -> Result<(), PressError> {
        let (size, above) = [(20.0, 0.0), (14.0, 18.0), (11.5, 12.0), (10.0, 8.0)][usize::from(level) - 1];
        if self.y > TOP {
            self.y += above;
        }
        if self.y + size * LEADING + UNDER_HEADING > BOTTOM {
            self.next_page()?;
        }
        let text = self.letters.printable(text);
        let leaf = self.leaf();
        let page = self.laid.pages.len() - 1;
        self.laid.outline.push((level, text.clone(), page, self.y));
        let tone = if level < 3 { Tone::Accent } else { Tone::Ink };
        self.lines(&text, SIDE, (WIDTH, leaf), Style { size, weight: Weight::Bold, tone })?;
        self.laid.parts.push(Part::Heading(level, text, leaf));
        self.y += 2.0;
        Ok(())
    }

    fn text(&mut self, text: &str, weight: Weight, tone: Tone) -> Result<(), PressError> {
        for line in
            text.lines().map(|line| self.letters.printable(line)).filter(|line| !line.trim().is_empty())
        {
            let leaf = self.leaf();
            self.lines(&line, SIDE, (WIDTH, leaf), Style { size: BODY, weight, tone })?;
            self.laid.parts.push(Part::Text(leaf));
            self.y += 3.0;
        }
        Ok(())
    }

    fn list(&mut self, items: &[String]) -> Result<(), PressError> {
        let style = Style { size: BODY, weight: Weight::Plain, tone: Tone::Ink };
        let mut leaves = Vec::new();
        for item in items {
            if self.y + BODY * LEADING > BOTTOM {
                self.next_page()?;
            }
            let (bullet, words) = (self.leaf(), self.leaf());
            let kind = Kind::Words { text: "• ".into(), style };
            self.put(Mark { leaf: Some(bullet), x: SIDE, y: self.y + BODY, kind });
            let text = self.letters.printable(item);
            self.lines(&text, SIDE + INDENT, (WIDTH - INDENT, words), style)?;
            leaves.push((bullet, words));
        }
        if !leaves.is_empty() {
            self.laid.parts.push(Part::List(leaves));
        }
        self.y += 3.0;
        Ok(())
    }

    fn lines(
        &mut self,
        text: &str,
        x: f32,
        (width, leaf): (f32, usize),
        style: Style,
    ) -> Result<(), PressError> {
        for line in self.wrap(text, width, style) {
            if self.y + style.size * LEADING > BOTTOM {
                self.next_page()?;
            }
            let y = self.y + style.size;
            self.put(Mark { leaf: Some(leaf), x, y, kind: Kind::Words { text: line, style } });
            self.y += style.size * LEADING;
        }
        Ok(())
    }

    /// Lines that fit, each but the last with the space that ends it, so that no two words grow together when
    /// they are read aloud.
    fn wrap(&self, text: &str, width: f32, style: Style) -> Vec<String> {
        let em = |text: &str| self.letters.width(text, style.weight) * style.size;
        let mut lines = Vec::new();
        let (mut line, mut long) = (String::new(), 0.0);
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let wide = em(word);
            if !line.is_empty() && long + em(" ") + wide > width {
                lines.push(std::mem::take(&mut line) + " ");
                long = 0.0;
            }
            if wide > width {
                for letter in word.chars() {
                    let wide = em(letter.encode_utf8(&mut [0; 4]));
                    if long + wide > width {
                        lines.push(std::mem::take(&mut line));
                        long = 0.0;
                    }
                    line.push(letter);
                    long += wide;
                }
                continue;
            }
            if !line.is_empty() {
                line.push(' ');
                long += em(" ");
            }
            line.push_str(word);
            long += wide;
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    fn table(&mut self, caption: &str, head: &[String], rows: &[Vec<String>]) -> Result<(), PressError> {
        let columns = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or(0);
        if columns == 0 || rows.is_empty() {
            return Ok(());
        }
        let widths = self.columns(head, rows, columns);
        let caption = self.caption(caption)?;
        let plain = Style { size: CELL, weight: Weight::Plain, tone: Tone::Ink };
        let bold = Style { weight: Weight::Bold, ..plain };
        let mut part = (Vec::new(), Vec::new());
        if !head.is_empty() {
            if self.y + UNDER_HEADING > BOTTOM {
                self.next_page()?;
            }
            let cells = self.cells(head, &widths, |_| bold);
            part.0 = cells.iter().filter_map(|cell| cell.leaf).collect();
            self.row(&cells, &[], &widths)?;
        }
        let style = |column: usize| if column == 0 && head.is_empty() { bold } else { plain };
        for row in rows {
            let cells = self.cells(row, &widths, style);
            part.1.push(cells.iter().filter_map(|cell| cell.leaf).collect());
            self.row(&cells, head, &widths)?;
        }
        self.y += 6.0;
        self.laid.parts.push(Part::Table { caption, head: part.0, rows: part.1 });
        Ok(())
    }

    fn caption(&mut self, caption: &str) -> Result<Option<usize>, PressError> {
        let text = self.letters.printable(caption);
        if text.trim().is_empty() {
            return Ok(None);
        }
        if self.y + UNDER_HEADING > BOTTOM {
            self.next_page()?;
        }
        let leaf = self.leaf();
        let style = Style { size: CELL, weight: Weight::Plain, tone: Tone::Soft };
        self.lines(&text, SIDE, (WIDTH, leaf), style)?;
        Ok(Some(leaf))
    }

    fn cells(&mut self, row: &[String], widths: &[f32], style: impl Fn(usize) -> Style) -> Vec<Cell> {
        let mut x = SIDE;
        let mut cells = Vec::new();
        for (column, width) in widths.iter().enumerate() {
            let text = self.letters.printable(row.get(column).map_or("", String::as_str));
            let text = if text.trim().is_empty() { NO_WORDS.to_owned() } else { text };
            let style = style(column);
            let lines = self.wrap(&text, width - GAP, style);
            cells.push(Cell { leaf: Some(self.leaf()), x, lines, style });
            x += width;
        }
        cells
    }

    /// A row in as many pieces as pages ask for; on a new page the head stands again, for the eye alone.
    fn row(&mut self, cells: &[Cell], head: &[String], widths: &[f32]) -> Result<(), PressError> {
        let lead = CELL * LEADING;
        let tallest = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(0);
        let mut from = 0;
        while from < tallest {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "some lines on a page"
            )]
            let fit = ((BOTTOM - self.y - 2.0 * PAD) / lead).max(0.0) as usize;
            let left = tallest - from;
            let whole = from == 0 && left > fit && left <= WHOLE_ROW;
            if fit == 0 || whole {
                self.next_page()?;
                if !head.is_empty() {
                    self.head_again(head, widths);
                }
                continue;
            }
            let until = from + left.min(fit);
            for cell in cells {
                for (at, line) in cell.lines.iter().take(until).skip(from).enumerate() {
                    #[expect(clippy::cast_precision_loss, reason = "some lines on a page")]
                    let y = self.y + PAD + CELL + at as f32 * lead;
                    let kind = Kind::Words { text: line.clone(), style: cell.style };
                    self.put(Mark { leaf: cell.leaf, x: cell.x, y, kind });
                }
            }
            #[expect(clippy::cast_precision_loss, reason = "some lines on a page")]
            let tall = (until - from) as f32 * lead + 2.0 * PAD;
            self.y += tall;
            let kind = Kind::Rule { width: WIDTH, tone: Tone::Soft };
            self.put(Mark { leaf: None, x: SIDE, y: self.y, kind });
            from = until;
        }
        Ok(())
    }

    fn head_again(&mut self, head: &[String], widths: &[f32]) {
        let style = Style { size: CELL, weight: Weight::Bold, tone: Tone::Soft };
        let (mut x, mut most) = (SIDE, 1);
        for (text, width) in head.iter().zip(widths) {
            let lines = self.wrap(&self.letters.printable(text), width - GAP, style);
            most = most.max(lines.len());
            for (at, line) in lines.into_iter().enumerate() {
                #[expect(clippy::cast_precision_loss, reason = "some lines on a page")]
                let y = self.y + PAD + CELL + at as f32 * CELL * LEADING;
                self.put(Mark { leaf: None, x, y, kind: Kind::Words { text: line, style } });
            }
            x += width;
        }
        #[expect(clippy::cast_precision_loss, reason = "some lines on a page")]
        let tall = most as f32 * CELL * LEADING + 2.0 * PAD;
        self.y += tall;
    }

    /// Every column as wide as its longest word, and what is left by how much each has to say.
    fn columns(&self, head: &[String], rows: &[Vec<String>], columns: usize) -> Vec<f32> {
        let mut least = vec![0.0_f32; columns];
        let mut wanted = vec![0.0_f32; columns];
        for row in rows.iter().map(Vec::as_slice).chain([head]) {
            for (column, text) in row.iter().enumerate() {
                let text = self.letters.printable(text);
                let wide = |text: &str| self.letters.width(text, Weight::Bold) * CELL + GAP;
                let longest = text.split(' ').map(wide).fold(0.0, f32::max);
                let whole = text.split(' ').map(wide).sum::<f32>();
                least[column] = least[column].max(longest.min(WIDTH / 3.0));
                wanted[column] = wanted[column].max(whole.min(WIDTH));
            }
        }
        let (sum, more): (f32, f32) = (least.iter().sum(), wanted.iter().sum());
        if sum >= WIDTH || more <= 0.0 {
            let whole = sum.max(1.0);
            return least.iter().map(|one| one / whole * WIDTH).collect();
        }
        let spare = WIDTH - sum;
        least.iter().zip(&wanted).map(|(least, wanted)| least + spare * wanted / more).collect()
    }
}

/// A row of so few lines is not broken between two pages.
const WHOLE_ROW: usize = 30;
