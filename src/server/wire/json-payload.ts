import { readPythonJson } from '../../python/json.js'
import { readFlatJson } from './flat-json.js'
import { MAX_JSON_DEPTH } from './json-scanner.js'

/** Keyword arguments from the wire: an object without a prototype, as is every object in it. */
export type Kwargs = Record<string, unknown>

export type PayloadResult = { readonly kwargs: Kwargs } | { readonly reason: string }

class Refused extends Error {}

/** Reads a payload into keyword arguments, or says why not. Python's `NaN` and `Infinity` are accepted. Never throws. */
export function parsePayload(text: string): PayloadResult {
  const flat = readFlatJson(text)
  if (flat) return { kwargs: flat }
  try {
    const value = plain(readPythonJson(text), 0)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { kwargs: value as Kwargs }
    return { reason: 'the payload is not a JSON object' }
  } catch (error) {
    if (error instanceof Refused) return { reason: error.message }
    return { reason: `the payload is not valid JSON: ${(error as Error).message}` }
  }
}

function plain(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MAX_JSON_DEPTH) throw new Refused(`the payload is nested deeper than ${MAX_JSON_DEPTH}`)
  if (Array.isArray(value)) return value.map(item => plain(item, depth + 1))
  const result = Object.create(null) as Kwargs
  for (const key of Object.keys(value)) {
    const item = (value as Kwargs)[key]
    if (key === '__proto__' || (key === 'constructor' && hasPrototypeKey(item))) {
      throw new Refused(`the payload has the forbidden key ${key}`)
    }
    result[key] = plain(item, depth + 1)
  }
  return result
}

function hasPrototypeKey(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype')
}
