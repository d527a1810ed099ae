//! Values that say themselves what is wrong with them; the line is added by whoever reads the file.

use serde::Deserialize;

/// `https://visits.example.org`: what addresses in letters begin with, and what passkeys belong to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Origin(String);

impl Origin {
    pub fn text(&self) -> &str {
        &self.0
    }

    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Without scheme and port.
    pub fn host(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        match rest.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => rest,
        }
    }
}

impl TryFrom<String> for Origin {
    type Error = String;

    fn try_from(text: String) -> Result<Origin, String> {
        let advice = "write it as `https://visits.example.org`, without anything after the host and port";
        let (scheme, rest) = text.split_once("://").ok_or(format!("`{text}` is no address: {advice}"))?;
        let (host, port) = rest.split_once(':').unwrap_or((rest, "443"));
        let label = |label: &str| {
            !label.is_empty()
                && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        let plain = scheme == "http" && host == "localhost";
        if scheme != "https" && !plain {
            return Err(format!("`{text}` is not https; only http://localhost does without: {advice}"));
        }
        if host.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return Err(format!("`{text}` needs a name, not a number: passkeys refuse bare addresses"));
        }
        if !host.split('.').all(label) || port.parse::<u16>().is_err() || text.len() > 200 {
            return Err(format!("`{text}` is no address: {advice}"));
        }
        // Browsers leave the usual port out, and an origin is compared letter by letter (RFC 6454).
        let usual = if scheme == "https" { ":443" } else { ":80" };
        Ok(Origin(text.strip_suffix(usual).unwrap_or(&text).to_owned()))
    }
}
