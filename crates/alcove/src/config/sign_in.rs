//! `[sign_in]`: the provider that staff may sign in with, and who runs it.

use super::Origin;
use crate::house::Failure;
use people::provider::Terms;
use practice::ids::VendorId;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// As the provider's discovery document spells it: `https://id.example.org`.
    pub issuer: String,
    pub client_id: String,
    /// A file that holds the client's secret and that others cannot read; or `ALCOVE_SIGN_IN_SECRET`.
    pub secret_file: Option<PathBuf>,
    /// What people call it: "Harbor account".
    pub name: String,
    pub run_by: RunBy,
    /// Values of `amr` or `acr` that stand for more than a password.
    #[serde(default = "proves_more")]
    pub proves_more: Vec<String>,
    /// PEM: trust this certificate authority alone, instead of those of this machine.
    pub ca: Option<PathBuf>,
}

/// A provider on the practice's own machine or network needs no agreement; a hosted one does.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunBy {
    Practice,
    /// The last part of the address of its page in the list of vendors.
    Vendor(String),
}

impl RunBy {
    /// None: the practice itself. `section` is the part of the configuration that says it.
    pub(super) fn vendor(&self, section: &str) -> Result<Option<VendorId>, String> {
        match self {
            RunBy::Practice => Ok(None),
            RunBy::Vendor(id) => VendorId::parse(id).map(Some).ok_or_else(|| {
                format!(
                    "{section} run_by: `{id}` is no vendor; open its page under \"Vendors\" and copy the \
                     last part of the address"
                )
            }),
        }
    }
}

impl SignIn {
    pub(super) fn settle_in(&mut self, folder: &Path) {
        for path in self.secret_file.iter_mut().chain(&mut self.ca) {
            *path = folder.join(&*path);
        }
    }

    /// What no single line can say.
    pub(super) fn check(&self) -> Result<(), String> {
        let own = self.issuer.strip_prefix("http://").is_some_and(|rest| {
            ["localhost", "127.0.0.1"].contains(&rest.split(['/', ':']).next().unwrap_or_default())
        });
        if !own && Origin::try_from(origin_of(&self.issuer)).is_err() {
            return Err(format!(
                "[sign_in] issuer: `{}` is no https:// address; write it as the provider's own \
                 .well-known/openid-configuration does",
                self.issuer
            ));
        }
        if self.name.trim().is_empty() || self.name.chars().count() > NAME_MAX {
            return Err(format!("[sign_in] name: say in 1 to {NAME_MAX} letters what people call it"));
        }
        if self.proves_more.iter().any(|value| value == "pwd") {
            return Err("[sign_in] proves_more: `pwd` is a password, which alone lets nobody in".into());
        }
        self.vendor().map(|_| ())
    }

    pub fn vendor(&self) -> Result<Option<VendorId>, String> {
        self.run_by.vendor("[sign_in]")
    }

    pub fn terms(&self) -> Result<Terms, Failure> {
        let secret = match (std::env::var("ALCOVE_SIGN_IN_SECRET"), &self.secret_file) {
            (Ok(secret), _) => Zeroizing::new(secret),
            (Err(_), Some(file)) => super::secret_in(file, "[sign_in] secret_file")?,
            (Err(_), None) => {
                let advice = "[sign_in] needs `secret_file`, or ALCOVE_SIGN_IN_SECRET";
                return Err(Failure::Other(advice.into()));
            }
        };
        Ok(Terms {
            issuer: self.issuer.clone(),
            client: self.client_id.clone(),
            secret: Zeroizing::new(secret.trim_end_matches('\n').to_owned()),
            name: self.name.trim().to_owned(),
            proves_more: self.proves_more.clone(),
            ca: self.ca.clone(),
        })
    }
}

/// Scheme, host and port.
fn origin_of(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    format!("{scheme}://{}", rest.split('/').next().unwrap_or_default())
}

/// Several ways at once (RFC 8176), and one that no fake page can steal (OpenID EAP ACR Values 1.0).
fn proves_more() -> Vec<String> {
    ["mfa", "phr", "phrh"].map(str::to_owned).to_vec()
}

const NAME_MAX: usize = 40;
