//! From the text of a pattern to its parts, as the parser of .NET Framework goes through it.

mod escape;

use super::{Group, Node, Options, Pattern, Position, Problem, group::Opening, set};

/// How deep groups and sets may be nested. Readers of a pattern recurse over it.
const MAX_DEPTH: usize = 60;

pub(super) fn parse(pattern: &str, options: Options) -> Result<Pattern, Problem> {
    let text: String = pattern.encode_utf16().map(character_of).collect();
    let mut reader = Reader {
        rest: &text,
        depth: 0,
        groups: vec![None],
        references: Vec::new(),
    };
    let mut options = options;
    let root = reader.choice(&mut options)?;
    if reader.peek().is_some() {
        return Err(invalid("Too many )'s."));
    }
    reader.pattern(root)
}

pub(super) fn invalid(message: impl Into<String>) -> Problem {
    Problem::Invalid(message.into())
}

/// Surrogates are no characters of Rust; the private ones at the end of Unicode stand for them while a pattern is read.
const STAND_IN: u32 = 0x10_0000;

fn character_of(unit: u16) -> char {
    char::from_u32(unit.into())
        .or_else(|| char::from_u32(STAND_IN + u32::from(unit)))
        .expect("a code unit is a character or a surrogate, which has a stand-in")
}

fn unit_of(character: char) -> u16 {
    let code = u32::from(character);
    let code = if code >= STAND_IN {
        code - STAND_IN
    } else {
        code
    };
    u16::try_from(code).expect("what is read is one character for each code unit")
}

/// A pattern that is being read.
pub(super) struct Reader<'p> {
    /// What is not read yet: one character for each code unit.
    rest: &'p str,
    depth: usize,
    /// The groups in the order in which they open, by their names.
    groups: Vec<Option<String>>,
    /// What back references name.
    references: Vec<Reference>,
}

/// The group that a back reference names.
pub(super) enum Reference {
    Number(usize),
    Name(String),
}

impl<'p> Reader<'p> {
    pub(super) const fn rest(&self) -> &'p str {
        self.rest
    }

    pub(super) const fn go_to(&mut self, rest: &'p str) {
        self.rest = rest;
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn character(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.rest = &self.rest[character.len_utf8()..];
        Some(character)
    }

    pub(super) fn unit(&mut self) -> Option<u16> {
        self.character().map(unit_of)
    }

    /// Goes behind this text if it is next.
    pub(super) fn takes(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Reads what is one level deeper.
    pub(super) fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        if self.depth == MAX_DEPTH {
            return Err(Problem::Unsupported(
                "a pattern nested as deep as this".to_owned(),
            ));
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    /// `a|b|c`, up to the parenthesis that closes it or the end. Options that change inside hold to its end.
    pub(super) fn choice(&mut self, options: &mut Options) -> Result<Node, Problem> {
        let mut choices = vec![self.sequence(options)?];
        while self.takes("|") {
            choices.push(self.sequence(options)?);
        }
        Ok(match choices.len() {
            1 => choices.swap_remove(0),
            _ => Node::Choice(choices),
        })
    }

    fn sequence(&mut self, options: &mut Options) -> Result<Node, Problem> {
        let mut nodes = Vec::new();
        let mut is_quantified = false;
        loop {
            self.skip_blank(*options)?;
            match self.peek() {
                None | Some('|' | ')') => break,
                Some(_) if self.quantifier()?.is_some() => {
                    return Err(invalid(match is_quantified {
                        true => "Nested quantifier.",
                        false => "Quantifier {x,y} following nothing.",
                    }));
                }
                Some(_) => {}
            }
            let Some(node) = self.atom(options)? else {
                is_quantified = false;
                continue;
            };
            self.skip_blank(*options)?;
            let at = self.rest;
            let repeat = self.quantifier()?;
            is_quantified = repeat.is_some();
            nodes.push(match repeat {
                Some((least, most)) => {
                    self.skip_blank(*options)?;
                    let lazy = self.takes("?");
                    if most.is_some_and(|most| most < least) {
                        return Err(invalid("Illegal {x,y} with x > y."));
                    }
                    Node::Repeat {
                        node: Box::new(node),
                        least,
                        most,
                        lazy,
                    }
                }
                None => {
                    self.rest = at;
                    node
                }
            });
        }
        Ok(match nodes.len() {
            1 => nodes.swap_remove(0),
            _ => Node::Sequence(nodes),
        })
    }

    /// Goes behind comments, and behind white space where the options have it left out.
    fn skip_blank(&mut self, options: Options) -> Result<(), Problem> {
        loop {
            if self.takes("(?#") {
                let (_, rest) = self
                    .rest
                    .split_once(')')
                    .ok_or_else(|| invalid("Unterminated (?#...) comment."))?;
                self.rest = rest;
                continue;
            }
            if !options.has(Options::IGNORE_WHITESPACE) {
                return Ok(());
            }
            let trimmed = self
                .rest
                .trim_start_matches([' ', '\t', '\n', '\u{b}', '\u{c}', '\r']);
            match trimmed.strip_prefix('#') {
                Some(comment) => self.rest = comment.find('\n').map_or("", |end| &comment[end..]),
                None if trimmed.len() == self.rest.len() => return Ok(()),
                None => self.rest = trimmed,
            }
        }
    }

    /// `*`, `+`, `?`, `{2}`, `{2,}`, `{2,3}`: how often. A brace that counts nothing stands for itself.
    fn quantifier(&mut self) -> Result<Option<(u32, Option<u32>)>, Problem> {
        for (sign, least, most) in [("*", 0, None), ("+", 1, None), ("?", 0, Some(1))] {
            if self.takes(sign) {
                return Ok(Some((least, most)));
            }
        }
        let counted = self
            .rest
            .strip_prefix('{')
            .and_then(|rest| rest.split_once('}'));
        let Some((counts, rest)) = counted else {
            return Ok(None);
        };
        let (least, most) = match counts.split_once(',') {
            Some((least, "")) => (least, None),
            Some((least, most)) => (least, Some(most)),
            None => (counts, Some(counts)),
        };
        let is_number =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(least) || !most.is_none_or(is_number) {
            return Ok(None);
        }
        let number = |text: &str| match text.parse::<i32>() {
            Ok(number) => Ok(number.unsigned_abs()),
            Err(_) => Err(invalid(
                "Capture group numbers must be less than or equal to Int32.MaxValue.",
            )),
        };
        self.rest = rest;
        Ok(Some((number(least)?, most.map(number).transpose()?)))
    }

    /// One part; none where it only changes the options.
    fn atom(&mut self, options: &mut Options) -> Result<Option<Node>, Problem> {
        let has = |option| options.has(option);
        let lines = has(Options::MULTILINE);
        Ok(Some(match self.unit().unwrap_or_default() {
            0x5c => self.escape(*options)?,
            0x5b => Node::Set(set::read(self, *options)?),
            0x28 => return self.group(options),
            0x5e => Node::At(if lines {
                Position::LineStart
            } else {
                Position::Start
            }),
            0x24 => Node::At(if lines {
                Position::LineEnd
            } else {
                Position::End
            }),
            0x2e => Node::Any {
                line_feed: has(Options::SINGLELINE),
            },
            unit => literal(unit, *options),
        }))
    }

    /// A group, behind its parenthesis.
    fn group(&mut self, options: &mut Options) -> Result<Option<Node>, Problem> {
        let opening = self.opening(options)?;
        let mut inner = *options;
        let opened = self.groups.len();
        match &opening {
            Opening::Options => return Ok(None),
            Opening::Plain(scoped) => inner = *scoped,
            Opening::Capture(name) => self.groups.push(name.clone()),
            Opening::Atomic | Opening::Look { .. } => {}
        }
        let node = self.nested(|reader| reader.choice(&mut inner))?;
        if !self.takes(")") {
            return Err(invalid("Not enough )'s."));
        }
        let node = Box::new(node);
        Ok(Some(match opening {
            Opening::Options | Opening::Plain(_) => *node,
            Opening::Capture(_) => Node::Capture { opened, node },
            Opening::Atomic => Node::Atomic(node),
            Opening::Look { behind, negated } => Node::Look {
                behind,
                negated,
                node,
            },
        }))
    }

    /// The pattern, with its groups by .NET's numbers and its back references by the groups they mean.
    fn pattern(self, mut root: Node) -> Result<Pattern, Problem> {
        let all = self.groups.iter().enumerate();
        let (mut groups, mut named) = (Vec::new(), Vec::new());
        for (opened, name) in all {
            match name {
                None => groups.push(Group {
                    name: groups.len().to_string(),
                    opened,
                }),
                Some(name) => named.push(Group {
                    name: name.clone(),
                    opened,
                }),
            }
        }
        groups.extend(named);
        let meant = self.references.iter().map(|reference| match reference {
            Reference::Number(number) => match groups.get(*number) {
                Some(group) => Ok(group.opened),
                None if *number > 9 => Err(Problem::Unsupported(format!(
                    "\\{number}, of which there is no group, in a pattern"
                ))),
                None => Err(invalid(format!(
                    "Reference to undefined group number {number}."
                ))),
            },
            Reference::Name(name) => {
                let mut named = groups.iter();
                let group = named.find(|group| group.name == *name);
                let undefined = || invalid(format!("Reference to undefined group name {name}."));
                Ok(group.ok_or_else(undefined)?.opened)
            }
        });
        let meant = meant.collect::<Result<Vec<_>, _>>()?;
        resolve(&mut root, &meant);
        Ok(Pattern { root, groups })
    }
}

fn literal(unit: u16, options: Options) -> Node {
    Node::Unit {
        unit,
        any_case: options.has(Options::IGNORE_CASE),
    }
}

/// Gives back references the groups that they mean.
fn resolve(node: &mut Node, meant: &[usize]) {
    match node {
        Node::Again { opened, .. } => *opened = meant[*opened],
        Node::Sequence(nodes) | Node::Choice(nodes) => {
            for node in nodes {
                resolve(node, meant);
            }
        }
        Node::Repeat { node, .. }
        | Node::Capture { node, .. }
        | Node::Atomic(node)
        | Node::Look { node, .. } => {
            resolve(node, meant);
        }
        Node::Unit { .. } | Node::Set(_) | Node::Any { .. } | Node::At(_) => {}
    }
}

impl Reader<'_> {
    /// Whether a group of this name is open or closed already.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.groups.iter().flatten().any(|known| known == name)
    }
}
