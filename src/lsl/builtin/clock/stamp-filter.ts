/** What happens to each stamp on its way in, in order of arrival. */
export interface StampFilter {
  apply(stamp: number): number
}

/** Stamps as they were sent. */
export const RAW_STAMPS: StampFilter = { apply: stamp => stamp }
