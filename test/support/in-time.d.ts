export declare function inTime(
  t: { ok(value: boolean, message: string): boolean },
  what: string,
  tookMs: number,
  promisedMs: number,
): boolean
