//! Whom a proxy speaks for. The header is believed from a proxy of the configuration alone, and only its last
//! entry that no such proxy wrote: everything before that was written by the caller.

use axum::http::HeaderMap;
use std::net::{IpAddr, SocketAddr};

pub fn caller(from: SocketAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> SocketAddr {
    if !proxies.contains(&from.ip().to_canonical()) {
        return from;
    }
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    let entries = lines.iter().rev().flat_map(|line| line.rsplit(','));
    for entry in entries {
        match entry.trim().parse::<IpAddr>().map(|address| address.to_canonical()) {
            Ok(address) if proxies.contains(&address) => {}
            Ok(address) => return SocketAddr::new(address, from.port()),
            Err(_) => return from,
        }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_the_proxys_own_word_is_believed() {
        let proxies = ["127.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        let heard = |from: &str, lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", HeaderValue::from_static(line));
            }
            caller(SocketAddr::new(from.parse().unwrap(), 9), &headers, &proxies).ip().to_string()
        };
        assert_eq!(heard("127.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(heard("::ffff:127.0.0.1", &["6.6.6.6, 203.0.113.9"]), "203.0.113.9", "the last");
        assert_eq!(heard("127.0.0.1", &["6.6.6.6", "203.0.113.9, 10.0.0.2"]), "203.0.113.9");
        assert_eq!(heard("203.0.113.7", &["6.6.6.6"]), "203.0.113.7", "no proxy of ours");
        assert_eq!(heard("127.0.0.1", &["unknown"]), "127.0.0.1");
        assert_eq!(heard("127.0.0.1", &[]), "127.0.0.1");
    }
}
