//! The socket between an open house and its operator's commands: one order and one answer a connection, a
//! line of JSON each way. It lies in the data folder, which nobody else can enter.

use super::orders::{Desk, Order};
use crate::house::Failure;
use keep::BoxFuture;
use serde::{Deserialize, Serialize};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

/// An order is a few words and a path.
const ORDER_BYTES: u64 = 16 * 1024;
const ANSWER_BYTES: u64 = 1024 * 1024;
/// An operator's command sends at once.
const ORDER_WITHIN: Duration = Duration::from_secs(5);
/// After a failed accept, such as too many open files.
const PAUSE: Duration = Duration::from_millis(200);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Done(String),
    Failed(String),
}

/// Whoever takes orders: the open house, or the lock of a sealed one.
pub trait Hears: Send + Sync {
    fn hear<'a>(&'a self, order: Order, by: &'a str) -> BoxFuture<'a, Result<String, Failure>>;
}

impl Hears for Desk {
    fn hear<'a>(&'a self, order: Order, by: &'a str) -> BoxFuture<'a, Result<String, Failure>> {
        Box::pin(self.carry_out(order, by))
    }
}

/// Serves orders until the task is dropped, one at a time.
pub async fn listen(path: &Path, desk: Arc<dyn Hears>) -> Result<(), Failure> {
    // The lock on the folder is ours, so a socket that lies here was left behind.
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Failure::system(format!("cannot remove {}", path.display()))(error));
        }
        _ => {}
    }
    let bound = UnixListener::bind(path);
    let listener = bound.map_err(Failure::system(format!("cannot listen on {}", path.display())))?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                if let Err(error) = serve(stream, &*desk).await {
                    tracing::warn!(kind = ?error.kind(), "an order over the operator's socket broke off");
                }
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// `None` when no house is open behind this path.
pub async fn ask(path: &Path, order: &Order) -> Result<Option<String>, Failure> {
    let Ok(mut stream) = UnixStream::connect(path).await else { return Ok(None) };
    let broken = || Failure::system("the open house did not answer");
    let mut line = serde_json::to_vec(order).expect("an order is plain text");
    line.push(b'\n');
    stream.write_all(&line).await.map_err(broken())?;
    let mut text = Vec::new();
    stream.take(ANSWER_BYTES).read_to_end(&mut text).await.map_err(broken())?;
    match serde_json::from_slice(&text) {
        Ok(Answer::Done(said)) => Ok(Some(said)),
        Ok(Answer::Failed(why)) => Err(Failure::Other(why)),
        Err(_) => Err(Failure::Other("the open house gave no answer that this program can read".into())),
    }
}

/// The account this process runs under.
pub fn own_account() -> u32 {
    std::fs::metadata("/proc/self").map_or(u32::MAX, |about| about.uid())
}

async fn serve(stream: UnixStream, desk: &dyn Hears) -> std::io::Result<()> {
    let account = stream.peer_cred()?.uid();
    let mut stream = BufReader::new(stream);
    let answer = if account == 0 || account == own_account() {
        let mut line = String::new();
        let mut bounded = (&mut stream).take(ORDER_BYTES);
        let read = tokio::time::timeout(ORDER_WITHIN, bounded.read_line(&mut line)).await;
        read.map_err(|_| std::io::ErrorKind::TimedOut)??;
        match serde_json::from_str::<Order>(&line) {
            Ok(order) => match desk.hear(order, &super::by(account)).await {
                Ok(said) => Answer::Done(said),
                Err(failure) => Answer::Failed(failure.to_string()),
            },
            Err(_) => {
                Answer::Failed("the open house does not know this order: is it another version?".into())
            }
        }
    } else {
        Answer::Failed("only the account the house runs under gives it orders".into())
    };
    let text = serde_json::to_vec(&answer).expect("an answer is plain text");
    stream.write_all(&text).await?;
    stream.shutdown().await
}
