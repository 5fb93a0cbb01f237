/*
 * Our sender numbers its records, for a receiver that confirms them: their JSON begins with the number, and Python's receiver
 * ignores it. A program's own fields stand behind the `name` that every record of a logger begins with, whatever they are called:
 * none of them can be taken for the number.
 */

/** Who sends a record, and which of his it is. */
export type Delivery = readonly [sender: string, number: number]

/** The number as the source of a pattern, behind the brace: captures the sender and the number. */
export const NUMBERED = String.raw`"dareplaneDelivery":\["([\w \-]{1,64})",(0|[1-9]\d{0,14})\],`
const BEGIN = new RegExp(`^{${NUMBERED}`)

/** The JSON of a record with its number. */
export function numbered(json: string, [sender, number]: Delivery): string {
  return `{"dareplaneDelivery":${JSON.stringify([sender, number])},${json.slice(1)}`
}

/** The number of a record, if it has one, and its JSON without it. */
export function withoutNumber(json: string): { readonly json: string; readonly delivery?: Delivery } {
  const found = BEGIN.exec(json)
  if (found === null) return { json }
  const [begin, sender = '', number] = found
  return { json: `{${json.slice(begin.length)}`, delivery: [sender, Number(number)] }
}
