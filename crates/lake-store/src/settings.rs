//! Small settings: a key and some bytes, such as the signing key of the token authority.

use redb::ReadableTable as _;

use crate::Result;
use crate::database::{Database, SETTINGS};

/// The settings of a store. Every write is durable when it returns.
#[derive(Clone, Debug)]
pub struct Settings {
    database: Database,
}

impl Settings {
    pub(crate) fn new(database: Database) -> Self {
        Self { database }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        let table = self.database.read()?.open_table(SETTINGS)?;
        Ok(table.get(key)?.map(|value| value.value().to_vec()))
    }

    /// Sets the value of a key.
    pub fn set(&self, key: &str, value: &[u8]) -> Result<()> {
        let transaction = self.database.write()?;
        transaction.open_table(SETTINGS)?.insert(key, value)?;
        Ok(transaction.commit()?)
    }

    /// The value of a key; if it has none, the one that `make` gives, which is kept.
    ///
    /// Two callers at once get the same value.
    pub fn get_or_insert_with(&self, key: &str, make: impl FnOnce() -> Vec<u8>) -> Result<Vec<u8>> {
        if let Some(value) = self.get(key)? {
            return Ok(value);
        }
        let transaction = self.database.write()?;
        let value = {
            let mut table = transaction.open_table(SETTINGS)?;
            let found = table.get(key)?.map(|value| value.value().to_vec());
            match found {
                Some(value) => value,
                None => {
                    let value = make();
                    table.insert(key, value.as_slice())?;
                    value
                }
            }
        };
        transaction.commit()?;
        Ok(value)
    }

    /// The keys that start so, in order, and their values.
    pub fn with_prefix(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>> {
        let table = self.database.read()?.open_table(SETTINGS)?;
        let mut found = Vec::new();
        for entry in table.range(prefix..)? {
            let (key, value) = entry?;
            if !key.value().starts_with(prefix) {
                break;
            }
            found.push((key.value().to_owned(), value.value().to_vec()));
        }
        Ok(found)
    }

    /// Sets the keys that have a value here and removes the others: all of it, or after a crash none.
    pub fn apply(&self, changes: &[(String, Option<Vec<u8>>)]) -> Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        let transaction = self.database.write()?;
        {
            let mut table = transaction.open_table(SETTINGS)?;
            for (key, value) in changes {
                match value {
                    Some(value) => table.insert(key.as_str(), value.as_slice())?,
                    None => table.remove(key.as_str())?,
                };
            }
        }
        Ok(transaction.commit()?)
    }

    /// Removes a key.
    pub fn remove(&self, key: &str) -> Result<()> {
        let transaction = self.database.write()?;
        transaction.open_table(SETTINGS)?.remove(key)?;
        Ok(transaction.commit()?)
    }
}
