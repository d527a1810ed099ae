//! What an authority's refusal means and what to change (RFC 8555 section 6.7).

use instant_acme::Problem;

/// The last word of its type: `urn:ietf:params:acme:error:caa` is `caa`.
pub fn kind(problem: &Problem) -> &str {
    let whole = problem.r#type.as_deref().unwrap_or_default();
    whole.rsplit(':').next().unwrap_or_default()
}

pub fn of(problem: &Problem, host: &str) -> String {
    let said = problem.detail.as_deref().unwrap_or("no reason given");
    let advice = match kind(problem) {
        "connection" | "tls" | "unauthorized" | "incorrectResponse" => format!(
            "the authority did not find this program at {host}: its name must lead to this machine, and \
             port 443 there must be one of `[pages] listen`, with nothing in between that ends TLS"
        ),
        "dns" => format!("the name {host} leads nowhere yet: make an A or AAAA record for it"),
        "rejectedIdentifier" => format!("the authority gives nothing for {host}: check `origin`"),
        "caa" => format!("a CAA record of {host} forbids this authority: change the record or `directory`"),
        "rateLimited" => "the authority has had too many tries; it answers again later".into(),
        "invalidContact" | "unsupportedContact" => {
            "the authority refuses the mail address: change `contact` under [tls] acme".into()
        }
        "externalAccountRequired" => {
            "this authority wants an account made elsewhere: choose another `directory`".into()
        }
        "accountDoesNotExist" => {
            "the authority does not know this account: the next try makes another".into()
        }
        _ => "the authority refused".into(),
    };
    format!("{advice} (it says: {said})")
}
