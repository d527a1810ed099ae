//! Texts while nobody can say whether they may go.

use super::*;
use keep::{Conn, Entry, Object};
use people::contact::texting::Terms;
use people::provider::Agreement;
use policy::{Act, Facts, decide};
use vocabulary::{Principal, UnixMillis};
use web::mail::GatewayConfig;
use zeroize::Zeroizing;

struct Says(Result<bool, KeepError>);

impl Agreement for Says {
    fn in_force<'a>(&'a self, _: &'a mut Conn, _: UnixMillis) -> BoxFuture<'a, Result<bool, KeepError>> {
        Box::pin(async { self.0.clone() })
    }
}

/// A text is given up when its vendor has ended, and tried again when nobody could be asked.
#[tokio::test]
async fn a_busy_database_ends_no_text() {
    let (keep, _) = keep::testing::keep(&[]).await;
    let mut settings = (*keep.settings()).clone();
    settings.house_rules.send_sms = true;
    let access = decide(&Principal::System, &Facts::default(), Act::FollowConfig).unwrap();
    let mut tx = keep.begin().await.unwrap();
    tx.save_settings(&settings).await.unwrap();
    tx.commit(&access, Entry::new(Object::of("practice", ""))).await.unwrap();
    let secret = |text: &str| Zeroizing::new(text.to_owned());
    for (says, expected) in
        [(Err(KeepError::Busy), CarryError::Later("busy")), (Ok(false), CarryError::Never("switched_off"))]
    {
        let terms = Terms { name: "Harbor".into(), country: "1".into(), secret: secret("hook-secret") };
        let url = "http://127.0.0.1:9/v1/messages".to_owned();
        let gateway =
            GatewayConfig { url, credential: secret("gate-secret"), sender: "HARBOR".into(), ca: None };
        let carriers = Carriers {
            mail: None,
            texts: Some(GatewayCarrier::new(gateway).unwrap()),
            texting: Arc::new(Texting::new(terms, Some(Box::new(Says(says))))),
            keep: keep.clone(),
        };
        let job = JobId::new(keep.clock().now(), keep.entropy());
        let letter = Letter::sms("+15550100777", "Your visit");
        assert_eq!(carriers.carry(job, &letter).await, Err(expected));
    }
}
