//! Who asks for the page: what each visitor's browser says of itself.

use axum::body::Body;
use axum::http::{Request, header};

/// Two visitors who have nothing in common, because a page that differs between them is no page for
/// everybody. The words are those of browsers; a request that says what it is would be answered politely.
#[derive(Clone, Copy)]
pub struct Visitor {
    browser: &'static str,
    languages: &'static str,
}

pub const VISITORS: [Visitor; 2] = [
    Visitor {
        browser: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                  Chrome/156.0.0.0 Safari/537.36",
        languages: "en-US,en;q=0.9",
    },
    Visitor {
        browser: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like \
                  Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
        languages: "es-US,es;q=0.9",
    },
];

impl Visitor {
    pub fn asks_for(self, path: &str) -> Result<Request<Body>, String> {
        let request = Request::get(path)
            .header(header::USER_AGENT, self.browser)
            .header(header::ACCEPT, "*/*")
            .header(header::ACCEPT_LANGUAGE, self.languages)
            .header(header::ACCEPT_ENCODING, "identity")
            .body(Body::empty());
        request.map_err(|why| format!("{path} is no path: {why}"))
    }
}
