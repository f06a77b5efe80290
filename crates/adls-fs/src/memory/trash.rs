//! The operations on deleted items.

use async_trait::async_trait;

use super::tree::{Id, Trashed, Tree};
use super::{Memory, taken};
use crate::wire::{DeletedPage, DeletedWindow, Restoration, Trash};
use crate::{DeletedItem, Error, ErrorKind, FileType, LakePath, OnConflict, Result};

const LARGEST_PAGE: usize = 4000;

#[async_trait]
impl Trash for Memory {
    async fn deleted(&self, window: &DeletedWindow<'_>) -> Result<DeletedPage> {
        self.require_superuser(&LakePath::root())?;
        let tree = self.tree();
        let limit = window.limit.unwrap_or(LARGEST_PAGE).clamp(1, LARGEST_PAGE);
        let mut page = DeletedPage {
            items: Vec::new(),
            next: None,
            searched: 0,
        };
        let after = window.after.map_or(Ok(0), number)?;
        let start = tree
            .trash
            .partition_point(|trashed| trashed.number <= after);
        for trashed in tree.trash.iter().skip(start) {
            if page.items.len() == limit {
                page.next = page
                    .items
                    .last()
                    .map(|item: &DeletedItem| item.token.clone());
                break;
            }
            page.searched += 1;
            if trashed.path.as_str().contains(window.hint) {
                let node = tree.node(trashed.id);
                page.items.push(DeletedItem {
                    original_path: trashed.path.clone(),
                    token: token(trashed),
                    file_type: node.file_type(),
                    created: Some(node.created),
                });
            }
        }
        Ok(page)
    }

    async fn restore(&self, restoration: &Restoration<'_>) -> Result<()> {
        self.require_superuser(restoration.destination)?;
        let mut tree = self.tree();
        let number = number(restoration.token)?;
        let position = tree.trash.iter().position(|t| t.number == number);
        let Some(position) = position else {
            let message = format!("there is no {} in the trash any more", restoration.token);
            return Err(Error::new(ErrorKind::NotFound, message));
        };
        let id = tree.trash[position].id;
        if tree.node(id).file_type() != restoration.file_type {
            let message = format!("{} is of another type", restoration.token);
            return Err(Error::new(ErrorKind::Request, message));
        }
        let (directory, name) = self.place_to_restore(&mut tree, restoration)?;
        tree.trash.remove(position);
        tree.put(id, directory, &name, self.now());
        Ok(())
    }
}

impl Memory {
    /// Makes room for what is restored.
    fn place_to_restore(
        &self,
        tree: &mut Tree,
        restoration: &Restoration<'_>,
    ) -> Result<(Id, String)> {
        let path = restoration.destination;
        let (Some(parent), Some(name)) = (path.parent(), path.name()) else {
            return Err(taken(path));
        };
        let directory = self.make_path(tree, &parent, None)?;
        let there = self.walk(tree, path)?.found();
        let Some(there) = there else {
            return Ok((directory, name.to_owned()));
        };
        let are_files = restoration.file_type == FileType::File && !tree.node(there).is_directory();
        match restoration.on_conflict {
            OnConflict::Overwrite if are_files => {
                let now = self.now();
                tree.take(there, now);
                tree.forget(there);
                Ok((directory, name.to_owned()))
            }
            OnConflict::Copy => {
                let is_free = |name: &String| {
                    let children = tree.children(directory);
                    children.is_none_or(|children| !children.contains_key(name))
                };
                let mut names = (1..).map(|n: u64| format!("{name} ({n})"));
                let free = names.find(is_free);
                Ok((
                    directory,
                    free.expect("a directory has fewer names than numbers"),
                ))
            }
            OnConflict::Overwrite | OnConflict::Fail => Err(taken(path)),
        }
    }
}

fn token(trashed: &Trashed) -> String {
    format!("$trash/{}", trashed.number)
}

fn number(token: &str) -> Result<u64> {
    let number = token.strip_prefix("$trash/").and_then(|n| n.parse().ok());
    number.ok_or_else(|| {
        let message = format!("{token:?} names nothing that is in the trash");
        Error::new(ErrorKind::Request, message)
    })
}
