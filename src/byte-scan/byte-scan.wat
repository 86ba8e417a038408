;; Looks at 16 bytes at once for places where something may begin; JavaScript looks closer at what is found.
;; It looks at a window of bytes in its memory, where files are read to or copied to, and writes findings as 32-bit
;; offsets into the window, ascending. `npm run generate` assembles this file to binary.ts.
(module
  ;; Tables, a window of 128 KiB with a margin behind it, room for a finding at each of its bytes, and 8 MiB for files.
  (memory (export "memory") 141)

  ;; Nibble tables: 16 bytes each for the low and the high half of the first, second and third byte.
  (global $tables (export "tables") i32 (i32.const 0))
  (global $window (export "window") i32 (i32.const 65536))
  (global $findings (export "findings") i32 (i32.const 262144))
  (global $place (export "place") i32 (i32.const 851968))

  ;; For .eh_frame: how long each usual instruction is, and what common information describes, 16 bytes for each: where it
  ;; begins in the table, the size of the frame, registers as bits, and whether there is augmentation data.
  (global $lengths (export "lengths") i32 (i32.const 256))
  (global $commons (export "commons") i32 (i32.const 1024))
  (global $stopped (export "stopped") (mut i32) (i32.const 0))

  ;; Writes $at plus the place of each set bit to $out, and returns where the next finding goes.
  (func $write (param $at i32) (param $bits i32) (param $out i32) (result i32)
    (loop $next
      (if (local.get $bits)
        (then
          (i32.store (local.get $out) (i32.add (local.get $at) (i32.ctz (local.get $bits))))
          (local.set $out (i32.add (local.get $out) (i32.const 4)))
          (local.set $bits (i32.and (local.get $bits) (i32.sub (local.get $bits) (i32.const 1))))
          (br $next))))
    (local.get $out))

  ;; Where three bytes may begin a pattern, in the $size bytes of a window. Returns how many places were found.
  ;; Bit n of a lane of $found: the three bytes from that lane on may begin the pattern n.
  (func (export "triples") (param $window i32) (param $size i32) (result i32)
    (local $at i32) (local $end i32) (local $out i32) (local $found v128)
    (local $first v128) (local $second v128) (local $third v128) (local $low v128)
    (local $firstLow v128) (local $firstHigh v128)
    (local $secondLow v128) (local $secondHigh v128)
    (local $thirdLow v128) (local $thirdHigh v128)
    (local.set $low (i8x16.splat (i32.const 0x0f)))
    (local.set $firstLow (v128.load offset=0 (global.get $tables)))
    (local.set $firstHigh (v128.load offset=16 (global.get $tables)))
    (local.set $secondLow (v128.load offset=32 (global.get $tables)))
    (local.set $secondHigh (v128.load offset=48 (global.get $tables)))
    (local.set $thirdLow (v128.load offset=64 (global.get $tables)))
    (local.set $thirdHigh (v128.load offset=80 (global.get $tables)))
    (local.set $at (local.get $window))
    (local.set $end (i32.add (local.get $window) (local.get $size)))
    (local.set $out (global.get $findings))
    (loop $blocks
      (if (i32.lt_u (local.get $at) (local.get $end))
        (then
          (local.set $first (v128.load (local.get $at)))
          (local.set $second (v128.load offset=1 (local.get $at)))
          (local.set $third (v128.load offset=2 (local.get $at)))
          (local.set $found
            (v128.and
              (v128.and
                (v128.and
                  (i8x16.swizzle (local.get $firstLow) (v128.and (local.get $first) (local.get $low)))
                  (i8x16.swizzle (local.get $firstHigh) (i8x16.shr_u (local.get $first) (i32.const 4))))
                (v128.and
                  (i8x16.swizzle (local.get $secondLow) (v128.and (local.get $second) (local.get $low)))
                  (i8x16.swizzle (local.get $secondHigh) (i8x16.shr_u (local.get $second) (i32.const 4)))))
              (v128.and
                (i8x16.swizzle (local.get $thirdLow) (v128.and (local.get $third) (local.get $low)))
                (i8x16.swizzle (local.get $thirdHigh) (i8x16.shr_u (local.get $third) (i32.const 4))))))
          (if (v128.any_true (local.get $found))
            (then
              (local.set $out
                (call $write
                  (i32.sub (local.get $at) (local.get $window))
                  (i8x16.bitmask (i8x16.ne (local.get $found) (v128.const i64x2 0 0)))
                  (local.get $out)))))
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $blocks))))
    (i32.shr_u (i32.sub (local.get $out) (global.get $findings)) (i32.const 2)))

  ;; x86: where one of the $size bytes of a window may begin a branch: through a slot (ff 15, ff 25) that lies from $leastSlot to
  ;; $mostSlot, counted in bytes from the window, and where $straight is 0xff, straight (e8, e9) to what lies from $least
  ;; to $most; else it is 0. Returns how many places were found.
  (func (export "branches") (param $window i32) (param $size i32) (param $straight i32)
    (param $least f64) (param $most f64) (param $leastSlot f64) (param $mostSlot f64) (result i32)
    (local $at i32) (local $end i32) (local $out i32) (local $bytes v128) (local $found v128) (local $bits i32)
    (local $place i32) (local $behind i32) (local $target i64) (local $lowest i64) (local $highest i64)
    (local $lowestSlot i64) (local $highestSlot i64) (local $indirect i32)
    (local.set $lowest (i64.trunc_sat_f64_s (local.get $least)))
    (local.set $highest (i64.trunc_sat_f64_s (local.get $most)))
    (local.set $lowestSlot (i64.trunc_sat_f64_s (local.get $leastSlot)))
    (local.set $highestSlot (i64.trunc_sat_f64_s (local.get $mostSlot)))
    (local.set $at (local.get $window))
    (local.set $end (i32.add (local.get $window) (local.get $size)))
    (local.set $out (global.get $findings))
    (loop $blocks
      (if (i32.lt_u (local.get $at) (local.get $end))
        (then
          (local.set $bytes (v128.load (local.get $at)))
          (local.set $found
            (v128.or
              (v128.and
                (i8x16.eq (v128.and (local.get $bytes) (i8x16.splat (i32.const 0xfe))) (i8x16.splat (i32.const 0xe8)))
                (i8x16.splat (local.get $straight)))
              (v128.and
                (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0xff)))
                (i8x16.eq
                  (v128.and (v128.load offset=1 (local.get $at)) (i8x16.splat (i32.const 0xcf)))
                  (i8x16.splat (i32.const 0x05))))))
          (local.set $bits (i8x16.bitmask (local.get $found)))
          (loop $places
            (if (local.get $bits)
              (then
                (local.set $place (i32.add (local.get $at) (i32.ctz (local.get $bits))))
                (local.set $bits (i32.and (local.get $bits) (i32.sub (local.get $bits) (i32.const 1))))
                ;; The displacement counts from the end of the instruction, which has one byte more with ff.
                (local.set $indirect (i32.eq (i32.load8_u (local.get $place)) (i32.const 0xff)))
                (local.set $behind (i32.add (local.get $place) (i32.add (i32.const 5) (local.get $indirect))))
                (local.set $place (i32.sub (local.get $place) (local.get $window)))
                (local.set $target
                  (i64.add
                    (i64.load32_s (i32.sub (local.get $behind) (i32.const 4)))
                    (i64.extend_i32_u (i32.sub (local.get $behind) (local.get $window)))))
                (if
                  (i32.and
                    (i64.ge_s (local.get $target)
                      (select (local.get $lowestSlot) (local.get $lowest) (local.get $indirect)))
                    (i64.le_s (local.get $target)
                      (select (local.get $highestSlot) (local.get $highest) (local.get $indirect))))
                  (then
                    (i32.store (local.get $out) (local.get $place))
                    (local.set $out (i32.add (local.get $out) (i32.const 4)))))
                (br $places))))
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $blocks))))
    (i32.shr_u (i32.sub (local.get $out) (global.get $findings)) (i32.const 2)))

  ;; .eh_frame, little-endian: reads descriptions from offset $at of the table on that refer to one of $count common
  ;; informations and hold nothing but 32-bit pointers and usual instructions, and writes at most $room of them to the
  ;; findings, 8 words each: where its pointer lies, that pointer, the size of the code, that of its frame, registers, which
  ;; common information, and where its instructions begin and end. Returns how many there were; the record that comes next
  ;; begins at $stopped. All that it reads lies before $limit, an offset as well.
  (func (export "descriptions") (param $table i32) (param $at i32) (param $limit i32) (param $count i32) (param $room i32)
    (result i32)
    (local $record i32) (local $tableEnd i32) (local $end i32) (local $next i32) (local $program i32) (local $found i32)
    (local $id i32) (local $common i32) (local $commonsEnd i32) (local $opcode i32) (local $length i32) (local $out i32)
    (local $operand i32) (local $last i32) (local $size i32) (local $bases i32) (local $entry i32) (local $entered i32)
    (local.set $record (i32.add (local.get $table) (local.get $at)))
    (local.set $tableEnd (i32.add (local.get $table) (local.get $limit)))
    (local.set $commonsEnd (i32.add (global.get $commons) (i32.shl (local.get $count) (i32.const 4))))
    (local.set $common (global.get $commons))
    (local.set $out (global.get $findings))
    (block $done
      (br_if $done (i32.eqz (local.get $count)))
      (loop $records
        (br_if $done (i32.ge_u (local.get $found) (local.get $room)))
        ;; Room for a pointer, a size and the length of augmentation data: less is not usual.
        (br_if $done (i32.lt_u (i32.sub (local.get $tableEnd) (local.get $record)) (i32.const 17)))
        (local.set $length (i32.load (local.get $record)))
        (br_if $done (i32.lt_u (local.get $length) (i32.const 13)))
        (br_if $done
          (i32.gt_u
            (local.get $length)
            (i32.sub (i32.sub (local.get $tableEnd) (local.get $record)) (i32.const 4))))
        (local.set $end (i32.add (i32.add (local.get $record) (local.get $length)) (i32.const 4)))

        ;; Which common information, nearly always that of the record before.
        (local.set $id (i32.load offset=4 (local.get $record)))
        (br_if $done (i32.eqz (local.get $id)))
        (local.set $id
          (i32.sub
            (i32.sub (i32.add (local.get $record) (i32.const 4)) (local.get $table))
            (local.get $id)))
        (if (i32.ne (i32.load (local.get $common)) (local.get $id))
          (then
            (local.set $common (global.get $commons))
            (loop $search
              (br_if $done (i32.ge_u (local.get $common) (local.get $commonsEnd)))
              (if (i32.ne (i32.load (local.get $common)) (local.get $id))
                (then
                  (local.set $common (i32.add (local.get $common) (i32.const 16)))
                  (br $search))))))

        (local.set $next (i32.add (local.get $record) (i32.const 16)))
        (if (i32.load offset=12 (local.get $common))
          (then
            (local.set $length (i32.load8_u offset=16 (local.get $record)))
            (br_if $done (i32.ge_u (local.get $length) (i32.const 0x80)))
            (local.set $next (i32.add (i32.add (local.get $next) (local.get $length)) (i32.const 1)))
            (br_if $done (i32.gt_u (local.get $next) (local.get $end)))))
        (local.set $program (local.get $next))
        (local.set $size (i32.load offset=4 (local.get $common)))
        (local.set $bases (i32.load offset=8 (local.get $common)))
        (local.set $entry (local.get $size))
        (local.set $entered (i32.const 0))

        (block $read
          (loop $instructions
            (br_if $read (i32.ge_u (local.get $next) (local.get $end)))
            (local.set $opcode (i32.load8_u (local.get $next)))
            (local.set $length (i32.load8_u (i32.add (global.get $lengths) (local.get $opcode))))
            (br_if $done (i32.eqz (local.get $length)))
            (br_if $done (i32.gt_u (local.get $length) (i32.sub (local.get $end) (local.get $next))))
            ;; advance_loc ends the row in which the code is entered, as advance_loc1 and advance_loc2 do.
            (if (i32.eq (i32.and (local.get $opcode) (i32.const 0xc0)) (i32.const 0x40))
              (then (local.set $entered (i32.const 1))))
            (if (i32.eq (i32.and (local.get $opcode) (i32.const 0xfe)) (i32.const 0x02))
              (then (local.set $entered (i32.const 1)))
              (else
                (if (i32.gt_u (local.get $length) (i32.const 1))
                  (then
                    (local.set $operand (i32.load8_u offset=1 (local.get $next)))
                    (local.set $last
                      (i32.load8_u (i32.sub (i32.add (local.get $next) (local.get $length)) (i32.const 1))))
                    (if (i32.ge_u (i32.or (local.get $operand) (local.get $last)) (i32.const 0x80))
                      (then
                        ;; Only the size of a frame may take two bytes.
                        (br_if $done (i32.ne (local.get $opcode) (i32.const 0x0e)))
                        (local.set $length (i32.const 3))
                        (br_if $done (i32.gt_u (i32.const 3) (i32.sub (local.get $end) (local.get $next))))
                        (br_if $done (i32.ge_u (i32.load8_u offset=2 (local.get $next)) (i32.const 0x80)))
                        (local.set $last
                          (i32.or
                            (i32.and (local.get $operand) (i32.const 0x7f))
                            (i32.shl (i32.load8_u offset=2 (local.get $next)) (i32.const 7))))))
                    ;; def_cfa and def_cfa_register
                    (if (i32.eq (i32.sub (local.get $opcode) (i32.eq (local.get $opcode) (i32.const 0x0d))) (i32.const 0x0c))
                      (then
                        (if (i32.lt_u (local.get $operand) (i32.const 32))
                          (then
                            (local.set $bases
                              (i32.or (local.get $bases) (i32.shl (i32.const 1) (local.get $operand))))))))
                    ;; def_cfa and def_cfa_offset
                    (if (i32.eq (i32.and (local.get $opcode) (i32.const 0xfd)) (i32.const 0x0c))
                      (then
                        (if (i32.gt_s (local.get $last) (local.get $size))
                          (then (local.set $size (local.get $last))))
                        (if (i32.eqz (local.get $entered))
                          (then (local.set $entry (local.get $last))))))))))
            (local.set $next (i32.add (local.get $next) (local.get $length)))
            (br $instructions)))

        ;; What is there where the code is entered, beyond what a call leaves, is not its own.
        (if (i32.gt_s (local.get $entry) (i32.load offset=4 (local.get $common)))
          (then
            (local.set $size
              (i32.sub (local.get $size) (i32.sub (local.get $entry) (i32.load offset=4 (local.get $common)))))))
        (i32.store (local.get $out) (i32.sub (i32.add (local.get $record) (i32.const 8)) (local.get $table)))
        (i64.store offset=4 align=4 (local.get $out) (i64.load offset=8 align=1 (local.get $record)))
        (i32.store offset=12 (local.get $out) (local.get $size))
        (i32.store offset=16 (local.get $out) (local.get $bases))
        (i32.store offset=20
          (local.get $out)
          (i32.shr_u (i32.sub (local.get $common) (global.get $commons)) (i32.const 4)))
        (i32.store offset=24 (local.get $out) (i32.sub (local.get $program) (local.get $table)))
        (i32.store offset=28 (local.get $out) (i32.sub (local.get $end) (local.get $table)))
        (local.set $out (i32.add (local.get $out) (i32.const 32)))
        (local.set $found (i32.add (local.get $found) (i32.const 1)))
        (local.set $record (local.get $end))
        (br $records)))
    (global.set $stopped (i32.sub (local.get $record) (local.get $table)))
    (local.get $found))
)
