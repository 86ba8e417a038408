// A program of Rust with C code in it.
use std::ffi::CString;
use std::os::raw::{c_char, c_int};

extern "C" {
    fn work(text: *const c_char, number: c_int) -> c_int;
    fn more_work(text: *const c_char, number: c_int) -> c_int;
}

fn main() {
    for (number, argument) in std::env::args().enumerate() {
        let text = CString::new(argument).unwrap();
        println!("{}", unsafe {
            work(text.as_ptr(), number as c_int) + more_work(text.as_ptr(), number as c_int)
        });
    }
}
