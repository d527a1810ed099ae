//! `alcove report verify`: whether a downloaded report is the one that was signed. Needs no practice and no
//! network: a file, its proof, and the key the practice told on another way.

use crate::house::Failure;
use crate::log;
use practice::signed_reports::proof::{self, File, PROOF_BYTES_AT_MOST};
use std::io::Read;
use std::path::{Path, PathBuf};

#[derive(clap::Subcommand)]
pub enum Command {
    /// Check a report against its proof; exit 0 only when hash and signature fit.
    Verify {
        /// The report: the saved page or the PDF.
        file: PathBuf,
        /// The proof that was downloaded with it.
        #[arg(long)]
        proof: PathBuf,
        /// The practice's report key, hexadecimal, as the practice told it: without it the check says only
        /// that file and proof belong together.
        #[arg(long)]
        key: Option<String>,
    },
}

pub fn run(command: Command) -> Result<(), Failure> {
    let Command::Verify { file, proof, key } = command;
    log::say(&verify(
        &read(&file, FILE_BYTES_AT_MOST)?,
        &read(&proof, PROOF_BYTES_AT_MOST)?,
        key.as_deref(),
    )?);
    Ok(())
}

fn verify(file: &[u8], proof: &[u8], key: Option<&str>) -> Result<String, Failure> {
    let (which, proof) = proof::verify(file, proof).map_err(|why| Failure::Other(why.to_string()))?;
    let same = key.map(|key| key.trim().eq_ignore_ascii_case(&proof.public_key));
    if same == Some(false) {
        return Err(Failure::Other(format!(
            "the signature is valid, but under another key than --key: this proof was made with {}",
            proof.public_key
        )));
    }
    let what = match which {
        File::Html => "page",
        File::Pdf => "PDF",
    };
    let told = match same {
        Some(_) => "It is the key you named.".to_owned(),
        None => "Compare the key with the one the practice tells you on another way, or name it with --key."
            .into(),
    };
    Ok(format!(
        "signature valid\n  the {what} of risk analysis {} of {}\n  signed by {} at {}\n  key {}\n  {told}",
        proof.report,
        shown(&proof.practice),
        shown(&proof.signed_as),
        shown(&proof.signed_at),
        shown(&proof.public_key)
    ))
}

/// Whoever made the proof may have another key: no line and no command for the terminal comes from them.
fn shown(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '?' } else { letter }).collect()
}

/// A report of the longest texts stays below.
const FILE_BYTES_AT_MOST: usize = 64 * 1024 * 1024;

fn read(path: &Path, most: usize) -> Result<Vec<u8>, Failure> {
    let failed = || Failure::system(format!("cannot read {}", path.display()));
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    std::fs::File::open(path).map_err(failed())?.take(limit).read_to_end(&mut bytes).map_err(failed())?;
    if bytes.len() > most {
        return Err(Failure::Other(format!("{} is too large to be a report or its proof", path.display())));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proof::{FORMAT, Proof, Sealed, sha256, sign};

    const FILE: &[u8] = b"<!doctype html>";

    fn proof(signed_as: &str) -> Proof {
        let (public_key, signature) = sign(&[7; 32], FILE).unwrap();
        let mut proof = Proof {
            format: FORMAT.into(),
            report: 2,
            practice: "Harbor".into(),
            signed_as: signed_as.into(),
            signed_at: "2026-10-01T12:00:00Z".into(),
            public_key,
            html: Sealed { sha256: sha256(FILE), signature },
            pdf: None,
            statement_signature: String::new(),
        };
        proof.statement_signature = sign(&[7; 32], &proof.statement().text().unwrap()).unwrap().1;
        proof
    }

    fn json(proof: &Proof) -> Vec<u8> {
        serde_json::to_vec(proof).unwrap()
    }

    #[test]
    fn a_signed_file_is_told_and_a_changed_one_or_another_key_is_not() {
        let proof = proof("Grace Lindqvist");
        let (key, proof) = (proof.public_key.clone(), json(&proof));
        let told = verify(FILE, &proof, Some(&key.to_uppercase())).unwrap();
        assert!(told.starts_with("signature valid") && told.contains("Grace Lindqvist"));
        assert!(verify(FILE, &proof, None).unwrap().contains("Compare the key"));
        assert!(verify(FILE, &proof, Some("00")).unwrap_err().to_string().contains("another key"));
        assert!(verify(b"<!doctype html> ", &proof, None).is_err());
    }

    #[test]
    fn words_that_were_not_signed_are_not_told() {
        let mut forged = proof("Grace Lindqvist");
        forged.signed_as = "Mallory Smith".into();
        let said = verify(FILE, &json(&forged), Some(&forged.public_key)).unwrap_err().to_string();
        assert!(said.contains("the proof was changed") && !said.contains("Mallory"), "{said}");
        let told = verify(FILE, &json(&proof("Eve\n  It is the key you named.")), None).unwrap();
        assert!(!told.contains("\n  It is the key you named"), "{told}");
    }
}
