//! Whoever holds the disk changes one bit, puts one value in the place of another, or an old value back:
//! nothing wrong is ever shown, and `verify_deep` finds all of it.

use crate::store::Class;
use crate::store::tests::{Behind, unguard};
use crate::testing::TempFolder;
use crate::tests::{NOTES, body, clinician, patient, system};
use crate::*;
use policy::Act;
use std::fs;
use vocabulary::testing::TestEntropy;
use vocabulary::{Entropy, FileId, PatientId};

const FLIPS: usize = 1_000;
/// Of them in the files of keys, which are read at start alone.
const FLIPS_IN_KEYS: usize = 60;
const VERSIONS: i64 = 3;

/// A practice with something in every sealed column of this crate and its test table.
struct Victim {
    temp: TempFolder,
    keep: Keep,
    behind: Behind,
    notes: Vec<(String, PatientId, String)>,
    file: (FileId, PatientId),
    /// What stood in each note's place before, oldest first, with its version.
    older: Vec<(String, i64, Vec<u8>)>,
}

/// Table, column, the column that names rows, row.
type Cell = (String, String, String, String);

fn borrowed(cell: &Cell) -> (&str, &str, &str, &str) {
    (&cell.0, &cell.1, &cell.2, &cell.3)
}

impl Victim {
    async fn open() -> Victim {
        let temp = TempFolder::new();
        let keep = temp.open(&[NOTES]).await.unwrap();
        let people = [patient(&keep), patient(&keep), patient(&keep)];
        let (mut notes, mut older) = (Vec::new(), Vec::new());
        for n in 0..6 {
            let (row, of) = (format!("n{n}"), people[n % 3]);
            for version in 1..=VERSIONS {
                let text = format!("secret {n} at {version}");
                let mut tx = keep.begin().await.unwrap();
                let sealed = tx.seal_text(&body(&row, version, Owner::Patient(of)), &text).unwrap();
                let sql = "INSERT INTO note (id, version, body) VALUES ($1, $2, $3)
                           ON CONFLICT (id) DO UPDATE SET version = $2, body = $3";
                tx.run(sql, args![&row, version, sealed.clone()]).await.unwrap();
                tx.commit(&system(), Entry::new(Object::of("note", &row).patient(of))).await.unwrap();
                match version {
                    VERSIONS => notes.push((row.clone(), of, text)),
                    _ => older.push((row.clone(), version, sealed)),
                }
            }
        }
        let mut tx = keep.begin().await.unwrap();
        let id = tx.put_file(Owner::Patient(people[0]), "scan", b"picture".to_vec()).await.unwrap();
        let now = tx.now();
        tx.post(Letter::mail("to", "subject", "words").of(Owner::Patient(people[1])), now).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("file", id.text()))).await.unwrap();
        unguard(&temp.config()).await;
        let behind = Behind::records(&temp.config()).await;
        Victim { temp, keep, behind, notes, file: (id, people[0]), older }
    }

    /// Every sealed value, the trail's own among them, and every other blob that the trail rests on.
    async fn cells(&mut self) -> Vec<Cell> {
        let sealed = self.keep.register().columns().filter(|(_, _, column)| column.class == Class::Sealed);
        let mut columns: Vec<(String, String)> =
            sealed.map(|(table, column, _)| (table.to_owned(), column.to_owned())).collect();
        let trail = [("trail_leaf", "touched"), ("trail_leaf", "said"), ("trail_leaf", "hash")];
        let head = [("trail_head", "root"), ("trail_head", "signature"), ("trail_head", "frontier")];
        columns.extend(trail.into_iter().chain(head).map(|(a, b)| (a.to_owned(), b.to_owned())));
        let mut cells = Vec::new();
        for (table, column) in columns {
            let name = self.keep.register().row_name(&table).unwrap().to_owned();
            for row in self.behind.names(&table, &name).await {
                let cell = (table.clone(), column.clone(), name.clone(), row);
                if self.behind.blob(borrowed(&cell)).await.is_some_and(|value| !value.is_empty()) {
                    cells.push(cell);
                }
            }
        }
        cells
    }

    async fn is_found(&self) -> bool {
        match trail::verify_deep(&self.keep).await {
            Ok(deep) => !(deep.altered.is_empty() && deep.unknown.is_empty() && deep.gone.is_empty()),
            Err(_) => true,
        }
    }

    /// Reads everything there is to read: what opens must be what was written last. Gives how much opened.
    async fn shows_nothing_wrong(&self, allowed: &[&str]) -> usize {
        let mut opened = 0;
        for (row, of, text) in &self.notes {
            let access = clinician(self.keep.entropy(), *of, Act::OpenChart);
            let mut viewing = Viewing::new(self.keep.clone(), self.keep.read_conn().await.unwrap());
            let sql = "SELECT version, body FROM note WHERE id = $1";
            let found = viewing.row(sql, args![row]).await.unwrap().unwrap();
            let place = body(row, found.int("version").unwrap(), Owner::Patient(*of));
            if let Ok(shown) = viewing.unseal_text(&access, &place, found.blob("body").unwrap()) {
                let shown = shown.reveal();
                assert!(shown == text || allowed.contains(&shown), "{row} shows what is not its newest text");
                opened += 1;
            }
        }
        let access = clinician(self.keep.entropy(), self.file.1, Act::OpenChart);
        let mut viewing = Viewing::new(self.keep.clone(), self.keep.read_conn().await.unwrap());
        if let Ok(shown) = viewing.file(&access, self.file.0).await {
            assert_eq!(&**shown, b"picture");
            opened += 1;
        }
        opened
    }
}

struct Dice(TestEntropy);

impl Dice {
    fn below(&self, bound: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        usize::try_from(u64::from_be_bytes(bytes) % bound as u64).unwrap()
    }

    fn flip(&self, bytes: &mut [u8]) {
        let bit = self.below(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
}

fn dice() -> Dice {
    let given = std::env::var("ALCOVE_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| u64::from(std::process::id()));
    use std::io::Write;
    writeln!(std::io::stdout(), "replay with ALCOVE_SEED={seed}").unwrap();
    Dice(TestEntropy::seeded(seed))
}

/// R27 (part: sealed values, files and the trail): a direct edit shows: 1,000 random bits, one at a time.
#[tokio::test]
async fn a_thousand_flipped_bits_are_all_found_and_show_nothing_wrong() {
    let mut victim = Victim::open().await;
    let (cells, dice) = (victim.cells().await, dice());
    assert!(!victim.is_found().await);
    assert_eq!(victim.shows_nothing_wrong(&[]).await, 7);
    let name =
        fs::read_dir(victim.temp.config().folder.join("files")).unwrap().next().unwrap().unwrap().path();
    for n in FLIPS_IN_KEYS..FLIPS {
        if n % 50 == 0 {
            // The file's own bytes: nobody but its reader looks at them, and the reader refuses.
            let whole = fs::read(&name).unwrap();
            let mut flipped = whole.clone();
            dice.flip(&mut flipped);
            fs::write(&name, flipped).unwrap();
            assert_eq!(victim.shows_nothing_wrong(&[]).await, 6);
            fs::write(&name, whole).unwrap();
            continue;
        }
        let cell = &cells[dice.below(cells.len())];
        let whole = victim.behind.blob(borrowed(cell)).await.unwrap();
        let mut flipped = whole.clone();
        dice.flip(&mut flipped);
        victim.behind.put(borrowed(cell), &flipped).await;
        assert!(victim.is_found().await, "flip {n} in {}.{} was not found", cell.0, cell.1);
        victim.shows_nothing_wrong(&[]).await;
        victim.behind.put(borrowed(cell), &whole).await;
    }
    assert!(!victim.is_found().await);
    assert_eq!(victim.shows_nothing_wrong(&[]).await, 7);
}

/// A key that is not what it was opens nothing, and says so at start.
#[tokio::test]
async fn a_flipped_bit_in_the_keys_keeps_the_practice_shut() {
    let victim = Victim::open().await;
    let dice = dice();
    victim.keep.close().await;
    let Victim { temp, keep, .. } = victim;
    drop(keep);
    let mut behind = Behind::keys(&temp.config()).await;
    let ids = behind.names("vault_key", "id").await;
    for n in 0..FLIPS_IN_KEYS {
        let cell = ("vault_key", "wrapped", "id", ids[dice.below(ids.len())].as_str());
        let whole = behind.blob(cell).await.unwrap();
        let mut flipped = whole.clone();
        dice.flip(&mut flipped);
        behind.put(cell, &flipped).await;
        assert!(temp.open(&[NOTES]).await.is_err(), "flip {n} was not found");
        behind.put(cell, &whole).await;
    }
    temp.open(&[NOTES]).await.unwrap();
}

/// R27 (part: values in the place of others show): all ordered pairs of all sealed values.
#[tokio::test]
async fn a_value_in_the_place_of_another_is_found_for_every_pair() {
    let mut victim = Victim::open().await;
    let cells: Vec<Cell> = victim.cells().await.into_iter().filter(|cell| cell.0 != "trail_head").collect();
    let data: Vec<&Cell> = cells.iter().filter(|cell| cell.0 != "trail_leaf").collect();
    // Of the trail's own bodies some, or the pairs would be a thousand and say the same.
    let bodies: Vec<&Cell> =
        cells.iter().filter(|cell| cell.0 == "trail_leaf" && cell.1 == "body").take(4).collect();
    let all: Vec<&Cell> = data.into_iter().chain(bodies).collect();
    let mut pairs = 0;
    for from in &all {
        let value = victim.behind.blob(borrowed(from)).await.unwrap();
        for to in all.iter().filter(|to| to != &from) {
            let whole = victim.behind.blob(borrowed(to)).await.unwrap();
            victim.behind.put(borrowed(to), &value).await;
            assert!(victim.is_found().await, "{}.{} in the place of {}.{}", from.0, from.1, to.0, to.1);
            victim.shows_nothing_wrong(&[]).await;
            victim.behind.put(borrowed(to), &whole).await;
            pairs += 1;
        }
    }
    assert_eq!(pairs, all.len() * (all.len() - 1));
    assert!(pairs > 100 && !victim.is_found().await, "{pairs}");
}

/// R27 (part: an old version put back shows): alone it does not even open; with its row's version it opens as
/// what it once was, and is found.
#[tokio::test]
async fn an_old_version_that_is_put_back_is_always_found() {
    let mut victim = Victim::open().await;
    for (row, version, sealed) in victim.older.clone() {
        let cell = ("note", "body", "id", row.as_str());
        let whole = victim.behind.blob(cell).await.unwrap();
        victim.behind.put(cell, &sealed).await;
        assert!(victim.is_found().await, "version {version} of {row}");
        assert_eq!(victim.shows_nothing_wrong(&[]).await, 6);
        victim.behind.version(&row, version).await;
        assert!(victim.is_found().await, "version {version} of {row} with its row");
        let old = format!("secret {} at {version}", &row[1..]);
        victim.shows_nothing_wrong(&[&old]).await;
        victim.behind.version(&row, VERSIONS).await;
        victim.behind.put(cell, &whole).await;
    }
    assert!(!victim.is_found().await);
}
