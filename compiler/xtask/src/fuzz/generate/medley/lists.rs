//! Linked structures: `Option<Box<Node>>` walked by `&mut`, `Option<&mut T>` taken, reborrowed and given up.

use super::Medley;

pub const LISTS: Medley = Medley {
    declarations: &[
        "let mut list = Node::chain(3);",
        "let mut spare = Some(Box::new(Node::chain(@i % 3)));",
        "let mut at: &mut Node = &mut list;",
        "let mut slot: Option<&mut i32> = None;",
    ],
    operations: &[
        "at.value += @i;",
        "while let Some(next) = at.next.as_deref_mut() { next.value += 1; at = next; }",
        "while at.next.is_some() { at = at.next.as_deref_mut().unwrap(); }",
        "if let Some(next) = at.next_mut() { at = next; }",
        "if let Some(ref mut next) = at.next { next.value += @i; at = next; }",
        "match &mut at.next { Some(next) => at = next, None => println!(\"end\") }",
        "match at.next { Some(ref mut next) if next.value > @i => at = next, _ => {} }",
        "at = at.last();",
        "at.last().value = @i;",
        "at.last().next = Some(Box::new(Node { value: @i, next: None }));",
        "at.next = None;",
        "at.next = spare.take();",
        "at.next = spare;",
        "spare = at.next.take();",
        "let rest = at.next; println!(\"{}\", rest.is_some());",
        "if let Some(next) = at.next.take() { at.next = next.next; }",
        "slot = Some(&mut at.value);",
        "slot = at.next.as_mut().map(|next| &mut next.value);",
        "if let Some(value) = slot.as_mut() { **value += @i; }",
        "if let Some(value) = slot.take() { *value += @i; }",
        "if let Some(value) = slot { *value += @i; }",
        "if let Some(value) = &mut slot { **value -= 1; }",
        "println!(\"{:?}\", slot.as_deref());",
        "at = &mut list;",
        "println!(\"{}\", list.sum());",
        "println!(\"{}\", at.sum());",
        "println!(\"{:?}\", spare.as_ref().map(|node| node.sum()));",
        "let Node { value, next } = at; *value += 1; *next = None;",
    ],
    uses: &[
        "println!(\"{}\", at.value);",
        "println!(\"{}\", list.sum());",
        "println!(\"{slot:?}\");",
        "println!(\"{}\", spare.is_some());",
    ],
};
