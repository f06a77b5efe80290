//! A pattern as the steps of a machine.

use usql_sema::regex::{Node, Pattern, Position};

use super::units::Units;

/// How many steps a program may have. Counted repetition does not multiply them.
const MAX_STEPS: usize = 100_000;

/// A step. Places are positions in the list of steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// One code unit.
    Unit(u16),
    /// One code unit of a set, by its place in the list of sets.
    Units(usize),
    /// Any code unit.
    Any,
    /// So many code units of a set (none: of all), as many as possible or as few.
    Many {
        units: Option<usize>,
        least: usize,
        most: usize,
        lazy: bool,
    },
    At(Position),
    /// Goes on here; if that fails, there.
    Either(usize),
    Jump(usize),
    Open(usize),
    Close(usize),
    /// Begins a repetition, by the place of its count.
    Begin(usize),
    /// Repeats what is behind this step, or goes on behind the repetition.
    Again {
        count: usize,
        least: usize,
        most: usize,
        lazy: bool,
        exit: usize,
    },
    /// What a group captured.
    Captured {
        group: usize,
        any_case: bool,
    },
    /// Begins what is matched as if it stood alone, up to its end; if it fails, or succeeds where it should not, goes on
    /// there.
    Alone {
        kind: Alone,
        exit: usize,
    },
    /// The end of what stands alone.
    Done,
    Match,
}

/// What becomes of what is matched alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alone {
    Atomic,
    Look,
    NotLook,
}

#[derive(Debug)]
pub(super) struct Program {
    /// Each with whether it goes from the end to the start, as in a lookbehind.
    pub(super) steps: Vec<(Step, bool)>,
    pub(super) sets: Vec<Units>,
    pub(super) word: Units,
    pub(super) groups: usize,
    pub(super) counts: usize,
    /// What a match can begin with: code units below 128, a bit for each, and whether others. None: with nothing.
    pub(super) first: Option<(u128, bool)>,
    /// Whether a match can only begin where the text does.
    pub(super) is_anchored: bool,
}

struct Compiler {
    program: Program,
    /// The number of each group, by how many open before it.
    numbers: Vec<usize>,
    backwards: bool,
}

impl Program {
    /// None if it would be too large.
    pub(super) fn of(pattern: &Pattern) -> Option<Self> {
        let mut numbers = vec![0; pattern.groups.len()];
        for (number, group) in pattern.groups.iter().enumerate() {
            numbers[group.opened] = number;
        }
        let mut compiler = Compiler {
            program: Self {
                steps: Vec::new(),
                sets: Vec::new(),
                word: Units::word(),
                groups: numbers.len(),
                counts: 0,
                first: None,
                is_anchored: starts_at_start(&pattern.root),
            },
            numbers,
            backwards: false,
        };
        compiler.node(&pattern.root)?;
        compiler.push(Step::Match)?;
        let mut program = compiler.program;
        program.first = program.first(&pattern.root);
        Some(program)
    }

    /// What a node can begin with, if it is never empty.
    fn first(&self, node: &Node) -> Option<(u128, bool)> {
        let union = |a: (u128, bool), b: (u128, bool)| (a.0 | b.0, a.1 || b.1);
        match node {
            Node::Unit {
                unit,
                any_case: false,
            } if *unit < 128 => Some((1 << unit, false)),
            Node::Unit {
                any_case: false, ..
            } => Some((0, true)),
            Node::Unit {
                unit,
                any_case: true,
            } => Some(Units::in_any_case(*unit).summary()),
            Node::Set(set) => Some(Units::of(set).summary()),
            Node::Any { .. } => None,
            Node::Sequence(nodes) => nodes
                .iter()
                .find(|node| !matches!(node, Node::At(_) | Node::Look { .. }))
                .and_then(|node| self.first(node)),
            Node::Choice(nodes) => {
                let mut firsts = nodes.iter().map(|node| self.first(node));
                let start = firsts.next()??;
                firsts.try_fold(start, |all, next| Some(union(all, next?)))
            }
            Node::Repeat { node, least, .. } if *least > 0 => self.first(node),
            Node::Capture { node, .. } | Node::Atomic(node) => self.first(node),
            Node::Repeat { .. } | Node::At(_) | Node::Look { .. } | Node::Again { .. } => None,
        }
    }
}

fn starts_at_start(node: &Node) -> bool {
    match node {
        Node::At(Position::Start) => true,
        Node::Sequence(nodes) => nodes.first().is_some_and(starts_at_start),
        Node::Choice(nodes) => nodes.iter().all(starts_at_start),
        Node::Capture { node, .. } | Node::Atomic(node) => starts_at_start(node),
        _ => false,
    }
}

impl Compiler {
    fn push(&mut self, step: Step) -> Option<usize> {
        let place = self.program.steps.len();
        if place >= MAX_STEPS {
            return None;
        }
        self.program.steps.push((step, self.backwards));
        Some(place)
    }

    fn here(&self) -> usize {
        self.program.steps.len()
    }

    fn set(&mut self, units: Units) -> usize {
        let sets = &mut self.program.sets;
        sets.iter()
            .position(|known| *known == units)
            .unwrap_or_else(|| {
                sets.push(units);
                sets.len() - 1
            })
    }

    fn node(&mut self, node: &Node) -> Option<()> {
        if let Some(step) = self.single(node) {
            self.push(step)?;
            return Some(());
        }
        match node {
            Node::At(position) => {
                self.push(Step::At(*position))?;
            }
            Node::Sequence(nodes) if self.backwards => {
                nodes.iter().rev().try_for_each(|node| self.node(node))?;
            }
            Node::Sequence(nodes) => nodes.iter().try_for_each(|node| self.node(node))?,
            Node::Choice(nodes) => self.choice(nodes)?,
            Node::Repeat {
                node,
                least,
                most,
                lazy,
            } => {
                let (least, most) = (
                    *least as usize,
                    most.map_or(usize::MAX, |most| most as usize),
                );
                self.repeat(node, least, most, *lazy)?;
            }
            Node::Capture { opened, node } => {
                let number = self.numbers[*opened];
                self.push(Step::Open(number))?;
                self.node(node)?;
                self.push(Step::Close(number))?;
            }
            Node::Atomic(node) => self.alone(node, Alone::Atomic, self.backwards)?,
            Node::Look {
                behind,
                negated: true,
                node,
            } => self.alone(node, Alone::NotLook, *behind)?,
            Node::Look { behind, node, .. } => self.alone(node, Alone::Look, *behind)?,
            Node::Again { opened, any_case } => {
                self.push(Step::Captured {
                    group: self.numbers[*opened],
                    any_case: *any_case,
                })?;
            }
            Node::Unit { .. } | Node::Set(_) | Node::Any { .. } => unreachable!("they are single"),
        }
        Some(())
    }

    /// The step of a node that takes one code unit.
    fn single(&mut self, node: &Node) -> Option<Step> {
        Some(match node {
            Node::Unit {
                unit,
                any_case: true,
            } => {
                let set = Units::in_any_case(*unit);
                match set == Units::of(&of_one(*unit)) {
                    true => Step::Unit(*unit),
                    false => Step::Units(self.set(set)),
                }
            }
            Node::Unit { unit, .. } => Step::Unit(*unit),
            Node::Set(set) => Step::Units(self.set(Units::of(set))),
            Node::Any { line_feed: true } => Step::Any,
            Node::Any { .. } => Step::Units(self.set(Units::line())),
            _ => return None,
        })
    }

    fn choice(&mut self, nodes: &[Node]) -> Option<()> {
        let mut ends = Vec::new();
        for (position, node) in nodes.iter().enumerate() {
            let is_last = position + 1 == nodes.len();
            let either = if is_last {
                None
            } else {
                Some(self.push(Step::Either(0))?)
            };
            self.node(node)?;
            if let Some(either) = either {
                ends.push(self.push(Step::Jump(0))?);
                self.program.steps[either].0 = Step::Either(self.here());
            }
        }
        let here = self.here();
        for end in ends {
            self.program.steps[end].0 = Step::Jump(here);
        }
        Some(())
    }

    fn repeat(&mut self, node: &Node, least: usize, most: usize, lazy: bool) -> Option<()> {
        let units = match self.single(node) {
            Some(Step::Any) => Some(None),
            Some(Step::Units(set)) => Some(Some(set)),
            Some(Step::Unit(unit)) => Some(Some(self.set(Units::of(&of_one(unit))))),
            _ => None,
        };
        if let Some(units) = units {
            self.push(Step::Many {
                units,
                least,
                most,
                lazy,
            })?;
            return Some(());
        }
        let count = self.program.counts;
        self.program.counts += 1;
        self.push(Step::Begin(count))?;
        let test = self.push(Step::Done)?;
        self.node(node)?;
        self.push(Step::Jump(test))?;
        self.program.steps[test].0 = Step::Again {
            count,
            least,
            most,
            lazy,
            exit: self.here(),
        };
        Some(())
    }

    fn alone(&mut self, node: &Node, kind: Alone, backwards: bool) -> Option<()> {
        let begin = self.push(Step::Done)?;
        let around = std::mem::replace(&mut self.backwards, backwards);
        self.node(node)?;
        self.backwards = around;
        self.push(Step::Done)?;
        let exit = self.here();
        self.program.steps[begin].0 = Step::Alone { kind, exit };
        Some(())
    }
}

fn of_one(unit: u16) -> usql_sema::regex::Set {
    usql_sema::regex::Set {
        is_negated: false,
        ranges: vec![(unit, unit)],
        kinds: Vec::new(),
        without: None,
        any_case: false,
    }
}
