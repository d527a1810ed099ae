//! Letters by mail server or folder, texts by gateway: one queue hands over, this says by which way.

use keep::{BoxFuture, Carrier, CarryError, Channel, Keep, KeepError, Letter};
use people::contact::texting::Texting;
use std::sync::Arc;
use vocabulary::JobId;
use web::mail::GatewayCarrier;

pub struct Carriers {
    pub mail: Option<Arc<dyn Carrier>>,
    pub texts: Option<GatewayCarrier>,
    /// Asked again when a text goes: its vendor may have ended since it was written.
    pub texting: Arc<Texting>,
    pub keep: Keep,
}

impl Carriers {
    async fn may_text(&self) -> Result<bool, KeepError> {
        let (house, now) = (self.keep.settings().house_rules.clone(), self.keep.clock().now());
        self.texting.is_open(&mut *self.keep.read().await?, &house, now).await
    }

    async fn text(&self, gateway: &GatewayCarrier, job: JobId, letter: &Letter) -> Result<(), CarryError> {
        match self.may_text().await {
            Ok(true) => gateway.carry(job, letter).await,
            Ok(false) => Err(CarryError::Never("switched_off")),
            // Nobody said no.
            Err(_) => Err(CarryError::Later("busy")),
        }
    }
}

impl Carrier for Carriers {
    fn carry<'a>(&'a self, job: JobId, letter: &'a Letter) -> BoxFuture<'a, Result<(), CarryError>> {
        Box::pin(async move {
            match (letter.channel, &self.mail, &self.texts) {
                // Nothing is lost while the configuration is being written.
                (Channel::Mail, None, _) => Err(CarryError::Later("no_mail_server")),
                (Channel::Mail, Some(mail), _) => mail.carry(job, letter).await,
                (Channel::Sms, _, Some(texts)) => self.text(texts, job, letter).await,
                (Channel::Sms, ..) => Err(CarryError::Never("switched_off")),
            }
        })
    }
}

#[cfg(test)]
#[path = "carriers_tests.rs"]
mod tests;
