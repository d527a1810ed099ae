//! Files over the routes of a server on loopback. What they hold is opaque: any bytes will do.

use super::house::{House, Page};
use crate::before::rules::ParticipantState;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

struct Answer {
    status: u16,
    body: Vec<u8>,
}

impl Answer {
    fn code(&self) -> String {
        let problem: Value = serde_json::from_slice(&self.body).unwrap();
        problem["type"].as_str().unwrap().trim_start_matches("urn:alcove:").to_owned()
    }
}

impl House {
    async fn ask(&self, token: &str, request: &str, kind: &str, body: &[u8]) -> Answer {
        let host = self.origin.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host.replace("localhost", "127.0.0.1")).await.unwrap();
        let head = format!(
            "{request} HTTP/1.1\r\nhost: {host}\r\norigin: {}\r\nauthorization: Bearer {token}\r\naccept: \
             application/json\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            self.origin,
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        // A server that refuses early reads no further.
        stream.write_all(body).await.ok();
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard).await.ok();
        let end = heard.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let status = String::from_utf8_lossy(&heard[9..12]).parse().unwrap();
        Answer { status, body: heard[end + 4..].to_vec() }
    }

    async fn begin(&self, page: &Page, pieces: usize, bytes: usize) -> Answer {
        let size = json!({ "pieces": pieces, "bytes": bytes }).to_string();
        self.ask(&page.resume, "POST /room/files", "application/json", size.as_bytes()).await
    }

    async fn put(&self, page: &Page, place: &str, at: usize, body: &[u8]) -> Answer {
        let request = format!("POST /room/files/{place}/{at}");
        self.ask(&page.resume, &request, "application/octet-stream", body).await
    }

    async fn take(&self, page: &Page, place: &str, at: usize) -> Answer {
        self.ask(&page.resume, &format!("GET /room/files/{place}/{at}"), "text/plain", b"").await
    }

    async fn share(&self, page: &Page) -> String {
        let begun = self.begin(page, 2, 15).await;
        assert_eq!(begun.status, 200);
        let place: Value = serde_json::from_slice(&begun.body).unwrap();
        let place = place["place"].as_str().unwrap().to_owned();
        assert_eq!(self.put(page, &place, 0, b"manifest").await.status, 204);
        assert_eq!(self.put(page, &place, 1, b"segment").await.status, 204);
        place
    }

    async fn times(&self, act: &str) -> usize {
        self.acts().await.iter().filter(|(found, done)| found == act && *done).count()
    }
}

#[tokio::test]
async fn a_file_reaches_the_others_as_it_was_sent_and_the_trail_knows_both_ends() {
    let house = House::open().await;
    let (_, host, patient) = house.met().await;
    let place = house.share(&patient).await;
    assert_eq!(house.take(&host, &place, 0).await.body, b"manifest");
    assert_eq!((house.times("visit.file").await, house.times("visit.file_take").await), (1, 0));
    assert_eq!(house.take(&host, &place, 1).await.body, b"segment");
    assert_eq!(house.take(&host, &place, 1).await.status, 200);
    assert_eq!((house.times("visit.file").await, house.times("visit.file_take").await), (1, 1));
    assert_eq!(house.take(&host, &place, 2).await.code(), "message-malformed");
}

#[tokio::test]
async fn nobody_without_a_place_in_this_room_puts_or_takes_anything() {
    let house = House::open().await;
    let (meeting, _host, patient) = house.met().await;
    let place = house.share(&patient).await;
    let waiting = house.page(&meeting, meeting.supporter).await;
    assert_eq!(house.begin(&waiting, 2, 15).await.code(), "not-admitted");
    assert_eq!(house.take(&waiting, &place, 0).await.code(), "not-admitted");
    let (_, elsewhere, _) = house.met().await;
    assert_eq!(house.take(&elsewhere, &place, 0).await.code(), "file-gone");
    for token in ["", "nonsense", &"x".repeat(43)] {
        let request = format!("GET /room/files/{place}/0");
        assert_eq!(house.ask(token, &request, "text/plain", b"").await.status, 401, "{token}");
    }
}

#[tokio::test]
async fn whoever_was_put_out_fetches_nothing_more() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    let place = house.share(&host).await;
    assert_eq!(house.take(&patient, &place, 0).await.status, 200);
    host.say("remove", json!({ "participant": meeting.patient.id.text() })).await;
    patient.next("removed").await;
    assert!(matches!(house.take(&patient, &place, 0).await.status, 401 | 403));
    house.eventually(meeting.patient.id, ParticipantState::Removed).await;
}

#[tokio::test]
async fn only_whoever_passes_a_file_adds_to_it_or_takes_it_back() {
    let house = House::open().await;
    let (_, host, patient) = house.met().await;
    let place = house.share(&patient).await;
    let withdraw = format!("POST /room/files/{place}/withdraw");
    assert_eq!(house.put(&host, &place, 1, b"another").await.code(), "file-gone");
    assert_eq!(house.ask(&host.resume, &withdraw, "text/plain", b"").await.status, 204);
    assert_eq!(house.take(&host, &place, 0).await.status, 200);
    assert_eq!(house.ask(&patient.resume, &withdraw, "text/plain", b"").await.status, 204);
    assert_eq!(house.take(&host, &place, 0).await.code(), "file-gone");
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_and_while_it_is_read() {
    let house = House::open().await;
    let (_, _host, patient) = house.met().await;
    assert_eq!(house.begin(&patient, 27, 27 * 1024 * 1024).await.code(), "file-too-large");
    let begun: Value = serde_json::from_slice(&house.begin(&patient, 2, 2_000_000).await.body).unwrap();
    let large = vec![0; 1024 * 1024 + 17];
    assert_eq!(house.put(&patient, begun["place"].as_str().unwrap(), 0, &large).await.status, 413);
    let unfinished = house.take(&patient, begun["place"].as_str().unwrap(), 0).await;
    assert_eq!(unfinished.code(), "file-gone");
}

#[tokio::test]
async fn the_end_of_the_visit_deletes_what_was_passed() {
    let house = House::open().await;
    let (_, mut host, mut patient) = house.met().await;
    let place = house.share(&patient).await;
    host.say("end", json!({})).await;
    patient.next("ended").await;
    assert!(house.take(&host, &place, 0).await.status >= 400);
    assert_eq!(house.keep.passing_bytes(), 0);
}
