//! Catalogs: each row can be read, and what it describes is in something that is there.

use redb::ReadableTable as _;

use super::repair::Fix;
use super::rows::Rows;
use super::{Finding, Problem};
use crate::database::{CATALOG, decode};
use crate::{AccountKind, CatalogName, CatalogRow, Result};

impl Rows {
    pub(super) fn check_catalogs(&self, found: &mut Vec<Finding>) -> Result<()> {
        let rows = self.transaction.open_table(CATALOG)?;
        for row in rows.iter()? {
            let (key, row) = row?;
            let account = key.value().0;
            let name = CatalogName::from_key(key.value());
            let is_known = self
                .accounts
                .iter()
                .any(|known| known.name == account && known.kind == AccountKind::Analytics);
            let container = name.container();
            let is_somewhere = match &container {
                Some(container) => rows.get(container.key(account))?.is_some(),
                None => true,
            };
            let problem = match decode::<CatalogRow>(row.value()) {
                Ok(_) if is_known && is_somewhere => continue,
                Ok(_) => Problem::CatalogOfNothing,
                Err(_) => Problem::Unreadable,
            };
            let place = format!("{name} in the catalog of {account}");
            let fix = Fix::RemoveCatalogRow(account.to_owned(), name);
            found.push(Finding::new(problem, place).fixed_by(fix));
        }
        Ok(())
    }
}
