//! The socket of a live visit, as `docs/protocol.md` has it: envelopes of `v`, `seq`, `type` and `body`.

use crate::Outcome;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

pub struct Wire {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    seq: u64,
}

impl Wire {
    pub async fn open(origin: &str) -> Outcome<Wire> {
        let address = format!("{}/ws", origin.replacen("http", "ws", 1));
        let mut request = address.into_client_request().map_err(told)?;
        let origin = HeaderValue::from_str(origin).map_err(told)?;
        request.headers_mut().insert("Origin", origin);
        let (socket, _) = tokio_tungstenite::connect_async(request).await.map_err(told)?;
        Ok(Wire { socket, seq: 0 })
    }

    pub async fn say(&mut self, kind: &str, body: Value) -> Outcome<()> {
        self.seq += 1;
        let envelope = json!({ "v": 1, "seq": self.seq, "type": kind, "body": body });
        let text = Utf8Bytes::from(envelope.to_string());
        self.socket.send(Message::Text(text)).await.map_err(told)
    }

    /// The next message: its type and its body. `None` when the server has closed.
    pub async fn next(&mut self) -> Outcome<Option<(String, Value)>> {
        loop {
            match self.socket.next().await {
                None | Some(Ok(Message::Close(_))) => return Ok(None),
                Some(Ok(Message::Text(text))) => {
                    let mut envelope: Value = serde_json::from_str(&text).map_err(told)?;
                    let kind = envelope["type"].as_str().unwrap_or_default().to_owned();
                    return Ok(Some((kind, envelope["body"].take())));
                }
                Some(Ok(_)) => {}
                Some(Err(why)) => return Err(told(why)),
            }
        }
    }
}

pub fn payload(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

pub fn bytes(body: &Value, field: &str) -> Outcome<Vec<u8>> {
    let text = body[field].as_str().ok_or_else(|| format!("no {field}"))?;
    BASE64_URL_SAFE_NO_PAD.decode(text).map_err(told)
}

fn told(why: impl std::fmt::Display) -> String {
    why.to_string()
}
