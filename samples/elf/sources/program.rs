//! A Rust program with a large array on the stack.
use std::hint::black_box;

#[inline(never)]
fn wide(length: usize) -> u8 {
    let mut buffer = [0u8; 20_000];
    black_box(&mut buffer)[length] = 1;
    buffer[length / 2]
}

fn main() {
    let length = std::env::args().count();
    std::process::exit(i32::from(wide(length)));
}
