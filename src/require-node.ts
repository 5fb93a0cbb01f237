// Imported first by what is imported from outside: an old version of Node is named before anything else fails on it.
import { nodeComplaint } from './node-version.js'

const complaint = nodeComplaint()
if (complaint !== undefined) throw new Error(complaint)
