//! Texts against a gateway that is a program of its own: not there, then slow, and refusing one number.

use super::texting_tests::{NUMBER, asks, carrier, open, write};
use crate::contact::rules::Way;
use keep::outbox::deliver_due;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use vocabulary::{DAY_MS, MINUTE_MS, Role};
use web::mail::Mail;

/// Takes each message after a while, or refuses its number, and says so in a line.
const GATEWAY: &str = r#"
const { PORT, SLOW_MS, REFUSES } = process.env;
require("http").createServer((asked, answer) => {
  let body = "";
  asked.on("data", (part) => (body += part));
  asked.on("end", () => {
    const { to } = JSON.parse(body);
    const refused = to === REFUSES;
    setTimeout(() => {
      console.log(`${refused ? "refused" : "took"} ${to}`);
      answer.writeHead(refused ? 400 : 202).end();
    }, Number(SLOW_MS));
  });
}).listen(Number(PORT), "127.0.0.1", function () { console.log(this.address().port); });
"#;

struct Gateway {
    process: Child,
    said: std::io::Lines<BufReader<std::process::ChildStdout>>,
    port: String,
}

impl Gateway {
    fn start(port: &str, slow_ms: &str, refuses: &str) -> Gateway {
        let mut process = Command::new("node")
            .args(["-e", GATEWAY])
            .envs([("PORT", port), ("SLOW_MS", slow_ms), ("REFUSES", refuses)])
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node, which the README names");
        let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = said.next().unwrap().unwrap();
        Gateway { process, said, port }
    }

    fn next(&mut self) -> String {
        self.said.next().unwrap().unwrap()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// What waits while the gateway is down goes out in its order once it is there, however slow; the number it
/// refuses holds up nobody, and the desk sees that message among those that did not arrive.
#[tokio::test]
async fn a_gateway_that_was_down_and_is_slow_drains_in_order_and_the_desk_sees_what_is_lost() {
    const OTHERS: [&str; 2] = ["+15550100888", "+15550100999"];
    let (house, _) = open().await;
    let first = Gateway::start("0", "0", "");
    let (port, carrier) =
        (first.port.clone(), carrier(format!("http://127.0.0.1:{}/v1/messages", first.port)));
    drop(first);
    let when = house.keep.clock().now().plus_ms(3 * DAY_MS);
    for phone in ["555-010-0777", "555-010-0888", "555-010-0999"] {
        let patient = house.patient().await;
        asks(&house, patient, |asked| asked.phone = phone.into()).await;
        assert_eq!(write(&house, patient, Some(Mail::Cancelled { when })).await, Way::Text);
        house.clock.advance_ms(1_000);
    }
    assert_eq!(deliver_due(&house.keep, &carrier).await, Ok(0), "nobody listens");
    let mut desk = house.signed_in(house.hire(&[Role::Desk]).await).await;
    assert!(!desk.get("/patients/errands").await.text.contains("Messages that did not arrive"));

    let mut gateway = Gateway::start(&port, "400", OTHERS[0]);
    house.clock.advance_ms(MINUTE_MS);
    assert_eq!(deliver_due(&house.keep, &carrier).await, Ok(2));
    let heard: Vec<String> = (0..3).map(|_| gateway.next()).collect();
    let expected =
        [format!("took {NUMBER}"), format!("refused {}", OTHERS[0]), format!("took {}", OTHERS[1])];
    assert_eq!(heard, expected);
    assert!(desk.get("/patients/errands").await.text.contains("Messages that did not arrive"));
    house.clock.advance_ms(DAY_MS);
    assert_eq!(deliver_due(&house.keep, &carrier).await, Ok(0), "none goes twice");
}
