//! The pattern of one name, as a small machine whose possible states are followed all at once:
//! no pattern makes it try again, so none takes more than pattern times name.

use super::Part;

/// How deep braces may nest: the parser calls itself for each.
const DEEPEST: usize = 32;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamePattern(Vec<Instruction>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Instruction {
    One(char),
    Any,
    Class {
        ranges: Vec<(char, char)>,
        negated: bool,
    },
    /// Goes on here and there.
    Fork(usize, usize),
    Jump(usize),
}

impl Instruction {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::One(one) => *one == c,
            Self::Any => true,
            Self::Class { ranges, negated } => {
                let within = ranges.iter().any(|(low, high)| (*low..=*high).contains(&c));
                within != *negated
            }
            Self::Fork(..) | Self::Jump(_) => false,
        }
    }
}

impl NamePattern {
    /// `*`.
    pub(super) fn any() -> Self {
        Self(vec![
            Instruction::Fork(1, 3),
            Instruction::Any,
            Instruction::Jump(0),
        ])
    }

    pub(super) fn matches(&self, name: &str) -> bool {
        let mut states = States::new(self.0.len());
        let mut next = States::new(self.0.len());
        states.reach(&self.0, 0);
        for c in name.chars() {
            next.clear();
            for &at in &states.reached {
                if self.0.get(at).is_some_and(|it| it.takes(c)) {
                    next.reach(&self.0, at + 1);
                }
            }
            std::mem::swap(&mut states, &mut next);
            if states.reached.is_empty() {
                return false;
            }
        }
        states.seen[self.0.len()]
    }
}

/// The instructions that may come next; one behind the last is the end.
struct States {
    reached: Vec<usize>,
    seen: Vec<bool>,
    open: Vec<usize>,
}

impl States {
    fn new(instructions: usize) -> Self {
        Self {
            reached: Vec::new(),
            seen: vec![false; instructions + 1],
            open: Vec::new(),
        }
    }

    fn clear(&mut self) {
        self.reached.clear();
        self.seen.fill(false);
    }

    fn reach(&mut self, program: &[Instruction], at: usize) {
        self.open.push(at);
        while let Some(at) = self.open.pop() {
            if std::mem::replace(&mut self.seen[at], true) {
                continue;
            }
            match program.get(at) {
                Some(Instruction::Fork(one, other)) => self.open.extend([*one, *other]),
                Some(Instruction::Jump(to)) => self.open.push(*to),
                _ => self.reached.push(at),
            }
        }
    }
}

/// Reads the part of a pattern between two slashes, which begins `start` characters into it.
pub(super) fn parse(text: &str, start: usize) -> Result<Part, String> {
    let mut parser = Parser {
        text: text.chars().collect(),
        at: 0,
        start,
        program: Vec::new(),
    };
    parser.sequence(0)?;
    let literal: Option<String> = parser
        .program
        .iter()
        .map(|it| match it {
            Instruction::One(c) => Some(*c),
            _ => None,
        })
        .collect();
    match literal {
        Some(name) if name == ".." => Err(format!(
            "\"..\" at {start} could leave the directory that was meant"
        )),
        Some(name) if name.contains('\0') => Err(format!("the name at {start} contains a NUL")),
        // An escaped dot is a dot, and that is no name.
        Some(name) if name == "." => Err(format!("\".\" at {start} is no name")),
        Some(name) => Ok(Part::Literal(name)),
        None => Ok(Part::Pattern(NamePattern(parser.program))),
    }
}

struct Parser {
    text: Vec<char>,
    at: usize,
    start: usize,
    program: Vec<Instruction>,
}

impl Parser {
    fn take(&mut self) -> Option<char> {
        let c = self.text.get(self.at).copied()?;
        self.at += 1;
        Some(c)
    }

    /// Until the end or, within braces, until what ends an alternative, which stays.
    fn sequence(&mut self, depth: usize) -> Result<(), String> {
        while let Some(c) = self.text.get(self.at).copied() {
            if depth > 0 && matches!(c, ',' | '}') {
                return Ok(());
            }
            let position = self.start + self.at;
            self.at += 1;
            match c {
                '*' if self.text.get(self.at) == Some(&'*') => {
                    return Err(format!("\"**\" at {position} is not a whole name"));
                }
                '*' => {
                    let fork = self.program.len();
                    self.program.push(Instruction::Fork(fork + 1, fork + 3));
                    self.program.push(Instruction::Any);
                    self.program.push(Instruction::Jump(fork));
                }
                '?' => self.program.push(Instruction::Any),
                '[' => self.class(position)?,
                '{' if depth == DEEPEST => {
                    return Err(format!("\"{{\" at {position} is nested too deep"));
                }
                '{' => self.alternatives(position, depth + 1)?,
                '\\' => match self.take() {
                    Some(c) => self.program.push(Instruction::One(c)),
                    None => return Err(format!("\"\\\" at {position} escapes nothing")),
                },
                '}' => return Err(format!("\"}}\" at {position} ends nothing")),
                c => self.program.push(Instruction::One(c)),
            }
        }
        Ok(())
    }

    /// Each alternative is `Fork(it, the next one)`, itself, and a jump to the end.
    fn alternatives(&mut self, position: usize, depth: usize) -> Result<(), String> {
        let mut jumps = Vec::new();
        loop {
            let fork = self.program.len();
            self.program.push(Instruction::Jump(fork + 1));
            self.sequence(depth)?;
            jumps.push(self.program.len());
            self.program.push(Instruction::Jump(0));
            match self.take() {
                Some(',') => {
                    self.program[fork] = Instruction::Fork(fork + 1, self.program.len());
                }
                Some(_) => break,
                None => return Err(format!("\"{{\" at {position} has no end")),
            }
        }
        let end = self.program.len();
        for jump in jumps {
            self.program[jump] = Instruction::Jump(end);
        }
        Ok(())
    }

    fn class(&mut self, position: usize) -> Result<(), String> {
        let endless = || format!("\"[\" at {position} has no end");
        let negated = matches!(self.text.get(self.at), Some('!' | '^'));
        self.at += usize::from(negated);
        let mut ranges = Vec::new();
        loop {
            let here = self.start + self.at;
            let low = match self.take().ok_or_else(endless)? {
                // As in every shell, the first character may be the bracket itself.
                ']' if !ranges.is_empty() => break,
                '\\' => self.take().ok_or_else(endless)?,
                c => c,
            };
            let is_range = self.text.get(self.at) == Some(&'-')
                && self.text.get(self.at + 1).is_some_and(|c| *c != ']');
            if !is_range {
                ranges.push((low, low));
                continue;
            }
            self.at += 1;
            let high = match self.take().ok_or_else(endless)? {
                '\\' => self.take().ok_or_else(endless)?,
                c => c,
            };
            if high < low {
                return Err(format!("the range at {here} runs backwards"));
            }
            ranges.push((low, high));
        }
        self.program.push(Instruction::Class { ranges, negated });
        Ok(())
    }
}
