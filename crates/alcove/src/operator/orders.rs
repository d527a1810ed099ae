//! The orders themselves. Each is carried out in the process that holds the practice.

use crate::house::Failure;
use crate::init as opening;
use keep::trail::{self, Deep};
use keep::vault;
use keep::{Certificate, Entry, Keep, Object, Owner, Renewed, Shredding};
use people::patients::{self, Names};
use policy::{Access, Act, Facts, decide};
use practice::set_up;
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vocabulary::{PatientId, Principal};

/// A reason shorter than this tells nobody anything later.
const WHY_CHARS: usize = 3;
/// Wrong places that are named; the rest are counted.
const SPOTS_SHOWN: usize = 100;

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum Order {
    RotateRoot {
        why: String,
    },
    RotatePractice {
        why: String,
    },
    /// No patient means everybody, the practice itself included.
    RotateData {
        patient: Option<String>,
        why: String,
    },
    Shred {
        patient: String,
        why: String,
        out: PathBuf,
    },
    Certificate {
        patient: String,
        out: PathBuf,
    },
    /// To a sealed practice: the words of the root key, or two shares.
    Unlock {
        with: String,
    },
    /// A kit was printed, or two of its shares opened the practice.
    KitMade,
    KitTried,
    /// Two shares, to write the lost file of the root key again.
    RestoreRoot {
        with: String,
    },
    /// A new link for an owner who has never signed in.
    LinkOwner,
    Verify {
        deep: bool,
    },
    Checkpoint,
    Key,
    Prove {
        entry: u64,
        out: PathBuf,
    },
    Growth {
        older: u64,
        out: PathBuf,
    },
    Export {
        opened: bool,
        out: PathBuf,
    },
}

/// Whoever carries orders out. Names are there when a house is open.
#[derive(Clone)]
pub struct Desk {
    pub keep: Keep,
    pub names: Option<Arc<Names>>,
}

impl Desk {
    /// Goes on with a re-encryption that a crash or a restart cut short.
    pub async fn resume(&self) -> Result<(), Failure> {
        let done = self.keep.resume_renewals(&access(Act::RotateKeys)?).await?;
        if done != Renewed::default() {
            tracing::info!(values = done.values, retired = done.retired, "a change of keys went on");
        }
        Ok(())
    }

    /// Gives what to tell the operator.
    pub async fn carry_out(&self, order: Order, by: &str) -> Result<String, Failure> {
        match order {
            Order::RotateRoot { why } => {
                let access = access(Act::RotateKeys)?;
                self.keep.rotate_root_key(&access, &reason(&why, by)?).await?;
                let mut tx = self.keep.begin().await?;
                set_up::kit_made(&mut tx).await?;
                let entry = Entry::new(Object::of("kit", "")).detail("by", by).detail("what", "void");
                tx.commit(&access, entry).await?;
                Ok("The root key is a new one. A recovery kit made for the old one opens nothing any more: \
                    make and try a new one now."
                    .into())
            }
            Order::RotatePractice { why } => {
                let access = access(Act::RotateKeys)?;
                let wrapped = self.keep.rotate_practice_key(&access, &reason(&why, by)?).await?;
                Ok(format!("The practice key is a new one; {wrapped} keys lie under it."))
            }
            Order::RotateData { patient, why } => self.rotate_data(patient, &why, by).await,
            Order::Shred { patient, why, out } => self.shred(&patient, &why, by, &out).await,
            Order::Certificate { patient, out } => {
                let found = self.keep.certificate(parse(&patient)?).await?;
                let found = found.ok_or(Failure::Other("this patient was not shredded".into()))?;
                hand_over(&found, &out)
            }
            Order::Unlock { .. } => Err(Failure::Other("the practice is open already".into())),
            Order::KitMade => self.note_kit(Act::MakeKit, by).await,
            Order::KitTried => self.note_kit(Act::TryKit, by).await,
            Order::RestoreRoot { with } => {
                let root = vault::open_kit(&with).map_err(|fault| Failure::Other(fault.to_string()))?;
                self.keep.restore_root_key(&access(Act::RestoreRootKey)?, &root, by).await?;
                Ok("The root key is in its file again. Keep its backups apart from those of the data.".into())
            }
            Order::LinkOwner => {
                let link = opening::link_owner(&self.keep, &access(Act::LinkOwner)?).await?;
                Ok(format!("The owner opens this link within 7 days, once:\n\n  {link}\n"))
            }
            Order::Verify { deep: false } => {
                let whole = trail::verify(&self.keep).await?;
                Ok(format!("The trail is whole: {} entries, as signed.", whole.size))
            }
            Order::Verify { deep: true } => told(&trail::verify_deep(&self.keep).await?),
            Order::Checkpoint => Ok(trail::checkpoint(&self.keep).await?.trim_end().to_owned()),
            Order::Key => Ok(trail::key_line(&self.keep)),
            Order::Prove { entry, out } => {
                let proof = trail::prove(&self.keep, &access(Act::ExportTrail)?, entry).await?;
                write_new(&out, proof.as_bytes())?;
                Ok(format!("The proof of entry {entry} is in {}.", out.display()))
            }
            Order::Growth { older, out } => {
                let proof = trail::prove_growth(&self.keep, &access(Act::ExportTrail)?, older).await?;
                write_new(&out, proof.as_bytes())?;
                Ok(format!("The proof that the first {older} entries are unchanged is in {}.", out.display()))
            }
            Order::Export { opened, out } => {
                let mut file = BufWriter::new(new_file(&out)?);
                let access = access(Act::ExportTrail)?;
                let entries = trail::export(&self.keep, &access, opened, &mut file).await?;
                let done = file.into_inner().map_err(|error| error.into_error()).and_then(|f| f.sync_all());
                done.map_err(Failure::system(format!("cannot finish {}", out.display())))?;
                Ok(format!("{entries} entries are in {}.", out.display()))
            }
        }
    }

    async fn note_kit(&self, act: Act, by: &str) -> Result<String, Failure> {
        let mut tx = self.keep.begin().await?;
        match act {
            Act::TryKit => set_up::kit_tried(&mut tx).await?,
            _ => set_up::kit_made(&mut tx).await?,
        }
        tx.commit(&access(act)?, Entry::new(Object::of("kit", "")).detail("by", by)).await?;
        Ok("That stands in the trail.".into())
    }

    async fn rotate_data(&self, patient: Option<String>, why: &str, by: &str) -> Result<String, Failure> {
        let owners = match patient {
            Some(id) => vec![Owner::Patient(parse(&id)?)],
            None => self.keep.data_owners(),
        };
        let access = access(Act::RotateKeys)?;
        let done = self.keep.renew_data_keys(&access, &owners, &reason(why, by)?).await?;
        let Renewed { owners, values, retired, damaged } = done;
        if damaged > 0 {
            let words = format!(
                "{damaged} values do not open and keep their old keys: run `alcove trail verify --deep`, \
                 restore them from a backup, then rotate again"
            );
            return Err(Failure::Other(words));
        }
        Ok(format!("{owners} new keys; {values} values sealed anew; {retired} old keys destroyed."))
    }

    async fn shred(&self, patient: &str, why: &str, by: &str, out: &Path) -> Result<String, Failure> {
        let patient = parse(patient)?;
        reason(why, by)?;
        // A certificate that cannot be written later is worse than an order that was never given.
        let file = new_file(out)?;
        let facts = Facts { patient: Some(patient), ..Facts::default() };
        let may = decide(&Principal::System, &facts, Act::ShredKeys);
        let may = may.map_err(|_| Failure::Other("the program may not shred keys".into()))?;
        let mut tx = self.keep.begin().await?;
        patients::before_shredding(&mut tx, patient).await?;
        let done = tx.shred(&may, Shredding { patient, by, why }).await;
        drop(file);
        // An empty file would look like a certificate.
        std::fs::remove_file(out).map_err(Failure::system(format!("cannot write {}", out.display())))?;
        let certificate = done?;
        if let Some(names) = &self.names {
            names.forget(patient);
        }
        hand_over(&certificate, out)
    }
}

fn access(act: Act) -> Result<Access, Failure> {
    decide(&Principal::System, &Facts::default(), act)
        .map_err(|_| Failure::Other(format!("the program may not do {}", act.code())))
}

fn reason(why: &str, by: &str) -> Result<String, Failure> {
    let why = why.trim();
    if why.chars().count() < WHY_CHARS {
        return Err(Failure::Other("say why with --why: it stands in the trail".into()));
    }
    Ok(format!("{why} ({by})"))
}

fn parse(patient: &str) -> Result<PatientId, Failure> {
    PatientId::parse(patient).ok_or_else(|| {
        Failure::Other("--patient takes the id that stands in the address of the patient's page".into())
    })
}

fn hand_over(certificate: &Certificate, out: &Path) -> Result<String, Failure> {
    write_new(out, certificate.text.as_bytes())?;
    Ok(format!("{}\nThis certificate is in {}.", certificate.text, out.display()))
}

fn write_new(out: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = new_file(out)?;
    let done = file.write_all(bytes).and_then(|()| file.sync_all());
    done.map_err(Failure::system(format!("cannot write {}", out.display())))
}

fn new_file(out: &Path) -> Result<File, Failure> {
    let open = File::options().write(true).create_new(true).mode(0o600).open(out);
    open.map_err(Failure::system(format!("cannot make the file {}", out.display())))
}

fn told(deep: &Deep) -> Result<String, Failure> {
    let mut text = format!("The trail is whole: {} entries, as signed.\n", deep.trail.size);
    let wrong = [("changed", &deep.altered), ("written by no act", &deep.unknown), ("gone", &deep.gone)];
    for (what, spots) in wrong {
        for spot in spots.iter().take(SPOTS_SHOWN) {
            let line = writeln!(text, "  {what}: {spot}");
            line.expect("a string grows");
        }
    }
    let count: usize = wrong.iter().map(|(_, spots)| spots.len()).sum();
    if count == 0 {
        return Ok(format!(
            "{text}{} sealed values and {} rows are what their newest act wrote.",
            deep.whole, deep.rows
        ));
    }
    Err(Failure::Other(format!(
        "{text}{count} values or rows are not what the trail says: restore them from a backup"
    )))
}
