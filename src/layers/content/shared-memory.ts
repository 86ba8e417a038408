/** Shared memory that keeps its bytes when it grows, or that nobody uses then. */
export interface SharedMemory {
  /** Another one after each growth. */
  readonly buffer: SharedArrayBuffer;
  /** By at least so many bytes. */
  grow(bytes: number): void;
}

/** What WebAssembly counts its memory in. */
const pageSize = 64 * 1024;
/** 4 GiB, as many as there can be; Node has no larger buffers either. */
const mostPages = 65_536;

/**
 * Memory of WebAssembly grows where it is. Other shared memory is made anew, alongside what it was before until that is
 * collected: for processes that are not allowed the address space which WebAssembly reserves (`ulimit -v`).
 */
export function sharedMemory(size: number): SharedMemory {
  try {
    return growingInPlace(size);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return madeAnew(size);
  }
}

function growingInPlace(size: number): SharedMemory {
  const initial = Math.ceil(size / pageSize);
  const memory = new WebAssembly.Memory({ initial, maximum: mostPages, shared: true });
  return {
    get buffer() {
      return memory.buffer;
    },
    grow: (bytes) => {
      memory.grow(Math.ceil(bytes / pageSize));
    },
  };
}

/** Growing by little would waste much. Exported for tests. */
export function madeAnew(size: number): SharedMemory {
  let buffer = new SharedArrayBuffer(size);
  return {
    get buffer() {
      return buffer;
    },
    grow: (bytes) => {
      buffer = new SharedArrayBuffer(Math.max(buffer.byteLength + bytes, 2 * buffer.byteLength));
    },
  };
}
