/**
 * What rings are made of: memory that threads share. In a page that is not cross-origin isolated there is none; there a ring is
 * plain memory of the one thread that has it.
 */
export const SharedMemory: SharedArrayBufferConstructor =
  (globalThis as { SharedArrayBuffer?: SharedArrayBufferConstructor }).SharedArrayBuffer ??
  (ArrayBuffer as unknown as SharedArrayBufferConstructor)
