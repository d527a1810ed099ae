//! People of the register of interpreters, for the tests of this crate.

use crate::test_house::{House, program};
use keep::{Entry, Object, args};
use policy::Act;
use practice::ids::VendorId;
use practice::interpreters::{Entered, New, add, new_code, rules};
use vocabulary::UnixMillis;

impl House {
    /// Somebody of the register of interpreters, qualified for as long as the tests run. Answers the id.
    pub async fn interpreter(&self, name: &str, email: &str, tongue: &'static str) -> String {
        self.interpreter_of(None, (name, email), tongue).await
    }

    /// An agency of interpreters with its paper, whose agreement ends at that moment.
    pub async fn agency(&self, ends: UnixMillis) -> VendorId {
        let mut tx = self.keep.begin().await.unwrap();
        let id = VendorId::new(tx.now(), self.keep.entropy());
        tx.run(
            "INSERT INTO vendor (id, service, state, agreement_at, agreement_ends_at, words, created_at,
                 version)
             VALUES ($1, 'interpreting', 'active', $2, $3, $4, $2, 1)",
            args![id.text(), tx.now(), ends, b"nobody opens it".to_vec()],
        )
        .await
        .unwrap();
        tx.run(
            "INSERT INTO vendor_agreement (id, vendor, sha256, bytes, filed_at, filed_by)
             VALUES ($1, $1, 'of no paper', 1, $2, $3)",
            args![id.text(), tx.now(), self.desk],
        )
        .await
        .unwrap();
        tx.commit(&program(Act::Furnish), Entry::new(Object::of("vendor", id.text()))).await.unwrap();
        id
    }

    /// Somebody of that agency.
    pub async fn interpreter_of(
        &self,
        vendor: Option<VendorId>,
        (name, email): (&str, &str),
        tongue: &'static str,
    ) -> String {
        let words = rules::Words {
            name: name.into(),
            email: email.into(),
            proof: "CHI-Spanish 123456".into(),
            agency: String::new(),
        };
        let mut tx = self.keep.begin().await.unwrap();
        let more = Entered {
            by: self.desk,
            basis_ends_at: None,
            terms_at: tx.now(),
            vendor,
            code: new_code(self.keep.entropy()),
        };
        let new = New { words, tongues: vec![tongue], basis: "cchi" };
        let id = add(&mut tx, &new, &more).await.unwrap();
        tx.commit(&program(Act::Furnish), Entry::new(Object::of("interpreter", id.text()))).await.unwrap();
        id.text()
    }
}
