//! Two ways a letter leaves: to the practice's mail server, or into a folder where the demo shows it.
//!
//! Refuses plain text to any server but one on this machine: SMTP elsewhere must speak TLS (RFC 3207, RFC
//! 8314). A server's answer can quote an address, so it is never logged; the outbox hears one of our own
//! words.

use keep::outbox::{NO_ANSWER, NO_CONNECTION};
use keep::{BoxFuture, Carrier, CarryError, Channel, Keep, Letter};
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};
use vocabulary::JobId;

/// How long a server may take over one letter, from the connection to its last word: less than the outbox
/// waits for any carrier.
const SERVER_PATIENCE: Duration = Duration::from_secs(45);

/// A connection to one address gets this part of the whole patience: a machine that is off is known as such
/// (`NO_CONNECTION`) while time is left, also where its name has two addresses.
const CONNECTING_PART: u32 = 3;

/// How to reach the practice's mail server.
#[derive(Clone)]
pub struct SmtpConfig {
    pub host: String,
    pub port: u16,
    /// `false` only for a server on this machine.
    pub tls: bool,
    /// User and password.
    pub login: Option<(String, String)>,
    /// The address letters come from.
    pub from: String,
}

#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    #[error("mail without TLS is allowed to a server on this machine alone: switch TLS on for {0}")]
    Plain(String),
    #[error("the address letters come from is no mail address: {0}")]
    From(String),
    #[error("no TLS for the mail server {0}: is this a host name?")]
    Tls(String),
}

pub struct SmtpCarrier {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
    keep: Keep,
    patience: Duration,
}

impl SmtpCarrier {
    pub fn new(config: &SmtpConfig, keep: Keep) -> Result<SmtpCarrier, SmtpError> {
        SmtpCarrier::with_patience(config, keep, SERVER_PATIENCE)
    }

    /// A server that has not taken a letter after `patience` is tried again later.
    pub fn with_patience(
        config: &SmtpConfig,
        keep: Keep,
        patience: Duration,
    ) -> Result<SmtpCarrier, SmtpError> {
        let from = config.from.parse().map_err(|_| SmtpError::From(config.from.clone()))?;
        if !config.tls && !is_this_machine(&config.host) {
            return Err(SmtpError::Plain(config.host.clone()));
        }
        let tls = match (config.tls, config.port) {
            (false, _) => Tls::None,
            (true, 465) => Tls::Wrapper(parameters(&config.host)?),
            (true, _) => Tls::Required(parameters(&config.host)?),
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.host)
            .port(config.port)
            .timeout(Some(patience / CONNECTING_PART))
            .tls(tls);
        if let Some((user, password)) = &config.login {
            transport = transport.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(SmtpCarrier { transport: transport.build(), from, keep, patience })
    }
}

impl Carrier for SmtpCarrier {
    fn carry<'a>(&'a self, job: JobId, letter: &'a Letter) -> BoxFuture<'a, Result<(), CarryError>> {
        Box::pin(async move {
            let message = written(job, letter, &self.from, &self.keep)?;
            // The library's own limit ends with the connection: a server that stalls later is bounded here.
            let handed = tokio::time::timeout(self.patience, self.transport.send(message)).await;
            let Ok(answer) = handed else { return Err(CarryError::Later(NO_ANSWER)) };
            match answer {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(CarryError::Never("refused")),
                Err(error) if error.is_transient() => Err(CarryError::Later("not_now")),
                Err(error) if is_not_there(&error) => Err(CarryError::Later(NO_CONNECTION)),
                Err(_) => Err(CarryError::Later(NO_ANSWER)),
            }
        })
    }
}

/// Writes `{job}.eml` files. For the demo and for tests.
pub struct FolderCarrier {
    folder: PathBuf,
    keep: Keep,
}

impl FolderCarrier {
    pub fn new(folder: impl Into<PathBuf>, keep: Keep) -> FolderCarrier {
        FolderCarrier { folder: folder.into(), keep }
    }
}

impl Carrier for FolderCarrier {
    fn carry<'a>(&'a self, job: JobId, letter: &'a Letter) -> BoxFuture<'a, Result<(), CarryError>> {
        Box::pin(async move {
            let from = Address::new("practice", "localhost").expect("a constant address");
            let message = written(job, letter, &from, &self.keep)?;
            let file = self.folder.join(format!("{}.eml", job.text()));
            tokio::fs::create_dir_all(&self.folder).await.map_err(|_| CarryError::Later("no_folder"))?;
            tokio::fs::write(file, message.formatted()).await.map_err(|_| CarryError::Later("not_written"))
        })
    }
}

/// The message on the wire (RFC 5322). Its id is the job's, so a letter sent twice is one letter to the
/// reader.
fn written(job: JobId, letter: &Letter, from: &Address, keep: &Keep) -> Result<Message, CarryError> {
    if letter.channel != Channel::Mail {
        return Err(CarryError::Never("no_sms"));
    }
    let to: Address = letter.to.parse().map_err(|_| CarryError::Never("no_address"))?;
    let now = u64::try_from(keep.clock().now().0).unwrap_or_default();
    let sender = (!letter.bare).then(|| keep.settings().face.name.clone());
    let message = Message::builder()
        .from(Mailbox::new(sender, from.clone()))
        .to(Mailbox::new(None, to))
        .date(SystemTime::UNIX_EPOCH + Duration::from_millis(now))
        .message_id(Some(format!("<{}@{}>", job.text(), from.domain())))
        .subject(letter.subject.clone());
    let text = SinglePart::plain(letter.text.clone());
    let built = match &letter.calendar {
        None => message.singlepart(text),
        Some(calendar) => {
            let kind = ContentType::parse(content_type(calendar)).expect("a constant content type");
            let attached = Attachment::new("visit.ics".into()).body(calendar.clone(), kind);
            message.multipart(MultiPart::mixed().singlepart(text).singlepart(attached))
        }
    };
    built.map_err(|_| CarryError::Never("not_a_message"))
}

/// Says the method of the object it stands over (RFC 6047 section 2.4).
fn content_type(calendar: &str) -> &'static str {
    match calendar.contains("\r\nMETHOD:CANCEL\r\n") {
        true => "text/calendar; charset=utf-8; method=CANCEL",
        false => "text/calendar; charset=utf-8; method=PUBLISH",
    }
}

/// Whether no connection was made at all. The library says so in its words alone.
fn is_not_there(error: &lettre::transport::smtp::Error) -> bool {
    error.to_string().starts_with("Connection error")
}

fn parameters(host: &str) -> Result<TlsParameters, SmtpError> {
    TlsParameters::new(host.to_owned()).map_err(|_| SmtpError::Tls(host.to_owned()))
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
