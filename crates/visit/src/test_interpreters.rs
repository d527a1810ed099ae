//! People of the register of interpreters, for the tests of this crate.

use crate::test_house::{House, program};
use keep::{Entry, Object};
use policy::Act;
use practice::interpreters::{Entered, New, add, new_code, rules};

impl House {
    /// Somebody of the register of interpreters, qualified for as long as the tests run. Answers the id.
    pub async fn interpreter(&self, name: &str, email: &str, tongue: &'static str) -> String {
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
            vendor: None,
            code: new_code(self.keep.entropy()),
        };
        let new = New { words, tongues: vec![tongue], basis: "cchi" };
        let id = add(&mut tx, &new, &more).await.unwrap();
        tx.commit(&program(Act::Furnish), Entry::new(Object::of("interpreter", id.text()))).await.unwrap();
        id.text()
    }
}
