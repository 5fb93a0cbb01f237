#!/usr/bin/env node
import { nodeComplaint } from './node-version.js'

const complaint = nodeComplaint()
if (complaint === undefined) {
  await import('./cli.js')
} else {
  console.error(`dareplane: ${complaint}`)
  process.exitCode = 1
}
