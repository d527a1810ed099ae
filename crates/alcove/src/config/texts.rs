//! `[texts]`: the gateway that carries text messages, and who runs it.

use super::sign_in::RunBy;
use crate::house::Failure;
use people::contact::texting::Terms;
use practice::ids::VendorId;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use web::mail::{GatewayConfig, text::NAME_MAX};
use zeroize::Zeroizing;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// Where messages are posted: https, or http on this machine.
    pub url: String,
    /// A file that holds the gateway's credential and that others cannot read.
    pub credential_file: PathBuf,
    /// A file that holds what the gateway shows when it brings us an answer, and that others cannot read.
    pub answers_secret_file: PathBuf,
    /// The number or name that messages come from, as the gateway wants it.
    pub sender: String,
    /// What texts call the practice, when its name is long.
    #[serde(default)]
    pub name: String,
    /// Calling code of numbers that are written without one.
    #[serde(default = "home")]
    pub country_code: String,
    pub run_by: RunBy,
    /// PEM: trust this certificate authority alone, instead of those of this machine.
    pub ca: Option<PathBuf>,
}

impl Texts {
    pub(super) fn settle_in(&mut self, folder: &Path) {
        for path in [&mut self.credential_file, &mut self.answers_secret_file].into_iter().chain(&mut self.ca)
        {
            *path = folder.join(&*path);
        }
    }

    /// What no single line can say.
    pub(super) fn check(&self) -> Result<(), String> {
        web::fetch::check(&self.url).map_err(|why| format!("[texts] url: {why}"))?;
        if self.sender.trim().is_empty() {
            return Err("[texts] sender: say which number or name messages come from".into());
        }
        if self.name.chars().count() > NAME_MAX {
            return Err(format!("[texts] name: {NAME_MAX} letters at most, or no link fits beside it"));
        }
        let code = &self.country_code;
        if !(1..=3).contains(&code.len()) || !code.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(format!("[texts] country_code: `{code}` is no calling code such as \"1\""));
        }
        self.vendor().map(|_| ())
    }

    /// None: on the practice's own machine.
    pub fn vendor(&self) -> Result<Option<VendorId>, String> {
        self.run_by.vendor("[texts]")
    }

    pub fn gateway(&self) -> Result<GatewayConfig, Failure> {
        Ok(GatewayConfig {
            url: self.url.clone(),
            credential: secret(&self.credential_file, "[texts] credential_file")?,
            sender: self.sender.trim().to_owned(),
            ca: self.ca.clone(),
        })
    }

    pub fn terms(&self) -> Result<Terms, Failure> {
        Ok(Terms {
            name: self.name.trim().to_owned(),
            country: self.country_code.clone(),
            secret: secret(&self.answers_secret_file, "[texts] answers_secret_file")?,
        })
    }
}

fn secret(file: &Path, line: &str) -> Result<Zeroizing<String>, Failure> {
    let text = super::secret_in(file, line)?;
    let text = Zeroizing::new(text.trim().to_owned());
    if text.len() < SECRET_MIN {
        let shown = file.display();
        return Err(Failure::Other(format!("{line}: {shown} holds fewer than {SECRET_MIN} letters")));
    }
    Ok(text)
}

const SECRET_MIN: usize = 16;

fn home() -> String {
    "1".into()
}
