//! What the keep can say of its own state, in numbers: how much of what should be ciphertext is, and how old
//! the keys are. Refuses to open a value for it.

use crate::vault::key_id;
use crate::{Conn, Keep, KeepError, args};
use vocabulary::UnixMillis;

/// Looked at in each sealed column, the newest rows first: a page waits for the answer.
const LOOKED_AT: i64 = 200;
/// As many bytes of a value as tell an envelope from anything else.
const HEAD: i64 = 128;

impl Keep {
    /// Of the newest values in all sealed columns: how many are envelopes of the vault, and how many there
    /// are.
    pub async fn sealed_share(&self, conn: &mut Conn) -> Result<(i64, i64), KeepError> {
        let (mut sealed, mut all) = (0, 0);
        for (table, column) in self.sealed_columns() {
            let name = self.register().row_name(&table).ok_or(KeepError::Shape("a table without columns"))?;
            let sql = format!(
                "SELECT substr({column}, 1, {HEAD}) AS head FROM {table} WHERE length({column}) > 0
                 ORDER BY {name} DESC LIMIT $1"
            );
            for row in conn.rows_by_register(sql, args![LOOKED_AT]).await? {
                all += 1;
                sealed += i64::from(key_id(row.blob("head")?).is_ok());
            }
        }
        Ok((sealed, all))
    }

    /// When the oldest key was made that patient or practice data is sealed under; `None` before the first.
    pub async fn oldest_data_key(&self) -> Result<Option<UnixMillis>, KeepError> {
        self.vault().oldest_data_key().await
    }
}
